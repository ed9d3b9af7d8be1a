"""A contact sheet: one picture of each machine type, each filling its tile. Not the hall: no line and no states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from twin_app.errors import RecordingError
from twin_app.machines import MACHINE_TYPES
from twin_app.text import N_, tr
from ui.scene3d.camera import Camera
from ui.scene3d.cast import BEACON_M
from ui.scene3d.renderer import SceneRenderer
from ui.scene3d.request import Profile, Request
from ui.scene3d.scene import Look, Scene, SceneUnit, corners
from ui.scene3d.theme import LIGHT
from ui.theme import font

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from twin_app.machines import MachineType
    from ui.scene3d.request import Picture

TILE = (480, 360)
_COLUMNS = 4
_CAPTION_PX, _CAPTION_POINTS = 30, 11.0
# A phase at which most motions are under way.
_PHASE = 0.3
_STORED = 0.6
"""A store in use; of a line's own the hall knows how full it is."""


def save_contact_sheet(path: Path, kinds: Sequence[MachineType] = MACHINE_TYPES, *, phase: float = _PHASE) -> None:
    """Draw every machine type in a tile of its own, with title and size, and save the sheet. Needs a Qt application.

    Raises:
        GraphicsError: there is no OpenGL.
        RecordingError: the file cannot be written.
    """
    columns = min(_COLUMNS, len(kinds))
    sheet = QImage(columns * TILE[0], -(-len(kinds) // columns) * (TILE[1] + _CAPTION_PX), QImage.Format.Format_RGB32)
    sheet.fill(QColor(LIGHT.hall))
    renderer, painter = SceneRenderer(), QPainter(sheet)
    for place, kind in enumerate(kinds):
        _paint(
            painter, (place % columns * TILE[0], place // columns * (TILE[1] + _CAPTION_PX)), kind, renderer.render(_request(kind, phase))
        )
    painter.end()
    renderer.close()
    if not sheet.save(str(path)):
        raise RecordingError(N_("The picture cannot be written to {path}."), tip=N_("Name a .png file in a folder that exists."), path=path)


def _request(kind: MachineType, phase: float) -> Request:
    """Return the picture of one machine that fills its tile, beacon included."""
    unit = SceneUnit(kind.key, "", kind.key, None, 1.0, 0.0, 0.0, 0.0, 0.0, unit_of_count="bottle")
    scene = Scene((unit,), (), "")
    boxes = scene.boxes()
    boxes[:, 1, 2] = max(boxes[0, 1, 2], kind.beacon_m[2] + BEACON_M)
    camera = Camera(azimuth_deg=32.0, elevation_deg=26.0).fitted(corners(boxes, scene.bases()).reshape(-1, 3), TILE, margin=1.12)
    return Request(scene, LIGHT, Profile.AUTO, camera, TILE, (Look.RUNNING,), np.array([phase]), stored=np.array([_STORED]))


def _paint(painter: QPainter, corner: tuple[int, int], kind: MachineType, picture: Picture) -> None:
    height, width, _ = picture.pixels.shape
    image = QImage(picture.pixels.data, width, height, width * 4, QImage.Format.Format_RGBX8888)
    painter.drawImage(*corner, image)
    painter.setPen(QColor(LIGHT.dim))
    painter.setFont(font(_CAPTION_POINTS))
    caption = QRect(corner[0], corner[1] + TILE[1], TILE[0], _CAPTION_PX)
    size = tr("{length} x {width} x {height} m", length=kind.footprint_m[0], width=kind.footprint_m[1], height=kind.height_m)
    painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, f"{tr(kind.title)}   {kind.key}   {size}")
