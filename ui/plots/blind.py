"""Hatching over the time in which nobody knew, in pyqtgraph's terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QTransform
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget


class BlindBands(pg.GraphicsObject):
    """Full-height hatched bands at given stretches of x."""

    def __init__(self) -> None:
        """Show none."""
        super().__init__()
        self._bands: list[tuple[float, float]] = []
        self._color = QColor("#808080")
        self.setZValue(-50)

    def show_bands(self, bands: list[tuple[float, float]]) -> None:
        """Show other bands."""
        if bands != self._bands:
            self.prepareGeometryChange()
            self._bands = bands
            self.update()

    def set_color(self, color: str) -> None:
        """Take another colour."""
        self._color = QColor(color)
        self.update()

    @override
    def dataBounds(self, axis: int, frac: float = 1.0, orthoRange: Any = None) -> tuple[float, float] | None:
        return None  # bands never decide how far a plot reaches

    @override
    def boundingRect(self) -> QRectF:
        view = self.viewRect()
        return QRectF(view) if view is not None else QRectF()

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        view = self.viewRect()
        world = painter.worldTransform()
        brush = QBrush(self._color, Qt.BrushStyle.BDiagPattern)
        brush.setTransform(QTransform.fromScale(1 / world.m11(), 1 / world.m22()))  # else the pattern is stretched with the data
        for start, end in self._bands:
            painter.fillRect(QRectF(start, view.top(), end - start, view.height()), brush)
