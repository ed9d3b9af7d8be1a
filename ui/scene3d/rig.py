"""A model made ready for instancing: meshes gathered by what moves together, and how far each gathering has moved. No VTK.

Every mesh is kept where it lies at rest in the machine's own frame, so what does not move needs no transform but the machine's, and
what moves needs one rigid displacement on top.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from twin_app.machines import Spin
from twin_app.machines.motion import amounts, shifts
from ui.scene3d.body import STILL, Body
from ui.scene3d.coarse import CELLS_M, coarse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from twin_app.machines import Motion
    from twin_app.shapes import Model, ModelNode, ModelPart, Surface

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

_ENVELOPE_STEPS = 48
_DARKEST = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Rig:
    """A model bound to a machine type's motions."""

    bodies: tuple[Body, ...]
    movers: tuple[int, ...]
    """Node rows that move, parents first."""
    parents: tuple[int, ...]
    """For each mover the row of the mover it rides on, or STILL."""
    rests: Floats
    """For each mover its place at rest in the machine's frame, shape (movers, 4, 4)."""
    motions: tuple[tuple[int, Motion], ...]
    """Each motion with the row of its mover."""
    plan: tuple[tuple[int, _Lever | None, tuple[tuple[int, _Lever | Floats], ...]], ...]
    """What `poses` goes through for each mover: its parent, the way from there, and each of its motions by number."""
    details: dict[int, Sequence[Body]]
    """The bodies of the levels of detail made so far."""

    def poses(self, phase: Floats, ground: Ground) -> tuple[Floats, Floats]:
        """Return where the origin of each mover is and how it is turned from rest, in the world of machines on `ground`.

        Shapes (movers, 3, n) and (movers, 4, n): rows of numbers of all machines, which numpy goes through fastest, and as exact
        as the ground's are.
        """
        kind = ground[0].dtype
        points, turns = (np.empty((len(self.movers), parts, len(phase)), dtype=kind) for parts in (3, 4))
        gone = amounts([motion for _, motion in self.motions], phase).astype(kind)
        half = gone * 0.5
        cosine, sine = np.cos(half), np.sin(half)
        for row, (parent, lever, steps) in enumerate(self.plan):
            point, turn = ground if parent == STILL else (points[parent], turns[parent])
            point = point + lever.carried(turn) if lever else point
            for number, along in steps:
                if isinstance(along, _Lever):
                    point = point + along.carried(turn) * gone[number]
                else:
                    turn = turn * cosine[number] + (along.astype(kind, copy=False) @ turn) * sine[number]
            points[row], turns[row] = point, turn
        return points, turns

    def displacements(self, phase: Floats) -> Floats:
        """Return how far each mover of each machine is from rest, shape (n, movers, 4, 4), in the machine's frame."""
        points, turns = self.poses(phase, ground(np.broadcast_to(np.eye(4), (len(phase), 4, 4))))
        result = np.broadcast_to(np.eye(4), (len(phase), len(self.movers), 4, 4)).copy()
        for row, rest in enumerate(self.rests):
            result[:, row, :3, :3] = np.stack([_Lever(axis).carried(turns[row]).T for axis in np.eye(3)], axis=-1)
            result[:, row, :3, 3] = (points[row] - _Lever(rest[:3, 3]).carried(turns[row])).T
        return result

    def bodies_at(self, level: int) -> Sequence[Body]:
        """Return the bodies of a level of detail, made when they are first needed."""
        if level not in self.details:
            self.details[level] = coarse(self.bodies, CELLS_M[level])
        return self.details[level]

    def shortest_period(self) -> float:
        """Return after how many products the quickest of the motions comes round; infinite where nothing moves."""
        return min((_period(motion) for _, motion in self.motions), default=inf)

    def envelope(self) -> Floats:
        """Return the box that holds the machine through all its motion, lower and upper corner, shape (2, 3)."""
        longest = max((_period(motion) for _, motion in self.motions), default=1.0)
        moved = self.displacements(np.linspace(0.0, longest, _ENVELOPE_STEPS))
        lows, highs = [], []
        for body in self.bodies:
            box = np.stack([body.positions.min(axis=0), body.positions.max(axis=0)])
            if body.mover != STILL:
                grid = np.stack(np.meshgrid(*box.T, indexing="ij"), axis=-1).reshape(-1, 3)
                box = np.einsum("nij,kj->nki", moved[:, body.mover, :3, :3], grid) + moved[:, body.mover, None, :3, 3]
            lows.append(box.reshape(-1, 3).min(axis=0))
            highs.append(box.reshape(-1, 3).max(axis=0))
        return np.stack([np.min(lows, axis=0), np.max(highs, axis=0)])


