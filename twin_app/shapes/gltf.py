"""Reading glTF 2.0, as one binary file (GLB) or as JSON with buffers beside it: a tree of named nodes with meshes.

Not a viewer's full reader: triangles with one colour a surface; no textures, skins, animations or compressed buffers.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np

from twin_app.shapes.crease import creased
from twin_app.shapes.shape import (
    CONTRADICTS,
    CUT_SHORT,
    MAX_EXTENT,
    MAX_NODES,
    MAX_TRIANGLES,
    NO_SIZE,
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
from twin_app.text import N_

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.shapes.beside import Folder

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

_GLTF, _JSON_CHUNK, _BINARY_CHUNK = 0x46546C67, 0x4E4F534A, 0x004E4942
_HEADER_BYTES = 12
_VERSION = 2
_TRIANGLES = 4
_RGB, _LUMINANCE = 3, np.array((0.2126, 0.7152, 0.0722))
_COMPONENTS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_UNDERSTOOD = frozenset({"KHR_mesh_quantization", "KHR_materials_unlit", "KHR_texture_transform"})
"""Extensions without which a file may not be read, and with which it can: textures are not shown in any case."""
_NO_GLTF = N_("it is not binary glTF")


def read_gltf(data: bytes, folder: Folder) -> Model:
    """Return the scene of a glTF file; refuse what is cut short, contradicts itself or refers to files elsewhere."""
    return _Reader(data, folder).model()


class _Reader:
    """One file being read."""

    def __init__(self, data: bytes, folder: Folder) -> None:
        document, binary = (data, b"") if data.lstrip()[:1] == b"{" else chunks(data)
        self._document: dict[str, Any] = json.loads(document)
        needed = set(self._document.get("extensionsRequired", ())) - _UNDERSTOOD
        require(not needed, N_("it needs a glTF extension, such as compression"))
        for picture in self._document.get("images", []):
            if not str(picture.get("uri", "data:")).startswith("data:"):
                folder.named(picture["uri"])
        self._buffers = [_buffer(entry, binary, folder) for entry in self._document.get("buffers", [])]
        self._surfaces = [_surface(entry) for entry in self._document.get("materials", [])]
        self._count = 0

    def model(self) -> Model:
        """Return the scene's nodes, parents first, and their parts."""
        nodes = [ModelNode("", -1, np.eye(4))]
        parts: list[ModelPart] = []
        scene = self._document["scenes"][self._document.get("scene", 0)]
        waiting = [(number, 0) for number in scene["nodes"]]
        while waiting:
            number, parent = waiting.pop(0)
            # A tree visits each node once; more visits than nodes means a loop.
            require(len(nodes) <= min(len(self._document["nodes"]), MAX_NODES), TOO_MANY_NODES)
            entry = self._document["nodes"][_row(number)]
            nodes.append(ModelNode(str(entry.get("name", number)), parent, _local(entry)))
            waiting += [(child, len(nodes) - 1) for child in entry.get("children", [])]
            if "mesh" in entry:
                parts += self._parts(entry["mesh"], len(nodes) - 1)
        return Model(tuple(nodes), tuple(parts))

    def _parts(self, mesh: int, node: int) -> list[ModelPart]:
        primitives = self._document["meshes"][_row(mesh)]["primitives"]
        return [self._part(entry, node) for entry in primitives if entry.get("mode", _TRIANGLES) == _TRIANGLES]

    def _part(self, entry: dict[str, Any], node: int) -> ModelPart:
        attributes = entry["attributes"]
        positions = sound(self._array(attributes["POSITION"], 3).astype(np.float64))
        flat = self._array(entry["indices"], 1).astype(np.int64).reshape(-1) if "indices" in entry else np.arange(len(positions))
        triangles = named(flat[: len(flat) // 3 * 3].reshape(-1, 3), len(positions))
        self._count += max(len(triangles), len(positions) // 3)
        require(self._count <= MAX_TRIANGLES, TOO_MANY_TRIANGLES)
        surface = self._surfaces[_row(entry["material"])] if "material" in entry else _surface({})
        shade = self._shade(attributes["COLOR_0"], len(positions)) if "COLOR_0" in attributes else None
        if "NORMAL" in attributes:
            normals = self._array(attributes["NORMAL"], 3).astype(np.float64)
            if normals.shape == positions.shape and np.isfinite(normals).all():
                return ModelPart(node, surface, positions, unit(normals), triangles, shade)
        return creased(node, surface, positions, triangles, shade)

    def _shade(self, number: int, count: int) -> Floats:
        """Return the brightness of the colour at each of `count` vertices, 0 to 1; its hue is not shown."""
        accessor = self._document["accessors"][_row(number)]
        colours = self._array(number, _WIDTHS[accessor["type"]]).astype(np.float64)
        require(len(colours) == count and colours.shape[1] >= _RGB, CONTRADICTS)
        bright: Floats = np.nan_to_num(colours[:, :_RGB] @ _LUMINANCE, nan=1.0)
        return np.clip(bright, 0.0, 1.0)

    def _array(self, number: int, width: int) -> NDArray[Any]:
        """Return an accessor's rows as a checked copy of its buffer; normalised integers as what they stand for."""
        accessor = self._document["accessors"][_row(number)]
        require("sparse" not in accessor and "bufferView" in accessor, N_("it uses sparse arrays"))
        view = self._document["bufferViews"][_row(accessor["bufferView"])]
        data = self._buffers[_row(view.get("buffer", 0))]
        kind = np.dtype(_COMPONENTS[accessor["componentType"]])
        require(_WIDTHS[accessor["type"]] == width, CONTRADICTS)
        count = _row(accessor["count"])
        row_bytes = kind.itemsize * width
        stride = _row(view.get("byteStride", row_bytes))
        start = _row(view.get("byteOffset", 0)) + _row(accessor.get("byteOffset", 0))
        require(count > 0 and stride >= row_bytes and start + stride * (count - 1) + row_bytes <= len(data), CUT_SHORT)
        rows = np.ndarray((count, width), kind, data, start, (stride, kind.itemsize)).copy()
        if accessor.get("normalized") and kind.kind in "iu":
            return np.maximum(rows.astype(np.float64) / np.iinfo(kind).max, -1.0)
        return rows


def _buffer(entry: dict[str, Any], binary: bytes, folder: Folder) -> bytes:
    """Return a buffer's bytes: the file's own, those written in its address, or those of a file beside it."""
    if "uri" not in entry:
        return binary
    address = str(entry["uri"])
    if not address.startswith("data:"):
        return folder.read(address)
    try:
        return base64.b64decode(address.partition(";base64,")[2], validate=True)
    except binascii.Error:
        return b""


def chunks(data: bytes) -> tuple[bytes, bytes]:
    """Return the JSON text and the binary chunk of a GLB file."""
    require(len(data) >= _HEADER_BYTES + 8, CUT_SHORT)
    magic, version, length = struct.unpack_from("<III", data)
    require(magic == _GLTF, _NO_GLTF)
    require(version == _VERSION, N_("its glTF version is not 2"))
    require(length <= len(data), CUT_SHORT)
    found: dict[int, bytes] = {}
    offset = _HEADER_BYTES
    while offset + 8 <= length:
        size, kind = struct.unpack_from("<II", data, offset)
        require(offset + 8 + size <= length, CUT_SHORT)
        found.setdefault(kind, data[offset + 8 : offset + 8 + size])
        offset += 8 + size
    require(_JSON_CHUNK in found, _NO_GLTF)
    return found[_JSON_CHUNK], found.get(_BINARY_CHUNK, b"")


def _row(number: object) -> int:
    """Return an index or a size of the file, refusing what would count from the end or is no number."""
    require(isinstance(number, int) and number >= 0, CONTRADICTS)
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
    finite = np.isfinite(matrix).all() and (np.abs(matrix) < MAX_EXTENT).all() and abs(np.linalg.det(matrix[:3, :3])) > 0
    require(finite, NO_SIZE)
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
