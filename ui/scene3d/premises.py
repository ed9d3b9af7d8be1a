"""Aisles and fences of the hall as shapes: lanes and where their names stand on the floor, panels and the gaps of gates. Pure numpy."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, hypot, sin
from typing import TYPE_CHECKING

import numpy as np

from ui.scene3d.ground import Painted
from ui.scene3d.outlines import quads
from ui.scene3d.theme import rgb

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from twin_app.model.premises import Aisle, Fence
    from ui.scene3d.scene import Scene
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]

PANEL_M = 1.5
"""How long the model of a fence's panel is."""
_EDGE_M, _FILL, _FULL = 0.1, 0.16, 0.9
_LETTER_M, _LETTER_SHARE = 0.8, 0.45
"""Letters are so high, or take such a share of a narrow aisle."""
_EVERY_M = 18.0
_SHARPEST = 3.0
"""At a sharp bend an edge goes no further out than so many half widths."""
_RAISED_M = 0.001


def spine(aisle: Aisle) -> tuple[Floats, float]:
    """Return an aisle's middle line, shape (n, 2), and how wide it is: of a rectangle along its longer side."""
    if aisle.line:
        return np.array(aisle.line, dtype=np.float64), aisle.width_m
    corners = np.array(aisle.rectangle, dtype=np.float64)
    low, high = corners.min(axis=0), corners.max(axis=0)
    wide = high - low
    middle = (low + high) / 2
    if wide[0] >= wide[1]:
        return np.array([(low[0], middle[1]), (high[0], middle[1])]), float(wide[1])
    return np.array([(middle[0], low[1]), (middle[0], high[1])]), float(wide[0])


def _beside(points: Floats, offset_m: float) -> Floats:
    """Return a line beside another, to the left for positive offsets, with its corners where both sides' lines meet."""
    ways = np.diff(points, axis=0)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    normals = np.column_stack([-ways[:, 1], ways[:, 0]])
    before, after = np.concatenate([normals[:1], normals]), np.concatenate([normals, normals[-1:]])
    share = np.maximum(1.0 + (before * after).sum(axis=1, keepdims=True), 2.0 / _SHARPEST**2)
    moved: Floats = points + (before + after) / share * offset_m
    return moved


def _strip(points: Floats, right_m: float, left_m: float) -> Floats:
    """Return the quads of a strip along a line between two offsets, shape (4 m, 2)."""
    right, left = _beside(points, right_m), _beside(points, left_m)
    return np.stack([right[:-1], right[1:], left[1:], left[:-1]], axis=1).reshape(-1, 2)


