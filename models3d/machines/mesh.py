"""Solids as triangle meshes with numpy: boxes, lathed bodies, and moving them about. Knows no materials and no files.

Lengths are metres, angles radians, Z points up, the product flows along +X.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import cos, sin, tau

import numpy as np
from numpy.typing import NDArray

Vector = tuple[float, float, float]
Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

# Neighbouring bands of a lathed body that meet flatter than this share one smooth normal; steeper ones keep a crisp edge.
SMOOTH_BELOW_RAD = 0.7
_FEWEST_SIDES, _SIDES_A_METRE = 8, 150
SLIVER_M, LEAST_BEVEL_M = 0.021, 0.003


@dataclass(frozen=True, slots=True)
class Mesh:
    """Triangles that share vertices; ``normals`` has one unit vector a vertex, ``triangles`` three vertex numbers a row."""

    positions: Floats
    normals: Floats
    triangles: Indices

    def at(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> "Mesh":
        """Return the mesh moved by metres along each axis."""
        return Mesh(self.positions + np.array((x, y, z)), self.normals, self.triangles)

    def turned(self, axis: str, angle_rad: float) -> "Mesh":
        """Return the mesh turned about an axis through the origin, right-handed."""
        turn = rotation(axis, angle_rad)
        return Mesh(self.positions @ turn.T, self.normals @ turn.T, self.triangles)


def rotation(axis: str, angle_rad: float) -> Floats:
    """Return the 3x3 matrix of a right-handed turn about ``x``, ``y`` or ``z``."""
    c, s = cos(angle_rad), sin(angle_rad)
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[first, first] = matrix[second, second] = c
    matrix[first, second], matrix[second, first] = -s, s
    return matrix


def joined(*meshes: Mesh) -> Mesh:
    """Return one mesh holding all the given ones, unwelded."""
    starts = np.cumsum([0, *(len(mesh.positions) for mesh in meshes[:-1])])
    return Mesh(
        np.concatenate([mesh.positions for mesh in meshes]),
        np.concatenate([mesh.normals for mesh in meshes]),
        np.concatenate([mesh.triangles + start for mesh, start in zip(meshes, starts, strict=True)]),
    )


def box(size: Vector, centre: Vector = (0.0, 0.0, 0.0), bevel: float = 0.012) -> Mesh:
    """Return a box with rounded-looking edges: flat faces joined by bevels whose normals blend from face to face.

    A sliver, or a box with a bevel that nobody sees, has plain edges: a quarter of the triangles.
    """
    half = np.array(size) / 2
    plain = min(size) <= SLIVER_M or bevel <= LEAST_BEVEL_M
    inner = half if plain else half - min(bevel, float(half.min()) * 0.6)
    positions: list[Floats] = []
    normals: list[Floats] = []
    number: dict[tuple[int, ...], int] = {}
    for axis, side in product(range(3), (-1, 1)):
        for first, second in product((-1, 1), repeat=2):
            signs = np.insert(np.array([first, second]), axis, side)
            normal = np.zeros(3)
            normal[axis] = side
            number[axis, *signs.tolist()] = len(positions)
            positions.append(np.where(np.arange(3) == axis, half, inner) * signs)
            normals.append(normal)
    mesh = Mesh(np.array(positions), np.array(normals), np.array(_box_triangles(number, plain=plain)))
    return _facing_out(mesh).at(*centre)


def _box_triangles(number: dict[tuple[int, ...], int], *, plain: bool) -> list[tuple[int, int, int]]:
    triangles: list[tuple[int, int, int]] = []

    def quad(a: int, b: int, c: int, d: int) -> None:
        triangles.extend(((a, b, c), (a, c, d)))

    for axis, side in product(range(3), (-1, 1)):
        ring = [np.insert(np.array(pair), axis, side).tolist() for pair in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        quad(*(number[axis, *signs] for signs in ring))
    if plain:
        return triangles
    for along, first, second in product(range(3), (-1, 1), (-1, 1)):
        one, other = (axis for axis in range(3) if axis != along)
        ends = [np.insert(np.array((first, second)), along, end).tolist() for end in (-1, 1)]
        quad(number[one, *ends[0]], number[one, *ends[1]], number[other, *ends[1]], number[other, *ends[0]])
    triangles.extend((number[0, *signs], number[1, *signs], number[2, *signs]) for signs in product((-1, 1), repeat=3))
    return triangles


def _facing_out(mesh: Mesh) -> Mesh:
    """Turn every triangle of a convex body around the origin so that it is seen from outside."""
    a, b, c = (mesh.positions[mesh.triangles[:, corner]] for corner in range(3))
    inward = np.einsum("ij,ij->i", np.cross(b - a, c - a), a + b + c) < 0
    triangles = mesh.triangles.copy()
    triangles[inward] = triangles[inward][:, ::-1]
    return Mesh(mesh.positions, mesh.normals, triangles)


def lathe(profile: Sequence[tuple[float, float]], sides: int = 24) -> Mesh:
    """Return the body swept by turning a profile about Z.

    Args:
        profile: (radius, height) points in metres, from the bottom axis outwards and up, so that the outside lies right of the walk.
        sides: Flat sides of the full turn, at most: a thin body has fewer, down to eight.
    """
    points = np.array(profile, dtype=np.float64)
    sides = min(sides, max(_FEWEST_SIDES, round(float(points[:, 0].max()) * _SIDES_A_METRE)))
    along = np.diff(points, axis=0)
    flat = np.stack([along[:, 1], -along[:, 0]], axis=1)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    bands = [_band(points[i : i + 2], np.stack([_shared(flat, i, i - 1), _shared(flat, i, i + 1)]), sides) for i in range(len(flat))]
    return joined(*bands)


def _shared(flat: Floats, band: int, neighbour: int) -> Floats:
    """Return the profile normal of a band's end: blended with the neighbour's where they meet almost flat."""
    normal: Floats = flat[band]
    if 0 <= neighbour < len(flat) and float(normal @ flat[neighbour]) >= cos(SMOOTH_BELOW_RAD):
        normal = normal + flat[neighbour]
        normal = normal / np.linalg.norm(normal)
    return normal


def _band(ends: Floats, end_normals: Floats, sides: int) -> Mesh:
    angles = np.arange(sides) * (tau / sides)
    around = np.stack([np.cos(angles), np.sin(angles)], axis=1)

    def ring(pairs: Floats) -> Floats:
        return np.concatenate([np.column_stack([around * radius, np.full(sides, height)]) for radius, height in pairs])

    low = np.arange(sides)
    low_next = (low + 1) % sides
    up, up_next = low + sides, low_next + sides
    lower = np.stack([low, low_next, up_next], axis=1)
    upper = np.stack([low, up_next, up], axis=1)
    kept = [tri for tri, radius in ((lower, ends[0, 0]), (upper, ends[1, 0])) if radius > 0]
    return Mesh(ring(ends), ring(end_normals), np.concatenate(kept))


def cylinder(radius: float, height: float, sides: int = 20, bevel: float = 0.006) -> Mesh:
    """Return an upright cylinder standing on the origin, with a small bevel at both rims."""
    cut = min(bevel, radius / 3, height / 3)
    rim = radius - cut
    return lathe([(0, 0), (rim, 0), (radius, cut), (radius, height - cut), (rim, height), (0, height)], sides)


def ring_of(mesh: Mesh, count: int, radius: float, phase_rad: float = 0.0) -> Mesh:
    """Return copies of a mesh on a circle about Z, each turned with the circle."""
    return joined(*(mesh.at(radius).turned("z", phase_rad + tau * i / count) for i in range(count)))


def row_of(mesh: Mesh, count: int, pitch: float) -> Mesh:
    """Return copies of a mesh in a row along X, centred on the origin."""
    return joined(*(mesh.at((i - (count - 1) / 2) * pitch) for i in range(count)))
