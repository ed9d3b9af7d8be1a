"""The plain box that stands where a model cannot be shown. No VTK."""

from __future__ import annotations

import numpy as np

from twin_app.shapes import Model, ModelNode, ModelPart, Surface

_SURFACE = Surface("placeholder", (0.62, 0.64, 0.66), 1.0, 0.0, 0.8)


def box(footprint_m: tuple[float, float], height_m: float) -> Model:
    """Return a box standing on the origin, with flat sides."""
    sides = []
    for axis in range(3):
        for end in (0.0, 1.0):
            square = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])
            side = np.insert(square, axis, end, axis=1)
            # Seen from outside the corners must run counter-clockwise, which alternates with axis and end.
            sides.append(side if (axis == 1) != (end == 1.0) else side[::-1])
    corners = np.concatenate(sides) * (*footprint_m, height_m) - (footprint_m[0] / 2, footprint_m[1] / 2, 0.0)
    first = np.arange(6)[:, None] * 4
    triangles = np.concatenate([first + np.array([[0, 1, 2]]), first + np.array([[0, 2, 3]])], axis=0)
    a, b, c = (corners[triangles[:6, number]] for number in range(3))
    normals = np.cross(b - a, c - a)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    part = ModelPart(0, _SURFACE, corners, np.repeat(normals, 4, axis=0), triangles)
    return Model((ModelNode("box", -1, np.eye(4)),), (part,))
