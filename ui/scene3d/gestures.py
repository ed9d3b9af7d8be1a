"""Mouse and wheel to moves of the eye: drag turns, middle or Shift drag pans, the wheel zooms to the pointer, a click picks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

if TYPE_CHECKING:
    from ui.scene3d.view import SceneView

_CLICK_PX = 4.0
_STEP_FACTOR = 0.88
_DEGREES_A_NOTCH = 120.0


class Gestures:
    """What the hand is doing on a view; `hovered` is the row of the unit under the resting pointer."""

    def __init__(self, view: SceneView) -> None:
        """Serve one view."""
        self._view = view
        self._pressed: QPointF | None = None
        self._before = QPointF()
        self._dragging = False
        self._panning = False
        self.hovered: int | None = None

    def handle(self, event: QEvent) -> bool:
        """Act on an event of the view; False for those that are none of a hand's."""
        if isinstance(event, QWheelEvent):
            self._wheel(event)
            return True
        if isinstance(event, QMouseEvent):
            action = {
                QEvent.Type.MouseButtonPress: self._press,
                QEvent.Type.MouseMove: self._move,
                QEvent.Type.MouseButtonRelease: self._release,
                QEvent.Type.MouseButtonDblClick: self._double_click,
            }.get(event.type())
            if action is not None:
                action(event)
                return True
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return False

    def _press(self, event: QMouseEvent) -> None:
        self._pressed = self._before = event.position()
        self._dragging = False
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._panning = event.button() == Qt.MouseButton.MiddleButton or shifted

    def _move(self, event: QMouseEvent) -> None:
        where = event.position()
        if self._pressed is None:
            self._hover(self._view.unit_at(where.x(), where.y()))
            return
        if (where - self._pressed).manhattanLength() > _CLICK_PX:
            self._dragging = True
        if not self._dragging:
            return
        step, self._before = where - self._before, where
        camera = self._view.camera()
        if self._panning:
            camera = camera.panned(step.x(), step.y(), (self._view.width(), self._view.height()))
        else:
            camera = camera.orbited(step.x(), step.y())
        self._view.move_camera(camera)

    def _release(self, event: QMouseEvent) -> None:
        was_click = self._pressed is not None and not self._dragging and event.button() == Qt.MouseButton.LeftButton
        self._pressed = None
        row = self._view.unit_at(event.position().x(), event.position().y())
        if was_click and row is not None:
            self._view.unit_picked.emit(self._view.unit_id(row))

    def _double_click(self, event: QMouseEvent) -> None:
        row = self._view.unit_at(event.position().x(), event.position().y())
        if row is None:
            self._view.fit()
        else:
            self._view.fly_to(self._view.unit_id(row))

    def _wheel(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / _DEGREES_A_NOTCH
        where, size = event.position(), (float(self._view.width()), float(self._view.height()))
        camera = self._view.camera()
        self._view.move_camera(camera.zoomed(_STEP_FACTOR**notches, camera.on_floor(where.x(), where.y(), size, camera.focus[2])))

    def _hover(self, row: int | None) -> None:
        if row != self.hovered:
            self.hovered = row
            self._view.hover_changed()
