"""A recording that another program is writing, as the store of a session: folded as it grows, read back like any other. Not for writing.

What is sealed when it begins comes as its facts (see `again`), everything after that in order of arrival, as it does to who writes.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.history.again import Again
from twin_app.history.beside import messages_of
from twin_app.history.blocks import Blocks, up_to
from twin_app.history.past import Past
from twin_app.history.raw import RawRing
from twin_app.history.recording import Recording
from twin_app.history.sealed import Sealed, StaleError
from twin_app.history.tail import Tail
from twin_app.history.whole import Whole
from twin_app.model.historian import Span
from twin_app.model.message import RawMessage
from twin_app.model.recording import RecordingNow
from twin_app.model.samples import NEVER, Samples
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from twin_app.history.recording import File
    from twin_app.model.equipment import Line
    from twin_app.model.historian import Latest, Series
    from twin_app.model.samples import TextTable
    from twin_app.model.signal import SignalTable

MOST_WAITING = 4_000_000
"""Samples that may wait for a folding thread that stands still (about 190 MB); then it is better to begin anew."""
_TRIES = 50
_REFUSALS = 10_000
_RAW_ROWS = 60
"""About so many of the newest batches of raw messages, a minute's, are there at the beginning."""


class Following:
    """What `Store` is to a session, over a recording that somebody else writes. `read_on` belongs to one thread, `fold` to another.

    Attributes:
        recording: all files, for whatever is older than memory.
        raw: the newest raw messages.
        told: how the recording is, as who writes it says.
        lost: whether so much was missed that only beginning anew helps.
        written_layout: the digest of the layout that is in force where it is written.
    """

    lasting = True
    share = 1.0
    repeats = unnamed = unrecorded = 0

    def __init__(
        self, folder: Path, *, signals: SignalTable, texts: TextTable, tail_samples: int, raw_bytes: int, layout: str = ""
    ) -> None:  # fmt: skip
        """Open the recording in a folder; its signals and texts are added to the tables. `tail_samples` and `raw_bytes` bound the memory.

        `layout` is the digest of the layout that is in force here.

        Raises:
            RecordingError: there is none, it cannot be read, or it is of another line than `signals`.
        """
        self.signals, self.texts = signals, texts
        self.recording = Recording(folder, signals=signals, texts=texts)
        self.raw = RawRing(raw_bytes)
        self.told = RecordingNow(lasting=True)
        self.lost = False
        self.written_layout = self._layout = layout
        self._turn = threading.Lock()
        self._past = Past(self.recording.shelf, self.recording.scan, lambda: len(signals))
        self._tail = Tail(self._past, tail_samples)
        self._raw_read: dict[Path, int] = {}
        self._refused: dict[int, str] = {}
        try:
            self._begin()
        except RecordingError:
            self.close()
            raise
        older_ns = max((file.sealed.entries[-1].end_ns for file in self.recording.files[:-1] if file.sealed.entries), default=NEVER)
        self._whole = Whole(lambda: self._tail, self._past, older_ns, lambda: len(signals))

    def _begin(self) -> None:
        """Take the newest file as it is."""
        self.recording.refresh()
        self._file = file = self.recording.files[-1]
        for _ in range(_TRIES):
            end, _newest = file.reader.sealed()
            sealed = Sealed(file.reader, file.identity)  # of its own: what is sealed later comes in order of arrival
            rows = [(seq, samples) for seq, samples in file.reader.samples() if seq >= end]
            if file.reader.sealed()[0] == end:
                break
        else:
            raise RecordingError(N_("{path} is being rewritten without end."), tip=N_("Try again."), path=file.reader.path)
        self._blocks, self._sealed = Blocks(end), sealed
        self._again: Again | None = None
        self._next, self._folded = end, 0 if sealed.entries else end
        self._tail = self._tail.emptied()
        for seq, samples in rows:
            self._take(file, seq, samples)

    def close(self) -> None:
        """Let the files go; whoever reads on has ended."""
        self._past.close()
        self.recording.close()

    # What the thread does that hears of news

    def read_on(self, newest: str = "") -> int:
        """Take in what was written since, up to the file called `newest`; return the number after the last sample that was read.

        Raises:
            RecordingError: a file cannot be read.
        """
        with self._turn:
            self._read_file(self._file)
            if newest and newest != self._file.reader.path.name and not self.lost:
                self.recording.refresh()
                later = [file for file in self.recording.files if file.reader.path.name > self._file.reader.path.name]
                for file in later:
                    self._file = file
                    self._read_file(file)
            return self._next

    def _read_file(self, file: File) -> None:
        """Take in what a file has in its journal that was not read; where that is sealed by now, it is lost in its order."""
        for seq, samples in file.reader.samples(self._next):
            if seq > self._next and file.reader.sealed()[0] > self._next:
                break
            self._take(file, seq, samples)
        self.lost = self.lost or file.reader.sealed()[0] > self._next or len(self._blocks) > MOST_WAITING

    def _take(self, file: File, seq: int, samples: Samples) -> None:
        """Let a row of a file be folded."""
        named = file.identity.to_run(samples)
        if len(named) < len(samples):  # with names that are new since somebody looked
            file.identity.load(file.reader)
            named = file.identity.to_run(samples)
        self._next = seq + len(samples)
        self._blocks.append(named)

    def refused(self, refusals: Iterable[tuple[int, str]]) -> None:
        """Note which raw messages, by number, were refused, and why: the recording keeps them as they came, without a judgement."""
        self._refused |= refusals
        for seq in list(self._refused)[:-_REFUSALS]:
            del self._refused[seq]

    def read_raw(self) -> None:
        """Take in the raw messages that were written since."""
        reader = self._file.reader
        newest = int(reader.query("SELECT ifnull(max(id), 0) FROM raw")[0][0])
        after = self._raw_read.get(reader.path, newest - _RAW_ROWS)
        self._raw_read = {reader.path: newest}
        for row in reader.query("SELECT * FROM raw WHERE id > ? AND id <= ? ORDER BY id", after, newest) if newest > after else ():
            self.raw.extend(RawMessage(message, self._refused.get(message.seq, "")) for message in messages_of(row) or ())

    # What an intake asks, whose source speaks elsewhere

    @property
    def waiting(self) -> int:
        """Return how many samples are not folded yet."""
        return self._blocks.watermark - self._folded

    def next_seq(self) -> int:
        """Return -1: no message comes in here."""
        return -1

    def append(self, samples: Samples) -> int:
        """Refuse: another program writes."""
        raise NotImplementedError

    def mark(self, key: str, value: str) -> None:
        """Keep nothing: another program writes."""

    def marked(self, key: str) -> str:
        """Return what the recording holds under a key, empty where it holds nothing."""
        return self.recording.marked(key)

    def commit(self) -> int:
        """Return the watermark: all that was read is durable."""
        return self.watermark

    def repeats_of(self, signals: NDArray[np.intp]) -> int:
        """Return how many exact repeats of these signals, shape (k,), were left out."""
        return self._tail.repeats_of(signals)

    # What the folding thread does

    @property
    def watermark(self) -> int:
        """Return the number after the last sample that was read."""
        return self._blocks.watermark

    @property
    def folded(self) -> int:
        """Return the number after the last sample folded."""
        return self._folded

    def expect(self, needed: Callable[[], frozenset[int]], afterwards: Callable[[], frozenset[int]]) -> None:
        """Learn what will be derived: of what lies in slabs at the beginning nothing else is folded."""
        self._again = Again(self._sealed, needed, afterwards) if self._sealed.entries else None

    def fold(self, limit: int) -> Samples:
        """Take up to `limit` new samples into the tail; return them without exact repeats, in order of arrival."""
        try:
            if self._again is not None and not self._again.done:
                return self._fold_again(self._again)
            more = self._again.more() if self._again is not None else None
        except StaleError:  # what was said late was put where it belongs, meanwhile
            self.lost, self._again = True, None
            return Samples.empty()
        samples, self._folded = up_to(*self._blocks.since(self._folded), limit)
        samples = self._tail.fold(samples)
        self._blocks.forget(self._folded)
        return samples if more is None else Samples.concatenate([more, samples])

    def _fold_again(self, again: Again) -> Samples:
        """Return some of the facts of the slabs; go on behind them with what came after."""
        if self._tail.snapshot.last_ns == NEVER:
            self._tail = self._tail.begun(again.tracks(len(self.signals)))
        found = again.facts()
        if again.done:
            self._folded = self._blocks.oldest
        return found

    def refold(self) -> bool:
        """Begin to fold from the first sample again."""
        with self._turn:
            self._begin()
        return True

    def read_since(self, watermark: int, limit: int) -> tuple[Samples, int]:
        """Return up to `limit` samples from number `watermark` on that wait to be folded, and the number to go on from."""
        return up_to(*self._blocks.since(watermark), limit)

    def hold_numbers(self) -> None:
        """Do nothing: they never change."""

    # What anybody asks

    def span(self) -> Span | None:
        """Return from when to when anything folded is effective, None before the first sample."""
        now = self._tail.snapshot
        return Span(now.first_ns, now.last_ns) if now.last_ns > NEVER else None

    def state_at(self, at_ns: int) -> Latest:
        """Return the latest of every signal at or before an instant."""
        return self.recording.asking(lambda: self._whole.state_at(at_ns))

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        """Return a signal's samples of a span with the one in force at its start, or an envelope of `pixels` columns."""
        return self.recording.asking(lambda: self._whole.range(signal, start_ns, end_ns, pixels))

    def samples(self, start_ns: int, end_ns: int, *, signals: Collection[int]) -> Iterator[Samples]:
        """Yield the samples of some signals in [start_ns, end_ns], some at a time, by effective time; read from the files."""
        self.recording.refresh()
        yield from self.recording.samples(start_ns, end_ns, signals=signals)

    def describe(self, line: Line, at_ns: int) -> None:  # noqa: ARG002 - asked as a store is
        """Note which layout is in force here; who writes says what is there."""
        self._layout = line.content_hash

    def recording_now(self) -> RecordingNow:
        """Return how the recording is, as who writes it says."""
        return self.told

    def notices(self) -> tuple[str, ...]:
        """Return what a person must know about the recording."""
        if self.written_layout == self._layout:
            return self.told.notices
        what = tr("The line is recorded under another version of its layout than is shown here: what only this one maps is not recorded.")
        return (*self.told.notices, f"{what} {tr('Open the line anew there, or start the recorder anew.')}")
