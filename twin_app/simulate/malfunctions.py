"""What each malfunction of a machine does, and when malfunctions begin and end. Those of data are only noted: `telling` obeys them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.simulate import alarms
from twin_app.simulate.events import Cause, Kind
from twin_app.simulate.laws import SECOND_NS
from twin_app.simulate.parts import note
from twin_app.simulate.paths import Code, book, schedule_free
from twin_app.simulate.spec import SIZES, AlarmOn, FaultKind, When
from twin_app.simulate.state import Phase
from twin_app.simulate.stops import micro_stops, release, strike
from twin_app.simulate.wiring import state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twin_app.simulate.spec import Fault
    from twin_app.simulate.state import Machine, Run


def arm(run: Run, number: int, fault: Fault) -> None:
    """Plan a malfunction for its time, or watch for its condition; one with neither waits for a hand."""
    if fault.at_s is not None:
        schedule_free(run, max(round(fault.at_s * SECOND_NS) - run.now, 0), Code.FAULT, number)
    elif fault.when is not None:
        run.armed.append(number)


def watch(run: Run, faults: Sequence[Fault]) -> None:
    """Begin the malfunctions whose condition has come true."""
    for number in [n for n in run.armed if _is_met(run, faults[n])]:
        run.armed.remove(number)
        begin(run, number, faults[number])


def _is_met(run: Run, fault: Fault) -> bool:
    m = run.wiring.by_id[fault.unit]
    if fault.when is When.PARTS:
        return m.made >= fault.reaches
    if fault.when is When.STATE:
        return m.state == state_of(fault.state)
    return sum(len(buffer.queue) for buffer in m.inlets) >= fault.reaches


def begin(run: Run, number: int, fault: Fault) -> None:
    """Begin a malfunction now, and plan its end where it has one."""
    if number in run.active:
        return
    run.active.append(number)
    m = run.wiring.by_id[fault.unit]
    note(run, m, Kind.FAULT, number + 1, Cause.FAULT + number)
    if fault.lasts_s is not None:
        schedule_free(run, round(fault.lasts_s * SECOND_NS), Code.FAULT_END, number)
    if fault.kind in _EFFECTS:
        _EFFECTS[fault.kind][0](run, m, size_of(fault), Cause.FAULT + number)


def end(run: Run, number: int, fault: Fault) -> None:
    """End a malfunction now, where it is active; wear and drift are as if they had never been."""
    if number not in run.active:
        return
    run.active.remove(number)
    m = run.wiring.by_id[fault.unit]
    note(run, m, Kind.FAULT, -(number + 1), Cause.FAULT + number)
    if fault.kind in _EFFECTS:
        _EFFECTS[fault.kind][1](run, m, size_of(fault), Cause.FAULT + number)


def size_of(fault: Fault) -> float:
    """Return how much a malfunction does, in the unit of its kind."""
    return SIZES[fault.kind] if fault.size is None else fault.size


def _stop(run: Run, m: Machine, _size: float, cause: int) -> None:
    alarms.come(run, m, alarms.STRUCK, AlarmOn.STOP, cause)
    strike(run, m, cause)


def _unstop(run: Run, m: Machine, _size: float, cause: int) -> None:
    release(run, m)
    if not m.locked:
        alarms.go(run, m, alarms.STRUCK, cause)


def _short_stops(_run: Run, m: Machine, size: float, _cause: int) -> None:
    micro_stops(m, round(size * SECOND_NS))


def _no_short_stops(_run: Run, m: Machine, _size: float, _cause: int) -> None:
    micro_stops(m, round(m.spec.micro_stop_every_s * SECOND_NS))


def _slower(run: Run, m: Machine, size: float, _cause: int) -> None:
    m.slower, m.slower_from = size, run.now


def _not_slower(_run: Run, m: Machine, _size: float, _cause: int) -> None:
    m.slower = 0.0


def _worse(run: Run, m: Machine, size: float, _cause: int) -> None:
    m.worse, m.worse_from, m.tests = size, run.now, 1


def _not_worse(_run: Run, m: Machine, _size: float, _cause: int) -> None:
    m.worse, m.tests = 0.0, int(m.may_spoil)


def _jam(_run: Run, m: Machine, _size: float, _cause: int) -> None:
    """Nothing comes to the unit any more, and nothing can be put where it would come from."""
    for buffer in m.inlets:
        buffer.jam += 1


def _unjam(run: Run, m: Machine, _size: float, _cause: int) -> None:
    for buffer in m.inlets:
        buffer.jam -= 1
        run.ready.extend(buffer.feeders)
    run.ready.append(m)


def _shortage(_run: Run, m: Machine, _size: float, _cause: int) -> None:
    m.short += 1


def _no_shortage(run: Run, m: Machine, _size: float, _cause: int) -> None:
    m.short -= 1
    if m.phase == Phase.STARVED:
        run.ready.append(m)


def _more_power(run: Run, m: Machine, size: float, _cause: int) -> None:
    book(run, m)
    m.watts_percent = round(100 * (1.0 + size))


def _no_more_power(run: Run, m: Machine, _size: float, _cause: int) -> None:
    book(run, m)
    m.watts_percent = 100


if TYPE_CHECKING:
    Effect = Callable[[Run, Machine, float, int], None]

_EFFECTS: dict[FaultKind, tuple[Effect, Effect]] = {
    FaultKind.STOP: (_stop, _unstop),
    FaultKind.AGV_LOST: (_stop, _unstop),
    FaultKind.SHORT_STOPS: (_short_stops, _no_short_stops),
    FaultKind.CYCLE_DRIFT: (_slower, _not_slower),
    FaultKind.QUALITY_DRIFT: (_worse, _not_worse),
    FaultKind.BUFFER_JAM: (_jam, _unjam),
    FaultKind.SUPPLY_SHORTAGE: (_shortage, _no_shortage),
    FaultKind.ENERGY_RISE: (_more_power, _no_more_power),
}
"""What begins and what ends each malfunction of a machine."""
