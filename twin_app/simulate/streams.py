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

BLOCK = 512
FIRST = 32
"""Draws of the very first block that are made at once: most streams of a short run never need more."""
MOST_BLOCKS = 8
"""Blocks that are made at once later on: a stream that has been asked for many will be asked for more."""

SHARE = "share"
"""Draw floats uniform in (0, 1)."""
NOISE = "noise"
"""Draw floats of the standard normal distribution."""
LAPSE = "lapse"
"""Draw floats of the exponential distribution of mean 1."""
Draws: TypeAlias = Law | str
"""What a stream draws: times of a law in ns, or one of the three above."""


class Stream:
    """One stream. How many numbers it has drawn is its whole state; those made in advance are kept only for speed."""

    __slots__ = ("_draws", "_end", "_key", "ahead")

    def __init__(self, seed: int, machine: str, purpose: str, draws: Draws) -> None:
        """Start at the first draw of the stream of this name."""
        name = f"{seed}\x1f{machine}\x1f{purpose}".encode()
        self._key = int.from_bytes(hashlib.blake2b(name, digest_size=16).digest(), "little")
        self._draws = draws
        self._end = 0
        self.ahead: list[float] = []
        """Numbers made in advance, the next one last: who is in a hurry takes it from there, and asks `draw` where there is none."""

    @property
    def drawn(self) -> int:
        """Return how many numbers have been drawn."""
        return self._end - len(self.ahead)

    @drawn.setter
    def drawn(self, count: int) -> None:
        """Go to where so many numbers have been drawn."""
        self._end = count
        self.ahead.clear()

    def draw(self) -> float:
        """Return the next number; a law's are whole ns."""
        if not self.ahead:
            self._fill()
        return self.ahead.pop()

    def draw_ns(self) -> int:
        """Return the next time of a law, ns."""
        if not self.ahead:
            self._fill()
        return self.ahead.pop()  # type: ignore[return-value] # a law makes whole numbers

    def _fill(self) -> None:
        """Make the rest of the block that holds the next draw: as much of it as is wanted at first, or with some that follow."""
        n, draws = self._end, self._draws
        number, behind = divmod(n, BLOCK)
        size, blocks = (FIRST, 1) if n < FIRST else (BLOCK, min(max(number, 1), MOST_BLOCKS))
        if isinstance(draws, Law) and draws.kind is LawKind.DETERMINISTIC:
            made = draws.times_ns(np.zeros(1)).tolist() * (size * blocks)
        else:
            share = np.concatenate([_shares(self._key, number + i, size) for i in range(blocks)])
            made = (draws.times_ns(share) if isinstance(draws, Law) else _plain(draws, share)).tolist()
        self._end = number * BLOCK + size * blocks
        self.ahead[:] = reversed(made[behind:])


def _shares(key: int, block: int, size: int) -> NDArray[np.float64]:
    """Return the first shares of a block in (0, 1): the upper 53 bits of Philox's output, half a step away from 0."""
    raw = np.random.Philox(key=key, counter=block << 32).random_raw(size)
    return ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def _plain(draws: str, share: NDArray[np.float64]) -> NDArray[np.float64]:
    if draws == NOISE:
        return normal_quantile(share)
    return -log(share) if draws == LAPSE else share
