"""Everything one line ever said, behind three questions: what it was at t, through a span, and what is new. Not for its meaning: see `plant`.

Threads: sources `append` and `commit` (one at a time), one owner `fold`s, any thread asks. Samples are numbered in
order of arrival; a watermark is the number after the newest. With a journal the tail is bounded and what has left it
is read back; without one memory is the only store, so nothing ever leaves it (`temporary` is for what may not fit).
"""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from twin_app.errors import RecordingError
from twin_app.history.again import Again
from twin_app.history.blocks import Blocks, up_to
from twin_app.history.housekeeping import Housekeeping
from twin_app.history.journal import Journal
from twin_app.history.past import Past
from twin_app.history.raw import RawRing
from twin_app.history.readers import Readers
from twin_app.history.recorder import Recorder
from twin_app.history.recording import Recording
from twin_app.history.schema import SUFFIX
from twin_app.history.sealed import sealed_before
from twin_app.history.shelf import Shelf
from twin_app.history.tail import Tail
from twin_app.history.upkeep import Upkeep
from twin_app.history.volume import Volume, taken_over
from twin_app.history.whole import Whole
from twin_app.model.historian import Span
from twin_app.model.recording import RecordingNow
from twin_app.model.samples import NEVER, Samples, TextTable
from twin_app.model.signal import SignalTable
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from numpy.typing import NDArray

    from twin_app.history.limits import Limits
    from twin_app.history.rotation import Rotation
    from twin_app.history.sealed import Sealed
    from twin_app.model.equipment import Line
    from twin_app.model.historian import Latest, Series
    from twin_app.model.recording import Gap

TAIL_SAMPLES = 2_000_000
RAW_BYTES = 64 * 2**20
FOLD_SAMPLES = 100_000
_MEMORY_SAMPLES = 1_000_000
"""Committed samples that wait in memory for a folding thread that lags; more are read back from the journal."""


