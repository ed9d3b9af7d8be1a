"""The same cube in every format, and what each of them may say besides: colours, names, joints."""

import struct
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from models3d import machine_model
from twin_app.errors import ModelError
from twin_app.shapes import SUFFIXES, Fit, Model, read_model
from twin_app.shapes.fit import bounds

CORNERS = [(x, y, z) for x in (0, 2) for y in (0, 3) for z in (0, 4)]
"""Of a block of 2 by 3 by 4."""
QUADS = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
TRIANGLES = [t for a, b, c, d in QUADS for t in ((a, b, c), (a, c, d))]


def ascii_stl() -> bytes:
    facets = "".join(
        "facet normal 0 0 0\nouter loop\n" + "".join("vertex {} {} {}\n".format(*CORNERS[i]) for i in t) + "endloop\nendfacet\n"
        for t in TRIANGLES
    )
    return f"solid block\n{facets}endsolid block\n".encode()


def binary_stl(head: bytes = b"binary") -> bytes:
    rows = b"".join(struct.pack("<12fH", 0, 0, 0, *(x for i in t for x in CORNERS[i]), 0) for t in TRIANGLES)
    return head.ljust(80, b" ") + struct.pack("<I", len(TRIANGLES)) + rows


def obj() -> bytes:
    return (
        "".join("v {} {} {}\n".format(*c) for c in CORNERS) + "".join("f " + " ".join(str(i + 1) for i in q) + "\n" for q in QUADS)
    ).encode()


def ascii_ply() -> bytes:
    head = f"ply\nformat ascii 1.0\nelement vertex {len(CORNERS)}\nproperty float x\nproperty float y\nproperty float z\n"
    head += f"element face {len(QUADS)}\nproperty list uchar int vertex_indices\nend_header\n"
    return (head + "".join("{} {} {}\n".format(*c) for c in CORNERS) + "".join("4 {} {} {} {}\n".format(*q) for q in QUADS)).encode()


def binary_ply(order: str = "<") -> bytes:
    kind = "little" if order == "<" else "big"
    head = f"ply\nformat binary_{kind}_endian 1.0\ncomment red on top\nelement vertex {len(CORNERS)}\n"
    head += "".join(f"property float {axis}\n" for axis in "xyz") + "".join(f"property uchar {hue}\n" for hue in ("red", "green", "blue"))
    head += f"element face {len(TRIANGLES) + 1}\nproperty list uchar int vertex_indices\nend_header\n"
    points = b"".join(struct.pack(f"{order}3f3B", *c, 255 if c[2] else 0, 0, 0) for c in CORNERS)
    # Mixed: a quad first, triangles for all sides after it.
    faces = struct.pack(f"{order}B4i", 4, *QUADS[0]) + b"".join(struct.pack(f"{order}B3i", 3, *t) for t in TRIANGLES)
    return head.encode() + points + faces


BLOCKS = {
    "ascii.stl": ascii_stl(), "binary.stl": binary_stl(), "solid.stl": binary_stl(b"solid, says the header"), "block.obj": obj(),
    "ascii.ply": ascii_ply(), "little.ply": binary_ply(), "big.ply": binary_ply(">"),
}  # fmt: skip


def block(folder: Path, name: str, fit: Fit | None = None) -> Model:
    path = folder / name
    path.write_bytes(BLOCKS[name])
    return read_model(path, fit)


@pytest.mark.parametrize("name", BLOCKS)
def test_that_a_block_has_its_size_and_crisp_sides_in_every_format(tmp_path: Path, name: str) -> None:
    model = block(tmp_path, name)
    low, high = bounds(model)
    assert low.tolist() == [0, 0, 0]
    assert high.tolist() == [2, 3, 4]
    normals = np.concatenate([part.normals for part in model.parts])
    assert {tuple(n) for n in np.round(normals).tolist()} == {(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)}
    # Each side has corners of its own: four, shared by its two triangles.
    assert sum(len(part.positions) for part in model.parts) == 24


