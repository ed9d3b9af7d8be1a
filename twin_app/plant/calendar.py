"""When the line is planned to be busy: shifts less their breaks, exact over midnight and daylight saving. Not for orders."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin_app.model.equipment import Break, Line, Shift
from twin_app.model.plan import BreakSpan, ShiftSpan

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_DAY_NS = 86_400 * 10**9


class _ShiftDay(NamedTuple):
    """One shift of one day: its start and end, the busy spans within, UTC ns, and what is shown of it."""

    start_ns: int
    end_ns: int
    busy: tuple[tuple[int, int], ...]
    shown: ShiftSpan


class Calendar:
    """The shift calendar of a line in UTC nanoseconds. Without shifts all time is planned busy time."""

    def __init__(self, line: Line) -> None:
        """Read shifts, breaks and zone of the line."""
        self._shifts = line.shifts
        self._zone = line.tz
        self._days: dict[date, tuple[_ShiftDay, ...]] = {}

    def __bool__(self) -> bool:
        """Tell whether there is a calendar at all."""
        return bool(self._shifts)

    def bounds(self, start_ns: int, end_ns: int) -> NDArray[np.int64]:
        """Return the busy spans of all shifts that touch [start_ns, end_ns], merged, as start, end, start, end ...; shape (2k,).

        Not clipped, and right within [start_ns, end_ns] only.
        """
        spans = sorted(span for shift in self._between(start_ns, end_ns) for span in shift.busy)
        flat: list[int] = []
        for start, end in spans:
            if flat and start <= flat[-1]:
                flat[-1] = max(flat[-1], end)
            else:
                flat += (start, end)
        return np.array(flat, np.int64)

    def shift_start(self, at_ns: int) -> int | None:
        """Return the start of the shift in force (the latest where shifts overlap), None outside of all."""
        return max((s.start_ns for s in self._between(at_ns, at_ns) if s.start_ns <= at_ns < s.end_ns), default=None)

    def shifts(self, start_ns: int, end_ns: int) -> tuple[ShiftSpan, ...]:
        """Return every shift that touches [start_ns, end_ns] with its breaks, in order of their start."""
        return tuple(
            shift.shown
            for shift in sorted(self._between(start_ns, end_ns), key=lambda one: one.start_ns)
            if shift.end_ns > start_ns and shift.start_ns < end_ns
        )

    def named(self, day: date, number: int) -> tuple[str, int, int] | None:
        """Return name, start and end (UTC ns) of the shift of that number (from 1, in the layout's order) that starts on a local day."""
        shifts = [shift for shift in self._shifts if day.weekday() in shift.days]
        if not 1 <= number <= len(shifts):
            return None
        placed = self._place(shifts[number - 1], day)
        return shifts[number - 1].name, placed.start_ns, placed.end_ns

    def day(self, day: date) -> tuple[int, int]:
        """Return start and end of a local day, UTC ns: 23 or 25 hours where the clocks are changed."""
        return self._instant(day, time.min), self._instant(day + _DAY, time.min)

    def local_date(self, at_ns: int) -> date:
        """Return the local day of an instant."""
        return datetime.fromtimestamp(at_ns // 1_000_000_000, self._zone).date()

    def border(self, at_ns: int) -> int:
        """Return the first start or end of a shift at or after an instant; local midnight where none comes within eight days."""
        shifts = self._between(at_ns, at_ns + 8 * _DAY_NS)
        borders = [border for shift in shifts for border in (shift.start_ns, shift.end_ns) if border >= at_ns]
        return min(borders, default=self._midnight(at_ns))

    def _midnight(self, at_ns: int) -> int:
        """Return the first local midnight at or after an instant."""
        day = self.local_date(at_ns)
        return next(at for at in (self._instant(day, time.min), self._instant(day + _DAY, time.min)) if at >= at_ns)

    def _between(self, start_ns: int, end_ns: int) -> list[_ShiftDay]:
        """Return every shift that may touch a span."""
        day, last = self.local_date(start_ns) - 2 * _DAY, self.local_date(end_ns)
        found: list[_ShiftDay] = []
        while day <= last:
            found += self._of_day(day)
            day += _DAY
        return [s for s in found if s.end_ns >= start_ns and s.start_ns <= end_ns]

    def _of_day(self, day: date) -> tuple[_ShiftDay, ...]:
        """Return the shifts that start on a local day."""
        if day not in self._days:
            self._days[day] = tuple(self._place(shift, day) for shift in self._shifts if day.weekday() in shift.days)
        return self._days[day]

    def _place(self, shift: Shift, day: date) -> _ShiftDay:
        """Return one shift on one day; each end is found on the wall clock, so that a night may have 7 or 9 hours."""
        start, end = self._span(day, shift.start, shift.end)
        breaks = sorted((*self._break_span(pause, shift, day), pause.name) for pause in shift.breaks)
        edges = [start]
        for pause_start, pause_end, _ in breaks:
            edges += (min(max(pause_start, edges[-1]), end), min(max(pause_end, edges[-1]), end))
        edges.append(end)
        busy = tuple((a, b) for i, (a, b) in enumerate(pairwise(edges)) if i % 2 == 0 and a < b)
        shown = tuple(BreakSpan(name, first, last) for first, last, name in breaks)
        return _ShiftDay(start, end, busy, ShiftSpan(shift.name, start, end, shown))

    def _break_span(self, pause: Break, shift: Shift, day: date) -> tuple[int, int]:
        """Return a break of a shift; a break before the shift's own hour lies after midnight."""
        return self._span(day + _DAY if pause.start < shift.start else day, pause.start, pause.end)

    def _span(self, day: date, start: time, end: time) -> tuple[int, int]:
        """Return two wall clock times as instants; an end at or before the start is next day's."""
        return self._instant(day, start), self._instant(day + _DAY if end <= start else day, end)

    def _instant(self, day: date, at: time) -> int:
        """Return a local wall clock time as UTC ns; the first of two where the clock is set back."""
        moment = datetime.combine(day, at, tzinfo=self._zone)
        return (moment - _EPOCH) // timedelta(microseconds=1) * 1_000
