"""How much of the hall's light reaches each vertex of a model: corners, undersides and the foot of a machine are darker. Baked, so it costs a picture nothing.

Space is cut into cells; from each vertex rays look for filled cells over the hemisphere of its normal. Parts that move apart do not
shade each other: a ram's shadow would stay behind on the bed.
"""

from math import cos, pi, sin, sqrt, tau

import numpy as np
from numpy.typing import NDArray

from models3d.machines.mesh import Floats, Mesh
from models3d.machines.model import Model

CELL_M = 0.05
REACH_M = 0.6
DARKEST = 0.3
LARGEST_M = 40.0
"""Nothing larger is shaded: the cells would fill the memory."""
LEVELS = 32
"""Shades are rounded to so many steps: the last bits of a platform's sine must not change a file."""
_RAYS = 24
_FIRST_M = 1.6 * CELL_M
_APART_M = 0.8 * CELL_M
_Cells = NDArray[np.bool_]


def shades(model: Model) -> list[Floats]:
    """Return for each part of a model the light that reaches its vertices, from DARKEST to 1, in steps of 1 / LEVELS."""
    places = _places(model)
    meshes = [part.mesh.at(*places[part.node]) for part in model.parts]
    found: list[Floats] = [np.ones(len(mesh.positions)) for mesh in meshes]
    if max(float(np.ptp(mesh.positions, axis=0).max()) for mesh in meshes) > LARGEST_M:
        return found
    for node in {part.node for part in model.parts}:
        mine = [row for row, part in enumerate(model.parts) if part.node == node]
        filled = _Filled([meshes[row] for row in mine if model.parts[row].material not in {"glass", "mesh"}])
        for row in mine:
            light = 1.0 - (1.0 - DARKEST) * filled.hidden(meshes[row])
            found[row] = np.round(light * LEVELS) / LEVELS
    return found


def _places(model: Model) -> dict[str, tuple[float, float, float]]:
    """Return where each node's origin lies at rest."""
    places: dict[str, tuple[float, float, float]] = {}
    for node in model.nodes:
        x, y, z = places[node.parent] if node.parent else (0.0, 0.0, 0.0)
        places[node.name] = (x + node.at[0], y + node.at[1], z + node.at[2])
    return places


class _Filled:
    """The cells that surfaces pass through."""

    def __init__(self, meshes: list[Mesh]) -> None:
        points = np.concatenate([_sprinkled(mesh) for mesh in meshes]) if meshes else np.zeros((1, 3))
        self._low = np.round(points.min(axis=0) / CELL_M) - 1
        cells = np.round(points / CELL_M).astype(np.int64) - self._low.astype(np.int64)
        self._cells: _Cells = np.zeros(cells.max(axis=0) + 2, dtype=bool)
        self._cells[tuple(cells.T)] = True

    def hidden(self, mesh: Mesh) -> Floats:
        """Return the share of the light that each vertex does not get; nearer things hide more of it."""
        corners = np.round(np.hstack([mesh.positions, mesh.normals]), 3).astype(np.float64)
        rows, number = np.unique(corners, axis=0, return_inverse=True)
        found = np.zeros(len(rows))
        for ray in _hemisphere():
            way, free = _turned(ray, rows[:, 3:]), np.arange(len(rows))
            for step in np.arange(_FIRST_M, REACH_M, CELL_M):
                at = rows[free, :3] + way[free] * step
                hit = self._at(at) | (at[:, 2] < 0)
                found[free[hit]] += 1.0 - step / REACH_M
                free = free[~hit]
        hidden: Floats = np.clip(found / _RAYS, 0.0, 1.0)[number.reshape(-1)]
        return hidden

    def _at(self, points: Floats) -> _Cells:
        cells = (np.round(points / CELL_M) - self._low).astype(np.int64)
        inside = ((cells >= 0) & (cells < self._cells.shape)).all(axis=1)
        filled: _Cells = np.zeros(len(points), dtype=bool)
        filled[inside] = self._cells[tuple(cells[inside].T)]
        return filled


def _sprinkled(mesh: Mesh) -> Floats:
    """Return points just below all triangles of a mesh, no further apart than a cell is wide: a surface must not hide itself."""
    corners = mesh.positions[mesh.triangles] - mesh.normals[mesh.triangles].mean(axis=1, keepdims=True) * CELL_M / 2
    edges = np.roll(corners, -1, axis=1) - corners
    longest = np.argmax((edges**2).sum(axis=2), axis=1)
    rows = np.arange(len(corners))
    start, along, across = corners[rows, longest], edges[rows, longest], -edges[rows, (longest + 2) % 3]
    length = np.linalg.norm(along, axis=1)
    height = np.linalg.norm(np.cross(along, across), axis=1) / np.maximum(length, 1e-9)
    counts = np.ceil(np.stack([length, height], axis=1) / _APART_M).astype(np.int64) + 1
    points = []
    for one, other in np.unique(counts, axis=0).tolist():
        some = (counts == (one, other)).all(axis=1)
        u, v = (axis.reshape(-1) for axis in np.meshgrid(np.linspace(0, 1, one), np.linspace(0, 1, other)))
        u *= 1.0 - v
        spread = start[some, None] + along[some, None] * u[:, None] + across[some, None] * v[:, None]
        points.append(spread.reshape(-1, 3))
    return np.concatenate(points)


def _hemisphere() -> list[tuple[float, float, float]]:
    """Return directions around +Z, denser towards it (cosine), on a spiral; none so flat that it runs in its own surface."""
    golden = pi * (3.0 - sqrt(5.0))
    found = []
    for number in range(_RAYS):
        up = sqrt(1.0 - 0.86 * (number + 0.5) / _RAYS)
        out, angle = sqrt(1.0 - up * up), (number * golden) % tau
        found.append((out * cos(angle), out * sin(angle), up))
    return found


def _turned(ray: tuple[float, float, float], normals: Floats) -> Floats:
    """Return a direction around +Z for each normal in +Z's place."""
    helper = np.where(np.abs(normals[:, 2:]) < 0.9, (0.0, 0.0, 1.0), (1.0, 0.0, 0.0))  # noqa: PLR2004 - merely not along it
    side = np.cross(helper, normals)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    other = np.cross(normals, side)
    way: Floats = side * ray[0] + other * ray[1] + normals * ray[2]
    return way
