"""Making the pyramid of a file in the background: which chunks there should be, and each from its slabs. Not for its form: see `rollup`.

Chunks are hours while a day grows and days once it is over (or the file is), so that a month is read in a few dozen
rows. Every chunk is made from the samples themselves; one whose slabs have changed since is made anew.
"""

from __future__ import annotations

import contextlib
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import numpy as np

from twin_app.clock import SECOND_NS
from twin_app.errors import RecordingError
from twin_app.history import rollup
from twin_app.history.files import files_of
from twin_app.history.identity import Identity
from twin_app.history.journal import Journal
from twin_app.history.reader import Reader
from twin_app.history.rolled import packed_numbers
from twin_app.history.rollup import Chunk, Curves, RollupRow, stamp_of
from twin_app.history.sealed import Sealed
from twin_app.model.samples import TextTable
from twin_app.model.signal import SignalTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from twin_app.history.shelf import Shelf
    from twin_app.history.slab import Entry

HOUR_NS = 3_600 * SECOND_NS
DAY_NS = 24 * HOUR_NS
_AT_ONCE = 4_000_000
"""Samples whose signals are gone through together, of the rate of all."""
_ROWS = 500
"""Rows of one transaction: who commits meanwhile waits for milliseconds."""


class Roller:
    """Makes the chunks of one file. Belongs to the thread that seals."""

    def __init__(self, journal: Journal, sealed: Sealed, *, rest: Callable[[], None] = lambda: None) -> None:
        """Write with `journal` what is made of `sealed`; `rest` is called again and again meanwhile."""
        self._journal, self._sealed, self._rest = journal, sealed, rest

    def step(self, *, finished: bool) -> bool:
        """Make one chunk that is missing, the newest first; return whether there was one. `finished` says that no slab will come.

        Raises:
            sqlite3.Error: the disk is full or failing; what was there is there.
        """
        due = missing(self._sealed, finished=finished)
        if due is None:
            return False
        self._make(due)
        self._sealed.refresh()
        return True

    def _make(self, piece: Sequence[Entry]) -> None:
        """Make the chunk of a piece in place of those that it holds."""
        number = self._sealed.rolled.newest + 1
        self._journal.forget_rolled(number)
        sids: list[int] = []
        for curves in self._curves(piece):
            rows: list[RollupRow] = []
            for row in rollup.rolled(number, curves):
                rows.append(row)
                sids.append(row.key & (1 << rollup.SIGNAL_BITS) - 1)
                self._rest()
                if len(rows) == _ROWS:
                    self._journal.put_rolled(rows)
                    rows = []
            self._journal.put_rolled(rows)
        packed = packed_numbers(np.array(sorted(sids), np.int64))
        self._journal.put_chunk(Chunk(number, piece[0].start_ns, piece[-1].end_ns, len(piece), stamp_of(piece), packed))

    def _curves(self, piece: Sequence[Entry]) -> Iterator[Curves]:
        """Yield all samples of some slabs, some signals at a time, as they are kept in the finest level."""
        named = self._sealed.identity.named
        groups = min(max(1, -(-sum(entry.n for entry in piece) // _AT_ONCE)), max(named, 1))
        borders = np.linspace(0, named, groups + 1).astype(np.int64).tolist()
        for first, stop in pairwise(borders):
            parts = []
            for entry in piece:
                parts += [rollup.thinned(part, 0) for part in self._sealed.curves(entry, first, stop - 1)]
                self._rest()
            if parts:
                whole = Curves(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
                yield whole.take(whole.signal.argsort(kind="stable"))


class Beside:
    """The files beside the one that is written, and before it: each is looked at once, and gets what its pyramid lacks."""

    def __init__(self, path: Path, shelf: Shelf) -> None:
        """Look beside `path`; `shelf` shows what is found there, too."""
        self._path, self._shelf = path, shelf
        self._seen: set[Path] = set()

    def step(self) -> bool:
        """Make the pyramid of one file that lacks some; return whether there was one. One that cannot be written is left as it is."""
        for path in reversed(files_of(self._path.parent)):
            if path.name < self._path.name and path not in self._seen:
                self._seen.add(path)
                with contextlib.suppress(RecordingError):
                    if self._lacks(path):
                        self._make(path)
                        return True
        return False

    def look_again(self) -> None:
        """Look at all of them again: some have got late samples."""
        self._seen.clear()

    @staticmethod
    def _lacks(path: Path) -> bool:
        """Return whether a file has slabs that are in no chunk."""
        with Reader(path) as reader:
            return missing(Sealed(reader, Identity(SignalTable(), TextTable())), finished=True) is not None

    def _make(self, path: Path) -> None:
        """Make what a file lacks."""
        try:
            roll(path)
        finally:
            self._shelf.refresh(path)


def roll(path: Path, *, durable: bool = True, rest: Callable[[], None] = lambda: None) -> bool:
    """Make all that is missing of the pyramid of a finished file; return whether anything was. `rest` is called again and again meanwhile.

    Raises:
        RecordingError: it cannot be written.
        sqlite3.Error: the disk is full or failing; what was there is there.
    """
    made = False
    with contextlib.closing(Journal(path, durable=durable, going_on=False)) as journal:
        identity = Identity(SignalTable(), TextTable())
        identity.load(journal.reader)
        roller = Roller(journal, Sealed(journal.reader, identity), rest=rest)
        while roller.step(finished=True):
            made = True
    return made


def missing(sealed: Sealed, *, finished: bool) -> Sequence[Entry] | None:
    """Return the newest slabs that should be a chunk and are none, None where all are."""

    def is_there(piece: Sequence[Entry]) -> bool:
        return any(chunk.start_ns == piece[0].start_ns and chunk.is_of(piece) for chunk, _ in sealed.rolled.chunks)

    return next((piece for piece in reversed(wanted(sealed.entries, finished=finished)) if not is_there(piece)), None)


def wanted(entries: Sequence[Entry], *, finished: bool) -> list[Sequence[Entry]]:
    """Return which slabs should be chunks: those of every day that is over, and of every hour of the newest day that is over."""
    days = [list(day) for _, day in groupby(entries, lambda entry: entry.start_ns // DAY_NS)]
    if finished or not days:
        return list(days)
    hours = [list(hour) for _, hour in groupby(days[-1], lambda entry: entry.start_ns // HOUR_NS)]
    return [*days[:-1], *hours[:-1]]
