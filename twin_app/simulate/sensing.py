"""What a unit's instruments show: power, energy, speed, and measurements that follow its work. Not for instruments that lie: see `telling`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.model.packml import State
from twin_app.simulate.events import Kind
from twin_app.simulate.paths import Code, schedule_free

if TYPE_CHECKING:
    from twin_app.simulate.state import Machine, Run

_EXECUTE = int(State.EXECUTE)
_SAMPLE, _POWER, _ENERGY, _SPEED = int(Kind.SAMPLE), int(Kind.POWER), int(Kind.ENERGY), int(Kind.SPEED)
_HUNDREDTHS_NW_PER_W = 100.0
"""Energy is booked in hundredths of a nJ; nJ / ns = W."""
_HUNDREDTHS_NJ_PER_10_MWH = 3.6e12
"""A hundred-thousandth of a kWh, as the counter shows it."""
_MINUTE_NS = 60_000_000_000


def sample(run: Run, m: Machine) -> None:
    """Show all instruments of a unit, and plan the next time."""
    now, u, log = run.now, m.u, run.log
    span = now - m.sampled_at
    book(run, m)
    used = m.joules - m.sampled_joules
    share = (m.worked - m.sampled_worked) / span
    m.sampled_at, m.sampled_joules, m.sampled_worked = now, m.joules, m.worked
    levels = m.levels
    for s, sensor in enumerate(m.spec.sensors):
        level = levels[s]
        level += (sensor.rest + (sensor.running - sensor.rest) * share - level) * m.gain[s]
        levels[s] = level
        shown = level + m.noise[s].draw() * sensor.noise if sensor.noise else level
        log.append((now, u, _SAMPLE, (shown * 1e3 + 0.5) // 1.0 / 1e3, s))
    log.append((now, u, _POWER, (used / span / _HUNDREDTHS_NW_PER_W + 0.5) // 1.0 / 1e3, 0))
    log.append((now, u, _ENERGY, (m.joules / _HUNDREDTHS_NJ_PER_10_MWH + 0.5) // 1.0 / 1e5, 0))
    cycle = m.last_cycle
    speed = _MINUTE_NS / cycle if cycle and m.state == _EXECUTE else 0.0
    log.append((now, u, _SPEED, (speed * 1e2 + 0.5) // 1.0 / 1e2, 0))
    schedule_free(run, m.sample_ns, Code.SAMPLE, u)


def book(run: Run, m: Machine) -> None:
    """Book work and energy of the present state up to now."""
    spent = run.now - m.state_since
    m.joules += m.watts[m.state] * spent * m.watts_percent
    if m.state == _EXECUTE:
        m.worked += spent
    m.state_since = run.now
