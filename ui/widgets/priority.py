"""The mark of an alarm's priority, the same wherever it is shown: a shape, a colour and the digit inside. Not for choosing what is shown.

1 is a red square, 2 an orange triangle, 3 a yellow diamond, 4 a magenta circle. A consequence is outlined and unfilled. What waits
to be acknowledged blinks: half of the time its ground gives way to a wide outline; shape, colour and digit stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

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


def paint_priority(
    painter: QPainter, rect: QRectF, priority: int, palette: Palette, *, outlined: bool = False, dark: bool = False
) -> None:  # fmt: skip
    """Paint a mark into the largest square within `rect`; `dark` is the half of the time in which a blinking one is unfilled."""
    size = min(rect.width(), rect.height())
    box = QRectF(rect.center().x() - size / 2, rect.center().y() - size / 2, size, size)
    color = QColor(palette.priority[priority - 1])
    hollow = outlined or dark
    width = max(size * _THIN * (1.4 if dark else 1.0), 1.2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else color)
    _shape(painter, box.adjusted(width / 2, width / 2, -width / 2, -width / 2), priority)
    written = font(10.0, bold=True)
    written.setPixelSize(max(round(size * _DIGIT_SIZE[priority]), 6))
    painter.setFont(written)
    painter.setPen(color if hollow else QColor(palette.raised if palette.name == "light" else palette.window))
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
