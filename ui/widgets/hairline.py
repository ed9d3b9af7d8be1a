"""An upright line of a grid, half transparent, kept as a picture. Not for lines that are drawn once.

Qt shares the rows of whatever it blends among its threads as soon as there are a hundred of them, and waits until each has had its turn on
the processor: up to a millisecond for a line one pixel wide while the 3D view draws. A picture is copied at once, in a few microseconds.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor, QPixmap


@lru_cache(maxsize=64)
def upright(rgba: int, high_px: int) -> QPixmap:
    """Return a line one pixel wide, of a colour 0xAARRGGBB."""
    line = QPixmap(1, high_px)
    line.fill(QColor.fromRgba(rgba))
    return line
