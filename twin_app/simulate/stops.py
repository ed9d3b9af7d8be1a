"""Why units stand and how they come back: failures, micro-stops, crews, changeovers, malfunctions. Not for waits within the flow: see `flow`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.model.packml import Mode, State
from twin_app.simulate import alarms, flow, vehicles
from twin_app.simulate.events import Cause, Kind
from twin_app.simulate.parts import note
from twin_app.simulate.paths import Code, Path, enter, schedule, set_interlock, set_phase
from twin_app.simulate.spec import AlarmOn
from twin_app.simulate.state import NEVER, Halt, Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.simulate.state import Machine, Run

REPAIR, STOP, SETUP = range(3)
"""What a crew is called for; index into `Machine.crews`."""
_ABORTED, _HELD, _IDLE, _PRODUCTION, _CHANGEOVER = (
    int(n) for n in (State.ABORTED, State.HELD, State.IDLE, Mode.PRODUCTION, Mode.USER_DEFINED)
)
_CALLED_IN = {_ABORTED: REPAIR, _HELD: STOP, _IDLE: SETUP}
_UNTOUCHABLE = frozenset({Phase.DOWN, Phase.HELD, Phase.CHARGING})


def wind_up(m: Machine) -> None:
    """Draw when a unit will next fail and next stop for a moment, in working time from now."""
    m.fail_in = NEVER if m.never_fails else m.failure.draw_ns()
    m.micro_in = _next_micro_stop(m)
    _set_margin(m)


def micro_stops(m: Machine, mean_ns: int) -> None:
    """Let micro-stops come that often from now on, in working time; 0: never."""
    used = m.margin_set - m.margin
    m.fail_in -= used
    m.micro_mean_ns = mean_ns
    m.micro_in = _next_micro_stop(m)
    _set_margin(m)


def _next_micro_stop(m: Machine) -> int:
    mean = m.micro_mean_ns
    return int(m.lapse.draw() * mean) if mean else NEVER


def _set_margin(m: Machine) -> None:
    m.margin = m.margin_set = min(m.fail_in, m.micro_in)


def break_down(run: Run, m: Machine) -> None:
    """Stop in the middle of a cycle, for whichever came due."""
    m.fail_in -= m.margin_set
    m.micro_in -= m.margin_set
    m.margin_set = 0
    if m.fail_in <= 0:
        set_phase(run, m, Phase.DOWN)
        enter(run, m, Path.ABORT, Cause.FAILURE)
    else:
        set_phase(run, m, Phase.HELD)
        enter(run, m, Path.HOLD, Cause.MICRO_STOP)


def strike(run: Run, m: Machine, cause: int) -> None:
    """Stop a unit at once, whatever it is doing, until `release`; one that stands for repair merely stays so."""
    m.locked += 1
    m.by_fault = cause
    if m.phase in _UNTOUCHABLE or m.locked > 1:
        return
    if m.phase == Phase.RUN:
        _interrupt(run, m)
    elif m.phase == Phase.SETUP and m.path == Path.CHANGE:
        dismiss(run, m)
    m.missing = 0
    set_phase(run, m, Phase.DOWN)
    enter(run, m, Path.ABORT, cause)


def _interrupt(run: Run, m: Machine) -> None:
    """Note how much of the cycle is left, and give back the working time that was reckoned with."""
    rest = m.due - run.now
    if m.left_ns > 0:  # it would have broken down before the end of the cycle
        m.left_ns += rest
        m.margin = rest
    else:
        m.left_ns = rest
        m.margin += rest


def release(run: Run, m: Machine) -> None:
    """Let a unit go that `strike` stopped, once nothing else holds it."""
    m.locked -= 1
    waits = m.state == _ABORTED and m.why >= Cause.FAULT
    if not m.locked and waits:
        enter(run, m, Path.CLEAR, m.why)


def _at_execute(run: Run, m: Machine) -> None:
    if m.interlock:
        set_interlock(run, m, Phase.RUN)
    if m.locked:
        set_phase(run, m, Phase.DOWN)
        enter(run, m, Path.ABORT, m.by_fault)
    else:
        flow.proceed(run, m)


def _at_suspended(run: Run, m: Machine) -> None:
    set_interlock(run, m, m.phase)
    flow.proceed(run, m)


def _at_held(run: Run, m: Machine) -> None:
    if m.why == Cause.CHARGING:
        schedule(run, vehicles.charging_ns(run, m), Code.RESTORED, m)
    else:
        alarms.come(run, m, alarms.FAILED, AlarmOn.SHORT_STOP, Cause.MICRO_STOP)
        call_crew(run, m, m.micro_stop.draw_ns())


def _at_aborted(run: Run, m: Machine) -> None:
    if m.why == Cause.FAILURE:
        alarms.come(run, m, alarms.FAILED, AlarmOn.FAILURE, Cause.FAILURE)
        call_crew(run, m, m.repair.draw_ns())
    elif not m.locked:
        enter(run, m, Path.CLEAR, m.why)


def _at_stopped(run: Run, m: Machine) -> None:
    if m.halt & Halt.CALENDAR:
        set_phase(run, m, Phase.OFF)
    else:
        enter(run, m, Path.RESET, m.why)


def _at_complete(run: Run, m: Machine) -> None:
    if not m.halt:
        enter(run, m, Path.RESET, Cause.NO_ORDER)


def _at_idle(run: Run, m: Machine) -> None:
    note(run, m, Kind.MODE, _CHANGEOVER, Cause.CHANGEOVER)
    call_crew(run, m, run.wiring.setup_ns(m, m.loaded[0][1]))


AT_END: tuple[Callable[[Run, Machine], None], ...] = (
    _at_suspended, _at_execute, _at_held, _at_execute, _at_aborted, _at_stopped, _at_stopped, _at_execute, _at_complete, _at_idle, _at_execute,
)  # fmt: skip
"""What follows at the end of each path, by its number."""


def restored(run: Run, m: Machine) -> None:
    """Come back: the repair, the micro-stop, the changeover or the charging is over."""
    state = m.state
    if m.why == Cause.CHARGING:
        vehicles.charged(run, m)
    else:
        _crew_leaves(run, m.crews[_CALLED_IN[state]])
    if state == _ABORTED:
        alarms.go(run, m, alarms.FAILED, Cause.FAILURE)
        m.fail_in = m.failure.draw_ns()
        _set_margin(m)
        _up(run, m, Path.CLEAR)
    elif state == _HELD:
        if m.why == Cause.MICRO_STOP:
            alarms.go(run, m, alarms.FAILED, Cause.MICRO_STOP)
            m.micro_in = _next_micro_stop(m)
            _set_margin(m)
        _up(run, m, Path.UNHOLD)
    else:
        note(run, m, Kind.MODE, _PRODUCTION, Cause.CHANGEOVER)
        m.set_up(m.loaded[0][1])
        note(run, m, Kind.PRODUCT, m.setup, Cause.CHANGEOVER)
        enter(run, m, Path.START, Cause.CHANGEOVER)


def _up(run: Run, m: Machine, path: int) -> None:
    """Go on along a path, unless a malfunction holds the unit."""
    if not m.locked:
        enter(run, m, path, m.why)
        return
    set_phase(run, m, Phase.DOWN)
    if m.state == _ABORTED:
        m.why = m.by_fault
    else:
        enter(run, m, Path.ABORT, m.by_fault)


def call_crew(run: Run, m: Machine, lasts: int) -> None:
    """Begin what takes so many ns once a crew is there; first come, first served."""
    crew = m.crews[_CALLED_IN[m.state]]
    if crew >= 0 and not run.crew_free[crew]:
        run.crew_queue[crew].append([m.u, lasts])
        note(run, m, Kind.CREW, 1, m.why)
        return
    if crew >= 0:
        run.crew_free[crew] -= 1
    schedule(run, lasts, Code.RESTORED, m)


def _crew_leaves(run: Run, crew: int) -> None:
    """Send a crew that is done to the unit that has waited longest."""
    if crew < 0:
        return
    if not run.crew_queue[crew]:
        run.crew_free[crew] += 1
        return
    u, lasts = run.crew_queue[crew].pop(0)
    m = run.machines[u]
    note(run, m, Kind.CREW, 0, m.why)
    schedule(run, lasts, Code.RESTORED, m)


def dismiss(run: Run, m: Machine) -> None:
    """Give up a changeover: send its crew away, or take the unit out of the queue for one."""
    if m.state != _IDLE:
        return
    note(run, m, Kind.MODE, _PRODUCTION, m.by_fault)
    crew = m.crews[SETUP]
    if crew < 0:
        return
    waiting = [entry for entry in run.crew_queue[crew] if entry[0] == m.u]
    if waiting:
        run.crew_queue[crew].remove(waiting[0])
    else:
        _crew_leaves(run, crew)
