"""How a chosen aisle or fence is painted over the hall in edit mode: its line, its points, and the places between them. Not for the mouse."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from twin_app.text import number

if TYPE_CHECKING:
    from twin_app.editing.ways import Point, Points
    from ui.editing.handles import Eye
    from ui.palette import Palette

POINT_PX, BETWEEN_PX = 6.0, 4.0


@dataclass(frozen=True, slots=True)
class WayMarks:
    """What is painted."""

    points: Points
    outline: Points
    between: bool
    """Whether places between points are offered."""
    told: int | None = None
    """The point whose place is written beside it."""
    closed: bool = False


def middles(points: Points, *, closed: bool) -> Points:
    """Return the places in the middle between points."""
    ring = (*points, points[0]) if closed and points else points
    return tuple(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(ring))


def paint_way(painter: QPainter, eye: Eye, marks: WayMarks, palette: Palette) -> None:
    """Paint a way with what can be taken hold of."""
    accent = QColor(palette.selection)
    painter.setPen(QPen(accent, 2.4))
    for one, other in pairwise(marks.outline):
        if seen := eye.pixels([(*one, 0.0), (*other, 0.0)]):
            painter.drawLine(seen[0], seen[1])
    painter.setPen(QPen(accent, 1.4))
    painter.setBrush(QColor(palette.raised))
    for point in middles(marks.points, closed=marks.closed) if marks.between else ():
        _paint_dot(painter, eye, point, BETWEEN_PX)
    painter.setBrush(accent)
    for point in marks.points:
        _paint_dot(painter, eye, point, POINT_PX)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if marks.told is not None and marks.told < len(marks.points):
        _paint_numbers(painter, eye, marks.points[marks.told], palette)


def _paint_dot(painter: QPainter, eye: Eye, point: Point, size_px: float) -> None:
    """Paint something to take hold of."""
    if seen := eye.pixels([(*point, 0.0)]):
        painter.drawEllipse(seen[0], size_px, size_px)


def _paint_numbers(painter: QPainter, eye: Eye, point: Point, palette: Palette) -> None:
    """Write where a point is."""
    seen = eye.pixels([(*point, 0.0)])
    if not seen:
        return
    words = f"x {number(point[0], 2)} m   y {number(point[1], 2)} m"
    measured = QFontMetricsF(painter.font())
    chip = QRectF(0, 0, measured.horizontalAdvance(words) + 16, measured.height() + 8)
    chip.moveCenter(QPointF(seen[0].x(), seen[0].y() - chip.height()))
    painter.setPen(QPen(QColor(palette.selection), 1.4))
    painter.setBrush(QColor(palette.raised))
    painter.drawRoundedRect(chip, 4, 4)
    painter.setPen(QColor(palette.text))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)
