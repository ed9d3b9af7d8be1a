"""OEE, rate and output over the shift: plots over one time axis with the legend that reads them. Not for asking: see `ui.panels.trends`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.text import clock_time, percent, tr
from ui.plots.chips import Chip
from ui.plots.output import OutputPlot
from ui.plots.shapes import axis_end, blind_spans, top_of, value_at
from ui.plots.time_plot import Ink, TimePlot
from ui.theme import set_role
from ui.words import ideal_per_min, rate_of_ideal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from twin_app.model.equipment import Line, Unit
    from twin_app.model.frame import Frame
    from twin_app.model.kpi import Trend
    from twin_app.model.plan import ShiftSpan
    from twin_app.model.timeline import Intervals
    from ui.context import Theme

LINE, UNIT, A, E, Q = "line", "unit", "availability", "effectiveness", "quality"
OTHER, OTHER_UNIT = "other line", "other unit"
"""The line's and the unit's figures in another shift that stands beside this one."""
_FIELDS = {LINE: "oee_index", UNIT: "oee_index", A: "availability", E: "effectiveness", Q: "quality_ratio"}
_INKS = {LINE: Ink.MAIN, UNIT: Ink.CHOSEN, A: Ink.FIRST, E: Ink.SECOND, Q: Ink.THIRD}
RATE = "rate"
WIDE_PX = 620
"""From this width on the legend has room in one row."""
HIGH_PX = 240
"""Below this height a second row would cost the plots more than it tells."""
ALL_PX = 330
"""From this height on there is room for three plots."""


class EfficiencyPlots(QWidget):
    """OEE above, rate below, and where a shift is planned output against plan under both, to the shift's end.

    Signals:
        sought(object): the person points at an instant (int ns).
    """

    sought = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        """Draw empty plots."""
        super().__init__(parent)
        self._theme = theme
        self._line: Line | None = None
        self._zone = ZoneInfo("UTC")
        self._unit: Unit | None = None
        self._chosen = False
        self._at_ns = 0
        self._hover_ns: int | None = None
        self._now: Frame | None = None
        self._trends: dict[str, Trend] = {}
        self._other_name = ""
        self._chips = {name: Chip(ink, self, checked=name in {LINE, UNIT}) for name, ink in _INKS.items()}
        self._rate_chip = Chip(Ink.MAIN, self, checkable=False)
        self._other_chip = Chip(Ink.OTHER, self, checkable=False)
        self._other_chip.hide()
        self._time = QLabel(self)
        set_role(self._time, "dim")
        self._oee = TimePlot(theme, self, suffix=" %", widest="100 %", times=False)
        self._rate = TimePlot(theme, self, widest="100 %")
        self._output = OutputPlot(theme, self)
        self._window = 0, 0
        self._lay_out()
        for chip in self._chips.values():
            chip.toggled.connect(self._draw)
        for plot in self._plots():
            plot.sought.connect(self.sought)
            plot.hovered.connect(self._on_hovered)
        theme.changed.connect(self._dress)
        self._dress()
        self.retranslate()

    def _plots(self) -> tuple[TimePlot, TimePlot, TimePlot]:
        """Return all plots, which share their time."""
        return self._oee, self._rate, self._output.plot

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 2, 4, 4)
        column.setSpacing(0)
        self._legend = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._legend.setSpacing(0)
        for names in ((LINE, UNIT), (A, E, Q)):
            row = QHBoxLayout()
            row.setSpacing(0)
            for name in names:
                row.addWidget(self._chips[name])
            if LINE in names:
                row.addWidget(self._other_chip)
            row.addStretch(1)
            if LINE in names:
                row.addWidget(self._time)
            self._legend.addLayout(row)
        rate_legend = QHBoxLayout()
        rate_legend.addWidget(self._rate_chip)
        rate_legend.addStretch(1)
        column.addLayout(self._legend)
        column.addWidget(self._oee, 3)
        column.addLayout(rate_legend)
        column.addWidget(self._rate, 2)
        column.addWidget(self._output, 4)
        self._output.hide()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """Give each plot its room: the rate is on its card too, so its curve goes first. The lowest writes the times."""
        planned = not self._output.isHidden()
        room = not planned or self.height() >= ALL_PX
        for widget in (self._rate, self._rate_chip):
            widget.setVisible(room)
        self._rate.show_times(on=not planned)
        wide = self.width() >= WIDE_PX
        self._legend.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        for name in (A, E, Q):
            self._chips[name].setVisible(wide or self.height() >= HIGH_PX)

    # What is shown

    def open_line(self, line: Line | None) -> None:
        """Take another line; nothing is drawn of it yet."""
        self._line, self._now = line, None
        self._zone = ZoneInfo(line.zone if line else "UTC")
        self._trends.clear()
        self._oee.clear()
        self._rate.clear()
        self._output.open_line(line)
        self._show_target()
        self._share_room()

    def _show_target(self) -> None:
        """Draw the OEE that is aimed at."""
        target = self._line.targets.oee_index if self._line else None
        known = 0.0 if target is None else target
        self._oee.show_level("target", None if target is None else target * 100.0, label=tr("target {share}", share=percent(known, 0)))

    def show_window(self, start_ns: int, at_ns: int, final_ns: int | None) -> None:
        """Show from the shift's start past the playhead; `final_ns` is a replay's end, None while it grows."""
        self._at_ns = at_ns
        planned = self._now.against if self._now is not None else None
        end = axis_end(start_ns, at_ns, final_ns) if planned is None else planned.end_ns
        self._window = start_ns, end
        for plot in (self._oee, self._rate):
            plot.set_zone(self._zone, start_ns)
            plot.show_playhead(at_ns)
        self._oee.set_ranges(start_ns, end, top_of(self._oee_values(), 105.0))
        self._rate.set_ranges(start_ns, end, top_of(self._rate_values(), (self._ideal() or 0.0) * 1.15 or 1.0))
        self._draw()

    def show_now(self, frame: Frame) -> None:
        """Take the figures at the playhead, as exact as on the cards: a curve's last point may lie up to a point's width before it."""
        self._now = frame
        self._output.show_against(frame.against)
        self._share_room()
        self._read()

    def show_shifts(self, shifts: Sequence[ShiftSpan]) -> None:
        """Draw the plan's shifts and breaks behind every plot."""
        for plot in (self._oee, self._rate):
            plot.show_shifts(shifts)
        self._output.show_shifts(shifts)
        self._draw()

    def show_unit(self, unit: str, *, chosen: bool) -> None:
        """Show the rate of a unit, and if the person chose it its OEE, too."""
        found = self._line.unit(unit) if self._line else None
        if (found, chosen) == (self._unit, self._chosen):
            return
        self._unit, self._chosen = found, chosen
        self._trends.pop(UNIT, None)
        self._trends.pop(OTHER_UNIT, None)
        self._rate.show_blind(())
        self._oee.show_blind(())
        self._rate.show_level("ideal", self._ideal())
        self.retranslate()
        self._dress()
        self._draw()

    def show_line_trend(self, trend: Trend) -> None:
        """Take the line's figures."""
        self._trends[LINE] = trend
        self._output.show_trend(trend)
        self._draw()

    def show_unit_trend(self, trend: Trend) -> None:
        """Take the unit's figures."""
        self._trends[UNIT] = trend
        self._draw()

    def show_other(self, name: str) -> None:
        """Draw, dashed, what another shift of this name did beside this one; empty: none does."""
        self._other_name = name
        self._other_chip.setVisible(bool(name))
        self._other_chip.show_name(tr("OEE {oee}", oee=name), tr("OEE index of the line in the other shift, since that began"))
        for one in (OTHER, OTHER_UNIT):
            self._trends.pop(one, None)
        self._draw()

    def show_other_line(self, trend: Trend) -> None:
        """Take the line's figures in the other shift."""
        self._trends[OTHER] = trend
        self._draw()

    def show_other_unit(self, trend: Trend) -> None:
        """Take the unit's figures in the other shift."""
        self._trends[OTHER_UNIT] = trend
        self._draw()

    def show_states(self, intervals: Intervals) -> None:
        """Hatch the time in which nobody knew the unit's state."""
        spans = blind_spans(intervals)
        self._oee.show_blind(spans)
        self._rate.show_blind(spans)

    def retranslate(self) -> None:
        """Word everything in the current language."""
        of_whom = self._unit.title if self._unit and self._chosen else tr("line")
        self._chips[LINE].show_name(tr("OEE line"), tr("OEE index of the line since the shift began"))
        self._chips[UNIT].show_name(
            tr("OEE {unit}", unit=self._unit.title if self._unit else ""), tr("OEE index of the selected machine since the shift began")
        )
        self._chips[A].show_name("A", tr("Availability, {whom}", whom=of_whom))
        self._chips[E].show_name("E", tr("Effectiveness, {whom}", whom=of_whom))
        self._chips[Q].show_name("Q", tr("Quality ratio, {whom}", whom=of_whom))
        self._chips[UNIT].setVisible(self._chosen)
        counted = self._unit.unit_of_count if self._unit else ""
        name = tr("{unit}, {counted}/min", unit=self._unit.title, counted=counted) if self._unit and counted else ""
        self._rate_chip.show_name(
            name or tr("Rate per minute"),
            tr("Rate over the last minute, or as long as three reports take; the dashed line is the ideal rate"),
        )
        self._other_chip.show_name(tr("OEE {oee}", oee=self._other_name), tr("OEE index of the line in the other shift, since that began"))
        self._show_target()
        self._output.retranslate()
        self._read()

    # Drawing and reading

    def _source(self, name: str) -> Trend | None:
        """Return the figures a curve is drawn from: A, E and Q are the chosen unit's, else the line's."""
        own = LINE if name == LINE or (name in {A, E, Q} and not self._chosen) else UNIT
        return self._trends.get(own)

    def _draw(self) -> None:
        for name, chip in self._chips.items():
            trend = self._source(name)
            if trend is not None and chip.isChecked() and (name != UNIT or self._chosen):
                times, shares = self._up_to_now(trend.times_ns, getattr(trend, _FIELDS[name]), self._share_now(name))
                self._oee.show_curve(name, times, np.asarray(shares) * 100.0, chip.ink)
            else:
                self._oee.hide_curve(name)
        self._draw_other()
        unit = self._trends.get(UNIT)
        if unit is None:
            self._rate.hide_curve(RATE)
        else:
            times, rates = self._up_to_now(unit.times_ns, unit.rate_per_min, self._rate_now())
            self._rate.show_curve(RATE, times, rates, Ink.CHOSEN if self._chosen else Ink.MAIN)
        self._output.draw(*self._window)
        self._read()

    def _draw_other(self) -> None:
        """Draw what the other shift did, up to the playhead."""
        line, unit = self._trends.get(OTHER), self._trends.get(OTHER_UNIT)
        if line is None:
            self._oee.hide_curve(OTHER)
        else:
            self._oee.show_curve(OTHER, line.times_ns, np.asarray(line.oee_index) * 100.0, Ink.OTHER)
        if unit is None:
            self._rate.hide_curve(OTHER_UNIT)
        else:
            self._rate.show_curve(OTHER_UNIT, unit.times_ns, unit.rate_per_min, Ink.OTHER)

    def _up_to_now(self, times_ns: Sequence[int], values: Sequence[float], now: float) -> tuple[Sequence[int], Sequence[float]]:
        """Return a curve up to the playhead: where it was asked for a while ago, with the frame's own figure at its end."""
        at_ns = self._now.at_ns if self._now is not None else None
        if at_ns is None or not len(times_ns) or times_ns[-1] >= at_ns:
            return times_ns, values
        return [*times_ns, at_ns], [*values, now]

    def _read(self) -> None:
        """Write the figures at the mouse, else at the playhead."""
        at = self._at_ns if self._hover_ns is None else min(self._hover_ns, self._at_ns)
        for name, chip in self._chips.items():
            trend = self._source(name)
            chip.show_figure("" if trend is None else percent(self._figure(name, trend, at)))
        other = self._trends.get(OTHER)
        self._other_chip.show_figure("" if other is None else percent(value_at(other.times_ns, other.oee_index, at)))
        unit = self._trends.get(UNIT)
        self._rate_chip.show_figure("" if unit is None else rate_of_ideal(self._rate_of(unit, at), self._ideal()))
        self._output.read(self._hover_ns)
        self._time.setText("" if self._hover_ns is None else clock_time(at, self._zone))

    def _figure(self, name: str, trend: Trend, at_ns: int) -> float:
        """Return a share at the mouse, off its curve, else at the playhead, off the frame; NaN where unknown."""
        if self._now is None or self._now.figures is None or self._hover_ns is not None:
            return value_at(trend.times_ns, getattr(trend, _FIELDS[name]), at_ns)
        return self._share_now(name)

    def _share_now(self, name: str) -> float:
        """Return a share at the playhead; NaN where unknown."""
        figures = self._now.figures if self._now is not None else None
        if figures is None:
            return math.nan
        of_line = name == LINE or not self._chosen
        of_unit = figures.units.get(self._unit.id) if self._unit is not None else None
        kpi = figures.line if of_line else of_unit.kpi if of_unit is not None else None
        return math.nan if kpi is None else float(getattr(kpi, "oee_told" if name in {LINE, UNIT} else _FIELDS[name]))

    def _rate_of(self, trend: Trend, at_ns: int) -> float:
        """Return the unit's rate at the mouse, else at the playhead."""
        known = self._now is not None and self._hover_ns is None and self._unit is not None
        return self._rate_now() if known else value_at(trend.times_ns, trend.rate_per_min, at_ns)

    def _rate_now(self) -> float:
        """Return the unit's rate at the playhead; NaN where unknown."""
        return math.nan if self._now is None or self._unit is None else self._now.rates_per_min.get(self._unit.id, math.nan)

    def _on_hovered(self, at_ns: int | None) -> None:
        self._hover_ns = at_ns
        self._read()

    def _ideal(self) -> float | None:
        return ideal_per_min(self._line, self._unit.id) if self._line and self._unit else None

    def _oee_values(self) -> list[np.ndarray[tuple[int], np.dtype[np.float64]]]:
        return [points[1] for name in self._chips if (points := self._oee.points(name)) is not None]

    def _rate_values(self) -> list[np.ndarray[tuple[int], np.dtype[np.float64]]]:
        points = self._rate.points(RATE)
        return [] if points is None else [points[1]]

    def _dress(self) -> None:
        self._rate_chip.ink = Ink.CHOSEN if self._chosen else Ink.MAIN
        for chip in (*self._chips.values(), self._rate_chip, self._other_chip):
            chip.dress(self._theme.palette)
        self._output.dress()
