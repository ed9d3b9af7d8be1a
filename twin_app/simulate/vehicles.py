"""How driverless vehicles choose, drive, load and charge. Not for handing over what they bring: see `flow`.

A trip has two legs: empty to where parts wait, laden to where they are wanted. Both are work: a vehicle may fail in either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.model.packml import State
from twin_app.simulate.events import Cause, Kind
from twin_app.simulate.laws import SECOND_NS
from twin_app.simulate.parts import note
from twin_app.simulate.state import Halt, Phase

_EXECUTE = int(State.EXECUTE)

if TYPE_CHECKING:
    from twin_app.simulate.spec import Vehicle
    from twin_app.simulate.state import Machine, Run


def seek(m: Machine) -> bool:
    """Find parts to fetch; return whether there is a leg to drive: to them, or with them."""
    if m.loaded:
        return True
    m.origin = -1
    if m.battery_ns < m.low_ns:
        m.halt |= Halt.CHARGE
        return False
    turn = m.turn_in % len(m.inlets) if m.inlets else 0
    for buffer in m.rounds_in[turn] if m.inlets else ():
        if len(buffer.queue) > buffer.booked and not buffer.jam:
            if m.state == _EXECUTE:
                buffer.booked += _vehicle(m).load
                m.origin = buffer.b
                m.turn_in = turn + 1
            return True
    return False


def leg_ns(run: Run, m: Machine) -> int:
    """Return how long the next leg takes, handling included, and let the vehicle depart."""
    wiring = run.wiring
    end = wiring.destination(m).takers[0] if m.loaded else run.buffers[m.origin].feeders[0]
    lasts = wiring.drive_ns(m, end) + m.handling_ns
    note(run, m, Kind.TRIP, end.u, m.place)
    m.battery_ns -= lasts
    m.last_cycle = lasts
    m.place = end.u
    return lasts


def leg_done(run: Run, m: Machine) -> bool:
    """Arrive: load what waits, or return true where the vehicle has come with what it carries."""
    percent = 100.0 * m.battery_ns / m.full_ns
    note(run, m, Kind.BATTERY, round(percent, 2), Cause.FLOW)
    if m.loaded:
        return True
    buffer, load = run.buffers[m.origin], _vehicle(m).load
    buffer.booked -= load
    if buffer.jam or not buffer.queue:
        return False
    m.loaded = buffer.queue[:load]
    del buffer.queue[:load]
    buffer.queued_ns += run.now * len(m.loaded)
    run.ready.extend(feeder for feeder in buffer.feeders if feeder.phase == Phase.BLOCKED)
    return False


def charging_ns(run: Run, m: Machine) -> int:
    """Return how long a vehicle drives home and charges."""
    vehicle = _vehicle(m)
    home = run.wiring.drive_ns(m, m)
    note(run, m, Kind.TRIP, m.u, m.place)
    m.place = m.u
    return home + round(vehicle.charge_s * SECOND_NS * (1.0 - max(m.battery_ns, 0) / m.full_ns))


def charged(run: Run, m: Machine) -> None:
    """Let a vehicle go on with a full battery."""
    m.battery_ns = m.full_ns
    m.halt &= ~Halt.CHARGE
    note(run, m, Kind.BATTERY, 100.0, Cause.CHARGING)


def _vehicle(m: Machine) -> Vehicle:
    """Return the vehicle's specification; only vehicles are asked for it."""
    vehicle = m.spec.vehicle
    assert vehicle is not None  # noqa: S101 - whoever calls has looked
    return vehicle
