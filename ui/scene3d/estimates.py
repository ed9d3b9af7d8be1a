"""A sign over conveyors whose goods were not counted but estimated, where somebody is near enough to count them. Qt painting, no VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from ui.scene3d.scene import scene_points

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from ui.scene3d.request import Picture
    from ui.scene3d.scene import Scene
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]

_NEAR_M_PX = 22.0
_ABOVE_M = 0.55
_SIGN = "≈"
_WIDE, _HIGH = 20.0, 16.0


def middles(scene: Scene, links: Collection[int], bases: Floats) -> Floats:
    """Return the points over the middle of some conveyors, by their rows, shape (n, 3)."""
    rows, types = scene.numbers(), scene.types()
    sources = [rows[scene.links[link].source] for link in links]
    targets = [rows[scene.links[link].target] for link in links]
    starts = scene_points(bases[sources], np.array([types[row].outfeed_m for row in sources]).reshape(-1, 3))
    ends = scene_points(bases[targets], np.array([types[row].infeed_m for row in targets]).reshape(-1, 3))
    found: Floats = (starts + ends) / 2 + (0.0, 0.0, _ABOVE_M)
    return found


def paint_estimates(
    painter: QPainter, picture: Picture, estimated: Collection[tuple[str, str]], theme: SceneTheme, size: tuple[float, float]
) -> None:  # fmt: skip
    """Paint the sign over each conveyor, by feeding and fed unit, that is large enough in a picture shown at `size`."""
    scene, camera, bases = picture.request.scene, picture.request.camera, picture.request.bases()
    driving = {scene.units[row].unit_id for row in scene.vehicles()}
    links = [
        row
        for row, link in enumerate(scene.links)
        if (link.source, link.target) in estimated
        and not driving & {link.source, link.target}
        and {link.source, link.target} <= scene.numbers().keys()
    ]
    if not links:
        return
    points = middles(scene, links, bases)
    x, y, depth = camera.project(points, size).T
    metre_px = np.abs(camera.project(points + camera.axes()[0], size)[:, 0] - x)
    painter.setPen(QPen(QColor(theme.line), 1.0))
    for number in np.flatnonzero((depth > 0) & (metre_px >= _NEAR_M_PX)):
        sign = QRectF(0, 0, _WIDE, _HIGH)
        sign.moveCenter(QPointF(float(x[number]), float(y[number])))
        painter.setPen(QPen(QColor(theme.line), 1.0))
        painter.setBrush(QColor(theme.card))
        painter.drawRoundedRect(sign, 4.0, 4.0)
        painter.setPen(QColor(theme.dim))
        painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, _SIGN)
