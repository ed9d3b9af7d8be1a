"""A recording opens with the layout it carries, on a computer that has nothing else."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from twin_app.errors import RecordingError, UsageError
from twin_app.history import about
from twin_app.history.files import file_name
from twin_app.history.recording import Recording
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.samples import TextTable
from twin_app.service.carried import of_itself, picked
from twin_app.service.contents import write_layouts
from twin_app.service.opening import open_request, requested
from twin_app.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.model.equipment import Line

LAYOUT = """
schema = 1
[line]
id = "{line_id}"
title = "{title}"
site = "S"
area = "A"
zone = "Asia/Shanghai"
constraint = "Press"
[[source]]
id = "plc"
title = "PLC"
[[source.map]]
topic = "L1/{{unit}}"
dialect = "json_flat"
[[source]]
id = "two"
title = "Second"
[[source.map]]
topic = "L2/{{unit}}"
dialect = "json_flat"
[[unit]]
id = "Press"
title = "Press"
type = "press"
source = "plc"
fault_word = [{{ from = "Faults", file = "faults.csv" }}]
"""
FAULTS = "bit,text,priority\n0,Guard open,1\n"
START = 1_772_460_000_000_000_000


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def line_in(folder: Path, title: str = "Line 1", *, line_id: str = "L1") -> Line:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "line.toml").write_text(LAYOUT.format(title=title, line_id=line_id), encoding="utf-8")
    (folder / "faults.csv").write_text(FAULTS, encoding="utf-8")
    return load(folder / "line.toml")


def record(path: Path, *lines: Line, start_ns: int = START) -> Path:
    """Record an instant of a line under one layout after the other."""
    from twin_app.sources.intake import Intake

    path.parent.mkdir(parents=True, exist_ok=True)
    signals, texts = signal_table(lines[0]), TextTable()
    with closing(Store.reopen(path, signals=signals, texts=texts)) as store:
        intake = Intake(lines[0], lines[0].sources[0], store=store, signals=signals, texts=texts)
        intake.connected(start_ns)
        for number, line in enumerate(lines):
            store.describe(line, start_ns + number * 10**9)
            intake.receive("L1/Press", b'{"State": "Execute", "Faults": 0}', received_ns=start_ns + number * 10**9)
            intake.flush()
            store.commit()
            store.fold()
            while store.seal(everything=True):
                store.fold()
    return path


def gone(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def test_that_a_recording_opens_where_its_layout_and_the_files_beside_it_are_gone(tmp_path: Path, home: Path) -> None:
    line = line_in(tmp_path / "plant")
    path = record(tmp_path / "stick" / "shift.twinrec", line)
    gone(tmp_path / "plant")
    request = requested(path, (), Settings())
    assert request.layout.is_relative_to(home)
    assert request.addresses == {"plc": str(path), "two": str(path)}
    with closing(open_request(request, Settings())) as session:
        session.start()
        session.fold()
        assert session.line.title == "Line 1"
        assert [fault.text for word in session.line.units[0].fault_words for fault in word.faults] == ["Guard open"]
        assert not session.advance(0).notices, "it is the layout of the time"
    assert requested(path, (), Settings()).layout == request.layout, "the same file each time"


def test_that_the_layout_in_force_last_counts_and_each_keeps_its_files(tmp_path: Path) -> None:
    before, after = line_in(tmp_path / "before", "Before"), line_in(tmp_path / "after", "After")
    path = record(tmp_path / "shift.twinrec", before, after)
    assert load(of_itself(path).layout).title == "After"
    with Recording(path) as recording:
        assert [(one.name, dict(one.beside)) for one in about.layouts(recording)] == [("line.toml", {"faults.csv": FAULTS.encode()})] * 2
    written = write_layouts(path, tmp_path / "out")
    assert [load(one).title for one in written] == ["Before", "After"]


def test_that_files_of_one_name_of_two_versions_lie_apart_and_nothing_there_is_written_over(tmp_path: Path) -> None:
    before, after = line_in(tmp_path / "before", "Before"), line_in(tmp_path / "after", "After")
    (tmp_path / "after" / "faults.csv").write_text(FAULTS.replace("Guard open", "Door open"), encoding="utf-8")
    path = record(tmp_path / "shift.twinrec", before, load(after.path))
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("a note")
    for _ in range(2):
        written = write_layouts(path, out)
        texts = [fault.text for one in written for word in load(one).units[0].fault_words for fault in word.faults]
        assert texts == ["Guard open", "Door open"]
        assert [one.parent for one in written] == [out, out / written[1].stem]
    (out / "faults.csv").write_text("a person's own", encoding="utf-8")
    assert [one.parent.parent for one in write_layouts(path, out)] == [out, out]
    assert (out / "faults.csv").read_text(encoding="utf-8") == "a person's own"


def test_that_a_recording_without_a_layout_says_so_and_takes_the_one_that_is_open(tmp_path: Path) -> None:
    line = line_in(tmp_path / "plant")
    path = tmp_path / "bare.twinrec"
    with closing(Store.reopen(path, signals=signal_table(line), texts=TextTable())) as store:
        store.commit()
    with pytest.raises(RecordingError, match=r"does not say which layout.*--source"):
        of_itself(path)
    with pytest.raises(RecordingError, match="does not say which layout"):
        picked(path, None)
    assert picked(path, line).layout == line.path


def test_that_nothing_stands_beside_a_recording(tmp_path: Path) -> None:
    path = record(tmp_path / "shift.twinrec", line_in(tmp_path / "plant"))
    with pytest.raises(UsageError, match="nothing can stand beside it"):
        requested(path, ("mqtt://broker",), Settings())


def test_that_what_is_picked_keeps_the_layout_that_is_open_where_it_is_of_the_same_line(tmp_path: Path) -> None:
    path = record(tmp_path / "rec" / "shift.twinrec", line_in(tmp_path / "plant"))
    edited = line_in(tmp_path / "mine", "As it is now")
    assert picked(path, edited).layout == edited.path
    other = line_in(tmp_path / "other", line_id="L9")
    assert load(picked(path, other).layout).id == "L1"


def test_that_of_a_recorders_files_all_are_opened_from_the_one_that_was_picked_on(tmp_path: Path) -> None:
    line, hour_ns = line_in(tmp_path / "plant"), 3600 * 10**9
    files = [record(tmp_path / "rec" / file_name(START + n * hour_ns), line, start_ns=START + n * hour_ns) for n in range(2)]
    request = picked(files[1], None)
    assert (set(request.addresses.values()), request.begin_at_ns) == ({str(tmp_path / "rec")}, START + hour_ns)
    record(tmp_path / "rec" / "kept apart.twinrec", line)
    request = picked(files[1], None)
    assert (set(request.addresses.values()), request.begin_at_ns) == ({str(files[1])}, None)
