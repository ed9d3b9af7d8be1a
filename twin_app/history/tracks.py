"""Samples by signal, each signal's in order of time, for look-ups by readers that need no lock. Not for bounds: see `tail`.

The order is (effective time, message number, arrival), so that of two samples of one instant the later arrival is in
force. An exact repeat, the same value at the same source time of no better quality, is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

from twin_app.history.ordering import in_order, known, repeats
from twin_app.history.snapshot import NOTHING, Snapshot, View, never_heard, padded, rows_of, write
from twin_app.history.track import Track
from twin_app.model.samples import NEVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from twin_app.model.historian import Latest
    from twin_app.model.samples import Samples

FOREVER = 2**63 - 1


class Tracks:
    """All signals' samples from `floor_ns` on, and each signal's last one before. One thread folds; `snapshot` is for every thread."""

    def __init__(self) -> None:
        """Start empty."""
        self.count = 0
        """Samples held."""
        self.repeats = 0
        """Exact repeats left out."""
        self.repeats_by_signal = np.zeros(0, np.int64)
        """The same by signal id; replaced, never changed in place."""
        self._tracks: list[Track] = []
        self._views: list[View] = []
        self.snapshot = Snapshot((), never_heard(0), FOREVER, NEVER, NEVER)
        """What is known as of the last fold or cut; immutable."""

    @classmethod
    def of(cls, views: Sequence[View], floor_ns: int) -> Self:
        """Return tracks of their own that start with a copy of the views."""
        new = cls()
        new._grow(len(views))
        latest = never_heard(len(views))
        first_ns, last_ns = FOREVER, NEVER
        for signal, view in enumerate(views):
            if len(view.times):
                new._tracks[signal].extend(*view)
                new._views[signal] = new._tracks[signal].view()
                new.count += len(view.times)
                write(latest, np.array([signal]), view.times[-1:], view.rows[-1:])
                first_ns, last_ns = min(first_ns, int(view.times[0])), max(last_ns, int(view.times[-1]))
        new._publish(latest, first_ns, last_ns, floor_ns)
        return new

    def entries(self, floor_ns: int) -> Self:
        """Return tracks with each signal's last sample before `floor_ns` (and those of its instant) alone."""
        views = []
        for times, rows in self._views:
            stop = int(times.searchsorted(floor_ns, "left"))
            start = int(times.searchsorted(times[stop - 1], "left")) if stop else 0
            views.append(View(times[start:stop], rows[start:stop]))
        return self.of(views, floor_ns)

    def fold(self, samples: Samples) -> NDArray[np.bool_]:
        """Take samples in, in order of arrival; return which of them were no repeats, shape (n,)."""
        kept = np.ones(len(samples), np.bool_)
        if not len(samples):
            return kept
        self._grow(int(samples.signal.max()) + 1)
        order = in_order(samples)
        again = repeats(samples, order)
        if again.any():
            kept = ~again
            order = order[kept[order]]
        latest = padded(self.snapshot.latest, len(self._tracks))
        again = self._take_in(samples, order, latest)
        kept[order[again]] = False
        self._count_repeats(samples.signal[~kept])
        self._publish(latest, int(samples.effective_ns.min()), int(samples.effective_ns.max()), self.snapshot.floor_ns)
        return kept

    def _count_repeats(self, signals: NDArray[np.int32]) -> None:
        """Count what was left out, by signal."""
        if len(signals):
            self.repeats += len(signals)
            counted = np.bincount(signals, minlength=len(self._tracks))
            counted[: len(self.repeats_by_signal)] += self.repeats_by_signal
            self.repeats_by_signal = counted

    def cut(self, floor_ns: int) -> None:
        """Drop what is older than each signal's last sample before `floor_ns` (those of its very instant stay, to know repeats)."""
        for signal, track in enumerate(self._tracks):
            gone = track.cut(floor_ns)
            if gone:
                self.count -= gone
                self._views[signal] = track.view()
        self._publish(self.snapshot.latest, FOREVER, NEVER, floor_ns)

    def _take_in(self, samples: Samples, order: NDArray[np.intp], latest: Latest) -> NDArray[np.bool_]:
        """Put the ordered samples behind or into their tracks, noting the latest; return which were repeats, in that order."""
        signal, times, rows = samples.signal[order], samples.effective_ns[order], rows_of(samples)[order]
        sourced = samples.source_ns[order] == times
        again = np.zeros(len(order), np.bool_)
        starts = np.flatnonzero(np.concatenate(([True], signal[1:] != signal[:-1])))
        ends = np.append(starts[1:], len(order))
        heads = signal[starts]
        newest = latest.effective_ns[heads]
        touching = (times[starts] <= newest) | (times[starts] < self.snapshot.floor_ns)
        for s, a, b in zip(heads[~touching].tolist(), starts[~touching].tolist(), ends[~touching].tolist(), strict=True):
            track = self._tracks[s]
            track.extend(times[a:b], rows[a:b])
            self._views[s] = track.view()
        self.count += int((ends - starts)[~touching].sum())
        last = ends[~touching] - 1
        write(latest, heads[~touching], times[last], rows[last])
        for s, a, b in zip(heads[touching].tolist(), starts[touching].tolist(), ends[touching].tolist(), strict=True):
            new = View(times[a:b], rows[a:b])
            again[a:b] = known(self._views[s], new) & sourced[a:b]
            self._merge(s, View(new.times[~again[a:b]], new.rows[~again[a:b]]))
            view = self._views[s]
            write(latest, np.array([s]), view.times[-1:], view.rows[-1:])
        return again

    def _merge(self, signal: int, new: View) -> None:
        """Take in one signal's samples that do not all come after the ones it has."""
        track = self._tracks[signal]
        if len(new.times):
            track.merge(new)
            self.count += len(new.times) - track.cut(self.snapshot.floor_ns)
            self._views[signal] = track.view()

    def _grow(self, signals: int) -> None:
        """Have a track for every signal id below `signals`."""
        while len(self._tracks) < signals:
            self._tracks.append(Track())
            self._views.append(NOTHING)

    def _publish(self, latest: Latest, first_ns: int, last_ns: int, floor_ns: int) -> None:
        """Replace the snapshot: one assignment, so that a reader sees all of a batch or nothing."""
        old = self.snapshot
        self.snapshot = Snapshot(tuple(self._views), latest, min(old.first_ns, first_ns), max(old.last_ns, last_ns), floor_ns)
