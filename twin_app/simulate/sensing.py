"""What a unit's instruments show: power, energy, speed, and measurements that follow its work. Not for instruments that lie: see `telling`."""

from __future__ import annotations

from heapq import heappush
from typing import TYPE_CHECKING

from twin_app.model.packml import State
from twin_app.simulate.events import Kind
from twin_app.simulate.paths import Code, book

if TYPE_CHECKING:
    from twin_app.simulate.state import Machine, Run

_EXECUTE = int(State.EXECUTE)
_SAMPLE, _POWER, _ENERGY, _SPEED = Kind.SAMPLE, Kind.POWER, Kind.ENERGY, Kind.SPEED
_AGAIN = Code.SAMPLE
_HUNDREDTHS_NW_PER_W = 100.0
"""Energy is booked in hundredths of a nJ; nJ / ns = W."""
_HUNDREDTHS_NJ_PER_10_MWH = 3.6e12
"""A hundred-thousandth of a kWh, as the counter shows it."""
_MINUTE_NS = 60_000_000_000


def sample(run: Run, m: Machine) -> None:
    """Show all instruments of a unit, and plan the next time."""
    book(run, m)
    now, u, log = run.now, m.u, run.log
    span, joules = now - m.sampled_at, m.joules
    share = (m.worked - m.sampled_worked) / span
    levels = m.levels
    for s, rest, reach, gain, noise, stream in m.sensors:
        level = levels[s]
        levels[s] = shown = level + (rest + reach * share - level) * gain
        if noise:
            shown += (stream.ahead.pop() if stream.ahead else stream.draw()) * noise
        log.append((now, u, _SAMPLE, (shown * 1e3 + 0.5) // 1.0 / 1e3, s))
    cycle = m.last_cycle
    speed = _MINUTE_NS / cycle if cycle and m.state == _EXECUTE else 0.0
    log += (
        (now, u, _POWER, ((joules - m.sampled_joules) / span / _HUNDREDTHS_NW_PER_W + 0.5) // 1.0 / 1e3, 0),
        (now, u, _ENERGY, (joules / _HUNDREDTHS_NJ_PER_10_MWH + 0.5) // 1.0 / 1e5, 0),
        (now, u, _SPEED, (speed * 1e2 + 0.5) // 1.0 / 1e2, 0),
    )
    m.sampled_at, m.sampled_joules, m.sampled_worked = now, joules, m.worked
    run.sequence = sequence = run.sequence + 1
    heappush(run.heap, (now + m.sample_ns, sequence, _AGAIN, u, 0))
