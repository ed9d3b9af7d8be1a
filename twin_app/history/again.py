"""A recording that somebody goes on with: what is folded of its sealed part at once, and what little by little. Not for what lies unsealed.

The present is known from the last slab's end; what follows from states and counters from the few facts of all slabs. So a
line is shown in the time that those take, however much its newest file holds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from twin_app.history.ordering import in_order, settled_ties
from twin_app.history.snapshot import NOTHING, View, rows_of
from twin_app.history.tracks import Tracks
from twin_app.model.samples import Samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from twin_app.history.sealed import Sealed

AT_ONCE = 400_000
"""Facts that are folded in one go: those of a shift or two."""
A_FOLD = 5_000
"""Measurements that are folded with what comes in, later."""


class Again:
    """What is left to be folded of a file's slabs."""

    def __init__(self, sealed: Sealed, needed: Callable[[], frozenset[int]], afterwards: Callable[[], frozenset[int]]) -> None:
        """Fold the signals `needed` at once, and little by little those `afterwards`; both are asked when it begins."""
        self._sealed = sealed
        self._facts = (batch for _ in range(1) for batch in facts(sealed, needed()))
        self._later = (batch for _ in range(1) for batch in later(sealed, afterwards() - needed()))
        self.done = False
        """Whether all facts were given."""
        self.stop = sealed.reader.sealed()[0]
        """The number after the last sample that lies in slabs."""

    def tracks(self, signals: int) -> Tracks:
        """Return each signal's last samples as tracks that begin where the slabs end."""
        return tracks_after(self._sealed, signals)

    def facts(self) -> Samples:
        """Return the next facts; nothing, and `done`, when there are no more."""
        found = next(self._facts, None)
        self.done = found is None
        return Samples.empty() if found is None else found

    def more(self) -> Samples | None:
        """Return some of what comes afterwards, None when there is no more."""
        return next(self._later, None)


def facts(sealed: Sealed, signals: frozenset[int]) -> Iterator[Samples]:
    """Yield what must be folded of a file's slabs, by time, with what held before them and the first and the last sample of all."""
    entries = sealed.entries
    waiting = [sealed.state_before()]
    for number, entry in enumerate(entries):
        found = sealed.samples(entry, signals)
        if number in {0, len(entries) - 1}:
            every = sealed.samples(entry)
            ends = [at_ns for at, at_ns in ((0, every.effective_ns.min()), (len(entries) - 1, every.effective_ns.max())) if at == number]
            found = every.take(np.isin(every.signal, list(signals)) | np.isin(every.effective_ns, ends))
        waiting.append(settled(found))
        if sum(map(len, waiting)) >= AT_ONCE:
            yield Samples.concatenate(waiting)
            waiting = []
    yield Samples.concatenate(waiting)


def later(sealed: Sealed, signals: frozenset[int]) -> Iterator[Samples]:
    """Yield what may be folded of a file's slabs when there is time, some at a time, the newest slab first."""
    for entry in reversed(sealed.entries) if signals else ():
        found = settled(sealed.samples(entry, signals))
        for first in range(0, len(found), A_FOLD):
            yield found.take(slice(first, first + A_FOLD))


def tracks_after(sealed: Sealed, signals: int) -> Tracks:
    """Return each signal's last samples of a file's slabs as tracks that begin where those end."""
    entries = sealed.entries
    state = sealed.state_after(entries[-1])
    state = state.take(in_order(state)) if len(state) else state
    views = [NOTHING] * max(signals, int(state.signal.max(initial=-1)) + 1)
    starts = np.flatnonzero(np.concatenate(([True], state.signal[1:] != state.signal[:-1]))) if len(state) else np.empty(0, np.intp)
    rows = rows_of(state)
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(state)][: len(starts)], strict=True):
        views[int(state.signal[start])] = View(state.effective_ns[start:stop], rows[start:stop])
    found = Tracks.of(views, entries[-1].end_ns)
    found.snapshot = replace(found.snapshot, first_ns=entries[0].start_ns)
    return found


def settled(samples: Samples) -> Samples:
    """Return samples without exact repeats, by signal."""
    samples = samples.take(samples.signal.argsort(kind="stable"))
    order = settled_ties(samples) if len(samples) else None
    return samples if order is None else samples.take(order)
