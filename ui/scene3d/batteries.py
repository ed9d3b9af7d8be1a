"""The charge of vehicles' batteries, a small mark beside each: how full, whether it is being charged, or that nobody knows. Qt painting."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPen, QPolygonF

from ui.scene3d.scene import scene_points

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtGui import QPainter

    from ui.scene3d.request import Picture
    from ui.scene3d.scene import UnitLook
    from ui.scene3d.theme import SceneTheme

_WIDE, _HIGH, _POLE = 22.0, 11.0, 2.5
_FAR_M_PX = 9.0
"""Where a metre is smaller than this, marks are left out but for vehicles that somebody points at."""
_BOLT = ((0.1, -1.0), (-0.55, 0.15), (-0.05, 0.15), (-0.1, 1.0), (0.55, -0.2), (0.05, -0.2))


def paint_batteries(
    painter: QPainter, picture: Picture, looks: Sequence[UnitLook], chosen: Collection[int], theme: SceneTheme, size: tuple[float, float]
) -> None:  # fmt: skip
    """Paint a mark before the foot of each vehicle; `chosen` are the rows that somebody points at."""
    rows = picture.request.scene.vehicles()
    if not rows:
        return
    bases, camera = picture.request.bases()[rows], picture.request.camera
    feet = scene_points(bases, np.tile(picture.boxes[rows, 0].mean(axis=0) * (0.0, 1.0, 0.0), (len(rows), 1)))
    x, y, depth = camera.project(feet, size).T
    aside = np.abs(camera.project(feet + camera.axes()[0], size)[:, 0] - x)
    for number, row in enumerate(rows):
        if depth[number] > 0 and (aside[number] >= _FAR_M_PX or row in chosen):
            _paint(painter, QPointF(x[number], y[number] + aside[number] * 0.55 + _HIGH), looks[row], theme)


def _paint(painter: QPainter, at: QPointF, unit: UnitLook, theme: SceneTheme) -> None:
    case = QRectF(at.x() - _WIDE / 2, at.y() - _HIGH / 2, _WIDE, _HIGH)
    painter.setPen(QPen(QColor(theme.text), 1.2))
    painter.setBrush(QColor(theme.card))
    painter.drawRoundedRect(case, 2.0, 2.0)
    painter.fillRect(QRectF(case.right() + 0.6, at.y() - _HIGH / 4, _POLE, _HIGH / 2), QColor(theme.text))
    inner = case.adjusted(2.0, 2.0, -2.0, -2.0)
    if not isfinite(unit.battery):
        painter.fillRect(inner, QBrush(QColor(theme.dim), Qt.BrushStyle.BDiagPattern))
        return
    share = min(max(unit.battery / 100.0, 0.0), 1.0)
    painter.fillRect(QRectF(inner.x(), inner.y(), inner.width() * share, inner.height()), QColor(theme.running))
    if unit.charging:
        painter.setPen(QPen(QColor(theme.card), 1.0))
        painter.setBrush(QColor(theme.text))
        painter.drawPolygon(QPolygonF([QPointF(at.x() + x * _HIGH * 0.6, at.y() + y * _HIGH * 0.62) for x, y in _BOLT]))
