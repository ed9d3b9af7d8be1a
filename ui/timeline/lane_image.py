"""Classes of columns to coloured pixels: a shape and a colour for every class of state. Numpy only, no Qt.

Each shape is a profile from top to bottom, so that it can be told even where it is a single pixel wide:
running fills the middle, stopped the whole bar, aborted the whole lane; held is two bands, waiting two rails, a transition
one slim band, starved a thin foot, blocked a thin roof; blind is hatched.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ui.timeline.raster import LaneClass

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ui.palette import Palette

HATCH_PX = 6
"""Period of the hatching, logical pixels."""
_GAP = 0.14
"""Share of a lane's height kept free above and below its bar."""
_BANDS: dict[LaneClass, tuple[tuple[float, float], ...]] = {
    LaneClass.RUNNING: ((0.14, 0.86),),
    LaneClass.WAITING: ((0.14, 0.26), (0.74, 0.86)),
    LaneClass.TRANSITION: ((0.34, 0.66),),
    LaneClass.EXTERNAL: ((0.42, 0.60),),
    LaneClass.BLOCKED: ((0.0, 0.18),),
    LaneClass.STARVED: ((0.82, 1.0),),
    LaneClass.STOPPED: ((0.0, 1.0),),
    LaneClass.HELD: ((0.0, 0.40), (0.60, 1.0)),
    LaneClass.ABORTED: ((-1.0, 2.0),),
}
"""Parts of the bar's height, from its top, that a class fills."""
_HATCHED = {LaneClass.BLIND: (0.0, 1.0), LaneClass.UNDEFINED: (0.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that decides what a lane looks like: its height in device pixels, the pixels per logical pixel, the theme."""

    pitch: int
    ratio: float
    palette: Palette


def argb(color: str) -> int:
    """Return `#RRGGBB` as opaque 0xAARRGGBB."""
    return 0xFF000000 | int(color[1:], 16)


def class_color(palette: Palette, kind: LaneClass) -> str:
    """Return the colour of a class; the same words of colour as everywhere else (`palette.state_color`)."""
    if kind is LaneClass.ABORTED:
        return palette.aborted
    if kind is LaneClass.HELD:
        return palette.held
    if kind in {LaneClass.EXTERNAL, LaneClass.BLOCKED, LaneClass.STARVED}:
        return palette.suspended
    if kind is LaneClass.BLIND:
        return palette.unknown
    return palette.running if kind is LaneClass.RUNNING else palette.stopped


def rows_of(kind: LaneClass, pitch: int) -> NDArray[np.bool_]:
    """Return which of a lane's `pitch` pixel rows a class fills, shape (pitch,).

    Each band is at least one pixel high; the lowest row stays free, so that neighbouring lanes never run together.
    """
    gap = max(round(pitch * _GAP), 1)
    bar = pitch - 2 * gap
    filled = np.zeros(pitch, np.bool_)
    for top, bottom in _BANDS.get(kind, ()):
        first = max(gap + round(top * bar), 0)
        last = min(max(gap + round(bottom * bar), first + 1), pitch - 1)
        filled[first:last] = True
    return filled


@lru_cache(maxsize=4)
def patterns(look: Look) -> NDArray[np.uint32]:
    """Return ARGB by [phase of the hatching, row, class + 1]; class NOTHING and what no shape fills is transparent."""
    period = max(round(HATCH_PX * look.ratio), 3)
    table = np.zeros((period, look.pitch, len(LaneClass)), np.uint32)
    for kind in LaneClass:
        color = argb(class_color(look.palette, kind))
        if kind in _HATCHED:
            table[:, :, kind + 1] = _hatching(period, look) * np.uint32(color)
        else:
            table[:, rows_of(kind, look.pitch), kind + 1] = color
    return table


def _hatching(period: int, look: Look) -> NDArray[np.bool_]:
    """Return the diagonal stripes within the bar's height, shape (period, pitch)."""
    x, y = np.ogrid[:period, : look.pitch]
    stripe = (x + y) % period < max(period // 4, 1)
    return stripe & rows_of(LaneClass.STOPPED, look.pitch)[None, :]


def lane_pixels(columns: NDArray[np.int8], look: Look, table: NDArray[np.uint32] | None = None) -> NDArray[np.uint32]:
    """Return the ARGB pixels of one lane, shape (pitch, pixels), from the class of each column, shape (pixels,)."""
    table = patterns(look) if table is None else table
    period, pitch, kinds = table.shape
    place = (np.arange(len(columns)) % period) * kinds + columns + 1
    pixels: NDArray[np.uint32] = table.transpose(1, 0, 2).reshape(pitch, period * kinds).take(place, axis=1)
    return pixels
