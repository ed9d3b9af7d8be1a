"""A growing numpy array, the one container of this package; a long one need not lie in memory. Not for samples of several signals: see `model.samples`."""

from __future__ import annotations

from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from twin_app.plant.spill import SPILL_BYTES, room, touched

T = TypeVar("T", bound=np.generic)
NEAR = 1024


class Column(Generic[T]):
    """An array that grows at its end and whose end may be written anew; amortised O(1) a row."""

    __slots__ = ("_array", "view")

    view: NDArray[T]
    """The rows, shape (n,) or (n, width), valid until the next `replace`."""

    def __init__(self, dtype: type[T], *, width: int = 0) -> None:
        """Start empty, with rows of `width` values each (0: one bare value a row)."""
        self._array: NDArray[T] = np.empty((16, width) if width else 16, dtype)
        self.view = self._array[:0]

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.view)

    def replace(self, keep: int, tail: NDArray[T]) -> None:
        """Keep the first `keep` rows and put `tail` behind them."""
        length = keep + len(tail)
        if length > len(self._array):
            grown = room((length + length // 2, *self._array.shape[1:]), self._array.dtype)
            grown[:keep] = self._array[:keep]
            self._array = grown
            touched(2 * grown[:keep].nbytes)
        self._array[keep:length] = tail
        self.view = self._array[:length]
        if self._array.nbytes >= SPILL_BYTES:
            touched(tail.nbytes)


def place_of(times: NDArray[np.int64], at_ns: int) -> int:
    """Return the first row at or after an instant among ascending times; where that is one of the last, no others are read."""
    low = max(len(times) - NEAR, 0)
    low = low if low and times[low] < at_ns else 0
    return low + int(times[low:].searchsorted(at_ns, "left"))
