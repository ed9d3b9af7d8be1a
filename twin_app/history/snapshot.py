"""What is known at one moment, immutable: readers of any thread look up in it while more is folded. Not for folding: see `tracks`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin_app.model.historian import Latest
from twin_app.model.samples import NEVER, Kind, Quality, Samples

ROW = np.dtype([("value", np.float64), ("message", np.int64), ("kind", np.uint8), ("quality", np.uint8)], align=True)
"""A sample but for its time; one array, so that a signal's share of a batch is moved at once."""
_LATEST = {"effective_ns": NEVER, "value": np.nan, "kind": Kind.NULL, "quality": Quality.UNKNOWN, "message": -1}
"""What a signal that was never heard is shown as."""


class View(NamedTuple):
    """Samples of one signal in order: `times`, shape (n,), UTC ns, and `rows`, shape (n,), of type `ROW`."""

    times: NDArray[np.int64]
    rows: NDArray[np.void]


NOTHING = View(np.empty(0, np.int64), np.empty(0, ROW))


def rows_of(samples: Samples) -> NDArray[np.void]:
    """Return the samples' rows, shape (n,)."""
    rows = np.empty(len(samples), ROW)
    for name in ("value", "message", "kind", "quality"):
        rows[name] = getattr(samples, name)
    return rows


def never_heard(signals: int) -> Latest:
    """Return the latest values of `signals` signals of which nothing was heard."""
    code = np.empty(0, np.uint8)
    return padded(Latest(np.empty(0, np.int64), np.empty(0, np.float64), code, code, np.empty(0, np.int64)), signals)


def padded(latest: Latest, signals: int) -> Latest:
    """Return a copy that has at least `signals` signals, the new ones never heard."""
    more = max(signals - len(latest.effective_ns), 0)
    columns = {name: np.concatenate((c := getattr(latest, name), np.full(more, fill, c.dtype))) for name, fill in _LATEST.items()}
    return Latest(**columns)


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
        for i in np.flatnonzero(self.latest.effective_ns > at_ns):
            times, rows = self.views[i]
            k = int(times.searchsorted(at_ns, "right")) - 1
            if k < 0:
                answer.effective_ns[i], answer.value[i], answer.message[i], answer.kind[i], answer.quality[i] = (
                    NEVER,
                    np.nan,
                    -1,
                    Kind.NULL,
                    Quality.UNKNOWN,
                )
            else:
                answer.effective_ns[i] = times[k]
                answer.value[i], answer.message[i], answer.kind[i], answer.quality[i] = rows[k]
        return answer

    def samples(self, signal: int, start_ns: int, end_ns: int, *, in_force: bool = True) -> View:
        """Return a signal's samples of [start_ns, end_ns]; before them the one in force at the start, unless one is right there."""
        if signal >= len(self.views):
            return NOTHING
        times, rows = self.views[signal]
        low, high = (int(k) for k in (times.searchsorted(start_ns, "left"), times.searchsorted(end_ns, "right")))
        if in_force and low > 0 and (low == len(times) or times[low] > start_ns):
            low -= 1
        return View(times[low:high], rows[low:high])
