"""What a source's samples tell about the source itself: how many, how late, how far its clock is off. Not for messages: see `codec.tally`."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from twin_app.clock import SECOND_NS
from twin_app.model.samples import NEVER, Quality
from twin_app.sources.rate import Rate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.model.samples import Samples

BATCHES = 101
"""Batches whose median delay is remembered: some seconds of a busy source."""


class Gauge:
    """Measures batches of samples. `take` belongs to the source's thread, all else to any."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self.samples = 0
        self.out_of_order = 0
        """Samples that are effective before an earlier arrival of their signal: they go where they belong, and are counted."""
        self.rate = Rate()
        self._latest = np.empty(0, np.int64)
        self._delays: deque[int] = deque(maxlen=BATCHES)

    def take(self, samples: Samples) -> None:
        """Measure one batch."""
        self.samples += len(samples)
        self.rate.add(len(samples))
        self._look_at_order(samples)
        sourced = (samples.source_ns != NEVER) & (samples.quality == Quality.GOOD)
        if sourced.any():
            self._delays.append(int(np.median(samples.received_ns[sourced] - samples.source_ns[sourced])))

    @property
    def clock_offset_s(self) -> float | None:
        """Return the median of receive time minus source time: the way of a message, and how far the source's clock is behind ours.

        Seconds; negative where its clock is ahead. None where the source tells no time.
        """
        delays = tuple(self._delays)
        return float(np.median(delays)) / SECOND_NS if delays else None

    @property
    def heard(self) -> NDArray[np.intp]:
        """Return the ids of all signals that were heard, shape (signals,)."""
        return np.flatnonzero(self._latest != NEVER)

    def _look_at_order(self, samples: Samples) -> None:
        """Count steps back in time, signal by signal."""
        top = int(samples.signal.max()) + 1
        latest = self._latest
        if top > len(latest):
            latest = np.concatenate((latest, np.full(top - len(latest), NEVER)))
        order = samples.signal.argsort(kind="stable")
        signal, times = samples.signal[order], samples.effective_ns[order]
        starts = np.flatnonzero(np.concatenate(([True], signal[1:] != signal[:-1])))
        before = np.concatenate(([NEVER], times[:-1]))
        before[starts] = latest[signal[starts]]
        self.out_of_order += int((times < before).sum())
        latest[signal[starts]] = np.maximum(latest[signal[starts]], np.maximum.reduceat(times, starts))
        self._latest = latest
