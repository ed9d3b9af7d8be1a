"""Random numbers by (seed, machine, purpose) and count, so that one more draw here changes none there. Not for secrets.

Every stream is Philox 4x64-10 (Salmon et al., SC 2011) with a key of its own and the number of draws so far as its only state:
the n-th draw of a stream is a function of seed, names and n, whatever was drawn before and elsewhere.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from twin_app.simulate.elementary import log, normal_quantile
from twin_app.simulate.laws import Law, LawKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_BITS = 7
BLOCK = 1 << BLOCK_BITS
_MASK = BLOCK - 1

SHARE = "share"
"""Draw floats uniform in (0, 1)."""
NOISE = "noise"
"""Draw floats of the standard normal distribution."""
LAPSE = "lapse"
"""Draw floats of the exponential distribution of mean 1."""
Draws: TypeAlias = Law | str
"""What a stream draws: times of a law in ns, or one of the three above."""


class Stream:
    """One stream. `drawn` is its whole state; the block of draws is kept only for speed."""

    __slots__ = ("_block", "_draws", "_key", "_number", "drawn")

    def __init__(self, seed: int, machine: str, purpose: str, draws: Draws) -> None:
        """Start at the first draw of the stream of this name."""
        name = f"{seed}\x1f{machine}\x1f{purpose}".encode()
        self._key = int.from_bytes(hashlib.blake2b(name, digest_size=16).digest(), "little")
        self._draws = draws
        self._block: list[float] = []
        self._number = -1
        self.drawn = 0

    def draw(self) -> float:
        """Return the next number; a law's are whole ns."""
        n = self.drawn
        self.drawn = n + 1
        if n >> BLOCK_BITS != self._number:
            self._fill(n >> BLOCK_BITS)
        return self._block[n & _MASK]

    def draw_ns(self) -> int:
        """Return the next time of a law, ns."""
        n = self.drawn
        self.drawn = n + 1
        if n >> BLOCK_BITS != self._number:
            self._fill(n >> BLOCK_BITS)
        return self._block[n & _MASK]  # type: ignore[return-value] # a law fills its blocks with whole numbers

    def _fill(self, number: int) -> None:
        draws = self._draws
        if isinstance(draws, Law) and draws.kind is LawKind.DETERMINISTIC:
            self._block = draws.times_ns(np.zeros(1)).tolist() * BLOCK
        else:
            share = _shares(self._key, number)
            self._block = (draws.times_ns(share) if isinstance(draws, Law) else _plain(draws, share)).tolist()
        self._number = number


def _shares(key: int, block: int) -> NDArray[np.float64]:
    """Return a block of shares in (0, 1): the upper 53 bits of Philox's output, half a step away from 0."""
    raw = np.random.Philox(key=key, counter=block << 32).random_raw(BLOCK)
    return ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def _plain(draws: str, share: NDArray[np.float64]) -> NDArray[np.float64]:
    if draws == NOISE:
        return normal_quantile(share)
    return -log(share) if draws == LAPSE else share
