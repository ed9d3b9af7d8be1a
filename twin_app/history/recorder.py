"""From memory to the files and back: commits that survive a full disk, and going on in a new file at a border. Not for look-ups."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.errors import RecordingError
from twin_app.history.beside import EVERY_S, Beside
from twin_app.history.ends import ENDING
from twin_app.history.files import file_name
from twin_app.history.holes import FOLLOWS
from twin_app.history.journal import Journal
from twin_app.history.volume import Volume
from twin_app.model.recording import Gap, Why
from twin_app.model.samples import NEVER, Samples
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from twin_app.history.blocks import Blocks
    from twin_app.history.limits import Limits
    from twin_app.history.rotation import Rotation

_COMMIT_SAMPLES = 524_288
"""Samples of one transaction; a backlog is written in several, each durable by itself."""
_WAITING_SAMPLES = 4_000_000
"""Samples that may wait for a failing disk (about 190 MB); older ones are given up, counted and reported."""
_SCAN_SAMPLES = 65_536


class Recorder:
    """Writes `blocks` to the newest of its volumes in that file's numbers, and reads all of them in the run's."""

    def __init__(
        self, volume: Volume, blocks: Blocks, *, retry_s: float, rotation: Rotation | None = None, limits: Limits | None = None
    ) -> None:
        """Go on with a file; with a `rotation` in a new one beside it, when its time is over. `limits` bound what is kept beside samples."""
        self.beside = Beside(limits)
        """What is kept beside samples."""
        self._blocks, self._retry_s, self._rotation = blocks, retry_s, rotation
        self.volumes: tuple[Volume, ...] = (volume,)
        """The files of this run; the last one is written to."""
        self.written: Callable[[Samples, int], None] = lambda _samples, _end: None
        """Told what has become durable, and the number after it."""
        self.lock = threading.Lock()
        """Held while something is written to the newest file."""
        self._tending: threading.Timer | None = None
        self._closed = False
        self._retry_at = float("-inf")
        self.committed = volume.journal.end
        self.unrecorded = 0
        self._marks = volume.journal.marks()
        self._fresh_marks: dict[str, str] = {}
        self._start_ns = volume.start_ns
        self.trouble: RecordingError | None = None

    @property
    def damaged(self) -> int:
        """Rows, texts and blobs of the files that could not be believed."""
        return sum(volume.damaged for volume in self.volumes)

    @property
    def unnamed(self) -> int:
        """Samples read whose signal or text their file does not name; left out."""
        return sum(volume.unnamed for volume in self.volumes)

    @property
    def path(self) -> Path:
        """Return the file, with a rotation the folder of all of them."""
        path = self.volumes[-1].journal.path
        return path.parent if self._rotation else path

    @property
    def newest(self) -> str:
        """Return the name of the file that is written to."""
        return self.volumes[-1].journal.path.name

    def notices(self) -> tuple[str, ...]:
        """Return what a person must know about the recording, each a worded sentence with its cure."""
        path = self.volumes[-1].journal.path
        said = [*((self.trouble.worded(),) if self.trouble else ()), *self.beside.notices(path)]
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
        said += [sentence for volume in self.volumes for sentence in volume.journal.losses]
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
        with self.lock:
            if time.monotonic() < self._retry_at:
                return self.committed
            try:
                return self._write_all()
            finally:
                self._tend_later()

    def _tend_later(self) -> None:
        """See to what still waits beside samples: where nothing comes any more, nobody commits."""
        if self._tending is None and self.beside.waits:
            self._tending = threading.Timer(EVERY_S, self._tend)
            self._tending.daemon = True
            self._tending.start()

    def _tend(self) -> None:
        """Write it; a disk that fails is told by the next commit."""
        with self.lock:
            self._tending = None
            if not self._closed:
                with suppress(RecordingError):
                    self.beside.write(self.volumes[-1].journal, everything=True)

    def close(self) -> None:
        """Commit what is left, whatever failed before, and close the files.

        Raises:
            RecordingError: the last samples could not be written.
        """
        self.beside.gathered()
        with self.lock:
            self._closed = True
            tending = self._tending
            try:
                self.trouble = None
                self._write_all()
                self.beside.write(self.volumes[-1].journal, everything=True)
            finally:
                for volume in self.volumes:
                    volume.close()
                if tending is not None:
                    tending.cancel()

    def leave(self, path: Path) -> None:
        """Read the file at `path` no more: it has to go."""
        with self.lock:
            self.volumes = tuple(volume for volume in self.volumes if volume.journal.path != path)

    def read(self, first: int, stop: int, limit: int) -> tuple[Samples, int]:
        """Return up to `limit` samples numbered in [first, stop) and the number after them, of one file at most."""
        if first < self.volumes[0].first:  # of a file that had to go
            return Samples.empty(), min(self.volumes[0].first, stop)
        number = max((i for i, volume in enumerate(self.volumes) if volume.first <= first), default=0)
        after = self.volumes[number + 1].first if number + 1 < len(self.volumes) else stop
        samples, reached = self.volumes[number].read(first, min(stop, after), limit)
        return samples, after if reached == first and after < stop else reached

    def scan(self, stop: int, start_ns: int, end_ns: int) -> Iterator[Samples]:
        """Yield the unsealed samples numbered below `stop` that may be effective within [start_ns, end_ns], in handy amounts."""
        yield from _joined((samples for volume in self.volumes for samples in volume.scan(stop, start_ns, end_ns)), _SCAN_SAMPLES)

    def _write_all(self) -> int:
        """Write everything that waits, in transactions of a bearable size."""
        given_up = self._give_up()
        try:
            marks = self._fresh_marks.copy()  # before the samples they speak of are taken: those are all among them
            first, batches = self._blocks.since(self.committed)
            last = first + sum(map(len, batches))
            for file_batches in self._by_file(first, batches):
                for chunk in _joined(file_batches, _COMMIT_SAMPLES):
                    self._write(first, chunk, marks if first + len(chunk) == last else {})
                    first += len(chunk)
            self.beside.write(self.volumes[-1].journal)
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
        """Write one transaction."""
        self.volumes[-1].write(first, samples, marks)
        self._marks |= marks
        self.committed = first + len(samples)
        self.written(samples, self.committed)

    def _by_file(self, first: int, batches: list[Samples]) -> Iterator[list[Samples]]:
        """Yield the batches that go into one file, having gone on in a new one before those that begin it."""
        if self._rotation is None or not batches:
            yield batches
            return
        waiting: list[Samples] = []
        for batch in batches:
            newest_ns = int(batch.effective_ns.max())
            if self._start_ns == NEVER:
                self._start_ns = int(batch.effective_ns.min())
            if newest_ns >= self._rotation.border(self._start_ns):
                yield waiting
                waiting = []
                self._go_on(self._rotation.start(self._start_ns, newest_ns), first)
            waiting.append(batch)
            first += len(batch)
        yield waiting

    def _go_on(self, start_ns: int, first: int) -> None:
        """Write from sample number `first` on into a file that begins at an instant.

        Raises:
            RecordingError: it cannot be made.
        """
        before = self.volumes[-1]
        path = before.journal.path.with_name(file_name(start_ns))
        while path.exists():  # the clock was set back: no file is written into that was another's
            start_ns += SECOND_NS
            path = path.with_name(file_name(start_ns))
        self.beside.gathered()
        self.beside.write(before.journal, everything=True)
        with ExitStack() as unmade:
            unmade.callback(_forget, path)  # then its name is free for the next try
            journal = Journal(path)
            unmade.callback(journal.close)
            volume = Volume(journal, *before.identity.tables, first=first)
            journal.commit(first, Samples.empty(), marks={**self._marks, FOLLOWS: before.journal.path.name})
            unmade.pop_all()
        self.beside.goes_on()
        self.volumes = (*self.volumes, volume)
        self._start_ns = start_ns

    def _give_up(self) -> RecordingError | None:
        """Stop keeping the oldest samples for a disk that has failed for too long; return the alarm."""
        excess = self._blocks.watermark - self.committed - _WAITING_SAMPLES
        if excess <= 0 or self.trouble is None:
            return None
        excess += _COMMIT_SAMPLES  # some at once, so that there is one alarm for many
        gone = Samples.concatenate(self._blocks.since(self.committed)[1]).received_ns[:excess]
        self.beside.missing(Gap(start_ns=int(gone.min()), end_ns=int(gone.max()), why=Why.GIVEN_UP, count=excess))
        self.committed += excess
        self.unrecorded += excess
        return RecordingError(
            N_("The disk of {path} fails for too long: {count} samples were not recorded."),
            tip=N_("Free space on its disk; what is shown is complete until the program ends."),
            path=self.volumes[-1].journal.path, count=excess,
        )  # fmt: skip


def _forget(path: Path) -> None:
    """Remove a file in which nothing is yet."""
    for ending in ("-wal", "-shm", "-journal", ENDING, ""):
        path.with_name(path.name + ending).unlink(missing_ok=True)


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
