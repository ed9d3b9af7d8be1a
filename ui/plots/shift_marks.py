"""Shifts drawn into a plot: a line and a name where one begins, a faint band over each break. Not for which there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

NAME_ROOM_PX = 70
"""A name is written where the next one is at least so far."""


class ShiftMarks(pg.GraphicsObject):
    """Full-height lines at given x, named at the top, over bands of breaks."""

    def __init__(self, *, named: bool) -> None:
        """Show none; only the uppermost plot of several names them."""
        super().__init__()
        self._named = named
        self._starts: list[tuple[float, str]] = []
        self._breaks: list[tuple[float, float]] = []
        self._line, self._band, self._text = (QColor("#808080"),) * 3
        self.setZValue(-40)

    def show_shifts(self, starts: list[tuple[float, str]], breaks: list[tuple[float, float]]) -> None:
        """Show other shifts: x and name of each start, and the breaks."""
        if (starts, breaks) != (self._starts, self._breaks):
            self.prepareGeometryChange()
            self._starts, self._breaks = starts, breaks
            self.update()

    def set_colors(self, line: str, band: str, text: str) -> None:
        """Take other colours."""
        self._line, self._band, self._text = QColor(line), QColor(band), QColor(text)
        self.update()

    @override
    def dataBounds(self, axis: int, frac: float = 1.0, orthoRange: Any = None) -> tuple[float, float] | None:
        return None

    @override
    def boundingRect(self) -> QRectF:
        view = self.viewRect()
        return QRectF(view) if view is not None else QRectF()

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        view, world = QRectF(self.viewRect()), painter.worldTransform()
        painter.resetTransform()  # words and lines are as wide as pixels, not as data
        room = world.mapRect(view)
        painter.setClipRect(room)
        for start, end in self._breaks:
            left, right = (world.map(QPointF(x, view.top())).x() for x in (start, end))
            painter.fillRect(QRectF(left, room.top(), right - left, room.height()), self._band)
        places = [(world.map(QPointF(x, view.top())).x(), name) for x, name in self._starts]
        for i, (x, name) in enumerate(places):
            painter.setPen(QPen(self._line, 1))
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
            after = places[i + 1][0] if i + 1 < len(places) else room.right()
            left = max(x, room.left())
            if self._named and after - left > NAME_ROOM_PX:
                painter.setPen(self._text)
                painter.drawText(QRectF(left + 4, room.top() + 1, after - left - 8, 20), int(Qt.AlignmentFlag.AlignLeft), name)
