"""Notices that somebody is there: any key, button, wheel or clear move of the mouse, wherever in the window. Not for what they meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

_INPUTS = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.TouchBegin}
)
_MODIFIERS = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr})
_MOVE_PX = 40.0
_CALM_MS = 2000
"""So long after the beginning the mouse may go on moving: the hand that began lets go of it."""


class Attention(QObject):
    """Watches from `watch` on until the first input.

    Signals:
        stirred: somebody did something; comes after what they did has been acted on.
    """

    stirred = Signal()

    def __init__(self, parent: QObject) -> None:
        """Watch nothing yet."""
        super().__init__(parent)
        self._watching = False
        self._since = QElapsedTimer()
        self._from: QPointF | None = None

    def watch(self) -> None:
        """Wait for the next input; the one being acted on just now does not count."""
        self._watching = True
        self._from = None
        self._since.start()
        self._later(self._install)

    def stop(self) -> None:
        """Wait no more."""
        self._watching = False
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def _install(self) -> None:
        application = QCoreApplication.instance()
        if self._watching and application is not None:
            application.installEventFilter(self)

    def _later(self, act: Callable[[], None]) -> None:
        QTimer.singleShot(0, self, act)

    def _tell(self) -> None:
        self.stirred.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._watching and self._counts(event):
            self.stop()
            self._later(self._tell)
        return False

    def _counts(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            return event.type() in _INPUTS and event.key() not in _MODIFIERS
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            return self._moved(event.globalPosition())
        return event.type() in _INPUTS

    def _moved(self, at: QPointF) -> bool:
        if self._from is None or self._since.elapsed() < _CALM_MS:
            self._from = at
        return (at - self._from).manhattanLength() > _MOVE_PX
