"""Turns a request into a picture. Owns every VTK object and must live in one thread from its making to its closing."""

from __future__ import annotations

import typing
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from ui.scene3d import flow, stage, trails
from ui.scene3d.backdrop import Backdrop
from ui.scene3d.cast import Cast, Library
from ui.scene3d.fencing import Fencing
from ui.scene3d.finish import dress, gamma, set_effects
from ui.scene3d.freight import Conveyors, Freight
from ui.scene3d.instances import PaintedShape
from ui.scene3d.request import Picture, Profile, Request, low_profile
from ui.scene3d.rings import Rings
from ui.scene3d.scene import codes_of
from ui.scene3d.silhouette import Silhouettes
from ui.scene3d.stride import Stride
from ui.scene3d.theme import rgb
from ui.scene3d.window import graphics_name, open_window, read_pixels

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLRenderWindow

    from twin_app.shapes import Surface
    from ui.scene3d.instances import Instances
    from ui.scene3d.scene import Scene

    Floats = NDArray[np.float64]

_VEHICLE_M = 10.0
_TALLEST_M = 30.0
_OVER_FLOOR_M = 0.003


class SceneRenderer:
    """Draws requests off-screen, rebuilding only what changed since the last one."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        """Open an OpenGL window; `changed` is called from another thread when the same request would give another picture.

        Raises:
            GraphicsError: there is no OpenGL.
        """
        self._window = open_window()
        self.graphics = graphics_name(self._window)
        self._renderer = vtkRenderer()
        self._window.AddRenderer(self._renderer)
        # They ask every mesh for its bounds at every picture, which costs by the copy; what is outside is left out already.
        self._renderer.GetCullers().RemoveAllItems()
        self._silhouettes = Silhouettes(self._window, self._renderer)
        stage.light(self._renderer)
        self._pixels = vtkUnsignedCharArray()
        self._library = Library(changed)
        self._read = 0
        self._backdrop = Backdrop(typing.cast("vtkOpenGLRenderWindow", self._window), self._renderer)
        self._last: Request | None = None
        self._codes: NDArray[np.uint8] = np.empty(0, dtype=np.uint8)
        self._counted: Floats = np.empty(0)

    def render(self, request: Request) -> Picture:
        """Return the picture of a request."""
        start = perf_counter()
        self.prepare(request)
        self._draw(request)
        pixels = read_pixels(self._window, self._pixels)
        self._silhouettes.draw(request, self._cast, self._phases, self._levels, pixels)
        self._last = request
        elapsed_ms = (perf_counter() - start) * 1e3
        cast = self._cast
        return Picture(request, pixels, cast.boxes, cast.beacons, cast.problems, self.graphics, elapsed_ms, cast.loading)

    def prepare(self, request: Request) -> None:
        """Bring everything that is drawn up to a request."""
        last = self._last
        # Asked before the models: one that comes meanwhile is found at the next picture.
        read = self._library.loading.read
        new_scene = last is None or last.scene is not request.scene or read != self._read
        self._read = read
        if new_scene:
            self._open(request.scene)
            last = self._last = None
        grown = self._focus(request)
        if last is None or grown or (last.theme, last.profile) != (request.theme, request.profile):
            self._furnish(request)
        phases = self._phases = self._stride.shown(request.phases, running=request.onward)
        self._update(request, phases, self._belt_stride.shown(request.phases, running=request.onward))
        if self._last is None or self._last.camera != request.camera or not request.same_places(self._last):
            self._look_through(request)
        if self._window.GetSize() != request.size:
            self._window.SetSize(*request.size)

    def _open(self, scene: Scene) -> None:
        """Take another scene, or other models of the same."""
        self._levels = np.empty(0, dtype=np.int64)
        self._cast = Cast(scene, self._library)
        self._flows = flow.lay(scene)
        self._conveyors = Conveyors(self._flows, self._library)
        self._freight = Freight(scene, self._flows, self._library)
        self._fencing = Fencing(scene, self._library)
        self._stride = Stride(self._cast.periods())
        self._belt_stride = Stride(_belt_periods(self._flows, len(scene.units)))

    def _focus(self, request: Request) -> bool:
        """Choose the levels of detail where what decides them has changed; True: there are new meshes."""
        last = self._last
        if last is not None and (last.camera, last.size) == (request.camera, request.size) and request.same_places(last):
            return False
        fenced = self._fencing.focus(request)
        levels = self._cast.levels(request)
        if np.array_equal(levels, self._levels):
            return fenced
        self._levels = levels
        self._counted = np.empty(0)
        if self._last is not None:
            self._rings.split(levels)
        made = [group.split(levels) for group in (self._cast, self._conveyors, self._freight)]
        self._conveyors.paint(request.theme, gamma(low=self._is_low(request.profile)))
        return fenced or any(made)

    def close(self) -> None:
        """Give the OpenGL window back; nothing can be drawn afterwards."""
        self._library.loading.close()
        self._silhouettes.close()
        self._backdrop.close()
        self._renderer.RemoveAllViewProps()
        self._window.RemoveRenderer(self._renderer)
        self._window.Finalize()

    def _draw(self, request: Request) -> None:
        """Draw as much as the request needs: where a graphics card draws, everything."""
        low = self._is_low(request.profile)
        # Vehicles on the move take their shadows and rings along: then nothing stands still for long.
        driving = self._last is not None and not request.same_places(self._last)
        if low and request.running and not (request.draft or driving):
            self._backdrop.draw_moving(request)
        else:
            self._backdrop.draw_whole(smooth=not (low and (request.draft or request.running)))

    def _furnish(self, request: Request) -> None:
        """Put everything into the room anew, in the order it must be drawn."""
        low = self._is_low(request.profile)
        theme = request.theme
        self._renderer.RemoveAllViewProps()
        self._hall = stage.Hall(request.scene, self._cast.boxes, self._flows, theme)
        self._rings = Rings(self._cast.boxes, request.bases(), self._levels, theme)
        self._wakes = PaintedShape(trails.blank(len(request.scene.vehicles()), theme))
        floor = [*self._hall.actors(), self._wakes.actor, *self._rings.actors()]
        for actor in floor:
            self._renderer.AddActor(actor)
        for surface, copies in self._copies():
            dress(copies, surface, rgb(theme.floor), low=low)
            self._renderer.AddActor(copies.actor)
        stage.background(self._renderer, theme)
        set_effects(self._renderer, theme, low=low)
        self._conveyors.paint(theme, gamma(low=low))
        self._fencing.paint(theme, gamma(low=low))
        self._freight.tone(theme, gamma(low=low))
        moving = [copies.actor for copies in (*self._cast.moving(), *(copies for _, copies in self._freight.copies(moving=True)))]
        every = [*floor, *(copies.actor for _, copies in self._copies())]
        self._backdrop.furnish([actor for actor in every if actor not in moving], moving)
        self._last = None

    def _copies(self) -> list[tuple[Surface, Instances]]:
        # Glass last, so that everything behind it is already there.
        goods = (*self._freight.copies(moving=False), *self._freight.copies(moving=True))
        return sorted([*self._cast.copies(), *self._conveyors.copies(), *self._fencing.copies(), *goods], key=lambda pair: -pair[0].opacity)

    def _is_low(self, profile: Profile) -> bool:
        """Tell whether a profile means the plain finish here."""
        return profile is Profile.LOW or (profile is Profile.AUTO and low_profile(self.graphics))

    def _update(self, request: Request, phases: Floats, counted: Floats) -> None:
        last = self._last
        if last is None or not request.same_places(last):
            self._cast.stand(request.bases())
            self._rings.stand(request.bases())
        if request.trails is not None and not request.same_trails(last):
            self._wakes.put(*trails.strips(request.trails, self._hall.extent.floor_z + _OVER_FLOOR_M))
        if last is None or last.looks != request.looks:
            self._codes = codes_of(request.looks)
        self._cast.pose(phases)
        self._carry(request, counted)
        self._cast.paint(request, self._codes, gamma(low=self._is_low(request.profile)))
        self._rings.paint(self._codes, request.selected)

    def _carry(self, request: Request, counted: Floats) -> None:
        """Bring the goods up to date: what moves with what was counted, what stands with what is told."""
        last, bases = self._last, request.bases()
        new_places = last is None or not len(self._counted) or last.looks != request.looks or not request.same_places(last)
        if new_places or not (np.array_equal(self._counted, counted, equal_nan=True) and request.same_levels(last)):
            self._freight.carry(counted, bases, request.levels(), self._codes)
            self._counted = counted
        if new_places or not request.same_stores(last):
            self._freight.fill(request.stores(), bases, self._codes)

    def _look_through(self, request: Request) -> None:
        eye = request.camera
        camera = self._renderer.GetActiveCamera()
        camera.SetParallelProjection(eye.parallel)
        camera.SetParallelScale(eye.half_height_m)
        if not eye.parallel:
            camera.SetViewAngle(eye.field_deg)
        camera.SetPosition(*eye.eye())
        camera.SetFocalPoint(*eye.focus)
        camera.SetViewUp(*eye.axes()[1])
        reach = float(np.linalg.norm(eye.eye() - self._hall.extent.middle)) + self._hall.extent.radius
        # A vehicle may report to be far from the floor that was laid for the line.
        if request.stands is not None:
            reach = max(reach, float(np.linalg.norm(request.stands[:, :3, 3] - eye.eye(), axis=1).max()) + _VEHICLE_M)
        # The eye steps back as its field gets narrow: what it is to see stays as near to its focus.
        camera.SetClippingRange(max(0.05, eye.distance_m * 0.04, eye.eye_m - eye.distance_m - _TALLEST_M), reach * 1.02)


def _belt_periods(flows: Sequence[flow.Flow], units: int) -> Floats:
    """Return for each unit of how many products its belts look alike again: one item, be it given or taken."""
    periods = np.ones(units)
    for laid in flows:
        for rows, ratio in ((laid.sources, laid.given), (laid.targets, laid.taken)):
            np.minimum.at(periods, rows, 1.0 / ratio)
    return periods
