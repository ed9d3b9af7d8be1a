"""What mouse and wheel do on the timeline: scrub, select a stretch, pan, zoom, select, tell. Not for keys: see `keyboard`."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip

from ui.widgets.pace import Pace

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QWheelEvent

    from ui.timeline.canvas import TimelineCanvas
    from ui.timeline.telling import Telling

NOTCH = 120
ZOOM_A_NOTCH = 1.25
SCRUB_EVERY_MS = 30
DRAG_PX = 5
"""A press that moves less is a click."""
HANDLE_REACH_PX = 4
"""So near to the playhead a press takes hold of it, also over the lanes."""
_SCROLL_ROWS = 3


class _Doing(Enum):
    """What a pressed button is about to become."""

    NOTHING = auto()
    SCRUB = auto()
    PAN = auto()
    CLICK = auto()
    """On a lane: a click, or where it moves on a selection."""
    SELECT = auto()


class Pointer(QObject):
    """Drag on the axis or at the playhead scrubs, drag on the lanes selects a stretch of time, a click goes there and selects the unit.

    Shift drag and the middle button pan, the wheel zooms at the cursor, a double click shows everything and takes back the
    going there of its own first click. A click on a group's name folds it.
    """

    def __init__(self, canvas: TimelineCanvas, telling: Telling) -> None:
        """Serve one canvas."""
        super().__init__(canvas)
        self._canvas = canvas
        self._telling = telling
        self._tip = ""
        self._doing = _Doing.NOTHING
        self._from = QPointF()
        self._scrub_ns = 0
        self._scrub = Pace(self._seek, every_ms=SCRUB_EVERY_MS, parent=self)
        telling.more.connect(self._on_more)

    def press(self, event: QMouseEvent) -> None:
        """Begin something."""
        self._from = event.position()
        x, y = self._from.x(), self._from.y()
        left = event.button() is Qt.MouseButton.LeftButton
        if event.button() is Qt.MouseButton.MiddleButton or (left and _shift(event)):
            self._doing = _Doing.PAN
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif left and not self._on_time(x):
            self._press_name(y)
        elif left and (bookmark := self._canvas.bookmark_at(x, y)):
            self._canvas.bookmark_pointed.emit(bookmark.id, False)
        elif left and (y < self._canvas.axis_px or self._at_playhead(x)):
            self._doing = _Doing.SCRUB
            self._canvas.scrub_begun.emit()
            self._scrub_to(x)
        elif left:
            self._doing = _Doing.CLICK

    def move(self, event: QMouseEvent) -> None:
        """Go on with it, or tell what is under the cursor."""
        x = event.position().x()
        if self._doing is _Doing.CLICK and abs(x - self._from.x()) >= DRAG_PX:
            self._doing = _Doing.SELECT
        if self._doing is _Doing.PAN:
            self._canvas.pan_px(x - self._from.x())
            self._from = event.position()
        elif self._doing is _Doing.SCRUB:
            self._scrub_to(x)
        elif self._doing is _Doing.SELECT:
            self._canvas.content.select_span(self._span_to(x))
        elif self._doing is _Doing.NOTHING:
            self._show_cursor(x, event.position().y())
            self._show_tip(event.globalPosition().toPoint(), self._telling(x, event.position().y()))

    def release(self, event: QMouseEvent) -> None:
        """End it."""
        doing, self._doing = self._doing, _Doing.NOTHING
        self._canvas.unsetCursor()
        if doing is _Doing.SELECT:
            self._canvas.span_selected.emit(self._span_to(event.position().x()))
        elif doing is _Doing.CLICK:
            self._click(self._from)

    def _click(self, where: QPointF) -> None:
        """Go to an instant and select the lane's unit; a selected stretch is let go of."""
        if unit := self._canvas.unit_at(where.y()):
            self._canvas.selected.emit(unit)
        if self._canvas.content.beside.span is not None:
            self._canvas.span_selected.emit(None)
        self._canvas.scrub_begun.emit()
        self._scrub_to(where.x())

    def _press_name(self, y: float) -> None:
        """Select the unit of a name, fold the group of one."""
        row = self._canvas.row_at(y)
        if row is not None and row.unit:
            self._canvas.selected.emit(row.unit)
        elif row is not None:
            self._canvas.content.fold(row.group)

    def double_click(self, event: QMouseEvent) -> None:
        """Show everything; on a bookmark change what is written there."""
        if event.button() is not Qt.MouseButton.LeftButton or not self._on_time(event.position().x()):
            return
        if bookmark := self._canvas.bookmark_at(event.position().x(), event.position().y()):
            self._canvas.bookmark_pointed.emit(bookmark.id, True)
            return
        self._scrub.stop()
        self._canvas.returned.emit()
        self._canvas.fit()

    def menu(self, event: QContextMenuEvent) -> None:
        """Change the bookmark under the cursor."""
        if bookmark := self._canvas.bookmark_at(event.pos().x(), event.pos().y()):
            self._canvas.bookmark_pointed.emit(bookmark.id, True)

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

    def _at_playhead(self, x: float) -> bool:
        """Tell whether a pixel is at the playhead."""
        playhead = self._canvas.view.playhead_px()
        return playhead is not None and abs(x - playhead) <= HANDLE_REACH_PX

    def _span_to(self, x: float) -> tuple[int, int] | None:
        """Return the stretch from where the button was pressed to a pixel, within what is known."""
        scale, known = self._canvas.scale, self._canvas.view.known
        first, last = sorted(scale.at(min(max(at, scale.left_px), scale.left_px + scale.width_px)) for at in (self._from.x(), x))
        if known is not None:
            first, last = max(first, known.start_ns), min(last, known.end_ns)
        return (first, last) if last > first else None

    def _scrub_to(self, x: float) -> None:
        """Seek to the instant under a pixel, at most once a frame."""
        scale = self._canvas.scale
        self._scrub_ns = scale.at(min(max(x, scale.left_px), scale.left_px + scale.width_px))
        self._scrub.ask()

    def _seek(self) -> None:
        self._canvas.sought.emit(self._scrub_ns)

    def _show_cursor(self, x: float, y: float) -> None:
        """Let the cursor tell what a press would do."""
        scrubs = self._on_time(x) and (y < self._canvas.axis_px or self._at_playhead(x))
        shape = Qt.CursorShape.SizeHorCursor if scrubs else Qt.CursorShape.ArrowCursor
        if self._canvas.bookmark_at(x, y):
            shape = Qt.CursorShape.PointingHandCursor
        if self._canvas.cursor().shape() is not shape:
            self._canvas.setCursor(shape)

    def _show_tip(self, where: QPoint, text: str) -> None:
        """Show a tip; it moves only when it says something else."""
        if text != self._tip:
            self._tip = text
            QToolTip.showText(where, text, self._canvas)

    def _on_more(self) -> None:
        """Say more of what the cursor is still over."""
        here = self._canvas.mapFromGlobal(QCursor.pos())
        if self._tip and self._doing is _Doing.NOTHING and self._canvas.rect().contains(here):
            self._show_tip(QCursor.pos(), self._telling(here.x(), here.y()))


def _shift(event: QMouseEvent | QWheelEvent) -> bool:
    """Tell whether Shift is held."""
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
