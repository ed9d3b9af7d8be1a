"""What a 3D model is once it is read: a tree of named nodes, and triangles of one surface hung on them. Pure numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin_app.text import N_

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

MAX_FILE_BYTES = 64 << 20
"""Of all files of a model together."""
MAX_TRIANGLES = 2_000_000
MAX_NODES = 10_000
MAX_EXTENT = 1e7
"""In units of the file: ten kilometres in millimetres."""

CUT_SHORT = N_("it is cut short")
CONTRADICTS = N_("its contents contradict each other")
NO_SIZE = N_("its size is not a number or beyond all bounds")
NO_TRIANGLES = N_("it holds no triangles")
NO_SUCH_POINTS = N_("its triangles name points that do not exist")
TOO_MANY_TRIANGLES = N_("it has more than two million triangles")
TOO_MANY_NODES = N_("its parts hang on each other in a circle or are too many")
_CORNERS = 3


class Refusal(Exception):  # noqa: N818 - never leaves this room
    """A reason not to take a file, as a template of the catalogue with its arguments."""

    def __init__(self, reason: str, **arguments: object) -> None:
        """Keep the template and what fills it."""
        super().__init__(reason)
        self.reason, self.arguments = reason, arguments


def require(condition: object, reason: str, **arguments: object) -> None:
    """Refuse the file for a reason where a condition does not hold."""
    if not condition:
        raise Refusal(reason, **arguments)


@dataclass(frozen=True, slots=True)
class Surface:
    """A material: sRGB colour and numbers from 0 to 1."""

    name: str = ""
    colour: tuple[float, float, float] = (0.75, 0.77, 0.79)
    opacity: float = 1.0
    metallic: float = 0.0
    roughness: float = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class ModelNode:
    """A joint; `parent` is the row of its parent, always before it, -1 for the first. `local` is its 4x4 place in the parent."""

    name: str
    parent: int
    local: Floats


@dataclass(frozen=True, slots=True, eq=False)
class ModelPart:
    """Triangles of one surface in the frame of node row `node`: (n, 3) positions and unit normals, (m, 3) vertex rows."""

    node: int
    surface: Surface
    positions: Floats
    normals: Floats
    triangles: Indices
    shade: Floats | None = None
    """Light that reaches each vertex, 0 to 1, shape (n,); None: all of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A model in its file's unit of length."""

    nodes: tuple[ModelNode, ...]
    parts: tuple[ModelPart, ...]


def checked(model: Model) -> Model:
    """Return a model that something can be drawn of, within bounds.

    Raises:
        Refusal: there are no triangles, or too many.
    """
    require(model.parts, NO_TRIANGLES)
    require(sum(len(part.triangles) for part in model.parts) <= MAX_TRIANGLES, TOO_MANY_TRIANGLES)
    return model


def sound(positions: Floats) -> Floats:
    """Return points that are all finite and within bounds, shape (n, 3); refuse others, and none at all."""
    require(len(positions) and np.isfinite(positions).all() and (np.abs(positions) < MAX_EXTENT).all(), NO_SIZE)
    return positions


def named(triangles: Indices, count: int) -> Indices:
    """Return triangles, shape (m, 3), that name only the `count` points there are; refuse others, and none at all."""
    require(len(triangles) and triangles.min() >= 0 and triangles.max() < count, NO_SUCH_POINTS)
    return triangles


def flat_part(node: int, surface: Surface, corners: Floats, shade: Floats | None = None) -> ModelPart:
    """Return a part of flat triangles, each three points of `corners`, shape (3 m, 3)."""
    a, b, c = corners[0::3], corners[1::3], corners[2::3]
    normals = np.repeat(unit(np.cross(b - a, c - a)), _CORNERS, axis=0)
    return ModelPart(node, surface, corners, normals, np.arange(len(corners)).reshape(-1, _CORNERS), shade)


def unit(vectors: Floats) -> Floats:
    """Return the vectors, shape (n, 3), as long as 1; upright in place of those without a direction."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    made: Floats = np.where(length > 0, vectors / np.where(length > 0, length, 1.0), (0.0, 0.0, 1.0))
    return made
