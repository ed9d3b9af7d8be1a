"""A picture of the real window at an instant, for reports and documentation. Works without a display."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from twin_app import settings
from twin_app.errors import RecordingError
from twin_app.text import N_
from twin_app.times import parse_instant_ns
from ui.app import make_application, make_window

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QPixmap

    from twin_app.session import Session
    from ui.main_window import MainWindow

SETTLE_S = 0.4
"""Nothing in the window may have changed for this long before the picture is taken."""
PATIENCE_S = 30.0


def save_snapshot(session: Session, at: str | None, *, size: tuple[int, int], theme: str, palette: str, unit: str, output: Path) -> None:
    """Show the session in the real window at an instant, wait until everything is painted, and save the picture.

    Raises:
        RecordingError: the file cannot be written.
        UsageError: the instant cannot be read.
    """
    app = make_application()
    app.setProperty("still", True)
    fresh = settings.Settings()
    for key, value in (("look.theme", theme), ("look.palette", palette), ("look.language", "en")):
        fresh = settings.changed(fresh, key, value)
    window = make_window(settings.Loaded(fresh))
    try:
        saved = _painted(window, session, at, size=size, unit=unit).save(str(output))
    finally:
        window.close()
        window.bridge.shut_down()  # threads that still paint would end the process with it
    if not saved:
        raise RecordingError(
            N_("The picture cannot be written to {path}."), tip=N_("Name a .png file in a folder that exists."), path=output
        )


def _painted(window: MainWindow, session: Session, at: str | None, *, size: tuple[int, int], unit: str) -> QPixmap:
    """Return the picture of a window that shows the session at an instant, once nothing in it changes any more."""
    window.resize(*size)
    window.show()
    window.reset_layout()  # the docks were placed for the screen, which may be smaller than the picture
    window.bridge.open(session)
    window.fill()
    session.pause()
    span = session.span()
    if span is not None:
        session.advance(0)
        session.seek(parse_instant_ns(at, span.start_ns) if at else span.end_ns)
        session.pause()
    window.selection.select(unit)
    if focused := QApplication.focusWidget():
        focused.clearFocus()
    deadline, still_since, before = time.monotonic() + PATIENCE_S, time.monotonic(), QImage()
    while time.monotonic() < min(deadline, still_since + SETTLE_S):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        now = window.grab().toImage()
        working = not window.bridge.query.idle or not all(panel.settled() for panel in window.dock_area.panels.values())
        if now != before or working:
            before, still_since = now, time.monotonic()
    return window.grab()
