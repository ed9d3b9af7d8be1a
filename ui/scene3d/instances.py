"""Many copies of one mesh in one draw call: places, turns, sizes and colours are arrays updated in place. VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkGlyph3DMapper, vtkPolyDataMapper

from ui.scene3d.arrays import polydata, shared

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ui.scene3d.ground import Painted

    Floats = NDArray[np.float64]
    Bytes = NDArray[np.uint8]

_LIGHT_OF_NORMAL = """float lightHere = min(1.0, length(normalVCVSOutput));
  //VTK::Normal::Impl
"""
_HATCH_SHADER = """
  if (vertexColorVSOutput.a < 0.998 && vertexColorVSOutput.a > 0.99) {
    float stripe = mod(gl_FragCoord.x + gl_FragCoord.y, 9.0);
    fragOutput0.rgb = mix(fragOutput0.rgb, hatchColour, stripe < 4.0 ? 0.82 : 0.25);
  }
"""


def taken(table: Floats, rows: NDArray[np.int64] | slice) -> Floats:
    """Return rows of a table, shape (n, m): numpy takes whole rows by number much faster than it indexes."""
    return table[rows] if isinstance(rows, slice) else table.take(rows, axis=0)


class Stance:
    """Where copies stand and how they are turned: kept once for all meshes that move together."""

    def __init__(self, room: int) -> None:
        """Make room for so many copies; all of them stand at the origin."""
        self.places = np.zeros((room, 3), dtype=np.float32)
        self.turns = np.tile(np.array((1, 0, 0, 0), dtype=np.float32), (room, 1))
        self.count = room
        self.points = vtkPoints()
        self.meshes: list[Instances] = []
        # VTK reads these arrays where they lie, so they live as long as it does and are only ever written in place.
        self.shared_places, self.shared_turns = shared(self.places), shared(self.turns)
        self.shared_turns.SetName("turn")
        self.points.SetData(self.shared_places)

    def put(self, points: Floats, turns: Floats) -> None:
        """Have just as many copies as there are points, shape (n, 3), turned by unit quaternions, shape (n, 4)."""
        count = min(len(points), len(self.places))
        self.places[:count] = points[:count]
        self.turns[:count] = turns[:count]
        self.show(count)
        self.touch()

    def show(self, count: int) -> None:
        """Have only the first `count` of all copies."""
        if count != self.count:
            self.count = count
            for array in (self.shared_places, self.shared_turns, *(array for mesh in self.meshes for array in mesh.shared)):
                array.SetNumberOfTuples(count)
            self.touch()

    def touch(self) -> None:
        """Say that the arrays were written."""
        for array in (self.shared_places, self.shared_turns, self.points):
            array.Modified()
        for mesh in self.meshes:
            mesh.touch()


class Instances:
    """Copies of one mesh; `actor` is what a renderer shows."""

    def __init__(self, mesh: vtkPolyData, stance: int | Stance, *, sized: bool = False) -> None:
        """Make copies where a stance says, or a number of them with a stance of their own; `sized` ones may be stretched."""
        self.stance = stance if isinstance(stance, Stance) else Stance(stance)
        room = len(self.stance.places)
        self._sizes = np.ones((room, 3), dtype=np.float32) if sized else None
        self._colours = np.full((room, 4), 255, dtype=np.uint8)
        self._data = vtkPolyData()
        self._data.SetPoints(self.stance.points)
        self.shared = [shared(self._colours)]
        """Arrays of its own, as many rows of them as the stance has copies."""
        self.shared[0].SetName("colour")
        if self._sizes is not None:
            self.shared.append(shared(self._sizes))
            self.shared[1].SetName("size")
        for array in (self.stance.shared_turns, *self.shared):
            self._data.GetPointData().AddArray(array)
        for array in self.shared:
            array.SetNumberOfTuples(self.stance.count)
        self.stance.meshes.append(self)
        self.actor = vtkActor()
        self.actor.SetMapper(self._mapper(mesh))

    def _mapper(self, mesh: vtkPolyData) -> vtkGlyph3DMapper:
        mapper = vtkGlyph3DMapper()
        mapper.SetInputData(self._data)
        mapper.SetSourceData(mesh)
        mapper.SetOrientationArray("turn")
        mapper.SetOrientationModeToQuaternion()
        if self._sizes is None:
            mapper.ScalingOff()
        else:
            mapper.SetScaleArray("size")
            mapper.SetScaleModeToScaleByVectorComponents()
        mapper.SetScalarModeToUsePointFieldData()
        mapper.SelectColorArray("colour")
        mapper.SetColorModeToDirectScalars()
        mapper.ScalarVisibilityOn()
        return mapper

    def shade(self, hatch: Floats | None = None) -> None:
        """Darken each corner as far as its normal is short of 1; draw copies marked `paint.HATCHED` with stripes of a colour, where one is given."""
        code = "//VTK::Light::Impl\n  fragOutput0.rgb *= lightHere;\n"
        if hatch is not None:
            red, green, blue = (f"{part:.4f}" for part in hatch)
            code += _HATCH_SHADER.replace("hatchColour", f"vec3({red}, {green}, {blue})")
        self._finish(code)

    def lay(self) -> None:
        """Show the plain colours, no light on them, at each corner as opaque as its normal is long: paint on a floor."""
        self._finish("//VTK::Light::Impl\n  fragOutput0 = vec4(vertexColorVSOutput.rgb, vertexColorVSOutput.a * lightHere);\n")
        # Drawn in the order they were added, blending over each other without fighting for depth.
        self.actor.ForceTranslucentOn()

    def flat(self) -> None:
        """Show the plain colours, no light on them and nothing seen through: a mask."""
        self._finish("//VTK::Light::Impl\n  fragOutput0 = vec4(vertexColorVSOutput.rgb, 1.0);\n")
        self.actor.ForceOpaqueOn()

    def _finish(self, code: str) -> None:
        shader = self.actor.GetShaderProperty()
        shader.ClearAllFragmentShaderReplacements()
        shader.AddFragmentShaderReplacement("//VTK::Normal::Impl", True, _LIGHT_OF_NORMAL, False)
        shader.AddFragmentShaderReplacement("//VTK::Light::Impl", True, code, False)

    def stretch(self, sizes: Floats) -> None:
        """Stretch `sized` copies along their own axes, shape (n, 3)."""
        if self._sizes is not None:
            self._sizes[: len(sizes)] = sizes
            self.shared[1].Modified()
            self.touch()

    def paint(self, colours: Bytes) -> None:
        """Give each copy that is shown its RGBA, shape (n, 4)."""
        self._colours[: self.stance.count] = colours
        self.shared[0].Modified()
        self.touch()

    def fill(self, colour: Bytes) -> None:
        """Give all copies one RGBA, those too that are not shown yet."""
        self._colours[:] = colour
        self.shared[0].Modified()
        self.touch()

    def touch(self) -> None:
        """Say that something about the copies has changed."""
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

    def put(self, positions: Floats, opacity: Bytes) -> None:
        """Put every corner elsewhere, shape (n, 3), as opaque as told, shape (n,)."""
        self._colours[:, 3] = opacity
        self._shared.Modified()
        self.move(np.arange(len(positions)), positions)

    def paint(self, colours: Bytes) -> None:
        """Give every corner its RGBA anew."""
        self._colours[:] = colours
        self._shared.Modified()
        self._data.Modified()
