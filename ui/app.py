"""The program with a window: puts settings, log, bridge and window together, shows the window first and fills it then."""

from __future__ import annotations

import math
import signal
import sys
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from twin_app import log, settings
from twin_app.errors import TwinError, UsageError
from twin_app.service import opening
from twin_app.session import Session
from twin_app.text import N_
from ui.bridge import Bridge
from ui.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from twin_app.service.request import OpenRequest
    from ui.bridge import Player

SWITCH_S = 0.001
"""For so long at most a frame waits for a thread that reads or answers; Python's own 5 ms, a few times a frame, are seen."""


def make_application() -> QApplication:
    """Return the one QApplication, made if there is none."""
    app = cast("QApplication | None", QApplication.instance()) or QApplication(sys.argv[:1])
    app.setApplicationName(settings.APP)
    app.setStyle("Fusion")
    return app


def make_window(loaded: settings.Loaded) -> MainWindow:
    """Return the window around a bridge of its own; nothing is open yet."""
    bridge = Bridge(frames_per_s=loaded.settings.drawing.frames_per_s)
    return MainWindow(bridge, loaded, _open, sample=opening.sample())


def run_window(layout: Path | None, sources: Sequence[str], *, speed: float = 1.0, duration_ns: int | None = None) -> int:
    """Open the window on what was asked for, else on what was open last, else on the sample. Return the exit code.

    Raises:
        UsageError: the speed is none.
        TwinError: what the command line asks for cannot be opened; what was open last is only said in the window.
    """
    if not math.isfinite(speed) or speed == 0:
        raise UsageError(N_("{speed} is not a speed: nothing moves at it."), tip=N_("Give one such as 1, 20 or 0.5."), speed=speed)
    loaded = settings.load()
    log.start(settings.log_dir(), level=loaded.settings.log.level)
    asked = opening.requested(layout, sources, loaded.settings) if layout is not None or sources else None
    sys.setswitchinterval(SWITCH_S)
    app = make_application()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Qt's loop would not let Python see Ctrl+C
    window = make_window(loaded)
    window.show()
    if duration_ns is not None:
        QTimer.singleShot(duration_ns // 1_000_000, window, window.close)
    QTimer.singleShot(0, window, _Beginning(window, asked, speed).run)
    return app.exec()


class _Beginning:
    """What happens once the window stands: the line first, so that it moves, then the panels with their libraries."""

    def __init__(self, window: MainWindow, asked: OpenRequest | None, speed: float) -> None:
        self.window, self.asked, self.speed = window, asked, speed

    def run(self) -> None:
        """Open the line and make the panels."""
        try:
            request = self.asked or opening.requested(None, (), self.window.settings)
        except TwinError as error:
            self.window.notices.error(error)
        else:
            if self.window.open_line(request):
                self.window.bridge.set_speed(self.speed)
        self.window.fill()


def _open(request: OpenRequest) -> Player:
    """Open a line for the window."""
    session: Session = opening.open_request(request)
    return session
