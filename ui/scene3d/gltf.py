"""Reading a binary glTF 2.0 file (GLB) into a named node tree with meshes. A file is hostile until read: capped, checked, no links followed.

Not a viewer's full reader: triangles with one colour a surface; no textures, skins, animations or compressed buffers.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from twin_app.errors import ModelError
from twin_app.text import N_

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

MAX_FILE_BYTES = 64 << 20
MAX_TRIANGLES = 2_000_000
MAX_NODES = 10_000
MAX_EXTENT = 1e7
"""In units of the file: ten kilometres in millimetres."""

_GLTF, _JSON_CHUNK, _BINARY_CHUNK = 0x46546C67, 0x4E4F534A, 0x004E4942
_HEADER_BYTES = 12
_VERSION = 2
_TRIANGLES = 4
_RGB, _LUMINANCE = 3, np.array((0.2126, 0.7152, 0.0722))
_COMPONENTS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_Y_UP_TO_Z_UP = np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
_TIP = N_("Export it again as binary glTF 2.0 in one file, without compression; a plain box stands in its place.")


@dataclass(frozen=True, slots=True)
class Surface:
    """A material: sRGB colour and numbers from 0 to 1."""

    name: str
    colour: tuple[float, float, float]
    opacity: float
    metallic: float
    roughness: float


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
    """A model in its file's unit of length, Z up."""

    nodes: tuple[ModelNode, ...]
    parts: tuple[ModelPart, ...]


