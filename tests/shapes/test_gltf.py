"""Reading models: what the scripts wrote comes back, and what is broken or hostile is refused in a sentence."""

import base64
import contextlib
import json
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models3d import MACHINES, machine_model
from models3d.machines import filler
from twin_app.errors import ModelError
from twin_app.shapes import Model, beside, read_model


def taken_apart(path: Path) -> tuple[dict[str, Any], bytes]:
    data = path.read_bytes()
    (length,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + length]), data[28 + length :]


def put_together(document: object, binary: bytes) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(binary), 0x004E4942) + binary
    return struct.pack("<III", 0x46546C67, 2, 12 + len(body)) + body


@pytest.mark.parametrize("path", sorted(MACHINES.glob("*.glb")), ids=lambda path: path.stem)
def test_that_every_shipped_model_is_read_with_its_names(path: Path) -> None:
    document, _ = taken_apart(path)
    model = read_model(path)
    assert sorted(node.name for node in model.nodes[1:]) == sorted(entry["name"] for entry in document["nodes"])


def points_of(model: Model) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """Return every point of a model where it lies at rest."""
    rests: list[Any] = []
    for node in model.nodes:
        rests.append(node.local if node.parent < 0 else rests[node.parent] @ node.local)
    return np.concatenate([part.positions @ rests[part.node][:3, :3].T + rests[part.node][:3, 3] for part in model.parts])


def test_that_a_model_comes_back_upright_where_its_script_put_it() -> None:
    written = filler.model()
    at = {node.name: np.array(node.at) for node in written.nodes}
    points = np.concatenate([part.mesh.positions + at[part.node] for part in written.parts])
    found = points_of(read_model(machine_model("filler.glb")))
    assert np.allclose(found.min(axis=0), points.min(axis=0), atol=2e-4)
    assert np.allclose(found.max(axis=0), points.max(axis=0), atol=2e-4)


def test_that_a_material_comes_back_with_its_srgb_colour() -> None:
    surfaces = {part.surface.name: part.surface for part in read_model(machine_model("filler.glb")).parts}
    assert np.allclose(np.array(surfaces["body"].colour) * 255, (0xC0, 0xC6, 0xCC), atol=0.5)
    assert surfaces["glass"].opacity == pytest.approx(0.26)
    assert surfaces["body"].opacity == 1.0


def refused(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "bad.glb"
    path.write_bytes(data)
    with pytest.raises(ModelError) as caught:
        read_model(path)
    sentence = caught.value.worded()
    assert "bad.glb" in sentence
    return sentence


def test_that_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere\.glb cannot be opened"):
        read_model(tmp_path / "nowhere.glb")


def test_that_a_file_beyond_the_cap_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "MAX_FILE_BYTES", 1000)
    assert "larger than" in refused(tmp_path, machine_model("filler.glb").read_bytes())


@pytest.mark.parametrize("kept", [0, 3, 11, 19, 40, 5000, -1])
def test_that_a_file_cut_short_is_refused(tmp_path: Path, kept: int) -> None:
    refused(tmp_path, machine_model("filler.glb").read_bytes()[:kept])


def test_that_text_is_no_model(tmp_path: Path) -> None:
    assert "not binary glTF" in refused(tmp_path, b"solid cube\nfacet normal 0 0 1\nendfacet\n")


def link_out(document: dict[str, Any]) -> None:
    document["buffers"][0]["uri"] = "../../etc/passwd"


def compress(document: dict[str, Any]) -> None:
    document["extensionsRequired"] = ["KHR_draco_mesh_compression"]


def loop(document: dict[str, Any]) -> None:
    document["nodes"][1]["children"] = [0]


def point_beyond(document: dict[str, Any]) -> None:
    document["bufferViews"][0]["byteOffset"] = 10**9


def count_backwards(document: dict[str, Any]) -> None:
    document["scenes"][0]["nodes"] = [-1]


def empty(document: dict[str, Any]) -> None:
    document["nodes"] = [{"name": "nothing"}]


def flatten(document: dict[str, Any]) -> None:
    document["nodes"][0]["scale"] = [1, 0, 1]


def confuse(document: dict[str, Any]) -> None:
    document["meshes"] = {"primitives": 3}


def stretch(document: dict[str, Any]) -> None:
    document["accessors"][0]["count"] = 10**12


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (link_out, "not a file in its own folder"),
        (compress, "needs a glTF extension"),
        (loop, "in a circle"),
        (point_beyond, "cut short"),
        (count_backwards, "contradict"),
        (empty, "no triangles"),
        (flatten, "beyond all bounds"),
        (confuse, "contradict"),
        (stretch, "cut short"),
    ],
)
def test_that_a_harmful_file_is_refused_with_its_reason(tmp_path: Path, harm: Callable[[dict[str, Any]], None], reason: str) -> None:
    document, binary = taken_apart(machine_model("bottle.glb"))
    harm(document)
    assert reason in refused(tmp_path, put_together(document, binary))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e30])
def test_that_a_model_without_finite_bounds_is_refused(tmp_path: Path, value: float) -> None:
    document, binary = taken_apart(machine_model("bottle.glb"))
    offset = document["bufferViews"][document["accessors"][document["meshes"][0]["primitives"][0]["attributes"]["POSITION"]]["bufferView"]][
        "byteOffset"
    ]
    harmed = binary[:offset] + struct.pack("<f", value) + binary[offset + 4 :]
    assert "not a number" in refused(tmp_path, put_together(document, harmed))


