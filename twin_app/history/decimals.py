"""Sample values to bytes and back, exact to the bit: decimals as whole numbers where that is exact. Not for other columns: see `block`.

Each signal's values are whole multiples of a power of ten, as doubles or as singles, wherever dividing gives back the
very bits; the few that do not come back (NaN, -0.0, infinities among decimals) stand apart. A signal of few different
values, such as an analogue input's steps, is numbers of a table; what is left is kept bit by bit.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin_app.history import planes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

_HEAD = struct.Struct("<III")
_MOST_DIGITS = 9
_SINGLE = 16
"""Added to the digits where the quotient is rounded to a single, as a controller's REAL was."""
_AS_BITS = 255
_POWERS = np.array([10.0**digits for digits in range(_MOST_DIGITS + 1)])
_CODES = np.array([*range(_MOST_DIGITS + 1), *range(_SINGLE, _SINGLE + _MOST_DIGITS + 1)])
_DIVISORS, _KNOWN = np.full(256, np.nan), np.zeros(256, np.bool_)
_DIVISORS[_CODES], _KNOWN[_CODES] = _POWERS[_CODES % _SINGLE], True
_KNOWN[_AS_BITS] = True
"""What a signal's whole numbers are divided by and which digits there are, by code."""
_FAR = 2**53
_ODD_SHARE = 64
"""One value in so many may stand apart."""
_TABLE_SHARE = 4
"""A table pays where values repeat so often on average."""


def pack(values: Values, counts: NDArray[np.int64]) -> bytes:
    """Return values, shape (n,) float64, as bytes; `counts`, shape (k,), says how many each signal has in turn."""
    digits, whole, odd = _scaled(values, counts)
    as_bits = np.repeat(digits == _AS_BITS, counts)
    apart = np.flatnonzero(odd & ~as_bits)
    if len(apart) < len(whole):  # no step there
        before = np.maximum.accumulate(np.where(odd, -1, np.arange(len(whole))))[apart]
        whole[apart] = whole[np.where(before < 0, int(np.argmin(odd)), before)]
    kept = whole[~as_bits]
    bits = values.view(np.int64)
    parts = [_HEAD.pack(len(counts), len(kept), len(apart)), digits.tobytes(), planes.pack(kept, differences=True)]
    parts += [planes.pack(apart, differences=True), planes.pack(bits[apart], differences=True)]
    return b"".join([*parts, *_pack_bits(bits[as_bits])])


class Packed(NamedTuple):
    """Values that were read and are made when asked for."""

    whole: planes.Column
    digits: NDArray[np.uint8]
    counts: NDArray[np.int64]
    apart: NDArray[np.int64]
    odd_bits: NDArray[np.int64]
    bits: NDArray[np.int64] | None
    """Those of signals that are no decimals, None where all are."""

    def all(self) -> Values:
        """Return all of them, shape (n,)."""
        known = self.digits != _AS_BITS
        codes, lengths = self.digits[known], self.counts[known]
        divisors = _DIVISORS[codes]
        values: Values = self.whole.all() / (divisors if len(codes) == 1 else np.repeat(divisors, lengths))
        if (single := codes >= _SINGLE).any():
            _round(values, np.repeat(single, lengths))
        if self.bits is not None:
            as_bits = np.repeat(self.digits == _AS_BITS, self.counts)
            values, decimals = np.empty(len(as_bits)), values
            values[~as_bits] = decimals
            values.view(np.int64)[as_bits] = self.bits
        values.view(np.int64)[self.apart] = self.odd_bits
        return values

    def at(self, rows: NDArray[np.intp]) -> Values:
        """Return those in some places, ascending and each once."""
        if self.bits is not None or len(self.apart):
            return self.all()[rows]
        alike = len(rows) and (self.digits == self.digits[0]).all()
        codes = self.digits[:1] if alike else self.digits[np.cumsum(self.counts).searchsorted(rows, "right")]
        values: Values = self.whole.at(rows) / _DIVISORS[codes]
        _round(values, np.broadcast_to(codes >= _SINGLE, len(rows)))
        return values


def unpack(blob: bytes, at: int, counts: NDArray[np.int64]) -> Values:
    """Return the values that begin at a byte.

    Raises:
        ValueError: the bytes are no such values.
    """
    return read(blob, at, counts).all()


