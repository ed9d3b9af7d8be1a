"""The ring on the floor around each machine that tells its state at a glance, and the dashed one of the selection. Pure numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ui.scene3d.outlines import CELLS, Patch, band, outline, quads
from ui.scene3d.scene import Look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]

FLOOR_GAP_M = 0.012
_CORNER_M = 0.25
# From the machine outwards, metres from its box: tinted ground (from the middle), thin ring, widening of the ring, glow, gap, selection.
_EDGES_M = ((0.0, 0.08), (0.08, 0.16), (0.16, 0.26), (0.26, 0.7), (0.36, 0.44))
_GROUND, _THIN, _WIDE, _GLOW, _SELECTION = range(len(_EDGES_M))
_DASH = 3


@dataclass(frozen=True, slots=True)
class MarkStyle:
    """How a look is drawn on the floor: opacities of each band, and whether the ring is dashed."""

    colour: str
    thin: float
    wide: float = 0.0
    ground: float = 0.0
    glow: float = 0.0
    dashed: bool = False


STYLES = {
    Look.RUNNING: MarkStyle("running", 0.8),
    Look.TRANSITION: MarkStyle("neutral", 0.8, dashed=True),
    Look.IDLE: MarkStyle("neutral", 0.45),
    Look.STOPPED: MarkStyle("stopped", 1.0, 0.9),
    Look.SUSPENDED: MarkStyle("suspended", 1.0),
    Look.HELD: MarkStyle("held", 1.0, 1.0, ground=0.16, glow=0.3),
    Look.ABORTED: MarkStyle("aborted", 1.0, 1.0, ground=0.2, glow=0.45),
    Look.UNKNOWN: MarkStyle("unknown", 0.9, dashed=True),
}
"""Colour is a field of the theme; width, dashes and tint differ too, so that colour is never the only carrier."""


LAMPS = ("low", "middle", "high")
"""The lamps of a beacon from the foot up: which one shines is the state's shape, its colour says it again."""
_SHINES = {
    Look.RUNNING: "low",
    Look.TRANSITION: "low",
    Look.SUSPENDED: "middle",
    Look.HELD: "middle",
    Look.ABORTED: "high",
}


def lamp_colour(look: Look, lamp: str, theme: SceneTheme) -> str:
    """Return the colour of one lamp of a beacon; those that do not shine are as pale as the floor's lines."""
    return colour_of(look, theme) if _SHINES.get(look) == lamp else theme.grid


def colour_of(look: Look, theme: SceneTheme) -> str:
    """Return the colour that stands for a look in a theme."""
    return str(getattr(theme, STYLES[look].colour))


def mark(box: Floats, style: MarkStyle, cells: int = CELLS) -> Patch:
    """Return the bands of a look around a machine with a box, shape (2, 3), in its own frame; all of the colour of the style."""
    bands = (
        (_GROUND, style.ground, False),
        (_THIN, style.thin, style.dashed),
        (_WIDE, style.wide, style.dashed),
        (_GLOW, style.glow, False),
    )
    return _patch(box, [(band, opacity, dashed) for band, opacity, dashed in bands if opacity], cells)


def selection_mark(box: Floats) -> Patch:
    """Return the dashed ring around a selected machine with a box, shape (2, 3), in its own frame."""
    return _patch(box, [(_SELECTION, 1.0, True)], CELLS)


def _patch(box: Floats, bands: Sequence[tuple[int, float, bool]], cells: int) -> Patch:
    low, high = (float(box[0, 0]), float(box[0, 1])), (float(box[1, 0]), float(box[1, 1]))
    flat, opacities = [np.empty((0, 4, 2))], [np.empty((0, 4))]
    for number, opacity, dashed in bands:
        a, b = _EDGES_M[number]
        drawn = _dashes(cells) if dashed else np.ones(cells, dtype=bool)
        outer = outline(low, high, b, b + _CORNER_M, cells)
        inner = np.broadcast_to(outer.mean(axis=0), outer.shape) if number == _GROUND else outline(low, high, a, a + _CORNER_M, cells)
        flat.append(band(inner, outer)[drawn])
        # A cell's first two corners lie on its inner edge: the glow fades outwards.
        corners = (opacity, opacity, 0.0, 0.0) if number == _GLOW else (opacity,) * 4
        opacities.append(np.tile(corners, (int(drawn.sum()), 1)))
    points = np.concatenate(flat)
    positions = np.column_stack([points.reshape(-1, 2), np.full(points.size // 2, FLOOR_GAP_M)])
    return Patch(positions, quads(len(points)), np.concatenate(opacities).reshape(-1))


def _dashes(cells: int) -> NDArray[np.bool_]:
    """Tell which cells are drawn; the others are the gaps between dashes."""
    drawn: NDArray[np.bool_] = np.arange(cells) // max(1, _DASH * cells // CELLS) % 2 == 0
    return drawn
