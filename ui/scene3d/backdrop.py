"""All that stands still, drawn once and kept with its depth, so that a picture of running machines draws only what moves. VTK.

For a processor that draws: there a picture costs by the triangle and the pixel, and of a hall a few per cent move. Not for graphics cards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLFramebufferObject

from ui.scene3d.window import read_pixels

if TYPE_CHECKING:
    from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer
    from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLRenderWindow

    from ui.scene3d.request import Request

# OpenGL's own numbers: GL_COLOR_BUFFER_BIT, GL_DEPTH_BUFFER_BIT, GL_NEAREST; and VTK_UNSIGNED_CHAR
_COLOUR, _DEPTH, _NEAREST = 0x4000, 0x0100, 0x2600
_BYTES = 3
_POINTS = vtkDataObject.POINT
# OpenGL copies depth only between the same formats, and nobody tells the window's.
_DEPTH_BITS = (32, 24, 16)
_NO_COLOUR_OF_OURS = (1.0, 0.0, 1.0, 1.0)


class Backdrop:
    """The room in two parts. Edges of what stands still are smoothed once; edges of what moves are not, for nobody sees them."""

    def __init__(self, window: vtkOpenGLRenderWindow, renderer: vtkRenderer) -> None:
        """Keep nothing yet."""
        self._window = window
        self._renderer = renderer
        self._kept = vtkOpenGLFramebufferObject()
        self._kept.SetContext(window)
        self._depth_bits: int | None = None
        self._shows: Request | None = None
        self._still: list[vtkActor] = []
        self._moving: list[vtkActor] = []

    def furnish(self, still: list[vtkActor], moving: list[vtkActor]) -> None:
        """Take another room; glass belongs to what moves, for one sees through it."""
        self._still, self._moving = still, moving
        self._shows = None

    def draw_whole(self, *, smooth: bool) -> None:
        """Draw everything."""
        self._draw(still=True, moving=True, smooth=smooth)

    def draw_moving(self, request: Request) -> None:
        """Draw what moves over what stands still, and that only where it differs from the last time."""
        if not request.same_backdrop(self._shows):
            if not self._keep():
                self.draw_whole(smooth=False)
                return
            self._shows = request
        self._copy(self._kept, self._window.GetRenderFramebuffer())
        self._draw(still=False, moving=True, smooth=False)

    def close(self) -> None:
        """Give the memory back."""
        self._kept.ReleaseGraphicsResources(self._window)

    def _draw(self, *, still: bool, moving: bool, smooth: bool) -> None:
        """Draw a part of the room; without what stands still over what is there already."""
        for actors, shown in ((self._still, still), (self._moving, moving)):
            for actor in actors:
                # An empty mesh costs as much as a small one.
                actor.SetVisibility(shown and actor.GetMapper().GetInputDataObject(0, 0).GetNumberOfElements(_POINTS) > 0)
        self._renderer.SetPreserveColorBuffer(not still)
        self._renderer.SetPreserveDepthBuffer(not still)
        self._renderer.SetUseFXAA(smooth)
        self._window.Render()

    def _keep(self) -> bool:
        """Draw and keep what stands still; False where this OpenGL cannot."""
        if self._depth_bits is None:
            self._depth_bits = next((bits for bits in _DEPTH_BITS if self._keeps(bits)), 0)
        if not self._depth_bits or not self._make_room(self._depth_bits):
            return False
        self._draw(still=True, moving=False, smooth=True)
        self._copy(self._window.GetRenderFramebuffer(), self._kept)
        return True

    def _keeps(self, depth_bits: int) -> bool:
        """Try whether a picture kept with so many bits of depth comes back."""
        self._draw(still=True, moving=False, smooth=False)
        if not self._make_room(depth_bits):
            return False
        before, drawn = read_pixels(self._window, vtkUnsignedCharArray()), self._window.GetRenderFramebuffer()
        self._copy(drawn, self._kept)
        self._wipe(drawn)
        self._copy(self._kept, drawn)
        return np.array_equal(before, read_pixels(self._window, vtkUnsignedCharArray()))

    def _make_room(self, depth_bits: int) -> bool:
        return bool(self._kept.PopulateFramebuffer(*self._window.GetSize(), True, 1, _BYTES, True, depth_bits, 0, False))

    def _wipe(self, target: vtkOpenGLFramebufferObject) -> None:
        """Paint over everything, depth left alone."""
        state = self._window.GetState()
        state.PushFramebufferBindings()
        target.Bind(vtkOpenGLFramebufferObject.GetDrawMode())
        target.ActivateDrawBuffer(0)
        state.vtkglClearColor(*_NO_COLOUR_OF_OURS)
        state.vtkglClear(_COLOUR)
        state.PopFramebufferBindings()

    def _copy(self, source: vtkOpenGLFramebufferObject, target: vtkOpenGLFramebufferObject) -> None:
        """Copy colour and depth, or neither."""
        width, height = self._window.GetSize()
        everything = (0, width, 0, height)
        state = self._window.GetState()
        state.PushFramebufferBindings()
        source.Bind(vtkOpenGLFramebufferObject.GetReadMode())
        target.Bind(vtkOpenGLFramebufferObject.GetDrawMode())
        source.ActivateReadBuffer(0)
        target.ActivateDrawBuffer(0)
        vtkOpenGLFramebufferObject.Blit(everything, everything, _COLOUR | _DEPTH, _NEAREST)
        state.PopFramebufferBindings()
