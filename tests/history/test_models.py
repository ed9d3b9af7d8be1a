"""A recording carries its layout's own 3D models, each file once, within a limit, and gives back nothing that would leave its folder."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from tests.history.brute import Sample, columns
from twin_app.errors import ModelError
from twin_app.history import about
from twin_app.history.journal import Journal
from twin_app.history.limits import Limits
from twin_app.history.models import laid
from twin_app.history.recording import Recording
from twin_app.history.rotation import Rotation
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.recording import KeptModel, LayoutVersion
from twin_app.service.carried import of_itself, write_layout
from twin_app.service.contents import contents, write_layouts
from twin_app.shapes import files_of_model, read_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin_app.model.equipment import Line

START = 1_772_427_600 * 10**9
LAYOUT = """
schema = 1
[line]
id = "L1"
site = "S"
area = "A"
zone = "Europe/Berlin"
constraint = "Press"
title = "{title}"
[[source]]
id = "plc"
[[source.map]]
topic = "L1/{{unit}}"
dialect = "json_flat"
[[unit]]
id = "Press"
type = "press"
source = "plc"
model = "own/robot.urdf"
[[unit]]
id = "Other"
type = "press"
source = "plc"
model = "own/block.obj"
"""
BLOCK = "mtllib colours/block.mtl\no block\nv 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 2 3\nf 1 2 4\nf 2 3 4\nf 1 3 4\n"
COLOURS = "newmtl red\nKd 1 0 0\n"
ROBOT = '<robot name="r"><link name="base"><visual><geometry><mesh filename="package://r/block.obj"/></geometry></visual></link></robot>'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def line_in(folder: Path, title: str = "Line 1") -> Line:
    """Return a line with a robot and a block of its own; the robot is made of the block."""
    (folder / "own" / "colours").mkdir(parents=True, exist_ok=True)
    (folder / "line.toml").write_text(LAYOUT.format(title=title))
    (folder / "own" / "robot.urdf").write_text(ROBOT)
    (folder / "own" / "block.obj").write_text(BLOCK)
    (folder / "own" / "colours" / "block.mtl").write_text(COLOURS)
    return load(folder / "line.toml")


@contextlib.contextmanager
def recording(path: Path, line: Line, *, rotation: Rotation | None = None, models_bytes: int = 32 * 2**20) -> Iterator[Store]:
    """Record an instant of a line, and more by the caller."""
    store = Store.reopen(path, signals=signal_table(line), limits=Limits(models_bytes=models_bytes), rotation=rotation)
    with contextlib.closing(store):
        store.describe(line, START)
        store.append(columns([Sample(0, START, 1.0, received_ns=START)]))
        store.commit()
        store.fold()
        yield store


def models_of(path: Path) -> list[dict[str, bytes | None]]:
    """Return what is kept with each layout."""
    with Recording(path) as opened:
        assert opened.notices() == ()
        return [{model.name: model.content for model in one.models} for one in about.layouts(opened, with_models=True)]


OWN = {"own/block.obj": BLOCK.encode(), "own/colours/block.mtl": COLOURS.encode(), "own/robot.urdf": ROBOT.encode()}


def test_that_a_recording_alone_shows_models_with_the_files_they_refer_to(tmp_path: Path, home: Path) -> None:
    with recording(tmp_path / "shift.twinrec", line_in(tmp_path / "plant")):
        pass
    shutil.rmtree(tmp_path / "plant")
    request = of_itself(tmp_path / "shift.twinrec")
    laid_out = request.layout.parent
    assert laid_out.is_relative_to(home)
    assert {path.relative_to(laid_out).as_posix(): path.read_bytes() for path in laid_out.rglob("*") if path.suffix != ".toml"
            if path.is_file()} == OWN  # fmt: skip
    assert len(read_model(laid_out / "own" / "robot.urdf").parts) == 1
    assert contents(tmp_path / "shift.twinrec")["models"][0] == {"name": "own/block.obj", "bytes": len(BLOCK), "kept": True}


def test_that_each_file_stands_once_however_many_layouts_and_starts_there_are(tmp_path: Path) -> None:
    path = tmp_path / "shift.twinrec"
    with recording(path, line_in(tmp_path / "plant")) as store:
        store.describe(line_in(tmp_path / "plant", "Edited"), START + 10**9)
    with recording(path, line_in(tmp_path / "plant", "Edited")):
        pass
    assert models_of(path)[-1] == OWN
    with Recording(path) as opened:
        (reader,) = opened.readers
        assert len(reader.query("SELECT * FROM piece")) == 3
        names = [row[1:3] for row in reader.query("SELECT * FROM named")]
        assert len(names) == len(set(names))


def test_that_each_file_of_a_recording_carries_them_and_a_large_one_comes_in_pieces(tmp_path: Path) -> None:
    line, day_ns = line_in(tmp_path / "plant"), 86_400 * 10**9
    large = random.Random(1).randbytes(2_500_000)
    (tmp_path / "plant" / "own" / "colours" / "block.mtl").write_bytes(large)
    folder = tmp_path / "rec"
    folder.mkdir()
    with recording(folder / "20260302T050000Z.twinrec", line, rotation=Rotation(line, age_ns=3600 * 10**9)) as store:
        store.append(columns([Sample(0, START + 2 * day_ns, 2.0, received_ns=START + 2 * day_ns)]))
        store.commit()
        store.fold()
    files = sorted(folder.glob("*.twinrec"))
    assert len(files) == 2
    for path in files:
        assert models_of(path) == [OWN | {"own/colours/block.mtl": large}]
        with Recording(path) as opened:
            assert opened.readers[0].query(
                "SELECT count(*), max(length(content)) FROM piece WHERE number < 2 AND length(content) = 1048576"
            ) == [(2, 2**20)]


def test_that_a_model_beyond_the_limit_is_left_out_and_told(tmp_path: Path) -> None:
    line, path = line_in(tmp_path / "plant"), tmp_path / "shift.twinrec"
    (tmp_path / "plant" / "own" / "other.obj").write_bytes(random.Random(2).randbytes(3 * 2**20))
    (tmp_path / "plant" / "line.toml").write_text(LAYOUT.format(title="L").replace("own/robot.urdf", "own/other.obj"))
    with recording(path, load(line.path), models_bytes=2**20) as store:
        assert store._recorder is not None
        store._recorder.beside.gathered()
        (said,) = store.notices()
    assert "does not carry these files of the layout's own 3D models, for together they are larger than 1 MiB: own/other.obj" in said
    assert models_of(path) == [{name: OWN[name] for name in ("own/block.obj", "own/colours/block.mtl")} | {"own/other.obj": None}]
    assert {"name": "own/other.obj", "bytes": None, "kept": False} in contents(path)["models"]


def test_that_nothing_is_kept_where_that_is_not_wanted_or_the_models_ship_with_the_program(tmp_path: Path) -> None:
    line = line_in(tmp_path / "plant")
    with recording(tmp_path / "none.twinrec", line, models_bytes=0):
        pass
    assert models_of(tmp_path / "none.twinrec") == [{}]
    text = LAYOUT.format(title="L").replace("own/robot.urdf", "filler.glb").replace("own/block.obj", "own/missing.obj")
    line.path.write_text(text)
    with recording(tmp_path / "shipped.twinrec", load(line.path)):
        pass
    assert models_of(tmp_path / "shipped.twinrec") == [{}]


@pytest.mark.parametrize(
    "name", ["../escaped.obj", "/escaped.obj", "own/../../escaped.obj", "C:\\escaped.obj", "link/escaped.obj", "own\\e.obj"]
)
def test_that_a_name_that_leads_out_of_the_folder_writes_nothing(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "a" / "laid"
    folder.mkdir(parents=True)
    (folder / "link").symlink_to(tmp_path)
    version = LayoutVersion(
        at_ns=0, content_hash="../../../../../x", name="l.toml", content=b"x", beside=((name, b"harm"),), models=(KeptModel(name=name, content=b"harm", kept=True),),
    )  # fmt: skip
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    write_layout(version, folder, "l.toml")
    assert {path for path in tmp_path.rglob("*") if path.is_file()} - before == {folder / "l.toml"}
    assert laid(name, folder) is None


def test_that_a_hostile_recording_is_laid_under_what_it_is_and_a_bomb_is_not_unpacked(tmp_path: Path, home: Path) -> None:
    import zlib

    line, path = line_in(tmp_path / "plant"), tmp_path / "shift.twinrec"
    with recording(path, line, models_bytes=0):
        pass
    bomb = zlib.compress(bytes(80 * 2**20))
    with contextlib.closing(Journal(path)) as journal:
        content = line.path.read_bytes()
        (layout,) = [one.content_hash for one in journal.reader.layouts()]
        rows = [
            ("named", (layout, "own/block.obj", "0" * 64)),
            ("piece", ("0" * 64, 0, bomb)),
            ("named", (layout, "../../evil.obj", "1" * 64)),
        ]
        journal.put_beside(models=rows)
    request = of_itself(path)
    assert request.layout.read_bytes() == content
    assert request.layout.parent.parent == home / "data" / "layouts"
    assert not (request.layout.parent / "own" / "block.obj").exists()
    assert contents(path)["models"] == [{"name": "own/block.obj", "bytes": None, "kept": True}]
    assert [one.name for one in write_layouts(path, tmp_path / "out")[0].parent.rglob("*")] == [f"20260302T050000Z-{layout[:8]}.toml"]


def test_that_a_damaged_piece_costs_its_model_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "shift.twinrec"
    with recording(path, line_in(tmp_path / "plant")):
        pass
    data = path.read_bytes()
    with contextlib.closing(Journal(path)) as journal:
        (row,) = journal.reader.query("SELECT content FROM piece WHERE digest = (SELECT digest FROM named WHERE name = 'own/robot.urdf')")
    at = data.index(row[0]) + len(row[0]) // 2
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert models_of(path) == [OWN | {"own/robot.urdf": None}]


def test_that_what_a_gltf_refers_to_goes_along_and_what_lies_elsewhere_does_not(tmp_path: Path) -> None:
    (tmp_path / "m" / "tex").mkdir(parents=True)
    document = {"buffers": [{"uri": "a%20b.bin"}, {"uri": "../out.bin"}, {"uri": "data:;base64,AA=="}], "images": [{"uri": "tex/p.png"}]}
    (tmp_path / "m" / "x.gltf").write_text(json.dumps(document))
    for name in ("out.bin", "m/a b.bin", "m/tex/p.png"):
        (tmp_path / name).write_bytes(name.encode())
    found = files_of_model(tmp_path / "m" / "x.gltf", PurePosixPath("m/x.gltf"))
    assert [name for name, _ in found] == ["m/x.gltf", "m/a b.bin", "m/tex/p.png"]
    with pytest.raises(ModelError):
        read_model(tmp_path / "m" / "x.gltf")
