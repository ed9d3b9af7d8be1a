"""One file of a recording that is written: its journal, its names and its slabs. Not for which file is written: see `recorder`."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import numpy as np

from twin_app.errors import RecordingError
from twin_app.history.files import files_of, start_of
from twin_app.history.identity import Identity
from twin_app.history.journal import Journal
from twin_app.history.reader import Reader
from twin_app.history.sealed import Sealed
from twin_app.history.sealing import Sealer
from twin_app.model.samples import NEVER, Samples, TextTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from twin_app.history.shelf import Shelf
    from twin_app.history.slab import Entry
    from twin_app.model.signal import SignalTable

TAKEN = "taken:"
"""What keys in `meta` begin with that say up to which number the samples of a later file's journal were taken over, by its name."""


class Volume:
    """A file that is open for writing.

    Attributes:
        first: the number in this run of the first sample that belongs to it.
        start_ns: when it begins, by its name; `NEVER` where that does not say.
    """

    def __init__(self, journal: Journal, signals: SignalTable, texts: TextTable, *, first: int = 0) -> None:
        """Learn the file's signals and texts.

        Raises:
            RecordingError: it is a recording of another line.
        """
        start_ns = start_of(journal.path)
        self.journal, self.first = journal, first
        self.start_ns = NEVER if start_ns is None else start_ns
        self.identity = Identity(signals, texts)
        self.identity.load(journal.reader)
        self.sealed = Sealed(journal.reader, self.identity)
        self.unnamed = 0
        """Samples read whose signal or text the file does not name; left out."""
        self._read_to = 0
        self._slab: tuple[Entry, Samples] | None = None

    def sealer(self, shelf: Shelf, *, folder: bool) -> Sealer:
        """Return who seals it; with a `folder` late samples find the file of their time."""
        older = OlderFiles(self, shelf) if folder and self.start_ns != NEVER else None
        return Sealer(self.journal, self.sealed, shelf, start_ns=self.start_ns if older else NEVER, older=older)

    @property
    def damaged(self) -> int:
        """Return how many rows, texts and blobs of the file could not be believed."""
        return self.journal.damaged + self.sealed.reader.damaged + self.sealed.damaged

    def write(self, first: int, samples: Samples, marks: Mapping[str, str]) -> None:
        """Write one transaction: samples numbered from `first` on, the names they use, and what sources have to say of them.

        Raises:
            RecordingError: the disk is full or failing; nothing was written.
        """
        signals, texts = self.identity.unsaved()
        self.journal.commit(first, self.identity.to_file(samples), texts=texts, signals=signals, marks=marks)
        self.identity.saved()

    def read(self, first: int, stop: int, limit: int) -> tuple[Samples, int]:
        """Return up to `limit` samples numbered in [first, stop) and the number after them; damaged rows are gaps.

        What is sealed comes by time, the rest in order of arrival.
        """
        reader = self.sealed.reader
        end, _ = reader.sealed()
        if first < end:
            return self._read_slabs(first, min(stop, end), limit, end)
        parts: list[Samples] = []
        reached = first
        for seq, samples in reader.samples(reader.row_at(first), stop):
            low, high = max(first - seq, 0), min(len(samples), stop - seq, max(first - seq, 0) + limit)
            if low >= high:
                continue
            parts.append(samples.take(slice(low, high)))
            limit -= high - low
            reached = seq + high
            if limit <= 0:
                break
        found = Samples.concatenate(parts)
        named = self.identity.to_run(found)
        if reached > self._read_to:  # each is counted once, whoever reads again
            self.unnamed, self._read_to = self.unnamed + len(found) - len(named), reached
        return named, reached

    def _read_slabs(self, first: int, stop: int, limit: int, end: int) -> tuple[Samples, int]:
        """Return some of what is sealed: of one slab at most, so that a long past is read piece by piece."""
        number = self.first
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
        """Yield the unsealed samples numbered below `stop` that may be effective within [start_ns, end_ns]."""
        for seq, samples in self.sealed.reader.samples(0, stop, start_ns=start_ns, end_ns=end_ns):
            yield self.identity.to_run(samples.take(slice(0, stop - seq)))

    def begin(self, sealer: Sealer, state: Samples) -> None:
        """Begin the file with each signal's last samples before it, in the run's numbers, so that it can be understood alone."""
        signals, texts = self.identity.unsaved()
        sealer.begin(self.identity.to_file(state), signals=signals, texts=texts)
        self.identity.saved()

    def finish(self) -> None:
        """Make a plain, compact file of it, which is only read from now on."""
        self.journal.close(compact=True)
        self.sealed.reader = Reader(self.journal.path)

    def close(self) -> None:
        """Let the file go."""
        self.sealed.reader.close()
        self.journal.close()


