"""The machines on stage: loads models once, instances their bodies, and updates poses and colours from a request. VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models3d import machine_model
from twin_app.errors import ModelError
from twin_app.shapes import Model, read_model
from ui.scene3d import placeholder
from ui.scene3d.arrays import polydata
from ui.scene3d.instances import HATCHED, Instances
from ui.scene3d.loading import Loading, Wanted
from ui.scene3d.marks import LAMPS, lamp_colour
from ui.scene3d.rig import STILL, Rig, bind, quaternions
from ui.scene3d.scene import Look, scene_points
from ui.scene3d.theme import rgb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from vtkmodules.vtkCommonDataModel import vtkPolyData
    from vtkmodules.vtkRenderingCore import vtkActor

    from twin_app.machines import MachineType
    from twin_app.shapes import Surface
    from ui.scene3d.request import Request
    from ui.scene3d.rig import Body
    from ui.scene3d.scene import Scene

    Floats = NDArray[np.float64]
    Bytes = NDArray[np.uint8]

_HOVER_LIGHT = 0.16
_STOPPED_DARK = 0.12
_LUMINANCE, _RELIEF, _MIDDLE = np.array((0.2126, 0.7152, 0.0722)), 0.35, 0.6
"""Under an overlay a surface keeps so much of its own light and dark."""
BEACON_M, _LAMP_M = 0.63, 0.42


class Library:
    """Rigs by model and machine type. Shipped models are read at once, people's own behind; a box of the type's size stands in for those."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        """Start empty; `changed` is called from another thread when a model of somebody's own was read."""
        self.loading = Loading(changed)
        self._rigs: dict[tuple[Path | Wanted, str], Rig] = {}
        self._boxes: dict[str, Rig] = {}

    def rig(self, path: Path, kind: MachineType) -> Rig:
        """Return a shipped model bound to a machine type's motions.

        Raises:
            ModelError: it cannot be read.
        """
        if (path, kind.key) not in self._rigs:
            self._rigs[path, kind.key] = bind(read_model(path), kind.motions)
        return self._rigs[path, kind.key]

    def own(self, wanted: Wanted, kind: MachineType) -> tuple[Rig, Model | ModelError | None]:
        """Return what to show for a model of somebody's own, and what is known of it: a box while that is no model, see `Loading.get`."""
        found = self.loading.get(wanted)
        if isinstance(found, Model):
            if (wanted, kind.key) not in self._rigs:
                self._rigs[wanted, kind.key] = bind(found, kind.motions)
            return self._rigs[wanted, kind.key], found
        if kind.key not in self._boxes:
            self._boxes[kind.key] = bind(placeholder.box(kind.footprint_m, kind.height_m), ())
        return self._boxes[kind.key], found


class Troupe:
    """All units that share a model: one rig, one instanced mesh a body."""

    def __init__(self, rig: Rig, rows: NDArray[np.int64], scene: Scene) -> None:
        """Make the copies for the units in `rows`."""
        self.rig = rig
        self.rows = rows
        self._bases = scene.bases()[rows]
        self._phase: Floats | None = None
        self.bodies = [(body, Instances(_mesh(body), len(rows))) for body in rig.bodies]
        for _, copies in self.bodies:
            copies.place(self._bases)

    def stand(self, bases: Floats) -> None:
        """Put the units where they are now; what moves on them follows at once."""
        if np.array_equal(self._bases, bases[self.rows]):
            return
        self._bases = bases[self.rows]
        for body, copies in self.bodies:
            if body.mover == STILL:
                copies.place(self._bases)
        phase, self._phase = self._phase, None
        if phase is not None:
            self._move(phase)

    def pose(self, phases: Floats) -> None:
        """Move what moves; does nothing when no phase of these units changed."""
        phase = phases[self.rows]
        if not self.rig.movers or (self._phase is not None and np.array_equal(phase, self._phase, equal_nan=True)):
            return
        self._move(phase)

    def _move(self, phase: Floats) -> None:
        self._phase = phase.copy()
        places = self._bases[:, None] @ self.rig.displacements(phase)
        turns = quaternions(places[:, :, :3, :3].reshape(-1, 3, 3)).reshape(*places.shape[:2], 4)
        for body, copies in self.bodies:
            if body.mover != STILL:
                copies.put(places[:, body.mover, :3, 3], turns[:, body.mover])

    def paint(self, request: Request, gamma: float) -> None:
        """Colour every body by its surface, the unit's look or an overlay, and whether the pointer is on it."""
        heat = request.heat or ("",) * len(request.looks)
        for body, copies in self.bodies:
            tone = request.theme.tone(np.array(body.surface.colour))
            colours = [
                _unit_colour(_heated(tone, heat[row]) ** gamma, body.surface, _told(request.looks[row], heat[row]), request.hovered == row)
                for row in self.rows
            ]
            copies.paint(np.array(colours, dtype=np.uint8))


def _mesh(body: Body) -> vtkPolyData:
    return polydata(body.positions, body.triangles, body.normals)


def _heated(tone: Floats, heat: str) -> Floats:
    """Return a surface's colour under an overlay: its light and dark in the overlay's colour."""
    if heat in {"", "?"}:
        return tone
    bright = float(tone @ _LUMINANCE)
    return np.clip(rgb(heat) * (1.0 - _RELIEF + _RELIEF * bright / _MIDDLE), 0.0, 1.0)


def _told(look: Look, heat: str) -> Look:
    """Return what a unit is hatched by: its look, or an overlay that does not know it."""
    return Look.UNKNOWN if heat == "?" else look


