"""One plot of curves over local time: a playhead, levels, hatched blind time, seconds per pixel in the hand of its owner."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.clock import SECOND_NS
from ui.plots.axes import FigureAxis, TimeAxis
from ui.plots.blind import BlindBands
from ui.plots.shapes import seconds, spread
from ui.plots.shift_marks import ShiftMarks
from ui.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from twin_app.model.plan import ShiftSpan
    from ui.context import Theme
    from ui.palette import Palette

NAME_AIR_PX = 6
DENSE = 1.5
"""Points a pixel of the plot's width."""


class Ink(Enum):
    """Which colour and line a curve is drawn in, by what it means; colour is never the only difference."""

    MAIN = ("text", 2.0, Qt.PenStyle.SolidLine)
    CHOSEN = ("selection", 2.0, Qt.PenStyle.SolidLine)
    FIRST = ("dim", 1.4, Qt.PenStyle.DashLine)
    SECOND = ("dim", 1.4, Qt.PenStyle.DotLine)
    THIRD = ("dim", 1.4, Qt.PenStyle.DashDotLine)
    OTHER = ("dim", 2.2, Qt.PenStyle.DashLine)
    LEVEL = ("text", 1.0, Qt.PenStyle.DashLine)
    AHEAD = ("text", 1.6, Qt.PenStyle.DotLine)
    EDGE = ("dim", 1.0, Qt.PenStyle.DotLine)

    def pen(self, palette: Palette) -> QPen:
        """Return the pen in a theme; its width does not grow with the data."""
        role, width, style = self.value
        pen = QPen(QColor(getattr(palette, role)), width, style)
        pen.setCosmetic(True)
        return pen


class Inked(Protocol):
    """What a curve is drawn in."""

    def pen(self, palette: Palette) -> QPen:
        """Return the pen in a theme."""
        ...


@dataclass(slots=True)
class _Curve:
    """A curve and what it shows, in ns, so that the origin may move."""

    item: Any
    ink: Inked
    times_ns: NDArray[np.int64]
    values: NDArray[np.float64]


