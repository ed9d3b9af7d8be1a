"""Whole numbers to few bytes and back, exact to the bit: differences, zigzag, byte planes, deflate. Not for samples: see `block`.

A column is a base and unsigned numbers from it, in the largest unit that divides all of them, their bytes apart: the
low ones are noise, the high ones runs of zeros. Sums and differences wrap modulo 2^64 and wrap back when read.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

UNITS = (1, 1_000, 1_000_000, 1_000_000_000)
_HEAD = struct.Struct("<BBq")
_PLANE = struct.Struct("<BI")
_DIFFERENCES, _UNIT_SHIFT = 1, 1
_STORED, _DEFLATED = 1, 2
_RAW_DEFLATE = -15
_FEW = 64
_PROBE = 1_024
_SMALL = -10, 5
"""Window and memory that zlib needs for the beginning of a plane."""
_WIDE = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}
_SIGNED = {1: np.int8, 2: np.int16, 4: np.int32, 8: np.int64}


class Column(NamedTuple):
    """n numbers that were read and are made when asked for: steps from a base, in units; no steps where all are the base."""

    n: int
    base: int
    unit: int
    summed: bool
    steps: NDArray[np.signedinteger] | None

    def all(self) -> Whole:
        """Return all of them, shape (n,)."""
        return self.into(np.empty(self.n, np.int64))

    def into(self, out: Whole) -> Whole:
        """Return the same, written there."""
        if self.steps is None:
            out[:] = self.base
            return out
        if self.summed:
            np.cumsum(self.steps, dtype=np.int64, out=out)
        else:
            out[:] = self.steps
        return self._numbers(out)

    def at(self, rows: NDArray[np.intp]) -> Whole:
        """Return those in some places, ascending and each once: a sum of the steps between two costs a tenth of all the sums between."""
        if self.steps is None or not len(rows):
            return np.full(len(rows), self.base, np.int64)
        if not self.summed:
            return self._numbers(self.steps[rows].astype(np.int64))
        after = np.concatenate(([0], rows[:-1] + 1))
        return self._numbers(np.add.reduceat(self.steps[: rows[-1] + 1], after, dtype=np.int64).cumsum())

    def bounds(self) -> tuple[int, int]:
        """Return the least and the greatest."""
        if self.steps is None:
            return self.base, self.base
        plain = not self.summed and self.unit == 1 and self.steps.itemsize < 8  # noqa: PLR2004 - an int64 has eight bytes, and may wrap
        every = self._numbers(np.array([self.steps.min(), self.steps.max()], np.int64)) if plain else self.all()
        return int(every.min()), int(every.max())

    def _numbers(self, steps: Whole) -> Whole:
        """Return the numbers that are so far from the base, made in place."""
        if self.unit > 1:
            steps *= self.unit
        steps += self.base
        return steps


def pack(numbers: Whole, *, differences: bool = False) -> bytes:
    """Return the numbers, shape (n,) int64, as bytes; `differences` suits what moves in small steps."""
    if not len(numbers):
        return _HEAD.pack(differences | (len(UNITS) - 1) << _UNIT_SHIFT, 0, 0)
    base = int(numbers[0])
    steps = numbers - base
    if not steps.any():
        return _HEAD.pack(differences | (len(UNITS) - 1) << _UNIT_SHIFT, 0, base)
    if differences:
        np.subtract(numbers[1:], numbers[:-1], out=steps[1:])
    unit, steps = _in_units(steps)
    folded = ((steps << 1) ^ (steps >> 63)).view(np.uint64)
    count = (int(folded.max()).bit_length() + 7) // 8
    apart = np.ascontiguousarray(folded).view(np.uint8).reshape(-1, 8)
    parts = [_HEAD.pack(differences | unit << _UNIT_SHIFT, count, base)]
    for plane in range(count):
        parts += _pack_plane(apart[:, plane].tobytes())
    return b"".join(parts)


def unpack(blob: bytes, at: int, n: int) -> tuple[Whole, int]:
    """Return the n numbers that begin at a byte, and where they end.

    Raises:
        ValueError: the bytes are not n numbers.
    """
    column, end = read(blob, at, n)
    return column.all(), end


def read(blob: bytes, at: int, n: int) -> tuple[Column, int]:
    """Return the column of n numbers that begins at a byte, and where it ends; ValueError where the bytes are none."""
    if at + _HEAD.size > len(blob):
        raise ValueError("a column that ends early")
    flags, count, base = _HEAD.unpack_from(blob, at)
    at += _HEAD.size
    if flags >> _UNIT_SHIFT >= len(UNITS) or count > 8:  # noqa: PLR2004 - an int64 has eight bytes
        raise ValueError("a column of another format")
    unit, summed = UNITS[flags >> _UNIT_SHIFT], bool(flags & _DIFFERENCES)
    if not count:
        return Column(n, base, unit, summed, None), at
    width = 1 << (count - 1).bit_length()
    apart = np.empty((n, width), np.uint8)
    for plane in range(count):
        found, at = _unpack_plane(blob, at, n)
        apart[:, plane] = np.frombuffer(found, np.uint8)
    apart[:, count:] = 0
    folded = apart.view(_WIDE[width]).reshape(n)
    return Column(n, base, unit, summed, (folded >> 1).view(_SIGNED[width]) ^ -(folded & 1).view(_SIGNED[width])), at


def _in_units(steps: Whole) -> tuple[int, Whole]:
    """Return the place in `UNITS` of the largest that divides all, and the steps in it."""
    common = int(np.gcd.reduce(steps[:_FEW]))  # mostly the first ones say it, without a division of all
    for unit in range(len(UNITS) - 1, 0, -1):
        if common % UNITS[unit] == 0:
            whole = steps // UNITS[unit]  # quicker than the remainders
            if np.array_equal(whole * UNITS[unit], steps):
                return unit, whole
    return 0, steps


def _pack_plane(plane: bytes) -> list[bytes]:
    """Return one plane as whichever is shortest: as it is, its runs and its letters' frequencies, or its repetitions."""
    tries = [(_STORED, plane)]
    if len(plane) > _FEW:
        head = plane[:_PROBE]  # noise and runs are told from repetitions by their beginning
        repeats = len(_deflate(head, 6, zlib.Z_DEFAULT_STRATEGY, _SMALL)) < len(_deflate(head, 1, zlib.Z_RLE, _SMALL))
        tries.append((_DEFLATED, _deflate(plane, 6, zlib.Z_DEFAULT_STRATEGY) if repeats else _deflate(plane, 1, zlib.Z_RLE)))
    method, body = min(tries, key=lambda one: len(one[1]))
    return [_PLANE.pack(method, len(body)), body]


