"""How parts go through a unit: taken, worked on, handed on, or waited for. Not for stops and repairs: see `stops`.

Blocking is after service: a part that finds no room stays in its unit. A unit that waits for material takes it straight from
the neighbour's hands, so that a buffer of no places is one. Whoever may go on is put among `run.ready`, never called: the depth
of calls does not grow with the line.
"""

from __future__ import annotations

from heapq import heappush
from typing import TYPE_CHECKING

from twin_app.model.packml import State
from twin_app.simulate import quality, vehicles
from twin_app.simulate.events import Cause, Kind
from twin_app.simulate.parts import be_born, leave, note
from twin_app.simulate.paths import Code, Path, enter, schedule, schedule_last, set_interlock, set_phase
from twin_app.simulate.state import NOT_BEGUN, RETURNING, SPOILT, Halt, Phase
from twin_app.simulate.supply import supply, take_away

if TYPE_CHECKING:
    from twin_app.simulate.state import Buffer, Machine, Part, Run

_PART, _EXECUTE, _SUSPENDED = Kind.PART, int(State.EXECUTE), int(State.SUSPENDED)
_RUN, _STARVED, _BLOCKED = Phase.RUN, Phase.STARVED, Phase.BLOCKED
_DONE, _BREAK = Code.DONE, Code.BREAK
_FLOW = Cause.FLOW
_HOUR_NS = 3_600_000_000_000


def proceed(run: Run, m: Machine) -> None:
    """Let a unit that waits, or has come to Execute, go on as far as it can."""
    if m.out and not deliver(run, m):
        return
    left_ns = m.left_ns
    if left_ns == NOT_BEGUN:
        begin(run, m)
    else:
        m.left_ns = NOT_BEGUN
        work(run, m, left_ns)


def begin(run: Run, m: Machine) -> None:
    """Take what the next cycle needs and start it, or wait for it."""
    inlet = m.inlet
    if m.halt:
        halt(run, m)
    elif inlet is not None and not inlet.queue and not m.loaded:
        wait(run, m, _STARVED)
    elif _is_served(run, m):
        start(run, m)
    elif m.halt:
        halt(run, m)
    else:
        wait(run, m, _STARVED)


def _is_served(run: Run, m: Machine) -> bool:
    """Take what the next cycle needs; return whether that is there."""
    if m.is_vehicle:
        return vehicles.seek(m)
    return take(run, m) if m.inlets else bool(m.loaded) or supply(run, m)


def start(run: Run, m: Machine) -> None:
    """Start the cycle for what is loaded, after a changeover or on coming back to Execute where that is needed."""
    if m.state != _EXECUTE:
        rise(run, m)
        return
    loaded = m.loaded
    if m.is_vehicle:
        work(run, m, vehicles.leg_ns(run, m))
        return
    if loaded[0][4] != m.fit and not _take_up(run, m, loaded[0]):
        return
    if len(loaded) > 1:
        loaded[:] = [_merged(run, m, loaded)]
    ahead = m.times.ahead
    lasts: int = ahead.pop() if ahead else m.times.draw_ns()  # type: ignore[assignment] # a law makes whole numbers
    if m.slower:
        lasts = int(lasts * (1.0 + m.slower * ((run.now - m.slower_from) / _HOUR_NS)))
    m.last_cycle = lasts
    work(run, m, lasts)


def _take_up(run: Run, m: Machine, part: Part) -> bool:
    """Begin the order of a part; return whether the unit is set up for it."""
    _, product, _, _, order = part
    if order != m.order:
        m.order = order
        note(run, m, Kind.ORDER, order, Cause.FLOW)
    if product != m.setup and not change_over(run, m, product):
        return False
    m.fit = order
    return True


def work(run: Run, m: Machine, lasts: int) -> None:
    """Work for so many ns, or until the unit breaks down before that."""
    now = run.now
    if m.phase != _RUN:
        m.spent[m.phase] += now - m.phase_since
        m.phase_since = now
        m.phase = _RUN
    margin = m.margin
    if lasts > margin:
        m.left_ns = lasts - margin
        m.margin = 0
        schedule(run, margin, _BREAK, m)
        return
    m.margin = margin - lasts
    run.sequence = sequence = run.sequence + 1
    m.due = due = now + lasts
    heappush(run.heap, (due, sequence, _DONE, m.u, m.ticket))


