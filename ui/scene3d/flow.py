"""Conveyors between machines: where their tiles and legs lie, and where goods are on them. How many there are is told, how far they went follows from counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from twin_app.machines import machine_type
from twin_app.machines.items import Carrier, Item, item_of
from ui.scene3d.rig import quaternions
from ui.scene3d.scene import scene_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ui.scene3d.scene import Scene, SceneUnit

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

TILE_M = 0.5
TOP_M = {Carrier.CHAIN: 0.95, Carrier.BELT: 0.95, Carrier.ROLLERS: 0.5}
MODELS = {Carrier.CHAIN: "conveyor", Carrier.BELT: "conveyor_belt", Carrier.ROLLERS: "conveyor_rollers"}
_LEGS_EVERY = 3
_SHORTEST_M = 0.1
MAX_GOODS = 4000


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Instances: 4x4 rigid transforms (n, 4, 4), sizes along each axis (n, 3), and the conveyor each belongs to (n,)."""

    transforms: Floats
    sizes: Floats
    conveyor: Indices


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """All conveyors of a scene that carry one kind of goods, a row each; arrays of shape (n,) unless said otherwise."""

    item: Item
    tiles: Placed
    legs: Placed
    links: Indices
    """Rows of the scene's links."""
    sources: Indices
    targets: Indices
    starts: Floats
    ways: Floats
    """Metres, shape (n, 3) as `starts`."""
    given: Floats
    """How many goods each product of the source is; `taken` by each product of the target."""
    taken: Floats
    single: Floats
    """Base units of the line in one of the goods."""
    turns: Floats
    """How goods are turned that travel on each: quaternions, shape (n, 4)."""
    room: Indices
    """How many goods fit on each where they stand close."""

    @property
    def length_m(self) -> Floats:
        """How long each conveyor is."""
        length: Floats = np.linalg.norm(self.ways, axis=1)
        return length

    def shown(self, levels: Floats) -> Floats:
        """Return how many goods to show on each conveyor, NaN where nobody knows.

        Just as many as there are, or as large a share of the room as they are of a buffer that holds more than the conveyor shows.

        Args:
            levels: Of each link of the scene how much lies there and how much fits, base units, not finite where not known: (links, 2).
        """
        count, capacity = (levels[self.links] / self.single[:, None]).T
        larger = np.isfinite(capacity) & (capacity > self.room)
        found: Floats = np.where(larger, count / np.where(larger, capacity, 1.0) * self.room, count)
        return found

    def places(self, phase: Floats, shown: Floats) -> tuple[Floats, Indices]:
        """Return where goods are, shape (m, 3), and on which conveyor each is, shape (m,).

        Args:
            phase: Products made by each unit of the scene.
            shown: How many goods to show on each conveyor, at most its room; not finite: nobody knows, then those that travel.
        """
        unknown = ~np.isfinite(shown)
        level = np.clip(np.where(unknown, self.length_m / self.item.apart_m, shown), 0.0, self.room)
        count = np.floor(level + 1e-6).astype(np.int64)
        conveyor = np.repeat(np.arange(len(count)), count)
        number = np.arange(len(conveyor)) - np.repeat(np.cumsum(count) - count, count)
        along = self._along(number, conveyor, phase, np.where(unknown, np.maximum(level, 1.0), level))
        ways = self.ways[conveyor] / self.length_m[conveyor, None]
        points: Floats = self.starts[conveyor] + ways * along[:, None]
        return points, conveyor

    def _along(self, number: Indices, conveyor: Indices, phase: Floats, level: Floats) -> Floats:
        """Return how far along its conveyor each of the goods is; the ones that entered last come first.

        They travel one `apart_m` from the next, more where they are few, and stand close before the end where they are many.
        """
        length = self.length_m
        close = length / np.maximum(self.room, 1)
        apart = np.maximum(self.item.apart_m, 1.25 * close)
        count = np.floor(level + 1e-6)
        standing = np.clip(np.ceil((count * apart - length) / (apart - close) - 1e-6), 0, count)
        travelling = count - standing
        spread = np.where(standing > 0, apart, np.maximum(apart, length / np.maximum(level, 1.0)))
        entered = np.nan_to_num(np.mod(phase[self.sources] * self.given, 1.0))
        left = np.nan_to_num(np.mod(phase[self.targets] * self.taken, 1.0))
        ahead = (travelling[conveyor] - 1 - number) * close[conveyor]
        tail = (length - standing * close)[conveyor]
        on_the_way = np.minimum((number + entered[conveyor]) * spread[conveyor], tail - ahead - close[conveyor] / 2)
        in_line = length[conveyor] - (count[conveyor] - 0.5 - number - left[conveyor]) * close[conveyor]
        found: Floats = np.where(number < travelling[conveyor], np.maximum(on_the_way, 0.0), np.minimum(in_line, length[conveyor]))
        return found


