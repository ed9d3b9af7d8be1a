"""Conveyors and what lies on them, on machines' own belts and in stores: instanced meshes kept up to date from levels and counts. VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models3d import machine_model
from twin_app.machines import machine_type
from ui.scene3d import flow, goods
from ui.scene3d.arrays import polydata
from ui.scene3d.instances import Instances, Stance
from ui.scene3d.paint import PLAIN, STALE, tones_of
from ui.scene3d.rig import ground
from ui.scene3d.scene import CODES, Look
from ui.scene3d.staged import HIDDEN, Staged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from twin_app.machines.items import Item
    from twin_app.shapes import Surface
    from ui.scene3d.cast import Library
    from ui.scene3d.goods import Standing
    from ui.scene3d.rig import Ground, Rig
    from ui.scene3d.scene import Scene
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Bytes = NDArray[np.uint8]

Copies = tuple["Surface", Instances]


class Conveyors:
    """Tiles and legs of all links; they stand still."""

    def __init__(self, flows: Sequence[flow.Flow], library: Library) -> None:
        """Lay them; `split` makes the copies."""
        self._parts: list[tuple[Staged, Ground, Indices]] = []
        for laid in flows:
            name = flow.MODELS[laid.item.carrier]
            for model, placed in ((f"{name}.glb", laid.tiles), (f"{name}_legs.glb", laid.legs)):
                staged = Staged(_rig(library, model).bodies_at, np.empty((0, 3)), len(placed.sizes), placed.sizes)
                self._parts.append((staged, ground(placed.transforms), laid.sources[placed.conveyor]))

    def split(self, levels: Indices) -> bool:
        """Show each conveyor at the level of detail of the unit that feeds it; paint them then. True: new meshes were made."""
        new = False
        for staged, places, sources in self._parts:
            if staged.changes(levels[sources]):
                new |= staged.split(levels[sources])
                staged.put_still(*places)
        return new

    def copies(self) -> list[Copies]:
        """Return every mesh made so far."""
        return [(body.surface, copies) for staged, _, _ in self._parts for body, copies in staged.copies()]

    def paint(self, theme: SceneTheme, gamma: float) -> None:
        """Colour everything by its surface."""
        for surface, copies in self.copies():
            copies.fill(tones_of(surface, theme, gamma)[PLAIN])


class Freight:
    """All goods of a scene: those that move with what is counted, and those that stand in stores."""

    def __init__(self, scene: Scene, flows: Sequence[flow.Flow], library: Library) -> None:
        """Make room for as many as can ever be shown."""
        self._flows = flows
        self._passages, self._storages = goods.passages(scene), goods.storages(scene)
        moving = [(laid.item, int(laid.room.sum())) for laid in flows] + [(passage.item, passage.count) for passage in self._passages]
        self._moving = {item: _Kind(item, count, library) for item, count in _sums(moving).items()}
        stored = [(storage.item, storage.count) for storage in self._storages]
        self._stored = {item: _Kind(item, count, library) for item, count in _sums(stored).items()}
        self._levels: Indices = np.empty(0, dtype=np.int64)

    def split(self, levels: Indices) -> bool:
        """Show goods at the levels of detail of their units; carry and fill then. True: new meshes were made."""
        self._levels = levels
        made = [kind.make(levels) for kind in (*self._moving.values(), *self._stored.values())]
        return any(made)

    def copies(self, *, moving: bool) -> list[Copies]:
        """Return the meshes of what moves, or of what stands in stores."""
        return [pair for kind in (self._moving if moving else self._stored).values() for pair in kind.copies()]

    def tone(self, theme: SceneTheme, gamma: float) -> None:
        """Take the colours of a theme; they show with the next `carry` and `fill`."""
        for kind in (*self._moving.values(), *self._stored.values()):
            kind.tone(theme, gamma)

    def carry(self, phases: Floats, bases: Floats, levels: Floats, codes: Bytes) -> None:
        """Put what moves where it has come to; `levels` as `Flow.shown` wants them."""
        if not self._moving:
            return
        parts = [(laid.item, goods.on_conveyors(laid, phases, laid.shown(levels))) for laid in self._flows]
        parts += [(passage.item, passage.standing(phases, bases)) for passage in self._passages]
        self._stand(self._moving, parts, codes)

    def fill(self, stored: Floats, bases: Floats, codes: Bytes) -> None:
        """Fill the stores as far as is told, a share of one for each unit."""
        if not self._stored:
            return
        parts = [(storage.item, storage.standing(float(stored[storage.row]), bases[storage.row])) for storage in self._storages]
        self._stand(self._stored, parts, codes)

    def _stand(self, kinds: dict[Item, _Kind], parts: Iterable[tuple[Item, Standing]], codes: Bytes) -> None:
        found: dict[Item, list[Standing]] = {item: [] for item in kinds}
        for item, standing in parts:
            found[item].append(standing)
        for item, kind in kinds.items():
            kind.stand(goods.together(found[item]), codes, self._levels)


class _Kind:
    """The meshes of one kind of goods, by level of detail."""

    def __init__(self, item: Item, count: int, library: Library) -> None:
        self._rig, self._count = _rig(library, item.model), count
        self._made: dict[int, tuple[Stance, list[Copies]]] = {}
        self._toned: tuple[SceneTheme, float] | None = None

    def make(self, levels: Indices) -> bool:
        """Make the meshes of levels that are new."""
        new = [int(level) for level in np.unique(levels) if level not in self._made and level != HIDDEN]
        for level in new:
            stance = Stance(self._count)
            bodies = self._rig.bodies_at(level)
            made = [(body.surface, Instances(polydata(body.positions, body.triangles, body.normals), stance)) for body in bodies]
            self._made[level] = stance, made
        return bool(new)

    def copies(self) -> list[Copies]:
        return [pair for _, copies in self._made.values() for pair in copies]

    def tone(self, theme: SceneTheme, gamma: float) -> None:
        self._toned = theme, gamma

    def stand(self, standing: Standing, codes: Bytes, levels: Indices) -> None:
        """Show goods; hatched are those of which nobody knows, and those of units of which nobody does."""
        if self._toned is None:
            return
        hatched = standing.unknown | (codes[standing.units] == CODES[Look.UNKNOWN])
        shown = levels[standing.units]
        for level, (stance, copies) in self._made.items():
            rows = np.flatnonzero(shown == level)
            if not len(rows) and not stance.count:
                continue
            stance.put(standing.points[rows], standing.turns[rows])
            for surface, mesh in copies:
                mesh.paint(tones_of(surface, *self._toned)[np.where(hatched[rows], STALE, PLAIN)])


def _sums(counts: Iterable[tuple[Item, int]]) -> dict[Item, int]:
    found: dict[Item, int] = {}
    for item, count in counts:
        found[item] = found.get(item, 0) + count
    return found


def _rig(library: Library, model: str) -> Rig:
    return library.rig(machine_model(model), machine_type("machine"))
