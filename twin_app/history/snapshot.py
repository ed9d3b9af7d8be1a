"""What is known at one moment, immutable: readers of any thread look up in it while more is folded. Not for folding: see `tracks`."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin_app.model.historian import Latest
from twin_app.model.samples import NEVER, Kind, Quality, Samples

VALUE, MESSAGE, MARKS = range(3)
"""Columns of rows, shape (n, 3) int64: the value's bits, the message number, and kind + 256 x quality. One array of one
type, because numpy moves it ten times faster than a structured one."""
QUALITY_SHIFT = 8
_LATEST = {"effective_ns": NEVER, "value": np.nan, "kind": Kind.NULL, "quality": Quality.UNKNOWN, "message": -1}
"""What a signal that was never heard is shown as."""


class View(NamedTuple):
    """Samples of one signal in order: `times`, shape (n,), UTC ns, and `rows`, shape (n, 3), see `MARKS`."""

    times: NDArray[np.int64]
    rows: NDArray[np.int64]


NOTHING = View(np.empty(0, np.int64), np.empty((0, 3), np.int64))


def rows_of(samples: Samples) -> NDArray[np.int64]:
    """Return the samples' rows, shape (n, 3)."""
    rows = np.empty((len(samples), 3), np.int64)
    rows[:, VALUE].view(np.float64)[:] = samples.value
    rows[:, MESSAGE] = samples.message
    rows[:, MARKS] = samples.quality
    rows[:, MARKS] <<= QUALITY_SHIFT
    rows[:, MARKS] |= samples.kind
    return rows


def values(rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the values of rows, shape (n,)."""
    return rows[:, VALUE].view(np.float64)


def kinds(rows: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the kinds of rows, shape (n,)."""
    return rows[:, MARKS].astype(np.uint8)


def qualities(rows: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the qualities of rows, shape (n,)."""
    return (rows[:, MARKS] >> QUALITY_SHIFT).astype(np.uint8)


def never_heard(signals: int) -> Latest:
    """Return the latest values of `signals` signals of which nothing was heard."""
    code = np.empty(0, np.uint8)
    return padded(Latest(np.empty(0, np.int64), np.empty(0, np.float64), code, code, np.empty(0, np.int64)), signals)


def padded(latest: Latest, signals: int) -> Latest:
    """Return a copy that has at least `signals` signals, the new ones never heard; numbers that nobody read are not read for it."""
    more = max(signals - len(latest.effective_ns), 0)

    def longer(name: str, column: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate((column, np.full(more, _LATEST[name], column.dtype))) if more else column.copy()

    def numbers() -> NDArray[np.int64]:
        return longer("message", latest.message)

    columns = {name: longer(name, getattr(latest, name)) for name in _LATEST if name != "message"}
    return Latest(**columns, numbers=numbers if callable(latest.numbers) else numbers())


def forget(latest: Latest, signals: NDArray[np.int64]) -> None:
    """Make signals unheard in place, those that are there."""
    there = signals[signals < len(latest.kind)]
    for name, fill in _LATEST.items():
        if name != "message":
            getattr(latest, name)[there] = fill
    latest.came_in_none(there)


def write(latest: Latest, signal: NDArray[np.integer], times: NDArray[np.int64], rows: NDArray[np.int64]) -> None:
    """Write the latest of some signals in place."""
    latest.effective_ns[signal] = times
    latest.value[signal] = values(rows)
    latest.kind[signal] = kinds(rows)
    latest.quality[signal] = qualities(rows)
    latest.message[signal] = rows[:, MESSAGE]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Views by signal id, complete from `floor_ns` on, with each signal's last sample before. `latest` belongs to `last_ns`."""

    views: tuple[View, ...]
    latest: Latest
    first_ns: int
    last_ns: int
    floor_ns: int

    def state_at(self, at_ns: int, signals: int) -> Latest:
        """Return the latest of each of at least `signals` signals at or before `at_ns`, which is not before the floor.

        Costs O(signals) from the newest sample on, O(signals log n) before.
        """
        answer = padded(self.latest, signals)
        later = np.flatnonzero(self.latest.effective_ns > at_ns)
        if not len(later):
            return answer
        views = [self.views[signal] for signal in later.tolist()]
        found = [bisect_right(view.times.data, at_ns) - 1 for view in views]  # half the time of numpy's, which is made for many
        times = np.array([view.times[k] for view, k in zip(views, found, strict=True)])  # -1 picks the last: never heard yet, blanked below
        write(answer, later, times, np.array([view.rows[k] for view, k in zip(views, found, strict=True)]))
        unheard = later[np.array(found) < 0]
        forget(answer, unheard)
        return answer

    def count(self, signal: int, start_ns: int, end_ns: int) -> int:
        """Return how many samples a signal has within [start_ns, end_ns]."""
        if signal >= len(self.views):
            return 0
        times = self.views[signal].times
        return int(times.searchsorted(end_ns, "right") - times.searchsorted(start_ns, "left"))

    def samples(self, signal: int, start_ns: int, end_ns: int, *, in_force: bool = True) -> View:
        """Return a signal's samples of [start_ns, end_ns]; before them the one in force at the start, unless one is right there."""
        if signal >= len(self.views):
            return NOTHING
        times, rows = self.views[signal]
        low, high = (int(k) for k in (times.searchsorted(start_ns, "left"), times.searchsorted(end_ns, "right")))
        if in_force and low > 0 and (low == len(times) or times[low] > start_ns):
            low -= 1
        return View(times[low:high], rows[low:high])
