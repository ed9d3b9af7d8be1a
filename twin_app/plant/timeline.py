"""The derived timeline of one unit: intervals, and any ledger as a difference of running sums. Not for reading samples: see `plant`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin_app.model.packml import CATEGORIES, Category, State
from twin_app.model.timeline import BLIND_STATE, Intervals, Ledger
from twin_app.plant.calendar import Calendar
from twin_app.plant.category import CODE, CODE_OF, INFERRED, IS_SIDE
from twin_app.plant.duty import cost
from twin_app.plant.facts import Facts
from twin_app.plant.rows import OWN, SETTLED, STATES, Rows, Tail
from twin_app.plant.track import FAR_FUTURE, FAR_PAST

_STATES = tuple(State)
_PADDING_NS = 86_400_000_000_000
"""The calendar is laid out a day beyond what is asked for, so that a running clock asks once a day."""


class Timeline:
    """One unit's intervals over all time. Facts that change are re-derived from their instant on, to the same bits as from scratch."""

    def __init__(self, facts: Facts, calendar: Calendar, minor_stop_ns: int) -> None:
        """Start blind since ever; `facts` stay the caller's to extend, `derive` follows them."""
        self._facts = facts
        self._calendar = calendar
        self._bounds = np.empty(0, np.int64)
        self._covered: tuple[int, int] | None = None
        self._rows = Rows(minor_stop_ns)

    @property
    def rows(self) -> Rows:
        """Return the rows; the first one, blind since ever, is made when somebody asks or there are facts."""
        if not len(self._rows):
            self._derive_rows(FAR_PAST)
        return self._rows

    def derive(self, from_ns: int) -> bool:
        """Follow facts that changed from `from_ns` on; tell whether any interval differs."""
        reached = self._cover(from_ns, max(from_ns, self._facts.newest_ns))
        return self._derive_rows(min(from_ns, reached))

    def reach(self, start_ns: int, end_ns: int) -> None:
        """Make sure the calendar is laid out over a span that is asked for."""
        from_ns = self._cover(start_ns, end_ns)
        if from_ns <= end_ns:
            self._derive_rows(from_ns)

    def ledger(self, start_ns: int, end_ns: int, known_to_ns: int) -> Ledger:
        """Return the time of [start_ns, end_ns] by category and state; a stop that ends after `known_to_ns` is unfinished.

        Raises:
            ValueError: the window ends before it starts.
        """
        if end_ns < start_ns:
            raise ValueError(f"window ends before it starts: {start_ns} {end_ns}")
        self.reach(start_ns, max(end_ns, known_to_ns))
        rows = self.rows
        at_start, at_end = rows.sums_at(start_ns), rows.sums_at(end_ns)
        spent = (at_end[SETTLED] - at_start[SETTLED]).tolist()
        unfinished = rows.unfinished_at(known_to_ns)
        if known_to_ns < end_ns or rows.own[unfinished] != rows.settled[unfinished]:
            at_split = rows.sums_at(min(max(int(rows.start[unfinished]), start_ns), end_ns))
            spent = (at_split[SETTLED] - at_start[SETTLED] + at_end[OWN] - at_split[OWN]).tolist()
        blind, *states = (at_end[STATES] - at_start[STATES]).tolist()
        state_ns = {state: ns for state, ns in zip(_STATES, states, strict=True) if ns}
        return Ledger(start_ns, end_ns, dict(zip(CATEGORIES, spent, strict=True)), state_ns, blind)

    def intervals(self, start_ns: int, end_ns: int) -> Intervals:
        """Return the intervals of [start_ns, end_ns), clipped, their categories as known at its end; none for an empty span."""
        self.reach(start_ns, end_ns)
        rows = self.rows
        i = rows.row_at(start_ns)
        j = max(int(rows.start.searchsorted(end_ns, "left")), i) if start_ns < end_ns else i
        category = rows.settled[i:j].copy()
        unfinished = max(rows.unfinished_at(end_ns), i)
        category[unfinished - i :] = rows.own[unfinished:j]
        start = np.maximum(rows.start[i:j], start_ns)
        began, over = (self._run(i)[0], self._run(j - 1)[1]) if j > i else (None, None)
        return Intervals(
            start, rows.state[i:j].copy(), rows.mode[i:j].copy(), category, end_ns, rows.inferred[i:j].copy(), began_ns=began, over_ns=over
        )

    def _run(self, row: int) -> tuple[int, int | None]:
        """Return from when to when the state of a row lasts, over changes of mode and calendar, but not of whom it waits for."""
        rows = self.rows
        first, past = (int(rows.since.searchsorted(rows.since[row], side)) for side in ("left", "right"))
        own = rows.own[first:past]
        side = np.where(IS_SIDE[own], own, len(CATEGORIES))
        differs = np.flatnonzero(side != side[row - first])
        place = int(differs.searchsorted(row - first))
        begin = first + int(differs[place - 1]) + 1 if place else first
        end = first + int(differs[place]) if place < len(differs) else past
        return int(rows.start[begin]), int(rows.start[end]) if end < len(rows) else None

    def changes(self, start_ns: int, end_ns: int) -> NDArray[np.int64]:
        """Return when the state changed (or became known or unknown) within [start_ns, end_ns], shape (n,)."""
        rows = self.rows
        picked = slice(max(int(rows.start.searchsorted(start_ns, "left")), 1), int(rows.start.searchsorted(end_ns, "right")))
        start = rows.start[picked]
        changed: NDArray[np.int64] = start[rows.since[picked] == start]
        return changed

    def next_change(self, at_ns: int, direction: int) -> int | None:
        """Return when the state next changed after (direction 1) or last before (-1) an instant, None where it did not."""
        rows = self.rows
        row = int(rows.start.searchsorted(at_ns, "right")) if direction > 0 else int(rows.start.searchsorted(at_ns, "left")) - 1
        while 0 < row < len(rows):
            if rows.since[row] == rows.start[row]:
                return int(rows.start[row])
            row += direction
        return None

    def blind(self, start_ns: int, end_ns: int) -> list[tuple[int, int]]:
        """Return the spans of [start_ns, end_ns] that the ledger calls blind: busy time in an unknown state; ascending, apart."""
        if self._is_known(start_ns, end_ns):
            return []
        intervals = self.intervals(start_ns, end_ns)
        return _spans(intervals, intervals.category == CODE[Category.BLIND])

    def unknown(self, start_ns: int, end_ns: int) -> list[tuple[int, int]]:
        """Return the spans of [start_ns, end_ns] in which nobody knows the state, planned or not; ascending, apart."""
        if self._is_known(start_ns, end_ns):
            return []
        intervals = self.intervals(start_ns, end_ns)
        return _spans(intervals, intervals.state == BLIND_STATE)

    def _is_known(self, start_ns: int, end_ns: int) -> bool:
        """Tell whether the state is known all the time from one instant to another."""
        self.reach(start_ns, end_ns)
        rows = self.rows
        return bool(rows.state[rows.row_at(start_ns) : rows.row_at(end_ns) + 1].min() > BLIND_STATE)

    def _cover(self, start_ns: int, end_ns: int) -> int:
        """Lay the calendar out over a span; return from when on the rows no longer follow it (the end of time: they all do)."""
        if not self._calendar:
            return FAR_FUTURE
        covered = self._covered
        if covered and covered[0] <= start_ns and end_ns <= covered[1]:
            return FAR_FUTURE
        low, high = covered or (start_ns, end_ns)
        early = not covered or start_ns < low
        self._covered = (min(low, start_ns - _PADDING_NS), max(high, end_ns + _PADDING_NS))
        self._bounds = self._calendar.bounds(*self._covered)
        return FAR_PAST if early else high

    def _derive_rows(self, from_ns: int) -> bool:
        """Derive every row that starts at or after `from_ns`; tell whether any differs."""
        keep = self._rows.kept_before(from_ns)
        instants = self._instants(int(self._rows.start[keep - 1])) if keep else np.append(np.int64(FAR_PAST), self._instants(FAR_PAST))
        tail = self._tail(keep, instants)
        first = not len(self._rows)
        if not first and tail.equals(self._rows.tail(keep)):
            return False
        self._rows.replace(keep, tail)
        return not first or len(tail.start) > 1  # the first row says nothing yet

    def _instants(self, after_ns: int) -> NDArray[np.int64]:
        """Return every instant after one at which something was said or the calendar turns, ascending."""
        sources = (*(track.times for track in self._facts.tracks), self._bounds)
        return np.unique(np.concatenate([times[times.searchsorted(after_ns, "right") :] for times in sources]))

    def _tail(self, keep: int, at: NDArray[np.int64]) -> Tail:
        """Return the rows that start at those of the instants where state, mode or category differ from what was before."""
        state, mode = self._facts.state_at(at), self._facts.mode_at(at)
        interlock = self._facts.interlock_at(at)
        own = CODE_OF[state + 1, mode, interlock]
        planned = self._bounds.searchsorted(at, "right") % 2 == 0 if self._calendar else None
        own = cost(own, state, self._facts.duty_at(at), planned)
        tail = Tail(at, state, mode, own, (interlock >= INFERRED) & IS_SIDE[own])
        return tail.take(self._differs(keep, tail))

    def _differs(self, keep: int, tail: Tail) -> NDArray[np.bool_]:
        """Tell which rows differ from the one before them, shape (n,); without a kept row the very first does."""
        last = self._rows.tail(keep - 1) if keep else None
        differs = np.zeros(len(tail.start), bool)
        for name in ("state", "mode", "own", "inferred"):
            values = getattr(tail, name)
            differs[1:] |= values[1:] != values[:-1]
            differs[:1] |= last is None or values[:1] != getattr(last, name)[0]
        return differs


def _spans(intervals: Intervals, picked: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the picked intervals as spans, those that touch as one."""
    edges = np.append(intervals.start_ns, intervals.end_ns).tolist()
    spans: list[tuple[int, int]] = []
    for i in np.flatnonzero(picked).tolist():
        first = spans.pop()[0] if spans and spans[-1][1] == edges[i] else edges[i]
        spans.append((first, edges[i + 1]))
    return spans