def _period(motion: Motion) -> float:
    return abs(motion.products_per_turn if isinstance(motion, Spin) else motion.products_per_cycle)


def bind(model: Model, motions: Sequence[Motion]) -> Rig:
    """Return the model with the motions whose nodes it has; motions of nodes it lacks are left out."""
    rests = _rests(model.nodes)
    names = {node.name: row for row, node in enumerate(model.nodes)}
    known = [(names[motion.node], motion) for motion in motions if motion.node in names]
    movers = tuple(sorted({row for row, _ in known}))
    riding = _riding(model.nodes, movers)
    parents = tuple(riding[model.nodes[row].parent] if model.nodes[row].parent >= 0 else STILL for row in movers)
    bodies = _gathered(model.parts, rests, riding)
    bound = tuple((movers.index(row), motion) for row, motion in known)
    return Rig(bodies, movers, parents, rests[list(movers)], bound, _plan(parents, rests[list(movers)], bound), {0: bodies})


def _plan(
    parents: Sequence[int], rests: Floats, motions: Sequence[tuple[int, Motion]]
) -> tuple[tuple[int, _Lever | None, tuple[tuple[int, _Lever | Floats], ...]], ...]:
    """Work out what does not change from pose to pose."""
    plan = []
    for row, parent in enumerate(parents):
        way = rests[row, :3, 3] - (0.0 if parent == STILL else rests[parent, :3, 3])
        steps: list[tuple[int, _Lever | Floats]] = []
        for number, (moved, motion) in enumerate(motions):
            along = rests[row, :3, :3] @ np.array(motion.axis)
            if moved == row:
                steps.append((number, _Lever(along) if shifts(motion) else _turning(along)))
        plan.append((parent, _Lever(way) if way.any() else None, tuple(steps)))
    return tuple(plan)


def _rests(nodes: Sequence[ModelNode]) -> Floats:
    """Return each node's place at rest in the model's frame; parents come before their children."""
    rests = np.empty((len(nodes), 4, 4))
    for row, node in enumerate(nodes):
        rests[row] = node.local if node.parent < 0 else rests[node.parent] @ node.local
    return rests


def _riding(nodes: Sequence[ModelNode], movers: tuple[int, ...]) -> list[int]:
    """Return for each node the mover that carries it, itself included, or STILL."""
    riding: list[int] = []
    for row, node in enumerate(nodes):
        carried = riding[node.parent] if node.parent >= 0 else STILL
        riding.append(movers.index(row) if row in movers else carried)
    return riding


def _gathered(parts: Sequence[ModelPart], rests: Floats, riding: list[int]) -> tuple[Body, ...]:
    """Return one body for all parts of the same surface that ride on the same mover."""
    groups: dict[tuple[int, Surface], list[ModelPart]] = {}
    for part in parts:
        groups.setdefault((riding[part.node], part.surface), []).append(part)
    return tuple(_body(mover, surface, group, rests) for (mover, surface), group in groups.items())


def _body(mover: int, surface: Surface, parts: list[ModelPart], rests: Floats) -> Body:
    starts = np.cumsum([0, *(len(part.positions) for part in parts[:-1])])
    positions = [part.positions @ rests[part.node, :3, :3].T + rests[part.node, :3, 3] for part in parts]
    normals = np.concatenate([part.normals @ np.linalg.inv(rests[part.node, :3, :3]) for part in parts])
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    shade = np.concatenate([np.ones(len(part.positions)) if part.shade is None else part.shade for part in parts])
    normals = normals / np.where(length > 0, length, 1.0) * np.maximum(shade, _DARKEST)[:, None]
    triangles = [part.triangles + start for part, start in zip(parts, starts, strict=True)]
    return Body(mover, surface, np.concatenate(positions), normals, np.concatenate(triangles))


