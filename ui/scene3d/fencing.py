"""The fences of a scene: instanced panels at the detail that their size in the picture asks for. VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models3d import machine_model
from twin_app.machines import machine_type
from ui.scene3d import premises
from ui.scene3d.coarse import level
from ui.scene3d.rig import ground
from ui.scene3d.staged import HIDDEN, Staged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.shapes import Surface
    from ui.scene3d.cast import Library
    from ui.scene3d.instances import Instances
    from ui.scene3d.request import Request
    from ui.scene3d.scene import Scene
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]

_HIGH_M, _REACH_M = 2.0, 1.5


class Fencing:
    """They stand still, and nobody works on them."""

    def __init__(self, scene: Scene, library: Library) -> None:
        """Put up the panels; `focus` makes the copies."""
        floor_z = float(min((unit.z_m for unit in scene.units), default=0.0))
        panels = premises.panels(scene.fences, floor_z)
        self._middles: Floats = panels.transforms[:, :3, 3] + (0.0, 0.0, _HIGH_M / 2)
        rig = library.rig(machine_model("fence.glb"), machine_type("machine"))
        self._staged = Staged(rig.bodies_at, np.empty((0, 3)), len(panels.sizes), panels.sizes)
        self._places = ground(panels.transforms)

    def focus(self, request: Request) -> bool:
        """Choose each panel's level of detail. True: there are new meshes."""
        if not len(self._middles):
            return False
        camera, size = request.camera, (float(request.size[0]), float(request.size[1]))
        x, y, depth = camera.project(self._middles, size).T
        near = depth <= _REACH_M
        metre_px = np.where(near, np.inf, np.abs(camera.project(self._middles + camera.axes()[0], size)[:, 0] - x))
        wide = metre_px * _REACH_M
        outside = (x < -wide) | (y < -wide) | (x > size[0] + wide) | (y > size[1] + wide)
        levels = np.where((outside & ~near) | (depth < -_REACH_M), HIDDEN, level(metre_px))
        if not self._staged.changes(levels):
            return False
        new = self._staged.split(levels)
        self._staged.put_still(*self._places)
        return new

    def copies(self) -> list[tuple[Surface, Instances]]:
        """Return every mesh made so far with its surface."""
        return [(body.surface, copies) for body, copies in self._staged.copies()]

    def paint(self, theme: SceneTheme, gamma: float) -> None:
        """Colour everything by its surface."""
        for surface, copies in self.copies():
            tone = np.array((*theme.tone(np.array(surface.colour)) ** gamma, surface.opacity))
            copies.fill(np.round(tone * 255).astype(np.uint8))
