"""A folder of models that were made to do harm: each is read or refused in a sentence, soon, by the very process the hall uses."""

import json
import os
import struct
import subprocess
import sys
import time
import zlib

import pytest

from models3d import machine_model
from twin_app.assets import ROOT
from twin_app.shapes.__main__ import ANSWER

LIMIT_S = 20.0
GLB_HEAD = struct.pack("<III", 0x46546C67, 2, 0xFFFFFFFF)


def glb(document: object, binary: bytes = b"") -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(binary), 0x004E4942) + binary
    return struct.pack("<III", 0x46546C67, 2, 12 + len(body)) + body


def triangle(**changes: object) -> dict[str, object]:
    """Return a document of one triangle, some of it changed."""
    document: dict[str, object] = {
        "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}], "buffers": [{"byteLength": 36}],
        "bufferViews": [{"buffer": 0, "byteLength": 36}],
        "accessors": [{"bufferView": 0, "componentType": 5126, "type": "VEC3", "count": 3}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
    }  # fmt: skip
    return document | changes


NAN, HUGE = struct.pack("<9f", *[float("nan")] * 9), struct.pack("<9f", *[3e38] * 9)
PLAIN = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0)
PLY = "ply\nformat {} 1.0\nelement vertex {}\nproperty float x\nproperty float y\nproperty float z\nelement face {}\nproperty list uchar int i\nend_header\n"
HOSTILE: dict[str, bytes] = {
    "empty.glb": b"", "empty.gltf": b"", "empty.obj": b"", "empty.stl": b"", "empty.ply": b"", "empty.step": b"", "empty.urdf": b"",
    "zeros.glb": bytes(4096), "zeros.stl": bytes(4096), "zeros.obj": bytes(4096), "zeros.ply": bytes(4096), "zeros.urdf": bytes(4096),
    "length.glb": GLB_HEAD + bytes(100),
    "cut.glb": machine_model("press.glb").read_bytes()[:9000],
    "count.glb": glb(triangle(accessors=[{"bufferView": 0, "componentType": 5126, "type": "VEC3", "count": 2**62}]), PLAIN),
    "stride.glb": glb(triangle(bufferViews=[{"buffer": 0, "byteLength": 36, "byteStride": 0}]), PLAIN),
    "negative.glb": glb(triangle(bufferViews=[{"buffer": 0, "byteOffset": -36}]), PLAIN),
    "true.glb": glb(triangle(accessors=[{"bufferView": False, "componentType": 5126, "type": "VEC3", "count": True}]), PLAIN),
    "nan.glb": glb(triangle(), NAN), "huge.glb": glb(triangle(), HUGE),
    "loop.glb": glb(triangle(nodes=[{"children": [1]}, {"children": [0], "mesh": 0}]), PLAIN),
    "self.glb": glb(triangle(nodes=[{"children": [0, 0, 0], "mesh": 0}]), PLAIN),
    "wide.glb": glb(triangle(nodes=[{"children": [1] * 100_000}, {"mesh": 0}]), PLAIN),
    "deep.gltf": b'{"a":' * 100_000,
    "nested.gltf": b"[" * 200_000,
    "sheared.glb": glb(triangle(nodes=[{"mesh": 0, "matrix": [1e308] * 16}]), PLAIN),
    "bomb.gltf": json.dumps(triangle(buffers=[{"uri": "data:application/octet-stream;base64," + "A" * 400_000}])).encode(),
    "zip.gltf": json.dumps(triangle(buffers=[{"uri": "bomb.bin"}], accessors=[{"bufferView": 0, "componentType": 5126, "type": "VEC3", "count": 10**15}])).encode(),
    "bomb.bin": zlib.compress(bytes(1 << 20)),
    "device.gltf": json.dumps(triangle(buffers=[{"uri": "/dev/zero"}])).encode(),
    "pipe.gltf": json.dumps(triangle(buffers=[{"uri": "pipe"}])).encode(),
    "itself.gltf": json.dumps(triangle(buffers=[{"uri": "itself.gltf"}])).encode(),
    "text.glb": b"\xff\xfe" + "glTF".encode("utf-16-le"),
    "count.stl": b" " * 80 + struct.pack("<I", 0xFFFFFFFF) + bytes(500),
    "vertices.stl": b"solid x\n" + b"vertex " * 200_000 + b"endsolid",
    "words.stl": b"solid x\nvertex 1e999 nan -inf\n" * 3 + b"endsolid",
    "spaces.stl": b"solid x\nvertex" + b" " * 2_000_000 + b"endsolid",
    "fan.obj": b"v 0 0 0\nv 1 0 0\nv 0 1 0\n" + b"f " + b"1 2 3 " * 100_000,
    "tip.obj": b"".join(b"v %d %d 1\n" % (i % 500, i // 500) for i in range(60_000)) + b"v 0 0 0\n" + b"".join(b"f 60001 %d %d\n" % (i, i + 1) for i in range(1, 59_999)),
    "far.obj": b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 999999999999999999999\n",
    "back.obj": b"v 0 0 0\nf -5 -6 -7\n",
    "words.obj": b"v a b c\n", "lines.obj": b"\\\n" * 300_000,
    "library.obj": b"mtllib library.obj\nmtllib ../../../etc/passwd\n",
    "vertices.ply": PLY.format("binary_little_endian", 999_999_999, 1).encode() + bytes(100),
    "faces.ply": PLY.format("binary_little_endian", 1, 999_999_999).encode() + bytes(100),
    "corners.ply": PLY.format("ascii", 3, 1).encode() + b"0 0 0\n1 0 0\n0 1 0\n255 0 1 2\n",
    "ends.ply": b"ply\nformat ascii 1.0\n" + b"comment no end\n" * 50_000,
    "list.ply": b"ply\nformat ascii 1.0\nelement vertex 1\nproperty list int int x\nend_header\n1 1\n",
    "laughs.urdf": b"<!DOCTYPE l [" + b"".join(b"<!ENTITY l%d '%s'>" % (i + 1, b"&l%d;" % i * 10) for i in range(9)) + b"]><robot>&l9;</robot>",
    "deep.urdf": b"<robot>" + b"<link>" * 100_000,
    "chain.urdf": b"<robot>" + b"".join(b"<link name='%d'/><joint name='j%d'><parent link='%d'/><child link='%d'/></joint>" % (i, i, i, i + 1) for i in range(20_000)) + b"<link name='20000'/></robot>",
    "words.step": b"ISO-10303-21;\n" + b"#1=((((" * 10_000,
}  # fmt: skip


NAMES = (*HOSTILE, "folder.glb", *(("pipe.glb",) if hasattr(os, "mkfifo") else ()))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict[str, object], float]]:
    """Give every hostile file to one reading process; return what it said of each, and after how many seconds."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, data in HOSTILE.items():
        (folder / name).write_bytes(data)
    (folder / "folder.glb").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe")
        os.mkfifo(folder / "pipe.glb")
    said: dict[str, tuple[dict[str, object], float]] = {}
    with subprocess.Popen(
        [sys.executable, "-m", "twin_app.shapes"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        for name in NAMES:
            start = time.monotonic()
            request = {"path": str(folder / name), "into": str(folder / "out.npz"), "scale": 1.0, "up": "", "pivot": "origin"}
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            line = next((line for line in process.stdout if line.startswith(ANSWER)), "")
            assert line, f"{name} ended the reading process"
            said[name] = json.loads(line.removeprefix(ANSWER)), time.monotonic() - start
        process.stdin.close()
    return said


GOOD = {"tip.obj"}
"""Hostile by its shape only: 60,000 triangles around one point."""


@pytest.mark.parametrize("name", NAMES)
def test_that_a_hostile_model_is_refused_in_a_sentence_within_seconds(
    answers: dict[str, tuple[dict[str, object], float]], name: str
) -> None:
    answer, seconds = answers[name]
    assert seconds < LIMIT_S
    assert bool(answer) is (name not in GOOD)
    if answer:
        assert "{file}" in str(answer["what"])
        arguments = answer["arguments"]
        assert isinstance(arguments, dict)
        assert arguments["file"] == name