def _unit_colour(tone: Floats, surface: Surface, look: Look, hovered: bool) -> tuple[int, int, int, int]:  # noqa: FBT001 - one of four facts about the copy
    shade = tone * (1.0 - _STOPPED_DARK) if look is Look.STOPPED else tone
    lit = shade + (1.0 - shade) * _HOVER_LIGHT if hovered else shade
    red, green, blue = (round(255 * float(part)) for part in lit)
    opaque = HATCHED if look is Look.UNKNOWN else 255
    return red, green, blue, opaque if surface.opacity == 1 else round(255 * surface.opacity)


def _at_feet(bases: Floats, local: Floats) -> Floats:
    """Return the frames of beacons that stand at points of their machines."""
    places = bases.copy()
    places[:, :3, 3] = scene_points(bases, local)
    return places


class Cast:
    """Every machine of a scene with its beacon."""

    def __init__(self, scene: Scene, library: Library) -> None:
        """Take the models that are there and place the copies."""
        self._scene = scene
        types = scene.types()
        self.boxes = np.zeros((len(scene.units), 2, 3))
        owned: dict[Wanted, Model | ModelError | None] = {}
        groups: dict[int, tuple[Rig, list[int]]] = {}
        for row, (unit, kind) in enumerate(zip(scene.units, types, strict=True)):
            if unit.model_file is None:
                rig = library.rig(machine_model(kind.model), kind)
            else:
                wanted = Wanted(unit.model_file, unit.fit())
                rig, owned[wanted] = library.own(wanted, kind)
            groups.setdefault(id(rig), (rig, []))[1].append(row)
        self.troupes = [Troupe(rig, np.array(rows), scene) for rig, rows in groups.values()]
        for troupe in self.troupes:
            self.boxes[troupe.rows] = troupe.rig.envelope()
        self.problems = tuple(found for found in owned.values() if isinstance(found, ModelError))
        self.loading = tuple(wanted.path.name for wanted, found in owned.items() if found is None)
        """The models that are still being read: boxes stand in for them."""
        self._beacons = self._beacon_rigs(library, types)
        # A label must not hide the beacon, and a click on it means the machine.
        self.boxes[:, 1, 2] = np.maximum(self.boxes[:, 1, 2], self._beacon_feet[:, 2] + BEACON_M)

    def _beacon_rigs(self, library: Library, types: Sequence[MachineType]) -> list[tuple[Body, Instances]]:
        rig = library.rig(machine_model("stack_light.glb"), types[0]) if types else None
        local = np.array([kind.beacon_m for kind in types], dtype=np.float64).reshape(-1, 3)
        # A user's own model is of unknown shape: its beacon stands on top of its box.
        for row, unit in enumerate(self._scene.units):
            if unit.model_file is not None:
                local[row] = (*self.boxes[row].mean(axis=0)[:2], self.boxes[row, 1, 2])
        self._beacon_feet = local
        self.beacons = scene_points(self._scene.bases(), local + np.array((0.0, 0.0, _LAMP_M)))
        beacons = [(body, Instances(_mesh(body), len(types))) for body in (rig.bodies if rig else ())]
        for _, copies in beacons:
            copies.place(_at_feet(self._scene.bases(), local))
        return beacons

    def stand(self, bases: Floats) -> None:
        """Put all machines and their beacons where they are now."""
        for troupe in self.troupes:
            troupe.stand(bases)
        self.beacons = scene_points(bases, self._beacon_feet + np.array((0.0, 0.0, _LAMP_M)))
        for _, copies in self._beacons:
            copies.place(_at_feet(bases, self._beacon_feet))

    def moving(self) -> Iterator[Instances]:
        """Yield the meshes that move by themselves, and the glass one sees them through."""
        for troupe in self.troupes:
            for body, instances in troupe.bodies:
                if body.mover != STILL or body.surface.opacity < 1:
                    yield instances

    def periods(self) -> Floats:
        """Return each unit's shortest motion in products, at most the one that bottles on a belt move on by; shape (n,)."""
        shortest = np.ones(len(self._scene.units))
        for troupe in self.troupes:
            shortest[troupe.rows] = min(troupe.rig.shortest_period(), 1.0)
        return shortest

    def copies(self) -> Iterator[tuple[Surface, Instances]]:
        """Yield every instanced mesh with its surface."""
        for troupe in self.troupes:
            for body, instances in troupe.bodies:
                yield body.surface, instances
        for body, instances in self._beacons:
            yield body.surface, instances

    def actors(self) -> list[vtkActor]:
        """Return what the renderer shows."""
        return [instances.actor for _, instances in self.copies()]

    def pose(self, phases: Floats) -> None:
        """Move all machines to their phases."""
        for troupe in self.troupes:
            troupe.pose(phases)

    def paint(self, request: Request, gamma: float) -> None:
        """Colour all machines and beacons; `gamma` turns sRGB into what the finish computes with (see `finish.gamma`)."""
        looks, theme = request.looks, request.theme
        for troupe in self.troupes:
            troupe.paint(request, gamma)
        for body, instances in self._beacons:
            lamp = body.surface.name.removeprefix("lamp_")
            colours = np.empty((len(looks), 4))
            colours[:, :3] = theme.tone(np.array(body.surface.colour)) ** gamma
            colours[:, 3] = [HATCHED / 255 if look is Look.UNKNOWN else 1.0 for look in looks]
            if lamp in LAMPS:
                colours[:, :3] = [rgb(lamp_colour(look, lamp, theme)) for look in looks]
            instances.paint(np.round(colours * 255).astype(np.uint8))
