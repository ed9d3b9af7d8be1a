"""How fast alarms come: flood, chattering, standing, activations in ten minutes (ISA-18.2). Not for which they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MINUTE_NS = 60 * 1_000_000_000
WINDOW_NS = 10 * MINUTE_NS
FLOOD_BEGINS = 10
"""A flood begins with so many activations in ten minutes ..."""
FLOOD_ENDS = 5
"""... and ends when there are fewer than these."""
CHATTER_NS = MINUTE_NS
CHATTERS = 3
"""An alarm chatters that occurred so often within a minute."""
STANDS_NS = 24 * 60 * MINUTE_NS

Span = tuple[int, int | None]
"""A flood: its start, and its end, None while none is in sight."""


class Floods:
    """The spans of flood over all time; those of the future end where nothing more comes."""

    def __init__(self) -> None:
        """Start without one."""
        self._spans: list[Span] = []

    def rewrite(self, from_ns: int, activations: NDArray[np.int64]) -> None:
        """Find floods anew from an instant on. `activations` are all from ten minutes before it on, ascending."""
        spans = [span for span in self._spans if span[0] < from_ns]
        flooded_ns = None
        if spans and (spans[-1][1] is None or spans[-1][1] >= from_ns):
            flooded_ns = spans.pop()[0]
        for at_ns, count in _counts(activations, from_ns):
            if flooded_ns is None and count >= FLOOD_BEGINS:
                flooded_ns = at_ns
            elif flooded_ns is not None and count < FLOOD_ENDS:
                spans.append((flooded_ns, at_ns))
                flooded_ns = None
        self._spans = spans if flooded_ns is None else [*spans, (flooded_ns, None)]

    def since(self, at_ns: int) -> int | None:
        """Return since when there is a flood at an instant, None where there is none."""
        for start_ns, end_ns in reversed(self._spans):
            if start_ns <= at_ns:
                return start_ns if end_ns is None or at_ns < end_ns else None
        return None

    def within(self, start_ns: int, end_ns: int) -> tuple[tuple[int, int], ...]:
        """Return the floods of a span, clipped to it."""
        clipped = ((max(a, start_ns), end_ns if b is None else min(b, end_ns)) for a, b in self._spans)
        return tuple((a, b) for a, b in clipped if a < b)


def _counts(activations: NDArray[np.int64], from_ns: int) -> list[tuple[int, int]]:
    """Return from an instant on when the number of activations in the ten minutes before changes, and to what."""
    at = np.unique(np.concatenate((activations, activations + WINDOW_NS)))
    at = at[at >= from_ns]
    counts = activations.searchsorted(at, "right") - activations.searchsorted(at - WINDOW_NS, "right")
    return list(zip(at.tolist(), counts.tolist(), strict=True))


def bins(activations: NDArray[np.int64], start_ns: int, end_ns: int) -> tuple[tuple[int, int], ...]:
    """Return start and number of activations of every ten minutes of the clock that [start_ns, end_ns] touches."""
    if end_ns < start_ns:
        return ()
    first, last = start_ns // WINDOW_NS, end_ns // WINDOW_NS
    counts = np.bincount(activations // WINDOW_NS - first, minlength=last - first + 1)
    return tuple((int(first + i) * WINDOW_NS, int(count)) for i, count in enumerate(counts))


def chatters(activations: NDArray[np.int64]) -> bool:
    """Tell whether one alarm's activations, ascending, come three within a minute anywhere."""
    return len(activations) >= CHATTERS and bool((activations[CHATTERS - 1 :] - activations[: 1 - CHATTERS] < CHATTER_NS).any())
