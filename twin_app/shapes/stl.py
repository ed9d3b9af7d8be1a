"""Reading STL, binary and ASCII: triangles alone, without names, colours or a unit of length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from twin_app.shapes.crease import creased, welded
from twin_app.shapes.shape import CUT_SHORT, MAX_TRIANGLES, TOO_MANY_TRIANGLES, Model, ModelNode, Surface, require, sound
from twin_app.text import N_

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_HEAD, _ROW = 84, 50
_VERTEX = re.compile(rb"\bvertex\s+(\S+)\s+(\S+)\s+(\S+)", re.IGNORECASE)
_NUMBERS = 3


def read_stl(data: bytes) -> Model:
    """Return the one part of an STL file; refuse what is cut short or no STL."""
    corners = _binary(data) if _is_binary(data) else _ascii(data)
    points, triangles = welded(sound(corners))
    return Model((ModelNode("solid", -1, np.eye(4)),), (creased(0, Surface(), points, triangles),))


def _is_binary(data: bytes) -> bool:
    """Tell by the length: many a binary file begins with `solid`, too."""
    if len(data) < _HEAD:
        return False
    count = int.from_bytes(data[80:_HEAD], "little")
    return len(data) == _HEAD + _ROW * count or data.lstrip()[:5].lower() != b"solid"


def _binary(data: bytes) -> Floats:
    count = int.from_bytes(data[80:_HEAD], "little")
    require(count <= MAX_TRIANGLES, TOO_MANY_TRIANGLES)
    require(len(data) >= _HEAD + _ROW * count, CUT_SHORT)
    rows = np.frombuffer(data, np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("rest", "<u2")]), count, _HEAD)
    corners: Floats = rows["corners"].reshape(-1, 3).astype(np.float64)
    return corners


def _ascii(data: bytes) -> Floats:
    require(data.lstrip()[:5].lower() == b"solid", N_("it is no STL"))
    require(b"endsolid" in data[-200:].lower(), CUT_SHORT)
    found = _VERTEX.findall(data)
    require(len(found) <= _NUMBERS * MAX_TRIANGLES, TOO_MANY_TRIANGLES)
    require(found and len(found) % _NUMBERS == 0, CUT_SHORT)
    return np.array(found, dtype="S40").astype(np.float64)
