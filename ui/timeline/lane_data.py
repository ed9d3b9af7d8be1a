"""The state intervals the lanes are drawn from: asked for when a view needs them, kept until they no longer cover it. No painting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from twin_app.clock import SECOND_NS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from twin_app.model.historian import Span
    from twin_app.model.timeline import Intervals
    from ui.context import Query
    from ui.timeline.scale import TimeScale


@dataclass(slots=True)
class _Lane:
    """What is known of one unit: its intervals, over which stretch they were asked for, and whether they may be outdated."""

    intervals: Intervals | None = None
    start_ns: int = 0
    end_ns: int = 0
    outdated: bool = True
    asked: tuple[int, int] | None = None


class LaneData(QObject):
    """Intervals by unit.

    Signals:
        arrived(): some unit's intervals are other than before.
    """

    arrived = Signal()

    def __init__(self, query: Query, parent: QObject) -> None:
        """Know nothing yet."""
        super().__init__(parent)
        self._query = query
        self._lanes: dict[str, _Lane] = {}

    def open(self, units: Iterable[str]) -> None:
        """Forget everything and take other units."""
        self._lanes = {unit: _Lane() for unit in units}

    def intervals(self, unit: str, known_end_ns: int) -> Intervals | None:
        """Return a unit's intervals; the newest one lasts until the known end, until an answer says otherwise."""
        lane = self._lanes.get(unit)
        if lane is None or lane.intervals is None:
            return None
        return replace(lane.intervals, end_ns=max(known_end_ns, lane.intervals.end_ns)) if self._was_newest(lane) else lane.intervals

    @staticmethod
    def _was_newest(lane: _Lane) -> bool:
        """Tell whether the answer reached to what was then the known end."""
        return lane.intervals is not None and lane.intervals.end_ns == lane.end_ns

    def outdate(self, units: Iterable[str] | None = None) -> None:
        """Say that these units (None: all) have new intervals."""
        for unit in self._lanes if units is None else units:
            if unit in self._lanes:
                self._lanes[unit].outdated = True

    def want(self, units: Iterable[str], view: TimeScale, known: Span) -> None:
        """Ask for what the view of these units lacks, and half a view more on either side for panning."""
        first, last = max(view.start_ns, known.start_ns), min(view.end_ns, known.end_ns)
        if last <= first:
            return
        slack = view.span_ns // 2
        around = max(first - slack, known.start_ns), min(last + slack, known.end_ns)
        grown_ns = max(SECOND_NS, round(view.ns_per_px))
        for unit in units:
            lane = self._lanes[unit]
            covered = lane.start_ns <= first and last - lane.end_ns < grown_ns
            if lane.outdated or not covered:
                self._ask(unit, lane, around)

    def _ask(self, unit: str, lane: _Lane, around: tuple[int, int]) -> None:
        """Ask, unless the same question is still open."""
        if lane.asked == around and not lane.outdated:
            return
        lane.asked, lane.outdated = around, False
        self._query.timeline(f"timeline/{unit}", unit, *around, partial(self._on_answered, unit, lane, around))

    def _on_answered(self, unit: str, lane: _Lane, around: tuple[int, int], intervals: Intervals) -> None:
        """Keep an answer, unless the line was changed in between."""
        if self._lanes.get(unit) is not lane:
            return
        same = _equal(lane.intervals, intervals)
        lane.intervals, lane.asked = intervals, None
        lane.start_ns, lane.end_ns = around
        if not same:
            self.arrived.emit()


def _equal(one: Intervals | None, other: Intervals) -> bool:
    """Tell whether two answers say the same, but for how long the last interval has lasted."""
    return (
        one is not None
        and len(one) == len(other)
        and np.array_equal(one.start_ns, other.start_ns)
        and np.array_equal(one.state, other.state)
        and np.array_equal(one.category, other.category)
    )
