"""The ring on the floor around each machine that tells its state at a glance, and the dashed one of the selection. Pure numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ui.scene3d.outlines import CELLS, band, outline, quads
from ui.scene3d.scene import Look
from ui.scene3d.theme import rgb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Bytes = NDArray[np.uint8]

FLOOR_GAP_M = 0.012
_CORNER_M = 0.25
# From the machine outwards, metres from its box: tinted ground, thin ring, widening of the ring, glow, gap, selection.
_EDGES_M = ((-0.6, 0.08), (0.08, 0.16), (0.16, 0.26), (0.26, 0.7), (0.36, 0.44))
_BANDS = len(_EDGES_M)
_GROUND, _THIN, _WIDE, _GLOW, _SELECTION = range(_BANDS)
_DASH = 3
CORNERS = _BANDS * CELLS * 4
"""How many corners each unit has in `mark_mesh`."""


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
    Look.TRANSITION: MarkStyle("running", 0.8, dashed=True),
    Look.IDLE: MarkStyle("running", 0.45),
    Look.STOPPED: MarkStyle("stopped", 1.0, 0.9),
    Look.SUSPENDED: MarkStyle("suspended", 1.0),
    Look.HELD: MarkStyle("held", 1.0, 1.0, ground=0.16, glow=0.3),
    Look.ABORTED: MarkStyle("aborted", 1.0, 1.0, ground=0.2, glow=0.45),
    Look.UNKNOWN: MarkStyle("dim", 0.9, dashed=True),
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


def mark_mesh(bases: Floats, boxes: Floats) -> tuple[Floats, Indices]:
    """Return positions and triangles of the bands of units at these bases, in the order that `mark_colours` paints them."""
    points = [_unit_points(box) for box in boxes]
    flat = np.stack(points) if points else np.empty((0, _BANDS, CELLS, 4, 2))
    local = np.concatenate([flat, np.full((*flat.shape[:-1], 1), FLOOR_GAP_M)], axis=-1).reshape(len(flat), _BANDS * CELLS * 4, 3)
    world = np.einsum("nij,nkj->nki", bases[:, :3, :3], local) + bases[:, None, :3, 3]
    return world.reshape(-1, 3), quads(len(flat) * _BANDS * CELLS)


def _unit_points(box: Floats) -> Floats:
    low, high = (float(box[0, 0]), float(box[0, 1])), (float(box[1, 0]), float(box[1, 1]))
    rings = [(outline(low, high, a, max(a, 0) + _CORNER_M), outline(low, high, b, b + _CORNER_M)) for a, b in _EDGES_M]
    return np.stack([band(inner, outer) for inner, outer in rings])


def mark_colours(looks: Sequence[Look], selected: int | None, theme: SceneTheme) -> Bytes:
    """Return the RGBA of every vertex of `mark_mesh`, shape (vertices, 4)."""
    colours = np.zeros((len(looks), _BANDS, CELLS, 4, 4))
    for look in set(looks):
        rows = [row for row, each in enumerate(looks) if each is look]
        colours[rows] = _painted(STYLES[look], theme)
    colours[:, _SELECTION, :, :, :3] = rgb(theme.selection)
    if selected is not None:
        colours[selected, _SELECTION, :, :, 3] = _dashes()[:, None]
    painted: Bytes = np.round(colours * 255).astype(np.uint8).reshape(-1, 4)
    return painted


def _painted(style: MarkStyle, theme: SceneTheme) -> Floats:
    painted = np.zeros((_BANDS, CELLS, 4, 4))
    painted[..., :3] = rgb(getattr(theme, style.colour))
    shown = _dashes() if style.dashed else np.ones(CELLS)
    painted[_THIN, ..., 3] = style.thin * shown[:, None]
    painted[_WIDE, ..., 3] = style.wide * shown[:, None]
    painted[_GROUND, ..., 3] = style.ground
    # A cell's first two corners lie on its inner edge: the glow fades outwards.
    painted[_GLOW, :, :2, 3] = style.glow
    return painted


def _dashes() -> Floats:
    """Return 1 for cells that are drawn, 0 for the gaps between dashes."""
    drawn: Floats = (np.arange(CELLS) // _DASH % 2 == 0).astype(np.float64)
    return drawn
