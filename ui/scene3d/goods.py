"""What the hall's machines handle, in three places: on conveyors between them, on their own belts, and in their stores. Pure numpy.

Everything is a function of the phases (what was counted, carried on by speeds) and of the levels that were told: the same at any seek.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin_app.machines.items import Item, item_of
from ui.scene3d.flow import Flow, headed
from ui.scene3d.rig import quaternions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from twin_app.machines import MachineType
    from ui.scene3d.scene import Scene

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]


_SQUEEZE = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Goods of one kind: places (n, 3) and turns (n, 4) in the hall, and the unit each belongs to, shape (n,)."""

    points: Floats
    turns: Floats
    units: Indices
    unknown: NDArray[np.bool_]
    """Whether nobody knows if it is there, shape (n,)."""


def together(parts: Sequence[Standing]) -> Standing:
    """Return several as one."""
    if not parts:
        return Standing(np.empty((0, 3)), np.empty((0, 4)), np.empty(0, np.int64), np.empty(0, bool))
    return Standing(
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.turns for part in parts]),
        np.concatenate([part.units for part in parts]),
        np.concatenate([part.unknown for part in parts]),
    )


def on_conveyors(flow: Flow, phases: Floats, shown: Floats) -> Standing:
    """Return the goods on the conveyors of a flow; `shown` are how many there are on each, not finite where nobody knows."""
    points, conveyor = flow.places(phases, shown)
    turns = quaternions(headed(flow.ways)[:, :3, :3])[conveyor]
    return Standing(points, turns, flow.sources[conveyor], ~np.isfinite(shown)[conveyor])


class Passage:
    """The goods that pass over one unit's own belt, one item apart for each product."""

    def __init__(self, row: int, path: Sequence[tuple[float, float, float]], item: Item) -> None:
        """Lay the goods out along a way in the machine's own frame."""
        self.row, self.item = row, item
        self._path = np.array(path, dtype=np.float64)
        steps = np.diff(self._path, axis=0)
        self._marks = np.concatenate([[0.0], np.cumsum(np.linalg.norm(steps, axis=1))])
        self._ways = np.concatenate([steps, steps[-1:]])
        self.count = max(1, int(self._marks[-1] / item.apart_m))

    def standing(self, phase: float, base: Floats) -> Standing:
        """Return the goods when the unit has made so many products, standing where its base is."""
        share = phase % 1.0 if np.isfinite(phase) else 0.0
        along = (np.arange(self.count) + share) * self._marks[-1] / self.count
        local = np.stack([np.interp(along, self._marks, self._path[:, axis]) for axis in range(3)], axis=1)
        leg = np.clip(np.searchsorted(self._marks, along, side="right") - 1, 0, len(self._marks) - 1)
        turned = base[:3, :3] @ headed(self._ways)[leg][:, :3, :3]
        points = local @ base[:3, :3].T + base[:3, 3]
        return Standing(points, quaternions(turned), np.full(self.count, self.row), np.zeros(self.count, dtype=bool))


def passages(scene: Scene) -> list[Passage]:
    """Return the ways over machines of a scene; of a model of somebody's own nobody knows where its belt is."""
    return [
        Passage(row, carried.path, item_of(unit.unit_of_count))
        for row, (unit, kind) in enumerate(zip(scene.units, scene.types(), strict=True))
        for carried in kind.carried
        if unit.model_file is None
    ]


class Storage:
    """The store of one unit."""

    def __init__(self, row: int, kind: MachineType, item: Item) -> None:
        """Know the places of a machine type's store, in the machine's own frame."""
        assert kind.store is not None  # noqa: S101 - only called with a store
        self.row, self.item = row, item
        self._places = _roomy(np.array(kind.store.places, dtype=np.float64), item.close_m)
        self.count = len(self._places)

    def standing(self, share: float, base: Floats) -> Standing:
        """Return the goods of a store that is so full, 0 to 1; of one of which nobody knows it, goods on every place, unknown."""
        unknown = not np.isfinite(share)
        count = self.count if unknown else round(min(max(share, 0.0), 1.0) * self.count)
        points = self._places[:count] @ base[:3, :3].T + base[:3, 3]
        turns = np.tile(quaternions(base[None, :3, :3]), (count, 1))
        return Standing(points, turns, np.full(count, self.row), np.full(count, unknown))


def _roomy(places: Floats, close_m: float) -> Floats:
    """Return those places of a store that larger goods can stand on beside each other, in their order."""
    kept: list[Floats] = []
    for place in places:
        if all(np.linalg.norm(place - other) > _SQUEEZE * close_m for other in kept):
            kept.append(place)
    return np.array(kept)


def storages(scene: Scene) -> list[Storage]:
    """Return the stores of a scene."""
    return [
        Storage(row, kind, item_of(kind.store.item or unit.unit_of_count))
        for row, (unit, kind) in enumerate(zip(scene.units, scene.types(), strict=True))
        if kind.store is not None and unit.model_file is None
    ]