def item_between(source: SceneUnit, target: SceneUnit) -> Item:
    """Return what travels from one unit to the next: the smaller of the two that they count."""
    smaller = source if source.base_units <= target.base_units else target
    return item_of(smaller.unit_of_count, smaller.shape)


def lay(scene: Scene) -> tuple[Flow, ...]:
    """Return the conveyors by what they carry, from each link's outfeed straight to its target's infeed.

    None of unknown units, nor of those that drive about.
    """
    rows = {unit: row for unit, row in scene.numbers().items() if not machine_type(scene.units[row].machine_type).mobile}
    by_item: dict[Item, list[tuple[int, int, int]]] = {}
    for number, link in enumerate(scene.links):
        source, target = rows.get(link.source), rows.get(link.target)
        if source is not None and target is not None and source != target:
            by_item.setdefault(item_between(scene.units[source], scene.units[target]), []).append((number, source, target))
    flows = [_flow(scene, item, np.array(links, dtype=np.int64)) for item, links in by_item.items()]
    return tuple(_thinned(flow, sum(int(each.room.sum()) for each in flows)) for flow in flows if len(flow.links))


def _flow(scene: Scene, item: Item, links: Indices) -> Flow:
    bases, types = scene.bases(), scene.types()
    starts = scene_points(bases[links[:, 1]], np.array([types[row].outfeed_m for row in links[:, 1]]).reshape(-1, 3))
    ways = scene_points(bases[links[:, 2]], np.array([types[row].infeed_m for row in links[:, 2]]).reshape(-1, 3)) - starts
    length = np.linalg.norm(ways[:, :2], axis=1)
    kept = length > _SHORTEST_M
    links, starts, ways, length = links[kept], starts[kept], ways[kept], length[kept]
    tiles = np.maximum(1, np.round(length / TILE_M)).astype(np.int64)
    base = np.array([unit.base_units for unit in scene.units])
    single = np.minimum(base[links[:, 1]], base[links[:, 2]])
    room = np.maximum(1, np.floor(length / item.close_m)).astype(np.int64)
    top = TOP_M[item.carrier]
    return Flow(
        item, _tiles(starts, ways, top, length, tiles), _legs(starts, ways, top, length), links[:, 0], links[:, 1], links[:, 2],
        starts, ways, base[links[:, 1]] / single, base[links[:, 2]] / single, single,
        quaternions(headed(ways)[:, :3, :3]), room,
    )  # fmt: skip


def _thinned(flow: Flow, total: int) -> Flow:
    """Return the flow with less room where there would be more goods in all than can be drawn."""
    if total <= MAX_GOODS:
        return flow
    return replace(flow, room=np.maximum(1, flow.room * MAX_GOODS // total))


def _tiles(starts: Floats, ways: Floats, top: float, length: Floats, counts: Indices) -> Placed:
    conveyor = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(conveyor)) - np.repeat(np.cumsum(counts) - counts, counts)
    stretch = length / (counts * TILE_M)
    sizes = np.ones((len(conveyor), 3))
    sizes[:, 0] = stretch[conveyor]
    return Placed(_standing(starts, ways, top, conveyor, (place + 0.5) / counts[conveyor]), sizes, conveyor)


def _legs(starts: Floats, ways: Floats, top: float, length: Floats) -> Placed:
    counts = np.maximum(1, np.round(length / (_LEGS_EVERY * TILE_M))).astype(np.int64)
    conveyor = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(conveyor)) - np.repeat(np.cumsum(counts) - counts, counts)
    return Placed(_standing(starts, ways, top, conveyor, (place + 0.5) / counts[conveyor]), np.ones((len(conveyor), 3)), conveyor)


def _standing(starts: Floats, ways: Floats, top: float, conveyor: Indices, along: Floats) -> Floats:
    """Return upright frames on the floor below points `along` (0 to 1) their conveyors, X along the flow."""
    frames = headed(ways)[conveyor]
    frames[:, :3, 3] = starts[conveyor] + ways[conveyor] * along[:, None]
    frames[:, 2, 3] -= top
    return frames


def headed(ways: Floats) -> Floats:
    """Return upright frames at the origin whose X goes along ways, shape (n, 3) -> (n, 4, 4)."""
    flat = ways[:, :2] / np.maximum(np.linalg.norm(ways[:, :2], axis=1, keepdims=True), 1e-9)
    frames = np.broadcast_to(np.eye(4), (len(ways), 4, 4)).copy()
    frames[:, :2, 0] = flat
    frames[:, 0, 1], frames[:, 1, 1] = -flat[:, 1], flat[:, 0]
    return frames
