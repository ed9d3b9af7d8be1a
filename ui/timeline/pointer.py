"""What mouse and wheel do on the timeline: scrub, pan, zoom, select, tell. Not for keys: see `keyboard`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtWidgets import QToolTip

from ui.widgets.pace import Pace

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QWheelEvent

    from ui.timeline.canvas import TimelineCanvas

NOTCH = 120
ZOOM_A_NOTCH = 1.25
SCRUB_EVERY_MS = 30
_SCROLL_ROWS = 3


class Tips(Protocol):
    """Words for what lies under the mouse."""

    def __call__(self, x: float, y: float) -> str:
        """Return the tip, empty where there is nothing to tell."""
        ...


class Pointer(QObject):
    """Left drag scrubs, Shift drag or the middle button pans, a click on a lane selects its unit, the wheel zooms at the cursor.

    A double click fits the view, and takes back the seek of its own first click.
    """

    def __init__(self, canvas: TimelineCanvas, tips: Tips) -> None:
        """Serve one canvas."""
        super().__init__(canvas)
        self._canvas = canvas
        self._tips = tips
        self._tip = ""
        self._panned_from: float | None = None
        self._scrubbing = False
        self._scrub_ns = 0
        self._scrub = Pace(self._seek, every_ms=SCRUB_EVERY_MS, parent=self)

    def press(self, event: QMouseEvent) -> None:
        """Begin to scrub or to pan, or select."""
        x, y = event.position().x(), event.position().y()
        if event.button() is Qt.MouseButton.MiddleButton or (event.button() is Qt.MouseButton.LeftButton and _shift(event)):
            self._panned_from = x
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() is Qt.MouseButton.LeftButton:
            if unit := self._canvas.unit_at(y):
                self._canvas.selected.emit(unit)
            if self._on_time(x):
                self._scrubbing = True
                self._canvas.scrub_begun.emit()
                self._scrub_to(x)

    def move(self, event: QMouseEvent) -> None:
        """Go on with it, or tell what is under the cursor."""
        x, y = event.position().x(), event.position().y()
        if self._panned_from is not None:
            self._canvas.pan_px(x - self._panned_from)
            self._panned_from = x
        elif self._scrubbing:
            self._scrub_to(x)
        else:
            self._show_tip(event.globalPosition(), self._tips(x, y))

    def release(self) -> None:
        """End it."""
        self._panned_from, self._scrubbing = None, False
        self._canvas.unsetCursor()

    def double_click(self, event: QMouseEvent) -> None:
        """Fit the view."""
        if event.button() is Qt.MouseButton.LeftButton and self._on_time(event.position().x()):
            self._scrub.stop()
            self._canvas.returned.emit()
            self._canvas.fit()

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom over the time, pan with Shift or sideways, scroll the lanes over their names."""
        along, across = event.angleDelta().y(), event.angleDelta().x()
        x = event.position().x()
        if not self._on_time(x):
            self._canvas.scroll_rows(-along / NOTCH * _SCROLL_ROWS)
        elif _shift(event) or abs(across) > abs(along):
            self._canvas.pan_px((across or along) / NOTCH * self._canvas.scale.width_px / 12)
        elif along:
            self._canvas.zoom(ZOOM_A_NOTCH ** (along / NOTCH), x)
        event.accept()

    def _on_time(self, x: float) -> bool:
        """Tell whether a pixel is over time rather than over names."""
        return x >= self._canvas.scale.left_px - 1

    def _scrub_to(self, x: float) -> None:
        """Seek to the instant under a pixel, at most once a frame."""
        scale = self._canvas.scale
        self._scrub_ns = scale.at(min(max(x, scale.left_px), scale.left_px + scale.width_px))
        self._scrub.ask()

    def _seek(self) -> None:
        self._canvas.sought.emit(self._scrub_ns)

    def _show_tip(self, where: QPointF, text: str) -> None:
        """Show a tip; it moves only when it says something else."""
        if text != self._tip:
            self._tip = text
            QToolTip.showText(where.toPoint(), text, self._canvas)


def _shift(event: QMouseEvent | QWheelEvent) -> bool:
    """Tell whether Shift is held."""
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
