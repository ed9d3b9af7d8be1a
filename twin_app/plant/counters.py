"""Counters over restarts: what was counted in a window, never negative. Not for what counts as good: see `kpi.figures`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin_app.model.timeline import CounterReading
from twin_app.plant.column import Column
from twin_app.plant.operations import rolled
from twin_app.plant.track import Track

Span = tuple[int, int]
"""Start and end, UTC ns."""


class Counter:
    """One counter of one unit. A fall of the value begins a new run; a run counts its last less its first.

    Within one run a total is one subtraction of two readings and exact to the bit. A fall is a restart, and what a counter
    already showed then is not counted, because nobody saw it being counted; or it is the roll-over of a counter of known
    range (see `operations.rolled`), which counts what lies between the two readings.
    """

    __slots__ = ("_before", "_first", "_rolled", "_rolls_over_at", "_track")

    def __init__(self, rolls_over_at: float | None = None) -> None:
        """Start without a reading; the counter goes on at 0 where it would reach `rolls_over_at` (None: it never does)."""
        self._rolls_over_at = rolls_over_at
        self._track = Track(np.float64)
        self._first: Column[np.int64] = Column(np.int64)  # first row of each run
        self._before: Column[np.float64] = Column(np.float64)  # what all runs before it, and its own roll-over, counted
        self._rolled: Column[np.float64] = Column(np.float64)  # what was counted over the roll-over that begins it, 0 for a restart

    @property
    def newest_ns(self) -> int:
        """Return the time of the newest reading, `FAR_PAST` where there is none."""
        return self._track.newest_ns

    def extend(self, times: NDArray[np.int64], values: NDArray[np.float64], messages: NDArray[np.int64]) -> None:
        """Put m > 0 readings, each array of shape (m,), where they belong."""
        self._follow(self._track.extend(times, values, messages))

    def rewrite(
        self, from_ns: int, times: NDArray[np.int64], values: NDArray[np.float64], messages: NDArray[np.int64] | None = None
    ) -> None:
        """Put k >= 0 readings, ascending in time, in place of all from `from_ns` on; without messages they are derived ones."""
        self._follow(self._track.rewrite(from_ns, times, values, messages))

    def _follow(self, row: int) -> None:
        """Find the runs anew from a row on."""
        shown = self._track.values
        if 0 < row == len(shown) - 1 and shown[row] >= shown[row - 1] and self._first.view[-1] < row:
            return  # the common case: one more reading of the same run
        falls = np.flatnonzero(shown[max(row, 1) :] < shown[max(row, 1) - 1 : -1]) + max(row, 1)
        kept = int(self._first.view.searchsorted(row, "left"))
        if kept < len(self._first) or len(falls) or not row:
            first_run = np.zeros(int(not row and len(shown) > 0), np.int64)
            self._begin_runs(kept, np.concatenate((first_run, falls)))

    def _begin_runs(self, kept: int, first: NDArray[np.int64]) -> None:
        """Put runs that begin at the rows `first` behind the first `kept` runs."""
        previous = self._first.view[max(kept - 1, 0) : kept]
        chain = np.concatenate((previous, first))
        shown = self._track.values
        rolled_over = rolled(shown[first - 1], shown[first], self._rolls_over_at)
        rolled_over[: int(not kept)] = 0.0  # nothing comes before the very first run
        counted = shown[chain[1:] - 1] - shown[chain[:-1]] + rolled_over[len(first) - len(chain) + 1 :]
        start = self._before.view[kept - 1] if kept else np.float64(0.0)
        before = np.cumsum(np.concatenate((np.array([start]), counted)))  # one after the other: the same bits from any start
        self._before.replace(kept, before[len(previous) : len(previous) + len(first)])
        self._rolled.replace(kept, rolled_over)
        self._first.replace(kept, first)

    def reading(self, start_ns: int, end_ns: int) -> CounterReading:
        """Return the last value at `end_ns` and what was counted in (start_ns, end_ns].

        The baseline is the value in force at the start, or the first value inside.
        """
        last, first = self._track.row_at(end_ns), max(self._track.row_at(start_ns), 0)
        if last < 0:
            return CounterReading(None, 0.0)
        resets = int(np.count_nonzero(self._rolled.view[self._run_of(first) + 1 : self._run_of(last) + 1] == 0.0))
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

    def next_rise(self, at_ns: int, direction: int) -> int | None:
        """Return the time of the next reading after (direction 1) or the last before (-1) an instant that had counted, None without one."""
        times, shown = self._track.times, self._track.values
        low = max(int(times.searchsorted(at_ns, "right")), 1) if direction > 0 else 1
        high = len(times) if direction > 0 else int(times.searchsorted(at_ns, "left"))
        rose = np.flatnonzero(shown[low:high] > shown[low - 1 : high - 1]) + low
        over = self._first.view[self._rolled.view > 0.0]
        rows = np.concatenate((rose, over[(over >= low) & (over < high)]))
        return int(times[rows.min() if direction > 0 else rows.max()]) if len(rows) else None

    def rises(self, at_ns: int, most: int) -> list[int]:
        """Return the times of the newest readings at or before an instant that had counted, no more than `most`, ascending."""
        times, shown, last = self._track.times, self._track.values, self._track.row_at(at_ns)
        over = self._first.view[self._rolled.view > 0.0]
        for reach in (64, last):
            low = max(last - reach, 0) + 1
            rose = np.flatnonzero(shown[low : last + 1] > shown[low - 1 : last]) + low
            rows = np.union1d(rose, over[(over >= low) & (over <= last)])[-most:]
            if len(rows) == most or low == 1:
                break
        return [int(at) for at in times[rows]]

    def around(self, at_ns: int) -> tuple[int, int, float] | None:
        """Return the readings before (or at) and behind an instant, as their times and what the second counted; None where one is missing."""
        row = self._track.row_at(at_ns)
        if row < 0 or row + 1 >= len(self._track):
            return None
        return int(self._track.times[row]), int(self._track.times[row + 1]), self._between(row, row + 1)

    def flowed(self, start_ns: int, end_ns: int) -> tuple[float, int]:
        """Return about what was counted from `start_ns` to the newest reading at or before `end_ns`, and when that reading was.

        What was counted between the readings around the start is spread evenly over the time between them. Without a reading
        NaN, and without one after the start 0 and the start itself.
        """
        last, first = self._track.row_at(end_ns), self._track.row_at(start_ns)
        if last < 0:
            return float("nan"), start_ns
        if first == last:
            return 0.0, start_ns
        times = self._track.times
        total = self._between(max(first, 0), last)
        if first >= 0:
            total -= self._between(first, first + 1) * (start_ns - int(times[first])) / (int(times[first + 1]) - int(times[first]))
        return total, int(times[last])

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
        own += self._rolled.view[run + 1]
        return float(own + (before[last_run] - before[run + 1]) + (shown[last] - shown[first[last_run]]))
