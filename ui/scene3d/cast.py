"""The machines on stage: loads models once, instances their bodies, and updates poses and colours from a request. VTK."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from models3d import machine_model
from twin_app.errors import ModelError
from twin_app.machines import machine_type
from twin_app.shapes import Model, read_model
from ui.scene3d import placeholder
from ui.scene3d.body import STILL
from ui.scene3d.coarse import level
from ui.scene3d.loading import Loading, Wanted
from ui.scene3d.marks import LAMPS, lamp_colour
from ui.scene3d.paint import HATCHED, Paint, picked, same
from ui.scene3d.rig import Rig, bind, ground
from ui.scene3d.scene import CODES, Look, scene_points
from ui.scene3d.staged import HIDDEN, Staged
from ui.scene3d.theme import rgb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from twin_app.machines import MachineType
    from twin_app.shapes import Surface
    from ui.scene3d.instances import Instances
    from ui.scene3d.request import Request
    from ui.scene3d.rig import Ground
    from ui.scene3d.scene import Scene
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]
    Bytes = NDArray[np.uint8]

_BEACON = "stack_light.glb"
BEACON_M, _LAMP_M = 0.63, 0.42
_MARK_M = 1.0
"""Rings, beacons and goods reach so far beyond a machine's box."""


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
    """All units that share a model: one rig, one instanced mesh a body and level of detail."""

    def __init__(self, rig: Rig, rows: NDArray[np.int64], bases: Floats) -> None:
        """Make room for the units in `rows`; `split` makes the copies."""
        self.rig = rig
        self.rows = rows
        self._bases = bases[rows]
        self._ground = ground(self._bases, exact=False)
        self._phase: Floats = np.full(len(rows), np.nan)
        self._painted: list[object] = []
        self.staged = Staged(rig.bodies_at, rig.rests[:, :3, 3], len(rows))

    def split(self, levels: NDArray[np.int64]) -> bool:
        """Show each of all units at its level of detail; paint them then. True: new meshes were made."""
        if not self.staged.changes(levels[self.rows]):
            return False
        new = self.staged.split(levels[self.rows])
        self._painted = []
        self._move()
        return new

    def stand(self, bases: Floats) -> None:
        """Put the units where they are now; what moves on them follows at once."""
        if not np.array_equal(self._bases, bases[self.rows]):
            self._bases = bases[self.rows]
            self._ground = ground(self._bases, exact=False)
            self._move()

    def pose(self, phases: Floats) -> None:
        """Move what moves; does nothing when no phase of these units changed."""
        phase = phases[self.rows]
        if self.rig.movers and not np.array_equal(phase, self._phase, equal_nan=True):
            self._phase = phase
            self.staged.put(*self.rig.poses(phase, self._ground))

    def _move(self) -> None:
        self.staged.put_still(*self._ground)
        self.staged.put(*self.rig.poses(self._phase, self._ground))

    def paint(self, paint: Paint) -> None:
        """Colour every body by its surface, the unit's look or an overlay, and whether the pointer is on it."""
        facts = paint.facts(self.rows)
        if not self._painted or not same(self._painted, facts):
            self.staged.paint(lambda surface, rows: paint.colours(surface, self.rows[rows]))
            self._painted = facts


class Beacons:
    """The stack lights of all units."""

    def __init__(self, rig: Rig, feet: Floats, bases: Floats) -> None:
        """Stand them at points of their machines, shape (n, 3)."""
        self._feet, self._looks = feet, np.empty(0, dtype=np.uint8)
        self._theme: SceneTheme | None = None
        self._ground = self._at(bases)
        self.staged = Staged(rig.bodies_at, rig.rests[:, :3, 3], len(feet))

    def split(self, levels: NDArray[np.int64]) -> bool:
        """Show each at its level of detail; True: new meshes were made."""
        if not self.staged.changes(levels):
            return False
        new = self.staged.split(levels)
        self._theme = None
        self.staged.put_still(*self._ground)
        return new

    def stand(self, bases: Floats) -> None:
        """Take them along with their machines."""
        self._ground = self._at(bases)
        self.staged.put_still(*self._ground)

    def paint(self, codes: Bytes, theme: SceneTheme, gamma: float) -> None:
        """Let the lamps shine as the looks say."""
        if self._theme is theme and np.array_equal(codes, self._looks):
            return
        self._theme, self._looks = theme, codes
        self.staged.paint(lambda surface, rows: picked(_lamp_table(surface, theme, gamma), codes[rows].astype(np.int64)))

    def _at(self, bases: Floats) -> Ground:
        places = bases.copy()
        places[:, :3, 3] = scene_points(bases, self._feet)
        return ground(places)


