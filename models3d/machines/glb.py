"""Writing a model as a binary glTF 2.0 file, the same bytes for the same model. Reading is the renderer's business.

The project works with Z up; glTF demands Y up. The root node carries the turn between them, so that every viewer shows the machine
upright and a reader that converts back to Z up finds the very coordinates of the scripts.
"""

import json
from math import sqrt
from struct import pack
from typing import Any

import numpy as np

from models3d.machines.mesh import Floats, Mesh, joined
from models3d.machines.model import MATERIALS, Material, Model
from models3d.machines.shade import shades

Json = dict[str, Any]

_GLTF, _JSON_CHUNK, _BINARY_CHUNK = 0x46546C67, 0x4E4F534A, 0x004E4942
_FLOAT, _UINT16, _UINT8 = 5126, 5123, 5121
_ARRAY, _ELEMENT_ARRAY = 34962, 34963
# Below this an sRGB component is linear, above it a power (IEC 61966-2-1).
_SRGB_KNEE = 0.04045
_Z_UP_TO_Y_UP = [-sqrt(0.5), 0.0, 0.0, sqrt(0.5)]


class _Buffer:
    """The file's one binary buffer with the views and accessors that describe it."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.views: list[Json] = []
        self.accessors: list[Json] = []

    def add(self, array: np.ndarray[Any, Any], target: int, accessor: Json) -> int:
        """Append an array and return the number of its accessor."""
        blob = array.tobytes()
        self.views.append({"buffer": 0, "byteOffset": len(self.data), "byteLength": len(blob), "target": target})
        # Accessors must start at multiples of four bytes.
        self.data += blob + bytes(-len(blob) % 4)
        self.accessors.append({"bufferView": len(self.views) - 1, "count": len(array), **accessor})
        return len(self.accessors) - 1


def encode(model: Model) -> bytes:
    """Return the GLB file of a model: its nodes, one mesh a node, one primitive a material."""
    buffer = _Buffer()
    materials = sorted({part.material for part in model.parts})
    meshes, nodes = _meshes_and_nodes(model, buffer, materials)
    document: Json = {
        "asset": {"version": "2.0", "generator": "models3d.machines.make"},
        "scene": 0,
        "scenes": [{"name": model.name, "nodes": [0]}],
        "nodes": nodes,
        "meshes": meshes,
        "materials": [_material(name, MATERIALS[name]) for name in materials],
        "accessors": buffer.accessors,
        "bufferViews": buffer.views,
        "buffers": [{"byteLength": len(buffer.data)}],
    }
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    chunks = _chunk(_JSON_CHUNK, text) + _chunk(_BINARY_CHUNK, bytes(buffer.data))
    return pack("<III", _GLTF, 2, 12 + len(chunks)) + chunks


def _chunk(kind: int, data: bytes) -> bytes:
    return pack("<II", len(data), kind) + data


def _meshes_and_nodes(model: Model, buffer: _Buffer, materials: list[str]) -> tuple[list[Json], list[Json]]:
    meshes: list[Json] = []
    light = shades(model)
    nodes: list[Json] = [{"name": "z_up", "rotation": _Z_UP_TO_Y_UP, "children": []}]
    number = {node.name: i + 1 for i, node in enumerate(model.nodes)}
    for node in model.nodes:
        entry: Json = {"name": node.name, "translation": list(node.at)}
        primitives = _primitives(model, light, node.name, buffer, materials)
        if primitives:
            entry["mesh"] = len(meshes)
            meshes.append({"name": node.name, "primitives": primitives})
        nodes.append(entry)
        parent = nodes[number[node.parent] if node.parent else 0]
        parent.setdefault("children", []).append(number[node.name])
    return meshes, nodes


def _primitives(model: Model, light: list[Floats], node: str, buffer: _Buffer, materials: list[str]) -> list[Json]:
    primitives = []
    for index, material in enumerate(materials):
        rows = [row for row, part in enumerate(model.parts) if part.node == node and part.material == material]
        if rows:
            mesh = joined(*(model.parts[row].mesh for row in rows))
            primitives.append({**_primitive(mesh, np.concatenate([light[row] for row in rows]), buffer), "material": index})
    return primitives


def _primitive(mesh: Mesh, light: Floats, buffer: _Buffer) -> Json:
    # Rounded to a tenth of a millimetre, so that the last bits of a platform's sine cannot change the file.
    positions = np.round(mesh.positions, 4).astype("<f4")
    normals = np.round(mesh.normals, 3)
    normals = (normals / np.linalg.norm(normals, axis=1, keepdims=True)).astype("<f4")
    rows, number = np.unique(np.hstack([positions, normals, light[:, None].astype("<f4")]), axis=0, return_inverse=True)
    positions, normals = np.ascontiguousarray(rows[:, :3]), np.ascontiguousarray(rows[:, 3:6])
    shade = np.full((len(rows), 4), 255, dtype="u1")
    shade[:, :3] = np.round(rows[:, 6:] * 255)
    bounds = {"min": positions.min(axis=0).tolist(), "max": positions.max(axis=0).tolist()}
    vector = {"componentType": _FLOAT, "type": "VEC3"}
    indices = number.reshape(-1)[mesh.triangles.reshape(-1)].astype("<u2")
    return {
        "attributes": {
            "POSITION": buffer.add(positions, _ARRAY, {**vector, **bounds}),
            "NORMAL": buffer.add(normals, _ARRAY, vector),
            "COLOR_0": buffer.add(shade, _ARRAY, {"componentType": _UINT8, "normalized": True, "type": "VEC4"}),
        },
        "indices": buffer.add(indices, _ELEMENT_ARRAY, {"componentType": _UINT16, "type": "SCALAR"}),
    }


def _material(name: str, material: Material) -> Json:
    linear = [_linear(int(material.colour[i : i + 2], 16) / 255) for i in (1, 3, 5)]
    entry: Json = {
        "name": name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [*linear, material.opacity],
            "metallicFactor": material.metallic,
            "roughnessFactor": material.roughness,
        },
    }
    return entry | ({"alphaMode": "BLEND"} if material.opacity < 1 else {})


def _linear(srgb: float) -> float:
    """Return the linear light of an sRGB component, as glTF wants its factors."""
    linear = srgb / 12.92 if srgb <= _SRGB_KNEE else ((srgb + 0.055) / 1.055) ** 2.4
    return round(linear, 5)
