"""The slabs of one recording in order of time, over all its files; the decoded ones are kept a while. Not for what is not sealed yet: see `past`."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from twin_app.history.page import Page
from twin_app.history.recent import Recent
from twin_app.history.snapshot import View
from twin_app.model.samples import Samples

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from twin_app.history.envelope import Thin
    from twin_app.history.rollup import Chunk
    from twin_app.history.sealed import Sealed
    from twin_app.history.slab import Entry

PAGE_BYTES = 64 * 2**20
"""Memory of the slabs that are kept decoded."""
CURVE_BYTES = 32 * 2**20
"""Memory of single signals' samples and levels that are kept decoded."""


class Place(NamedTuple):
    """One slab of one file."""

    sealed: Sealed
    entry: Entry

    @property
    def key(self) -> tuple[int, int, int]:
        """Return what its decoded page is kept under: another version is another page."""
        return id(self.sealed), self.entry.slab, self.entry.version


class Piece(NamedTuple):
    """Slabs number `first` to `last` of which there is a pyramid."""

    first: int
    last: int
    sealed: Sealed
    chunk: Chunk
    sids: NDArray[np.int64]


class Shelf:
    """All slabs. `changed` belongs to who seals, the questions to any thread."""

    def __init__(self, *files: Sealed, page_bytes: int = PAGE_BYTES) -> None:
        """Start with the slabs of some files, in order of time."""
        self._lock, self._decoding = threading.Lock(), threading.Lock()
        self._pages: Recent[Page] = Recent(page_bytes)
        self._entries: Recent[Page] = Recent(CURVE_BYTES // 4)
        self._curves: Recent[View] = Recent(CURVE_BYTES // 2)
        self._levels: Recent[tuple[Thin, int]] = Recent(CURVE_BYTES // 2)
        self.turn = threading.RLock()
        """Held while a file is changed and until that is known here."""
        self.version = 0
        """Counts the changes."""
        self.files: tuple[Sealed, ...] = files
        self.places: tuple[Place, ...] = ()
        self._starts: list[int] = []
        self._piece_of: list[Piece | None] = []
        self.changed()

    def changed(self, *files: Sealed) -> None:
        """Take over other files (where any are given) and what is new in them."""
        with self._lock:
            self.files = files or self.files
            places = [Place(sealed, entry) for sealed in self.files for entry in sealed.entries]
            self.places = tuple(sorted(places, key=lambda place: place.entry.start_ns))
            self._starts = [place.entry.start_ns for place in self.places]
            self._piece_of = _pieces(self.files, self.places, self._starts)
            self.version += 1
            there = {place.key for place in self.places}
            self._pages.keep(there.__contains__)
            self._entries.keep(there.__contains__)
            self._curves.keep(lambda key: key[:-1] in there)  # type: ignore[index] # our own keys
            there = {(id(piece.sealed), piece.chunk.number, 0) for piece in self._piece_of if piece}
            self._levels.keep(lambda key: (*key[:2], 0) in there)  # type: ignore[index] # our own keys

    def leave(self, path: Path) -> Sealed | None:
        """Answer from the file at `path` no more; return it, still open for whoever is at it, None where it is none of these."""
        with self.turn:
            gone = next((sealed for sealed in self.files if sealed.reader.path == path), None)
            if gone is not None:
                self.changed(*(sealed for sealed in self.files if sealed is not gone))
            return gone

    def refresh(self, path: Path) -> None:
        """Take over what is new in the file at `path`, where it is one of these."""
        for sealed in self.files:
            if sealed.reader.path == path:
                sealed.identity.load(sealed.reader)
                sealed.refresh()
        self.changed()

    @property
    def end_ns(self) -> int | None:
        """Return from when on nothing is sealed, None where nothing is."""
        places = self.places
        return places[-1].entry.end_ns if places else None

    @property
    def damaged(self) -> int:
        """Return how many blobs could not be believed so far."""
        return sum(sealed.damaged for sealed in self.files)

    def settled_version(self) -> int:
        """Return the version, once no change is on its way."""
        with self.turn:
            return self.version

    def end_of(self, number: int) -> int:
        """Return the last instant that slab number so and so answers for: up to the next one, whatever lies between."""
        places = self.places
        return (places[number + 1].entry.start_ns if number + 1 < len(places) else places[number].entry.end_ns) - 1

    def number(self, at_ns: int) -> int:
        """Return the number in `places` of the slab that holds an instant; the first one for all before."""
        return max(bisect_right(self._starts, at_ns) - 1, 0)

    def piece(self, number: int) -> Piece | None:
        """Return the slabs around number so and so of which there is a pyramid, None where it is in none."""
        return self._piece_of[number]

    def is_decoded(self, place: Place) -> bool:
        """Return whether a slab is there decoded."""
        return self._pages.get(place.key) is not None

    def page(self, place: Place, signals: int) -> Page:
        """Return a slab decoded; one that somebody decodes already is waited for."""
        page = self._pages.get(place.key)
        if page is not None:
            return page
        with self._decoding:
            page = self._pages.get(place.key)
            if page is None:
                page = place.sealed.page(place.entry, signals)
                self._pages.put(place.key, page, page.nbytes)
            return page

    def state_before(self) -> Samples:
        """Return each signal's last samples before the first file."""
        return self.files[0].state_before()

    def series(self, place: Place, signal: int, start_ns: int, end_ns: int) -> View:
        """Return a signal's samples within [start_ns, end_ns] of one slab, reading no more than it must."""
        page = self._pages.get(place.key)
        if page is not None:
            return page.samples(signal, start_ns, end_ns, in_force=False)
        key = (*place.key, signal)
        view = self._curves.get(key)
        if view is None:
            view = place.sealed.series(place.entry, signal, place.entry.start_ns, place.entry.end_ns)
            self._curves.put(key, view, view.times.nbytes + view.rows.nbytes)
        part = slice(int(view.times.searchsorted(start_ns, "left")), int(view.times.searchsorted(end_ns, "right")))
        return View(view.times[part], view.rows[part])

    def before(self, place: Place, signal: int, at_ns: int) -> View:
        """Return a signal's last sample before an instant within a slab, if there is any."""
        found = self.series(place, signal, place.entry.start_ns, at_ns - 1)
        if len(found.times):
            return View(found.times[-1:], found.rows[-1:])
        page = self._entries.get(place.key)
        if page is None:
            page = Page.of(place.sealed.keyframe(place.entry), Samples.empty(), 0)
            self._entries.put(place.key, page, page.nbytes)
        return page.entry(signal, at_ns)

    def level(self, piece: Piece, signal: int, level: int) -> tuple[Thin, int] | None:
        """Return what is kept of a signal in a piece at a level, or the next finer there is, and which that is; None where there is none."""
        sid = piece.sealed.identity.sid(signal)
        key = (id(piece.sealed), piece.chunk.number, -1 if sid is None else sid, level)
        found = self._levels.get(key)
        if found is None:
            read = piece.sealed.rolled.level(piece.chunk, piece.sids, -1 if sid is None else sid, level)
            if read is None:
                return None
            found = self._levels.put(key, read, 64 * len(read.thin.counts) + 128)
        return found


def _pieces(files: Sequence[Sealed], places: Sequence[Place], starts: list[int]) -> list[Piece | None]:
    """Return of every slab the piece that it is in; only such as no other file's slab lies within."""
    pieces: list[Piece | None] = [None] * len(places)
    for sealed in files:
        for chunk, sids in sealed.rolled.chunks:
            first, stop = bisect_left(starts, chunk.start_ns), bisect_left(starts, chunk.end_ns)
            if stop - first == chunk.slabs and all(place.sealed is sealed for place in places[first:stop]):
                pieces[first:stop] = [Piece(first, stop - 1, sealed, chunk, sids)] * chunk.slabs
    return pieces
