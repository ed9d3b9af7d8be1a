"""Light, background, floor and rings: what machines and conveyors stand on and in. VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor, vtkLight, vtkPolyDataMapper, vtkRenderer, vtkTexture

from ui.scene3d import ground, premises
from ui.scene3d.arrays import copied, image, polydata
from ui.scene3d.instances import PaintedShape
from ui.scene3d.scene import corners
from ui.scene3d.theme import rgb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ui.scene3d.flow import Flow
    from ui.scene3d.scene import Scene
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]

# Direction towards the light (right, back, up as seen by the eye) and strength: key from the upper left, fill, rim from behind.
_LIGHTS = (((-0.45, 0.25, 0.9), 0.56), ((0.85, 0.05, 0.55), 0.36), ((0.1, 0.9, -0.3), 0.16))


def light(renderer: vtkRenderer) -> None:
    """Hang the three lights; they follow the eye, so that no side of a machine is ever black."""
    renderer.AutomaticLightCreationOff()
    renderer.RemoveAllLights()
    for position, strength in _LIGHTS:
        lamp = vtkLight()
        lamp.SetLightTypeToCameraLight()
        lamp.SetPosition(*position)
        lamp.SetFocalPoint(0, 0, 0)
        lamp.SetIntensity(strength)
        renderer.AddLight(lamp)


class Hall:
    """The floor of a scene in one theme; made anew when either changes."""

    def __init__(self, scene: Scene, boxes: Floats, laid: Sequence[Flow], theme: SceneTheme) -> None:
        """Paint the floor."""
        extent = ground.extent(corners(boxes, scene.bases()).reshape(-1, 3))
        self.extent = extent.reaching(premises.reach(scene))
        layers = (
            ground.floor(self.extent, theme),
            ground.grid(self.extent, theme),
            *(() if scene.aisles else (ground.aisles(self.extent, theme),)),
            premises.lanes(scene, self.extent.floor_z, theme),
            ground.belt_shadows(laid, theme),
        )
        self._layers = [PaintedShape(layer) for layer in layers]
        self._signs = [_sign(scene.sign, ground.sign_corners(self.extent, _proportion(scene.sign)), theme)]
        for aisle, name in zip(scene.aisles, scene.names, strict=True):
            places = premises.name_places(aisle, _proportion(name), self.extent.floor_z)
            self._signs += [_sign(name, place, theme) for place in places]

    def actors(self) -> list[vtkActor]:
        """Return the layers in the order they must be drawn."""
        return [*(layer.actor for layer in self._layers), *self._signs]


def _proportion(letters: NDArray[np.uint8]) -> float:
    """Return how wide letters are for their height."""
    height, width = letters.shape
    return float(width / height)


def _sign(letters: NDArray[np.uint8], place: Floats, theme: SceneTheme) -> vtkActor:
    """Return letters painted on four corners of the floor, shape (4, 3)."""
    height, width = letters.shape
    data = polydata(place, np.array([[0, 1, 2], [0, 2, 3]]))
    data.GetPointData().SetTCoords(copied(np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=np.float32)))
    pixels = np.empty((height, width, 4), dtype=np.uint8)
    pixels[..., :3] = np.round(rgb(theme.aisle) * 255)
    pixels[..., 3] = letters[::-1]
    texture = vtkTexture()
    texture.SetInputData(image(pixels))
    texture.SetColorModeToDirectScalars()
    texture.InterpolateOn()
    texture.MipmapOn()
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(data)
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.SetTexture(texture)
    actor.GetProperty().LightingOff()
    actor.ForceTranslucentOn()
    return actor


def background(renderer: vtkRenderer, theme: SceneTheme) -> None:
    """Paint the hall behind the floor: a soft gradient."""
    renderer.GradientBackgroundOn()
    renderer.SetBackground(*rgb(theme.hall))
    renderer.SetBackground2(*rgb(theme.sky))
