"""The transport's signs, drawn as paths in the theme's colours so that no font decides what they look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPainterPathStroker, QPen, QPixmap, QPolygonF

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.palette import Palette

_GRID = 16.0
"""The signs are drawn on a grid of 16 x 16."""


def _triangle(path: QPainterPath, x: float, *, right: bool = True, half: float = 5.5, depth: float = 9.0) -> None:
    """Add a triangle whose flat side stands at `x` and whose tip points right or left."""
    tip = x + depth if right else x - depth
    path.addPolygon(QPolygonF([QPointF(x, 8 - half), QPointF(x, 8 + half), QPointF(tip, 8.0)]))
    path.closeSubpath()


def _play(path: QPainterPath) -> None:
    _triangle(path, 4.0, half=6.0, depth=10.0)


def _pause(path: QPainterPath) -> None:
    path.addRect(QRectF(3.5, 2.5, 3.2, 11.0))
    path.addRect(QRectF(9.3, 2.5, 3.2, 11.0))


def _previous(path: QPainterPath) -> None:
    path.addRect(QRectF(2.5, 3.0, 1.8, 10.0))
    _triangle(path, 13.5, right=False, half=5.0)


def _next(path: QPainterPath) -> None:
    path.addRect(QRectF(11.7, 3.0, 1.8, 10.0))
    _triangle(path, 2.5, half=5.0)


def _fit(path: QPainterPath) -> None:
    path.addRect(QRectF(1.5, 3.0, 1.5, 10.0))
    path.addRect(QRectF(13.0, 3.0, 1.5, 10.0))
    path.addRect(QRectF(5.5, 7.3, 5.0, 1.4))
    _triangle(path, 6.0, right=False, half=2.8, depth=3.0)
    _triangle(path, 10.0, half=2.8, depth=3.0)


def _loop(path: QPainterPath) -> None:
    ring = QPainterPath()
    ring.moveTo(12.5, 6.0)
    ring.arcTo(QRectF(3.0, 3.0, 10.0, 10.0), 30.0, 290.0)
    stroke = QPainterPathStroker()
    stroke.setWidth(1.7)
    path.addPath(stroke.createStroke(ring))
    path.addPolygon(QPolygonF([QPointF(14.8, 1.6), QPointF(14.6, 7.2), QPointF(9.6, 5.6)]))
    path.closeSubpath()


def _skip(path: QPainterPath) -> None:
    path.addRect(QRectF(1.5, 6.8, 4.0, 2.4))
    path.addRect(QRectF(10.5, 6.8, 4.0, 2.4))
    for x in (6.2, 8.6):
        path.addPolygon(QPolygonF([QPointF(x + 1.6, 2.5), QPointF(x + 2.6, 2.5), QPointF(x, 13.5), QPointF(x - 1.0, 13.5)]))
        path.closeSubpath()


def _flag(path: QPainterPath) -> None:
    path.addRect(QRectF(3.5, 2.0, 1.5, 12.5))
    path.addPolygon(QPolygonF([QPointF(5.0, 2.5), QPointF(13.5, 5.7), QPointF(5.0, 9.0)]))
    path.closeSubpath()


SIGNS: dict[str, Callable[[QPainterPath], None]] = {
    "play": _play, "pause": _pause, "previous": _previous, "next": _next, "fit": _fit, "loop": _loop, "skip": _skip, "flag": _flag,
}  # fmt: skip
_RATIO = 2.0
"""Drawn at twice the logical size: sharp on fine screens, and Qt scales down."""


def icon(name: str, palette: Palette, size_px: int = 16) -> QIcon:
    """Return a sign in text colour, dimmed where disabled, in selection colour where checked."""
    made = QIcon()
    for mode, state, color in (
        (QIcon.Mode.Normal, QIcon.State.Off, palette.text),
        (QIcon.Mode.Disabled, QIcon.State.Off, palette.line),
        (QIcon.Mode.Normal, QIcon.State.On, palette.selection),
    ):
        made.addPixmap(_pixmap(name, color, size_px), mode, state)
    return made


def _pixmap(name: str, color: str, size_px: int) -> QPixmap:
    """Draw one sign in one colour."""
    pixmap = QPixmap(round(size_px * _RATIO), round(size_px * _RATIO))
    pixmap.setDevicePixelRatio(_RATIO)
    pixmap.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    SIGNS[name](path)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size_px / _GRID, size_px / _GRID)
    painter.setPen(QPen(Qt.PenStyle.NoPen))
    painter.setBrush(QColor(color))
    painter.drawPath(path)
    painter.end()
    return pixmap
