"""The shipped models: made from their scripts, sound as solids, and what the machine types say of them."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from models3d import MACHINES, machine_model
from models3d.machines import make
from models3d.machines.glb import encode
from models3d.machines.mesh import box, cylinder, lathe, rotation
from models3d.machines.model import Model, Node, Part
from models3d.machines.shade import shades
from models3d.machines.sweeps import bend, prism
from twin_app.machines import MACHINE_TYPES

MODELS = {model.name: model for model in make.models()}


def document(path: Path) -> dict[str, list[dict[str, object]]]:
    data = path.read_bytes()
    (length,) = struct.unpack_from("<I", data, 12)
    parsed: dict[str, list[dict[str, object]]] = json.loads(data[20 : 20 + length])
    return parsed


def test_that_the_scripts_write_the_shipped_files_byte_for_byte(tmp_path: Path) -> None:
    written = make.write_all(tmp_path)
    assert {path.name for path in written} == {path.name for path in MACHINES.glob("*.glb")}
    assert [path.name for path in written if path.read_bytes() != machine_model(path.name).read_bytes()] == []


@pytest.mark.parametrize("path", sorted(MACHINES.glob("*.glb")), ids=lambda path: path.stem)
def test_that_a_shipped_model_stays_under_200_kb(path: Path) -> None:
    assert path.stat().st_size < 200_000


@pytest.mark.parametrize("path", sorted(MACHINES.glob("*.glb")), ids=lambda path: path.stem)
def test_that_a_shipped_file_keeps_the_container_rules_of_gltf(path: Path) -> None:
    data = path.read_bytes()
    magic, version, length = struct.unpack_from("<4sII", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    found = document(path)
    assert all(view["byteOffset"] % 4 == 0 for view in found["bufferViews"])  # type: ignore[operator]  # the file is plain JSON here
    assert all("min" in found["accessors"][p["attributes"]["POSITION"]] for mesh in found["meshes"] for p in mesh["primitives"])  # type: ignore[attr-defined]  # the file is plain JSON here


@pytest.mark.parametrize("kind", MACHINE_TYPES, ids=lambda kind: kind.key)
def test_that_every_motion_of_a_machine_type_names_a_node_of_its_model(kind: object) -> None:
    names = {node["name"] for node in document(machine_model(kind.model))["nodes"]}  # type: ignore[attr-defined]
    assert {motion.node for motion in kind.motions} <= names  # type: ignore[attr-defined]


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_that_normals_are_unit_vectors_on_the_outer_side_of_their_triangles(model: Model) -> None:
    for part in model.parts:
        mesh = part.mesh
        assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1.0)
        a, b, c = (mesh.positions[mesh.triangles[:, corner]] for corner in range(3))
        face = np.cross(b - a, c - a)
        agreement = np.einsum("ij,ij->i", face, mesh.normals[mesh.triangles].sum(axis=1))
        large = np.linalg.norm(face, axis=1) > 1e-9
        assert (agreement[large] > 0).all()


def volume(mesh: object) -> float:
    a, b, c = (mesh.positions[mesh.triangles[:, corner]] for corner in range(3))  # type: ignore[attr-defined]
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def test_that_a_sharp_box_encloses_length_times_width_times_height() -> None:
    assert volume(box((2.0, 3.0, 0.5), bevel=0.0)) == pytest.approx(3.0)


def test_that_a_bevel_takes_volume_away_and_keeps_the_size() -> None:
    mesh = box((1.0, 1.0, 1.0), (5.0, 0.0, 0.0), bevel=0.1)
    assert 0.9 < volume(mesh) < 1.0
    assert np.allclose(mesh.positions.min(axis=0), (4.5, -0.5, -0.5))


def test_that_a_cylinder_encloses_the_prism_of_its_sides() -> None:
    sides, radius, height = 24, 0.5, 2.0
    prism = sides / 2 * radius**2 * np.sin(2 * np.pi / sides) * height
    assert volume(lathe([(0, 0), (radius, 0), (radius, height), (0, height)], sides)) == pytest.approx(prism)
    assert volume(cylinder(radius, height, sides)) < prism


def test_that_a_quarter_turn_about_z_brings_x_to_y() -> None:
    assert np.allclose(rotation("z", np.pi / 2) @ (1, 0, 0), (0, 1, 0))
    assert np.allclose(rotation("x", np.pi / 2) @ (0, 1, 0), (0, 0, 1))
    assert np.allclose(rotation("y", np.pi / 2) @ (0, 0, 1), (1, 0, 0))


def test_that_a_prism_encloses_its_outlines_area_times_its_length() -> None:
    # A square metre with half a square metre of slope on top, three metres long.
    assert volume(prism([(0, 0), (1, 0), (1, 2), (0, 1)], 3.0)) == pytest.approx(4.5)


def test_that_a_quarter_bend_encloses_its_outlines_area_times_the_way_of_its_middle() -> None:
    # One square metre at a mean radius of 1.5 m (Pappus); 64 flat pieces fall short by less than a thousandth.
    bent = bend([(1, 0), (1, 1), (2, 1), (2, 0)], 0.0, np.pi / 2, 64)
    assert volume(bent) == pytest.approx(1.5 * np.pi / 2, rel=1e-3)
    assert np.allclose(np.linalg.norm(bent.normals, axis=1), 1.0)


def test_that_the_foot_of_a_wall_gets_less_light_than_its_top_and_a_roof_gets_all() -> None:
    wall = box((2.0, 0.2, 2.0), (0, 0, 1.0), bevel=0.0)
    (light,) = shades(Model("wall", (Node("body"),), (Part("body", "body", wall),)))
    low, high = wall.positions[:, 2] < 0.01, wall.positions[:, 2] > 1.99
    assert light[low].max() < light[high].min()
    assert light[high & (wall.normals[:, 2] > 0.9)].min() == 1.0


def test_that_what_moves_casts_no_lasting_shadow_on_what_stands() -> None:
    bed, ram = box((1.0, 1.0, 0.2), (0, 0, 1.0), bevel=0.0), box((1.0, 1.0, 0.2), (0, 0, 0.0), bevel=0.0)
    alone = shades(Model("bed", (Node("body"),), (Part("body", "body", bed),)))[0]
    nodes = (Node("body"), Node("ram", (0, 0, 1.25)))
    assert np.array_equal(shades(Model("press", nodes, (Part("body", "body", bed), Part("ram", "body", ram))))[0], alone)


def test_that_encoding_the_same_model_twice_gives_the_same_bytes() -> None:
    assert encode(MODELS["conveyor_legs"]) == encode(MODELS["conveyor_legs"])
