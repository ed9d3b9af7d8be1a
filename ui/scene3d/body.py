"""What is drawn of a model: triangles of one surface that move together. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from twin_app.shapes import Surface

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

STILL = -1


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """Triangles of one surface that move together: row `mover` of the poses, or STILL; as they lie at rest in the machine's frame.

    A normal is as long as the share of light that reaches its vertex: nothing else a mesh carries comes through to the shader of copies.
    """

    mover: int
    surface: Surface
    positions: Floats
    normals: Floats
    triangles: Indices
