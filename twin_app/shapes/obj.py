"""Reading Wavefront OBJ with its colours (MTL): each object or group is a node of its own. No curves, no textures."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from twin_app.shapes.crease import creased
from twin_app.shapes.shape import (
    CONTRADICTS,
    MAX_NODES,
    MAX_TRIANGLES,
    NO_TRIANGLES,
    TOO_MANY_NODES,
    TOO_MANY_TRIANGLES,
    Model,
    ModelNode,
    ModelPart,
    Surface,
    named,
    require,
    sound,
    unit,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.shapes.beside import Folder

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

_MOST_CORNERS = 256
_Corner = tuple[int, int]


class _Reading:
    """One file, line after line."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self.points: list[tuple[float, ...]] = []
        self.normals: list[tuple[float, ...]] = []
        self.surfaces: dict[str, Surface] = {}
        self.faces: defaultdict[tuple[str, str], list[tuple[_Corner, _Corner, _Corner]]] = defaultdict(list)
        self._name, self._material, self._count = "", "", 0

    def line(self, words: list[str]) -> None:
        """Take in a line."""
        match words[0]:
            case "v":
                self.points.append(tuple(map(float, words[1:4])))
            case "vn":
                self.normals.append(tuple(map(float, words[1:4])))
            case "f":
                self._face(words[1:])
            case "o" | "g":
                self._name = " ".join(words[1:])
            case "usemtl":
                self._material = " ".join(words[1:])
            case "mtllib":
                self.surfaces |= _materials(self._folder.read(" ".join(words[1:])))
            case _:
                pass

    def _face(self, words: list[str]) -> None:
        """Take in a polygon as triangles around its first corner."""
        require(len(words) <= _MOST_CORNERS, CONTRADICTS)
        corners = [self._corner(word) for word in words]
        self._count += max(0, len(corners) - 2)
        require(self._count <= MAX_TRIANGLES, TOO_MANY_TRIANGLES)
        self.faces[self._name, self._material] += [(corners[0], corners[i], corners[i + 1]) for i in range(1, len(corners) - 1)]

    def _corner(self, word: str) -> _Corner:
        """Return the rows of a corner's point and normal, the latter -1 where it has none; negative numbers count from the newest."""
        numbers = word.split("/")
        point = int(numbers[0])
        normal = int(numbers[2]) if len(numbers) > 2 and numbers[2] else 0  # noqa: PLR2004 - point/texture/normal
        return _row(point, len(self.points)), _row(normal, len(self.normals)) if normal else -1


def _row(number: int, count: int) -> int:
    row = number - 1 if number > 0 else count + number
    require(row >= 0, CONTRADICTS)
    return row


def read_obj(data: bytes, folder: Folder) -> Model:
    """Return the objects of an OBJ file; refuse what contradicts itself or refers to files elsewhere."""
    reading = _Reading(folder)
    text = data.decode("utf-8", "replace").replace("\\\n", " ")
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if words:
            reading.line(words)
    require(reading.points and reading.faces, NO_TRIANGLES)
    points = sound(np.array(reading.points, dtype=np.float64).reshape(-1, 3))
    normals = np.array(reading.normals, dtype=np.float64).reshape(-1, 3)
    names = list(dict.fromkeys(name for name, _ in reading.faces))
    require(len(names) < MAX_NODES, TOO_MANY_NODES)
    nodes = [ModelNode("", -1, np.eye(4)), *(ModelNode(name or "object", 0, np.eye(4)) for name in names)]
    parts = [
        _part(1 + names.index(name), reading.surfaces.get(material, Surface(material)), points, normals, np.array(faces, dtype=np.int64))
        for (name, material), faces in reading.faces.items()
        if faces
    ]
    return Model(tuple(nodes), tuple(parts))


def _part(node: int, surface: Surface, points: Floats, normals: Floats, faces: Indices) -> ModelPart:
    """Return a part of faces (m, 3, 2) that name points and normals."""
    triangles = named(faces[:, :, 0], len(points))
    used, corners = np.unique(triangles, return_inverse=True)
    if len(normals) == 0 or faces[:, :, 1].min() < 0:
        return creased(node, surface, points[used], corners.reshape(-1, 3))
    named(faces[:, :, 1], len(normals))
    pairs, number = np.unique(faces.reshape(-1, 2), axis=0, return_inverse=True)
    given = np.where(np.isfinite(normals[pairs[:, 1]]), normals[pairs[:, 1]], 0.0)
    return ModelPart(node, surface, points[pairs[:, 0]], unit(given), number.reshape(-1, 3))


def _materials(data: bytes) -> dict[str, Surface]:
    """Return the surfaces of an MTL file by name: diffuse colour and opacity."""
    found: dict[str, Surface] = {}
    name, colour, opacity = "", Surface().colour, 1.0
    for line in data.decode("utf-8", "replace").splitlines():
        words = line.partition("#")[0].split()
        match words[:1]:
            case ["newmtl"]:
                name, colour, opacity = " ".join(words[1:]), Surface().colour, 1.0
            case ["Kd"]:
                red, green, blue = (_share(word) for word in words[1:4])
                colour = (red, green, blue)
            case ["d"]:
                opacity = _share(words[1])
            case ["Tr"]:
                opacity = 1.0 - _share(words[1])
            case _:
                continue
        found[name] = Surface(name, colour, opacity)
    return found


def _share(word: str) -> float:
    value = float(word)
    return min(1.0, max(0.0, value)) if np.isfinite(value) else 1.0
