"""Message numbers of many samples to bytes and back, exact to the bit. Not for raw messages: see `raw`.

Numbers grow with the time of receipt, which is known already. So each millisecond has its first number, mostly one
more than the one before it (or as many more as it had samples), and each sample what it is beyond that, mostly nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.history import planes

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ONE, _AS_MANY = b"\0", b"\1"
_TICK_NS = 1_000_000
_MOST = np.iinfo(np.int64).max
_SPARSE = 4
"""From so many milliseconds a sample on it is quicker to sort than to count."""


def pack(message: NDArray[np.int64], received_ns: NDArray[np.int64]) -> bytes:
    """Return the numbers, shape (n,), as bytes that tell them to who knows when each was received."""
    if not len(message):
        return b""
    tick, samples = _ticks(received_ns)
    first = np.full(len(samples), _MOST)
    np.minimum.at(first, tick, message)
    beyond = planes.pack(message - first[tick])
    ways = ((_ONE, np.arange(len(first))), (_AS_MANY, _before(samples)))
    packed = [way + planes.pack(first - expected, differences=True) for way, expected in ways]
    return min(packed, key=len) + beyond


def unpack(payload: bytes, received_ns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers, shape (n,).

    Raises:
        ValueError: the bytes are no such numbers.
    """
    if not len(received_ns):
        return np.empty(0, np.int64)
    tick, samples = _ticks(received_ns)
    if payload[:1] not in {_ONE, _AS_MANY}:
        raise ValueError("message numbers of another format")
    away, at = planes.unpack(payload, 1, len(samples))
    beyond, at = planes.unpack(payload, at, len(received_ns))
    if at != len(payload):
        raise ValueError("message numbers of another length")
    expected = np.arange(len(samples)) if payload[:1] == _ONE else _before(samples)
    beyond += (away + expected)[tick]
    return beyond


def _before(samples: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return how many samples came before each millisecond."""
    return np.cumsum(samples) - samples


def _ticks(received_ns: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the place of each sample's millisecond among those that have any, and how many samples each of those has."""
    ticks = received_ns // _TICK_NS
    low = int(ticks.min())
    if int(ticks.max()) - low > _SPARSE * len(ticks):
        _, tick, samples = np.unique(ticks, return_inverse=True, return_counts=True)
        return tick, samples
    counted = np.bincount(ticks - low)
    there = np.flatnonzero(counted)
    place = np.empty(len(counted), np.intp)
    place[there] = np.arange(len(there))
    return place[ticks - low], counted[there]
