"""Samples between intake, journal and folding: batches in memory, numbered one by one. Not for look-ups: see `tail`."""

from __future__ import annotations

import threading
from bisect import bisect_right

from twin_app.model.samples import Samples


class Blocks:
    """Batches behind each other; sample number k is the k-th ever accepted. Safe from any thread; the lock is held for microseconds."""

    def __init__(self, first: int = 0) -> None:
        """Start empty, the next sample being number `first`."""
        self._lock = threading.Lock()
        self._firsts: list[int] = []
        self._batches: list[Samples] = []
        self.watermark = first
        """Number after the newest sample."""
        self.oldest = first
        """Number of the oldest sample still here, the watermark where there is none."""

    def append(self, samples: Samples) -> int:
        """Add a batch, which nobody changes any more; return the watermark."""
        with self._lock:
            if len(samples):
                self._firsts.append(self.watermark)
                self._batches.append(samples)
                self.watermark += len(samples)
            return self.watermark

    def since(self, first: int) -> tuple[int, list[Samples]]:
        """Return the samples from number `first` on (or from the oldest here), with the number of the first returned."""
        with self._lock:
            at = max(bisect_right(self._firsts, first) - 1, 0)
            batches, start = self._batches[at:], self._firsts[at] if self._firsts else self.watermark
        if batches and start < first:
            rest = batches[0].take(slice(first - start, None))
            return first, [rest, *batches[1:]] if len(rest) else batches[1:]
        return start, batches

    def forget(self, before: int) -> None:
        """Drop the batches that end at or before number `before`."""
        with self._lock:
            gone = len(self._firsts) if before >= self.watermark else max(bisect_right(self._firsts, before) - 1, 0)
            del self._firsts[:gone], self._batches[:gone]
            self.oldest = self._firsts[0] if self._firsts else self.watermark

    def __len__(self) -> int:
        """Return how many samples are here."""
        return self.watermark - self.oldest


def up_to(first: int, batches: list[Samples], limit: int) -> tuple[Samples, int]:
    """Return the first `limit` samples of batches that begin at number `first`, and the number after them."""
    taken: list[Samples] = []
    room = limit
    for batch in batches:
        if room <= 0:
            break
        taken.append(batch if len(batch) <= room else batch.take(slice(0, room)))
        room -= len(taken[-1])
    return Samples.concatenate(taken), first + limit - room
