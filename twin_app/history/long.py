"""One signal through a long time on a grid: levels of the pyramid where there are some, samples where not. Not for what is not sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.history import envelope
from twin_app.history.envelope import Thin, joined_thin, raw, thinned
from twin_app.history.snapshot import NOTHING, View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from twin_app.history.shelf import Piece, Shelf


class Long:
    """A signal's samples within slabs, each span at the coarsest level that keeps what is kept on a grid."""

    def __init__(self, shelf: Shelf, signal: int, read: Callable[[int, int], View], is_over: Callable[[int, int], bool]) -> None:
        """Ask the levels of `shelf`; `read` returns all samples of a span within one slab, `is_over` whether there are unsealed ones."""
        self._shelf, self._signal = shelf, signal
        self._read, self._is_over = read, is_over

    def thin(self, start_ns: int, end_ns: int, level: int) -> Thin:
        """Return the samples of [start_ns, end_ns], which ends within the last slab, thinned in buckets of a level or finer ones."""
        return joined_thin([raw(NOTHING), *self._parts(start_ns, end_ns, level)])

    def _parts(self, at_ns: int, end_ns: int, level: int) -> Iterator[Thin]:
        """Yield a span part by part."""
        shelf = self._shelf
        while at_ns <= end_ns:
            number = shelf.number(at_ns)
            piece = shelf.piece(number) if level >= 0 else None
            if piece is not None and not self._is_over(shelf.places[piece.first].entry.start_ns, shelf.end_of(piece.last)):
                stop_ns = min(shelf.end_of(piece.last), end_ns)
                yield from self._of_piece(piece, at_ns, stop_ns, level)
            else:
                stop_ns = min(shelf.end_of(number), end_ns)
                yield self._samples(at_ns, stop_ns, level)
            at_ns = stop_ns + 1

    def _of_piece(self, piece: Piece, start_ns: int, end_ns: int, level: int) -> Iterator[Thin]:
        """Yield a span within a piece: whole buckets of the level in the middle, finer ones at the ends of the span."""
        found = self._shelf.level(piece, self._signal, level) if level >= 0 else None
        if found is None:
            yield from self._parts(start_ns, end_ns, -1) if level < 0 else map(_in_buckets(level), self._parts(start_ns, end_ns, -1))
            return
        thin, level = found
        bucket_ns = envelope.BUCKETS_NS[level]
        whole_start = start_ns <= self._shelf.places[piece.first].entry.start_ns
        whole_end = end_ns >= self._shelf.places[piece.last].entry.end_ns - 1
        low_ns = start_ns if whole_start else -(-start_ns // bucket_ns) * bucket_ns
        stop_ns = end_ns + 1 if whole_end else (end_ns + 1) // bucket_ns * bucket_ns
        if low_ns >= stop_ns:
            yield from self._of_piece(piece, start_ns, end_ns, level - 1)
            return
        if start_ns < low_ns:
            yield from self._of_piece(piece, start_ns, low_ns - 1, level - 1)
        yield _within(thin, low_ns, stop_ns)
        if stop_ns <= end_ns:
            yield from self._of_piece(piece, stop_ns, end_ns, level - 1)

    def _samples(self, start_ns: int, end_ns: int, level: int) -> Thin:
        """Return the samples of a span within one slab, thinned in buckets of a level."""
        found = raw(self._read(start_ns, end_ns))
        return thinned(found, envelope.BUCKETS_NS[level]) if level >= 0 else found


def _in_buckets(level: int) -> Callable[[Thin], Thin]:
    """Return what thins in buckets of a level."""
    return lambda part: thinned(part, envelope.BUCKETS_NS[level])


def _within(thin: Thin, start_ns: int, stop_ns: int) -> Thin:
    """Return what lies in [start_ns, stop_ns), whole buckets."""
    (times, rows), counts = thin
    part = slice(int(times.searchsorted(start_ns, "left")), int(times.searchsorted(stop_ns, "left")))
    return Thin(View(times[part], rows[part]), counts[part])
