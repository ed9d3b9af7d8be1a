"""A pyramid over slabs: what of each signal's samples is kept in buckets of some widths, to table rows and back. Not for when it is made: see `rolling`.

A chunk is a row of slabs of one file. It has a row a signal, and that a blob a level, the coarse ones first, because
SQLite reads a row from its beginning; a level that saves too little against the next finer one is left out. What a chunk
was made of is kept with it: once a slab has other samples, the chunk is not believed any more, and is made anew.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from twin_app.history import block, decimals, envelope, planes
from twin_app.history.block import seal, unseal
from twin_app.history.envelope import Thin, kept_of, starts_of
from twin_app.history.snapshot import MARKS, MESSAGE, QUALITY_SHIFT, VALUE, View

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from twin_app.history.slab import Entry

SIGNAL_BITS = 32
_NUMBER_BITS = 30
ALWAYS = 1
"""The level that every signal has, so that slow ones need not be collected from a thousand slabs; the finer one is for fast ones."""
LEVELS = len(envelope.BUCKETS_NS)
_FAST = 8
"""Samples a bucket that a signal of the finest level has, at least."""
_SAVES = 2
"""A coarser level keeps so many times fewer samples than the next finer one, at least."""
_HEAD = struct.Struct("<II")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Slabs [start_ns, end_ns) of a file of which there is a pyramid, with the signals, ascending, that said anything there."""

    number: int
    start_ns: int
    end_ns: int
    slabs: int
    stamp: int
    sids: bytes

    def crc(self) -> int:
        """Return the checksum of the row."""
        head = f"{self.number} {self.start_ns} {self.end_ns} {self.slabs} {self.stamp}"
        return zlib.crc32(self.sids, zlib.crc32(head.encode()))

    @classmethod
    def believed(cls, row: tuple[Any, ...]) -> Self | None:
        """Return what a row of table `chunk` says, None where it is not what was written, or not possible."""
        *numbers, sids, crc = row
        if not isinstance(sids, bytes) or not all(isinstance(value, int) for value in (*numbers, crc)):
            return None
        found = cls(*row[:-1])
        return found if found.crc() == crc and 0 <= found.number < 1 << _NUMBER_BITS else None

    def row(self) -> tuple[int | bytes, ...]:
        """Return the values of the row in table `chunk`."""
        return self.number, self.start_ns, self.end_ns, self.slabs, self.stamp, self.sids, self.crc()

    def is_of(self, entries: Sequence[Entry]) -> bool:
        """Return whether it was made of these slabs as they are."""
        return self.slabs == len(entries) > 0 and self.stamp == stamp_of(entries)


class RollupRow(NamedTuple):
    """One row of table `rollup`: the blobs of one signal's levels, None where one is left out, the coarsest first."""

    key: int
    level_4: bytes | None
    level_3: bytes | None
    level_2: bytes | None
    level_1: bytes | None
    level_0: bytes | None


class Curves(NamedTuple):
    """Samples of some signals by signal and time, as they count, arrays of shape (n,)."""

    signal: NDArray[np.int64]
    times: NDArray[np.int64]
    value: NDArray[np.float64]
    kind: NDArray[np.uint8]
    quality: NDArray[np.uint8]
    counts: NDArray[np.int64]

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Curves:
        """Return some of the samples."""
        return Curves(*(column[index] for column in self))  # type: ignore[arg-type] # each keeps its type


def stamp_of(entries: Sequence[Entry]) -> int:
    """Return what tells these slabs from others, and from themselves with other samples: a slab is rewritten with more of them."""
    return zlib.crc32(np.array([(e.slab, e.start_ns, e.end_ns, e.n) for e in entries], np.int64).tobytes())


def key_of(chunk: int, sid: int) -> int:
    """Return the key of a signal's row."""
    return chunk << SIGNAL_BITS | sid


