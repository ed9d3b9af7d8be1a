"""An OpenGL window nobody sees, on whatever this machine offers; and reading its pixels. VTK."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import numpy as np
from vtkmodules import vtkRenderingOpenGL2
from vtkmodules.vtkCommonCore import vtkLogger, vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkRenderWindow

from twin_app.errors import GraphicsError
from twin_app.text import N_
from ui.scene3d.arrays import as_numpy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


_LINUX_WINDOWS = ("vtkEGLRenderWindow", "vtkXOpenGLRenderWindow")
# VTK's own variable: one of the windows above; any other word switches the 3D view off.
_CHOICE = "VTK_DEFAULT_OPENGL_WINDOW"


def open_window() -> vtkRenderWindow:
    """Return an off-screen window that can draw.

    Raises:
        GraphicsError: no kind of OpenGL works here.
    """
    # VTK would warn on the terminal of each kind that does not work; the error below says it once.
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_ERROR)
    for window in _candidates():
        window.SetOffScreenRendering(True)
        window.SetShowWindow(False)
        window.SetSize(16, 16)
        window.SetMultiSamples(0)
        window.Initialize()
        if window.SupportsOpenGL() and graphics_name(window):
            return window
    raise GraphicsError(
        N_("This computer offers no OpenGL 3.2, so the 3D view stays empty; everything else works."),
        tip=N_("Install the graphics driver, or Mesa for drawing without a graphics card."),
    )


def _candidates() -> Iterator[vtkRenderWindow]:
    """Yield windows in the order of preference: EGL needs no screen and shares nothing with the desktop's own drawing."""
    if sys.platform != "linux":
        yield vtkRenderWindow()
        return
    # VTK's own choice is not asked: where it finds neither it takes OSMesa, and crashes when that is not installed.
    chosen = os.environ.get(_CHOICE)
    for name in (chosen,) if chosen else _LINUX_WINDOWS:
        if name in _LINUX_WINDOWS and hasattr(vtkRenderingOpenGL2, name):
            yield getattr(vtkRenderingOpenGL2, name)()


def graphics_name(window: vtkRenderWindow) -> str:
    """Return what draws, as OpenGL names itself; empty where nothing does."""
    lines = (window.ReportCapabilities() or "").splitlines()
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("OpenGL renderer string"))
    return next(named, "")


def read_pixels(window: vtkRenderWindow, into: vtkUnsignedCharArray) -> NDArray[np.uint8]:
    """Return the finished picture as RGBA rows from the top, shape (height, width, 4)."""
    width, height = window.GetSize()
    window.GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, into, 0)
    # OpenGL counts rows from the bottom.
    return np.ascontiguousarray(as_numpy(into).reshape(height, width, 4)[::-1])
