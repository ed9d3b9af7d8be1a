"""How a model of somebody's own is made to fit: its unit of length, which way is up in it, and which of its points stands on the unit's place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from twin_app.shapes.shape import NO_SIZE, Model, ModelNode, require

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Rotations that bring the axis that is up in a file to +Z.
_UPRIGHT = {
    "z": np.eye(3),
    "y": np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]),
    "x": np.array([[0.0, 0, -1], [0, 1, 0], [1, 0, 0]]),
}
UP_AXES = tuple(_UPRIGHT)
ORIGIN, FLOOR = "origin", "floor"
PIVOTS = (ORIGIN, FLOOR)
_LARGEST_M, _SMALLEST_M = 2000.0, 0.001


@dataclass(frozen=True, slots=True)
class Fit:
    """What the layout says of a model.

    Attributes:
        scale: Metres per unit of length in the file.
        up: The axis that is up in the file, `x`, `y` or `z`; empty: what its format agrees on (Y in glTF, else Z).
        pivot: What stands on the unit's place: the file's `origin`, the middle of the model's `floor`, or a point of the file.
    """

    scale: float = 1.0
    up: str = ""
    pivot: str | tuple[float, float, float] = ORIGIN


def fitted(model: Model, fit: Fit, own_up: str) -> Model:
    """Return a model in metres, Z up, its pivot at the origin.

    Args:
        model: As it was read.
        fit: What the layout says of it.
        own_up: The axis that is up by the file's format.

    Raises:
        Refusal: it would be larger than any hall, or too small to be seen.
    """
    turn = _UPRIGHT[fit.up or own_up]
    low, high = bounds(model)
    size = float((high - low).max()) * fit.scale
    require(_SMALLEST_M <= size <= _LARGEST_M, NO_SIZE)
    root = np.eye(4)
    root[:3, :3] = turn
    root[:3, 3] = -turn @ _pivot(fit.pivot, turn, low, high) * fit.scale
    nodes = [ModelNode(node.name, node.parent, _scaled(node.local, fit.scale)) for node in model.nodes]
    nodes[0] = replace(nodes[0], local=root @ nodes[0].local)
    parts = tuple(replace(part, positions=part.positions * fit.scale) for part in model.parts)
    return Model(tuple(nodes), parts)


def bounds(model: Model) -> tuple[Floats, Floats]:
    """Return the lower and the upper corner of a model in its file's own axes and unit of length."""
    rests: list[Floats] = []
    for node in model.nodes:
        rests.append(node.local if node.parent < 0 else rests[node.parent] @ node.local)
    lows, highs = [], []
    for part in model.parts:
        box = np.stack([part.positions.min(axis=0), part.positions.max(axis=0)])
        grid = np.stack(np.meshgrid(*box.T, indexing="ij"), axis=-1).reshape(-1, 3)
        placed = grid @ rests[part.node][:3, :3].T + rests[part.node][:3, 3]
        lows.append(placed.min(axis=0))
        highs.append(placed.max(axis=0))
    return np.min(lows, axis=0), np.max(highs, axis=0)


def _pivot(pivot: str | tuple[float, float, float], turn: Floats, low: Floats, high: Floats) -> Floats:
    """Return the point of the file that is to stand on the unit's place."""
    if isinstance(pivot, tuple):
        return np.array(pivot)
    if pivot == ORIGIN:
        return np.zeros(3)
    upright_low, upright_high = np.sort(np.stack([turn @ low, turn @ high]), axis=0)
    middle = (upright_low + upright_high) / 2
    middle[2] = upright_low[2]
    point: Floats = turn.T @ middle
    return point


def _scaled(local: Floats, scale: float) -> Floats:
    """Return a node's place with its distances in another unit of length."""
    made = local.copy()
    made[:3, 3] *= scale
    return made
