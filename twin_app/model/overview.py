"""A whole recording on as many columns as a strip has pixels: what the line did, what its units did, when alarms came. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Overview:
    """n columns of equal length over [start_ns, end_ns)."""

    start_ns: int
    end_ns: int
    shares: NDArray[np.float32]
    """Share of the column that the units spent in each state, mean over the units; shape (n, 1 + states): unknown first, then by number."""
    constraint: NDArray[np.float32]
    """The same of the unit that sets the line's pace."""
    alarms: NDArray[np.uint8]
    """Priority (1 to 4) of the gravest alarm that came in the column, 0 where none did; shape (n,)."""


@dataclass(frozen=True, slots=True)
class AlarmTicks:
    """Alarms that came in a span, in order of time, each of n."""

    times_ns: NDArray[np.int64]
    priority: NDArray[np.uint8]
    units: tuple[str, ...]
