"""A recording read by whoever wants to: a file or a folder of them as one, while somebody writes it or years later. Not for writing."""

from __future__ import annotations

import os
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from twin_app.errors import RecordingError
from twin_app.history.envelope import grid_of, numbered_later, series, series_of_thin
from twin_app.history.files import files_of
from twin_app.history.holes import holes
from twin_app.history.identity import Identity
from twin_app.history.past import Past
from twin_app.history.reader import Reader
from twin_app.history.rerolling import Rerolling
from twin_app.history.schema import MARK
from twin_app.history.sealed import Sealed, StaleError
from twin_app.history.shelf import PAGE_BYTES, Shelf
from twin_app.history.twice import once
from twin_app.history.volume import Taken
from twin_app.model.historian import Span
from twin_app.model.samples import NEVER, Samples, TextTable
from twin_app.model.signal import SignalTable
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path
    from typing import TypeVar

    from twin_app.model.historian import Latest, Series

    T = TypeVar("T")

_FOREVER = 2**63 - 1
_TRIES = 50
_AT_IT_S = 60.0
"""Nobody is at a question for so long."""
_GROWING = 2
"""So many of the last files may be written to while they are read."""


class File(NamedTuple):
    """One file of the recording."""

    reader: Reader
    identity: Identity
    sealed: Sealed


