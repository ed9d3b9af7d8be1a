"""The part of the hall that the eye may not leave, so that nobody is ever lost in it. Pure numpy, frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import asin, degrees
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ui.scene3d.camera import Camera

    Floats = NDArray[np.float64]

_AROUND_M = 8.0
"""What the eye looks at may lie this far outside all that stands there, or half as far as that reaches."""
_CLOSEST_M, _FARTHEST_M = 1.5, 60.0
_REACHES = 4.0
"""So many times as far as the line reaches the eye may step back."""
_OVER_FLOOR_M = 0.25
_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Bounds:
    """Metres; `low` and `high` hold all that stands there."""

    low: tuple[float, float, float] = (0.0, 0.0, 0.0)
    high: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @staticmethod
    def around(points: Floats) -> Bounds:
        """Return the bounds of what reaches over points, shape (n, 3)."""
        if not len(points):
            return Bounds()
        low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        return Bounds((low[0], low[1], low[2]), (high[0], high[1], high[2]))

    def _reach_m(self) -> float:
        return float(np.linalg.norm(np.subtract(self.high, self.low)))

    def _room(self) -> tuple[Floats, Floats]:
        """Return the corners that the focus stays between: beside the line, and from the floor up."""
        beside = np.array((1.0, 1.0, 0.0)) * max(_AROUND_M, self._reach_m() / 2)
        return self.low - beside, self.high + beside

    def kept(self, camera: Camera) -> Camera:
        """Return the eye as near to where it wants to be as it may: over the floor, not too far off, looking at the line's surroundings."""
        low, high = self._room()
        x, y, z = np.clip(camera.focus, low, high).tolist()
        distance = min(max(camera.distance_m, _CLOSEST_M), max(_FARTHEST_M, self._reach_m() * _REACHES))
        lowest = (self.low[2] + _OVER_FLOOR_M - z) / distance
        elevation = max(camera.elevation_deg, degrees(asin(min(1.0, lowest)))) if lowest > 0 else camera.elevation_deg
        return replace(camera, focus=(x, y, z), distance_m=distance, elevation_deg=elevation)

    def holds(self, camera: Camera) -> bool:
        """Tell whether the eye looks at something within: else it is lost and wants to go home."""
        low, high = self._room()
        return bool(np.isfinite(camera.focus).all() and (low - _SLACK <= camera.focus).all() and (camera.focus <= high + _SLACK).all())
