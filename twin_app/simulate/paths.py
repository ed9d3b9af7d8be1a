"""How a unit goes from one PackML state to the next, and what its time and energy go into meanwhile. Not for why: see `flow` and `stops`.

A path is a row of states (ISA-TR88.00.02). Acting states last as long as the scenario says; the last state of a path waits.
What follows at its end is for `stops.AT_END` to say.
"""

from __future__ import annotations

from heapq import heappush
from typing import TYPE_CHECKING

from twin_app.model.packml import State
from twin_app.simulate.events import Kind
from twin_app.simulate.numbered import Numbered
from twin_app.simulate.state import Phase

if TYPE_CHECKING:
    from twin_app.simulate.state import Machine, Run

_STATE, _INTERLOCK = Kind.STATE, Kind.INTERLOCK
_EXECUTE = int(State.EXECUTE)
_STARVED, _BLOCKED = Phase.STARVED, Phase.BLOCKED
LAST = 1 << 62
"""Added to a sequence number: what is to happen after everything else of its instant."""


class Code(Numbered):
    """What a calendar entry is. Those below `SUSPEND` are a unit's next step and void once its ticket has changed; from `CALENDAR` on no unit's."""

    DONE = 0
    BREAK = 1
    ADVANCE = 2
    RESTORED = 3
    SUSPEND = 4
    SAMPLE = 5
    DELIVERY = 6
    SHIPMENT = 7
    CALENDAR = 8
    FAULT = 9
    FAULT_END = 10


_ADVANCE = Code.ADVANCE


class Path(Numbered):
    """The rows of states that units go along."""

    SUSPEND = 0
    UNSUSPEND = 1
    HOLD = 2
    UNHOLD = 3
    ABORT = 4
    CLEAR = 5
    STOP = 6
    RESET = 7
    COMPLETE = 8
    CHANGE = 9
    START = 10


_ROWS = (
    (State.SUSPENDING, State.SUSPENDED),
    (State.UNSUSPENDING, State.EXECUTE),
    (State.HOLDING, State.HELD),
    (State.UNHOLDING, State.EXECUTE),
    (State.ABORTING, State.ABORTED),
    (State.CLEARING, State.STOPPED),
    (State.STOPPING, State.STOPPED),
    (State.RESETTING, State.IDLE, State.STARTING, State.EXECUTE),
    (State.COMPLETING, State.COMPLETE),
    (State.COMPLETING, State.COMPLETE, State.RESETTING, State.IDLE),
    (State.STARTING, State.EXECUTE),
)
STATES: tuple[tuple[int, ...], ...] = tuple(tuple(int(state) for state in row) for row in _ROWS)
"""The states of each path, by its number."""


def schedule(run: Run, delay_ns: int, code: int, m: Machine) -> None:
    """Set a unit's next step; whatever was its next step before is void."""
    run.sequence += 1
    m.ticket += 1
    m.due = due = run.now + delay_ns
    heappush(run.heap, (due, run.sequence, code, m.u, m.ticket))


def schedule_last(run: Run, delay_ns: int, code: int, number: int) -> None:
    """As `schedule_free`, but after everything else that happens at that instant."""
    run.sequence += 1
    heappush(run.heap, (run.now + delay_ns, run.sequence + LAST, code, number, 0))


def schedule_free(run: Run, delay_ns: int, code: int, number: int) -> None:
    """Set something that is no unit's next step; it happens in any case."""
    run.sequence += 1
    heappush(run.heap, (run.now + delay_ns, run.sequence, code, number, 0))


def set_phase(run: Run, m: Machine, phase: int) -> None:
    """Let a unit's time go into something else from now on."""
    spent = m.spent
    spent[m.phase] += run.now - m.phase_since
    m.phase_since = run.now
    m.phase = phase


def book(run: Run, m: Machine) -> None:
    """Book work and energy of the present state up to now."""
    state, spent = m.state, run.now - m.state_since
    m.joules += m.watts[state] * spent * m.watts_percent
    if state == _EXECUTE:
        m.worked += spent
    m.state_since = run.now


def set_interlock(run: Run, m: Machine, phase: int) -> None:
    """Tell whether a suspended unit is starved or blocked, where that is new."""
    value = 1 if phase == _STARVED else 2 if phase == _BLOCKED else 0
    if m.interlock != value:
        m.interlock = value
        run.log.append((run.now, m.u, _INTERLOCK, value, m.why))


def enter(run: Run, m: Machine, path: int, why: int) -> None:
    """Send a unit along a path; once at its end it is among `run.landed`."""
    m.path = path
    m.step = 0
    m.why = why
    if m.interlock and path != Path.SUSPEND:
        set_interlock(run, m, Phase.RUN)
    advance(run, m)


def advance(run: Run, m: Machine) -> None:
    """Go along the path up to the next state that lasts, or to its end."""
    book(run, m)
    now, u, why, log, lasts = run.now, m.u, m.why, run.log, m.acting_ns
    step, states = m.step, STATES[m.path]
    for state in states[step:]:
        step += 1
        m.state = state
        log.append((now, u, _STATE, state, why))
        if lasts[state]:
            m.step = step
            schedule(run, lasts[state], _ADVANCE, m)
            return
    m.step = step
    m.ticket += 1
    run.landed.append(m)