class Store:
    """One line's samples from intake to look-up, durable where there is a journal; `raw` are the newest messages, `readers` read, too."""

    share = 1.0

    def __init__(  # noqa: PLR0913 - each is a choice of its own
        self, signals: SignalTable, texts: TextTable, *, journal: Journal | None,
        tail_samples: int = TAIL_SAMPLES, raw_bytes: int = RAW_BYTES, retry_s: float = 1.0, rotation: Rotation | None = None,
        folds: bool = True, limits: Limits | None = None,
    ) -> None:  # fmt: skip
        """Start with what the journal holds, all of it still to be folded, else empty.

        Signals and texts of the journal are added to the tables. `tail_samples` bounds the memory of the tail (32 bytes a
        sample, twice that with its room), `raw_bytes` that of the raw messages; `retry_s` is the pause after a failed commit.
        With a `rotation` it goes on in a new file beside the first when its time is over, and answers from the older files, too. `folds=False` is for who only records:
        nothing is kept for folding or asking. With `limits` raw messages are kept in the file, too, and what is too old or too much goes.

        Raises:
            RecordingError: the journal is a recording of another line.
        """
        self.signals, self.texts = signals, texts
        self.raw = RawRing(raw_bytes)
        self.readers = Readers()
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._blocks = Blocks(journal.end if journal else 0)
        self._recorder = self._past = self._upkeep = self._housekeeping = None
        self._older: tuple[Sealed, ...] = ()
        self._folded = 0
        self._again: Again | None = None
        self._folds = folds
        if journal:
            volume = Volume(journal, signals, texts)
            self._recorder = recorder = Recorder(volume, self._blocks, retry_s=retry_s, rotation=rotation, limits=limits)
            self.raw.also = recorder.beside.extend
            self._older = sealed_before(journal.path, signals, texts) if rotation else ()
            shelf = Shelf(*self._older, volume.sealed)
            self._past = Past(shelf, self._scan, lambda: len(signals))
            self._upkeep = Upkeep(
                self._recorder, shelf, folder=rotation is not None, limit=self._sealable, signals=lambda: len(signals)
            )  # fmt: skip
            self._housekeeping = Housekeeping(lambda: recorder.volumes[-1].journal, limits, self._upkeep.leave) if limits else None
            if rotation is not None:
                self._upkeep.heal(taken_over(journal.path))
            self._recorder.written = self._upkeep.committed
        self._tail = Tail(self._past, tail_samples)
        older_ns = max((sealed.entries[-1].end_ns for sealed in self._older if sealed.entries), default=NEVER)
        self._whole = Whole(lambda: self._tail, self._past, older_ns, lambda: len(signals))
        self._seq = itertools.count(journal.last_message + 1 if journal else 0)

    @classmethod
    def reopen(  # noqa: PLR0913 - each is a choice of its own
        cls, path: Path, *, signals: SignalTable | None = None, texts: TextTable | None = None,
        tail_samples: int = TAIL_SAMPLES, raw_bytes: int = RAW_BYTES, rotation: Rotation | None = None, folds: bool = True,
        limits: Limits | None = None,
    ) -> Self:  # fmt: skip
        """Go on with the recording at `path`, new or not; its samples come first out of `fold`. See the class for the rest.

        Raises:
            RecordingError: it cannot be opened (see `Journal`) or is of another line than `signals`.
        """
        journal = Journal(path)
        try:
            return cls(
                SignalTable() if signals is None else signals, TextTable() if texts is None else texts, journal=journal,
                tail_samples=tail_samples, raw_bytes=raw_bytes, rotation=rotation, folds=folds, limits=limits,
            )  # fmt: skip
        except RecordingError:
            journal.close()
            raise

    @classmethod
    def temporary(cls, signals: SignalTable, texts: TextTable, *, tail_samples: int = TAIL_SAMPLES, raw_bytes: int = RAW_BYTES) -> Self:
        """Return a store whose journal lies in the system's temporary folder and is deleted by `close`: for replays of any size."""
        folder = tempfile.TemporaryDirectory(prefix="twin-app-")
        journal = Journal(Path(folder.name) / f"replay{SUFFIX}", durable=False)
        store = cls(signals, texts, journal=journal, tail_samples=tail_samples, raw_bytes=raw_bytes)
        store._temporary = folder
        return store

    # What sources do

    def next_seq(self) -> int:
        """Return the number of a new message; safe from any thread (one bytecode), and above all numbers of the journal."""
        return next(self._seq)

    def append(self, samples: Samples) -> int:
        """Accept samples, in order of arrival; return the watermark. Never waits for a disk. The arrays are not to be changed any more."""
        return self._blocks.append(samples)

    def mark(self, key: str, value: str) -> None:
        """Have a word of a source's own saved with the samples accepted so far, in one transaction: with all of them or not at all."""
        if self._recorder:
            self._recorder.mark(key, value)

    def marked(self, key: str) -> str:
        """Return what the recording holds under a key, empty where it holds nothing."""
        return self._recorder.marked(key) if self._recorder else ""

    def commit(self) -> int:
        """Make everything accepted durable; return the number after the last durable sample (the watermark without a journal).

        While the disk fails, samples wait in memory and later calls try again, silently, `retry_s` apart. Raises RecordingError
        where the disk failed; once, until it works again.
        """
        if self._recorder is None:
            return self._blocks.watermark
        before, committed = self._recorder.committed, self._recorder.commit()
        if committed > before:
            self.readers.tell()
        self._forget()
        if self._upkeep:
            self._upkeep.go_on()
        if self._housekeeping:
            self._housekeeping.go_on()
        return committed

    def begin(self, state: Samples) -> None:
        """Begin a recording in which nothing is yet with each signal's last samples before it."""
        if self._upkeep:
            self._upkeep.begin(state)

    def describe(self, line: Line, at_ns: int) -> None:
        """Have the layout that is in force from an instant on kept in the recording."""
        if self._recorder:
            self._recorder.beside.describe(line, at_ns)

    def missing(self, gap: Gap) -> None:
        """Have noted in the recording that something is missing."""
        if self._recorder:
            self._recorder.beside.missing(gap)

    def seal(self, *, everything: bool = False) -> bool:
        """Seal now what is due, or everything that is committed and folded; return whether anything was. Sealing goes by itself."""
        return self._upkeep is not None and self._upkeep.seal(everything=everything)

    def close(self) -> None:
        """Commit what is left and close the journal.

        Raises:
            RecordingError: the last samples could not be written.
        """
        if self._past:
            self._past.close()  # first: it reads in a thread of its own
        try:
            if self._upkeep:
                self._upkeep.close()
            if self._housekeeping:
                self._housekeeping.close()
            if self._recorder:
                self._recorder.close()
        finally:
            for sealed in self._older:
                sealed.reader.close()
            if self._temporary:
                self._temporary.cleanup()

    # What the folding thread does

    def read_since(self, watermark: int, limit: int = FOLD_SAMPLES) -> tuple[Samples, int]:
        """Return up to `limit` samples from number `watermark` on, in order of arrival, and the watermark to go on from.

        From memory, or from the file what has left it; what is sealed comes by time, a slab at most. Without a journal only
        what was not folded yet can be read. Sealing numbers what is folded anew: who reads that again calls `hold_numbers`.
        """
        first, batches = self._blocks.since(watermark)
        if watermark < first and self._recorder:
            samples, reached = self._recorder.read(watermark, first, limit)
            if watermark < reached < first or len(samples) == limit:
                return samples, reached
            rest, reached = up_to(first, batches, limit - len(samples))
            return Samples.concatenate([samples, rest]), reached
        return up_to(first, batches, limit)

    def expect(self, needed: Callable[[], frozenset[int]], afterwards: Callable[[], frozenset[int]]) -> None:
        """Learn what will be derived: of what a file holds in slabs when it is opened nothing else is folded; of what is new, everything."""
        self._again = None
        if self._recorder and self._folds and not self._temporary and not self._folded and self._recorder.volumes[0].sealed.entries:
            self._again = Again(self._recorder.volumes[0].sealed, needed, afterwards)

    def hold_numbers(self) -> None:
        """Let every sample keep its number from now on: seal nothing any more in this run."""
        if self._upkeep:
            self._upkeep.hold()

    def fold(self, limit: int = FOLD_SAMPLES) -> Samples:
        """Take up to `limit` new samples into the tail; return them without exact repeats, in order of arrival. Belongs to one thread.

        What is returned may be empty (all repeats) while more waits: `folded < watermark` tells.
        """
        if self._again is not None and not self._again.done:
            return self._fold_again(self._again)
        samples, reached = self.read_since(self._folded, limit)
        self._folded = reached  # first: a page of the past that is read meanwhile has these samples or is thrown away
        samples = self._tail.fold(samples)
        self._forget()
        more = self._again.more() if self._again is not None and len(samples) < limit // 2 else None
        return samples if more is None else Samples.concatenate([more, samples])

    def _fold_again(self, again: Again) -> Samples:
        """Return some of the facts of the slabs that were there when the file was opened; go on behind them with the last ones."""
        if self._tail.snapshot.last_ns == NEVER:
            self._tail = self._tail.begun(again.tracks(len(self.signals)))
        found = again.facts()
        if again.done:
            self._folded = again.stop
        return found

    def refold(self) -> bool:
        """Begin to fold from the first sample again, for whoever derives anew; False where what was folded cannot be read again.

        Until all of it is folded, questions are answered from what is.
        """
        if self._recorder is None or self._upkeep is None:
            return False
        self._again = None
        self._folded = 0  # first: nothing is sealed from now on, and what is being sealed is waited for
        self._upkeep.rest()
        self._tail = self._tail.emptied()
        return True

    # What anybody asks

    @property
    def lasting(self) -> bool:
        """Say whether what is committed is still there when the program has ended."""
        return self._recorder is not None and self._temporary is None

    @property
    def watermark(self) -> int:
        """Samples accepted so far, those of the reopened file included."""
        return self._blocks.watermark

    @property
    def folded(self) -> int:
        """Number after the last sample folded."""
        return self._folded

    @property
    def committed(self) -> int:
        """Number after the last durable sample; the watermark without a journal."""
        return self._recorder.committed if self._recorder else self._blocks.watermark

    @property
    def repeats(self) -> int:
        """Exact repeats left out so far."""
        return self._tail.repeats

    def repeats_of(self, signals: NDArray[np.intp]) -> int:
        """Return how many exact repeats of these signals, shape (k,), were left out."""
        return self._tail.repeats_of(signals)

    @property
    def waiting(self) -> int:
        """Return how many samples are not folded or not durable yet."""
        return self._blocks.watermark - min(self._folded, self.committed)

    @property
    def damaged(self) -> int:
        """Rows and texts of the recording that could not be believed and were set aside."""
        return self._recorder.damaged if self._recorder else 0

    @property
    def unnamed(self) -> int:
        """Samples of the recording that belong to no signal or text it names and were left out."""
        return self._recorder.unnamed if self._recorder else 0

    @property
    def unrecorded(self) -> int:
        """Samples that were never written because the disk failed for too long; they are shown but gone after a restart."""
        return self._recorder.unrecorded if self._recorder else 0

    @property
    def trouble(self) -> RecordingError | None:
        """Why nothing is being written at the moment; None while all is well."""
        return self._recorder.trouble if self._recorder else None

    def recording_now(self) -> RecordingNow:
        """Return how the recording is at this moment."""
        keeping = self._housekeeping
        gone = {} if keeping is None else keeping.told()
        return RecordingNow(
            **gone, lasting=self.lasting, committed=self.committed, waiting=self.waiting, unrecorded=self.unrecorded, damaged=self.damaged,
            trouble=self.trouble.worded() if self.trouble else "", notices=self.notices(), file=self._recorder.newest if self._recorder else "",
        )  # fmt: skip

    def notices(self) -> tuple[str, ...]:
        """Return what a person must know about the recording, each a worded sentence with its cure; empty while all is well."""
        return (*self._recorder.notices(), *self._upkeep.notices()) if self._recorder and self._upkeep else ()

    def span(self) -> Span | None:
        """Return from when to when anything folded is effective, None before the first sample."""
        now = self._tail.snapshot
        return Span(now.first_ns, now.last_ns) if now.last_ns > NEVER else None

    def state_at(self, at_ns: int) -> Latest:
        """Return the latest of every signal at or before `at_ns`; before the tail from a page read back."""
        return self._whole.state_at(at_ns)

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        """Return the samples of [start_ns, end_ns], before them the one in force at the start, or an envelope of `pixels` columns.

        `pixels` of 0 asks for every sample, however many.
        """
        return self._whole.range(signal, start_ns, end_ns, pixels)

    def samples(self, start_ns: int, end_ns: int, *, signals: Collection[int]) -> Iterator[Samples]:
        """Yield the committed samples of some signals in [start_ns, end_ns], some at a time, by effective time; read from the file.

        Raises RecordingError where there is no file: the tail alone does not know when its samples were received.
        """
        if self._recorder is None:
            raise RecordingError(N_("What is kept in memory alone cannot be read back sample by sample."), tip=N_("Record it."))
        self.commit()
        while self._temporary and self.seal(everything=True):
            """What is sealed is read a slab at a time; nobody goes on with a temporary file."""
        with Recording(self._recorder.path, signals=self.signals, texts=self.texts) as recording:
            yield from recording.samples(start_ns, end_ns, signals=signals)

    def _scan(self, start_ns: int, end_ns: int) -> Iterator[Samples]:
        """Yield everything folded that may be effective within [start_ns, end_ns], in order of arrival."""
        folded = self._folded
        first, batches = self._blocks.since(0)
        if self._recorder:
            yield from self._recorder.scan(min(first, folded), start_ns, end_ns)
        if folded > first:
            yield up_to(first, batches, folded - first)[0]

    def _sealable(self) -> int:
        """Return the number below which nobody waits for samples in order of arrival."""
        return self.readers.settled(min(self._blocks.oldest, self._folded) if self._folds else self.committed)

    def _forget(self) -> None:
        """Drop from memory what is folded and durable, and what is durable and has waited too long for folding."""
        durable = self.committed
        if not self._folds:
            self._blocks.forget(durable)
            return
        crowded = self._recorder is not None and len(self._blocks) > _MEMORY_SAMPLES
        self._blocks.forget(durable if crowded else min(self._folded, durable))
