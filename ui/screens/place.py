"""Where a further window stands: on the screen it stood on, or where somebody can see it. Numbers alone, no windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QSize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.arranged import Further

SHARE = 0.7
"""Of the only screen there is, so much of each side is taken."""
STEP_PX = 40


class Spot(NamedTuple):
    """A place in pixels of the whole desktop, and whether it fills its screen."""

    rect: QRect
    full: bool = False


def first_spot(screens: Mapping[str, QRect], main: str, number: int) -> Spot:
    """Return where further window `number` (from 1) opens: on a screen that the main window is not on, else smaller, over it."""
    others = [rect for name, rect in screens.items() if name != main]
    if others:
        return Spot(others[(number - 1) % len(others)])
    return Spot(_aside(screens[main], number))


def kept_spot(kept: Further, screens: Mapping[str, QRect], main: str, number: int) -> Spot:
    """Return where a window stood; where its screen is gone, a place on the main window's screen, never all of it.

    `screens` are the available rectangles by name.
    """
    x, y, width, height = kept.place
    there = screens.get(kept.screen)
    if there is None:
        return Spot(_aside(screens[main], number))
    if width <= 0 or height <= 0:
        return Spot(there, kept.full)
    size = QSize(width, height).boundedTo(there.size())
    left = min(max(x, there.left()), there.left() + there.width() - size.width())
    top = min(max(y, there.top()), there.top() + there.height() - size.height())
    return Spot(QRect(left, top, size.width(), size.height()), kept.full)


def _aside(screen: QRect, number: int) -> QRect:
    """Return a part of a screen, each further one a step aside."""
    size = QSize(round(screen.width() * SHARE), round(screen.height() * SHARE))
    free = screen.size() - size
    step = (number * STEP_PX) % max(min(free.width(), free.height()), 1)
    return QRect(screen.left() + step, screen.top() + step, size.width(), size.height())
