"""Conveyors and what lies on them, on machines' own belts and in stores: instanced meshes kept up to date from levels and counts. VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models3d import machine_model
from twin_app.machines import machine_type
from ui.scene3d import flow, goods
from ui.scene3d.arrays import polydata
from ui.scene3d.instances import HATCHED, Instances
from ui.scene3d.scene import Look

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from vtkmodules.vtkCommonDataModel import vtkPolyData

    from twin_app.machines.items import Item
    from twin_app.shapes import Surface
    from ui.scene3d.cast import Library
    from ui.scene3d.goods import Standing
    from ui.scene3d.rig import Body
    from ui.scene3d.scene import Scene
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]

Copies = tuple["Surface", Instances]


class Conveyors:
    """Tiles and legs of all links; they stand still."""

    def __init__(self, flows: Sequence[flow.Flow], library: Library) -> None:
        """Lay them."""
        self.copies: list[Copies] = []
        for laid in flows:
            name = flow.MODELS[laid.item.carrier]
            for model, placed in ((f"{name}.glb", laid.tiles), (f"{name}_legs.glb", laid.legs)):
                for body in _bodies(library, model):
                    copies = Instances(_mesh(body), len(placed.transforms))
                    copies.place(placed.transforms, placed.sizes)
                    self.copies.append((body.surface, copies))

    def paint(self, theme: SceneTheme, gamma: float) -> None:
        """Colour everything by its surface."""
        for surface, copies in self.copies:
            copies.paint(_tone(surface, theme, gamma)[None])


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

    def copies(self, *, moving: bool) -> list[Copies]:
        """Return the meshes of what moves, or of what stands in stores."""
        return [pair for kind in (self._moving if moving else self._stored).values() for pair in kind.copies]

    def tone(self, theme: SceneTheme, gamma: float) -> None:
        """Take the colours of a theme; they show with the next `carry` and `fill`."""
        for kind in (*self._moving.values(), *self._stored.values()):
            kind.tone(theme, gamma)

    def carry(self, phases: Floats, bases: Floats, levels: Floats, looks: Sequence[Look]) -> None:
        """Put what moves where it has come to; `levels` as `Flow.shown` wants them."""
        parts = [(laid.item, goods.on_conveyors(laid, phases, laid.shown(levels))) for laid in self._flows]
        parts += [(passage.item, passage.standing(float(phases[passage.row]), bases[passage.row])) for passage in self._passages]
        _stand(self._moving, parts, looks)

    def fill(self, stored: Floats, bases: Floats, looks: Sequence[Look]) -> None:
        """Fill the stores as far as is told, a share of one for each unit."""
        parts = [(storage.item, storage.standing(float(stored[storage.row]), bases[storage.row])) for storage in self._storages]
        _stand(self._stored, parts, looks)


class _Kind:
    """The meshes of one kind of goods."""

    def __init__(self, item: Item, count: int, library: Library) -> None:
        self.copies: list[Copies] = [(body.surface, Instances(_mesh(body), count)) for body in _bodies(library, item.model)]
        self._tones = [np.zeros(4, dtype=np.uint8) for _ in self.copies]

    def tone(self, theme: SceneTheme, gamma: float) -> None:
        self._tones = [_tone(surface, theme, gamma) for surface, _ in self.copies]

    def stand(self, standing: Standing, looks: Sequence[Look]) -> None:
        """Show goods; hatched are those of which nobody knows, and those of units of which nobody does."""
        silent = np.array([look is Look.UNKNOWN for look in looks], dtype=bool)
        hatched = standing.unknown | silent[standing.units] if len(silent) else standing.unknown
        for (_, copies), tone in zip(self.copies, self._tones, strict=True):
            colours = np.tile(tone, (len(standing.points), 1))
            colours[hatched, 3] = HATCHED
            copies.stand(standing.points, standing.turns, colours)


def _stand(kinds: dict[Item, _Kind], parts: Iterable[tuple[Item, Standing]], looks: Sequence[Look]) -> None:
    found: dict[Item, list[Standing]] = {item: [] for item in kinds}
    for item, standing in parts:
        found[item].append(standing)
    for item, kind in kinds.items():
        kind.stand(goods.together(found[item]), looks)


def _sums(counts: Iterable[tuple[Item, int]]) -> dict[Item, int]:
    found: dict[Item, int] = {}
    for item, count in counts:
        found[item] = found.get(item, 0) + count
    return found


def _bodies(library: Library, model: str) -> tuple[Body, ...]:
    return library.rig(machine_model(model), machine_type("machine")).bodies


def _mesh(body: Body) -> vtkPolyData:
    return polydata(body.positions, body.triangles, body.normals)


def _tone(surface: Surface, theme: SceneTheme, gamma: float) -> NDArray[np.uint8]:
    colour = np.array((*theme.tone(np.array(surface.colour)) ** gamma, 1.0))
    return np.round(colour * 255).astype(np.uint8)
