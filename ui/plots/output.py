"""Output of the line through the shift: good pieces, the plan they are measured against, and where the run rate leads. Not for asking."""

from __future__ import annotations

from math import isfinite, nan
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from twin_app.kpi.plan_words import projection_told
from twin_app.text import number, tr
from ui.plots.chips import Chip
from ui.plots.plan import plan_line, projection_line
from ui.plots.shapes import top_of, value_at
from ui.plots.time_plot import Ink, TimePlot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.against import Against
    from twin_app.model.equipment import Line
    from twin_app.model.kpi import Trend
    from twin_app.model.plan import BreakSpan, ShiftSpan
    from ui.context import Theme

GOOD, PLAN, PROJECTED, LOW, HIGH = "good", "plan", "projected", "low", "high"
RANGE_WORTH_DRAWING = 0.5
"""Pieces by which a projection's range must differ to be drawn."""


class OutputPlot(QWidget):
    """A legend that reads the figures, over one plot; hidden where no shift is planned."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Draw an empty plot."""
        super().__init__(parent)
        self._theme = theme
        self._line: Line | None = None
        self._against: Against | None = None
        self._trend: Trend | None = None
        self._breaks: Sequence[BreakSpan] = ()
        self.plot = TimePlot(theme, self, widest="100 %")
        self.chips = {name: Chip(ink, self, checkable=False) for name, ink in ((GOOD, Ink.MAIN), (PLAN, Ink.LEVEL), (PROJECTED, Ink.AHEAD))}
        row = QHBoxLayout()
        row.setSpacing(0)
        for chip in self.chips.values():
            row.addWidget(chip)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.plot, 1)

    def open_line(self, line: Line | None) -> None:
        """Take another line; nothing is drawn of it yet."""
        self._line, self._trend, self._against, self._breaks = line, None, None, ()
        self.plot.clear()
        self.hide()

    def show_against(self, against: Against | None) -> None:
        """Take the plan at the playhead; None: no shift is planned there."""
        self._against = against
        self.setVisible(against is not None)

    def show_trend(self, trend: Trend) -> None:
        """Take the line's figures."""
        self._trend = trend

    def show_shifts(self, shifts: Sequence[ShiftSpan]) -> None:
        """Take the plan's breaks."""
        self._breaks = tuple(rest for shift in shifts for rest in shift.breaks)
        self.plot.show_shifts(shifts)

    def draw(self, start_ns: int, end_ns: int) -> None:
        """Draw everything over a stretch of time."""
        against = self._against
        if against is None or self._line is None:
            return
        self.plot.set_zone(ZoneInfo(self._line.zone), start_ns)
        self.plot.show_playhead(against.at_ns)
        times, good, gone = self._known(against)
        self.plot.show_curve(GOOD, [*times, against.at_ns], [*good, against.good], Ink.MAIN)
        self._show(PLAN, plan_line(against, times, gone, self._breaks), Ink.LEVEL)
        self._show(PROJECTED, projection_line(against, against.projected, self._breaks), Ink.AHEAD)
        ranged = against.projected_high - against.projected_low > RANGE_WORTH_DRAWING
        for name, value in ((LOW, against.projected_low), (HIGH, against.projected_high)):
            self._show(name, projection_line(against, value if ranged else nan, self._breaks), Ink.EDGE)
        curves = [points[1] for name in (GOOD, PLAN, PROJECTED, HIGH) if (points := self.plot.points(name)) is not None]
        self.plot.set_ranges(start_ns, end_ns, top_of(curves, 1.0))

    def _known(self, against: Against) -> tuple[list[int], list[float], list[float]]:
        """Return instants before the playhead with good pieces and planned busy time by then."""
        trend = self._trend
        if trend is None or not len(trend.good):
            return [], [], []
        rows = [row for row in zip(trend.times_ns, trend.good, trend.gone_s, strict=True) if row[0] < against.at_ns]
        return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]

    def _show(
        self, name: str, corners: tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.float64]]], ink: Ink
    ) -> None:
        if len(corners[0]):
            self.plot.show_curve(name, *corners, ink)
        else:
            self.plot.hide_curve(name)

    def read(self, at_ns: int | None) -> None:
        """Write the figures at the mouse, None: at the playhead."""
        against = self._against
        if against is None or self._line is None:
            return
        good, due = against.good, against.due
        if at_ns is not None and at_ns < against.at_ns:
            good = value_at(*points, at_ns) if (points := self.plot.points(GOOD)) else nan
        if at_ns is not None and (points := self.plot.points(PLAN)):
            due = float(np.interp(at_ns, *points))
        self.chips[GOOD].show_figure(number(good) if isfinite(good) else "–")
        self.chips[PLAN].setVisible(against.target is not None)
        if against.target is not None:
            self.chips[PLAN].show_figure(tr("{count} of {most}", count=number(due) if isfinite(due) else "–", most=number(against.target)))
        told = projection_told(against, self._line.tz)
        self.chips[PROJECTED].setVisible(bool(told))
        self.chips[PROJECTED].show_figure(told)

    def retranslate(self) -> None:
        """Word everything in the current language."""
        counted = self._line.unit_of_count if self._line else ""
        self.chips[GOOD].show_name(
            tr("Good, {counted}", counted=counted) if counted else tr("Good"), tr("Good pieces of the line since the shift began")
        )
        self.chips[PLAN].show_name(tr("Plan"), tr("The shift's target, spread evenly over its planned busy time: it stands in breaks"))
        self.chips[PROJECTED].show_name(
            tr("Run rate"),
            tr(
                "A projection, not a plan: the rate of the shift so far, carried on to its end. Between the fine lines: blind time as lost, and as ideal"
            ),
        )

    def dress(self) -> None:
        """Take the theme's colours."""
        for chip in self.chips.values():
            chip.dress(self._theme.palette)
