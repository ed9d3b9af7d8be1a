"""The eye in the room: orbit, pan, zoom, fit, fly, and the way between world metres and screen pixels. Pure numpy, frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, log2, radians, sin, tan
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FIELD_OF_VIEW_DEG = 28.0
PARALLEL_DEG = 0.5
"""A field of view narrower than this is none: sight lines are parallel, and lengths can be read off the picture."""
_ELEVATION_RANGE_DEG = (4.0, 89.5)
_DISTANCE_RANGE_M = (1.5, 5000.0)
_PLAN_M = 400.0
"""With parallel sight lines the eye stands this far behind where it would, so that nothing tall reaches behind it."""


@dataclass(frozen=True, slots=True)
class Camera:
    """An eye on a sphere around what it looks at; azimuth 0 looks along +Y, and grows counter-clockwise seen from above.

    `distance_m` says how much is seen around the focus, whatever the field: with a narrower one the eye steps back as far as it takes.
    """

    focus: tuple[float, float, float] = (0.0, 0.0, 0.8)
    azimuth_deg: float = 28.0
    elevation_deg: float = 30.0
    distance_m: float = 20.0
    field_deg: float = FIELD_OF_VIEW_DEG
    """From the lower to the upper edge of the picture; 0: parallel sight lines, a plan."""

    @property
    def parallel(self) -> bool:
        """Whether sight lines are parallel."""
        return self.field_deg < PARALLEL_DEG

    @property
    def eye_m(self) -> float:
        """How far the eye stands from the focus."""
        return self.distance_m + _PLAN_M if self.parallel else self.distance_m * _WHOLE_TAN / _half_tan(self.field_deg)

    @property
    def half_height_m(self) -> float:
        """How much of the room is seen above and below the focus, at its distance."""
        return self.distance_m * _WHOLE_TAN

    def axes(self) -> Floats:
        """Return the unit vectors right, up and back (towards the eye) as rows."""
        a, e = radians(self.azimuth_deg), radians(self.elevation_deg)
        back = np.array((sin(a) * cos(e), -cos(a) * cos(e), sin(e)))
        right = np.array((cos(a), sin(a), 0.0))
        return np.stack([right, np.cross(back, right), back])

    def eye(self) -> Floats:
        """Return where the eye is, in metres."""
        position: Floats = np.array(self.focus) + self.axes()[2] * self.eye_m
        return position

    def project(self, points: Floats, size: tuple[float, float]) -> Floats:
        """Return pixel x, pixel y (from the top left) and depth in metres for points (n, 3); depth <= 0 is behind the eye."""
        seen = (points - self.eye()) @ self.axes().T
        depth = -seen[:, 2]
        if self.parallel:
            scale = np.full(len(depth), self._pixels_per_metre(size))
        else:
            scale = size[1] / 2 / _half_tan(self.field_deg) / np.where(np.abs(depth) > 1e-9, depth, 1e-9)  # noqa: PLR2004 - merely not zero
        return np.stack([size[0] / 2 + seen[:, 0] * scale, size[1] / 2 - seen[:, 1] * scale, depth], axis=1)

    def ray(self, x: float, y: float, size: tuple[float, float]) -> tuple[Floats, Floats]:
        """Return where the sight line of a pixel starts, and the unit direction of what lies under it."""
        right, up, back = self.axes()
        aside = right * (x - size[0] / 2) + up * (size[1] / 2 - y)
        if self.parallel:
            return self.eye() + aside / self._pixels_per_metre(size), -back
        direction = aside * _half_tan(self.field_deg) / (size[1] / 2) - back
        return self.eye(), direction / np.linalg.norm(direction)

    def _pixels_per_metre(self, size: tuple[float, float]) -> float:
        """Return how large a metre is at the focus."""
        return size[1] / 2 / self.half_height_m

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
        metres = 1.0 / self._pixels_per_metre(size)
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
        axes, settled = self.axes(), replace(self, field_deg=0.0 if self.parallel else FIELD_OF_VIEW_DEG)
        tangents = np.array((size[0] / size[1], 1.0)) * _WHOLE_TAN / margin
        seen = points @ axes.T
        if self.parallel:
            low, high = seen.min(axis=0), seen.max(axis=0)
            distance = float(np.clip(((high - low)[:2] / 2 / tangents).max(), *_DISTANCE_RANGE_M))
            return replace(settled, focus=_point((low + high) / 2 @ axes), distance_m=distance)
        # A point p is inside when |p_xy - c_xy| <= t * (eye - p_back): each side gives a bound, solved for centre and eye.
        low = (seen[:, :2] - tangents * seen[:, 2:]).min(axis=0)
        high = (seen[:, :2] + tangents * seen[:, 2:]).max(axis=0)
        centre = (high + low) / 2
        back = float(((high - low) / 2 / tangents).max())
        middle = float(seen[:, 2].mean())
        distance = float(np.clip(back - middle, *_DISTANCE_RANGE_M))
        return replace(settled, focus=_point(np.array((*centre, middle)) @ axes), distance_m=distance)

    def from_above(self) -> Camera:
        """Return a plan: straight from above with parallel sight lines, North (+Y) up."""
        return replace(self, azimuth_deg=0.0, elevation_deg=90.0, field_deg=0.0)

    def towards(self, goal: Camera, share: float) -> Camera:
        """Return the eye on its way to another place: smooth at both ends, turning the short way round.

        On a far way it steps back in between, so that a person sees where it goes. Sight lines become parallel by and by.
        """
        s = min(1.0, max(0.0, share))
        s = s * s * (3.0 - 2.0 * s)
        turn = (goal.azimuth_deg - self.azimuth_deg + 180.0) % 360.0 - 180.0
        start, end = np.array(self.focus), np.array(goal.focus)
        way = float(np.linalg.norm(end - start)) / (self.distance_m + goal.distance_m)
        lift = 1.0 + min(way, _HIGHEST_LIFT) * 4.0 * s * (1.0 - s)
        return Camera(
            _point(start * (1 - s) + end * s),
            (self.azimuth_deg + turn * s) % 360.0,
            self.elevation_deg * (1 - s) + goal.elevation_deg * s,
            float(self.distance_m ** (1 - s) * goal.distance_m**s * lift),
            self.field_deg * (1 - s) + goal.field_deg * s,
        )

    def way_to(self, goal: Camera) -> float:
        """Return how far another place is, in pictures: moves beside and back by what is seen, turns by the right angle."""
        beside = float(np.linalg.norm(np.array(goal.focus) - self.focus)) / min(self.distance_m, goal.distance_m)
        turn = abs((goal.azimuth_deg - self.azimuth_deg + 180.0) % 360.0 - 180.0) + abs(goal.elevation_deg - self.elevation_deg)
        return beside + abs(log2(goal.distance_m / self.distance_m)) + turn / 90.0


def _half_tan(field_deg: float) -> float:
    """Return the tangent of half a field of view."""
    return tan(radians(field_deg) / 2)


_WHOLE_TAN = _half_tan(FIELD_OF_VIEW_DEG)
_HIGHEST_LIFT = 1.5


def _point(vector: Floats) -> tuple[float, float, float]:
    return float(vector[0]), float(vector[1]), float(vector[2])