def rolled(chunk: int, curves: Curves) -> Iterator[RollupRow]:
    """Yield the rows of all signals of some curves, which hold what is kept in the finest level of all that these say within the chunk."""
    levels = _levels(curves)
    spans = [dict(_spans(level.signal)) for level in levels]
    for sid, whole in _spans(curves.signal):
        kept: dict[int, bytes] = {}
        count = whole.stop - whole.start  # coarser levels compare with the one before
        for number, (level, places) in enumerate(zip(levels, spans, strict=True)):
            part = places.get(sid)
            if part is None or (number > ALWAYS and _SAVES * (part.stop - part.start) > count):
                continue
            count = part.stop - part.start
            kept[number] = _pack(level.take(part), number, place_of(chunk, sid, number))
        yield RollupRow(key_of(chunk, sid), *(kept.get(number) for number in range(len(levels) - 1, -1, -1)))


def place_of(chunk: int, sid: int, level: int) -> str:
    """Return what the checksum of a blob covers besides."""
    return f"rollup {chunk} {sid} {level}"


def unpack(blob: object, place: str, level: int) -> Thin:
    """Return a level of a signal, in the file's numbers; ValueError where it is not what was written."""
    payload = unseal(blob, place)
    if len(payload) < _HEAD.size:
        raise ValueError("a level that ends early")
    n, buckets = _HEAD.unpack_from(payload)
    times, at = planes.unpack(payload, _HEAD.size, n)
    counts, at = planes.unpack(payload, at, buckets)
    kind, quality, at = block.read_marks(payload, at, n)
    value = decimals.unpack(payload, at, np.array([n]))
    starts = starts_of(times // envelope.BUCKETS_NS[level])
    if len(starts) != buckets:
        raise ValueError("a level of another format")
    rows = np.empty((n, 3), np.int64)
    rows[:, VALUE].view(np.float64)[:] = value
    rows[:, MESSAGE] = -1
    if kind.steps is None and quality.steps is None:  # as nearly always
        rows[:, MARKS] = quality.base << QUALITY_SHIFT | kind.base
    else:
        rows[:, MARKS] = quality.all() << QUALITY_SHIFT | kind.all()
    stands = np.zeros(n, np.int64)
    stands[starts] = counts
    return Thin(View(times, rows), stands)


def _levels(curves: Curves) -> list[Curves]:
    """Return what is kept in each level; in the finest of fast signals alone."""
    finest = thinned(curves, 0)
    fast = np.bincount(finest.signal, finest.counts) >= _FAST * np.bincount(finest.signal, finest.counts > 0)
    levels = [finest.take(fast[finest.signal])]
    kept = finest
    for level in range(ALWAYS, len(envelope.BUCKETS_NS)):
        kept = thinned(kept, level)
        levels.append(kept)
    return levels


def thinned(curves: Curves, level: int) -> Curves:
    """Return what is kept in a level's buckets, of samples or of what was kept of them in a finer one."""
    starts = starts_of(curves.times // envelope.BUCKETS_NS[level], curves.signal)
    known = envelope.believed(curves.kind, curves.quality, curves.value)
    keep, counts = kept_of(starts, curves.value, known, curves.counts)
    return curves.take(keep)._replace(counts=counts)


def _spans(signal: NDArray[np.int64]) -> Iterator[tuple[int, slice]]:
    """Yield each signal and where its samples stand."""
    starts = starts_of(signal)
    ends = np.append(starts[1:], len(signal))[: len(starts)]
    for sid, start, end in zip(signal[starts].tolist(), starts.tolist(), ends.tolist(), strict=True):
        yield sid, slice(start, end)


def _pack(curves: Curves, level: int, place: str) -> bytes:
    """Return one signal's samples of a level as a blob."""
    starts = starts_of(curves.times // envelope.BUCKETS_NS[level])
    n = len(curves.times)
    return seal(
        b"".join((
            _HEAD.pack(n, len(starts)), planes.pack(curves.times, differences=True), planes.pack(curves.counts[starts]),
            planes.pack(curves.kind.astype(np.int64)), planes.pack(curves.quality.astype(np.int64)),
            decimals.pack(np.ascontiguousarray(curves.value), np.array([n])),
        )), place,
    )  # fmt: skip
