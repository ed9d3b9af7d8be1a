"""The pictures of a video: the real window at one instant after another, each whole before it is taken. Not for writing them to a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from twin_app import settings
from twin_app.errors import UsageError
from twin_app.text import N_
from ui.panels.scene import ScenePanel
from ui.still import settle, stand, still_window

if TYPE_CHECKING:
    from collections.abc import Generator

    from twin_app.export.film import Film
    from twin_app.session import Session
    from ui.main_window import MainWindow

MARGIN = 0.02
"""So much of a span is seen before and behind it on the timeline."""
MOST_GROWN = 1.6
"""A window may be drawn so much larger than its pictures: what is smaller than that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the window looks in a video; what is empty is as it is where nothing is said."""

    size: tuple[int, int]
    """Width and height of a picture, in pixels."""
    theme: str = ""
    palette: str = ""
    preset: str = ""
    unit: str = ""
    """The unit that is selected."""
    eye: tuple[float, ...] | None = None
    like_window: bool = False
    """Where nothing is said it is as the person left the window, else as it is at first: light, calm, in English."""


def film(session: Session, plan: Film, look: Look) -> Generator[bytes]:
    """Yield the pictures of a film, 4 bytes a pixel (red, green, blue, nothing), row by row. The session is closed then.

    Raises:
        UsageError: the window needs more room than a picture has.
        RecordingError: a picture could not be drawn in time.
    """
    with still_window(_settings(look)) as window:
        _put_up(window, session, plan, look)
        for number in range(plan.count):
            session.stand_at(plan.at_ns(number))
            window.bridge.show_now()
            settle(window)
            yield _pixels(window, look.size)


def _settings(look: Look) -> settings.Settings:
    """Return the settings of the window."""
    known = settings.load().settings if look.like_window else settings.Settings()
    first = {} if look.like_window else {"look.theme": "light", "look.language": "en"}
    asked = {"look.theme": look.theme, "look.palette": look.palette, "look.preset": look.preset}
    for key, value in (*first.items(), *asked.items()):
        known = settings.changed(known, key, value) if value else known
    return replace(known, window=replace(known.window, further={}))  # what stands on other screens is not filmed


def _put_up(window: MainWindow, session: Session, plan: Film, look: Look) -> None:
    """Show the beginning of a film, and wait until it stands."""
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(*look.size)
    window.show()
    window.resize(*look.size)
    if not look.like_window:
        window.reset_layout()  # the docks were placed for the screen, which may be smaller than the picture
    window.bridge.open(session)
    window.fill()
    session.pause()
    session.set_speed(plan.speed)
    session.advance(0)
    session.seek(plan.start_ns)
    margin_ns = round(MARGIN * (plan.end_ns - plan.start_ns))
    window.bridge.show_now()
    window.selection.show_span(plan.start_ns - margin_ns, plan.end_ns + margin_ns)
    window.selection.select(look.unit)
    stand(window)
    _fit(window, look.size)
    hall = window.dock_area.panels.get("scene")
    if look.eye is not None and isinstance(hall, ScenePanel):
        hall.steering.take(look.eye)


def _fit(window: MainWindow, size: tuple[int, int]) -> None:
    """Make a window that needs more room than a picture has larger by the same share both ways, and let it stay as large.

    Raises:
        UsageError: too little of it could be read.
    """
    grown = max(window.width() / size[0], window.height() / size[1])
    if grown > MOST_GROWN:
        raise UsageError(
            N_("The window needs at least {width} x {height} pixels."), tip=N_("Give a larger size, such as 1920x1080."),
            width=ceil(window.width() / MOST_GROWN), height=ceil(window.height() / MOST_GROWN),
        )  # fmt: skip
    window.setFixedSize(ceil(size[0] * grown), ceil(size[1] * grown))
    stand(window)


def _pixels(window: MainWindow, size: tuple[int, int]) -> bytes:
    """Return the window as it is now."""
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGBX8888)
    if (image.width(), image.height()) != size:  # a screen with more pixels than points, or a window that needs more room
        image = image.scaled(*size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return bytes(image.constBits())
