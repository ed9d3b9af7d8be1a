"""The moves of all alarms in one order of time, and look-ups in them. Not for making moves: see `course`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin_app.model.alarm import AlarmState
from twin_app.plant.column import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from twin_app.alarms.course import Course
    from twin_app.alarms.machine import Move


STEP = 1024


class Row(NamedTuple):
    """A move, and the number of the alarm that it is of."""

    move: Move
    course: int


class Journal:
    """Rows ascending in time; those of one instant by the alarm's key, so that the order of discovery does not show."""

    def __init__(self) -> None:
        """Start empty."""
        self._times: Column[np.int64] = Column(np.int64)
        self._courses: Column[np.int32] = Column(np.int32)
        self._after: Column[np.int8] = Column(np.int8)
        self._shown: Column[np.bool_] = Column(np.bool_)
        self._rows: list[Row] = []
        self._lasts: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
        """Each alarm's last row after every `STEP` rows, as far as somebody asked."""
        self.version = 0
        """Counts the changes: as long as it is the same, every row is."""

    def __len__(self) -> int:
        """Return how many rows there are, those that lie ahead included."""
        return len(self._rows)

    def replace(self, changed: Mapping[int, int], courses: Sequence[Course]) -> int:
        """Take the moves of alarms that changed, each from an instant on; return the first row that is another now."""
        from_ns = min(changed.values())
        keep = int(self._times.view.searchsorted(from_ns, "left"))
        tail = [row for row in self._rows[keep:] if row.course not in changed]
        for number in changed:
            moves = courses[number].moves
            first = courses[number].row_from(from_ns)
            tail += [Row(move, number) for move in moves[first:]]
        tail.sort(key=lambda row: (row.move.event.at_ns, courses[row.course].alarm.key))
        del self._rows[keep:]
        self._rows += tail
        self.version += 1
        del self._lasts[keep // STEP + 1 :]
        self._times.replace(keep, np.array([row.move.event.at_ns for row in tail], np.int64))
        self._courses.replace(keep, np.array([row.course for row in tail], np.int32))
        self._after.replace(keep, np.array([row.move.status.state for row in tail], np.int8))
        self._shown.replace(keep, np.array([row.move.activation for row in tail], np.bool_))
        return keep

    def row_after(self, at_ns: int) -> int:
        """Return the number of rows at or before an instant."""
        return int(self._times.view.searchsorted(at_ns, "right"))

    def rows(self, start_ns: int, end_ns: int) -> Iterable[Row]:
        """Return the rows of [start_ns, end_ns]."""
        return self._rows[int(self._times.view.searchsorted(start_ns, "left")) : self.row_after(end_ns)]

    def last_rows(self, rows: int, courses: int) -> NDArray[np.int64]:
        """Return each alarm's last row among the first `rows`, -1 where it has none; shape (courses,)."""
        while len(self._lasts) <= rows // STEP:
            self._lasts.append(self._after_step(len(self._lasts) * STEP, courses))
        return self._after_step(rows, courses)

    def _after_step(self, rows: int, courses: int) -> NDArray[np.int64]:
        """Return the same from what is known of the step before, so that a long past costs no more than a short one."""
        last = np.full(courses, -1, np.int64)
        step = min(rows // STEP, len(self._lasts) - 1)
        known = self._lasts[step]
        last[: len(known)] = known
        last[self._courses.view[step * STEP : rows]] = np.arange(step * STEP, rows)  # of several rows of an alarm the last one stays
        return last

    def __getitem__(self, row: int) -> Row:
        """Return a row."""
        return self._rows[row]

    def time(self, row: int) -> int | None:
        """Return when a row's move is, None where there is no such row."""
        return int(self._times.view[row]) if row < len(self._rows) else None

    def after(self, rows: NDArray[np.int64]) -> NDArray[np.int8]:
        """Return the states that rows lead to, shape (n,), NORMAL for -1."""
        return np.where(rows >= 0, self._after.view[rows] if len(self) else np.int8(0), np.int8(AlarmState.NORMAL))

    def first_activation(self, after_ns: int) -> int | None:
        """Return when an alarm first occurred, shown, after an instant; None where none did."""
        shown = self._shown.view[self.row_after(after_ns) :]
        row = int(shown.argmax()) if len(shown) else 0
        return int(self._times.view[len(self) - len(shown) + row]) if len(shown) and shown[row] else None

    def activations(self, start_ns: int, end_ns: int) -> NDArray[np.int64]:
        """Return when alarms occurred that somebody was shown, in (start_ns, end_ns], ascending; shape (n,)."""
        part = slice(self.row_after(start_ns), self.row_after(end_ns))
        times: NDArray[np.int64] = self._times.view[part][self._shown.view[part]]
        return times

    def activated(self, start_ns: int, end_ns: int, courses: int) -> NDArray[np.intp]:
        """Return how often each alarm occurred, shown, in (start_ns, end_ns]; shape (courses,)."""
        part = slice(self.row_after(start_ns), self.row_after(end_ns))
        return np.bincount(self._courses.view[part][self._shown.view[part]], minlength=courses)
