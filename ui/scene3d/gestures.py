"""Mouse and wheel to moves of the eye and to picks. No painting but the rubber band, no pictures.

A drag turns the room, one with another button moves it along, and on a plan it is the other way round; the wheel comes closer to the
pointer; a click picks; a drag with Shift picks what lies in a box.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

if TYPE_CHECKING:
    from ui.scene3d.view import SceneView

_CLICK_PX = 4.0
_STEP_FACTOR = 0.88
_DEGREES_A_NOTCH = 120.0


class _Drag(Enum):
    TURN = auto()
    PAN = auto()
    BOX = auto()


class Gestures:
    """What the hand is doing on a view; `hovered` is the row of the unit under the resting pointer."""

    def __init__(self, view: SceneView) -> None:
        """Serve one view."""
        self._view = view
        self._pressed: QPointF | None = None
        self._before = QPointF()
        self._dragging = False
        self._drag = _Drag.TURN
        self.hovered: int | None = None
        self.band: QRectF | None = None
        """The box being drawn."""

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

    def cancel(self) -> None:
        """Forget the drag that was begun."""
        self._pressed, self.band = None, None

    def _press(self, event: QMouseEvent) -> None:
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed = self._before = event.position()
        self._dragging = False
        left = event.button() == Qt.MouseButton.LeftButton
        if left and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._drag = _Drag.BOX
        else:
            self._drag = _Drag.TURN if left != self._view.camera().parallel else _Drag.PAN

    def _move(self, event: QMouseEvent) -> None:
        where = event.position()
        if self._pressed is None:
            self._view.guide.point_at(where.x(), where.y())
            self._hover(self._view.unit_at(where.x(), where.y()))
            return
        if (where - self._pressed).manhattanLength() > _CLICK_PX:
            self._dragging = True
        if not self._dragging:
            return
        step, self._before = where - self._before, where
        camera = self._view.camera()
        if self._drag is _Drag.BOX:
            self.band = QRectF(self._pressed, where).normalized()
            self._view.update()
        elif self._drag is _Drag.PAN:
            self._view.move_camera(camera.panned(step.x(), step.y(), (self._view.width(), self._view.height())))
        else:
            self._view.move_camera(camera.orbited(step.x(), step.y()))

    def _release(self, event: QMouseEvent) -> None:
        was_click = self._pressed is not None and not self._dragging and event.button() == Qt.MouseButton.LeftButton
        band = self.band
        self.cancel()
        if band is not None:
            self._view.update()
            self._view.guide.box(band)
        elif was_click:
            self._view.guide.click(event.position().x(), event.position().y())

    def _double_click(self, event: QMouseEvent) -> None:
        row = self._view.unit_at(event.position().x(), event.position().y())
        if row is None:
            self._view.guide.fit()
        else:
            self._view.guide.fly_to(self._view.unit_id(row))

    def _wheel(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / _DEGREES_A_NOTCH
        where, size = event.position(), (float(self._view.width()), float(self._view.height()))
        # Where a notch before is still on its way this one goes on from its goal.
        goal = self._view.eye.goal
        under = self._view.camera().on_floor(where.x(), where.y(), size, goal.focus[2])
        self._view.eye.ease(goal.zoomed(_STEP_FACTOR**notches, under))

    def _hover(self, row: int | None) -> None:
        if row != self.hovered:
            self.hovered = row
            self._view.hover_changed()
