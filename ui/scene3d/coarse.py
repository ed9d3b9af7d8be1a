"""Bodies with fewer triangles for machines that are small in the picture: what lies within one cell becomes one point. Pure numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.shapes import Surface
from ui.scene3d.body import Body
from ui.scene3d.theme import LIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

CELLS_M = (0.0, 0.04, 0.08, 0.16, 0.32)
"""The cells of each level of detail; level 0 is the model as it is."""
_CELL_PX = 1.5
"""A cell may be so large in the picture: what is lost in it nobody sees."""
_GLASS_M = 0.1
LAMP, _LAMP_M = "lamp", 0.05
"""What a lamp's surface is named by, and the cell that leaves something of it."""
_LUMINANCE = np.array((0.2126, 0.7152, 0.0722))
_SIDES = 6


def level(metre_px: Floats) -> Indices:
    """Return the level of detail for machines of which a metre is so many pixels, shape (n,)."""
    found: Indices = (np.array(CELLS_M[1:])[:, None] * metre_px < _CELL_PX).sum(axis=0)
    return found


def coarse(bodies: Sequence[Body], cell_m: float) -> tuple[Body, ...]:
    """Return one body for each mover, of points a cell apart; from `_GLASS_M` on what one sees through is left out.

    The surfaces become one of the brightest's colour; how dark the others are goes into their normals, see `Body`. Lamps keep theirs.
    """
    groups: dict[tuple[int, str, bool], list[Body]] = {}
    for body in bodies:
        lamp = body.surface.name if body.surface.name.startswith(LAMP) else ""
        groups.setdefault((body.mover, lamp, body.surface.opacity < 1), []).append(body)
    kept = {key: group for key, group in groups.items() if cell_m < _GLASS_M or not key[2]} or groups
    made = [_merged(group, min(cell_m, _LAMP_M) if lamp else cell_m, lamp) for (_, lamp, _), group in kept.items()]
    return tuple(body for body in made if len(body.triangles)) or (made[0],)


def _merged(bodies: Sequence[Body], cell_m: float, name: str) -> Body:
    bright = np.array([float(LIGHT.tone(np.array(body.surface.colour)) @ _LUMINANCE) for body in bodies])
    starts = np.cumsum([0, *(len(body.positions) for body in bodies[:-1])])
    positions = np.concatenate([body.positions for body in bodies])
    normals = np.concatenate([body.normals * share for body, share in zip(bodies, bright / bright.max(), strict=True)])
    triangles = np.concatenate([body.triangles + start for body, start in zip(bodies, starts, strict=True)])
    first = bodies[int(bright.argmax())]
    surface = Surface(name, first.surface.colour, first.surface.opacity, first.surface.metallic, first.surface.roughness)
    return Body(first.mover, surface, *_clustered(positions, normals, triangles, cell_m))


def _clustered(positions: Floats, normals: Floats, triangles: Indices, cell_m: float) -> tuple[Floats, Floats, Indices]:
    """Return positions, normals and triangles with one point a cell and side that it is seen from."""
    cell = _numbered(np.floor((positions - positions.min(axis=0)) / cell_m).astype(np.int64))
    axis = np.abs(normals).argmax(axis=1)
    side = axis * 2 + (normals[np.arange(len(normals)), axis] > 0)
    corner = _numbered(np.column_stack([cell, side]))
    moved = np.empty((int(corner.max()) + 1, 3))
    moved[corner] = _means(positions, cell)[cell]
    named = cell[triangles]
    whole = (named[:, 0] != named[:, 1]) & (named[:, 1] != named[:, 2]) & (named[:, 2] != named[:, 0])
    kept = _numbered(np.column_stack([np.sort(named[whole], axis=1), side[triangles[whole, 0]]]))
    _, once = np.unique(kept, return_index=True)
    return moved, _means(normals, corner), corner[triangles[whole][once]]


def _numbered(rows: Indices) -> Indices:
    """Return a number for each row of numbers from 0 on, shape (n, m) -> (n,): the same for equal rows, none left out."""
    if not len(rows):
        return np.empty(0, dtype=np.int64)
    found = rows[:, 0]
    for column in rows.T[1:]:
        # Numbered anew after each column, so that no product is too large; sorting plain numbers is many times faster than rows.
        _, found = np.unique(found * (int(column.max()) + 1) + column, return_inverse=True)
    return found


def _means(values: Floats, groups: Indices) -> Floats:
    """Return the mean of the rows of each group, shape (groups, 3)."""
    counts = np.bincount(groups)
    return np.stack([np.bincount(groups, weights=values[:, axis]) / counts for axis in range(values.shape[1])], axis=1)
