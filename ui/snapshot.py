"""A picture of the real window at an instant, for reports and documentation. Works without a display."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImageWriter

from twin_app import settings
from twin_app.errors import RecordingError
from twin_app.export.unfinished import whole_or_gone
from twin_app.text import N_
from twin_app.times import parse_instant_ns
from ui.still import stand, still_window

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage

    from twin_app.session import Session


def save_snapshot(session: Session, at: str | None, *, size: tuple[int, int], theme: str, palette: str, unit: str, output: Path) -> None:
    """Show the session in the real window at an instant, wait until everything is painted, and save the picture.

    Raises:
        RecordingError: the file cannot be written.
        UsageError: the instant cannot be read.
    """
    fresh = settings.Settings()
    for key, value in (("look.theme", theme), ("look.palette", palette), ("look.language", "en")):
        fresh = settings.changed(fresh, key, value)
    with still_window(fresh) as window:
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
        stand(window)
        save_picture(window.grab().toImage(), output)


def save_picture(picture: QImage, output: Path) -> None:
    """Write a picture, whole or not at all, in the form that the file's name says.

    Raises:
        RecordingError: the file cannot be written.
        UsageError: it can be no file.
    """
    with whole_or_gone(output, force=True) as part:
        if not QImageWriter(str(part), output.suffix.removeprefix(".").encode()).write(picture):
            raise RecordingError(
                N_("The picture cannot be written to {path}."), tip=N_("Name a .png file in a folder that exists."), path=output
            )
