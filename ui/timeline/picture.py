"""Everything a painted timeline shows, as values: what `paint` draws and `canvas` fills in. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ui.timeline.lane_alarms import LaneAlarms

if TYPE_CHECKING:
    from datetime import tzinfo

    import numpy as np
    from numpy.typing import NDArray

    from twin_app.clock import Cuts
    from twin_app.model.bookmark import Bookmark
    from twin_app.model.historian import Span
    from twin_app.model.overview import AlarmTicks
    from twin_app.model.plan import ShiftSpan
    from ui.palette import Palette
    from ui.timeline.lanes import Row
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
class Word:
    """A state's word within a lane, in pixels from the lane's left edge; where it began outside it stands at the edge that is seen."""

    text: str
    left_px: int
    right_px: int


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane: the class of each device pixel column, its shares in per cent (None: nothing known), and words where there is room."""

    row: Row
    columns: NDArray[np.int8]
    shares: tuple[int, int, int, int] | None
    words: tuple[Word, ...] = ()
    alarms: LaneAlarms = field(default_factory=LaneAlarms)


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


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the states: marks that people set, alarms, the plan, and what is passed over."""

    marks: Marks = field(default_factory=Marks)
    span: tuple[int, int] | None = None
    """The stretch that is selected."""
    bookmarks: tuple[Bookmark, ...] = ()
    ticks: AlarmTicks | None = None
    shifts: tuple[ShiftSpan, ...] = ()
    cuts: Cuts = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All that a timeline shows but the playhead."""

    width_px: int
    height_px: int
    axis_px: int
    """Where the axis ends; below it a row of marks, then the lanes."""
    ratio: float
    scale: TimeScale
    rows: Rows
    gutter: Gutter
    lanes: tuple[Lane, ...]
    """The visible ones, in order of `rows.visible`; without columns while the answer is awaited."""
    selected: str
    known: Span | None
    beside: Beside
    zone: tzinfo
    palette: Palette
