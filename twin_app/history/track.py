"""One signal's samples in growing arrays. Written by one thread; views of it never change. Not for many signals: see `tracks`."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

import numpy as np

from twin_app.history.snapshot import MESSAGE, NOTHING, View

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_CAPACITY = 16
_PRIVATE = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_ANONYMOUS") else {}
_OF_ITS_OWN = 1 << 16
"""Bytes from which an array lies in pages of its own: those not written to yet cost nothing, and all of them go back at once."""


class Track:
    """Samples [low, high) of arrays with room behind; views end where the room begins."""

    __slots__ = ("high", "low", "rows", "times")

    def __init__(self) -> None:
        """Start empty."""
        self.low = self.high = 0
        self.times, self.rows = NOTHING

    def view(self) -> View:
        """Return what is there now; it stays as it is."""
        return View(self.times[self.low : self.high], self.rows[self.low : self.high])

    def extend(self, times: NDArray[np.int64], rows: NDArray[np.int64]) -> None:
        """Append samples that come after all others."""
        high = self.high + len(times)
        if high > len(self.times):
            self._move(self.high - self.low + len(times))
            high = self.high + len(times)
        self.times[self.high : high] = times
        self.rows[self.high : high] = rows
        self.high = high

    def merge(self, new: View) -> None:
        """Insert samples where they belong: at the end, or in new arrays, because readers may be looking at the old ones."""
        old = self.view()
        at = int(old.times.searchsorted(new.times[0], "left"))
        times, rows = np.concatenate((old.times[at:], new.times)), np.concatenate((old.rows[at:], new.rows))
        order = np.lexsort((rows[:, MESSAGE], times))  # stable: the earlier arrival stays in front
        if np.array_equal(order, np.arange(len(order))):
            self.extend(*new)
            return
        self.high = self.low + at
        self._move(at + len(times))
        self.extend(times[order], rows[order])

    def cut(self, floor_ns: int) -> int:
        """Drop all before the sample in force just before `floor_ns` and before those of its instant; return how many went."""
        times = self.times[self.low : self.high]
        entry = int(times.searchsorted(floor_ns, "left")) - 1
        gone = int(times.searchsorted(times[entry], "left")) if entry > 0 else 0
        self.low += gone
        if gone and 4 * (self.high - self.low) < len(self.times):
            self._move(self.high - self.low)
        return gone

    def _move(self, samples: int) -> None:
        """Copy what is there to new arrays that have room for `samples`, twice."""
        old = self.view()
        capacity = max(2 * samples, _LEAST_CAPACITY)
        self.times, self.rows = _room(capacity), _room(3 * capacity).reshape(-1, 3)
        self.low, self.high = 0, len(old.times)
        self.times[: self.high], self.rows[: self.high] = old


def _room(count: int) -> NDArray[np.int64]:
    """Return an array to be written. From the heap its room behind would be real memory, and holes between others when it is gone."""
    size = count * np.dtype(np.int64).itemsize
    return np.empty(count, np.int64) if size < _OF_ITS_OWN else np.frombuffer(mmap.mmap(-1, size, **_PRIVATE), np.int64)
