"""The program with a window: puts settings, log, bridge and window together, shows the window first and fills it then."""

from __future__ import annotations

import math
import sys
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QMessageLogContext, QObject, QSize, QTimer, QtMsgType, qFormatLogMessage, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from twin_app import log, settings
from twin_app.errors import TwinError, UsageError
from twin_app.text import N_
from ui.bridge import Bridge
from ui.ending import Ending
from ui.garbage import LastingObjects
from ui.handing_over import Receiving, handed_over
from ui.main_window import MainWindow
from ui.staying_blind import StayingBlind
from ui.taking_over import TakingOver

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twin_app.service.link import Link
    from twin_app.service.request import OpenRequest, Typed
    from twin_app.session import Session
    from ui.bridge import Player

SWITCH_S = 0.001
"""For so long at most a frame waits for a thread that reads or answers; Python's own 5 ms, a few times a frame, are seen."""

UNSEEN_MS = 300
"""So long the line waits at most for the window to be painted: on a wall that is off it never is."""
NO_HINTS = "This plugin does not support propagateSizeHints()"


def make_application() -> QApplication:
    """Return the one QApplication, made if there is none."""
    if (there := cast("QApplication | None", QApplication.instance())) is not None:
        return there
    app = QApplication(sys.argv[:1])
    app.setApplicationName(settings.APP)
    app.setStyle("Fusion")
    if app.platformName() == "offscreen":
        _hush()
    return app


def _hush() -> None:
    """Keep one remark of Qt's off the terminal: a screen that is none says of every window that it takes no hints of its size."""
    before: Callable[[QtMsgType, QMessageLogContext, str], None] | None = None

    def heard(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if message == NO_HINTS:
            return
        if before is not None:
            before(kind, context, message)
        elif line := qFormatLogMessage(kind, context, message):
            sys.stderr.write(line + "\n")

    before = qInstallMessageHandler(heard)


def make_window(loaded: settings.Loaded) -> MainWindow:
    """Return the window around a bridge of its own; nothing is open yet."""
    bridge = Bridge(frames_per_s=loaded.settings.drawing.frames_per_s)
    window = MainWindow(bridge, loaded, _open)
    TakingOver(window, _open)
    StayingBlind(window)
    return window


def run_window(typed: Typed, *, speed: float = 1.0, duration_ns: int | None = None) -> int:
    """Open the window on what was asked for, else on what was open last, else on the sample. Return the exit code.

    Raises:
        UsageError: the speed is none.
        TwinError: what the command line asks for cannot be opened; what was open last is only said in the window.
    """
    if not math.isfinite(speed) or speed == 0:
        raise UsageError(N_("{speed} is not a speed: nothing moves at it."), tip=N_("Give one such as 1, 20 or 0.5."), speed=speed)
    loaded = settings.load()
    log.start(settings.log_dir(), level=loaded.settings.log.level)
    asked = _asked(typed, loaded.settings) if typed.names_a_line else None
    sys.setswitchinterval(SWITCH_S)
    app = make_application()
    if typed.is_link and handed_over(typed.layout or ""):
        return 0
    ending = Ending(app)
    window = make_window(loaded)
    receiving = Receiving(window.linked.shows, partial(_come, window), window)
    app.aboutToQuit.connect(receiving.close)
    window.bridge.line_opened.connect(LastingObjects(window).on_line_opened)
    window.show()
    if duration_ns is not None:
        QTimer.singleShot(duration_ns // 1_000_000, window, window.close)
    _Beginning(window, asked, typed, speed)
    code = app.exec()
    ending.close()
    return code


def _come(window: MainWindow, link: Link) -> None:
    """Follow a link that was handed over, in sight of whoever opened it."""
    if window.isMinimized():
        window.showNormal()
    window.raise_()
    window.activateWindow()
    window.linked.follow(link)


def run_overview(requests: Sequence[OpenRequest], known: settings.Settings, *, rotate_s: float | None, full_screen: bool) -> int:
    """Open the window of several lines; one that is operated gets a window of its own. Return the exit code."""
    from ui.overview.window import OverviewWindow

    sys.setswitchinterval(SWITCH_S)
    app = make_application()
    ending = Ending(app)
    window = OverviewWindow(requests, known, open_watched, rotate_s=rotate_s)
    operating: list[MainWindow] = []

    def operate(request: OpenRequest) -> None:
        """Open a line to be operated."""
        from twin_app.service import opening

        made = make_window(settings.load())
        operating.append(made)
        made.bridge.line_opened.connect(LastingObjects(made).on_line_opened)
        made.show()
        made.open_line(request)
        made.fill(opening.sample())

    window.operated.connect(operate)
    window.resize(QSize(1600, 900).boundedTo(window.screen().availableSize()))
    if full_screen:
        window.toggle_full_screen()
    else:
        window.show()
    code = app.exec()
    ending.close()
    return code


class _Beginning(QObject):
    """What happens once a person sees the window: the line first, so that it moves, then the panels with their libraries."""

    def __init__(self, window: MainWindow, asked: OpenRequest | None, typed: Typed, speed: float) -> None:
        super().__init__(window)
        self.window, self.asked, self.typed, self.speed = window, asked, typed, speed
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.run)
        self._timer.start(UNSEEN_MS)
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self._timer.isActive():
            self._timer.start(0)
        return super().eventFilter(watched, event)

    def run(self) -> None:
        """Open the line and make the panels."""
        from twin_app.service import opening

        self.window.removeEventFilter(self)
        try:
            request = self.asked or _asked(self.typed, self.window.settings)
        except TwinError as error:
            self.window.notices.error(error)
        else:
            if self.window.open_line(request):
                self.window.bridge.set_speed(self.speed)
        self.window.fill(opening.sample())


def _asked(typed: Typed, known: settings.Settings) -> OpenRequest:
    """Return what the command line asks for, before there is a window: what is wrong is said where it was typed."""
    from twin_app.service import moment

    return moment.as_left(moment.asked_for(typed, known), known)


def open_watched(request: OpenRequest) -> Player:
    """Open a line that is only watched: nothing of it is recorded here, and where it is recorded on this computer it is read from there."""
    from twin_app.service import opening

    session: Session = opening.open_request(request, record=False, at_leisure=True, kind=opening.OVERVIEW)
    return session


def _open(request: OpenRequest) -> Player:
    """Open a line for the window."""
    from twin_app.service import opening

    session: Session = opening.open_request(request, at_leisure=True)
    return session
