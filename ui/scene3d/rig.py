"""A model made ready for instancing: meshes gathered by what moves together, and how far each gathering has moved. No VTK.

Every mesh is kept where it lies at rest in the machine's own frame, so what does not move needs no transform but the machine's, and
what moves needs one rigid displacement on top.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from twin_app.machines import Spin
from twin_app.machines.motion import transforms
from twin_app.shapes import Model, ModelNode, ModelPart, Surface

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from twin_app.machines import Motion

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

STILL = -1
_ENVELOPE_STEPS = 48
_DARKEST = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """Triangles of one surface that move together: row `mover` of the displacements, or STILL.

    A normal is as long as the share of light that reaches its vertex: nothing else a mesh carries comes through to the shader of copies.
    """

    mover: int
    surface: Surface
    positions: Floats
    normals: Floats
    triangles: Indices


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

    def displacements(self, phase: Floats) -> Floats:
        """Return how far each mover of each machine is from rest, shape (n, movers, 4, 4), in the machine's frame."""
        moved = transforms([motion for _, motion in self.motions], phase)
        result = np.broadcast_to(np.eye(4), (len(phase), len(self.movers), 4, 4)).copy()
        for column, (row, _) in enumerate(self.motions):
            result[:, row] = result[:, row] @ moved[:, column]
        back = np.linalg.inv(self.rests)
        for row, (parent, rest) in enumerate(zip(self.parents, self.rests, strict=True)):
            result[:, row] = rest @ result[:, row] @ back[row]
            if parent != STILL:
                result[:, row] = result[:, parent] @ result[:, row]
        return result

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
    return Rig(bodies, movers, parents, rests[list(movers)], tuple((movers.index(row), motion) for row, motion in known))


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