def done(run: Run, m: Machine) -> None:
    """End a cycle: count, test and hand on what was made, and begin the next one.

    What the line does when all is well is written out here; whatever is unusual goes the long way of the other functions.
    """
    loaded = m.loaded
    if not m.is_plain or (m.tests and not quality.is_fine(m, loaded[0])):
        _done_otherwise(run, m)
        return
    now, part = run.now, loaded.pop()
    m.made += 1
    run.log.append((now, m.u, _PART, part[0], _FLOW))
    if not (m.outlet and _handed_on(run, m.outlet, part)):
        m.out.append(part)
        if not deliver(run, m):
            return
    inlet = m.inlet
    if inlet is None or not inlet.queue or inlet.jam or m.halt:
        begin(run, m)
        return
    loaded.append(inlet.queue.pop(0))
    inlet.queued_ns += now
    feeder = inlet.feeder
    if feeder is None:
        wake(run, inlet)
    elif feeder.phase == _BLOCKED:
        run.ready.append(feeder)
    start(run, m)


def _handed_on(run: Run, outlet: Buffer, part: Part) -> bool:
    """Hand a part to the one unit behind, or put it into the buffer before it; return whether it was as simple as that."""
    taker = outlet.taker
    if taker is None or outlet.jam:
        return False
    if not taker.missing:
        if len(outlet.queue) >= outlet.places:
            return False
        outlet.queue.append(part)
        outlet.queued_ns -= run.now
        return True
    if not taker.is_plain:
        return False
    taker.loaded.append(part)
    taker.missing = 0
    start(run, taker)
    return True


def _done_otherwise(run: Run, m: Machine) -> None:
    """End the cycle of a vehicle, or of a unit that merges or divides parts."""
    if m.is_vehicle and not vehicles.leg_done(run, m):
        begin(run, m)
        return
    parts = m.loaded
    m.loaded = []
    m.made += len(parts)
    for part in parts:
        run.log.append((run.now, m.u, _PART, part[0], _FLOW))
    if m.tests:
        parts = quality.test(run, m, parts)
    m.out = parts if m.is_vehicle else _divided(run, m, parts)
    if not m.out or deliver(run, m):
        begin(run, m)


def deliver(run: Run, m: Machine) -> bool:
    """Hand on what is finished; return whether all of it found room, else the unit is blocked."""
    out = m.out
    while out:
        if not m.outlets:
            gone = take_away(run, m, out[0])
        elif m.outlet is not None:
            gone = push(run, m.outlet, out[0])
        else:
            gone = _send(run, m, out[0])
        if not gone and not m.loses:
            wait(run, m, _BLOCKED)
            return False
        if not gone:
            leave(run, m, out[0], Cause.NO_ROOM)
        del out[0]
    return True


def _send(run: Run, m: Machine, part: Part) -> bool:
    """Hand a part on where there is a choice: to rework, where a vehicle goes, or to whom it helps most."""
    if part[3] & RETURNING:
        part[3] &= ~RETURNING
        if m.rework_outlet is None or not push(run, m.rework_outlet, part):
            leave(run, m, part, Cause.TOO_MUCH)
        return True
    if m.is_vehicle:
        return push(run, run.wiring.destination(m), part)
    outlets = m.outlets
    if len(outlets) == 1:
        return push(run, outlets[0], part)
    turn = m.turn_out % len(outlets)
    outlets = m.rounds_out[turn]
    if not push(run, min(outlets, key=_pressure), part) and not any(push(run, b, part) for b in sorted(outlets, key=_pressure)):
        return False
    m.turn_out = turn + 1
    return True


def _pressure(buffer: Buffer) -> int:
    """Return how little a part is needed behind a buffer: a unit that waits comes first, then the emptiest buffer."""
    return -1 if buffer.taker is not None and buffer.taker.missing else len(buffer.queue)


def push(run: Run, buffer: Buffer, part: Part) -> bool:
    """Put a part into the hands of the unit that waits for it, or into the buffer; return whether there was room."""
    if buffer.jam:
        return False
    taker = buffer.taker
    if taker is not None and taker.missing:
        taker.loaded.append(part)
        taker.missing -= 1
        if not taker.missing:
            run.ready.append(taker)
        return True
    queue = buffer.queue
    if len(queue) >= buffer.places:
        return False
    queue.append(part)
    buffer.queued_ns -= run.now
    if taker is None:
        run.ready.extend(vehicle for vehicle in buffer.takers if vehicle.phase == _STARVED)
    return True


def take(run: Run, m: Machine) -> bool:
    """Take from the buffers what the next cycle needs; return whether that is all of it."""
    m.missing = 0
    loaded, need, inlets = m.loaded, m.need, m.inlets
    if len(inlets) > 1:
        turn = m.turn_in % len(inlets)
        inlets = m.rounds_in[turn]
        m.turn_in = turn + 1
    for buffer in inlets:
        queue = buffer.queue
        if not queue or buffer.jam:
            continue
        lacking = need[loaded[0][1] if loaded else queue[0][1]] - len(loaded)
        taken = queue[:lacking]
        if taken:
            loaded += taken
            del queue[:lacking]
            buffer.queued_ns += run.now * len(taken)
            wake(run, buffer)
    return bool(loaded) and len(loaded) >= need[loaded[0][1]]


