"""A model as a file of plain arrays, to be handed from the process that reads to the one that draws. Not a format to keep."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from twin_app.shapes.shape import Model, ModelNode, ModelPart, Surface

if TYPE_CHECKING:
    from pathlib import Path


def pack(model: Model, path: Path) -> None:
    """Write a model; OSError where that cannot be done."""
    arrays = {"locals": np.stack([node.local for node in model.nodes])}
    for row, part in enumerate(model.parts):
        arrays[f"positions{row}"] = part.positions.astype(np.float32)
        arrays[f"normals{row}"] = part.normals.astype(np.float32)
        arrays[f"triangles{row}"] = part.triangles.astype(np.int32)
        if part.shade is not None:
            arrays[f"shade{row}"] = part.shade.astype(np.float32)
    head = {
        "nodes": [(node.name, node.parent) for node in model.nodes],
        "parts": [(part.node, asdict(part.surface)) for part in model.parts],
    }
    arrays["head"] = np.frombuffer(json.dumps(head).encode(), dtype=np.uint8)
    np.savez(path, allow_pickle=False, **arrays)


def unpack(path: Path) -> Model:
    """Return the model that `pack` wrote; OSError or ValueError where there is none."""
    with np.load(path, allow_pickle=False) as arrays:
        head = json.loads(arrays["head"].tobytes())
        nodes = tuple(
            ModelNode(name, parent, local) for (name, parent), local in zip(head["nodes"], arrays["locals"].astype(np.float64), strict=True)
        )
        parts = []
        for row, (node, surface) in enumerate(head["parts"]):
            shade = arrays[f"shade{row}"].astype(np.float64) if f"shade{row}" in arrays else None
            positions, normals = (arrays[f"{name}{row}"].astype(np.float64) for name in ("positions", "normals"))
            made = Surface(**{**surface, "colour": tuple(surface["colour"])})
            parts.append(ModelPart(node, made, positions, normals, arrays[f"triangles{row}"].astype(np.int64), shade))
        return Model(nodes, tuple(parts))
