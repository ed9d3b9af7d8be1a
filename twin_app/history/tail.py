"""The newest samples, bounded: what almost every question is about, answered from memory. Not for what has left it: see `past`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.history.tracks import Tracks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.history.past import Past
    from twin_app.history.snapshot import Snapshot
    from twin_app.model.samples import Samples

_PROBES = 65_536
_KEEP = 0.75
"""Share of the bound kept at an eviction, so that one pays for many folds."""


class Tail:
    """Tracks of at most about `limit` samples; the oldest give way to `past`. Without a past nothing ever leaves.

    A late sample older than the tail goes to the past alone, unless it is its signal's newest before the tail begins.
    """

    def __init__(self, past: Past | None, limit: int) -> None:
        """Start empty; `limit` in samples."""
        self._past = past
        self._limit = limit
        self._evict_above = limit
        self._tracks = Tracks()

    def emptied(self) -> Tail:
        """Return a tail like this one with nothing in it."""
        return Tail(self._past, self._limit)

    def begun(self, tracks: Tracks) -> Tail:
        """Return a tail like this one that begins with some tracks."""
        found = self.emptied()
        found._tracks = tracks  # noqa: SLF001 - its own class
        return found

    @property
    def snapshot(self) -> Snapshot:
        """What is known as of the last fold; for every thread."""
        return self._tracks.snapshot

    @property
    def repeats(self) -> int:
        """Exact repeats left out."""
        return self._tracks.repeats

    def repeats_of(self, signals: NDArray[np.intp]) -> int:
        """Return how many exact repeats of these signals were left out."""
        by_signal = self._tracks.repeats_by_signal
        return int(by_signal[signals[signals < len(by_signal)]].sum())

    def fold(self, samples: Samples) -> Samples:
        """Take samples in, in order of arrival; return them without exact repeats. Belongs to one thread."""
        if self._past is not None:
            late = samples.effective_ns < self.snapshot.floor_ns
            if late.any():
                self._past.take_late()
        kept = self._tracks.fold(samples)
        if self._past is not None and self._tracks.count > self._evict_above:
            self._evict()
        return samples if kept.all() else samples.take(kept)

    def _evict(self) -> None:
        """Let the oldest go. Where that frees little (few samples a signal), the next try waits until there is more."""
        floor_ns = self._floor()
        if floor_ns > self.snapshot.floor_ns:
            self._tracks.cut(floor_ns)
        self._evict_above = max(self._limit, int(self._tracks.count * 1.25))

    def _floor(self) -> int:
        """Return the time before which about as many samples lie as shall go, judged by some 65,536 of them."""
        stride = max(self._tracks.count // _PROBES, 1)
        times = np.concatenate([view.times[::stride] for view in self.snapshot.views])
        times = times[times >= self.snapshot.floor_ns]
        rank = int(len(times) * (1 - _KEEP * self._limit / self._tracks.count))
        return int(np.partition(times, rank)[rank]) if len(times) else self.snapshot.floor_ns
