"""A recording as the store of a session: what follows from states and counters is folded at once, everything else is read when asked for. Not for writing.

So a shift opens in the time that its few facts take, however many measurements it holds.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from twin_app.history.ordering import settled_ties
from twin_app.history.raw import RawRing
from twin_app.model.historian import Span
from twin_app.model.recording import RecordingNow
from twin_app.model.samples import NEVER, Samples

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from numpy.typing import NDArray

    from twin_app.history.recording import Recording
    from twin_app.history.shelf import Place
    from twin_app.model.equipment import Line
    from twin_app.model.historian import Latest, Series
AT_ONCE = 400_000
"""Facts that are folded in one go: those of a shift or two."""
AFTERWARDS = 50_000
"""Facts that are folded in one go behind those: of weeks, somebody looks at how far it is, and may give up."""
A_FRAME = 20_000
"""Measurements that are folded between two frames."""


class Replay:
    """What `Store` is to a session, over a recording that does not change. Nothing can be appended."""

    lasting = False
    waiting = unnamed = unrecorded = repeats = 0
    trouble = None

    def __init__(self, recording: Recording, *, pictured: bool = True, at_once: int = AT_ONCE) -> None:
        """Take over an open recording, which is closed with this store.

        Args:
            recording: what is replayed.
            pictured: somebody may look at moving machines.
            at_once: about so many facts are folded in one go.
        """
        self.recording = recording
        self.signals, self.texts = recording.signals, recording.texts
        self.raw = RawRing(1)
        self._span = recording.span()
        self._places = recording.shelf.places
        self._firsts = np.cumsum([0] + [place.entry.n for place in self._places])
        self._unsealed = Samples.concatenate([samples for _, samples in recording.unsealed()])
        self.watermark = self.committed = int(self._firsts[-1]) + len(self._unsealed)
        self.folded = 0
        self._facts_to = self._handed_to = NEVER
        self._pictured, self._at_once = pictured, at_once
        self._batches: Iterator[Samples] = iter(())
        self._read: tuple[Place, Samples] | None = None

    @property
    def damaged(self) -> int:
        """Return what could not be believed so far."""
        return self.recording.damaged

    def recording_now(self) -> RecordingNow:
        """Return how the recording is: nothing is added to it."""
        return RecordingNow(committed=self.committed, damaged=self.damaged, notices=self.notices())

    def notices(self) -> tuple[str, ...]:
        """Return what a person must know about the recording."""
        return self.recording.notices()

    def close(self) -> None:
        """Let the files go."""
        self.recording.close()

    def describe(self, line: Line, at_ns: int) -> None:
        """Do nothing: a recording does not change by being read."""

    # What sources do: nothing, but they have a door

    def next_seq(self) -> int:
        """Return -1: no message comes in."""
        return -1

    def append(self, samples: Samples) -> int:
        """Refuse: a recording does not grow by being read."""
        raise NotImplementedError

    def mark(self, key: str, value: str) -> None:
        """Keep nothing: there is nothing to go on with."""

    def marked(self, key: str) -> str:
        """Return what the recording holds under a key, empty where it holds nothing."""
        return self.recording.marked(key)

    def commit(self) -> int:
        """Return the watermark: all there is lies on the disk."""
        return self.watermark

    def expect(self, needed: Callable[[], frozenset[int]], afterwards: Callable[[], frozenset[int]]) -> None:
        """Learn what is to be folded, and what may follow."""
        if self.watermark:
            self._batches = self._all_batches(needed(), afterwards() if self._pictured else frozenset())

    def hold_numbers(self) -> None:
        """Do nothing: they never change."""

    def repeats_of(self, _signals: NDArray[np.intp]) -> int:
        """Return 0: repeats were counted when they came."""
        return 0

    # What the folding thread does

    def refold(self) -> bool:
        """Begin to fold anew with the next `expect`."""
        self.folded, self._facts_to, self._handed_to = 0, NEVER, NEVER
        return True

    @property
    def share(self) -> float:
        """Return how far states and counters are folded, as a share of the span; 1.0 once all of them are."""
        if self._span is None or self._facts_to >= self._span.end_ns or self.folded >= self.watermark:  # an end that is lost says nothing
            return 1.0
        return max(self._facts_to - self._span.start_ns, 0) / (self._span.end_ns - self._span.start_ns + 1)

    def fold(self, _limit: int = AT_ONCE) -> Samples:
        """Return the next facts, without exact repeats; `folded` reaches `watermark` with the last ones. What was returned before counts as folded."""
        self._facts_to = self._handed_to
        batch = next(self._batches, None)
        if batch is None:
            self.folded = self.watermark
            return Samples.empty()
        return batch

    def read_since(self, watermark: int, limit: int = AT_ONCE) -> tuple[Samples, int]:
        """Return up to `limit` of all samples from number `watermark` on, a slab's at most, and the number to go on from."""
        sealed = int(self._firsts[-1])
        if watermark >= sealed:
            found = self._unsealed.take(slice(watermark - sealed, watermark - sealed + limit))
            return found, watermark + len(found)
        number = int(self._firsts.searchsorted(watermark, "right")) - 1
        first, after = int(self._firsts[number]), int(self._firsts[number + 1])
        place = self._places[number]
        if self._read is None or self._read[0] is not place:
            self._read = place, place.sealed.samples(place.entry)
        found = self._read[1].take(slice(watermark - first, watermark - first + limit))
        reached = watermark + len(found)
        return found, after if reached - first >= len(self._read[1]) else reached

    def _all_batches(self, needed: frozenset[int], afterwards: frozenset[int]) -> Iterator[Samples]:
        """Yield what is to be folded: what must be, with the first and the last sample of all; then, little by little, what may follow.

        By time: what comes after a later sample would have the plant read its signal again from there.
        """
        span = self.recording.span()
        if span is None:
            return
        inner = span.start_ns + 1, span.end_ns - 1
        begun, ended = (self.recording.samples(at_ns, at_ns) for at_ns in (span.start_ns, span.end_ns))
        if span.start_ns == span.end_ns:
            ended = iter(())
        facts = map(_settled, chain(begun, self.recording.samples(*inner, signals=needed), ended))
        for batch in _joined(self._at_once, [self.recording.shelf.state_before()], facts):
            self._handed_to = max(self._handed_to, int(batch.effective_ns.max(initial=NEVER)))
            yield batch
        self._handed_to = span.end_ns
        for samples in self.recording.samples(*inner, signals=afterwards - needed) if afterwards - needed else ():
            settled = _settled(samples)
            for first in range(0, len(settled), A_FRAME):
                yield settled.take(slice(first, first + A_FRAME))

    # What anybody asks

    def span(self) -> Span | None:
        """Return from when to when anything is effective; while states and counters are being folded as far as they are, so that none is told too long."""
        if self._span is None or self.share >= 1.0:
            return self._span
        return Span(self._span.start_ns, max(self._span.start_ns, self._facts_to))

    def state_at(self, at_ns: int) -> Latest:
        """Return the latest of every signal at or before an instant."""
        return self.recording.state_at(at_ns)

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        """Return a signal's samples of a span with the one in force at its start, or an envelope of `pixels` columns."""
        return self.recording.range(signal, start_ns, end_ns, pixels)

    def samples(self, start_ns: int, end_ns: int, *, signals: Collection[int]) -> Iterator[Samples]:
        """Yield the samples of some signals in [start_ns, end_ns], some at a time, by effective time."""
        return self.recording.samples(start_ns, end_ns, signals=signals)


def _joined(size: int, parts: list[Samples], more: Iterable[Samples]) -> Iterator[Samples]:
    """Yield all samples, `size` or a few more at first, then `AFTERWARDS` at a time."""
    for samples in more:
        parts.append(samples)
        if sum(map(len, parts)) >= size:
            yield Samples.concatenate(parts)
            parts, size = [], min(size, AFTERWARDS)
    yield Samples.concatenate(parts)


def _settled(samples: Samples) -> Samples:
    """Return samples without exact repeats, by signal."""
    samples = samples.take(samples.signal.argsort(kind="stable"))
    order = settled_ties(samples) if len(samples) else None
    return samples if order is None else samples.take(order)