class TimePlot(QWidget):
    """Curves over time.

    Signals:
        sought(object): the person points at an instant (int ns).
        hovered(object): the mouse is over an instant (int ns), None when it leaves.
    """

    sought = Signal(object)
    hovered = Signal(object)

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        suffix: str = "",
        widest: str = "000 %",
        times: bool = True,
        named: bool = False,
    ) -> None:
        """Draw an empty plot; `suffix` stands behind each figure of the left axis, `widest` is the room it keeps.

        `times` are written below, shifts are named where the plot is `named`.
        """
        super().__init__(parent)
        self._theme = theme
        self._widest = widest
        self._marks = ShiftMarks(named=named)
        self._times = times
        self._curves: dict[str, _Curve] = {}
        self._levels: dict[str, Any] = {}
        self._time = TimeAxis(ZoneInfo("UTC"))
        self._figures = FigureAxis(suffix)
        self._plot: Any = pg.PlotWidget(self, enableMenu=False, axisItems={"bottom": self._time, "left": self._figures})
        item = self._plot.getPlotItem()
        item.ctrlMenu.setParent(self, item.ctrlMenu.windowFlags())  # made all the same, and without a parent it would outlive the plot
        item.hideButtons()
        for unseen in ("top", "right"):  # they would word their units at every other range
            item.getAxis(unseen).enableAutoSIPrefix(False)
        item.setMouseEnabled(x=False, y=False)
        item.getViewBox().setDefaultPadding(0.0)
        item.disableAutoRange()
        item.setContentsMargins(0, 4, 8, 0)
        self._bands = BlindBands()
        for one in (self._bands, self._marks):
            item.addItem(one, ignoreBounds=True)
        self._playhead = pg.InfiniteLine(angle=90, movable=False)
        self._playhead.setZValue(100)
        self._playhead.setVisible(False)
        item.addItem(self._playhead, ignoreBounds=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._plot)
        self._plot.setMinimumSize(80, 40)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setMouseTracking(True)
        self._plot.viewport().installEventFilter(self)
        theme.changed.connect(self.dress)
        self.dress()

    # What is shown

    def set_zone(self, zone: ZoneInfo, origin_ns: int) -> None:
        """Show times of a zone; `origin_ns` is near what will be shown, so that no digit is lost."""
        if (zone, origin_ns) == (self._time.zone, self._time.origin_ns):
            return
        self._time.zone, self._time.origin_ns = zone, origin_ns
        for curve in self._curves.values():
            self._draw(curve)

    def set_ranges(self, start_ns: int, end_ns: int, top: float, bottom: float = 0.0) -> None:
        """Show a stretch of time and of values."""
        view = self._plot.getPlotItem().getViewBox()
        x = tuple((ns - self._time.origin_ns) / SECOND_NS for ns in (start_ns, end_ns))
        if view.viewRange() != [list(x), [bottom, top]]:
            heights = view.viewRange()[1] != [bottom, top]
            view.setRange(xRange=x, yRange=(bottom, top), padding=0.0, disableAutoRange=True)
            if heights:
                self._spread_names()
            self._settle()

    def _settle(self) -> None:
        """Let everything take its place now: pyqtgraph does it while it paints, so that all of it is painted twice."""
        self._plot.scene().prepareForPaint()
        for line in (self._playhead, *self._levels.values()):
            line.boundingRect()

    def show_curve(
        self, name: str, times_ns: Sequence[int] | NDArray[np.int64], values: Sequence[float] | NDArray[np.float64], ink: Inked
    ) -> None:
        """Show a curve, a new one or other points of one there is; NaN is a gap."""
        curve = self._curves.get(name)
        if curve is None:
            item = pg.PlotDataItem(connect="finite", antialias=True, skipFiniteCheck=False)
            self._plot.getPlotItem().addItem(item, ignoreBounds=True)
            curve = self._curves[name] = _Curve(item, ink, np.empty(0, np.int64), np.empty(0))
        times, figures = np.asarray(times_ns, np.int64), np.asarray(values, np.float64)
        if ink == curve.ink and np.array_equal(times, curve.times_ns) and np.array_equal(figures, curve.values, equal_nan=True):
            return  # painting a curve takes long, looking whether it is another does not
        curve.times_ns, curve.values, curve.ink = times, figures, ink
        self._draw(curve)

    def hide_curve(self, name: str) -> None:
        """Show a curve no longer."""
        curve = self._curves.pop(name, None)
        if curve is not None:
            self._plot.getPlotItem().removeItem(curve.item)

    def show_level(self, name: str, value: float | None, *, label: str | None = None) -> None:
        """Show a dashed level across the plot, such as an ideal rate, with its name on it if it has one; None hides it."""
        line = self._levels.get(name)
        if line is None:
            line = self._levels[name] = pg.InfiniteLine(
                angle=0, movable=False, pen=Ink.LEVEL.pen(self._theme.palette), label=label,
                labelOpts={"position": 0.99, "anchors": [(1, 1), (1, 1)], "color": self._theme.palette.dim},
            )  # fmt: skip
            self._plot.getPlotItem().addItem(line, ignoreBounds=True)
        elif label is not None:
            line.label.setFormat(label)
        line.setVisible(value is not None)
        if value is not None and line.value() != value:
            line.setValue(value)
        self._spread_names()

    def _spread_names(self) -> None:
        """Let no name of a level cover another's."""
        named = [line for line in self._levels.values() if line.isVisible() and getattr(line, "label", None) is not None]
        view = self._plot.getPlotItem().getViewBox()
        (_, _), (bottom, top) = view.viewRange()
        width, height = view.width(), view.height()
        if not named or top <= bottom or min(width, height) <= 1:
            return
        sizes = [line.label.boundingRect() for line in named]
        levels = [((top - line.value()) / (top - bottom) * height, size.width()) for line, size in zip(named, sizes, strict=True)]
        stands = spread(levels, (width - NAME_AIR_PX, height), max(size.height() for size in sizes))
        for line, (right, below) in zip(named, stands, strict=True):
            line.label.anchors = [(1, 0 if below else 1)] * 2
            line.label.setPosition(right / width)

    def show_blind(self, spans: Sequence[tuple[int, int]]) -> None:
        """Hatch the stretches in which nobody knew."""
        origin = self._time.origin_ns
        self._bands.show_bands([((a - origin) / SECOND_NS, (b - origin) / SECOND_NS) for a, b in spans])

    def show_shifts(self, shifts: Sequence[ShiftSpan]) -> None:
        """Show the plan behind the curves: where shifts begin, and their breaks."""

        def x(at_ns: int) -> float:
            return (at_ns - self._time.origin_ns) / SECOND_NS

        breaks = [(x(rest.start_ns), x(rest.end_ns)) for shift in shifts for rest in shift.breaks]
        self._marks.show_shifts([(x(shift.start_ns), shift.name) for shift in shifts], breaks)

    def show_times(self, *, on: bool) -> None:
        """Write the times below the plot, or leave them to another one."""
        if on != self._times:
            self._times = on
            self.dress()

    def show_playhead(self, at_ns: int | None) -> None:
        """Show where the playhead is; nothing is painted if it has not moved."""
        self._playhead.setVisible(at_ns is not None)
        if at_ns is not None:
            x = (at_ns - self._time.origin_ns) / SECOND_NS
            if self._playhead.value() != x:
                self._playhead.setValue(x)

    def clear(self) -> None:
        """Show nothing."""
        for name in tuple(self._curves):
            self.hide_curve(name)
        for name in self._levels:
            self.show_level(name, None)
        self.show_blind(())
        self.show_shifts(())
        self.show_playhead(None)

    def points(self, name: str) -> tuple[NDArray[np.int64], NDArray[np.float64]] | None:
        """Return what a curve shows, None where there is no such curve."""
        curve = self._curves.get(name)
        return None if curve is None else (curve.times_ns, curve.values)

    def at(self, x: float) -> int:
        """Return the instant under a pixel of the plot's width."""
        box = self._plot.getPlotItem().getViewBox()
        place = self._plot.mapToScene(round(x), 0)
        return self._time.origin_ns + round(float(box.mapSceneToView(place).x()) * SECOND_NS)

    def _draw(self, curve: _Curve) -> None:
        dense = self._is_dense(curve)
        curve.item.setPen(self._pen(curve))
        curve.item.setData(seconds(curve.times_ns, self._time.origin_ns), curve.values, antialias=not dense)

    def _is_dense(self, curve: _Curve) -> bool:
        """Tell whether a curve has several points a pixel: it is a band, whose edges and dashes nobody sees, and costs a hundredth as one."""
        return len(curve.times_ns) > DENSE * max(self.width(), 1)

    def _pen(self, curve: _Curve) -> QPen:
        """Return what a curve is drawn with."""
        pen = curve.ink.pen(self._theme.palette)
        if self._is_dense(curve):
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setWidthF(1.0)
        return pen

    # How it looks

    def dress(self) -> None:
        """Take the theme's colours and the application's font."""
        palette = self._theme.palette
        self._plot.setBackground(palette.panel)
        faint = QPen(QColor(palette.line), 1)
        for axis in (self._time, self._figures):
            axis.setPen(faint)
            axis.setTextPen(QColor(palette.dim))
            axis.setTickFont(self.font())
            axis.setStyle(tickLength=-3)
        self._figures.fit(self.font(), self._widest)
        self._time.setStyle(showValues=self._times)
        self._time.setHeight(self.fontMetrics().height() + 8 if self._times else 4)
        self._plot.getPlotItem().getViewBox().setBackgroundColor(mixed(palette.text, palette.panel, 0.03))
        self._playhead.setPen(QPen(QColor(palette.selection), 0))
        self._marks.set_colors(mixed(palette.dim, palette.panel, 0.5).name(), mixed(palette.dim, palette.panel, 0.12).name(), palette.dim)
        self._bands.set_color(mixed(palette.dim, palette.panel, 0.6).name())
        for line in self._levels.values():
            line.setPen(Ink.LEVEL.pen(palette))
            if (label := getattr(line, "label", None)) is not None:
                label.setColor(palette.dim)
        for curve in self._curves.values():
            curve.item.setPen(self._pen(curve))
        self._plot.showGrid(x=True, y=True, alpha=0.35)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread_names()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.dress()

    # The mouse

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.Leave:
            self.hovered.emit(None)
        elif isinstance(event, QMouseEvent) and kind is QEvent.Type.MouseMove and not event.buttons():
            self.hovered.emit(self.at(event.position().x()))
        elif isinstance(event, QMouseEvent) and event.button() is Qt.MouseButton.LeftButton and kind is QEvent.Type.MouseButtonPress:
            self.sought.emit(self.at(event.position().x()))
            return True
        elif kind is QEvent.Type.Wheel:
            return True  # the plot's stretch of time is its owner's business
        return super().eventFilter(watched, event)