class Recording:
    """Everything a line said in one recording. Needs no lock of any writer; may be asked from any thread.

    Attributes:
        path: the file or folder.
        signals: the signals of all files, numbered for this run.
        texts: the texts that values stand for.
        problems: sentences about files that could not be read at all; the others are here.
        remarks: sentences that whoever opened it wants told besides.
    """

    def __init__(
        self, path: Path, *, signals: SignalTable | None = None, texts: TextTable | None = None, page_bytes: int = PAGE_BYTES,
        among: Collection[Path] | None = None,
    ) -> None:  # fmt: skip
        """Open the recording at `path`; its signals and texts are added to the tables. `page_bytes` bounds the memory of decoded slabs.

        Of a folder `among` names the files that are read; None: all.

        Raises:
            RecordingError: there is none, none of its files can be read, or they are of another line than `signals`.
        """
        self.path = path
        self.signals, self.texts = SignalTable() if signals is None else signals, TextTable() if texts is None else texts
        self.problems: tuple[str, ...] = ()
        self.remarks: tuple[str, ...] = ()
        self._among = among
        self._left: list[tuple[float, Reader]] = []
        """What files that are gone were read with, and since when: closed once nobody can be at it, because a file that is open keeps its room."""
        self._copies: set[Path] = set()
        """Damaged files that are left out for a sound copy."""
        self._files = self._once(self._open(self._paths()))
        self._ends = self._extents()  # before the index: what is sealed in between shows as something new
        for file in self._files[-_GROWING:]:
            file.sealed.refresh()
        self.shelf = Shelf(*(file.sealed for file in self._files), page_bytes=page_bytes)
        self._past = Past(self.shelf, self.scan, lambda: len(self.signals))
        self._taken = self._taken_over()
        self._holes = self._between()
        self._refreshing = threading.Lock()
        self._rerolling = Rerolling(self._rolled)
        self._rerolling.see(file.sealed for file in self._files)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the files go."""
        self._rerolling.close()
        self._past.close()
        for file in self._files:
            file.reader.close()
        self._let_go(0.0)

    @property
    def files(self) -> tuple[File, ...]:
        """Return its files, by time."""
        return self._files

    @property
    def readers(self) -> tuple[Reader, ...]:
        """Return its files, by time."""
        return tuple(file.reader for file in self._files)

    @property
    def damaged(self) -> int:
        """Return how many rows and blobs could not be believed so far and were left out."""
        return self.shelf.damaged + sum(file.reader.damaged for file in self._files)

    def marked(self, key: str) -> str:
        """Return the word that was left under a key in the newest file that holds one, empty where none does."""
        return next((found for file in reversed(self._files) if (found := file.reader.words().get(MARK + key, ""))), "")

    def notices(self) -> tuple[str, ...]:
        """Return what a person must know about the recording, each a worded sentence with its cure."""
        return (*self._fixed(), *self.remarks, *self.damage(), *self._rerolling.notices())

    def damage(self) -> tuple[str, ...]:
        """Return what is wrong with its files, a sentence each: those that cannot be read, what is lost, what cannot be believed."""
        said = [
            tr(
                N_("Damaged parts of {path}, shown as unknown: {count}. Restore it from a copy if there is one."),
                path=self.path,
                count=self.damaged,
            )
        ]
        lost = [sentence for file in self._files for sentence in file.reader.losses()]
        return (*self.problems, *lost, *(said if self.damaged else ()))

    def settle(self) -> None:
        """Wait until what damaged files are read from answers as quickly as whole ones."""
        self._rerolling.wait()

    def _fixed(self) -> tuple[str, ...]:
        """Return the sentence for a place where nothing can be written."""
        if os.access(self.path, os.W_OK):
            return ()
        return (tr(N_("{path} cannot be written: it is shown as it is, and nothing can be added to it."), path=self.path),)

    def refresh(self) -> bool:
        """Look whether somebody wrote more, or another file; return whether there is anything new. Safe from any thread."""
        with self._refreshing:
            return self._refresh()

    def _refresh(self) -> bool:
        """Look, one thread at a time."""
        self._leave()
        there = {file.reader.path for file in self._files}
        fresh = self._open(tuple(path for path in self._paths() if path not in there and path not in self._copies))
        before, files = self._ends, tuple(sorted((*self._files, *fresh), key=lambda file: file.reader.path))
        self._files = self._once(files) if fresh else files
        self._ends = self._extents()  # before the index, see above
        for file in self._files:
            file.identity.load(file.reader)
            file.sealed.refresh()
        self._taken = {**self._taken, **self._taken_over()}  # who scans may still be at a file that is gone
        self._rerolling.see(file.sealed for file in self._files)
        if before == self._ends and not fresh:
            return False
        self._holes = self._between()
        self.shelf.changed(*(file.sealed for file in self._files))
        self._past.take_late()
        return True

    def _leave(self) -> None:
        """Ask files no more that were removed, for age or size, while others are left."""
        self._let_go(_AT_IT_S)
        kept = tuple(file for file in self._files if file.reader.path.exists())
        if 0 < len(kept) < len(self._files):
            gone = {file.reader for file in self._files} - {file.reader for file in kept}
            self._files = kept
            self._left += [(time.monotonic(), reader) for reader in gone]

    def _let_go(self, after_s: float) -> None:
        """Close what was left so long ago, or longer."""
        before_s = time.monotonic() - after_s
        for since_s, reader in [*self._left]:
            if since_s <= before_s:
                reader.close()
                self._left.remove((since_s, reader))

    def span(self) -> Span | None:
        """Return from when to when anything is effective, None where nothing is."""
        places = self.shelf.places
        spans = self._journal_spans()
        if places:
            last = self.asking(lambda: self.shelf.page(places[-1], len(self.signals)))
            spans.append(
                Span(places[0].entry.start_ns, int(last.columns.times.max()) if len(last.columns.times) else places[-1].entry.end_ns - 1)
            )
        return Span(min(span.start_ns for span in spans), max(span.end_ns for span in spans)) if spans else None

    def state_at(self, at_ns: int) -> Latest:
        """Return the latest value, time and quality of every signal at or before an instant."""
        return self.asking(lambda: self._past.page(at_ns, _FOREVER).state_at(at_ns, len(self.signals)))

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        """Return a signal's samples of [start_ns, end_ns], before them the one in force at the start, or an envelope of `pixels` columns."""
        grid = grid_of(start_ns, end_ns, pixels) if pixels > 0 else None

        def whole(*, numbered: bool) -> Series:
            if grid is not None and not numbered:
                thin = self.asking(lambda: self._past.thin(signal, start_ns, end_ns, _FOREVER, grid.level))
                return series_of_thin(thin, start_ns, grid)
            view = self.asking(lambda: self._past.samples(signal, start_ns, end_ns, _FOREVER, numbered=numbered))
            return series(view, start_ns, end_ns, pixels)

        return numbered_later(whole)

    def samples(self, start_ns: int = NEVER, end_ns: int = _FOREVER, *, signals: Collection[int] | None = None) -> Iterator[Samples]:
        """Yield all samples of [start_ns, end_ns], a slab's worth at a time, by effective time, those of one instant by arrival.

        Args:
            start_ns: UTC ns.
            end_ns: UTC ns, inclusive.
            signals: none but these; facts (states, counters, texts) alone are fast, because they stand apart. Message numbers
                of single measurements are left out (-1).
        """
        at_ns: int | None = start_ns
        while at_ns is not None and at_ns <= end_ns:
            begin_ns = at_ns
            found, at_ns = self.asking(lambda begin_ns=begin_ns: self._piece(begin_ns, signals))  # type: ignore[misc] # mypy infers no type for a default argument
            found = found.take((found.effective_ns >= start_ns) & (found.effective_ns <= end_ns))
            if len(found):
                yield found.take(found.effective_ns.argsort(kind="stable"))

    def unsealed(self) -> Iterator[tuple[int, Samples]]:
        """Yield what lies in no slab yet, in order of arrival, with the number of the first of each batch in its file; what is said of holes last."""
        for file in self._files:
            for number, samples in file.reader.samples():
                yield number, self._fresh(file, number, samples)
        yield 0, self._holes

    def _paths(self) -> tuple[Path, ...]:
        """Return the files that are read."""
        return tuple(path for path in files_of(self.path) if self._among is None or path in self._among)

    def _piece(self, at_ns: int, signals: Collection[int] | None) -> tuple[Samples, int | None]:
        """Return the samples of the slab that holds an instant, with the unsealed ones of its time, and where the next one begins.

        Behind the last slab stands what is unsealed, and no more.
        """
        places = self.shelf.places
        start_ns, end_ns, parts = NEVER, _FOREVER, []
        if places and at_ns < places[-1].entry.end_ns:
            number = self.shelf.number(at_ns)
            sealed, entry = places[number]
            start_ns, end_ns = entry.start_ns if number else NEVER, self.shelf.end_of(number)
            parts = [sealed.samples(entry, signals)]
        elif places:
            start_ns = places[-1].entry.end_ns
        wanted = None if signals is None else np.array(sorted(signals), np.int32)
        for samples in self.scan(start_ns, end_ns):
            keep = (samples.effective_ns >= start_ns) & (samples.effective_ns <= end_ns)
            parts.append(samples.take(keep if wanted is None else keep & np.isin(samples.signal, wanted)))
        return Samples.concatenate(parts), (None if end_ns == _FOREVER else end_ns + 1)

    def _open(self, paths: tuple[Path, ...]) -> tuple[File, ...]:
        """Open files; those that cannot be read are told in `problems`, unless it is all there are."""
        files: list[File] = []
        errors: list[RecordingError] = []
        with ExitStack() as stack:
            for path in paths:
                try:
                    reader = stack.enter_context(Reader(path))
                    identity = Identity(self.signals, self.texts)
                    identity.load(reader)
                    files.append(File(reader, identity, Sealed(reader, identity)))
                except RecordingError as error:
                    errors.append(error)
            if errors and not files:
                raise errors[0]
            stack.pop_all()
        self.problems += tuple(error.worded() for error in errors)
        return tuple(files)

    def _once(self, files: tuple[File, ...]) -> tuple[File, ...]:
        """Return the files without the damaged ones of which there is a sound copy; of what those hold beyond it, that alone is left."""
        kept, twice = once([file.sealed for file in files])
        self.problems += tuple(one.worded() for one in twice)
        self._copies.update(one.file.reader.path for one in twice if one.wholly)
        return tuple(file for file in files if file.sealed in kept)

    def scan(self, start_ns: int, end_ns: int) -> Iterator[Samples]:
        """Yield the unsealed samples that may be effective within [start_ns, end_ns], in order of arrival."""
        for file in self._files:
            for number, samples in file.reader.samples(start_ns=start_ns, end_ns=end_ns):
                yield self._fresh(file, number, samples)
        yield self._holes

    def _between(self) -> Samples:
        """Return what is to be believed of the time between files that do not go on from each other."""
        return holes([file.sealed for file in self._files], self.signals)

    def _fresh(self, file: File, number: int, samples: Samples) -> Samples:
        """Return a journal row's samples, without those that an older file holds by now."""
        there = self._taken[file.reader.path].among(samples, number)
        if file.sealed.elsewhere is not None:
            first_ns, last_ns = file.sealed.elsewhere
            there |= (samples.effective_ns >= first_ns) & (samples.effective_ns <= last_ns)
        fresh = samples.take(~there) if there.any() else samples
        named = file.identity.to_run(fresh)
        if len(named) < len(fresh):  # written since somebody looked, with names of its own
            file.identity.load(file.reader)
            named = file.identity.to_run(fresh)
        return named

    def _rolled(self, path: Path) -> None:
        """Take over the pyramid that was made of a damaged file's copy."""
        with self._refreshing:
            self.shelf.refresh(path)

    def _journal_spans(self) -> list[Span]:
        """Return from when to when what is unsealed is effective, by file."""
        asked = "SELECT min(first_effective), max(last_effective) FROM journal"
        found = [file.reader.query(asked)[0] for file in self._files]
        return [Span(int(first), int(last)) for first, last in found if isinstance(first, int) and isinstance(last, int)]

    def _taken_over(self) -> dict[Path, Taken]:
        """Return of every file which samples of its journal lie in older ones."""
        words = {file.reader.path: file.reader.words() for file in self._files}
        return {path: Taken(words, path) for path in words}

    def _extents(self) -> list[tuple[tuple[int, int], tuple[int, int], bool]]:
        """Return how far each file reaches, how much of it is sealed, and whether it is read from a mended copy."""
        return [(file.reader.extent(), file.reader.sealed(), file.reader.healed) for file in self._files]

    def asking(self, ask: Callable[[], T]) -> T:
        """Ask, and again with a fresh index where somebody sealed meanwhile."""
        for _ in range(_TRIES):
            try:
                found = ask()
            except StaleError:
                pass
            else:
                if self._is_as_known():
                    return found
            self.refresh()
        raise RecordingError(N_("{path} is being rewritten without end."), tip=N_("Try again."), path=self.path)

    def _is_as_known(self) -> bool:
        """Tell whether nothing was sealed, and no file turned out to be damaged, since somebody looked."""
        known = list(zip(self._files, self._ends, strict=True))
        whole = all(file.reader.healed == healed for file, (_, _, healed) in known)
        return whole and all(file.reader.sealed() == sealed for file, (_, sealed, _) in known[-_GROWING:])
