"""Many copies of one mesh in one draw call: places, turns, sizes and colours are arrays updated in place. VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkGlyph3DMapper, vtkPolyDataMapper

from ui.scene3d.arrays import polydata, shared
from ui.scene3d.rig import quaternions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ui.scene3d.ground import Painted

    Floats = NDArray[np.float64]
    Bytes = NDArray[np.uint8]

# A copy whose colour is marked with this opacity is drawn hatched: what is known of it is stale.
HATCHED = 254
_LIGHT_OF_NORMAL = """float lightHere = min(1.0, length(normalVCVSOutput));
  //VTK::Normal::Impl
"""
_HATCH_SHADER = """
  if (vertexColorVSOutput.a < 0.998 && vertexColorVSOutput.a > 0.99) {
    float stripe = mod(gl_FragCoord.x + gl_FragCoord.y, 9.0);
    fragOutput0.rgb = mix(fragOutput0.rgb, hatchColour, stripe < 4.0 ? 0.82 : 0.25);
  }
"""


class Instances:
    """Copies of one mesh; `actor` is what a renderer shows."""

    def __init__(self, mesh: vtkPolyData, count: int) -> None:
        """Make `count` copies at the origin."""
        self._places = np.zeros((count, 3), dtype=np.float32)
        self._turns = np.tile(np.array((1, 0, 0, 0), dtype=np.float32), (count, 1))
        self._sizes = np.ones((count, 3), dtype=np.float32)
        self._colours = np.full((count, 4), 255, dtype=np.uint8)
        self._points = vtkPoints()
        self._data = vtkPolyData()
        self._data.SetPoints(self._points)
        self._count = -1
        self.show(count)
        self.actor = vtkActor()
        self.actor.SetMapper(self._mapper(mesh))

    def show(self, count: int) -> None:
        """Draw only the first `count` of all copies."""
        if count == self._count:
            return
        self._count = count
        # VTK reads these arrays where they lie, so they live as long as it does and are only ever written in place.
        self._shared = [shared(array[:count]) for array in (self._places, self._turns, self._sizes, self._colours)]
        self._points.SetData(self._shared[0])
        for array, name in zip(self._shared[1:], ("turn", "size", "colour"), strict=True):
            array.SetName(name)
            self._data.GetPointData().AddArray(array)
        self._touch(0, 1, 2, 3)

    def _mapper(self, mesh: vtkPolyData) -> vtkGlyph3DMapper:
        mapper = vtkGlyph3DMapper()
        mapper.SetInputData(self._data)
        mapper.SetSourceData(mesh)
        mapper.SetOrientationArray("turn")
        mapper.SetOrientationModeToQuaternion()
        mapper.SetScaleArray("size")
        mapper.SetScaleModeToScaleByVectorComponents()
        mapper.SetScalarModeToUsePointFieldData()
        mapper.SelectColorArray("colour")
        mapper.SetColorModeToDirectScalars()
        mapper.ScalarVisibilityOn()
        return mapper

    def shade(self, hatch: Floats | None = None) -> None:
        """Darken each corner as far as its normal is short of 1; draw copies marked HATCHED with stripes of a colour, where one is given."""
        shader = self.actor.GetShaderProperty()
        shader.ClearAllFragmentShaderReplacements()
        shader.AddFragmentShaderReplacement("//VTK::Normal::Impl", True, _LIGHT_OF_NORMAL, False)
        code = "//VTK::Light::Impl\n  fragOutput0.rgb *= lightHere;\n"
        if hatch is not None:
            red, green, blue = (f"{part:.4f}" for part in hatch)
            code += _HATCH_SHADER.replace("hatchColour", f"vec3({red}, {green}, {blue})")
        shader.AddFragmentShaderReplacement("//VTK::Light::Impl", True, code, False)

    def place(self, transforms: Floats, sizes: Floats | None = None) -> None:
        """Put the copies where rigid 4x4 transforms say, each stretched along its own axes."""
        self._places[:] = transforms[:, :3, 3]
        self._turns[:] = quaternions(transforms[:, :3, :3])
        if sizes is not None:
            self._sizes[:] = sizes
        self._touch(0, 1, 2)

    def put(self, points: Floats, turns: Floats) -> None:
        """Put the copies at points, shape (n, 3), turned by unit quaternions, shape (n, 4)."""
        self._places[:] = points
        self._turns[:] = turns
        self._touch(0, 1)

    def stand(self, points: Floats, turns: Floats, colours: Bytes) -> None:
        """Show just as many copies as there are points, shape (n, 3), turned by unit quaternions (n, 4) and of colours (n, 4)."""
        count = min(len(points), len(self._places))
        self._places[:count] = points[:count]
        self._turns[:count] = turns[:count]
        self._colours[:count] = colours[:count]
        self.show(count)
        self._touch(0, 1, 3)

    def paint(self, colours: Bytes) -> None:
        """Give each copy its RGBA."""
        self._colours[:] = colours
        self._touch(3)

    def _touch(self, *numbers: int) -> None:
        for number in numbers:
            self._shared[number].Modified()
        self._points.Modified()
        self._data.Modified()


class PaintedShape:
    """Shapes whose every corner has its own colour and that no light falls on: floor, grid, shadows, rings."""

    def __init__(self, painted: Painted) -> None:
        """Take the shapes; their colours can be changed later."""
        self._colours = np.ascontiguousarray(painted.colours)
        self._shared = shared(self._colours)
        self._data = polydata(painted.positions, painted.cells)
        self._places = np.ascontiguousarray(painted.positions, dtype=np.float32)
        self._points = shared(self._places)
        self._data.GetPoints().SetData(self._points)
        self._data.GetPointData().SetScalars(self._shared)
        mapper = vtkPolyDataMapper()
        mapper.SetInputData(self._data)
        mapper.SetColorModeToDirectScalars()
        self.actor = vtkActor()
        self.actor.SetMapper(mapper)
        self.actor.GetProperty().LightingOff()
        # Drawn in the order they were added, blending over each other without fighting for depth.
        self.actor.ForceTranslucentOn()

    def move(self, rows: NDArray[np.int64], positions: Floats) -> None:
        """Put some of the corners elsewhere, shape (rows, 3)."""
        self._places[rows] = positions
        self._points.Modified()
        self._data.GetPoints().Modified()
        self._data.Modified()

    def paint(self, colours: Bytes) -> None:
        """Give every corner its RGBA anew."""
        self._colours[:] = colours
        self._shared.Modified()
        self._data.Modified()
