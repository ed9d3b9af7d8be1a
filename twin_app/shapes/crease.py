"""Normals for models that bring none: smooth where triangles meet almost flat, crisp at edges. Pure numpy."""

from __future__ import annotations

from math import cos, radians
from typing import TYPE_CHECKING

import numpy as np

from twin_app.shapes.shape import ModelPart, unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.shapes.shape import Surface

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

SMOOTH_BELOW_DEG = 38.0
_MOST_AROUND = 32
"""So many neighbours of a corner are looked at: a point with more is the tip of something round, or of something hostile."""
_STEPS = 1 << 9
"""Normals that differ by less than one part in so many share a vertex."""


def creased(node: int, surface: Surface, positions: Floats, triangles: Indices, shade: Floats | None = None) -> ModelPart:
    """Return a part over points (n, 3) and triangles (m, 3), its normals worked out from how the triangles meet."""
    corners = triangles.reshape(-1)
    normals = unit(_gathered(corners, *_faces(positions[triangles])))
    steps = np.round(normals * _STEPS).astype(np.int64) + _STEPS
    side = 2 * _STEPS + 1
    key = ((corners * side + steps[:, 0]) * side + steps[:, 1]) * side + steps[:, 2]
    _, first, number = np.unique(key, return_index=True, return_inverse=True)
    point = corners[first]
    light = None if shade is None else shade[point]
    return ModelPart(node, surface, positions[point], normals[first], number.reshape(-1, 3), light)


def _faces(corners: Floats) -> tuple[Floats, Floats]:
    """Return for each corner of triangles, shape (m, 3, 3), its triangle's unit normal and its angle, shape (3 m, 3) and (3 m,)."""
    after, before = np.roll(corners, -1, axis=1) - corners, np.roll(corners, 1, axis=1) - corners
    across = np.cross(after, before)
    angle = np.arctan2(np.linalg.norm(across, axis=2), np.einsum("nij,nij->ni", after, before))
    return np.repeat(unit(across[:, 0]), 3, axis=0), angle.reshape(-1)


def _gathered(corners: Indices, direction: Floats, angle: Floats) -> Floats:
    """Return for each corner the normals of its triangle and of those around its point that lie almost in its plane, by their angles there."""
    order = np.argsort(corners, kind="stable")
    point, way, weighed = corners[order], direction[order], (direction * angle[:, None])[order]
    total = weighed.copy()
    for apart in range(1, min(_MOST_AROUND, len(point) - 1) + 1):
        same = np.flatnonzero(point[apart:] == point[:-apart])
        if not len(same):
            break
        flat = np.einsum("ij,ij->i", way[same], way[same + apart]) > cos(radians(SMOOTH_BELOW_DEG))
        one = same[flat]
        # Each row stands in `one` once and in `one + apart` once: plain sums are safe.
        total[one] += weighed[one + apart]
        total[one + apart] += weighed[one]
    back = np.empty_like(total)
    back[order] = total
    return back


def welded(corners: Floats) -> tuple[Floats, Indices]:
    """Return the different points among the corners of triangles, shape (3 m, 3), and the triangles that name them, shape (m, 3)."""
    single = np.ascontiguousarray(corners, dtype=np.float32) + np.float32(0.0)  # minus zero is zero
    points, number = np.unique(single, axis=0, return_inverse=True)
    return points.astype(np.float64), number.reshape(-1, 3)
