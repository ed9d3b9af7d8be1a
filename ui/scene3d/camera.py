"""The eye in the room: orbit, pan, zoom, fit, fly, and the way between world metres and screen pixels. Pure numpy, frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians, sin, tan
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FIELD_OF_VIEW_DEG = 28.0
_ELEVATION_RANGE_DEG = (4.0, 89.5)
_DISTANCE_RANGE_M = (1.5, 600.0)
_TOP_DEG = 89.5


@dataclass(frozen=True, slots=True)
class Camera:
    """An eye on a sphere around what it looks at; azimuth 0 looks along +Y, and grows counter-clockwise seen from above."""

    focus: tuple[float, float, float] = (0.0, 0.0, 0.8)
    azimuth_deg: float = 28.0
    elevation_deg: float = 30.0
    distance_m: float = 20.0

    def axes(self) -> Floats:
        """Return the unit vectors right, up and back (towards the eye) as rows."""
        a, e = radians(self.azimuth_deg), radians(self.elevation_deg)
        back = np.array((sin(a) * cos(e), -cos(a) * cos(e), sin(e)))
        right = np.array((cos(a), sin(a), 0.0))
        return np.stack([right, np.cross(back, right), back])

    def eye(self) -> Floats:
        """Return where the eye is, in metres."""
        position: Floats = np.array(self.focus) + self.axes()[2] * self.distance_m
        return position

    def project(self, points: Floats, size: tuple[float, float]) -> Floats:
        """Return pixel x, pixel y (from the top left) and depth in metres for points (n, 3); depth <= 0 is behind the eye."""
        seen = (points - self.eye()) @ self.axes().T
        depth = -seen[:, 2]
        scale = _pixels_per_tangent(size) / np.where(np.abs(depth) > 1e-9, depth, 1e-9)  # noqa: PLR2004 - merely not zero
        return np.stack([size[0] / 2 + seen[:, 0] * scale, size[1] / 2 - seen[:, 1] * scale, depth], axis=1)

    def ray(self, x: float, y: float, size: tuple[float, float]) -> tuple[Floats, Floats]:
        """Return the eye and the unit direction of what lies under a pixel."""
        tangent = _pixels_per_tangent(size)
        right, up, back = self.axes()
        direction = right * ((x - size[0] / 2) / tangent) + up * ((size[1] / 2 - y) / tangent) - back
        return self.eye(), direction / np.linalg.norm(direction)

    def on_floor(self, x: float, y: float, size: tuple[float, float], height_m: float = 0.0) -> Floats | None:
        """Return the point at a height that lies under a pixel, or None where the sight line never meets it."""
        origin, direction = self.ray(x, y, size)
        if direction[2] * (height_m - origin[2]) <= 0:
            return None
        point: Floats = origin + direction * ((height_m - origin[2]) / direction[2])
        return point

    def orbited(self, right_px: float, down_px: float) -> Camera:
        """Return the eye after a drag that turns the room: 0.35 degrees a pixel."""
        elevation = float(np.clip(self.elevation_deg + down_px * 0.35, *_ELEVATION_RANGE_DEG))
        return replace(self, azimuth_deg=(self.azimuth_deg - right_px * 0.35) % 360.0, elevation_deg=elevation)

    def panned(self, right_px: float, down_px: float, size: tuple[float, float]) -> Camera:
        """Return the eye after a drag that moves the floor along with the pointer at the focus's distance."""
        metres = self.distance_m / _pixels_per_tangent(size)
        right = self.axes()[0]
        ahead = np.array((-right[1], right[0], 0.0))
        # Along the floor: a drag down the screen moves further when the floor is seen at a flat angle.
        slope = max(0.25, sin(radians(self.elevation_deg)))
        moved = np.array(self.focus) - right * right_px * metres + ahead * down_px * metres / slope
        return replace(self, focus=_point(moved))

    def zoomed(self, factor: float, towards: Floats | None = None) -> Camera:
        """Return the eye at `factor` times the distance, keeping the point `towards` where it is on the screen."""
        distance = float(np.clip(self.distance_m * factor, *_DISTANCE_RANGE_M))
        focus = np.array(self.focus)
        if towards is not None:
            focus += (towards - focus) * (1.0 - distance / self.distance_m)
            focus[2] = self.focus[2]
        return replace(self, distance_m=distance, focus=_point(focus))

    def fitted(self, points: Floats, size: tuple[float, float], margin: float = 1.06) -> Camera:
        """Return the eye, seen from the same side, at the distance from which all points (n, 3) fill the screen."""
        if not len(points):
            return self
        axes = self.axes()
        tangents = np.array((size[0], size[1])) / 2 / _pixels_per_tangent(size) / margin
        seen = points @ axes.T
        # A point p is inside when |p_xy - c_xy| <= t * (eye - p_back): each side gives a bound, solved for centre and eye.
        low = (seen[:, :2] - tangents * seen[:, 2:]).min(axis=0)
        high = (seen[:, :2] + tangents * seen[:, 2:]).max(axis=0)
        centre = (high + low) / 2
        back = float(((high - low) / 2 / tangents).max())
        middle = float(seen[:, 2].mean())
        distance = float(np.clip(back - middle, *_DISTANCE_RANGE_M))
        return replace(self, focus=_point(np.array((*centre, middle)) @ axes), distance_m=distance)

    def from_above(self) -> Camera:
        """Return the eye straight above the focus, North (+Y) up."""
        return replace(self, azimuth_deg=0.0, elevation_deg=_TOP_DEG)

    def towards(self, goal: Camera, share: float) -> Camera:
        """Return the eye on its way to another place: smooth at both ends, turning the short way round."""
        s = min(1.0, max(0.0, share))
        s = s * s * (3.0 - 2.0 * s)
        turn = (goal.azimuth_deg - self.azimuth_deg + 180.0) % 360.0 - 180.0
        focus = np.array(self.focus) * (1 - s) + np.array(goal.focus) * s
        return Camera(
            _point(focus),
            (self.azimuth_deg + turn * s) % 360.0,
            self.elevation_deg * (1 - s) + goal.elevation_deg * s,
            float(self.distance_m ** (1 - s) * goal.distance_m**s),
        )


def _pixels_per_tangent(size: tuple[float, float]) -> float:
    """Return how many pixels from the middle a sight line at 45 degrees lies."""
    return size[1] / 2 / tan(radians(FIELD_OF_VIEW_DEG) / 2)


def _point(vector: Floats) -> tuple[float, float, float]:
    return float(vector[0]), float(vector[1]), float(vector[2])
