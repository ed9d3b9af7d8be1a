"""Samples to bytes and back, exact to the bit: one journal row's columns. Not for files: see `journal`.

A column is a base and unsigned offsets of the narrowest width; times may be stored as their distance from the
effective time and in milliseconds, numbers that are whole as integers. Few samples are stored as they are, with zlib
level 1 over all of it: what matters there is the time to read thousands of such rows. Over many it costs more than all the
rest of a commit and of sealing, and for minutes of room alone: they are not deflated any more, but still read where they are.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.samples import COLUMNS, Kind, Quality, Samples

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_ROW_SAMPLES = 65_536
"""Samples a row may hold; a longer commit becomes several rows of one transaction."""
_HEAD = struct.Struct("<Bq")
_WIDTHS = {0: np.uint8, 1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}
_WIDTH = 0x0F
_FROM_EFFECTIVE = 0x10
_WHOLE_NUMBERS = 0x20
_MILLISECONDS = 0x40
_BYTE_PLANES = 0x80
_MS = np.uint64(1_000_000)
_PLAIN, _PACKED, _BARE = b"\0", b"\1", b"\2"
"""What a body begins with; a bare one is packed and not deflated (deflated bytes begin with 0x78)."""
_FEW = 256
_ORDER = ("effective_ns", *(name for name in COLUMNS if name != "effective_ns"))


def pack(samples: Samples) -> bytes:
    """Return 1 to `MAX_ROW_SAMPLES` samples as bytes that `unpack` turns back into the same bits."""
    if len(samples) <= _FEW:
        return zlib.compress(_PLAIN + b"".join(getattr(samples, name).tobytes() for name in COLUMNS), 1)
    parts = [_BARE]
    for name in _ORDER:
        if name == "value":
            parts += _pack_values(samples.value)
        elif name in {"source_ns", "received_ns"}:
            parts += _pack_time(getattr(samples, name), samples.effective_ns)
        else:
            parts += _pack_whole(getattr(samples, name).astype(np.int64))
    return b"".join(parts)


def unpack(blob: bytes, n: int) -> Samples:
    """Return the n samples in `blob`.

    Raises:
        ValueError: the bytes are not n samples.
    """
    if not 0 < n <= MAX_ROW_SAMPLES:
        raise ValueError(f"{n} samples in a row")
    body = blob if blob[:1] == _BARE else _inflate(blob, 1 + len(COLUMNS) * (_HEAD.size + 8 * n))
    samples = _unpack_plain(body, n) if body[:1] == _PLAIN else _unpack_packed(body, n)
    if samples.kind.max() > max(Kind) or samples.quality.max() > max(Quality):
        raise ValueError("kinds or qualities unknown here")
    return samples


def _unpack_plain(body: bytes, n: int) -> Samples:
    """Return samples stored as they are."""
    columns = {}
    at = 1
    for name, dtype in COLUMNS.items():
        columns[name] = np.frombuffer(body, dtype, n, at)
        at += columns[name].nbytes
    if at != len(body):
        raise ValueError("columns of another length")
    return Samples(**columns)


def _unpack_packed(body: bytes, n: int) -> Samples:
    """Return samples stored as bases and offsets."""
    columns: dict[str, NDArray[np.generic]] = {}
    at = 1
    for name in _ORDER:
        raw, at = _unpack_column(body, at, n, columns.get("effective_ns"))
        columns[name] = raw if name == "value" else raw.astype(COLUMNS[name])
    if at != len(body) or body[:1] not in {_PACKED, _BARE} or columns["value"].dtype != np.float64:
        raise ValueError("columns of another length or kind")
    return Samples(**columns)  # type: ignore[arg-type] # the loop gave each its type


def _inflate(blob: bytes, limit: int) -> bytes:
    """Decompress at most `limit` bytes: a hostile row may claim to grow for ever."""
    inflater = zlib.decompressobj()
    try:
        body = inflater.decompress(blob, limit + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(body) > limit or not inflater.eof:
        raise ValueError("columns of another length")
    return body


def _pack_whole(column: NDArray[np.int64], flags: int = 0) -> list[bytes]:
    """Return head and offsets of whole numbers. Differences wrap modulo 2^64 and wrap back when read."""
    base = int(column.min())
    offset = (column - base).view(np.uint64)
    top = int(offset.max())
    if top >= _MS and not np.any(offset % _MS):
        offset, top, flags = offset // _MS, top // int(_MS), flags | _MILLISECONDS
    width = 0 if top == 0 else 1 if top < 1 << 8 else 2 if top < 1 << 16 else 4 if top < 1 << 32 else 8
    data = offset.astype(_WIDTHS[width]).tobytes() if width else b""
    return [_HEAD.pack(width | flags, base), data]


def _pack_time(column: NDArray[np.int64], effective_ns: NDArray[np.int64]) -> list[bytes]:
    """Return a time column as itself or as its distance from the effective time, whichever is shorter."""
    plain = _pack_whole(column)
    distance = _pack_whole(column - effective_ns, _FROM_EFFECTIVE)
    return plain if len(plain[1]) < len(distance[1]) else distance


def _pack_values(value: NDArray[np.float64]) -> list[bytes]:
    """Return values as whole numbers where every bit comes back (no -0.0, NaN or infinity), else their eight byte planes."""
    with np.errstate(invalid="ignore"):  # a NaN cast to an integer is any number; the next line sees that it did not come back
        whole = value.astype(np.int64)
    if np.array_equal(whole.astype(np.float64).view(np.int64), value.view(np.int64)):
        return _pack_whole(whole, _WHOLE_NUMBERS)
    planes = np.ascontiguousarray(np.ascontiguousarray(value).view(np.uint8).reshape(-1, 8).T)
    return [_HEAD.pack(8 | _BYTE_PLANES, 0), planes.tobytes()]


def _unpack_column(body: bytes, at: int, n: int, effective_ns: NDArray[np.generic] | None) -> tuple[NDArray[np.generic], int]:
    """Return one column, int64 or float64, and where the next one starts."""
    if at + _HEAD.size > len(body):
        raise ValueError("columns that end early")
    tag, base = _HEAD.unpack_from(body, at)
    at += _HEAD.size
    width = tag & _WIDTH
    end = at + width * n
    if width not in _WIDTHS or end > len(body):
        raise ValueError("columns that end early")
    if tag & _BYTE_PLANES and width == 8:  # noqa: PLR2004 - a float64 has eight bytes
        return np.ascontiguousarray(np.frombuffer(body, np.uint8, 8 * n, at).reshape(8, n).T).view(np.float64).reshape(n), end
    if not width:
        whole = np.full(n, base)
    else:
        whole = np.frombuffer(body, _WIDTHS[width], n, at).astype(np.uint64).view(np.int64)
        if tag & _MILLISECONDS:
            whole *= _MS.astype(np.int64)
        whole += base
    if tag & _FROM_EFFECTIVE and effective_ns is not None:
        whole += effective_ns
    return (whole.astype(np.float64) if tag & _WHOLE_NUMBERS else whole), end
