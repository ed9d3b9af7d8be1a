"""The samples of a store as they came in, handed out up to an instant of receipt. Not for what they mean."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.samples import Samples
from twin_app.plant.track import FAR_FUTURE

if TYPE_CHECKING:
    from twin_app.history.kept import Kept

PAGE = 100_000


@dataclass(slots=True)
class _Page:
    """Samples that came in one behind the other, numbers [begin, end)."""

    begin: int
    end: int
    first_ns: int
    last_ns: int
    """When the first and the last of them were received."""
    next_ns: int
    """When the next one to be handed out was; the end of time where none is left."""
    given: int = 0
    samples: Samples | None = None
    """All of them in order of receipt, while some are due and some are not."""


class Arrivals:
    """All that came in, once, by time of receipt: sources that were read one after the other are mixed as they once were heard.

    Works on a store whose samples can be read again: one with a journal. Belongs to one thread.
    """

    def __init__(self, store: Kept) -> None:
        """Begin with the first sample."""
        store.hold_numbers()
        self._store = store
        self._pages: list[_Page] = []
        self._read = 0

    def due(self, until_ns: int) -> Samples | None:
        """Return the next batch of what was received at or before an instant, in order of receipt; None where all of it was returned."""
        self.look_on()
        pages = sorted((page for page in self._pages if page.next_ns <= until_ns), key=_by_next)
        if not pages:
            return None
        until_ns = min(until_ns, pages[0].last_ns)  # one page, and what was received meanwhile by others: never all at once
        batch = Samples.concatenate([self._take(page, until_ns) for page in self._pages if page.next_ns <= until_ns])
        return batch.take(np.argsort(batch.received_ns, kind="stable"))

    def rewind(self) -> None:
        """Begin anew."""
        for page in self._pages:
            page.given, page.next_ns = 0, page.first_ns

    def look_on(self, ends_s: float = inf) -> bool:
        """Learn when what came in meanwhile was received, a page at least, until `time.perf_counter` is there; return whether all is looked at."""
        while self._read < self._store.watermark:
            samples, reached = self._store.read_since(self._read, PAGE)
            if reached == self._read:
                return True
            begin, self._read = self._read, reached
            if len(samples):
                first_ns, last_ns = int(samples.received_ns.min()), int(samples.received_ns.max())
                self._pages.append(_Page(begin, reached, first_ns, last_ns, first_ns))
            if time.perf_counter() >= ends_s:
                break
        return self._read >= self._store.watermark

    def _take(self, page: _Page, until_ns: int) -> Samples:
        """Return what is due of a page and go on behind it; of one instant the earlier arrival comes first."""
        samples = page.samples
        if samples is None:
            read, _ = self._store.read_since(page.begin, page.end - page.begin)
            samples = read.take(np.argsort(read.received_ns, kind="stable"))
        due = int(samples.received_ns.searchsorted(until_ns, "right"))
        part = samples.take(slice(page.given, due))
        rest = due < len(samples)
        page.given, page.next_ns = due, int(samples.received_ns[due]) if rest else FAR_FUTURE
        page.samples = samples if rest else None
        return part


def _by_next(page: _Page) -> int:
    """Return when a page's next sample was received."""
    return page.next_ns
