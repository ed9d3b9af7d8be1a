"""What a window does when the program that records its line has ended: it opens the line anew and records it, or reads what another one records.

Which of several windows records is decided by the lock of the line. Not for opening: see `twin_app.service.opening`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from twin_app.errors import TwinError
from twin_app.text import tr
from ui.layout_watch import as_it_stands
from ui.notify import Notice

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.opening import Opener

AGAIN_MS = 1000
_SAID = "recorder:gone"


class TakingOver(QObject):
    """Serves one window."""

    def __init__(self, window: MainWindow, opener: Opener) -> None:
        """Wait for the recorder to go."""
        super().__init__(window)
        self._window, self._opener = window, opener
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self.go_on)
        window.bridge.lost.connect(self.go_on)
        window.bridge.line_opened.connect(self._on_line_opened)

    def _on_line_opened(self, _view: object) -> None:
        """Whatever was said of another opening is over."""
        self._window.notices.drop(_SAID)

    def go_on(self) -> None:
        """Open the line anew at the same playhead; while that fails what was known stays in sight, and it is tried again."""
        window, session = self._window, self._window.bridge.session
        request = as_it_stands(window)
        if session is None or request is None or not session.lost:
            return
        request = replace(request, recordings=session.recordings or request.recordings)
        try:
            fresh = self._opener(request)
        except TwinError as error:
            window.notices.put(Notice(key=_SAID, what=tr("The line is not recorded any more."), rest=error.worded(), closable=False))
            self._again.start()
            return
        speed = window.bridge.shown.speed if window.bridge.shown else 1.0
        window.take(fresh, request)
        window.bridge.set_speed(speed)
        if not any(health.recorded_by for health in fresh.health()):
            what = tr("This window records the line now.")
            window.notices.put(Notice(key=_SAID, what=what, rest=tr("The program that recorded it has ended."), trouble=False))