def read_model(path: Path) -> Model:
    """Return the model in a GLB file.

    Raises:
        ModelError: the file is missing, too large, or not a model that can be shown; names the file and the reason.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_FILE_BYTES else b""
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ModelError(N_("The 3D model {file} cannot be opened: {reason}."), file=path.name, reason=reason, tip=_TIP) from error
    if size > MAX_FILE_BYTES:
        raise _refused(path, N_("it is larger than 64 MB"))
    try:
        return _Reader(data).model()
    except _Refusal as refusal:
        raise _refused(path, refusal.args[0]) from refusal
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError, struct.error) as error:
        raise _refused(path, N_("its contents contradict each other")) from error


class _Refusal(Exception):  # noqa: N818 - never leaves this file
    """A reason not to take the file, as a catalogue template."""


def _refused(path: Path, reason: str) -> ModelError:
    from twin_app.text import tr

    return ModelError(N_("The 3D model {file} cannot be shown: {reason}."), file=path.name, reason=tr(reason), tip=_TIP)


def _require(condition: object, reason: str) -> None:
    if not condition:
        raise _Refusal(reason)


class _Reader:
    """One file being read."""

    def __init__(self, data: bytes) -> None:
        document, self._binary = _chunks(data)
        self._document: dict[str, Any] = json.loads(document)
        _require(not self._document.get("extensionsRequired"), N_("it needs a glTF extension, such as compression"))
        uris = [entry for kind in ("buffers", "images") for entry in self._document.get(kind, []) if "uri" in entry]
        _require(not uris, N_("it refers to other files"))
        self._surfaces = [_surface(entry) for entry in self._document.get("materials", [])]

    def model(self) -> Model:
        """Return the scene's nodes, parents first, and their parts."""
        nodes = [ModelNode("", -1, _Y_UP_TO_Z_UP)]
        parts: list[ModelPart] = []
        scene = self._document["scenes"][self._document.get("scene", 0)]
        waiting = [(number, 0) for number in scene["nodes"]]
        while waiting:
            number, parent = waiting.pop(0)
            # A tree visits each node once; more visits than nodes means a loop.
            _require(
                len(nodes) <= min(len(self._document["nodes"]), MAX_NODES), N_("its parts hang on each other in a circle or are too many")
            )
            entry = self._document["nodes"][_row(number)]
            nodes.append(ModelNode(str(entry.get("name", number)), parent, _local(entry)))
            waiting += [(child, len(nodes) - 1) for child in entry.get("children", [])]
            if "mesh" in entry:
                parts += self._parts(entry["mesh"], len(nodes) - 1)
        _require(parts, N_("it holds no triangles"))
        _require(sum(len(part.triangles) for part in parts) <= MAX_TRIANGLES, N_("it has more than two million triangles"))
        return Model(tuple(nodes), tuple(parts))

    def _parts(self, mesh: int, node: int) -> list[ModelPart]:
        primitives = self._document["meshes"][_row(mesh)]["primitives"]
        return [self._part(entry, node) for entry in primitives if entry.get("mode", _TRIANGLES) == _TRIANGLES]

    def _part(self, entry: dict[str, Any], node: int) -> ModelPart:
        attributes = entry["attributes"]
        positions = self._array(attributes["POSITION"], 3).astype(np.float64)
        finite = np.isfinite(positions).all() and (np.abs(positions) < MAX_EXTENT).all()
        _require(finite and len(positions), N_("its size is not a number or beyond all bounds"))
        flat = self._array(entry["indices"], 1).astype(np.int64).reshape(-1) if "indices" in entry else np.arange(len(positions))
        triangles = flat[: len(flat) // 3 * 3].reshape(-1, 3)
        _require(
            len(triangles) and triangles.min() >= 0 and triangles.max() < len(positions), N_("its triangles name points that do not exist")
        )
        surface = self._surfaces[_row(entry["material"])] if "material" in entry else _surface({})
        shade = self._shade(attributes["COLOR_0"], len(positions)) if "COLOR_0" in attributes else None
        if "NORMAL" in attributes:
            normals = self._array(attributes["NORMAL"], 3).astype(np.float64)
            if normals.shape == positions.shape and np.isfinite(normals).all():
                return ModelPart(node, surface, positions, normals, triangles, shade)
        corners = triangles.reshape(-1)
        return _flat_part(node, surface, positions[corners], None if shade is None else shade[corners])

    def _shade(self, number: int, count: int) -> Floats:
        """Return the brightness of the colour at each of `count` vertices, 0 to 1; its hue is not shown."""
        accessor = self._document["accessors"][_row(number)]
        colours = self._array(number, _WIDTHS[accessor["type"]]).astype(np.float64)
        _require(len(colours) == count and colours.shape[1] >= _RGB, N_("its contents contradict each other"))
        most = {"<u1": 255.0, "<u2": 65535.0}.get(_COMPONENTS[accessor["componentType"]], 1.0)
        bright: Floats = np.nan_to_num(colours[:, :_RGB] @ _LUMINANCE / most, nan=1.0)
        return np.clip(bright, 0.0, 1.0)

    def _array(self, number: int, width: int) -> NDArray[Any]:
        """Return an accessor's rows as a checked copy of the binary chunk."""
        accessor = self._document["accessors"][_row(number)]
        _require("sparse" not in accessor and "bufferView" in accessor, N_("it uses sparse arrays"))
        view = self._document["bufferViews"][_row(accessor["bufferView"])]
        kind = np.dtype(_COMPONENTS[accessor["componentType"]])
        _require(_WIDTHS[accessor["type"]] == width, N_("its contents contradict each other"))
        count = _row(accessor["count"])
        row_bytes = kind.itemsize * width
        stride = _row(view.get("byteStride", row_bytes))
        start = _row(view.get("byteOffset", 0)) + _row(accessor.get("byteOffset", 0))
        inside = count > 0 and stride >= row_bytes and start + stride * (count - 1) + row_bytes <= len(self._binary)
        _require(inside, N_("it is cut short"))
        return np.ndarray((count, width), kind, self._binary, start, (stride, kind.itemsize)).copy()


def _chunks(data: bytes) -> tuple[bytes, bytes]:
    """Return the JSON text and the binary chunk of a GLB file."""
    _require(len(data) >= _HEADER_BYTES + 8, N_("it is cut short"))
    magic, version, length = struct.unpack_from("<III", data)
    _require(magic == _GLTF, N_("it is not binary glTF"))
    _require(version == _VERSION, N_("its glTF version is not 2"))
    _require(length <= len(data), N_("it is cut short"))
    found: dict[int, bytes] = {}
    offset = _HEADER_BYTES
    while offset + 8 <= length:
        size, kind = struct.unpack_from("<II", data, offset)
        _require(offset + 8 + size <= length, N_("it is cut short"))
        found.setdefault(kind, data[offset + 8 : offset + 8 + size])
        offset += 8 + size
    _require(_JSON_CHUNK in found, N_("it is not binary glTF"))
    return found[_JSON_CHUNK], found.get(_BINARY_CHUNK, b"")


def _row(number: object) -> int:
    """Return an index or a size of the file, refusing what would count from the end or is no number."""
    _require(isinstance(number, int) and number >= 0, N_("its contents contradict each other"))
    return int(str(number))


def _surface(entry: dict[str, Any]) -> Surface:
    physical = entry.get("pbrMetallicRoughness", {})
    values = [
        *physical.get("baseColorFactor", (1.0, 1.0, 1.0, 1.0)),
        physical.get("metallicFactor", 1.0),
        physical.get("roughnessFactor", 1.0),
    ]
    red, green, blue, opacity, metallic, roughness = (min(1.0, max(0.0, float(value))) for value in values)
    opaque = entry.get("alphaMode", "OPAQUE") != "BLEND"
    return Surface(str(entry.get("name", "")), (_srgb(red), _srgb(green), _srgb(blue)), 1.0 if opaque else opacity, metallic, roughness)


def _srgb(linear: float) -> float:
    """Return a linear component of light as sRGB (IEC 61966-2-1)."""
    knee = 0.0031308
    return 12.92 * linear if linear <= knee else 1.055 * linear ** (1 / 2.4) - 0.055


def _local(entry: dict[str, Any]) -> Floats:
    """Return a node's 4x4 place in its parent."""
    if "matrix" in entry:
        # glTF writes matrices column by column.
        matrix = np.array(entry["matrix"], dtype=np.float64).reshape(4, 4).T
    else:
        matrix = np.eye(4)
        matrix[:3, :3] = _turn(entry.get("rotation", (0, 0, 0, 1))) * np.array(entry.get("scale", (1, 1, 1)), dtype=np.float64)
        matrix[:3, 3] = entry.get("translation", (0, 0, 0))
    sound = np.isfinite(matrix).all() and (np.abs(matrix) < MAX_EXTENT).all() and abs(np.linalg.det(matrix[:3, :3])) > 0
    _require(sound, N_("its size is not a number or beyond all bounds"))
    return matrix


def _turn(quaternion: Any) -> Floats:  # noqa: ANN401 - straight from the file's JSON
    x, y, z, w = np.array(quaternion, dtype=np.float64) / np.linalg.norm(np.array(quaternion, dtype=np.float64))
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def _flat_part(node: int, surface: Surface, points: Floats, shade: Floats | None) -> ModelPart:
    """Return a part without normals of its own as flat triangles: each three points of `points`."""
    a, b, c = points[0::3], points[1::3], points[2::3]
    normals = np.cross(b - a, c - a)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = np.where(length > 0, normals / np.where(length > 0, length, 1.0), (0.0, 0.0, 1.0))
    return ModelPart(node, surface, points, np.repeat(normals, 3, axis=0), np.arange(len(points)).reshape(-1, 3), shade)