def test_that_scale_axis_and_pivot_of_the_layout_are_kept(tmp_path: Path) -> None:
    low, high = bounds(block(tmp_path, "block.obj", Fit(0.001, "y", "floor")))
    # Y is up: the height is 3 mm, and depth (was Z) 4 mm; its floor's middle is the origin.
    assert np.allclose(low, (-0.001, -0.002, 0.0))
    assert np.allclose(high, (0.001, 0.002, 0.003))
    low, high = bounds(block(tmp_path, "block.obj", Fit(1.0, "x", (2.0, 3.0, 4.0))))
    # X is up, and the far corner stands at the origin: all of the block lies behind and below it.
    assert np.allclose(high, (4, 0, 0))
    assert np.allclose(low, (0, -3, -2))


def test_that_a_round_body_is_smooth_around_and_crisp_at_its_rim(tmp_path: Path) -> None:
    angles = np.arange(24) * 2 * np.pi / 24
    ring = [(np.cos(a), np.sin(a)) for a in angles]
    lines = [f"v {x:.6f} {y:.6f} {z}" for z in (0, 1) for x, y in ring]
    lines += [f"f {i + 1} {(i + 1) % 24 + 1} {(i + 1) % 24 + 25} {i + 25}" for i in range(24)]
    lines += ["f " + " ".join(str(i + 25) for i in range(24))]
    path = tmp_path / "drum.obj"
    path.write_text("\n".join(lines))
    part = read_model(path).parts[0]
    upright = part.normals[:, 2] > 0.9
    radial = part.positions[~upright, :2]
    assert upright.sum() == 24
    assert len(radial) == 48
    assert np.allclose(part.normals[~upright, :2], radial, atol=1e-3)


def test_that_an_obj_brings_its_objects_as_nodes_and_its_colours_from_beside_it(tmp_path: Path) -> None:
    (tmp_path / "paint.mtl").write_text("newmtl red\nKd 1 0 0\nd 0.5\nnewmtl plain\nKd 0.2 0.2 0.2\n")
    text = obj().decode().splitlines()
    points, faces = text[:8], text[8:]
    path = tmp_path / "two.obj"
    path.write_text("\n".join(["mtllib paint.mtl", *points, "o ram", "usemtl red", *faces[:2], "o bed", "usemtl plain", *faces[2:]]))
    model = read_model(path)
    assert [node.name for node in model.nodes[1:]] == ["ram", "bed"]
    assert [(part.surface.name, part.surface.colour, part.surface.opacity) for part in model.parts] == [
        ("red", (1.0, 0.0, 0.0), 0.5), ("plain", (0.2, 0.2, 0.2), 1.0),
    ]  # fmt: skip


def test_that_an_obj_may_count_from_its_newest_point_and_give_normals(tmp_path: Path) -> None:
    path = tmp_path / "side.obj"
    path.write_text("v 0 0 0\nv 1 0 0\nv 1 1 0\nvn 0 0 2\nf -3//1 -2//1 -1//1\n")
    part = read_model(path).parts[0]
    assert part.positions.tolist() == [[0, 0, 0], [1, 0, 0], [1, 1, 0]]
    assert part.normals.tolist() == [[0, 0, 1]] * 3


def test_that_colours_of_points_become_light_and_dark(tmp_path: Path) -> None:
    part = block(tmp_path, "little.ply").parts[0]
    assert part.shade is not None
    top = part.positions[:, 2] > 3
    # Pure red is 21 % as bright as white, black is dark.
    assert part.shade[top] == pytest.approx(0.2126, abs=1e-4)
    assert part.shade[~top] == pytest.approx(0.0)


ARM = """<?xml version="1.0" encoding="utf-8"?>
<robot name="arm">
  <material name="orange"><color rgba="1 0.5 0 1"/></material>
  <link name="base"><visual><geometry><box size="1 1 0.2"/></geometry></visual></link>
  <link name="upper"><visual><origin xyz="0 0 0.5"/><geometry><cylinder radius="0.1" length="1"/></geometry><material name="orange"/></visual></link>
  <link name="hand"><visual><geometry><mesh filename="package://arm/meshes/block.stl" scale="0.1 0.1 0.1"/></geometry></visual></link>
  <joint name="shoulder" type="revolute"><origin xyz="0 0 0.1" rpy="0 1.5707963 0"/><parent link="base"/><child link="upper"/></joint>
  <joint name="wrist" type="fixed"><origin xyz="0 0 1"/><parent link="upper"/><child link="hand"/></joint>
</robot>"""