def test_that_any_single_flipped_byte_of_the_description_is_read_or_refused_but_never_crashes(tmp_path: Path) -> None:
    data = machine_model("bottle.glb").read_bytes()
    path = tmp_path / "bad.glb"
    random = np.random.default_rng(5)
    for _ in range(300):
        harmed = bytearray(data)
        harmed[random.integers(12, 1200)] = random.integers(0, 256)
        path.write_bytes(harmed)
        with contextlib.suppress(ModelError):
            assert read_model(path).parts


def without_normals(document: dict[str, Any]) -> None:
    for mesh in document["meshes"]:
        for primitive in mesh["primitives"]:
            del primitive["attributes"]["NORMAL"]


def test_that_a_model_without_normals_gets_those_its_triangles_have(tmp_path: Path) -> None:
    document, binary = taken_apart(machine_model("bottle.glb"))
    without_normals(document)
    path = tmp_path / "plain.glb"
    path.write_bytes(put_together(document, binary))
    given, found = read_model(machine_model("bottle.glb")).parts[0], read_model(path).parts[0]
    assert np.allclose(np.linalg.norm(found.normals, axis=1), 1.0)
    a, b, c = (found.positions[found.triangles[:, corner]] for corner in range(3))
    assert (np.einsum("ij,ij->i", np.cross(b - a, c - a), found.normals[found.triangles].sum(axis=1)) > 0).all()
    assert np.ptp(found.positions, axis=0) == pytest.approx(np.ptp(given.positions, axis=0))


def split(document: dict[str, Any], binary: bytes, folder: Path) -> Path:
    """Write a model as JSON with its buffer beside it."""
    document["buffers"] = [{"uri": "parts/body%20of%20it.bin", "byteLength": len(binary)}]
    (folder / "parts").mkdir()
    (folder / "parts" / "body of it.bin").write_bytes(binary)
    path = folder / "bottle.gltf"
    path.write_text(json.dumps(document))
    return path


def test_that_a_buffer_beside_the_file_or_within_its_address_is_read(tmp_path: Path) -> None:
    document, binary = taken_apart(machine_model("bottle.glb"))
    apart = read_model(split(document, binary, tmp_path))
    document["buffers"][0]["uri"] = "data:application/octet-stream;base64," + base64.b64encode(binary).decode()
    path = tmp_path / "within.gltf"
    path.write_text(json.dumps(document))
    whole = read_model(machine_model("bottle.glb"))
    for model in (apart, read_model(path)):
        assert np.array_equal(points_of(model), points_of(whole))


@pytest.mark.parametrize(
    "name", ["../body.bin", "/etc/passwd", "http://example.com/b.bin", "file:///etc/passwd", "..\\body.bin", "C:\\b.bin", "%2e%2e/body.bin"]
)
def test_that_neither_a_buffer_nor_a_picture_may_lie_elsewhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "body.bin").write_bytes(b"secret")
    home = tmp_path / "home"
    home.mkdir()
    document, binary = taken_apart(machine_model("bottle.glb"))
    path = split(document, binary, home)
    for harm in ({"buffers": [{"uri": name}]}, {"images": [{"uri": name}]}):
        path.write_text(json.dumps({**document, **harm}))
        with pytest.raises(ModelError, match="not a file in its own folder"):
            read_model(path)


@pytest.mark.skipif(os.name == "nt", reason="links need rights of their own on Windows")
def test_that_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    document, binary = taken_apart(machine_model("bottle.glb"))
    home = tmp_path / "home"
    home.mkdir()
    path = split(document, binary, home)
    (home / "parts" / "body of it.bin").rename(tmp_path / "outside.bin")
    (home / "parts" / "body of it.bin").symlink_to(tmp_path / "outside.bin")
    with pytest.raises(ModelError, match="not a file in its own folder"):
        read_model(path)


def test_that_whole_numbers_that_stand_for_shares_are_read_as_shares(tmp_path: Path) -> None:
    """Quantised positions (KHR_mesh_quantization): 32767 of 16 bits is 1, and -32768 is no less than -1."""
    corners = np.array([(0, 0, 0), (32767, 0, 0), (0, -32768, 0)], dtype="<i2")
    binary = np.hstack([corners, np.zeros((3, 1), "<i2")]).tobytes()
    document = {
        "extensionsRequired": ["KHR_mesh_quantization"], "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}],
        "buffers": [{"byteLength": len(binary)}], "bufferViews": [{"buffer": 0, "byteLength": len(binary), "byteStride": 8}],
        "accessors": [{"bufferView": 0, "componentType": 5122, "normalized": True, "type": "VEC3", "count": 3}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
    }  # fmt: skip
    path = tmp_path / "small.glb"
    path.write_bytes(put_together(document, binary))
    part = read_model(path).parts[0]
    assert sorted(map(tuple, part.positions.tolist())) == [(0.0, -1.0, 0.0), (0.0, 0.0, 0.0), (1.0, 0.0, 0.0)]


def test_that_a_large_mesh_used_over_and_over_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    document, binary = taken_apart(machine_model("filler.glb"))
    document["nodes"] = [{"name": f"n{i}", "mesh": 0} for i in range(9000)]
    document["scenes"] = [{"nodes": list(range(9000))}]
    assert "two million" in refused(tmp_path, put_together(document, binary))
