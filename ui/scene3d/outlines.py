"""Rounded outlines on the floor around machines, cut into cells: the raw shapes of rings, glows and shadows. Pure numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

CELLS, FEW_CELLS = 72, 24
"""Of an outline seen from near and of one seen from far; a dash is three cells of the one, one of the other."""
_CORNER_POINTS = 7
_SMALLEST_M = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A shape on the floor in a machine's own frame: (n, 3) positions, (m, 3) triangles and how opaque each corner is, shape (n,)."""

    positions: Floats
    cells: Indices
    opacity: Floats


def outline(low: tuple[float, float], high: tuple[float, float], offset_m: float, radius_m: float, cells: int = CELLS) -> Floats:
    """Return so many points evenly along a rounded rectangle grown by `offset_m` around a box, shape (cells, 2).

    All outlines of a machine start at the same corner, so that two of them pair up into a band.
    """
    middle = (np.array(low) + np.array(high)) / 2
    half = np.maximum((np.array(high) - np.array(low)) / 2 + offset_m, _SMALLEST_M)
    radius = min(max(radius_m, _SMALLEST_M), float(half.min()))
    inner_low, inner_high = middle - half + radius, middle + half - radius
    angles = np.linspace(0.0, np.pi / 2, _CORNER_POINTS)
    arcs = []
    for quarter, (right, top) in enumerate(((True, True), (False, True), (False, False), (True, False))):
        centre = (inner_high[0] if right else inner_low[0], inner_high[1] if top else inner_low[1])
        turned = angles + quarter * np.pi / 2
        arcs.append(np.array(centre) + radius * np.stack([np.cos(turned), np.sin(turned)], axis=1))
    points = np.concatenate([*arcs, arcs[0][:1]])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    even = np.linspace(0.0, along[-1], cells, endpoint=False)
    return np.stack([np.interp(even, along, points[:, axis]) for axis in range(2)], axis=1)


def band(inner: Floats, outer: Floats) -> Floats:
    """Return the corners of the cells between two outlines: inner, inner next, outer next, outer; shape (CELLS, 4, 2)."""
    return np.stack([inner, np.roll(inner, -1, axis=0), np.roll(outer, -1, axis=0), outer], axis=1)


def quads(count: int) -> Indices:
    """Return the triangles of `count` four-cornered cells whose corners are stored one after the other, shape (2 count, 3)."""
    first = np.arange(count)[:, None] * 4
    return np.concatenate([first + np.array([[0, 1, 2]]), first + np.array([[0, 2, 3]])], axis=1).reshape(-1, 3)
