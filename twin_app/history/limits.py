"""How much of a recording is kept, and how long. Values only: `housekeeping` sees to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds; 0 of a file is without bound, 0 days of raw messages keep none."""

    raw_days: float = 7.0
    raw_bytes: int = 2 * 2**30
    """Of all files together, as they lie on the disk."""
    models_bytes: int = 32 * 2**20
    """Of a layout's own 3D models in each file, deflated; 0 keeps none."""
    days: float = 0.0
    """A file that ended so long ago goes."""
    size: int = 0
    """Bytes of all files together."""
    spared: Callable[[int, int], bool] = lambda _start_ns, _end_ns: False
    """Tell whether a file of [start_ns, end_ns) is kept all the same, for somebody marked a moment in it."""