def lanes(scene: Scene, floor_z: float, theme: SceneTheme) -> Painted:
    """Return the aisles' ground, a little darker than the floor, their edges, and the thresholds of gates."""
    parts: list[tuple[Floats, float]] = [(np.empty((0, 2)), 0.0)]
    for aisle in scene.aisles:
        points, width = spine(aisle)
        half = width / 2
        parts.append((_strip(points, -half, half), _FILL))
        parts += [(_strip(points, side * half - _EDGE_M / 2, side * half + _EDGE_M / 2), _FULL) for side in (-1, 1)]
    for fence in scene.fences:
        for start, end in gaps(fence):
            parts.append((_strip(np.array([start, end]), -_EDGE_M, _EDGE_M), _FULL))
    where = np.concatenate([corners for corners, _ in parts])
    colours = np.empty((len(where), 4))
    colours[:, :3] = rgb(theme.aisle)
    colours[:, 3] = np.concatenate([np.full(len(corners), opacity) for corners, opacity in parts])
    positions = np.column_stack([where, np.full(len(where), floor_z + _RAISED_M)])
    return Painted(positions, quads(len(where) // 4), np.round(colours * 255).astype(np.uint8))


def name_places(aisle: Aisle, proportion: float, floor_z: float) -> list[Floats]:
    """Return the corners on the floor for an aisle's name, width : height = `proportion`, as `ground.sign_corners` gives them.

    It stands in the middle of each stretch, again and again along a long one, to be read from the side that the hall is looked at from.
    """
    points, width = spine(aisle)
    high = min(_LETTER_M, width * _LETTER_SHARE)
    found: list[Floats] = []
    stretches = list(pairwise(points))
    longest = max(float(np.linalg.norm(end - start)) for start, end in stretches)
    for start, end in stretches:
        length = float(np.linalg.norm(end - start))
        if high * proportion > length and length < longest:
            continue
        size = min(high, length / max(proportion, 1e-6))
        along = (end - start) / length
        if along[0] < -1e-9 or (abs(along[0]) <= 1e-9 and along[1] < 0):  # noqa: PLR2004 - merely not zero
            start, end, along = end, start, -along  # noqa: PLW2901 - the same stretch, read the other way
        up = np.array((-along[1], along[0])) * size
        count = max(1, round(length / _EVERY_M))
        for place in range(count):
            middle = start + along * length * (place + 0.5) / count
            first = middle - along * size * proportion / 2 - up / 2
            last = first + along * size * proportion
            flat = np.stack([first, last, last + up, first + up])
            found.append(np.column_stack([flat, np.full(4, floor_z + 2 * _RAISED_M)]))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Panels:
    """Panels of fences: 4x4 rigid transforms (n, 4, 4), and how each is stretched along its axes (n, 3)."""

    transforms: Floats
    sizes: Floats


def panels(fences: Sequence[Fence], floor_z: float) -> Panels:
    """Return the panels of fences: as many as fit between corners and gates, each stretched a little to fill its run."""
    placed = [(place, heading, wide) for fence in fences for run in runs(fence) for place, heading, wide in _filled(*run)]
    transforms = np.broadcast_to(np.eye(4), (len(placed), 4, 4)).copy()
    sizes = np.ones((len(placed), 3))
    for number, (place, heading, wide) in enumerate(placed):
        transforms[number, :2, :2] = (cos(heading), -sin(heading)), (sin(heading), cos(heading))
        transforms[number, :2, 3] = place
        sizes[number, 0] = wide / PANEL_M
    transforms[:, 2, 3] = floor_z
    return Panels(transforms, sizes)


def _filled(start: Floats, end: Floats) -> Iterator[tuple[Floats, float, float]]:
    way = end - start
    length = float(np.linalg.norm(way))
    count = max(1, round(length / PANEL_M))
    for number in range(count):
        yield start + way * (number + 0.5) / count, atan2(way[1], way[0]), length / count


def runs(fence: Fence) -> list[tuple[Floats, Floats]]:
    """Return the straight pieces of a fence that stand, as start and end."""
    return _pieces(fence, standing=True)


def gaps(fence: Fence) -> list[tuple[Floats, Floats]]:
    """Return the openings of a fence's gates, as start and end."""
    return _pieces(fence, standing=False)


_SHORTEST_M = 0.05


def _pieces(fence: Fence, *, standing: bool) -> list[tuple[Floats, Floats]]:
    openings = sorted((gate.at_m - gate.width_m / 2, gate.at_m + gate.width_m / 2) for gate in fence.gates)
    found: list[tuple[Floats, Floats]] = []
    gone = 0.0
    for before, after in pairwise(np.array(fence.corners, dtype=np.float64)):
        length = hypot(*(after - before))
        cuts = [(max(a - gone, 0.0), min(b - gone, length)) for a, b in openings if b > gone and a < gone + length]
        bounds = [0.0, *(bound for cut in cuts for bound in cut), length]
        spans = zip(bounds[::2], bounds[1::2], strict=True) if standing else cuts
        way = (after - before) / length
        found += [(before + way * a, before + way * b) for a, b in spans if b - a > _SHORTEST_M]
        gone += length
    return found


def reach(scene: Scene) -> Floats:
    """Return the points of all aisles and fences, shape (n, 2): the floor has to go so far."""
    points = [spine(aisle)[0] for aisle in scene.aisles] + [np.array(fence.line) for fence in scene.fences]
    return np.concatenate([np.empty((0, 2)), *points])
