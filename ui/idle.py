"""Noticing that nobody is at the screen, and saying so before anything is done about it. Not for what is done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

ANNOUNCED_S = 30
"""So long before the end it is said."""
_DEEDS = frozenset({
    QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.KeyPress,
    QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TabletPress,
})  # fmt: skip


class Idle(QObject):
    """Counts the seconds without a key, the mouse or a touch in any window of the program, while it is told to.

    Signals:
        left(object): so many seconds are left (int), or None: somebody is here, or it is not counted.
        expired(): nobody was here for the whole time.
    """

    left = Signal(object)
    expired = Signal()

    def __init__(self, parent: QObject, now: Callable[[], float] = time.monotonic) -> None:
        """Count nothing yet."""
        super().__init__(parent)
        self._now = now
        self._limit_s = 0.0
        self._since_s = now()
        self._said: int | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.look)

    def watch(self, limit_s: float) -> None:
        """Count up to a limit; 0 counts nothing. The same again changes nothing."""
        if limit_s == self._limit_s:
            return
        began = not self._limit_s
        self._limit_s = limit_s
        if not limit_s:
            self._timer.stop()
            self._listen(on=False)
            self._say(None)
        elif began:
            self._since_s = self._now()
            self._listen(on=True)
            self._timer.start()

    def look(self) -> None:
        """See how long nobody has been here."""
        self._listen(on=True)  # windows come and go; listening twice is once
        left_s = self._limit_s - (self._now() - self._since_s)
        if left_s <= 0:
            self.watch(0)
            self.expired.emit()
        else:
            self._say(round(left_s) if left_s <= ANNOUNCED_S else None)

    def _say(self, left_s: int | None) -> None:
        if left_s != self._said:
            self._said = left_s
            self.left.emit(left_s)

    def _listen(self, *, on: bool) -> None:
        """Listen to the windows themselves: a filter on the whole application would see every event there is."""
        for window in QGuiApplication.topLevelWindows():
            window.removeEventFilter(self)
            if on:
                window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _DEEDS:
            self._since_s = self._now()
            self._say(None)
        return False
