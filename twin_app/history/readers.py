"""The programs that read a recording while it grows: when they are told, and how far they have read. Not for how they hear of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FURTHEST_BEHIND = 1_000_000
"""Who is so many samples behind, or more, stands still: it keeps nobody waiting, and begins anew when it goes on."""


@dataclass(slots=True)
class Readers:
    """How a store that writes gets on with them."""

    tell: Callable[[], None] = lambda: None
    """Called when something has become durable, by who committed it."""
    read: Callable[[], list[int]] = list
    """Gives up to which sample each of them has read."""

    def settled(self, limit: int) -> int:
        """Return the number below which nobody waits for samples in order of arrival, at most `limit`."""
        return min([limit, *(max(read, 0) for read in self.read() if limit - read <= FURTHEST_BEHIND)])
