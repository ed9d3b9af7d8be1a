"""Tail, older files and everything between as one: what was in force at an instant and what a signal said. Not for taking anything in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.history.envelope import grid_of, joined_thin, numbered_later, raw, series, series_of_thin
from twin_app.history.past import joined
from twin_app.model.samples import NEVER

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.history.past import Past
    from twin_app.history.snapshot import Snapshot, View
    from twin_app.history.tail import Tail
    from twin_app.model.historian import Latest, Series

MANY = 50_000
"""Samples of one signal in the tail that are looked through for a curve; of more the pyramid is asked."""


class Whole:
    """Everything a line said, asked from any thread."""

    def __init__(self, tail: Callable[[], Tail], past: Past | None, older_ns: int, signals: Callable[[], int]) -> None:
        """Ask the tail of the moment, and the `past` (if there is one) for what is not in it: older files end at `older_ns`, `NEVER` where none is."""
        self._tail, self._past = tail, past
        self._older_ns, self._signals = older_ns, signals

    def state_at(self, at_ns: int) -> Latest:
        """Return the latest of every signal at or before an instant."""
        now = self._tail().snapshot
        floor_ns = self._floor_ns(now)
        page = self._past.page(at_ns, floor_ns) if self._past and at_ns < floor_ns else now
        return page.state_at(at_ns, self._signals())

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        """Return a signal's samples of [start_ns, end_ns], before them the one in force at the start, or (pixels > 0) what is kept of them."""
        past = self._past
        sealed_ns = past.sealed_ns if past else None
        now = self._tail().snapshot  # after what is sealed was asked: what is not sealed by then is in the tail
        floor_ns = self._floor_ns(now)
        if past is None or (start_ns >= floor_ns and now.count(signal, start_ns, end_ns) < MANY):
            return series(self._recent(now, signal, start_ns, end_ns), start_ns, end_ns, pixels)
        grid = grid_of(start_ns, end_ns, pixels) if pixels > 0 else None
        split_ns = max(floor_ns, sealed_ns or NEVER)

        def whole(*, numbered: bool) -> Series:
            if grid is None or numbered or start_ns >= split_ns:
                return series(self._samples(signal, start_ns, end_ns, numbered=numbered), start_ns, end_ns, pixels)
            parts = [past.thin(signal, start_ns, min(end_ns, split_ns - 1), floor_ns, grid.level)]
            if end_ns >= split_ns:
                parts.append(raw(now.samples(signal, split_ns, end_ns, in_force=False)))
            return series_of_thin(joined_thin(parts), start_ns, grid)

        return numbered_later(whole)

    def _samples(self, signal: int, start_ns: int, end_ns: int, *, numbered: bool) -> View:
        """Return all of a signal's samples of a span."""
        now = self._tail().snapshot
        floor_ns = self._floor_ns(now)
        if self._past is None or start_ns >= floor_ns:
            return self._recent(now, signal, start_ns, end_ns)
        past = self._past.samples(signal, start_ns, min(end_ns, floor_ns - 1), floor_ns, numbered=numbered)
        return joined([past, now.samples(signal, floor_ns, end_ns, in_force=False)]) if end_ns >= floor_ns else past

    def _recent(self, now: Snapshot, signal: int, start_ns: int, end_ns: int) -> View:
        """Return a signal's samples of a span from the floor on; what is in force at its start may lie in an older file."""
        found = now.samples(signal, start_ns, end_ns)
        if self._past is None or self._older_ns == NEVER or (len(found.times) and found.times[0] <= start_ns):
            return found
        last_ns = self._older_ns - 1
        return joined([self._past.samples(signal, last_ns, last_ns, self._floor_ns(now), numbered=False), found])

    def _floor_ns(self, now: Snapshot) -> int:
        """Return from when on memory alone answers: not before the end of the older files."""
        return max(now.floor_ns, self._older_ns)
