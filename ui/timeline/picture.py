"""Everything a painted timeline shows, as values: what `paint` draws and `canvas` fills in. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

    import numpy as np
    from numpy.typing import NDArray

    from twin_app.model.historian import Span
    from ui.palette import Palette
    from ui.timeline.rows import Rows
    from ui.timeline.scale import TimeScale

LEAST_LANES_PX = 240
"""The lanes come first: where they would be narrower, the shares give way, then the names."""


@dataclass(frozen=True, slots=True)
class Gutter:
    """The room left of the lanes: names, then four columns of per cent (none where it is narrow)."""

    name_px: int
    column_px: int

    @property
    def width_px(self) -> int:
        """Return the whole gutter's width."""
        return self.name_px + 4 * self.column_px

    @classmethod
    def fitting(cls, *, width_px: int, name_px: int, column_px: int) -> Gutter:
        """Share a width: names never take more than a quarter, and the shares only what leaves the lanes their room."""
        name = min(name_px, max(width_px // 4, 60))
        return cls(name, column_px if width_px - name - 4 * column_px >= max(LEAST_LANES_PX, width_px // 2) else 0)


@dataclass(frozen=True, slots=True)
class Lane:
    """One unit's lane: the class of each device pixel column, and its shares in per cent (None: nothing known)."""

    unit: str
    title: str
    columns: NDArray[np.int8]
    shares: tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True)
class Marks:
    """The loop's ends, each where it was set."""

    in_ns: int | None = None
    out_ns: int | None = None

    @property
    def both(self) -> tuple[int, int] | None:
        """Return the loop in order of time, None where an end is missing or they coincide."""
        if self.in_ns is None or self.out_ns is None or self.in_ns == self.out_ns:
            return None
        return min(self.in_ns, self.out_ns), max(self.in_ns, self.out_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All that a timeline shows but the playhead."""

    width_px: int
    height_px: int
    axis_px: int
    ratio: float
    scale: TimeScale
    rows: Rows
    gutter: Gutter
    lanes: tuple[Lane, ...]
    """The visible ones, in order of `rows.visible`; without columns while the answer is awaited."""
    selected: str
    known: Span | None
    marks: Marks
    zone: tzinfo
    palette: Palette