def arm(folder: Path, text: str = ARM) -> Path:
    (folder / "meshes").mkdir(exist_ok=True)
    (folder / "meshes" / "block.stl").write_bytes(binary_stl())
    path = folder / "arm.urdf"
    path.write_text(text)
    return path


def test_that_a_robots_joints_are_nodes_by_their_names_and_its_links_hang_on_them(tmp_path: Path) -> None:
    model = read_model(arm(tmp_path))
    names = [node.name for node in model.nodes if node.name]
    assert names == ["base", "shoulder", "wrist"]
    low, high = bounds(model)
    # The upper arm lies along +X from (0, 0, 0.1): the wrist is 1 m out, and the block of 0.2 x 0.3 x 0.4 m reaches 0.4 m on along X.
    assert high[0] == pytest.approx(1.4)
    assert low == pytest.approx((-0.5, -0.5, -0.1), abs=1e-6)
    assert [part.surface.colour for part in model.parts][1] == (1.0, 0.5, 0.0)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("package://arm/meshes/block.stl", "../block.stl", "not a file in its own folder"),
        ("package://arm/meshes/block.stl", "http://example.com/block.stl", "not a file in its own folder"),
        ("package://arm/meshes/block.stl", "meshes/hand.dae", "can be STL, OBJ or PLY"),
        ('<parent link="base"/>', '<parent link="hand"/>', "in a circle"),
        ("<robot", "<!DOCTYPE r [<!ENTITY a 'b'>]><robot", "declares things of its own"),
        ("</robot>", "", "contradict"),
        ('size="1 1 0.2"', 'size="1 1 nan"', "not a number"),
        ("robot", "sdf", "no URDF"),
    ],
)
def test_that_a_robot_that_cannot_be_shown_is_refused_with_its_reason(tmp_path: Path, old: str, new: str, reason: str) -> None:
    path = arm(tmp_path, ARM.replace(old, new))
    with pytest.raises(ModelError, match=reason):
        read_model(path)


def test_that_a_step_file_without_its_library_says_which_extra_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cascadio", None)
    path = tmp_path / "part.STEP"
    path.write_bytes(b"ISO-10303-21;\nHEADER;\n")
    with pytest.raises(ModelError, match=r"pip install 'twin-app\[step\]'"):
        read_model(path)


def test_that_what_the_step_library_makes_is_taken_as_metres_with_z_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library gives glTF in the solid's own axes; of what it cannot read it gives nothing."""
    library = ModuleType("cascadio")
    made = {b"ISO-10303-21; good": machine_model("bottle.glb").read_bytes(), b"ISO-10303-21; bad": b""}
    monkeypatch.setattr(library, "to_glb_bytes", lambda data, **_: made[data], raising=False)
    monkeypatch.setitem(sys.modules, "cascadio", library)
    path = tmp_path / "part.stp"
    path.write_bytes(b"ISO-10303-21; good")
    flat, upright = bounds(read_model(path))[1], bounds(read_model(machine_model("bottle.glb")))[1]
    assert flat[1] == pytest.approx(upright[2])  # taken as it is: glTF's Y is not turned up
    path.write_bytes(b"ISO-10303-21; bad")
    with pytest.raises(ModelError, match="contradict"):
        read_model(path)


def test_that_a_real_step_file_comes_in_metres(tmp_path: Path) -> None:
    """A box of 1000 x 600 x 400 mm, where the extra is installed."""
    pytest.importorskip("cascadio")
    low, high = bounds(read_model(Path(__file__).parents[1] / "data" / "box.step"))
    assert np.allclose(high - low, (1.0, 0.6, 0.4), atol=1e-4)


def test_that_a_file_of_another_kind_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    path = tmp_path / "part.fbx"
    path.write_bytes(b"Kaydara")
    with pytest.raises(ModelError, match=r"\.glb \.gltf \.obj \.stl \.ply \.step \.stp \.urdf"):
        read_model(path)
    assert ".glb" in SUFFIXES


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_that_a_model_no_hall_could_hold_or_no_eye_could_see_is_refused(tmp_path: Path, scale: float) -> None:
    with pytest.raises(ModelError, match="beyond all bounds"):
        block(tmp_path, "block.obj", Fit(scale))
