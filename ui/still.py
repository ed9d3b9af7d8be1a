"""A window of which pictures are taken: nothing in it blinks, flies or waits, and a picture is whole before it is taken. Not for what it shows."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from twin_app import settings
from twin_app.errors import RecordingError
from twin_app.text import N_
from ui.app import make_application, make_window
from ui.widgets.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ui.main_window import MainWindow

SETTLE_S = 0.4
"""A window that was just put up has not changed for this long when it stands."""
PATIENCE_S = 30.0
_LOOK_AGAIN_MS = 20


@contextmanager
def still_window(known: settings.Settings) -> Iterator[MainWindow]:
    """Give a window that looks as settings say, which no screen shows and whose arrangement nobody keeps; it is gone afterwards."""
    app = make_application()
    before = app.property("still")
    app.setProperty("still", True)
    window = make_window(settings.Loaded(known))
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    try:
        yield window
    finally:
        window.close()
        window.bridge.shut_down()  # threads that still paint would end the process with it
        window.bridge.deleteLater()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        app.setProperty("still", before)


def stand(window: MainWindow) -> None:
    """Wait until nothing in a window that was put up changes any more, or for as long as anybody would."""
    if focused := QApplication.focusWidget():
        focused.clearFocus()
    deadline, still_since, before = time.monotonic() + PATIENCE_S, time.monotonic(), QImage()
    while time.monotonic() < min(deadline, still_since + SETTLE_S):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        now = window.grab().toImage()
        if now != before or not _done(window):
            before, still_since = now, time.monotonic()


def settle(window: MainWindow) -> None:
    """Wait until all that a frame asked for is on the window.

    Raises:
        RecordingError: that takes too long.
    """
    deadline, done = time.monotonic() + PATIENCE_S, 0
    ticking = QTimer()  # else a wait for events might have no end
    ticking.start(_LOOK_AGAIN_MS)
    while done < 2:  # noqa: PLR2004 - what an answer asks for in turn is asked by then
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        done = done + 1 if _done(window) else 0
        if not done:
            if time.monotonic() > deadline:
                raise RecordingError(N_("The window could not be drawn within {s} s."), tip=N_("Make it smaller."), s=round(PATIENCE_S))
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _done(window: MainWindow) -> bool:
    """Tell whether nothing of what is to be seen is still being worked on."""
    if not window.bridge.query.idle or not all(panel.settled() for panel in window.dock_area.panels.values()):
        return False
    return not any(pace.waiting for pace in window.findChildren(Pace))
