"""A plot whose stretch of time a person moves: the wheel zooms about the mouse, dragging moves, a click seeks. Its owner does the moving."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPen, QWheelEvent
from typing_extensions import override

from twin_app.clock import SECOND_NS
from ui.plots.time_plot import TimePlot

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.context import Theme

ZOOM = 1.25
"""A notch of the wheel."""
NOTCH = 120
STRIDE = 0.1
"""Of the stretch, by a notch with Shift."""
DRAG_PX = 4


class RangePlot(TimePlot):
    """A time plot with a cursor that others share.

    Signals:
        zoomed(object, float): about an instant (int ns), to so many times the length.
        panned(object): by so much (int ns).
    """

    zoomed = Signal(object, float)
    panned = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget, *, suffix: str, widest: str, times: bool, named: bool) -> None:
        """Draw an empty plot; `named`: shifts are named in it."""
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._pressed: float | None = None
        self._dragged = False
        super().__init__(theme, parent, suffix=suffix, widest=widest, times=times, named=named)
        item = self._plot.getPlotItem()
        self._cursor.setZValue(90)
        self._cursor.setVisible(False)
        item.addItem(self._cursor, ignoreBounds=True)
        for one in (self._plot, self._plot.viewport()):
            one.setAcceptDrops(False)  # the panel takes what is dropped

    def show_cursor(self, at_ns: int | None) -> None:
        """Show the instant that the mouse is at, in whichever plot."""
        self._cursor.setVisible(at_ns is not None)
        if at_ns is not None:
            self._cursor.setValue((at_ns - self._time.origin_ns) / SECOND_NS)

    @override
    def dress(self) -> None:
        super().dress()
        palette = self._theme.palette
        self._cursor.setPen(QPen(QColor(palette.dim), 0, Qt.PenStyle.DotLine))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent):
            self._turn(event)
            return True
        if isinstance(event, QMouseEvent) and self._drag(event):
            return True
        return super().eventFilter(watched, event)

    def _turn(self, event: QWheelEvent) -> None:
        """Zoom about the mouse; sideways, or with Shift, move."""
        turned = event.angleDelta()
        sideways = turned.x() or (turned.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        x = event.position().x()
        if sideways:
            whole = self.at(self.width()) - self.at(0)
            self.panned.emit(round(-sideways / NOTCH * STRIDE * whole))
        elif turned.y():
            self.zoomed.emit(self.at(x), ZOOM ** (-turned.y() / NOTCH))

    def _drag(self, event: QMouseEvent) -> bool:
        """Move with the mouse; a press that does not move seeks when it is released. Return whether the event is done with."""
        kind, x = event.type(), event.position().x()
        if kind is QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = x, False
            return True
        if self._pressed is None:
            return False
        if kind is QEvent.Type.MouseMove and (self._dragged or abs(x - self._pressed) >= DRAG_PX):
            self.panned.emit(self.at(self._pressed) - self.at(x))
            self._pressed, self._dragged = x, True
            return True
        if kind is QEvent.Type.MouseButtonRelease and event.button() is Qt.MouseButton.LeftButton:
            self._pressed = None
            if not self._dragged:
                self.sought.emit(self.at(x))
            return True
        return False
