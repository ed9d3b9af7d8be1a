"""What has left the tail: decoded slabs, and what lies unsealed in the journal, as one. Not for the present: see `tail`.

An instant costs one slab, however long a signal was silent. Samples that came after their slab was sealed lie over it
until they are sealed, too; what is younger than all slabs is one page of its own.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin_app.history.ahead import Ahead
from twin_app.history.envelope import joined_thin, raw
from twin_app.history.long import Long
from twin_app.history.page import Page
from twin_app.history.slab import entries_after
from twin_app.history.snapshot import View
from twin_app.model.samples import NEVER, Samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from twin_app.history.envelope import Thin
    from twin_app.history.shelf import Shelf

_PAGES = 4


class _Known(NamedTuple):
    """A moment of the past: when it changes, pages made before are not kept."""

    shelf: int
    late: int


class Past:
    """Pages of time, each read when asked for. `take_late` belongs to the folding thread, the questions to any."""

    def __init__(self, shelf: Shelf, scan: Callable[[int, int], Iterator[Samples]], signals: Callable[[], int]) -> None:
        """Read slabs from `shelf`, and with `scan(start_ns, end_ns)` what is folded and unsealed and may touch the span, in order of arrival."""
        self._shelf, self._scan, self._signals = shelf, scan, signals
        self._ahead = Ahead(shelf, signals)
        self._lock = threading.Lock()
        self._late = 0
        self._mended: dict[tuple[_Known, int, int], Page] = {}
        self._waiting: tuple[_Known, Samples] | None = None

    def close(self) -> None:
        """Read nothing ahead any more."""
        self._ahead.close()

    def take_late(self) -> None:
        """Note that samples came whose time had left the tail already."""
        with self._lock:
            self._late += 1

    @property
    def sealed_ns(self) -> int | None:
        """Return from when on nothing is sealed, None where nothing is."""
        return self._shelf.end_ns

    def page(self, at_ns: int, floor_ns: int) -> Page:
        """Return the page that holds `at_ns`, which is before the tail's `floor_ns`; may read the file, but not where a playhead runs along."""
        self._ahead.passed(at_ns)
        while True:
            known = self._known()
            page = self._page(known, at_ns, floor_ns)
            if known == self._known():
                return page

    def samples(self, signal: int, start_ns: int, end_ns: int, floor_ns: int, *, numbered: bool) -> View:
        """Return a signal's samples of [start_ns, end_ns], before them the one in force at the start; message numbers as asked, else -1."""
        while True:
            known = self._known()
            views = [self._page(known, start_ns, floor_ns).samples(signal, start_ns, self._end(start_ns, end_ns), numbered=numbered)]
            at_ns = self._end(start_ns, end_ns) + 1
            while at_ns <= end_ns:
                views.append(self._series(known, signal, (at_ns, self._end(at_ns, end_ns)), floor_ns, numbered=numbered))
                at_ns = self._end(at_ns, end_ns) + 1
            if known == self._known():
                return joined(views)

    def thin(self, signal: int, start_ns: int, end_ns: int, floor_ns: int, level: int) -> Thin:
        """Return the same, without numbers, thinned in buckets of a level (see `envelope`), all of it where that is -1."""
        while True:
            known = self._known()
            parts = self._thin(known, signal, (start_ns, end_ns), floor_ns, level)
            if known == self._known():
                return joined_thin(parts)

    def _thin(self, known: _Known, signal: int, span: tuple[int, int], floor_ns: int, level: int) -> list[Thin]:
        """Return the sample in force at a span's start, its sealed samples, and those between the last slab and the tail."""
        start_ns, end_ns = span
        sealed_ns = self._shelf.end_ns
        parts = []
        if sealed_ns is not None and start_ns < sealed_ns:
            over = self._over_slabs(known, sealed_ns)
            late = np.sort(over.effective_ns[over.signal == signal])

            def is_over(first_ns: int, last_ns: int) -> bool:
                return bool(late.searchsorted(first_ns, "left") < late.searchsorted(last_ns, "right"))

            long = Long(self._shelf, signal, lambda a, z: self._series(known, signal, (a, z), floor_ns, numbered=False), is_over)
            parts.append(long.thin(start_ns, min(end_ns, sealed_ns - 1), level))
        if sealed_ns is None or end_ns >= sealed_ns:
            fresh = start_ns if sealed_ns is None else max(start_ns, sealed_ns)
            parts.append(raw(self._series(known, signal, (fresh, end_ns), floor_ns, numbered=False)))
        if len(parts[0].counts) and int(parts[0].view.times[0]) == start_ns:
            return parts
        return [raw(self._in_force(known, signal, span, floor_ns)), *parts]

    def _in_force(self, known: _Known, signal: int, span: tuple[int, int], floor_ns: int) -> View:
        """Return what was in force at a span's start, if anything; what had been said before a file that begins within it, too."""
        start_ns, end_ns = span
        sealed_ns, places = self._shelf.end_ns, self._shelf.places
        if sealed_ns is not None and places[0].entry.start_ns <= start_ns < sealed_ns:
            number = self._shelf.number(start_ns)
            over = self._over_slabs(known, sealed_ns)
            if not np.any(over.effective_ns[over.signal == signal] <= self._shelf.end_of(number)):
                return self._shelf.before(places[number], signal, start_ns)
        page, end_ns = self._page(known, start_ns, floor_ns), self._end(start_ns, end_ns)
        every, inner = page.samples(signal, start_ns, end_ns), page.samples(signal, start_ns, end_ns, in_force=False)
        more = slice(0, len(every.times) - len(inner.times))
        return View(every.times[more], every.rows[more])

    def _known(self) -> _Known:
        """Return what is known now."""
        return _Known(self._shelf.settled_version(), self._late)

    def _end(self, at_ns: int, end_ns: int) -> int:
        """Return the last instant of the page that holds `at_ns`, the span's end at most."""
        sealed_ns = self._shelf.end_ns
        if sealed_ns is None or at_ns >= sealed_ns:
            return end_ns
        return min(self._shelf.end_of(self._shelf.number(at_ns)), end_ns)

    def _series(self, known: _Known, signal: int, span: tuple[int, int], floor_ns: int, *, numbered: bool) -> View:
        """Return a signal's samples of a span within one page."""
        start_ns, end_ns = span
        sealed_ns = self._shelf.end_ns
        if not numbered and sealed_ns is not None and start_ns < sealed_ns:
            number, over = self._shelf.number(start_ns), self._over_slabs(known, sealed_ns)
            first_ns = self._shelf.places[number].entry.start_ns if number else NEVER
            lies = over.effective_ns[over.signal == signal]  # what lies over earlier slabs says nothing of this one's own samples
            if not np.any((lies >= first_ns) & (lies <= self._shelf.end_of(number))):
                return self._shelf.series(self._shelf.places[number], signal, start_ns, end_ns)
        return self._page(known, start_ns, floor_ns).samples(signal, start_ns, end_ns, in_force=False, numbered=numbered)

    def _page(self, known: _Known, at_ns: int, floor_ns: int) -> Page:
        """Return the page of an instant, of what is known at a moment."""
        sealed_ns = self._shelf.end_ns
        if sealed_ns is None or at_ns >= sealed_ns:
            return self._mend(known, -1, floor_ns, lambda: self._open(sealed_ns, floor_ns))
        number = self._shelf.number(at_ns)
        place = self._shelf.places[number]
        over = self._over_slabs(known, sealed_ns)
        if not len(over) or int(over.effective_ns.min()) > self._shelf.end_of(number):
            return self._shelf.page(place, self._signals())
        return self._mend(known, number, 0, lambda: self._under(number, over))

    def _mend(self, known: _Known, number: int, floor_ns: int, make: Callable[[], Page]) -> Page:
        """Return a page that is made of more than a slab, kept while nothing changes."""
        key = (known, number, floor_ns)
        with self._lock:
            page = self._mended.pop(key, None)
        page = page or make()
        with self._lock:
            if known.late == self._late:
                self._mended[key] = page  # the most recently used stands last
                while len(self._mended) > _PAGES:
                    del self._mended[next(iter(self._mended))]
        return page

    def _over_slabs(self, known: _Known, sealed_ns: int) -> Samples:
        """Return the samples that are unsealed and belong into slabs."""
        with self._lock:
            if self._waiting is not None and self._waiting[0] == known:
                return self._waiting[1]
        found = Samples.concatenate(
            [part for part in (_within(s, NEVER, sealed_ns) for s in self._scan(NEVER, sealed_ns - 1)) if len(part)]
        )
        with self._lock:
            self._waiting = (known, found)
        return found

    def _under(self, number: int, over: Samples) -> Page:
        """Return a slab with the samples that lie over it and over those before it."""
        sealed, entry = self._shelf.places[number]
        first = entry.start_ns if number else NEVER
        keyframe = entries_after(sealed.keyframe(entry), _within(over, NEVER, first))
        samples = Samples.concatenate([sealed.samples(entry), _within(over, first, self._shelf.end_of(number) + 1)])
        return Page.of(keyframe, samples, self._signals())

    def _open(self, sealed_ns: int | None, floor_ns: int) -> Page:
        """Return the page between the last slab and the tail."""
        found = Samples.concatenate([_within(samples, NEVER, floor_ns) for samples in self._scan(NEVER, floor_ns - 1)])
        if sealed_ns is None:
            return Page.of(self._shelf.state_before(), found, self._signals())
        last = self._shelf.places[-1]
        state = last.sealed.state_after(last.entry)
        return Page.of(entries_after(state, _within(found, NEVER, sealed_ns)), _within(found, sealed_ns, floor_ns), self._signals())


def joined(views: Sequence[View]) -> View:
    """Return views behind each other."""
    return View(np.concatenate([view.times for view in views]), np.concatenate([view.rows for view in views]))


def _within(samples: Samples, start_ns: int, end_ns: int) -> Samples:
    """Return the samples of [start_ns, end_ns)."""
    there = (samples.effective_ns >= start_ns) & (samples.effective_ns < end_ns)
    return samples if there.all() else samples.take(there)
