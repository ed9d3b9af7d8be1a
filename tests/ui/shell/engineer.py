"""An engineer's hand on the hall of one window: presses what a person presses. Not for what is expected of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from ui.editing.handles import Eye, Grip, spot_of
from ui.editing.overlay import places_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from ui.editing.desk import EditDesk
    from ui.editing.room import EditRoom
    from ui.main_window import MainWindow
    from ui.panels.scene import ScenePanel
    from ui.scene3d.view import SceneView

NO, CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
LEFT = Qt.MouseButton.LeftButton


class Hand:
    """An engineer's hand on one window."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        self.docks: set[str] = set()

    @property
    def desk(self) -> EditDesk:
        return self.window.editing._desk

    @property
    def panel(self) -> ScenePanel:
        return cast("ScenePanel", self.window.dock_area.panels["scene"])

    @property
    def view(self) -> SceneView:
        assert self.panel._scene is not None
        return self.panel._scene

    @property
    def room(self) -> EditRoom:
        assert self.panel._edit is not None
        return self.panel._edit

    def unit(self, key: str) -> dict[str, Any]:
        """What the draft says of a unit."""
        assert self.desk.draft is not None
        return next(unit for unit in self.desk.draft.data["unit"] if unit["id"] == key)

    def at(self, x_m: float, y_m: float, z_m: float = 0.0) -> QPointF:
        """Where a point of the hall lies on the screen."""
        seen = Eye(self.view).pixels([(x_m, y_m, z_m)])
        assert seen
        return seen[0]

    def on(self, key: str) -> QPointF:
        """Where a unit lies on the screen."""
        unit = self.desk.outline.unit(key) if self.desk.outline else None
        assert unit is not None
        return self.at(unit.x_m, unit.y_m, 0.5)

    def handle(self, grip: Grip) -> QPointF:
        """Where a handle of the unit lies whose fields are shown."""
        first = self.desk.first
        assert first is not None
        return self.at(*spot_of(Eye(self.view), grip, first, places_of([first])[first.key]))

    def mouse(self, kind: QEvent.Type, at: QPointF, modifiers: Qt.KeyboardModifier = NO, *, down: bool = True) -> None:
        moves = kind is QEvent.Type.MouseMove
        buttons = LEFT if down and kind is not QEvent.Type.MouseButtonRelease else Qt.MouseButton.NoButton
        event = QMouseEvent(kind, at, self.view.mapToGlobal(at), Qt.MouseButton.NoButton if moves else LEFT, buttons, modifiers)
        QApplication.sendEvent(self.view, event)

    def click(self, at: QPointF, modifiers: Qt.KeyboardModifier = NO) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, at, modifiers)
        self.mouse(QEvent.Type.MouseButtonRelease, at, modifiers)

    def hold(self, start: QPointF, end: QPointF, modifiers: Qt.KeyboardModifier = NO) -> None:
        """Drag and do not let go."""
        self.mouse(QEvent.Type.MouseButtonPress, start, modifiers)
        for share in (0.3, 0.7, 1.0):
            self.mouse(QEvent.Type.MouseMove, start + (end - start) * share, modifiers)

    def drag(self, start: QPointF, end: QPointF, modifiers: Qt.KeyboardModifier = NO) -> None:
        self.hold(start, end, modifiers)
        self.mouse(QEvent.Type.MouseButtonRelease, end, modifiers)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO) -> None:
        QTest.keyClick(self.view, key, modifiers)

    def metres(self, dx_m: float, dy_m: float, key: str) -> tuple[QPointF, QPointF]:
        """Where to press and to let go so that the floor below a unit moves by so much."""
        unit = self.unit(key)
        start = self.on(key)
        floor = Eye(self.view).floor(start)
        assert floor is not None
        end = self.at(floor[0] + dx_m, floor[1] + dy_m)
        assert unit is not None
        return start, end


def press(words: str, seen: list[str] | None = None) -> Callable[[QMessageBox], int]:
    """Stand for a person who presses a button of whatever is asked."""

    def pressed(box: QMessageBox) -> int:
        if seen is not None:
            seen.append(f"{box.text()} {box.informativeText()}".strip())
        button = next(button for button in box.buttons() if button.text() == words)
        QTimer.singleShot(0, button.click)
        QMessageBox.open(box)
        return _until(box)

    return pressed


def _until(box: QMessageBox) -> int:
    while box.clickedButton() is None:
        QApplication.processEvents()
    return 0
