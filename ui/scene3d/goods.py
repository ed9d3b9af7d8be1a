"""What the hall's machines handle, in three places: on conveyors between them, on their own belts, and in their stores. Pure numpy.

Everything is a function of the phases (what was counted, carried on by speeds) and of the levels that were told: the same at any seek.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
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
    return Standing(points, flow.turns[conveyor], flow.sources[conveyor], ~np.isfinite(shown)[conveyor])


class Passage:
    """The goods that pass over units' own belts of one shape, one item apart for each product."""

    def __init__(self, rows: Sequence[int], path: Sequence[tuple[float, float, float]], item: Item) -> None:
        """Lay the goods out along a way in the frame of each of the machines in `rows`."""
        self.rows, self.item = np.array(rows, dtype=np.int64), item
        self._path = np.array(path, dtype=np.float64)
        steps = np.diff(self._path, axis=0)
        self._marks = np.concatenate([[0.0], np.cumsum(np.linalg.norm(steps, axis=1))])
        # The turn of each leg is about the upright: its quaternion has two parts.
        self._turns = quaternions(headed(steps)[:, :3, :3])
        self.each = max(1, int(self._marks[-1] / item.apart_m))
        self.count = self.each * len(rows)

    def standing(self, phases: Floats, bases: Floats) -> Standing:
        """Return the goods when all units of the scene have made so many products, shape (n,), standing on bases (n, 4, 4)."""
        phase, base = phases[self.rows], bases[self.rows]
        share = np.mod(np.where(np.isfinite(phase), phase, 0.0), 1.0)
        along = (np.arange(self.each) + share[:, None]) * (self._marks[-1] / self.each)
        local = np.stack([np.interp(along, self._marks, self._path[:, axis]) for axis in range(3)], axis=-1)
        leg = np.clip(np.searchsorted(self._marks, along, side="right") - 1, 0, len(self._turns) - 1)
        points = local @ base[:, :3, :3].transpose(0, 2, 1) + base[:, None, :3, 3]
        turns = _turned(quaternions(base[:, :3, :3])[:, None], self._turns[leg])
        units = np.repeat(self.rows, self.each)
        return Standing(points.reshape(-1, 3), turns.reshape(-1, 4), units, np.zeros(len(units), dtype=bool))


def _turned(first: Floats, upright: Floats) -> Floats:
    """Return products of quaternions, shapes (..., 4), the second of turns about the upright alone."""
    w, x, y, z = (first[..., part] for part in range(4))
    c, s = upright[..., 0], upright[..., 3]
    return np.stack([w * c - z * s, x * c + y * s, y * c - x * s, z * c + w * s], axis=-1)


def passages(scene: Scene) -> list[Passage]:
    """Return the ways over machines of a scene; of a model of somebody's own nobody knows where its belt is."""
    found: dict[tuple[tuple[tuple[float, float, float], ...], Item], list[int]] = {}
    for row, (unit, kind) in enumerate(zip(scene.units, scene.types(), strict=True)):
        for carried in kind.carried if unit.model_file is None else ():
            found.setdefault((carried.path, item_of(unit.unit_of_count, unit.shape)), []).append(row)
    return [Passage(rows, path, item) for (path, item), rows in found.items()]


class Storage:
    """The store of one unit."""

    def __init__(self, row: int, kind: MachineType, item: Item) -> None:
        """Know the places of a machine type's store, in the machine's own frame."""
        assert kind.store is not None  # noqa: S101 - only called with a store
        self.row, self.item = row, item
        self._places = _roomy(kind.store.places, item.close_m)
        self.count = len(self._places)

    def standing(self, share: float, base: Floats) -> Standing:
        """Return the goods of a store that is so full, 0 to 1; of one of which nobody knows it, goods on every place, unknown."""
        unknown = not np.isfinite(share)
        count = self.count if unknown else round(min(max(share, 0.0), 1.0) * self.count)
        points = self._places[:count] @ base[:3, :3].T + base[:3, 3]
        turns = np.tile(quaternions(base[None, :3, :3]), (count, 1))
        return Standing(points, turns, np.full(count, self.row), np.full(count, unknown))


@lru_cache(maxsize=256)
def _roomy(places: tuple[tuple[float, float, float], ...], close_m: float) -> Floats:
    """Return those places of a store that larger goods can stand on beside each other, in their order."""
    kept = np.empty((0, 3))
    for place in np.array(places, dtype=np.float64):
        if (np.linalg.norm(kept - place, axis=1) > _SQUEEZE * close_m).all():
            kept = np.vstack([kept, place])
    return kept


def storages(scene: Scene) -> list[Storage]:
    """Return the stores of a scene."""
    return [
        Storage(row, kind, item_of(kind.store.item or unit.unit_of_count, "" if kind.store.item else unit.shape))
        for row, (unit, kind) in enumerate(zip(scene.units, scene.types(), strict=True))
        if kind.store is not None and unit.model_file is None
    ]
