"""Messages per second over the last few seconds. Not for counting what was said."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW_S = 5


class Rate:
    """A sliding mean; `add` belongs to one thread, `per_second` to any."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start now; `clock` gives seconds."""
        self._clock = clock
        self._started_s = clock()
        self._counts: deque[tuple[int, int]] = deque(maxlen=WINDOW_S + 1)

    def add(self, count: int) -> None:
        """Count messages that came just now."""
        second = int(self._clock())
        if self._counts and self._counts[-1][0] == second:
            self._counts[-1] = (second, self._counts[-1][1] + count)
        else:
            self._counts.append((second, count))

    def per_second(self) -> float:
        """Return the mean over the last `WINDOW_S` whole seconds, or over the shorter time since the start."""
        now_s = self._clock()
        recent = sum(n for second, n in tuple(self._counts) if now_s - WINDOW_S <= second)
        return recent / min(WINDOW_S, max(1.0, now_s - self._started_s))
