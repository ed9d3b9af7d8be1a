"""What of a hall lies under the pointer in edit mode: units, the handles of the chosen one, and places on the floor. Not for painting."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from twin_app.machines import machine_type
from ui.scene3d.picker import pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from twin_app.editing import OutlineUnit
    from twin_app.editing.units import Place
    from ui.scene3d.camera import Camera
    from ui.scene3d.view import SceneView

REACH_PX = 12.0
_BEYOND_M = 0.7
_APART_PX, _FURTHEST_M = 40.0, 30.0


class Grip(Enum):
    """What a hand may take hold of."""

    UNIT = "unit"
    TURN = "turn"
    FLOW = "flow"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under the pointer, and of which unit."""

    grip: Grip
    key: str = ""


class Eye:
    """The way between the floor and the screen of a view, as it is at this moment."""

    def __init__(self, view: SceneView) -> None:
        """Look through the eye of a view."""
        self._view = view

    def floor(self, at: QPointF, height_m: float = 0.0) -> tuple[float, float] | None:
        """Return what point of the floor lies under a pixel, metres; None above the horizon."""
        camera, size = self._seen()
        width, height = self._view.extent()
        point = camera.on_floor(at.x() * size[0] / width, at.y() * size[1] / height, size, height_m)
        return None if point is None or np.abs(point).max() > 1e5 else (float(point[0]), float(point[1]))  # noqa: PLR2004 - as far as a layout reaches

    def _seen(self) -> tuple[Camera, tuple[float, float]]:
        """Return the eye of the picture on the screen and the size it was made in; the eye itself before the first."""
        picture = self._view.picture()
        if picture is None:
            return self._view.camera(), self._view.extent()
        return picture.request.camera, (float(picture.request.size[0]), float(picture.request.size[1]))

    def row(self, at: QPointF) -> int | None:
        """Return the row of the unit under a pixel of the picture, None for the floor."""
        camera, size = self._seen()
        width, height = self._view.extent()
        return pick(*camera.ray(at.x() * size[0] / width, at.y() * size[1] / height, size), *self._view.standing())

    def pixels(self, points: Sequence[tuple[float, float, float]]) -> list[QPointF] | None:
        """Return where points of the hall lie on the screen; None where one is behind the eye."""
        camera, size = self._seen()
        width, height = self._view.extent()
        seen = camera.project(np.array(points, dtype=np.float64).reshape(-1, 3), size)
        across, down = width / size[0], height / size[1]
        return None if (seen[:, 2] <= 0).any() else [QPointF(float(x) * across, float(y) * down) for x, y, _ in seen]


def corners_of(unit: OutlineUnit, place: Place) -> list[tuple[float, float, float]]:
    """Return the eight corners of a unit's space at a place, metres: four on its floor counter-clockwise, then four above."""
    kind = machine_type(unit.type)
    length, width = kind.footprint_m
    c, s = math.cos(math.radians(place.heading_deg)), math.sin(math.radians(place.heading_deg))
    flat = [(x * length / 2, y * width / 2) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    return [(place.x_m + c * x - s * y, place.y_m + s * x + c * y, z) for z in (unit.z_m, unit.z_m + kind.height_m) for x, y in flat]


def spot_of(eye: Eye, grip: Grip, unit: OutlineUnit, place: Place) -> tuple[float, float, float]:
    """Return where a handle of a unit stands on the floor, metres: TURN before it, FLOW at its side, out of the way of the machine.

    Where the machine is small on the screen it stands further off, so that a hand can tell the handles apart.
    """
    length, width = machine_type(unit.type).footprint_m
    far, turn_deg = (length / 2, 0.0) if grip is Grip.TURN else (width / 2, -90.0)
    point = _beside(unit, place, far + _BEYOND_M, turn_deg)
    seen = eye.pixels([(place.x_m, place.y_m, unit.z_m), point])
    if seen is None:
        return point
    apart = max(1.0, math.hypot(seen[1].x() - seen[0].x(), seen[1].y() - seen[0].y()))
    return point if apart >= _APART_PX else _beside(unit, place, min((far + _BEYOND_M) * _APART_PX / apart, _FURTHEST_M), turn_deg)


def _beside(unit: OutlineUnit, place: Place, far_m: float, turn_deg: float) -> tuple[float, float, float]:
    """Return the point on the floor so far from a unit's place, in a direction of the unit's own."""
    angle = math.radians(place.heading_deg + turn_deg)
    return place.x_m + far_m * math.cos(angle), place.y_m + far_m * math.sin(angle), unit.z_m


def hit(view: SceneView, at: QPointF, first: OutlineUnit | None, place: Place | None) -> Hit:
    """Return what lies under a pixel; the handles of the unit whose fields are shown lie over everything."""
    eye = Eye(view)
    if first is not None and place is not None:
        for grip in (Grip.TURN, Grip.FLOW):
            seen = eye.pixels([spot_of(eye, grip, first, place)])
            if seen and math.hypot(seen[0].x() - at.x(), seen[0].y() - at.y()) <= REACH_PX:
                return Hit(grip, first.key)
    row = eye.row(at)
    return Hit(Grip.FLOOR) if row is None else Hit(Grip.UNIT, view.unit_id(row))


def within(view: SceneView, rect: QRectF, units: Mapping[str, tuple[OutlineUnit, Place]]) -> tuple[str, ...]:
    """Return the keys of the units whose place lies within a rectangle of the screen."""
    eye, found = Eye(view), []
    for key, (unit, place) in units.items():
        seen = eye.pixels([(place.x_m, place.y_m, unit.z_m)])
        if seen and rect.contains(seen[0]):
            found.append(key)
    return tuple(found)
