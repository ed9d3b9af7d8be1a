"""Conveyors between machines: where their tiles, legs and bottles lie. The bottles are estimated from the source unit's count, not tracked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin_app.machines import machine_type
from ui.scene3d.scene import scene_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ui.scene3d.scene import Scene

    Floats = NDArray[np.float64]

TILE_M = 0.5
BELT_TOP_M = 0.95
PITCH_M = 0.25
_LEGS_EVERY = 3
_SHORTEST_M = 0.1
MAX_BOTTLES = 4000


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Instances: 4x4 rigid transforms (n, 4, 4) and sizes along each axis (n, 3)."""

    transforms: Floats
    sizes: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """All conveyors of a scene. `starts`, `ways` (metres) and `counts` have one row a conveyor, `sources` the unit that feeds it."""

    tiles: Placed
    legs: Placed
    sources: NDArray[np.int64]
    starts: Floats
    ways: Floats
    counts: NDArray[np.int64]

    def bottles(self, phase: Floats) -> Floats:
        """Return where the bottles stand when the units have made `phase` products, shape (bottles, 3): one pitch a product."""
        if not len(self.sources):
            return np.empty((0, 3))
        share = np.nan_to_num(np.mod(phase[self.sources], 1.0))
        conveyor = np.repeat(np.arange(len(self.counts)), self.counts)
        place = np.arange(len(conveyor)) - np.repeat(np.cumsum(self.counts) - self.counts, self.counts)
        along = (place + share[conveyor]) / self.counts[conveyor]
        points: Floats = self.starts[conveyor] + self.ways[conveyor] * along[:, None]
        return points


def lay(scene: Scene) -> Flow:
    """Return the conveyors from each link's outfeed straight to its target's infeed; not of unknown units, nor of those that drive about."""
    rows = {unit: row for unit, row in scene.numbers().items() if not machine_type(scene.units[row].machine_type).mobile}
    known = [(rows[link.source], rows[link.target]) for link in scene.links if link.source in rows and link.target in rows]
    pairs = np.array([pair for pair in known if pair[0] != pair[1]], dtype=np.int64).reshape(-1, 2)
    bases, types = scene.bases(), scene.types()
    starts = scene_points(bases[pairs[:, 0]], np.array([types[row].outfeed_m for row in pairs[:, 0]]).reshape(-1, 3))
    ways = scene_points(bases[pairs[:, 1]], np.array([types[row].infeed_m for row in pairs[:, 1]]).reshape(-1, 3)) - starts
    length = np.linalg.norm(ways[:, :2], axis=1)
    kept = length > _SHORTEST_M
    pairs, starts, ways, length = pairs[kept], starts[kept], ways[kept], length[kept]
    counts = np.maximum(1, np.round(length / PITCH_M)).astype(np.int64)
    if counts.sum() > MAX_BOTTLES:
        counts = np.maximum(1, counts * MAX_BOTTLES // counts.sum())
    tiles = np.maximum(1, np.round(length / TILE_M)).astype(np.int64)
    return Flow(_tiles(starts, ways, length, tiles), _legs(starts, ways, length), pairs[:, 0], starts, ways, counts)


def _tiles(starts: Floats, ways: Floats, length: Floats, counts: NDArray[np.int64]) -> Placed:
    conveyor = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(conveyor)) - np.repeat(np.cumsum(counts) - counts, counts)
    stretch = length / (counts * TILE_M)
    sizes = np.ones((len(conveyor), 3))
    sizes[:, 0] = stretch[conveyor]
    return Placed(_standing(starts, ways, conveyor, (place + 0.5) / counts[conveyor]), sizes)


def _legs(starts: Floats, ways: Floats, length: Floats) -> Placed:
    counts = np.maximum(1, np.round(length / (_LEGS_EVERY * TILE_M))).astype(np.int64)
    conveyor = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(conveyor)) - np.repeat(np.cumsum(counts) - counts, counts)
    return Placed(_standing(starts, ways, conveyor, (place + 0.5) / counts[conveyor]), np.ones((len(conveyor), 3)))


def _standing(starts: Floats, ways: Floats, conveyor: NDArray[np.int64], along: Floats) -> Floats:
    """Return upright frames on the floor below points `along` (0 to 1) their conveyors, X along the flow."""
    flat = ways[:, :2] / np.linalg.norm(ways[:, :2], axis=1, keepdims=True)
    frames = np.broadcast_to(np.eye(4), (len(conveyor), 4, 4)).copy()
    frames[:, :2, 0] = flat[conveyor]
    frames[:, 0, 1], frames[:, 1, 1] = -flat[conveyor, 1], flat[conveyor, 0]
    frames[:, :3, 3] = starts[conveyor] + ways[conveyor] * along[:, None]
    frames[:, 2, 3] -= BELT_TOP_M
    return frames