Ground: TypeAlias = "tuple[Floats, Floats]"
"""Where machines stand: points, shape (3, n), and turns as quaternions, shape (4, n)."""


def ground(bases: Floats, *, exact: bool = True) -> Ground:
    """Return where machines on bases stand, shape (n, 4, 4); not `exact`: as exactly as is drawn, which is quicker."""
    kind = np.float64 if exact else np.float32
    return np.ascontiguousarray(bases[:, :3, 3].T, dtype=kind), np.ascontiguousarray(quaternions(bases[:, :3, :3]).T, dtype=kind)


class _Lever:
    """A vector to be turned by quaternions: R(q) v, written as a matrix of v times products of q."""

    def __init__(self, vector: Floats) -> None:
        x, y, z = 2.0 * vector
        self._vector = vector[:, None]
        # Columns: xx, yy, zz, xy, xz, yz, wx, wy, wz
        self._mixed = np.array([(0, -x, -x, y, z, 0, 0, z, -y), (-y, 0, -y, x, 0, z, -z, 0, x), (-z, -z, 0, 0, x, y, y, -x, 0)])

    def carried(self, turns: Floats) -> Floats:
        """Return the vector turned by each of the unit quaternions, shape (4, n) -> (3, n)."""
        products = np.empty((9, turns.shape[1]), dtype=turns.dtype)
        np.multiply(turns[1:], turns[1:], out=products[0:3])
        np.multiply(turns[1], turns[2:], out=products[3:5])
        np.multiply(turns[2], turns[3], out=products[5])
        np.multiply(turns[0], turns[1:], out=products[6:9])
        carried: Floats = self._mixed.astype(turns.dtype, copy=False) @ products + self._vector.astype(turns.dtype, copy=False)
        return carried


def _turning(axis: Floats) -> Floats:
    """Return the matrix that multiplies quaternions by a half turn about an axis, from the right: q (0, u) = M q."""
    x, y, z = axis / np.linalg.norm(axis)
    return np.array([(0, -x, -y, -z), (x, 0, z, -y), (y, -z, 0, x), (z, y, -x, 0)])


def quaternions(turns: Floats) -> Floats:
    """Return unit quaternions (w, x, y, z) of rotation matrices, shape (n, 3, 3) -> (n, 4)."""
    xx, yy, zz = turns[:, 0, 0], turns[:, 1, 1], turns[:, 2, 2]
    # Each row: the quaternion times four times one of its components; the longest is the one without cancellation.
    rows = np.stack(
        [
            np.stack(
                [1 + xx + yy + zz, turns[:, 2, 1] - turns[:, 1, 2], turns[:, 0, 2] - turns[:, 2, 0], turns[:, 1, 0] - turns[:, 0, 1]], -1
            ),
            np.stack(
                [turns[:, 2, 1] - turns[:, 1, 2], 1 + xx - yy - zz, turns[:, 1, 0] + turns[:, 0, 1], turns[:, 0, 2] + turns[:, 2, 0]], -1
            ),
            np.stack(
                [turns[:, 0, 2] - turns[:, 2, 0], turns[:, 1, 0] + turns[:, 0, 1], 1 - xx + yy - zz, turns[:, 2, 1] + turns[:, 1, 2]], -1
            ),
            np.stack(
                [turns[:, 1, 0] - turns[:, 0, 1], turns[:, 0, 2] + turns[:, 2, 0], turns[:, 2, 1] + turns[:, 1, 2], 1 - xx - yy + zz], -1
            ),
        ],
        axis=1,
    )
    best = np.take_along_axis(rows, np.abs(np.einsum("nii->ni", rows)).argmax(axis=1)[:, None, None], axis=1)[:, 0]
    result: Floats = best / np.linalg.norm(best, axis=1, keepdims=True)
    return result