def read(blob: bytes, at: int, counts: NDArray[np.int64]) -> Packed:
    """Return the same to be made when asked for; what is wrong with them is found here."""
    if at + _HEAD.size > len(blob):
        raise ValueError("values that end early")
    signals, kept, odd = _HEAD.unpack_from(blob, at)
    n = int(counts.sum())
    at += _HEAD.size + signals
    if signals != len(counts) or kept > n or odd > kept or at > len(blob):
        raise ValueError("values of another length")
    digits = np.frombuffer(blob, np.uint8, signals, at - signals)
    if int(counts[digits != _AS_BITS].sum()) != kept or not _KNOWN[digits].all():
        raise ValueError("digits of another format")
    whole, at = planes.read(blob, at, kept)
    apart, at = planes.unpack(blob, at, odd)
    odd_bits, at = planes.unpack(blob, at, odd)
    bits, at = (None, at) if kept == n else _unpack_bits(blob, at, n - kept)
    if at != len(blob) or (odd and not 0 <= int(apart.min()) <= int(apart.max()) < n):
        raise ValueError("values of another length")
    return Packed(whole, digits, counts, apart, odd_bits, bits)


def _scaled(values: Values, counts: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.bool_]]:
    """Return the digits of each signal, each value as a whole number, and which of them do not come back."""
    signal = np.repeat(np.arange(len(counts)), counts)
    digits = np.full(len(counts), _AS_BITS, np.uint8)
    whole, odd = np.zeros(len(values), np.int64), np.zeros(len(values), np.bool_)
    left: NDArray[np.intp] | slice = slice(None)
    at, found = signal, values
    for code in (*range(_MOST_DIGITS + 1), *range(_SINGLE, _SINGLE + _MOST_DIGITS + 1)):
        if not len(found):
            break
        with np.errstate(invalid="ignore", over="ignore"):  # what overflows does not come back, and the next lines see that
            tried = np.rint(found * _POWERS[code % _SINGLE]).astype(np.int64)
            wrong = (_quotient(tried, code).view(np.int64) != found.view(np.int64)) | (tried >= _FAR) | (tried <= -_FAR)
        failed = np.bincount(at, wrong, minlength=len(counts))
        fits = (failed * _ODD_SHARE <= counts) & (digits == _AS_BITS) & (counts > 0)
        if not fits.any():
            continue
        digits[fits] = code
        taken = fits[at]
        if taken.all():
            whole[left], odd[left] = tried, wrong
            break
        if isinstance(left, slice):
            left = np.arange(len(values))
        whole[left[taken]], odd[left[taken]] = tried[taken], wrong[taken]
        left = left[~taken]
        at, found = signal[left], values[left]
    return digits, whole, odd


def _quotient(whole: NDArray[np.int64], code: int) -> Values:
    """Return whole numbers divided by a power of ten."""
    quotient: Values = whole / _POWERS[code % _SINGLE]
    return quotient.astype(np.float32).astype(np.float64) if code >= _SINGLE else quotient


def _round(values: Values, single: NDArray[np.bool_]) -> None:
    """Round some of the values to singles, in place."""
    if single.any():
        with np.errstate(over="ignore"):
            values[single] = values[single].astype(np.float32)


def _pack_bits(bits: NDArray[np.int64]) -> list[bytes]:
    """Return values bit by bit, or as numbers of a table where they repeat; nothing where there are none."""
    if not len(bits):
        return []
    table, number = np.unique(bits, return_inverse=True)
    if len(table) * _TABLE_SHARE > len(bits):
        return [struct.pack("<I", 0), planes.pack(bits, differences=True)]
    return [struct.pack("<I", len(table)), planes.pack(table, differences=True), planes.pack(number.astype(np.int64), differences=True)]


def _unpack_bits(blob: bytes, at: int, n: int) -> tuple[NDArray[np.int64], int]:
    """Return n values bit by bit and where they end."""
    if at + 4 > len(blob):
        raise ValueError("values that end early")
    (size,) = struct.unpack_from("<I", blob, at)
    if not size:
        return planes.unpack(blob, at + 4, n)
    if size > n:
        raise ValueError("a table of another length")
    table, at = planes.unpack(blob, at + 4, size)
    number, at = planes.unpack(blob, at, n)
    if not 0 <= int(number.min()) <= int(number.max()) < size:
        raise ValueError("a number beyond its table")
    return table[number], at