def _deflate(plane: bytes, level: int, strategy: int, room: tuple[int, int] = (_RAW_DEFLATE, 8)) -> bytes:
    """Return a plane deflated, without zlib's own head and checksum; its `room` (window, memory) is cleared each time, which may take longest."""
    deflater = zlib.compressobj(level, zlib.DEFLATED, room[0], room[1], strategy)
    return deflater.compress(plane) + deflater.flush()


def _unpack_plane(blob: bytes, at: int, n: int) -> tuple[bytes, int]:
    """Return a plane of n bytes and where it ends."""
    if at + _PLANE.size > len(blob):
        raise ValueError("a plane that ends early")
    method, size = _PLANE.unpack_from(blob, at)
    at += _PLANE.size
    body = blob[at : at + size]
    plane = inflate(body, n) if method == _DEFLATED else body
    if len(plane) != n or method not in {_STORED, _DEFLATED}:
        raise ValueError("a plane of another length")
    return plane, at + size


def inflate(body: bytes, limit: int, window: int = _RAW_DEFLATE) -> bytes:
    """Return what was deflated, `limit` bytes at most: a hostile file may claim to grow for ever.

    Raises:
        ValueError: it is longer, cut, or nothing deflated.
    """
    inflater = zlib.decompressobj(window)
    try:
        found = inflater.decompress(body, limit + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(found) > limit or not inflater.eof:
        raise ValueError("deflated bytes of another length")
    return found
