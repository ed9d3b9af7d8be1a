"""Reading models: what the scripts wrote comes back, and what is broken or hostile is refused in a sentence."""

import contextlib
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models3d import MACHINES, machine_model
from models3d.machines import filler
from twin_app.errors import ModelError
from twin_app.machines import MACHINE_TYPES
from ui.scene3d import gltf, placeholder
from ui.scene3d.rig import bind


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
    model = gltf.read_model(path)
    assert sorted(node.name for node in model.nodes[1:]) == sorted(entry["name"] for entry in document["nodes"])


def test_that_a_model_comes_back_upright_where_its_script_put_it() -> None:
    written = filler.model()
    read = bind(gltf.read_model(machine_model("filler.glb")), ())
    at = {node.name: np.array(node.at) for node in written.nodes}
    points = np.concatenate([part.mesh.positions + at[part.node] for part in written.parts])
    found = np.concatenate([body.positions for body in read.bodies])
    assert np.allclose(found.min(axis=0), points.min(axis=0), atol=2e-4)
    assert np.allclose(found.max(axis=0), points.max(axis=0), atol=2e-4)


def test_that_a_material_comes_back_with_its_srgb_colour() -> None:
    surfaces = {part.surface.name: part.surface for part in gltf.read_model(machine_model("filler.glb")).parts}
    assert np.allclose(np.array(surfaces["body"].colour) * 255, (0xC0, 0xC6, 0xCC), atol=0.5)
    assert surfaces["glass"].opacity == pytest.approx(0.26)
    assert surfaces["body"].opacity == 1.0


def refused(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "bad.glb"
    path.write_bytes(data)
    with pytest.raises(ModelError) as caught:
        gltf.read_model(path)
    sentence = caught.value.worded()
    assert "bad.glb" in sentence
    return sentence


def test_that_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere\.glb cannot be opened"):
        gltf.read_model(tmp_path / "nowhere.glb")


def test_that_a_file_beyond_the_cap_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gltf, "MAX_FILE_BYTES", 1000)
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
        (link_out, "refers to other files"),
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
            assert gltf.read_model(path).parts


def test_that_a_model_without_normals_is_shown_flat(tmp_path: Path) -> None:
    document, binary = taken_apart(machine_model("bottle.glb"))
    for mesh in document["meshes"]:
        for primitive in mesh["primitives"]:
            del primitive["attributes"]["NORMAL"]
    path = tmp_path / "plain.glb"
    path.write_bytes(put_together(document, binary))
    part = gltf.read_model(path).parts[0]
    assert len(part.positions) == 3 * len(part.triangles)
    assert np.allclose(np.linalg.norm(part.normals, axis=1), 1.0)


@pytest.mark.parametrize("kind", MACHINE_TYPES, ids=lambda kind: kind.key)
def test_that_the_box_in_a_models_place_has_the_machines_size_and_shows_its_outside(kind: Any) -> None:
    part = placeholder.box(kind.footprint_m, kind.height_m).parts[0]
    assert np.allclose(np.ptp(part.positions, axis=0), (*kind.footprint_m, kind.height_m))
    outward = part.positions - part.positions.mean(axis=0)
    assert (np.einsum("ij,ij->i", outward, part.normals) > 0).all()
