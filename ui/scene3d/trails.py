"""The ways that vehicles came, as strips on the floor that fade with time. Pure numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ui.scene3d.ground import Painted
from ui.scene3d.outlines import quads
from ui.scene3d.theme import rgb

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]
    Bytes = NDArray[np.uint8]

POINTS = 256
"""Of each vehicle's way so many points are kept, a few for parts that do not hang together."""
WIDTH_M = 0.32
_STRENGTH = 0.4


def gathered(ways: Mapping[str, Floats], vehicles: Sequence[str]) -> Floats:
    """Return the ways of vehicles, each of shape (m, 3), in an array of shape (vehicles, POINTS, 3), NaN where there is none."""
    found = np.full((len(vehicles), POINTS, 3), np.nan)
    for row, unit in enumerate(vehicles):
        way = ways.get(unit)
        if way is not None and len(way):
            found[row, : min(len(way), POINTS)] = way[-POINTS:]
    return found


def blank(vehicles: int, theme: SceneTheme) -> Painted:
    """Return strips for so many vehicles that show nothing yet."""
    count = vehicles * (POINTS - 1) * 4
    colours = np.zeros((count, 4), dtype=np.uint8)
    colours[:, :3] = np.round(rgb(theme.dim) * 255)
    return Painted(np.zeros((count, 3)), quads(count // 4), colours)


def strips(trails: Floats, floor_z: float) -> tuple[Floats, Bytes]:
    """Return the corners of all strips, four for each step of a way, shape (n, 3), and their opacities, shape (n,)."""
    start, end = trails[:, :-1], trails[:, 1:]
    known = np.isfinite(np.concatenate([start, end], axis=-1)).all(axis=-1)
    way = np.where(known[..., None], end - start, 0.0)[..., :2]
    length = np.linalg.norm(way, axis=-1, keepdims=True)
    side = np.stack([-way[..., 1], way[..., 0]], axis=-1) / np.maximum(length, 1e-9) * (WIDTH_M / 2)
    a, b = (np.where(known[..., None], ends[..., :2], 0.0) for ends in (start, end))
    corners = np.full((*a.shape[:2], 4, 3), floor_z)
    corners[..., 0, :2], corners[..., 1, :2] = a - side, b - side
    corners[..., 2, :2], corners[..., 3, :2] = b + side, a + side
    old, new = (np.where(known, ends[..., 2], 0.0) for ends in (start, end))
    opacity = np.stack([old, new, new, old], axis=-1) * _STRENGTH
    return corners.reshape(-1, 3), np.round(opacity.reshape(-1) * 255).astype(np.uint8)
