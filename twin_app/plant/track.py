"""All samples of one signal in order of effective time, however late they came. Not for what follows from them: see `timeline`."""

from __future__ import annotations

from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from twin_app.plant.column import Column

T = TypeVar("T", bound=np.generic)

FAR_PAST = -(2**62)
"""Before every instant of a plant; far enough from the ends of int64 that differences do not overflow."""
FAR_FUTURE = 2**62


class Track(Generic[T]):
    """Times and values of one signal, sorted by time; at equal times the later message stands last and wins."""

    __slots__ = ("_messages", "_newest_message", "_times", "_values", "newest_ns")

    newest_ns: int
    """Time of the newest sample, `FAR_PAST` where there is none."""

    def __init__(self, dtype: type[T]) -> None:
        """Start empty, with values of `dtype`."""
        self._times: Column[np.int64] = Column(np.int64)
        self._values: Column[T] = Column(dtype)
        self._messages: Column[np.int64] = Column(np.int64)
        self.newest_ns, self._newest_message = FAR_PAST, FAR_PAST

    def __len__(self) -> int:
        """Return how many samples there are."""
        return len(self._times.view)

    @property
    def times(self) -> NDArray[np.int64]:
        """Return the effective times, shape (n,), ascending, UTC ns."""
        return self._times.view

    @property
    def values(self) -> NDArray[T]:
        """Return the values, shape (n,)."""
        return self._values.view

    def extend(self, times: NDArray[np.int64], values: NDArray[T], messages: NDArray[np.int64]) -> int:
        """Put m > 0 samples, each array of shape (m,), where they belong; return the first row that differs now."""
        if len(times) > 1:
            times, values, messages = _ordered(times, values, messages)
        keep = len(self)
        if (self.newest_ns, self._newest_message) > (int(times[0]), int(messages[0])):
            keep = int(self.times.searchsorted(times[0], "left"))
            late = np.concatenate((self.times[keep:], times)), np.concatenate((self.values[keep:], values))
            times, values, messages = _ordered(*late, np.concatenate((self._messages.view[keep:], messages)))
        self._times.replace(keep, times)
        self._values.replace(keep, values)
        self._messages.replace(keep, messages)
        self.newest_ns, self._newest_message = int(times[-1]), int(messages[-1])
        return keep

    def rewrite(self, from_ns: int, times: NDArray[np.int64], values: NDArray[T], messages: NDArray[np.int64] | None = None) -> int:
        """Put k >= 0 values, ascending in time, in place of all from `from_ns` on; return the first row that may differ.

        Without messages they are derived ones.
        """
        keep = int(self.times.searchsorted(from_ns, "left"))
        self._times.replace(keep, times)
        self._values.replace(keep, values)
        self._messages.replace(keep, np.full(len(times), -1, np.int64) if messages is None else messages)
        newest = (int(self.times[-1]), int(self._messages.view[-1])) if len(self) else (FAR_PAST, FAR_PAST)
        self.newest_ns, self._newest_message = newest
        return keep

    def row_at(self, at_ns: int) -> int:
        """Return the row in force at an instant, -1 before the first."""
        return int(self.times.searchsorted(at_ns, "right")) - 1

    def in_force(self, at: NDArray[np.int64], default: T) -> NDArray[T]:
        """Return the value in force at each instant, shape (m,), `default` before the first sample."""
        if not len(self):
            return np.full(len(at), default)
        rows = self.times.searchsorted(at, "right") - 1
        return np.where(rows >= 0, self.values[rows], default)

    def since(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the time of the sample in force at each instant, shape (m,), below `FAR_PAST` before the first sample."""
        unheard = np.int64(FAR_PAST - 1)
        if not len(self):
            return np.full(len(at), unheard)
        rows = self.times.searchsorted(at, "right") - 1
        return np.where(rows >= 0, self.times[rows], unheard)


def _ordered(
    times: NDArray[np.int64], values: NDArray[T], messages: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[T], NDArray[np.int64]]:
    """Return samples by time, then by message; of two of one message the later stays later."""
    order = np.lexsort((messages, times))
    return times[order], values[order], messages[order]
