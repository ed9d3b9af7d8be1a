"""The outline of the selected machine and of the one under the pointer, as they are seen: drawn once more as a mask, widened and laid over.

Through whatever stands before them: who looks for a machine finds it. The same for a processor and for a graphics card. VTK and numpy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from ui.scene3d.arrays import as_numpy
from ui.scene3d.rig import ground
from ui.scene3d.scene import corners
from ui.scene3d.staged import HIDDEN, Staged
from ui.scene3d.theme import rgb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from vtkmodules.vtkRenderingCore import vtkRenderWindow

    from ui.scene3d.cast import Cast
    from ui.scene3d.request import Request

    Floats = NDArray[np.float64]
    Bytes = NDArray[np.uint8]
    Mask = NDArray[np.bool_]

_WIDE, _THIN = 2, 1
"""How often the edge is blurred that the outline runs along: of the selected machine, and of one only pointed at."""
_OUTSIDE = {_WIDE: (0.02, 0.08), _THIN: (0.08, 0.1)}
"""From which share of the blurred mask on there is a line, and within how much more it is full: 3 and 1.5 pixels from the edge."""
_WEIGHT, _UNSEEN = 9, 0.02
_ROOM_PX = 6
_CHANNELS = np.array([(255, 0, 0, 255), (0, 255, 0, 255)], dtype=np.uint8)
"""What the mask has where the selected machine is, and where the pointed one is."""


class Silhouettes:
    """Draws the outlines of one window."""

    def __init__(self, window: vtkRenderWindow, room: vtkRenderer) -> None:
        """Look at what `room` looks at."""
        self._window, self._room = window, room
        self._renderer = vtkRenderer()
        self._renderer.SetBackground(0.0, 0.0, 0.0)
        self._renderer.SetActiveCamera(room.GetActiveCamera())
        self._renderer.GetCullers().RemoveAllItems()
        self._renderer.DrawOff()
        window.AddRenderer(self._renderer)
        self._pixels = vtkUnsignedCharArray()
        self._staged: dict[int, tuple[Cast, int, Staged]] = {}

    def close(self) -> None:
        """Give everything back."""
        self._renderer.RemoveAllViewProps()
        self._window.RemoveRenderer(self._renderer)

    def draw(self, request: Request, cast: Cast, phases: Floats, levels: NDArray[np.int64], pixels: Bytes) -> None:
        """Lay the outlines over a finished picture, RGBA rows from the top."""
        wanted = [row if row is not None and levels[row] != HIDDEN else None for row in (request.selected, request.hovered)]
        rows = [row for row in wanted if row is not None]
        if not rows:
            return
        self._renderer.RemoveAllViewProps()
        for number, row in enumerate(wanted):
            if row is not None and row not in wanted[:number]:
                self._show(number, row, int(levels[row]), request, cast, phases)
        area = _area(request, cast.boxes[rows], rows)
        if area is None:
            return
        mask = self._mask(area)
        left, top, right, bottom = area
        picture = pixels[top:bottom, left:right]
        for channel, passes in ((1, _THIN), (0, _WIDE)):
            _outline(picture, mask[..., channel] > 127, passes, rgb(request.theme.selection))  # noqa: PLR2004 - half of a byte

    def _show(self, number: int, row: int, level: int, request: Request, cast: Cast, phases: Floats) -> None:
        """Put one machine into the mask, as it stands and moves in the picture."""
        troupe = next(troupe for troupe in cast.troupes if row in troupe.rows)
        kept = self._staged.get(number)
        if kept is None or kept[0] is not cast or kept[1] != row:
            kept = self._staged[number] = cast, row, Staged(troupe.rig.bodies_at, troupe.rig.rests[:, :3, 3], 1)
        staged = kept[2]
        staged.split(np.array([level]))
        place = ground(request.bases()[row : row + 1], exact=False)
        staged.put_still(*place)
        staged.put(*troupe.rig.poses(phases[row : row + 1], place))
        for _, copies in staged.copies():
            if copies.stance.count:
                copies.flat()
                copies.fill(_CHANNELS[number])
                self._renderer.AddActor(copies.actor)

    def _mask(self, area: tuple[int, int, int, int]) -> Bytes:
        """Draw the mask and return a part of it, rows from the top."""
        left, top, right, bottom = area
        height = self._window.GetSize()[1]
        self._room.DrawOff()
        self._renderer.DrawOn()
        self._window.Render()
        # OpenGL counts rows from the bottom.
        self._window.GetRGBACharPixelData(left, height - bottom, right - 1, height - top - 1, 0, self._pixels, 0)
        self._renderer.DrawOff()
        self._room.DrawOn()
        return as_numpy(self._pixels).reshape(bottom - top, right - left, 4)[::-1]


def _area(request: Request, boxes: Floats, rows: Sequence[int]) -> tuple[int, int, int, int] | None:
    """Return the part of the picture that holds machines and their outlines: left, top, right, bottom; None: nothing of them is seen."""
    width, height = request.size
    seen = request.camera.project(corners(boxes, request.bases()[list(rows)]).reshape(-1, 3), (float(width), float(height)))
    if (seen[:, 2] <= 0).any():
        return 0, 0, width, height
    low, high = np.floor(seen[:, :2].min(axis=0)) - _ROOM_PX, np.ceil(seen[:, :2].max(axis=0)) + _ROOM_PX
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    right, bottom = min(width, int(high[0])), min(height, int(high[1]))
    return (left, top, right, bottom) if left < right and top < bottom else None


def _outline(picture: Bytes, mask: Mask, passes: int, colour: Floats) -> None:
    """Paint a line around a mask, in place: along the soft edge that blurring gives it, so that it is smooth."""
    if not mask.any():
        return
    soft = mask.astype(np.uint16)
    for _ in range(passes):
        soft = _blurred(_blurred(soft).T).T
    share = soft / np.float32(_WEIGHT ** (2 * passes))
    low, rise = _OUTSIDE[passes]
    opacity = np.clip((share - low) / rise, 0.0, 1.0) * np.clip((0.7 - share) / 0.25, 0.0, 1.0)
    rows, columns = np.nonzero(opacity > _UNSEEN)
    over = opacity[rows, columns, None]
    picture[rows, columns, :3] = np.round(picture[rows, columns, :3] * (1.0 - over) + colour * 255 * over).astype(np.uint8)


def _blurred(soft: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Return each number as the sum of those above and below, weighted 1, 2, 3, 2, 1; nothing lies beyond the edges."""
    found = soft * np.uint16(3)
    for apart, weight in ((1, 2), (2, 1)):
        part = soft * np.uint16(weight)
        found[apart:] += part[:-apart]
        found[:-apart] += part[apart:]
    return found
