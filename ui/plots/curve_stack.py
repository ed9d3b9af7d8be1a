"""Plots above each other that share their time and their cursor, one a unit of measure. Not for where the points come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from ui.plots.curve_ink import CurveInk
from ui.plots.range_plot import RangePlot

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from numpy.typing import NDArray

    from twin_app.model.plan import ShiftSpan
    from ui.context import Theme

LEAST_PX = 90
ROOM = 0.06
"""Free above and below the curves, of their range."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A curve of the stack."""

    key: Hashable
    measure: str
    ink: CurveInk
    levels: Mapping[str, float]
    """Limits by what they are called."""


class CurveStack(QScrollArea):
    """Curves by unit of measure.

    Signals:
        sought(object): the person points at an instant (int ns).
        hovered(object): the mouse is over an instant (int ns), None when it leaves.
        zoomed(object, float), panned(object): as of `RangePlot`.
    """

    sought = Signal(object)
    hovered = Signal(object)
    zoomed = Signal(object, float)
    panned = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._theme = theme
        self._drawn: dict[Hashable, Drawn] = {}
        self.plots: dict[str, RangePlot] = {}
        self._window = (0, 1)
        self._zone = ZoneInfo("UTC")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._page = QWidget(self)
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self.setWidget(self._page)

    def set_curves(self, drawn: Sequence[Drawn]) -> None:
        """Draw these curves and no others; points of those that stay stay."""
        measures = list(dict.fromkeys(one.measure for one in drawn))
        points = {key: self.points(key) for key in self._drawn}
        if measures != list(self.plots):
            self._rebuild(measures)
        else:
            for key, old in self._drawn.items():
                self.plots[old.measure].hide_curve(str(key))
                for level in old.levels:
                    self.plots[old.measure].show_level(f"{key}/{level}", None)
        self._drawn = {one.key: one for one in drawn}
        for one in drawn:
            for level, value in one.levels.items():
                self.plots[one.measure].show_level(f"{one.key}/{level}", value, label=level)
            if (before := points.get(one.key)) is not None:
                self.show_points(one.key, *before)
        self.set_window(self._zone, *self._window)

    def _rebuild(self, measures: Sequence[str]) -> None:
        """Make a plot for each unit of measure; the times are written below the last one."""
        for plot in self.plots.values():
            self._column.removeWidget(plot)
            plot.deleteLater()
        widest = "00 000 " + max(measures, key=len, default="")
        self.plots = {}
        for i, measure in enumerate(measures):
            plot = RangePlot(
                self._theme, self._page, suffix=f" {measure}" if measure else "", widest=widest, times=i == len(measures) - 1, named=i == 0
            )
            plot.setMinimumHeight(LEAST_PX)
            plot.sought.connect(self.sought)
            plot.hovered.connect(self.hovered)
            plot.zoomed.connect(self.zoomed)
            plot.panned.connect(self.panned)
            self._column.addWidget(plot, 1)
            self.plots[measure] = plot

    def show_points(self, key: Hashable, times_ns: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        """Show a curve's corners, NaN a gap; one that is not drawn any more is left out."""
        one = self._drawn.get(key)
        if one is not None:
            self.plots[one.measure].show_curve(str(key), times_ns, values, one.ink)
            self._fit(one.measure)

    def points(self, key: Hashable) -> tuple[NDArray[np.int64], NDArray[np.float64]] | None:
        """Return what a curve shows, None where it shows nothing yet."""
        one = self._drawn.get(key)
        return self.plots[one.measure].points(str(key)) if one else None

    def set_window(self, zone: ZoneInfo, start_ns: int, end_ns: int) -> None:
        """Show a stretch of time in every plot."""
        self._zone, self._window = zone, (start_ns, end_ns)
        for measure, plot in self.plots.items():
            plot.set_zone(zone, start_ns)
            self._fit(measure)

    def show_cursor(self, at_ns: int | None) -> None:
        """Show the instant under the mouse in every plot."""
        for plot in self.plots.values():
            plot.show_cursor(at_ns)

    def show_playhead(self, at_ns: int) -> None:
        """Show the playhead in every plot."""
        for plot in self.plots.values():
            plot.show_playhead(at_ns)

    def show_shifts(self, shifts: Sequence[ShiftSpan]) -> None:
        """Show the plan in every plot."""
        for plot in self.plots.values():
            plot.show_shifts(shifts)

    def _fit(self, measure: str) -> None:
        """Fit a plot's axis to what is seen of its curves and their limits."""
        start, end = self._window
        low, high = np.inf, -np.inf
        for key, one in self._drawn.items():
            shown = self.points(key) if one.measure == measure else None
            if shown is None:
                continue
            first, stop = np.searchsorted(shown[0], (start, end + 1))
            seen = shown[1][first:stop]
            if not np.isfinite(seen).all():
                seen = seen[np.isfinite(seen)]
            low = min(low, float(seen.min(initial=np.inf)), *one.levels.values())
            high = max(high, float(seen.max(initial=-np.inf)), *one.levels.values())
        if low > high:
            low, high = 0.0, 1.0
        room = (high - low or abs(high) or 1.0) * ROOM
        self.plots[measure].set_ranges(start, end, high + room, low - room)
