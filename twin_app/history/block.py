"""A block: samples of some signals by signal and time, to blobs and back, exact to the bit. Not for where it lies: see `slab`.

Its columns are blobs of their own, each with a checksum, so that a reader takes what it asks for: `times` and `values`
for a curve, `delays` and `marks` (kinds, qualities, source times) besides for everything. Message numbers are kept a
slab at a time, see `messages`.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin_app.history import decimals, planes
from twin_app.model.samples import NEVER, Kind, Quality, Samples

if TYPE_CHECKING:
    from numpy.typing import NDArray

CODEC = 1
"""How the blobs of a block are made; another number is refused by who does not know it."""
_CRC = 4
_KINDS, _QUALITIES = int(max(Kind)), int(max(Quality))


class Runs(NamedTuple):
    """Which signals a block holds, ascending, and how many samples of each, arrays of shape (k,)."""

    signal: NDArray[np.int64]
    lengths: NDArray[np.int64]


class Blobs(NamedTuple):
    """One block as it lies in the file."""

    runs: bytes
    times: bytes
    delays: bytes
    marks: bytes
    vals: bytes


@dataclass(frozen=True, slots=True)
class Marks:
    """Kinds, qualities and the sources' own times of n samples."""

    kind: NDArray[np.uint8]
    quality: NDArray[np.uint8]
    source_ns: NDArray[np.int64]


def runs_of(signal: NDArray[np.integer]) -> Runs:
    """Return the runs of signal ids that stand in order."""
    starts = np.flatnonzero(np.concatenate(([True], signal[1:] != signal[:-1])))
    return Runs(signal[starts].astype(np.int64), np.diff(starts, append=len(signal)))


def seal(payload: bytes, place: str) -> bytes:
    """Return a blob with its checksum in front; `place` says where it belongs, so that a blob in another's place is found."""
    return zlib.crc32(payload, zlib.crc32(place.encode())).to_bytes(_CRC, "little") + payload


def unseal(blob: object, place: str) -> bytes:
    """Return what was sealed.

    Raises:
        ValueError: it is not what was written there.
    """
    if not isinstance(blob, bytes) or len(blob) < _CRC:
        raise ValueError("types")
    payload = blob[_CRC:]
    if zlib.crc32(payload, zlib.crc32(place.encode())) != int.from_bytes(blob[:_CRC], "little"):
        raise ValueError("checksum")
    return payload


def pack(samples: Samples, place: str) -> Blobs:
    """Return samples that stand by signal and time as blobs."""
    runs = runs_of(samples.signal)
    own = samples.source_ns != NEVER
    away = np.where(own, samples.source_ns - samples.effective_ns, 0)
    payloads = (
        planes.pack(runs.signal, differences=True) + planes.pack(runs.lengths),
        planes.pack(samples.effective_ns, differences=True),
        planes.pack(samples.received_ns - samples.effective_ns),
        b"".join(planes.pack(column.astype(np.int64)) for column in (samples.kind, samples.quality, own, away)),
        decimals.pack(samples.value, runs.lengths),
    )
    return Blobs(*(seal(payload, f"{place} {name}") for payload, name in zip(payloads, Blobs._fields, strict=True)))


def unpack_runs(blob: object, place: str, signals: int, n: int) -> Runs:
    """Return what a block of n samples of so many signals holds; ValueError, here and below, where that is not what lies there."""
    payload = unseal(blob, f"{place} runs")
    if not 0 < signals <= n:
        raise ValueError("runs of another length")
    signal, at = planes.unpack(payload, 0, signals)
    count, at = planes.unpack(payload, at, signals)
    if at != len(payload) or int(count.min()) < 1 or int(count.sum()) != n or int(signal.min()) < 0:
        raise ValueError("runs of another length")
    return Runs(signal, count)


def read_times(blob: object, place: str, n: int) -> planes.Column:
    """Return the effective times, which are made when asked for."""
    return _only(unseal(blob, f"{place} times"), n)


def unpack_delays(blob: object, place: str, n: int) -> NDArray[np.int64]:
    """Return how long after its effective time each sample was received, ns."""
    return _only(unseal(blob, f"{place} delays"), n).all()


def read_values(blob: object, place: str, runs: Runs) -> decimals.Packed:
    """Return the values, which are made when asked for."""
    return decimals.read(unseal(blob, f"{place} vals"), 0, runs.lengths)


def read_trust(blob: object, place: str, n: int) -> tuple[planes.Column, planes.Column]:
    """Return kinds and qualities, which are made when asked for."""
    kind, quality, _ = read_marks(unseal(blob, f"{place} marks"), 0, n)
    return kind, quality


def unpack_marks(blob: object, place: str, times: NDArray[np.int64]) -> Marks:
    """Return kinds, qualities and source times."""
    payload, n = unseal(blob, f"{place} marks"), len(times)
    kind, quality, at = read_marks(payload, 0, n)
    own, at = planes.unpack(payload, at, n)
    away, at = planes.unpack(payload, at, n)
    if at != len(payload) or own.min() < 0 or own.max() > 1:
        raise ValueError("source times of another format")
    return Marks(kind.all().astype(np.uint8), quality.all().astype(np.uint8), np.where(own != 0, times + away, NEVER))


def read_marks(payload: bytes, at: int, n: int) -> tuple[planes.Column, planes.Column, int]:
    """Return the n kinds and qualities that begin at a byte, and where they end."""
    kind, at = planes.read(payload, at, n)
    quality, at = planes.read(payload, at, n)
    for column, known in ((kind, _KINDS), (quality, _QUALITIES)):
        low, high = column.bounds()
        if low < 0 or high > known:
            raise ValueError("kinds or qualities unknown here")
    return kind, quality, at


def _only(payload: bytes, n: int) -> planes.Column:
    """Return a column that is all of a payload."""
    column, at = planes.read(payload, 0, n)
    if at != len(payload):
        raise ValueError("a column of another length")
    return column
