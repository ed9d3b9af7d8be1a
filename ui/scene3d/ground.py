"""The hall's floor: a disc that fades into the hall, a grid of metres, aisle lines, and a soft shadow under all that stands. Pure numpy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from twin_app.machines.items import Carrier
from ui.scene3d.outlines import CELLS, Patch, band, outline, quads
from ui.scene3d.theme import rgb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ui.scene3d.flow import Flow
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Bytes = NDArray[np.uint8]

_AISLE_GAP_M = 1.5
_AISLE_WIDTH_M = 0.1
_SIGN_M = 0.62
_SIGN_GAP_M = 0.62
_SHADOW_FADES_M = 0.52
_SHADOW_GAP_M = 0.004
_HALF_M = {Carrier.CHAIN: 0.12, Carrier.BELT: 0.27, Carrier.ROLLERS: 0.5}


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """Coloured shapes on the floor: (n, 3) positions, (m, 3) triangles or (m, 2) lines, (n, 4) RGBA bytes."""

    positions: Floats
    cells: Indices
    colours: Bytes


@dataclass(frozen=True, slots=True)
class Extent:
    """The part of the hall that the line stands on: metres, and how far the floor reaches from its middle."""

    low: tuple[float, float]
    high: tuple[float, float]
    floor_z: float
    radius: float

    def reaching(self, points: Floats) -> Extent:
        """Return the ground with a floor that reaches beyond points, shape (n, 2), too."""
        away = np.linalg.norm(points - self.middle[:2], axis=1).max(initial=0.0)
        return replace(self, radius=max(self.radius, float(away) * 1.5))

    @property
    def middle(self) -> Floats:
        """The middle of the line on the floor."""
        return np.array(((self.low[0] + self.high[0]) / 2, (self.low[1] + self.high[1]) / 2, self.floor_z))


def extent(points: Floats) -> Extent:
    """Return the ground that holds all points (n, 3), at least a small one where there are none."""
    if not len(points):
        return Extent((-3.0, -3.0), (3.0, 3.0), 0.0, 30.0)
    low, high = points.min(axis=0), points.max(axis=0)
    radius = float(np.hypot(*(high - low)[:2])) / 2
    return Extent((float(low[0]), float(low[1])), (float(high[0]), float(high[1])), float(low[2]), max(26.0, radius * 2.4 + 8.0))


def floor(ground: Extent, theme: SceneTheme) -> Painted:
    """Return the floor: rings of a disc, full in the middle and nothing at the rim."""
    shares = np.array((0.0, 0.3, 0.45, 0.6, 0.75, 0.88, 1.0))
    angles = np.linspace(0, 2 * np.pi, CELLS, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    rings = circle[None] * (shares * ground.radius)[:, None, None]
    cells = np.concatenate([band(inner, outer) for inner, outer in pairwise(rings)])
    opacity = np.repeat(np.stack([_fade(shares[:-1]), _fade(shares[1:])], axis=1), CELLS, axis=0)[:, [0, 0, 1, 1]]
    return _flat(cells.reshape(-1, 2) + ground.middle[:2], quads(len(cells)), theme.floor, opacity.reshape(-1), ground.floor_z - 0.002)


def _fade(share: Floats) -> Floats:
    """Return 1 in the middle of the hall, falling smoothly to 0 at its rim."""
    s = np.clip((share - 0.25) / 0.75, 0.0, 1.0)
    return 1.0 - s * s * (3.0 - 2.0 * s)


def grid(ground: Extent, theme: SceneTheme) -> Painted:
    """Return lines every metre, every fifth one stronger, cut into pieces so that they fade with the floor."""
    reach = min(60, int(ground.radius * 0.95))
    middle = np.round(ground.middle[:2])
    offsets = np.arange(-reach, reach + 1, dtype=np.float64)
    if reach > 40:  # noqa: PLR2004 - a metre grid over a whole plant is a grey veil
        offsets = offsets[offsets % 5 == 0]
    steps = np.linspace(-reach, reach, 25)
    along, across = np.meshgrid(steps, offsets)
    lines = np.stack([along, across], axis=-1)
    both = np.concatenate([lines, lines[..., ::-1]])
    strong = np.tile(offsets % 5 == 0, 2)
    fade = _fade(np.linalg.norm(both, axis=-1) / (reach * 1.05)) * np.where(strong, 0.95, 0.4)[:, None]
    first = (np.arange(len(both))[:, None] * len(steps) + np.arange(len(steps) - 1)).reshape(-1)
    cells = np.stack([first, first + 1], axis=1)
    return _flat((both + middle).reshape(-1, 2), cells, theme.grid, fade.reshape(-1), ground.floor_z)


def aisles(ground: Extent, theme: SceneTheme) -> Painted:
    """Return the two painted lines along the longer side that part the line from the walkways."""
    low, high = np.array(ground.low) - _AISLE_GAP_M, np.array(ground.high) + _AISLE_GAP_M
    across = 1 if high[0] - low[0] >= high[1] - low[1] else 0
    corners = []
    for side in (low[across], high[across]):
        x = (low[1 - across], high[1 - across])
        y = (side - _AISLE_WIDTH_M / 2, side + _AISLE_WIDTH_M / 2)
        strip = np.array([(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])])
        corners.append(strip if across else strip[:, ::-1])
    return _flat(np.concatenate(corners), quads(2), theme.aisle, np.full(8, 0.9), ground.floor_z)


def sign_corners(ground: Extent, proportion: float) -> Floats:
    """Return the floor's place for the line's name, width : height = `proportion`: lower left, right, upper right, left; shape (4, 3)."""
    low, high = np.array(ground.low), np.array(ground.high)
    if high[0] - low[0] >= high[1] - low[1]:
        start, along = np.array((low[0], low[1] - _SIGN_GAP_M - _SIGN_M)), np.array((1.0, 0.0))
    else:
        start, along = np.array((high[0] + _SIGN_GAP_M + _SIGN_M, low[1])), np.array((0.0, 1.0))
    up = np.array((-along[1], along[0])) * _SIGN_M
    wide = along * _SIGN_M * proportion
    return np.column_stack([np.stack([start, start + wide, start + wide + up, start + up]), np.full(4, ground.floor_z + 0.002)])


def shadow(box: Floats, cells: int = CELLS) -> Patch:
    """Return the soft dark patch under a machine with a box, shape (2, 3): no light is traced, it only ties things to the floor."""
    low, high = (float(box[0, 0]) + 0.15, float(box[0, 1]) + 0.15), (float(box[1, 0]) - 0.15, float(box[1, 1]) - 0.15)
    foot, rim = outline(low, high, 0.0, 0.05, cells), outline(low, high, _SHADOW_FADES_M, _SHADOW_FADES_M, cells)
    middle = np.broadcast_to(foot.mean(axis=0), foot.shape)
    flat = np.concatenate([band(middle, foot).reshape(-1, 2), band(foot, rim).reshape(-1, 2)])
    opacity = np.concatenate([np.ones(4 * cells), np.tile((1.0, 1.0, 0.0, 0.0), cells)])
    return Patch(np.column_stack([flat, np.full(len(flat), _SHADOW_GAP_M)]), quads(2 * cells), opacity)


def belt_shadows(flows: Sequence[Flow], theme: SceneTheme) -> Painted:
    """Return soft dark strips under conveyors."""
    points, opacity = [np.empty((0, 3))], [np.empty(0)]
    for start, way, half in ((s, w, _HALF_M[flow.item.carrier]) for flow in flows for s, w in zip(flow.starts, flow.ways, strict=True)):
        strip, dark = _belt_shadow(start, way, half, theme.shadow_strength * 0.8)
        points.append(strip + np.array((0.0, 0.0, _SHADOW_GAP_M)))
        opacity.append(dark)
    where = np.concatenate(points)
    painted = _flat(where[:, :2], quads(len(where) // 4), theme.shadow, np.concatenate(opacity), 0.0)
    return Painted(where, painted.cells, painted.colours)


def _belt_shadow(start: Floats, way: Floats, half: float, strength: float) -> tuple[Floats, Floats]:
    """Return three quads along a conveyor: fading, full, fading; and their opacities."""
    side = np.array((-way[1], way[0], 0.0)) / np.hypot(way[0], way[1])
    ground = np.array((1.0, 1.0, 0.0))
    ends = (start * ground, (start + way) * ground)
    edges = (-half - 0.3, -half, half, half + 0.3)
    dark = (0.0, strength, strength, 0.0)
    cells = [(ends[0] + side * a, ends[1] + side * a, ends[1] + side * b, ends[0] + side * b) for a, b in pairwise(edges)]
    opacity = [(a, a, b, b) for a, b in pairwise(dark)]
    return np.array(cells).reshape(-1, 3), np.array(opacity).reshape(-1)


def _flat(points: Floats, cells: Indices, colour: str, opacity: Floats, height: float) -> Painted:
    colours = np.empty((len(points), 4))
    colours[:, :3] = rgb(colour)
    colours[:, 3] = opacity
    positions = np.column_stack([points, np.full(len(points), height)])
    return Painted(positions, cells, np.round(colours * 255).astype(np.uint8))