@lru_cache(maxsize=64)
def _lamp_table(surface: Surface, theme: SceneTheme, gamma: float) -> Bytes:
    """Return the RGBA of one of a beacon's surfaces for each look, shape (looks, 4)."""
    lamp = surface.name.removeprefix("lamp_")
    colours = np.ones((len(CODES), 4))
    for look, code in CODES.items():
        colours[code, :3] = rgb(lamp_colour(look, lamp, theme)) if lamp in LAMPS else theme.tone(np.array(surface.colour)) ** gamma
    colours[CODES[Look.UNKNOWN], 3] = HATCHED / 255
    return np.round(colours * 255).astype(np.uint8)


class Cast:
    """Every machine of a scene with its beacon."""

    def __init__(self, scene: Scene, library: Library) -> None:
        """Take the models that are there."""
        self._scene = scene
        types, bases = scene.types(), scene.bases()
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
        self.troupes = [Troupe(rig, np.array(rows), bases) for rig, rows in groups.values()]
        for troupe in self.troupes:
            self.boxes[troupe.rows] = troupe.rig.envelope()
        self.problems = tuple(found for found in owned.values() if isinstance(found, ModelError))
        self.loading = tuple(wanted.path.name for wanted, found in owned.items() if found is None)
        """The models that are still being read: boxes stand in for them."""
        self._feet = self._beacon_feet(types)
        # Without machines any type will do: there are no copies.
        self._beacons = Beacons(library.rig(machine_model(_BEACON), machine_type("")), self._feet, bases)
        self.beacons = scene_points(bases, self._feet + np.array((0.0, 0.0, _LAMP_M)))
        # A label must not hide the beacon, and a click on it means the machine.
        self.boxes[:, 1, 2] = np.maximum(self.boxes[:, 1, 2], self._feet[:, 2] + BEACON_M)

    def _beacon_feet(self, types: Sequence[MachineType]) -> Floats:
        """Return where beacons stand in their machines' frames, shape (n, 3)."""
        local = np.array([kind.beacon_m for kind in types], dtype=np.float64).reshape(-1, 3)
        # A user's own model is of unknown shape: its beacon stands on top of its box.
        for row, unit in enumerate(self._scene.units):
            if unit.model_file is not None:
                local[row] = (*self.boxes[row].mean(axis=0)[:2], self.boxes[row, 1, 2])
        return local

    def split(self, levels: NDArray[np.int64]) -> bool:
        """Show each machine at its level of detail; paint them then. True: new meshes were made."""
        made = [troupe.split(levels) for troupe in self.troupes]
        return any([self._beacons.split(levels), *made])

    def levels(self, request: Request) -> NDArray[np.int64]:
        """Return each machine's level of detail by its size in the picture, HIDDEN for what lies outside."""
        camera, size = request.camera, (float(request.size[0]), float(request.size[1]))
        middles = scene_points(request.bases(), self.boxes.mean(axis=1))
        reach = np.linalg.norm(np.ptp(self.boxes, axis=1), axis=1) / 2.0 + _MARK_M
        x, y, depth = camera.project(middles, size).T
        aside = camera.project(middles + camera.axes()[0], size)[:, 0]
        near = depth <= reach
        metre_px = np.where(near, np.inf, np.abs(aside - x))
        wide = metre_px * reach
        outside = (x < -wide) | (y < -wide) | (x > size[0] + wide) | (y > size[1] + wide)
        return np.where((outside & ~near) | (depth < -reach), HIDDEN, level(metre_px))

    def stand(self, bases: Floats) -> None:
        """Put all machines and their beacons where they are now."""
        for troupe in self.troupes:
            troupe.stand(bases)
        self.beacons = scene_points(bases, self._feet + np.array((0.0, 0.0, _LAMP_M)))
        self._beacons.stand(bases)

    def moving(self) -> Iterator[Instances]:
        """Yield the meshes that move by themselves, and the glass one sees them through."""
        for troupe in self.troupes:
            for body, instances in troupe.staged.copies():
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
        for staged in (*(troupe.staged for troupe in self.troupes), self._beacons.staged):
            for body, instances in staged.copies():
                yield body.surface, instances

    def pose(self, phases: Floats) -> None:
        """Move all machines to their phases."""
        for troupe in self.troupes:
            troupe.pose(phases)

    def paint(self, request: Request, codes: Bytes, gamma: float) -> None:
        """Colour all machines and beacons; `gamma` turns sRGB into what the finish computes with (see `finish.gamma`)."""
        paint = Paint(codes, request.heat, request.hovered, request.theme, gamma)
        for troupe in self.troupes:
            troupe.paint(paint)
        self._beacons.paint(codes, request.theme, gamma)
