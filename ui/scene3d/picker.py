"""Which machines a hand points at: a sight line, or a box drawn on the picture, against boxes that hold each machine through all its motion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ui.scene3d.camera import Camera

    Floats = NDArray[np.float64]


_ROUNDING = 1e-6


def pick(origin: Floats, direction: Floats, boxes: Floats, bases: Floats) -> int | None:
    """Return the row of the nearest box that a sight line meets, or None.

    Args:
        origin: Where the line starts, metres.
        direction: Where it goes; need not be a unit vector.
        boxes: Lower and upper corner of each box in its own frame, shape (n, 2, 3).
        bases: Rigid transforms of the boxes' frames, shape (n, 4, 4).
    """
    rows = _near(origin, direction, boxes, bases)
    if not len(rows):
        return None
    distance = distances(origin, direction, boxes[rows], bases[rows])
    nearest = int(distance.argmin())
    return int(rows[nearest]) if np.isfinite(distance[nearest]) else None


def _near(origin: Floats, direction: Floats, boxes: Floats, bases: Floats) -> NDArray[np.int64]:
    """Return the rows of those boxes that a line passes nearer than they reach from their own origins: few, and quickly found."""
    apart = bases[:, :3, 3] - origin
    along = apart @ (direction / np.linalg.norm(direction))
    farthest = np.maximum(-boxes[:, 0], boxes[:, 1])
    reach = np.einsum("ni,ni->n", farthest, farthest)
    return np.flatnonzero(np.einsum("ni,ni->n", apart, apart) - along * along <= reach + _ROUNDING)


def distances(origin: Floats, direction: Floats, boxes: Floats, bases: Floats) -> Floats:
    """Return how far along the line each box is met, in lengths of `direction`; infinite where it is missed or behind."""
    turns = bases[:, :3, :3]
    start = np.einsum("nji,nj->ni", turns, origin - bases[:, :3, 3])
    way = np.einsum("nji,j->ni", turns, direction)
    # A line parallel to a side gives an infinity of the right sign, and NaN when it runs in the side itself: that counts as inside.
    with np.errstate(divide="ignore", invalid="ignore"):
        at = (boxes - start[:, None]) / way[:, None]
    enter = np.nan_to_num(at.min(axis=1), nan=-np.inf, posinf=np.inf, neginf=-np.inf).max(axis=1)
    leave = np.nan_to_num(at.max(axis=1), nan=np.inf, posinf=np.inf, neginf=-np.inf).min(axis=1)
    met = (enter <= leave) & (leave >= 0)
    return np.where(met, np.maximum(enter, 0.0), np.inf)


def boxed(rect: tuple[float, float, float, float], camera: Camera, size: tuple[float, float], boxes: Floats, bases: Floats) -> list[int]:
    """Return the rows of the boxes whose middles are seen within left, top, right, bottom of the picture, nearest first."""
    if not len(boxes):
        return []
    middles = np.einsum("nij,nj->ni", bases[:, :3, :3], boxes.mean(axis=1)) + bases[:, :3, 3]
    x, y, depth = camera.project(middles, size).T
    inside = (depth > 0) & (x >= rect[0]) & (x <= rect[2]) & (y >= rect[1]) & (y <= rect[3])
    rows = np.flatnonzero(inside)
    return [int(row) for row in rows[np.argsort(depth[rows], kind="stable")]]
