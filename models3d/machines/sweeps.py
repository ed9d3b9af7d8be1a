"""Solids swept from an outline: prisms with a sloped front, and bends about an upright axis. Lengths, angles and axes as in `mesh`."""

from collections.abc import Sequence
from math import tau

import numpy as np

from models3d.machines.mesh import Floats, Mesh, joined


def prism(outline: Sequence[tuple[float, float]], length: float) -> Mesh:
    """Return the body of an outline in the YZ plane swept along X, centred on x = 0; every edge is crisp.

    Args:
        outline: (y, z) corners of a convex polygon, counter-clockwise seen against X (y to the right, z up).
        length: Metres along X.
    """
    points = np.array(outline, dtype=np.float64)
    ends = [np.column_stack([np.full(len(points), x), points]) for x in (-length / 2, length / 2)]
    sides = [_quad(ends[1][i], ends[0][i], ends[0][j], ends[1][j]) for i, j in _edges(len(points))]
    return joined(*sides, _fan(ends[1]), _fan(ends[0][::-1]))


def bend(outline: Sequence[tuple[float, float]], start_rad: float, end_rad: float, steps: int = 8) -> Mesh:
    """Return the body of an outline in the (radius, z) plane swept about Z from one angle to another, closed at both ends.

    Args:
        outline: Corners of a convex polygon, clockwise with the radius to the right and z up.
        start_rad: Where it begins; 0 is along X, growing counter-clockwise seen from above.
        end_rad: Where it ends; after the start.
        steps: Flat pieces along the way; neighbouring ones share smooth normals.
    """
    points = np.array(outline, dtype=np.float64)
    angles = np.linspace(start_rad, end_rad, steps + 1)
    around = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    rings = [np.column_stack([around * radius, np.full(len(angles), z)]) for radius, z in points]
    sides = [_strip(rings[i], rings[j], around, points[j] - points[i]) for i, j in _edges(len(points))]
    caps = [_fan(np.stack([ring[0] for ring in rings])[::-1]), _fan(np.stack([ring[-1] for ring in rings]))]
    return joined(*sides, *caps)


def bend_ring(radius: float, thickness: float, start_rad: float, end_rad: float, z: float) -> Mesh:
    """Return a thin round rail bent about Z, square in section."""
    half = thickness / 2
    outline = ((radius - half, z - half), (radius - half, z + half), (radius + half, z + half), (radius + half, z - half))
    return bend(outline, start_rad, end_rad, max(4, round(abs(end_rad - start_rad) / tau * 40)))


def _edges(count: int) -> list[tuple[int, int]]:
    return [(i, (i + 1) % count) for i in range(count)]


def _quad(a: Floats, b: Floats, c: Floats, d: Floats) -> Mesh:
    """Return a flat face seen from the side from which its corners run counter-clockwise."""
    normal = np.cross(b - a, c - a)
    normal /= np.linalg.norm(normal)
    return Mesh(np.stack([a, b, c, d]), np.tile(normal, (4, 1)), np.array([[0, 1, 2], [0, 2, 3]]))


def _fan(points: Floats) -> Mesh:
    """Return a flat convex face."""
    normal = np.cross(points[1] - points[0], points[2] - points[0])
    normal /= np.linalg.norm(normal)
    triangles = np.array([[0, i, i + 1] for i in range(1, len(points) - 1)])
    return Mesh(points.copy(), np.tile(normal, (len(points), 1)), triangles)


def _strip(lower: Floats, upper: Floats, around: Floats, edge: Floats) -> Mesh:
    """Return the surface between two arcs, its normals turning with the bend."""
    across = np.array((-edge[1], edge[0])) / np.hypot(*edge)
    normals = np.column_stack([around * across[0], np.full(len(around), across[1])])
    count = len(around)
    first = np.arange(count - 1)
    a, b, c, d = first, first + count, first + count + 1, first + 1
    triangles = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
    return Mesh(np.concatenate([lower, upper]), np.concatenate([normals, normals]), triangles)
