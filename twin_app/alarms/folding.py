"""First-out: under which alarm one folds that only follows from it. Along the flow, and within a unit. Not for what is listed: see `picture`.

A consequence (starved, blocked, or called one by the layout) folds under the alarm that came first on its cause: the next
unit along the flow, upstream of a starved one and downstream of a blocked one, that stands for a reason of its own. The
bare state of a unit (Aborted) folds under the unit's alarm that says why. Nothing folds under what is less grave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from twin_app.model.alarm import Form, Why
from twin_app.model.packml import Category, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from twin_app.alarms.course import Course
    from twin_app.model.equipment import Line
    from twin_app.plant.plant import Plant

SLACK_NS = 60 * 1_000_000_000
"""A cause says what is wrong up to so long before it stands, and a gap in the flow takes so long at most from unit to unit."""
TELLS_NS = 2 * 1_000_000_000
"""So long after its state a machine may say why."""
_LOOK_BACK_NS = 3600 * 1_000_000_000
_OWN = frozenset({
    State.STOPPED, State.STOPPING, State.ABORTING, State.ABORTED, State.CLEARING, State.HOLDING, State.HELD, State.UNHOLDING,
})  # fmt: skip
"""States in which a unit stands for a reason of its own."""
_TELLING = frozenset({Form.PACKML, Form.FAULT, Form.SIGNAL, Form.ERROR, Form.LIMIT})


class _Stop(NamedTuple):
    """A stretch without Execute: when it began, and whether some of it had a reason of the unit's own."""

    begun_ns: int
    own: bool


class FirstOut:
    """Looks for causes in the flow of a line; what it found is remembered until the past changes."""

    def __init__(self, line: Line, plant: Plant, of_unit: Mapping[str, Sequence[Course]], priority: Callable[[Course, int], int]) -> None:
        """Look among the alarms of each unit, a mapping that may go on growing. `priority` gives an alarm's when it had occurred."""
        self._plant, self._of_unit, self._priority = plant, of_unit, priority
        self._after = {unit.id: tuple(feed.to for feed in unit.feeds) for unit in line.units}
        self._before = {unit.id: tuple(o.id for o in line.units if unit.id in self._after[o.id]) for unit in line.units}
        self._found: dict[tuple[str, int], str] = {}
        self.version = 0
        """Counts how often something was forgotten: as long as it is the same, so is every answer."""

    def forget(self, from_ns: int) -> bool:
        """Forget what may be otherwise now that something differs from an instant on; tell whether there was any."""
        outdated = [known for known in self._found if known[1] + TELLS_NS >= from_ns]
        for known in outdated:
            del self._found[known]
        self.version += bool(outdated)
        return bool(outdated)

    def under(self, course: Course, occurred_ns: int, delay_ns: int) -> str:
        """Return the key of the alarm that one which occurred then folds under, empty where it stands for itself."""
        alarm = course.alarm
        if alarm.unit not in self._after or not (alarm.consequence or alarm.form is Form.STATE):
            return ""
        known = (alarm.key, occurred_ns)
        if known not in self._found:
            onset_ns = occurred_ns - delay_ns
            cause = self._of_flow(course, onset_ns, occurred_ns) if alarm.consequence else self._of_state(course, onset_ns, occurred_ns)
            self._found[known] = cause.alarm.key if cause else ""
        return self._found[known]

    def _of_state(self, course: Course, onset_ns: int, occurred_ns: int) -> Course | None:
        """Return the alarm of the same unit that says why it is in its state."""
        telling = [c for c in self._of_unit.get(course.alarm.unit, ()) if c.alarm.form in _TELLING and not c.alarm.consequence]
        return self._first(telling, onset_ns - SLACK_NS, occurred_ns + TELLS_NS, course.alarm.priority)

    def _of_flow(self, course: Course, onset_ns: int, occurred_ns: int) -> Course | None:
        """Return the alarm that came first on the unit that a wait goes back to."""
        category = self._plant.now(course.alarm.unit, occurred_ns).category
        ways = [self._before] if category is Category.STARVED else [self._after] if category is Category.BLOCKED else []
        for way in ways or [self._before, self._after]:
            found = []
            for unit, begun_ns in self._standing(course.alarm.unit, way, onset_ns):
                own = [c for c in self._of_unit.get(unit, ()) if not c.alarm.consequence]
                found += [c for c in [self._first(own, begun_ns - SLACK_NS, occurred_ns, course.alarm.priority)] if c]
            if found:
                return min(found, key=lambda c: (self._occurred(c, occurred_ns), c.alarm.key))
        return None

    def _standing(self, unit: str, way: Mapping[str, Sequence[str]], at_ns: int) -> Iterator[tuple[str, int]]:
        """Give the next units along a way that stand at an instant, or did shortly before, for a reason of their own, each since when."""
        seen, ahead = {unit}, [unit]
        while ahead:
            for other in way[ahead.pop(0)]:
                if other not in seen:
                    seen.add(other)
                    stop = self._stop(other, at_ns)
                    if stop and stop.own:
                        yield other, stop.begun_ns
                    elif stop:
                        ahead.append(other)

    def _stop(self, unit: str, at_ns: int) -> _Stop | None:
        """Return the stop that a unit is in at an instant, or was in shortly before; None where it executed all the time."""
        intervals = self._plant.intervals(unit, at_ns - _LOOK_BACK_NS, at_ns + 1)
        rows = list(zip(intervals.start_ns.tolist(), intervals.state.tolist(), strict=True))
        while rows and rows[-1][1] == State.EXECUTE and rows[-1][0] > at_ns - SLACK_NS:
            rows.pop()
        stop = None
        for start_ns, state in reversed(rows):
            if state == State.EXECUTE:
                break
            stop = _Stop(start_ns, state in _OWN or (stop is not None and stop.own))
        return stop

    def _first(self, courses: Sequence[Course], start_ns: int, end_ns: int, priority: int) -> Course | None:
        """Return the alarm that occurred first in a span, of those that are as grave at least."""
        timed = [(self._occurred(c, end_ns), c.alarm.key, c) for c in courses]
        found = [row for row in timed if row[0] >= start_ns and self._priority(row[2], row[0]) <= priority]
        return min(found, key=lambda row: row[:2])[2] if found else None

    @staticmethod
    def _occurred(course: Course, at_ns: int) -> int:
        """Return when an alarm last occurred up to an instant, 0 where it never did."""
        return next((m.event.at_ns for m in reversed(course.moves[: course.row_from(at_ns + 1)]) if m.event.why is Why.OCCURS), 0)
