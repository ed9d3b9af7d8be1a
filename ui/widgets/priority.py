"""The mark of an alarm's priority, the same wherever it is shown: a shape, a colour and the digit inside. Not for choosing what is shown.

1 is a red square, 2 an orange triangle, 3 a yellow diamond, 4 a magenta circle. A consequence is outlined and unfilled. What waits
to be acknowledged blinks: half of the time its ground gives way to a wide outline; shape, colour and digit stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPen, QPixmap, QPolygonF, QTransform

from twin_app.text import number, tr
from ui.theme import font

if TYPE_CHECKING:
    from twin_app.model.alarm import UnitAlarms
    from ui.palette import Palette

SQUARE, TRIANGLE, DIAMOND, CIRCLE = range(1, 5)
_DIGIT_DROP = {TRIANGLE: 0.12}
"""A triangle is widest below: its digit stands lower, by this share of its height."""
_DIGIT_SIZE = {SQUARE: 0.72, TRIANGLE: 0.56, DIAMOND: 0.60, CIRCLE: 0.72}
_THIN = 0.09
_MOVED = frozenset({QTransform.TransformationType.TxNone, QTransform.TransformationType.TxTranslate})


def paint_priority(
    painter: QPainter, rect: QRectF, priority: int, palette: Palette, *, outlined: bool = False, dark: bool = False
) -> None:  # fmt: skip
    """Paint a mark into the largest square within `rect`; `dark` is the half of the time in which a blinking one is unfilled."""
    size = min(rect.width(), rect.height())
    box = QRectF(rect.center().x() - size / 2, rect.center().y() - size / 2, size, size)
    ink = _Ink(palette.priority[priority - 1], palette.raised if palette.name == "light" else palette.window, outlined or dark, dark)
    ratio = painter.device().devicePixelRatioF()
    place = painter.transform()
    if place.type() not in _MOVED or painter.paintEngine().type() is not QPaintEngine.Type.Raster:
        _draw(painter, box, priority, ink)
        return
    x, y = (box.left() + place.dx()) * ratio, (box.top() + place.dy()) * ratio
    left, top = floor(x), floor(y)  # kept for whole pixels, with what is left over
    kept = _kept(priority, ink, size, ratio, (round(x - left, 2), round(y - top, 2)))
    painter.drawPixmap(QPointF(left / ratio - place.dx(), top / ratio - place.dy()), kept)


@dataclass(frozen=True, slots=True)
class _Ink:
    """How a mark is coloured."""

    color: str
    digit: str
    """Of the digit in a filled one."""
    hollow: bool
    dark: bool


@lru_cache(maxsize=256)
def _kept(priority: int, ink: _Ink, size: float, ratio: float, beside: tuple[float, float]) -> QPixmap:
    """Return a mark that was drawn once; hundreds of them blink together. `beside` is by what part of a pixel it stands aside."""
    side = ceil(size * ratio) + 2
    kept = QPixmap(side, side)
    kept.setDevicePixelRatio(ratio)
    kept.fill(Qt.GlobalColor.transparent)
    painter = QPainter(kept)
    _draw(painter, QRectF(beside[0] / ratio, beside[1] / ratio, size, size), priority, ink)
    painter.end()
    return kept


def _draw(painter: QPainter, box: QRectF, priority: int, ink: _Ink) -> None:
    """Draw a mark."""
    size = box.width()
    color = QColor(ink.color)
    width = max(size * _THIN * (1.4 if ink.dark else 1.0), 1.2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush if ink.hollow else color)
    _shape(painter, box.adjusted(width / 2, width / 2, -width / 2, -width / 2), priority)
    written = font(10.0, bold=True)
    written.setPixelSize(max(round(size * _DIGIT_SIZE[priority]), 6))
    painter.setFont(written)
    painter.setPen(color if ink.hollow else QColor(ink.digit))
    drop = size * _DIGIT_DROP.get(priority, 0.0)
    painter.drawText(box.translated(0, drop), Qt.AlignmentFlag.AlignCenter, str(priority))
    painter.restore()


def paint_unit_alarms(painter: QPainter, rect: QRectF, alarms: UnitAlarms, palette: Palette, *, dark: bool = False) -> None:
    """Paint the mark of a unit: that of its highest priority, outlined where it only follows from another unit's."""
    paint_priority(painter, rect, alarms.priority, palette, outlined=alarms.consequence, dark=dark and alarms.unacknowledged)


def unit_alarms_words(alarms: UnitAlarms | None) -> str:
    """Say in words what the mark of a unit says; empty where it has none."""
    if alarms is None:
        return ""
    said = tr("{count} alarms, the gravest of priority {priority}", count=number(alarms.count), priority=alarms.priority)
    return said + (", " + tr("unacknowledged") if alarms.unacknowledged else "")


def _shape(painter: QPainter, box: QRectF, priority: int) -> None:
    """Draw the shape of a priority."""
    if priority == SQUARE:
        inset = box.width() * 0.06
        painter.drawRect(box.adjusted(inset, inset, -inset, -inset))
    elif priority == TRIANGLE:
        painter.drawPolygon(QPolygonF([QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()]))
    elif priority == DIAMOND:
        middle = box.center()
        corners = (QPointF(middle.x(), box.top()), QPointF(box.right(), middle.y()), QPointF(middle.x(), box.bottom()))
        painter.drawPolygon(QPolygonF([*corners, QPointF(box.left(), middle.y())]))
    else:
        painter.drawEllipse(box)