def wake(run: Run, buffer: Buffer) -> None:
    """Let the units go on that wait for room in a buffer."""
    for feeder in buffer.feeders:
        if feeder.phase == _BLOCKED:
            run.ready.append(feeder)


def wait(run: Run, m: Machine, phase: int) -> None:
    """Wait for material or for room; after a while the unit says so and is suspended."""
    if m.halt & Halt.CALENDAR:
        halt(run, m)
        return
    before = m.phase
    if before != phase:
        set_phase(run, m, phase)
    if m.state == _EXECUTE:
        if before not in (_STARVED, _BLOCKED):
            _watch(run, m)
    elif m.state == _SUSPENDED:
        _tell_side(run, m)
    if phase == _STARVED and not m.is_vehicle:
        loaded = m.loaded
        m.missing = m.need[loaded[0][1]] - len(loaded) if loaded else 1
        for buffer in m.inlets:
            wake(run, buffer)


def _watch(run: Run, m: Machine) -> None:
    """Begin to wait, and look again after a while."""
    m.waits_from = run.now
    if not m.is_watched:
        m.is_watched = 1
        schedule_last(run, m.suspend_ns, Code.SUSPEND, m.u)


def rise(run: Run, m: Machine) -> None:
    """Come back from Suspended to Execute; one that is still on its way there first arrives."""
    if m.state == _SUSPENDED:
        set_phase(run, m, Phase.ACTING)
        enter(run, m, Path.UNSUSPEND, Cause.FLOW)


def suspend(run: Run, m: Machine) -> None:
    """Say that the unit waits, once that has taken long enough; look again later where it has not."""
    m.is_watched = 0
    if m.state != _EXECUTE or m.phase not in (_STARVED, _BLOCKED):
        return
    due = m.waits_from + m.suspend_ns
    if due > run.now:
        m.is_watched = 1
        schedule_last(run, due - run.now, Code.SUSPEND, m.u)
        return
    _tell_side(run, m)
    enter(run, m, Path.SUSPEND, m.why)


def _tell_side(run: Run, m: Machine) -> None:
    """Tell which neighbour a unit waits for."""
    m.why = Cause.STARVED if m.phase == _STARVED else Cause.BLOCKED
    set_interlock(run, m, m.phase)


def halt(run: Run, m: Machine) -> None:
    """Stop between two cycles: the calendar says so, there is no order, or a vehicle must charge."""
    m.missing = 0
    if m.halt & Halt.CALENDAR:
        set_phase(run, m, Phase.OFF)
        enter(run, m, Path.STOP, Cause.CALENDAR)
    elif m.state != _EXECUTE:
        rise(run, m)
    elif m.halt & Halt.NO_ORDER:
        set_phase(run, m, Phase.OFF)
        m.order = 0
        note(run, m, Kind.ORDER, 0, Cause.NO_ORDER)
        enter(run, m, Path.COMPLETE, Cause.NO_ORDER)
    else:
        set_phase(run, m, Phase.CHARGING)
        enter(run, m, Path.HOLD, Cause.CHARGING)


def change_over(run: Run, m: Machine, product: int) -> bool:
    """Set the unit up for another product; return whether that took no time."""
    lasts = run.wiring.setup_ns(m, product) if m.setup >= 0 else 0
    if lasts:
        set_phase(run, m, Phase.SETUP)
        enter(run, m, Path.CHANGE, Cause.CHANGEOVER)
        return False
    note(run, m, Kind.PRODUCT, product, Cause.START if m.setup < 0 else Cause.CHANGEOVER)
    m.set_up(product)
    return True


def _merged(run: Run, m: Machine, parts: list[Part]) -> Part:
    """Make one part of several; it is bad if one of them is, and of the first one's product."""
    for part in parts:
        leave(run, m, part, Cause.MERGED)
    spoilt = max(part[3] & SPOILT for part in parts)
    return be_born(run, m, [*parts[0][:3], spoilt, parts[0][4]], Cause.MERGED)


def _divided(run: Run, m: Machine, parts: list[Part]) -> list[Part]:
    """Make the pieces that a unit hands on of each part."""
    pieces: list[Part] = []
    for part in parts:
        number = m.pieces[part[1]]
        if number == 1:
            pieces.append(part)
        else:
            leave(run, m, part, Cause.DIVIDED)
            pieces += [be_born(run, m, part, Cause.DIVIDED) for _ in range(number)]
    return pieces
