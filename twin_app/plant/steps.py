"""A derived signal as a function of time: its value from each change on. Not for samples as they came: see `track`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin_app.model.samples import Kind
from twin_app.plant.column import Column
from twin_app.plant.track import FAR_PAST

Times = NDArray[np.int64]
Values = NDArray[np.float64]


class Steps:
    """Times of changes, ascending, and the value from each on; NaN is unknown, and so is all before the first.

    Two neighbours always differ: the same function has the same rows, however it was found. A change may lie ahead of
    everything heard (a delay that runs): then it holds unless something that comes before it says otherwise.
    """

    __slots__ = ("_times", "_values", "kind")

    kind: Kind
    """What the values are."""

    def __init__(self, kind: Kind) -> None:
        """Start unknown since ever."""
        self.kind = kind
        self._times: Column[np.int64] = Column(np.int64)
        self._values: Column[np.float64] = Column(np.float64)

    def __len__(self) -> int:
        """Return how many changes there are."""
        return len(self._times)

    @property
    def times(self) -> Times:
        """Return when it changes, shape (n,), UTC ns."""
        return self._times.view

    @property
    def values(self) -> Values:
        """Return the value from each change on, shape (n,)."""
        return self._values.view

    @property
    def newest_ns(self) -> int:
        """Return when it changes last, `FAR_PAST` where it never does."""
        return int(self.times[-1]) if len(self) else FAR_PAST

    def rows_at(self, at: Times) -> NDArray[np.intp]:
        """Return the row in force at each instant, shape (m,), -1 before the first."""
        return self.times.searchsorted(at, "right") - 1

    def at(self, at: Times) -> Values:
        """Return the value at each instant, shape (m,)."""
        return self.of_rows(self.rows_at(at))

    def of_rows(self, rows: NDArray[np.intp]) -> Values:
        """Return the values of rows, shape (m,), NaN for -1."""
        if not len(self):
            return np.full(len(rows), np.nan)
        return np.where(rows >= 0, self.values[rows], np.nan)

    def since(self, at: Times) -> Times:
        """Return since when the value at each instant holds, shape (m,), `FAR_PAST` before the first change."""
        if not len(self):
            return np.full(len(at), np.int64(FAR_PAST))
        rows = self.rows_at(at)
        return np.where(rows >= 0, self.times[rows], np.int64(FAR_PAST))

    def before(self, at_ns: int) -> float:
        """Return the value just before an instant."""
        row = int(self.times.searchsorted(at_ns, "left")) - 1
        return float(self.values[row]) if row >= 0 else np.nan

    def last_known(self, before_ns: int) -> float:
        """Return the last value before an instant that was not unknown, NaN where there was none."""
        row = int(self.times.searchsorted(before_ns, "left")) - 1
        if row >= 0 and np.isnan(self.values[row]):
            row -= 1  # of two neighbours one is known
        return float(self.values[row]) if row >= 0 else np.nan

    def rewrite(self, from_ns: int, times: Times, values: Values) -> int | None:
        """Let the function be `values` from `times` on (m ascending instants, none before `from_ns`) and forget what it was from there.

        Returns:
            The first instant at which it differs from what it was, None where it is the same function.
        """
        keep = int(self.times.searchsorted(from_ns, "left"))
        before = self.values[keep - 1 : keep] if keep else np.full(1, np.nan)
        changed = ~_same(values, np.concatenate((before, values[:-1]))) if len(values) else np.zeros(0, bool)
        times, values = times[changed], values[changed]
        differs_ns = _first_difference(self.times[keep:], self.values[keep:], times, values)
        if differs_ns is not None:
            self._times.replace(keep, times)
            self._values.replace(keep, values)
        return differs_ns


def _same(one: Values, other: Values) -> NDArray[np.bool_]:
    """Tell which values are equal, shape (n,); unknown equals unknown."""
    same: NDArray[np.bool_] = (one == other) | (np.isnan(one) & np.isnan(other))
    return same


def _first_difference(old: Times, old_values: Values, new: Times, new_values: Values) -> int | None:
    """Return the first instant at which two rows of changes differ, None where they are equal."""
    n = min(len(old), len(new))
    differs = np.flatnonzero((old[:n] != new[:n]) | ~_same(old_values[:n], new_values[:n]))
    row = int(differs[0]) if len(differs) else n
    ahead = [int(times[row]) for times in (old, new) if row < len(times)]
    return min(ahead, default=None)
