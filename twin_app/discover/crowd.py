"""How many different things went by, in fixed memory: for topics beyond those that are kept. Not for what they were."""

from __future__ import annotations

import math
from zlib import crc32

_BITS = 1 << 20
_BYTE = 8


class Crowd:
    """Linear counting (Whang, Vander-Zanden, Taylor 1990): one bit for each hash; within 1 % up to some millions, in 128 KiB."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._bits = bytearray(_BITS // _BYTE)
        self._set = 0

    def add(self, name: bytes) -> None:
        """Note one; the same again changes nothing."""
        at = crc32(name) % _BITS
        mask = 1 << at % _BYTE
        if not self._bits[at // _BYTE] & mask:
            self._bits[at // _BYTE] |= mask
            self._set += 1

    @property
    def size(self) -> int:
        """Return about how many there were."""
        free = max(1, _BITS - self._set)
        return round(-_BITS * math.log(free / _BITS)) if self._set else 0
