"""How the calendar sends a line home and back to work. Not for when: `plant.calendar` knows the zone and its clock changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.simulate.events import LINE, Cause, Kind
from twin_app.simulate.flow import halt
from twin_app.simulate.paths import Code, Path, enter, schedule_free, set_phase
from twin_app.simulate.state import Halt, Phase

if TYPE_CHECKING:
    from twin_app.plant.calendar import Calendar
    from twin_app.simulate.state import Machine, Run

_AHEAD_NS = 9 * 86_400 * 1_000_000_000
"""A week and a bit: within it every shift of a week comes."""
_WAITING = (Phase.STARVED, Phase.BLOCKED)


class Shifts:
    """The calendar as a function of the run's time: what is planned at an instant, and until when."""

    def __init__(self, calendar: Calendar, start_ns: int) -> None:
        """Keep the calendar and the UTC time at which the run starts."""
        self._calendar = calendar
        self._start_ns = start_ns

    def planned(self, at_ns: int) -> tuple[bool, int | None]:
        """Return whether time is planned at `at_ns` of the run, and when that changes next, None: within nine days it does not."""
        if not self._calendar:
            return True, None
        at = self._start_ns + at_ns
        edges = self._calendar.bounds(at, at + _AHEAD_NS).tolist()
        passed = sum(edge <= at for edge in edges)
        return passed % 2 == 1, edges[passed] - self._start_ns if passed < len(edges) else None

    def turn(self, run: Run) -> None:
        """Put in force what the calendar says now, and plan the next change."""
        planned, until = self.planned(run.now)
        if until is not None:
            schedule_free(run, until - run.now, Code.CALENDAR, LINE)
        if planned != bool(run.planned):
            run.planned = int(planned)
            run.log.append((run.now, LINE, Kind.SHIFT, int(planned), Cause.CALENDAR))
            for m in run.machines:
                (_to_work if planned else _home)(run, m)


def _home(run: Run, m: Machine) -> None:
    """Let a unit end its cycle and stop; one that waits stops at once."""
    m.halt |= Halt.CALENDAR
    if m.phase in _WAITING:
        halt(run, m)


def _to_work(run: Run, m: Machine) -> None:
    """Let a unit that the calendar stopped start again."""
    was_home = m.halt & Halt.CALENDAR and m.phase == Phase.OFF and m.path in (Path.STOP, Path.CLEAR)
    m.halt &= ~Halt.CALENDAR
    if was_home and m not in run.landed and m.step == 2:  # noqa: PLR2004 - both states of its path are behind it
        set_phase(run, m, Phase.ACTING)
        enter(run, m, Path.RESET, Cause.CALENDAR)
