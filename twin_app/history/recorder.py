"""From memory to the journal and back: commits that survive a full disk, and reading what has left memory. Not for look-ups."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.history.identity import Identity
from twin_app.history.sealed import Sealed
from twin_app.model.samples import Samples
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from twin_app.history.blocks import Blocks
    from twin_app.history.journal import Journal
    from twin_app.history.slab import Entry
    from twin_app.model.samples import TextTable
    from twin_app.model.signal import SignalTable

_COMMIT_SAMPLES = 524_288
"""Samples of one transaction; a backlog is written in several, each durable by itself."""
_WAITING_SAMPLES = 4_000_000
"""Samples that may wait for a failing disk (about 190 MB); older ones are given up, counted and reported."""
_SCAN_SAMPLES = 65_536


class Recorder:
    """Writes `blocks` to `journal` in the file's numbers and reads it in the run's."""

    def __init__(self, journal: Journal, blocks: Blocks, signals: SignalTable, texts: TextTable, *, retry_s: float) -> None:
        """Learn the file's signals and texts.

        Raises:
            RecordingError: it is a recording of another line.
        """
        self._journal, self._blocks, self._retry_s = journal, blocks, retry_s
        self._identity = Identity(signals, texts)
        self._identity.load(journal.reader)
        self.sealed = Sealed(journal.reader, self._identity)
        """The slabs of the file."""
        self.written: Callable[[Samples, int], None] = lambda _samples, _end: None
        """Told what has become durable, and the number after it."""
        self._lock = threading.Lock()
        self._retry_at = float("-inf")
        self.committed = journal.end
        self.unrecorded = 0
        self.unnamed = 0
        """Samples read whose signal or text the file does not name; left out."""
        self._read_to = 0
        self._slab: tuple[Entry, Samples] | None = None
        self._marks = journal.marks()
        self._fresh_marks: dict[str, str] = {}
        self.trouble: RecordingError | None = None

    @property
    def damaged(self) -> int:
        """Rows and texts of the file that could not be believed."""
        return self._journal.damaged + self._journal.reader.damaged + self.sealed.damaged

    def notices(self) -> tuple[str, ...]:
        """Return what a person must know about the recording, each a worded sentence with its cure."""
        path = self._journal.path
        said = [self.trouble.worded()] if self.trouble else []
        told = (
            (
                self.unrecorded,
                N_("Samples missing in {path} because its disk failed for too long: {count}. They are shown until the program ends."),
            ),
            (self.damaged, N_("Damaged rows in {path}, set aside: {count}. Restore the file from a copy if there is one.")),
            (
                self.unnamed,
                N_("Samples in {path} of signals it does not name, left out: {count}. Restore the file from a copy if there is one."),
            ),
        )
        said += [tr(sentence, path=path, count=count) for count, sentence in told if count]
        return tuple(said)

    def mark(self, key: str, value: str) -> None:
        """Save a word with the samples accepted so far; safe from any thread."""
        self._fresh_marks[key] = value

    def marked(self, key: str) -> str:
        """Return the word of a key, empty where there is none."""
        return self._fresh_marks.get(key) or self._marks.get(key, "")

    def commit(self) -> int:
        """Write what was accepted since the last commit; return the number after the last durable sample.

        Raises:
            RecordingError: the disk failed, or samples had to be given up; once each time it comes to that.
        """
        with self._lock:
            if time.monotonic() < self._retry_at:
                return self.committed
            return self._write_all()

    def close(self) -> None:
        """Commit what is left, whatever failed before, and close the journal.

        Raises:
            RecordingError: the last samples could not be written.
        """
        with self._lock:
            try:
                self.trouble = None
                self._write_all()
            finally:
                self._journal.close()

    def read(self, first: int, stop: int, limit: int) -> tuple[Samples, int]:
        """Return up to `limit` samples numbered in [first, stop) and the number after them; damaged rows are gaps.

        What is sealed comes by time, the rest in order of arrival.
        """
        end, _ = self._journal.reader.sealed()
        if first < end:
            return self._read_slabs(first, min(stop, end), limit, end)
        parts: list[Samples] = []
        reached = first
        for seq, samples in self._journal.reader.samples(self._journal.reader.row_at(first), stop):
            low, high = max(first - seq, 0), min(len(samples), stop - seq, max(first - seq, 0) + limit)
            if low >= high:
                continue
            parts.append(samples.take(slice(low, high)))
            limit -= high - low
            reached = seq + high
            if limit <= 0:
                break
        found = Samples.concatenate(parts)
        named = self._identity.to_run(found)
        if reached > self._read_to:  # each is counted once, whoever reads again
            self.unnamed, self._read_to = self.unnamed + len(found) - len(named), reached
        return named, reached

    def _read_slabs(self, first: int, stop: int, limit: int, end: int) -> tuple[Samples, int]:
        """Return some of what is sealed: of one slab at most, so that a long past is read piece by piece."""
        number = 0
        for entry in self.sealed.entries:
            if number <= first < number + entry.n:
                if self._slab is None or self._slab[0] != entry:
                    samples = self.sealed.samples(entry)
                    self._slab = entry, samples.take(samples.effective_ns.argsort(kind="stable"))
                found = self._slab[1].take(slice(first - number, min(first - number + limit, stop - number)))
                reached = first + len(found)
                return found, reached if reached < number + len(self._slab[1]) else min(number + entry.n, stop)
            number += entry.n
        self._slab = None
        return Samples.empty(), min(end, stop)

    def scan(self, stop: int, start_ns: int, end_ns: int) -> Iterator[Samples]:
        """Yield the samples numbered below `stop` that may be effective within [start_ns, end_ns], in handy amounts."""
        rows = self._journal.reader.samples(0, stop, start_ns=start_ns, end_ns=end_ns)
        for samples in _joined((samples.take(slice(0, stop - seq)) for seq, samples in rows), _SCAN_SAMPLES):
            yield self._identity.to_run(samples)

    def _write_all(self) -> int:
        """Write everything that waits, in transactions of a bearable size."""
        given_up = self._give_up()
        try:
            marks = self._fresh_marks.copy()  # before the samples they speak of are taken: those are all among them
            first, batches = self._blocks.since(self.committed)
            last = first + sum(map(len, batches))
            for chunk in _joined(batches, _COMMIT_SAMPLES):
                self._write(first, chunk, marks if first + len(chunk) == last else {})
                first += len(chunk)
        except RecordingError as error:
            self._retry_at = time.monotonic() + self._retry_s
            if self.trouble is None:
                self.trouble = error
                raise
        else:
            self._retry_at, self.trouble = float("-inf"), None
        if given_up:
            raise given_up
        return self.committed

    def _write(self, first: int, samples: Samples, marks: dict[str, str]) -> None:
        """Write one transaction: samples, the names they use, and what sources have to say of them."""
        signals, texts = self._identity.unsaved()
        self._journal.commit(first, self._identity.to_file(samples), texts=texts, signals=signals, marks=marks)
        self._identity.saved()
        self.committed = first + len(samples)
        self.written(samples, self.committed)

    def _give_up(self) -> RecordingError | None:
        """Stop keeping the oldest samples for a disk that has failed for too long; return the alarm."""
        excess = self._blocks.watermark - self.committed - _WAITING_SAMPLES
        if excess <= 0 or self.trouble is None:
            return None
        excess += _COMMIT_SAMPLES  # some at once, so that there is one alarm for many
        self.committed += excess
        self.unrecorded += excess
        return RecordingError(
            N_("The disk of {path} fails for too long: {count} samples were not recorded."),
            tip=N_("Free space on its disk; what is shown is complete until the program ends."), path=self._journal.path, count=excess,
        )  # fmt: skip


def _joined(batches: Iterable[Samples], size: int) -> Iterator[Samples]:
    """Join batches until they are `size` samples or more."""
    waiting: list[Samples] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += len(batch)
        if count >= size:
            yield Samples.concatenate(waiting)
            waiting, count = [], 0
    if waiting:
        yield Samples.concatenate(waiting)
