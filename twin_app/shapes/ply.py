"""Reading PLY, ASCII and binary: points with or without colours, and polygons over them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from twin_app.shapes.crease import creased
from twin_app.shapes.shape import (
    CONTRADICTS,
    CUT_SHORT,
    MAX_TRIANGLES,
    TOO_MANY_TRIANGLES,
    Model,
    ModelNode,
    Surface,
    named,
    require,
    sound,
)
from twin_app.text import N_

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

_TYPES = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2", "ushort": "u2", "uint16": "u2",
    "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4", "float": "f4", "float32": "f4", "double": "f8", "float64": "f8",
}  # fmt: skip
_ORDERS = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
_LONGEST_HEADER = 64 << 10
_MOST_CORNERS = 64
_BRIGHTNESS = np.array((0.2126, 0.7152, 0.0722)) / 255.0


@dataclass(slots=True)
class _Element:
    """One table of the file: its rows, and each column's name and type; of a list also the type of its length."""

    name: str
    count: int
    columns: list[tuple[str, str, str]] = field(default_factory=list)


def read_ply(data: bytes) -> Model:
    """Return the one part of a PLY file; refuse what is cut short, contradicts itself or is no PLY."""
    order, elements, body = _header(data)
    reader = _Ascii(data[body:]) if not order else _Binary(data[body:], order)
    points, shade, triangles = np.empty((0, 3)), None, np.empty((0, 3), dtype=np.int64)
    for element in elements:
        if element.name == "face":
            triangles = reader.polygons(element)
        else:
            table = reader.table(element)
            if element.name == "vertex":
                require({"x", "y", "z"} <= set(table), CONTRADICTS)
                points = sound(np.stack([table[axis] for axis in "xyz"], axis=1))
                shade = _shade(table)
    return Model((ModelNode("surface", -1, np.eye(4)),), (creased(0, Surface(), points, named(triangles, len(points)), shade),))


def _shade(table: dict[str, Floats]) -> Floats | None:
    """Return how bright each point is, 0 to 1; None where there are no colours. Hues are not shown."""
    if not {"red", "green", "blue"} <= set(table):
        return None
    bright: Floats = np.clip(np.nan_to_num(np.stack([table[hue] for hue in ("red", "green", "blue")], axis=1)) @ _BRIGHTNESS, 0.0, 1.0)
    return bright


def _header(data: bytes) -> tuple[str, list[_Element], int]:
    """Return the byte order (empty: text), the tables in their order, and where the body begins."""
    require(data[:3] == b"ply", N_("it is no PLY"))
    end = data.find(b"end_header", 0, _LONGEST_HEADER)
    require(end >= 0, CUT_SHORT)
    body = data.find(b"\n", end)
    require(body >= 0, CUT_SHORT)
    order, elements = None, list[_Element]()
    for line in data[:end].decode("ascii", "replace").splitlines():
        match line.split():
            case ["format", kind, _]:
                order = _ORDERS.get(kind)
            case ["element", name, count]:
                require(count.isascii() and count.isdigit() and len(count) < 10, CONTRADICTS)  # noqa: PLR2004 - a thousand million
                elements.append(_Element(name, int(count)))
            case ["property", "list", length, kind, name] if elements:
                require(length in _TYPES and _TYPES[length][0] != "f", CONTRADICTS)
                elements[-1].columns.append((name, _type(kind), _TYPES[length]))
            case ["property", kind, name] if elements:
                elements[-1].columns.append((name, _type(kind), ""))
            case _:
                pass
    require(order is not None, N_("it is no PLY"))
    return order or "", elements, body + 1


def _type(kind: str) -> str:
    require(kind in _TYPES, CONTRADICTS)
    return _TYPES[kind]


def _fan(corners: Indices) -> Indices:
    """Return polygons of the same number of corners, shape (m, k), as triangles around their first corner."""
    parts = [corners[:, [0, i, i + 1]] for i in range(1, corners.shape[1] - 1)]
    return np.concatenate(parts) if parts else np.empty((0, 3), dtype=np.int64)


class _Binary:
    """The body as bytes, table after table."""

    def __init__(self, data: bytes, order: str) -> None:
        self._data, self._order, self._at = data, order, 0

    def table(self, element: _Element) -> dict[str, Floats]:
        """Return the columns of a table without lists."""
        require(not any(length for _, _, length in element.columns), CONTRADICTS)
        row = np.dtype([(f"{i}", self._order + kind) for i, (_, kind, _) in enumerate(element.columns)])
        require(row.itemsize and self._at + row.itemsize * element.count <= len(self._data), CUT_SHORT)
        rows = np.frombuffer(self._data, row, element.count, self._at)
        self._at += row.itemsize * element.count
        return {name: rows[f"{i}"].astype(np.float64) for i, (name, _, _) in enumerate(element.columns)}

    def polygons(self, element: _Element) -> Indices:
        """Return the triangles of a table whose rows hold one list each; runs of polygons of one kind are read at once."""
        require(element.count <= MAX_TRIANGLES, TOO_MANY_TRIANGLES)
        require(len(element.columns) == 1 and element.columns[0][2], CONTRADICTS)
        _, kind, length = element.columns[0]
        head, item = np.dtype(self._order + length), np.dtype(self._order + kind)
        found, left = [np.empty((0, 3), dtype=np.int64)], element.count
        while left:
            require(self._at + head.itemsize <= len(self._data), CUT_SHORT)
            corners = int(np.frombuffer(self._data, head, 1, self._at)[0])
            require(0 <= corners <= _MOST_CORNERS, CONTRADICTS)
            row = np.dtype([("length", head), ("corners", item, (corners,))])
            fits = (len(self._data) - self._at) // row.itemsize
            require(fits, CUT_SHORT)
            rows = np.frombuffer(self._data, row, min(left, fits), self._at)
            other = np.flatnonzero(rows["length"] != corners)
            alike = int(other[0]) if len(other) else len(rows)
            found.append(_fan(rows["corners"][:alike].astype(np.int64).reshape(alike, corners)))
            self._at += row.itemsize * alike
            left -= alike
        return np.concatenate(found)


class _Ascii:
    """The body as numbers in a row."""

    def __init__(self, data: bytes) -> None:
        self._words = np.array(data.split(), dtype="S40")
        self._at = 0

    def table(self, element: _Element) -> dict[str, Floats]:
        """Return the columns of a table without lists."""
        width = len(element.columns)
        require(not any(length for _, _, length in element.columns), CONTRADICTS)
        require(width and self._at + width * element.count <= len(self._words), CUT_SHORT)
        values = self._words[self._at : self._at + width * element.count].astype(np.float64).reshape(element.count, width)
        self._at += width * element.count
        return {name: values[:, i] for i, (name, _, _) in enumerate(element.columns)}

    def polygons(self, element: _Element) -> Indices:
        """Return the triangles of a table whose rows hold one list each."""
        require(element.count <= MAX_TRIANGLES, TOO_MANY_TRIANGLES)
        require(len(element.columns) == 1 and element.columns[0][2], CONTRADICTS)
        numbers = self._words[self._at :].astype(np.float64)
        found, at = [np.empty((0, 3), dtype=np.int64)], 0
        for _ in range(element.count):
            require(at < len(numbers), CUT_SHORT)
            corners = int(numbers[at])
            require(0 <= corners <= _MOST_CORNERS, CONTRADICTS)
            require(at + 1 + corners <= len(numbers), CUT_SHORT)
            found.append(_fan(numbers[at + 1 : at + 1 + corners].astype(np.int64)[None]))
            at += 1 + corners
        self._at += at
        return np.concatenate(found)
