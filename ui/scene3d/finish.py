"""Two finishes of the same room: plain for a processor that draws, physically based for a graphics card. VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkTexture

from ui.scene3d.arrays import image
from ui.scene3d.coarse import LAMP
from ui.scene3d.theme import rgb

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.shapes import Surface
    from ui.scene3d.instances import Instances
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]

_SKY_ROWS, _SKY_COLUMNS = 32, 64
_SKY_STRENGTH = {"light": 0.86, "dark": 1.15}
"""So that tops are a little brighter than the floor, and no machine is white."""


def dress(copies: Instances, surface: Surface, hatch: Floats, *, low: bool) -> None:
    """Give a body its surface, and the stripes it shows when its unit is stale."""
    look = copies.actor.GetProperty()
    if low:
        look.SetInterpolationToPhong()
        look.SetAmbient(0.4)
        look.SetDiffuse(0.8)
        look.SetSpecular(0.05 + 0.25 * (1 - surface.roughness))
        look.SetSpecularPower(18)
    else:
        look.SetInterpolationToPBR()
        look.SetMetallic(surface.metallic)
        look.SetRoughness(max(0.25, surface.roughness))
    if surface.name.startswith(LAMP):
        look.SetAmbient(0.6)
        look.SetDiffuse(0.28)
        look.SetSpecular(0.1)
        look.SetInterpolationToPhong()
    if surface.opacity < 1:
        copies.actor.ForceTranslucentOn()
        copies.shade()
    else:
        copies.actor.ForceOpaqueOn()
        copies.shade(hatch)


def gamma(*, low: bool) -> float:
    """Return the power that turns sRGB into the finish's colours: physically based light is computed in linear colours."""
    return 1.0 if low else 2.2


def set_effects(renderer: vtkRenderer, theme: SceneTheme, *, low: bool) -> None:
    """Switch edge smoothing on, and on a graphics card light from all around and contact darkening."""
    # Floor, shadows and rings lie over each other in a known order; sorting them by depth costs a third of the picture.
    renderer.SetUseOIT(False)
    renderer.SetUseFXAA(True)
    edges = renderer.GetFXAAOptions()
    edges.SetEndpointSearchIterations(4 if low else 12)
    edges.SetUseHighQualityEndpoints(not low)
    renderer.SetUseSSAO(not low)
    renderer.SetUseImageBasedLighting(not low)
    if not low:
        renderer.SetSSAORadius(0.9)
        renderer.SetSSAOBias(0.02)
        renderer.SetSSAOKernelSize(48)
        renderer.SSAOBlurOn()
        renderer.SetEnvironmentUp(0, 0, 1)
        renderer.SetEnvironmentRight(1, 0, 0)
        renderer.SetEnvironmentTexture(_sky(theme))


def _sky(theme: SceneTheme) -> vtkTexture:
    """Return the light of a hall all around: bright above with two rows of lamps, the floor's colour below."""
    up = np.linspace(-1.0, 1.0, _SKY_ROWS)[:, None, None]
    strength = _SKY_STRENGTH[theme.name]
    below, above = rgb(theme.floor) ** 2.2, np.ones(3)
    light = strength * np.where(up < 0, below * 0.6, 0.5 + 0.5 * above * np.clip(up * 1.4, 0, 1))
    pixels = np.broadcast_to(light, (_SKY_ROWS, _SKY_COLUMNS, 3)).astype(np.float32).copy()
    pixels[24:28, ::16] *= 3.0
    texture = vtkTexture()
    texture.SetInputData(image(pixels))
    texture.SetColorModeToDirectScalars()
    texture.MipmapOn()
    texture.InterpolateOn()
    return texture
