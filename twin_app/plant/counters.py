"""Counters over restarts: what was counted in a window, never negative. Not for what counts as good: see `kpi.figures`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin_app.model.timeline import CounterReading
from twin_app.plant.column import Column
from twin_app.plant.track import Track

Span = tuple[int, int]
"""Start and end, UTC ns."""


class Counter:
    """One counter of one unit. A fall of the value is a restart and begins a new run; a run counts its last less its first.

    Within one run a total is one subtraction of two readings and exact to the bit; what a counter
    already showed when it restarted is not counted, because nobody saw it being counted.
    """

    __slots__ = ("_before", "_first", "_track")

    def __init__(self) -> None:
        """Start without a reading."""
        self._track = Track(np.float64)
        self._first: Column[np.int64] = Column(np.int64)  # first row of each run
        self._before: Column[np.float64] = Column(np.float64)  # what all runs before it counted

    @property
    def newest_ns(self) -> int:
        """Return the time of the newest reading, `FAR_PAST` where there is none."""
        return self._track.newest_ns

    def extend(self, times: NDArray[np.int64], values: NDArray[np.float64], messages: NDArray[np.int64]) -> None:
        """Put m > 0 readings, each array of shape (m,), where they belong."""
        row = self._track.extend(times, values, messages)
        shown = self._track.values
        if 0 < row == len(shown) - 1 and shown[row] >= shown[row - 1] and self._first.view[-1] < row:
            return  # the common case: one more reading of the same run
        falls = np.flatnonzero(shown[max(row, 1) :] < shown[max(row, 1) - 1 : -1]) + max(row, 1)
        kept = int(self._first.view.searchsorted(row, "left"))
        if kept < len(self._first) or len(falls) or not row:
            self._begin_runs(kept, falls if row else np.concatenate((np.zeros(1, np.int64), falls)))

    def _begin_runs(self, kept: int, first: NDArray[np.int64]) -> None:
        """Put runs that begin at the rows `first` behind the first `kept` runs."""
        previous = self._first.view[max(kept - 1, 0) : kept]
        chain = np.concatenate((previous, first))
        shown = self._track.values
        counted = shown[chain[1:] - 1] - shown[chain[:-1]]
        start = self._before.view[kept - 1] if kept else np.float64(0.0)
        before = np.cumsum(np.concatenate((np.array([start]), counted)))  # one after the other: the same bits from any start
        self._before.replace(kept, before[len(previous) :])
        self._first.replace(kept, first)

    def reading(self, start_ns: int, end_ns: int) -> CounterReading:
        """Return the last value at `end_ns` and what was counted in (start_ns, end_ns].

        The baseline is the value in force at the start, or the first value inside.
        """
        last, first = self._track.row_at(end_ns), max(self._track.row_at(start_ns), 0)
        if last < 0:
            return CounterReading(None, 0.0)
        resets = self._run_of(last) - self._run_of(first)
        return CounterReading(float(self._track.values[last]), self._between(first, last), resets)

    def known_total(self, start_ns: int, end_ns: int, gaps: Sequence[Span], lost: Sequence[int] = ()) -> float:
        """Return what is known to have been counted in (start_ns, end_ns] outside of `gaps` (spans, ascending, apart).

        `lost`: instants at which the link was down. What the first reading after one adds to the last before it was
        counted nobody knows when, and is left out. NaN where nothing was heard.
        """
        last, row = self._track.row_at(end_ns), max(self._track.row_at(start_ns), 0)
        if last < 0:
            return float("nan")
        total = 0.0
        for gap_start, gap_end, skip in sorted([(*gap, 0) for gap in gaps] + [(at, at, 1) for at in lost]):
            total += self._between(row, self._track.row_at(min(gap_start, end_ns)))
            row = max(row, self._track.row_at(gap_end) + skip)
        return total + self._between(row, last)

    def heard_since(self, at_ns: int) -> int | None:
        """Return the time of the first reading, None where none is at or before `at_ns`."""
        return int(self._track.times[0]) if self._track.row_at(at_ns) >= 0 else None

    def _run_of(self, row: int) -> int:
        """Return the run a row belongs to."""
        if len(self._first) == 1:
            return 0
        return int(self._first.view.searchsorted(row, "right")) - 1

    def _between(self, row: int, last: int) -> float:
        """Return what was counted from one row's reading to another's, 0 where they are not in that order."""
        if last <= row:
            return 0.0
        shown, first, before = self._track.values, self._first.view, self._before.view
        run, last_run = self._run_of(row), self._run_of(last)
        if run == last_run:
            return float(shown[last] - shown[row])
        own = shown[first[run + 1] - 1] - shown[row]
        return float(own + (before[last_run] - before[run + 1]) + (shown[last] - shown[first[last_run]]))
