"""How full the buffer between two units is, and when it will be full or empty. Values only; `analyse` finds them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import nan


class Basis(StrEnum):
    """Where a level comes from."""

    MEASURED = "measured"
    """The plant says it."""
    ESTIMATED = "estimated"
    """Counted on from the last instant at which a neighbour's wait showed the buffer full or empty."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class BufferNow:
    """One buffer at an instant, in base units of the line; NaN is unknown."""

    unit: str
    """Who feeds it."""
    to: str
    """Who takes from it."""
    capacity: float = nan
    level: float = nan
    basis: Basis = Basis.UNKNOWN
    full_in_s: float = nan
    """Seconds until it is full and `unit` is blocked, as things run now; NaN: it does not fill, or nobody knows."""
    empty_in_s: float = nan
    """Seconds until it is empty and `to` is starved."""

    @property
    def share(self) -> float:
        """Return how full it is, as a share of one."""
        return self.level / self.capacity if self.capacity else nan