class OlderFiles:
    """The files beside a volume that begin before it."""

    def __init__(self, volume: Volume, shelf: Shelf) -> None:
        """Look for them when they are needed."""
        self._volume, self._shelf = volume, shelf

    def take(self, late: Samples, numbers: NDArray[np.int64], stop: int) -> NDArray[np.bool_] | None:
        """Put samples into the files of their time and mend the keyframes of those after them, see `sealing.Older`.

        Where one of these files cannot be written, all stay where they are, and lie over the slabs until it can.
        """
        begins = self._begins()
        if not begins:
            return None
        starts = np.array(sorted(begins), np.int64)
        file = np.maximum(starts.searchsorted(late.effective_ns, "right") - 1, 0)
        with contextlib.ExitStack() as stack:
            journals = []
            for start_ns in starts[int(file.min()) :].tolist():
                try:
                    journals.append(Journal(begins[start_ns], going_on=False))
                except RecordingError:
                    return np.zeros(len(late), np.bool_)
                stack.callback(self._shelf.refresh, begins[start_ns])
                stack.callback(journals[-1].close)
            return self._put(journals, file - int(file.min()), (late, numbers, stop))

    def _begins(self) -> dict[int, Path]:
        """Return the older files by the time of their start."""
        starts = ((start_of(path), path) for path in files_of(self._volume.journal.path.parent))
        return {start_ns: path for start_ns, path in starts if start_ns is not None and start_ns < self._volume.start_ns}

    def _put(
        self, journals: Sequence[Journal], file: NDArray[np.intp], waiting: tuple[Samples, NDArray[np.int64], int]
    ) -> NDArray[np.bool_]:  # fmt: skip
        """Put samples into files, each once, the older file first; return which lie there."""
        late, numbers, stop = waiting
        key = TAKEN + self._volume.journal.path.name
        placed = np.zeros(len(late), np.bool_)
        for number, journal in enumerate(journals):
            other = Volume(journal, *self._volume.identity.tables)
            fresh = numbers >= taken(journal.reader.words(), key)
            mine = fresh & (file == number)
            concerned = mine | (placed & fresh & (file < number))
            run = self._volume.identity.to_run(late.take(concerned))
            if len(run) == concerned.sum() > 0:
                signals, texts = other.identity.unsaved()
                names: dict[str, Sequence[Any]] = {"signals": signals, "texts": texts}
                sealer = other.sealer(self._shelf, folder=False)
                mine[concerned] = sealer.take(other.identity.to_file(run), mine[concerned], names=names, mark=(key, stop))
            placed |= mine | (~fresh & (file == number))
        return placed


class Taken:
    """Which samples of a file's journal older files hold already: a crash may leave them in both for a while."""

    def __init__(self, words: Mapping[Path, Mapping[str, str]], path: Path) -> None:
        """Look into what files keep in `meta`, by path, that begin before the one at `path`."""
        here_ns = start_of(path)
        starts = {start_ns: one for one in words if (start_ns := start_of(one)) is not None and here_ns is not None and start_ns < here_ns}
        self._starts = np.array(sorted(starts), np.int64)
        self._until = np.array([taken(words[starts[start_ns]], TAKEN + path.name) for start_ns in sorted(starts)], np.int64)
        self._here_ns = here_ns or NEVER

    @property
    def until(self) -> int:
        """Return the number below which there are such samples, 0 where there are none."""
        return int(self._until.max(initial=0))

    def among(self, samples: Samples, first: int) -> NDArray[np.bool_]:
        """Return which samples, numbered from `first` on, lie in an older file, shape (n,)."""
        if first >= self.until:
            return np.zeros(len(samples), np.bool_)
        file = np.maximum(self._starts.searchsorted(samples.effective_ns, "right") - 1, 0)
        numbers = np.arange(first, first + len(samples))
        found: NDArray[np.bool_] = (samples.effective_ns < self._here_ns) & (numbers < self._until[file])
        return found


def taken_over(path: Path) -> int:
    """Return below which number samples of the file at `path` may lie in older files beside it, too; 0 where none does."""
    words: dict[Path, Mapping[str, str]] = {path: {}}
    for one in files_of(path.parent):
        if one != path:
            with contextlib.suppress(RecordingError), Reader(one) as reader:
                words[one] = reader.words()
    return Taken(words, path).until


def taken(words: Mapping[str, str], key: str) -> int:
    """Return up to which number a file took over the samples of another."""
    word = words.get(key, "0")
    return int(word) if word.isdigit() else 0
