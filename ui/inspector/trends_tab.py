"""One signal of a machine over the last minutes up to the playhead, and another shift's beside it. The plot is imported at first sight."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from twin_app.clock import SECOND_NS
from twin_app.model.samples import Kind
from twin_app.model.signal import SPEED, SignalKind
from twin_app.text import clock_time, duration, tr
from ui.inspector.readings import figure
from ui.theme import set_role

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.model.equipment import Unit
    from twin_app.model.frame import Frame
    from twin_app.model.historian import Series
    from ui.context import Context, LineView
    from ui.plots.time_plot import TimePlot

BACK_S = (60, 300, 900, 3600, 28_800)
_CURVE, _OTHER = "signal", "other"
_NOTHING = np.empty(0, np.int64), np.empty(0)


class TrendsTab(QWidget):
    """A picker of signals, a picker of lengths, a plot.

    Signals:
        sought(object): the person points at an instant (int ns).
    """

    sought = Signal(object)

    def __init__(self, context: Context, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._context = context
        self._view: LineView | None = None
        self._frame: Frame | None = None
        self._unit = ""
        self._offered: list[int] = []
        self._window = (0, 1)
        self._series: tuple[NDArray[np.int64], NDArray[np.float64]] = _NOTHING
        self._other: tuple[NDArray[np.int64], NDArray[np.float64]] = _NOTHING
        self._hover_ns: int | None = None
        self.plot: TimePlot | None = None
        self.picker = QComboBox(self)
        self.length = QComboBox(self)
        for back in BACK_S:
            self.length.addItem("", back)
        self.length.setCurrentIndex(1)
        for box in (self.picker, self.length):
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(self._ask)
        self._readout = QLabel(self)
        set_role(self._readout, "dim")
        row = QHBoxLayout()
        row.addWidget(self.picker)
        row.addWidget(self.length)
        row.addStretch(1)
        row.addWidget(self._readout)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, 6, 6, 4)
        self._column.addLayout(row)
        self._column.addStretch(0)
        context.other.changed.connect(self._on_other_changed)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.picker.setAccessibleName(tr("Signal"))
        self.length.setAccessibleName(tr("Length of the plot"))
        for i in range(self.length.count()):
            self.length.setItemText(i, tr("last {length}", length=_length(self.length.itemData(i))))

    def forget(self) -> None:
        """Show nothing until it is asked for anew."""
        self._series, self._other, self._offered = _NOTHING, _NOTHING, []
        if self.plot is not None:
            self.plot.clear()

    def show_frame(self, frame: Frame, view: LineView, unit: Unit) -> None:
        """Show the picked signal up to the playhead."""
        if (self._view, self._unit) != (view, unit.id):
            self._series = self._other = _NOTHING
        self._view, self._frame, self._unit = view, frame, unit.id
        self._offer(frame, view, unit)
        self._ask()

    def _offer(self, frame: Frame, view: LineView, unit: Unit) -> None:
        """Offer the unit's numbers; keep what is picked while it is still there."""
        offered = [s for s in view.signals.of_unit(unit.id) if _is_number(frame, view, s)]
        if offered == self._offered:
            return
        picked = self.picker.currentText() or SPEED
        self._offered = offered
        names = [view.signals[s].name for s in offered]
        self.picker.clear()
        for signal, name in zip(offered, names, strict=True):
            self.picker.addItem(name, signal)
        self.picker.setCurrentIndex(names.index(picked) if picked in names else names.index(SPEED) if SPEED in names else 0)

    def _ask(self) -> None:
        """Ask for the samples of the window."""
        signal = self.picker.currentData()
        if self._frame is None or signal is None:
            return
        at = self._frame.at_ns
        self._window = at - int(self.length.currentData()) * SECOND_NS, at
        self._context.query.range("inspector/trend", signal, *self._window, max(self.width(), 200), self._on_answered)
        self._ask_other(signal)

    def _ask_other(self, signal: int) -> None:
        """Ask what the signal was in another shift that stands beside this one, which has numbers of its own."""
        other = self._context.other
        if other.query is None or other.aligned is None or self._view is None:
            return
        its = other.aligned.known.signals.find(self._unit, self._view.signals[signal].name)
        if its is None:
            self._other = _NOTHING
        else:
            other.query.range("inspector/other", its, *self._window, max(self.width(), 200), self._on_other_answered)

    def _on_other_changed(self) -> None:
        """Another shift stands beside this one, or elsewhere, or none does."""
        self._other = _NOTHING
        if self.isVisible():
            self._ask()

    def _on_other_answered(self, series: Series) -> None:
        """Draw what the other shift did."""
        from ui.plots.shapes import known_values

        if self._context.other.query is not None:
            self._other = series.times_ns, known_values(series)
            self._draw()

    def _on_answered(self, series: Series) -> None:
        """Draw the answer."""
        from ui.plots.shapes import known_values

        self._series = series.times_ns, known_values(series)
        self._draw()

    def _draw(self) -> None:
        from ui.plots.shapes import seconds, steps
        from ui.plots.time_plot import Ink

        plot = self._shown_plot()
        start, end = self._window
        length_s = (end - start) / SECOND_NS
        drawn = [
            (name, ink, steps(seconds(times, start), values, 0.0, length_s, pixel=length_s / max(self.width(), 1)))
            for name, ink, (times, values) in ((_OTHER, Ink.OTHER, self._other), (_CURVE, Ink.MAIN, self._series))
        ]
        plot.set_zone(ZoneInfo(self._view.line.zone if self._view else "UTC"), start)
        plot.set_ranges(start, end, *_range(np.concatenate([y for _, _, (_, y) in drawn])))
        for name, ink, (x, y) in drawn:
            plot.show_curve(name, start + np.round(x * SECOND_NS).astype(np.int64), y, ink)
        plot.show_playhead(end)
        self._read()

    def _shown_plot(self) -> TimePlot:
        """Return the plot, made at first sight."""
        if self.plot is None:
            from ui.plots.time_plot import TimePlot

            self.plot = TimePlot(self._context.theme, self, widest="000 000")
            self.plot.sought.connect(self.sought)
            self.plot.hovered.connect(self._on_hovered)
            self._column.addWidget(self.plot, 1)
        return self.plot

    def _on_hovered(self, at_ns: int | None) -> None:
        self._hover_ns = at_ns
        self._read()

    def _read(self) -> None:
        """Write the value at the mouse, else at the playhead."""
        from ui.plots.shapes import value_at

        if self._view is None or self.picker.currentData() is None:
            return
        at = self._window[1] if self._hover_ns is None else min(self._hover_ns, self._window[1])
        unit = self._view.signals[self.picker.currentData()].unit_of_measure

        def worded(series: tuple[NDArray[np.int64], NDArray[np.float64]]) -> str:
            value = value_at(*series, at)
            return f"{figure(value)} {unit}".strip() if isfinite(value) else "–"

        shown, other = worded(self._series), self._context.other.aligned
        if other is not None:
            shown += f"  ·  {other.name}: {worded(self._other)}"
        when = "" if self._hover_ns is None else clock_time(at, ZoneInfo(self._view.line.zone)) + "  "
        self._readout.setText(when + shown)


def _is_number(frame: Frame, view: LineView, signal: int) -> bool:
    """Tell whether a signal can be plotted: it says numbers, or has said nothing yet and should."""
    if signal >= len(frame.latest.kind) or frame.latest.kind[signal] == Kind.NULL:
        return view.signals[signal].kind in {SignalKind.MEASUREMENT, SignalKind.COUNTER}
    return int(frame.latest.kind[signal]) in {Kind.NUMBER, Kind.BOOL}


def _range(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return top and bottom of the left axis: nought is in it, and a twentieth is free above and below."""
    finite = values[np.isfinite(values)]
    top = max(float(finite.max()), 0.0) if len(finite) else 1.0
    bottom = min(float(finite.min()), 0.0) if len(finite) else 0.0
    room = (top - bottom or 1.0) * 0.06
    return top + room, bottom - (room if bottom < 0 else 0.0)


def _length(seconds: int) -> str:
    """Return a whole length in its largest unit."""
    if seconds < 3600:  # noqa: PLR2004 - an hour
        return tr("{n} min", n=seconds // 60)
    return tr("{n} h", n=seconds // 3600) if seconds % 3600 == 0 else duration(seconds)
