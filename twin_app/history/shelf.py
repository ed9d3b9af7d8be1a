"""The slabs of one recording in order of time, over all its files; the decoded ones are kept a while. Not for what is not sealed yet: see `past`."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.history.page import Page
    from twin_app.history.sealed import Sealed
    from twin_app.history.slab import Entry
    from twin_app.history.snapshot import View
    from twin_app.model.samples import Samples

PAGE_BYTES = 64 * 2**20
"""Memory of the slabs that are kept decoded."""


class Place(NamedTuple):
    """One slab of one file."""

    sealed: Sealed
    entry: Entry

    @property
    def key(self) -> tuple[int, int, int]:
        """Return what its decoded page is kept under: another version is another page."""
        return id(self.sealed), self.entry.slab, self.entry.version


class Shelf:
    """All slabs. `changed` belongs to who seals, the questions to any thread."""

    def __init__(self, *files: Sealed, page_bytes: int = PAGE_BYTES) -> None:
        """Start with the slabs of some files, in order of time."""
        self._page_bytes = page_bytes
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple[int, int, int], Page] = OrderedDict()
        self.turn = threading.RLock()
        """Held while a file is changed and until that is known here."""
        self.version = 0
        """Counts the changes."""
        self.files: tuple[Sealed, ...] = files
        self.places: tuple[Place, ...] = ()
        self._starts: list[int] = []
        self.changed()

    def changed(self, *files: Sealed) -> None:
        """Take over other files (where any are given) and what is new in them."""
        with self._lock:
            self.files = files or self.files
            places = [Place(sealed, entry) for sealed in self.files for entry in sealed.entries]
            self.places = tuple(sorted(places, key=lambda place: place.entry.start_ns))
            self._starts = [place.entry.start_ns for place in self.places]
            self.version += 1
            there = {place.key for place in self.places}
            for key in [key for key in self._pages if key not in there]:
                del self._pages[key]

    def refresh(self, path: Path) -> None:
        """Take over what is new in the file at `path`, where it is one of these."""
        for sealed in self.files:
            if sealed.reader.path == path:
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

    def page(self, place: Place, signals: int) -> Page:
        """Return a slab decoded."""
        with self._lock:
            page = self._pages.get(place.key)
            if page is not None:
                self._pages.move_to_end(place.key)
                return page
        page = place.sealed.page(place.entry, signals)
        with self._lock:
            self._pages[place.key] = page
            held = sum(page.nbytes for page in self._pages.values())
            while held > self._page_bytes and len(self._pages) > 1:
                held -= self._pages.popitem(last=False)[1].nbytes
        return page

    def state_before(self) -> Samples:
        """Return each signal's last samples before the first file."""
        return self.files[0].state_before()

    def series(self, place: Place, signal: int, start_ns: int, end_ns: int) -> View:
        """Return a signal's samples within [start_ns, end_ns] of one slab, reading no more than it must."""
        with self._lock:
            page = self._pages.get(place.key)
        if page is not None:
            return page.samples(signal, start_ns, end_ns, in_force=False)
        return place.sealed.series(place.entry, signal, start_ns, end_ns)
