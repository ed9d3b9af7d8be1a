"""`shifts` and `find` on the command line: a folder of recordings, its shifts, its moments, and links that open them."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.finding.shifts import HOUR_NS, MINUTE_NS, record, running
from twin_app.__main__ import main
from twin_app.clock import SECOND_NS
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.alarm import Action, Why
from twin_app.model.bookmark import Bookmark
from twin_app.service.link import read
from twin_app.service.places import actions_path, entries_path, notes_path, recordings_folder
from twin_app.service.shifts import actions
from twin_app.session.action_log import ActionLog
from twin_app.session.notebook import Notebook

LAYOUT = """
schema = 1
[line]
id = "L1"
title = "Line 1"
enterprise = "E"
site = "S"
area = "A"
zone = "Asia/Shanghai"
unit_of_count = "bottle"
constraint = "Filler"
[[source]]
id = "plc"
title = "PLC"
[[source.map]]
topic = "L1/{unit}"
dialect = "json_flat"
time_field = "t"
time_unit = "ms"
[[unit]]
id = "Filler"
title = "Filler"
type = "filler"
source = "plc"
[[product]]
id = "bottle"
ideal_cycle_s = { Filler = 0.5 }
[[shift]]
name = "Night"
start = "22:00"
end = "06:00"
days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
"""
START = 1_772_460_000 * SECOND_NS
"""2026-03-02T22:00 in Shanghai, 14:00 by UTC."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    path = tmp_path / "line.toml"
    path.write_text(LAYOUT, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path, layout: Path) -> Path:
    line = load(layout)
    stop = START + HOUR_NS
    said = [*running(START, stop), (stop, "Filler", {"State": "Aborted"}), *running(stop + 5 * MINUTE_NS, START + 8 * HOUR_NS, made=3600)]
    return record(tmp_path / "recordings", line, said)


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_that_the_shifts_of_a_folder_are_listed_with_their_bookmarks(
    layout: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = load(layout)
    path = notes_path(line, {"plc": str(folder)})
    assert path == folder / "notes.jsonl"
    Notebook(path).put(Bookmark(id="a", at_ns=START + HOUR_NS, known_ns=START))
    found = answer(capsys, "shifts", "--layout", str(layout), str(folder))
    assert [(one["shift"], one["name"], one["from"]) for one in found["shifts"]] == [("2026-03-02/1", "Night", "2026-03-02T14:00:00.000Z")]
    night = found["shifts"][0]
    assert night["kpi"]["availability"] == pytest.approx(470 / 475), "the last word came at 05:55"
    assert night["biggest_stop"]["seconds"] == 300.0
    assert night["biggest_stop"]["unit"] == "Filler"
    assert night["bookmarks"] == 1
    assert (found["zone"], found["simulated"], night["gaps"]) == (
        "Asia/Shanghai",
        False,
        [{"from": "2026-03-02T21:55:00.000Z", "to": "2026-03-02T22:00:00.000Z"}],
    )
    assert main(["shifts", "--layout", str(layout), str(folder)]) == 0
    assert "2026-03-02/1" in capsys.readouterr().out


def test_that_a_stop_is_found_with_a_link_that_opens_it(layout: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("find", "--layout", str(layout), str(folder), "--unit", "filler", "--state", "Aborted", "--longer", "3m", "--last", "30d")
    found = answer(capsys, *words)
    assert [(one["from"], one["seconds"], one["unit"], one["shift"]) for one in found["moments"]] == [
        ("2026-03-02T15:00:00.000Z", 300.0, "Filler", "2026-03-02/1")
    ]
    link = read(found["moments"][0]["link"])
    assert (link.layout, link.at_ns, link.unit, dict(link.sources)) == (layout, START + HOUR_NS, "Filler", {"plc": str(folder)})
    assert main(words) == 0
    assert "5 min 00 s" in capsys.readouterr().out
    assert answer(capsys, *words[:-1], "1h")["moments"] == [], "the last hour"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("find", "--unit", "M7"), "no unit"), (("find", "--state", "asleep"), "not a state"), (("find", "--longer", "3"), "not a duration"),
        (("find", "--value", "hot"), "no value"), (("find", "--value", "Pressure > 1"), "no signal"), (("find", "--from", "+3s"), "not a time"),
        (("find", "--from", "2026-03-03T00:00Z", "--to", "2026-03-02T00:00Z"), "ends before"),
        (("find", "--from", "2030-01-01T00:00Z"), "Nothing of"),
    ],
)  # fmt: skip
def test_that_what_makes_no_sense_is_said_with_its_cure(
    layout: Path, folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    command, *options = words
    assert main([command, "--layout", str(layout), str(folder), *options]) in {1, 2}
    assert said in capsys.readouterr().err


def test_that_a_sentence_finds_what_the_options_do(layout: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("find", "--layout", str(layout), str(folder))
    by_options = answer(capsys, *words, "--unit", "Filler", "--state", "Aborted", "--longer", "3min", "--last", "30d")
    assert len(by_options["moments"]) == 1
    for sentence in ("filler aborted > 3 min, last 30 days", "最近30天 Filler 已中止 超过三分钟"):
        assert answer(capsys, *words, "--ask", sentence) == by_options
    assert main([*words, "--ask", "filler aborted > 3 min", "--longer", "3min"]) == 2
    assert "A sentence says it all" in capsys.readouterr().err
    assert main([*words, "--ask", "the other day"]) == 2
    assert "Not understood: other" in capsys.readouterr().err


def test_that_two_windows_are_compared_figure_by_figure(layout: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second hour has five minutes of failure, the first none."""
    words = ("compare", "--layout", str(layout), str(folder), str(folder), "--from", "+1h", "--for", "1h", "--other-shift", "2026-03-02/1")
    found = answer(capsys, *words)
    assert (found["this"]["from"], found["other"]["name"]) == ("2026-03-02T15:00:00.000Z", "2026-03-02 Night")
    availability = found["line"]["availability"]
    assert (availability["this"], availability["other"]) == (pytest.approx(55 / 60), 1.0)
    assert availability["difference"] == pytest.approx(-5 / 60)
    assert found["units"]["Filler"]["failures"]["difference"] == 1.0
    assert found["units"]["Filler"]["equipment_failure"] == {"kind": "seconds", "this": 300.0, "other": 0.0, "difference": 300.0}
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "−8.3 pts" in said
    assert "+5 min 00 s" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--shift", "2026-03-02/7"), "no shift"), (("--shift", "2026-03-02/1", "--from", "+1h"), "a window"),
        (("--other-from", "2027-03-02T00:00Z", "--other-to", "2027-03-03T00:00Z"), "Nothing of"),
    ],
)  # fmt: skip
def test_that_a_window_that_is_none_is_said(
    layout: Path, folder: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    assert main(["compare", "--layout", str(layout), str(folder), str(folder), *options]) in {1, 2}
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("command", ["shifts", "find"])
def test_that_a_folder_without_recordings_is_said(layout: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main([command, "--layout", str(layout), str(tmp_path / "nothing")]) == 1
    assert "no recording" in capsys.readouterr().err


def test_that_a_damaged_file_is_named_and_told_by_the_exit_code(layout: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file,) = folder.glob("*.twinrec")
    assert main(["contents", str(folder)]) == 0
    file.write_bytes(file.read_bytes()[: file.stat().st_size * 7 // 10])
    for words in (
        ("shifts", "--layout", str(layout), str(folder)),
        ("find", "--layout", str(layout), str(folder)),
        ("contents", str(folder)),
    ):
        capsys.readouterr()
        assert main([*words]) == 1, words
        assert f"In {file} " in capsys.readouterr().out.replace("\n", " ")
        assert main([*words, "--json"]) == 1
        assert "damaged and lost" in capsys.readouterr().out


def test_that_every_line_recorded_here_is_listed_where_none_is_named(
    layout: Path, folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["shifts"]) == 1
    assert f"There is no recording {home}" in capsys.readouterr().err
    line = load(layout)
    with_layout(record(recordings_folder(line), line, running(START, START + HOUR_NS)), layout)
    other = record(home / "data" / "recordings" / "bare", line, running(START, START + HOUR_NS))
    (found,) = answer_of(1, capsys, "shifts")["lines"]
    assert (found["line"], [one["shift"] for one in found["shifts"]]) == ("L1", ["2026-03-02/1"])
    assert main(["shifts"]) == 1
    told = capsys.readouterr()
    assert "Line 1" in told.out
    assert f"{other} does not say which layout it was recorded with" in told.err, "and that one stands in the way of no other"
    assert answer_of(0, capsys, "shifts", str(recordings_folder(line)))["line"] == "L1"


def with_layout(folder: Path, layout: Path) -> None:
    """Let a recording carry its layout, as a recorder's does."""
    (path,) = folder.glob("*.twinrec")
    line = load(layout)
    with contextlib.closing(Store.reopen(path, signals=signal_table(line))) as store:
        store.describe(line, START)
        store.commit()


def answer_of(code: int, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*words, "--json"]) == code
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_that_what_people_did_comes_along_with_a_copied_recording(folder: Path, layout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line, here = load(layout), {"plc": str(folder)}
    assert actions_path(line, here).parent == recordings_folder(line), "beside it lies nothing: what was done at this computer counts"
    done = Action(what=Why.ACKNOWLEDGE, alarm="Filler/stopped", effective_ns=START + HOUR_NS, known_ns=START + HOUR_NS, who="p1")
    ActionLog(folder / "alarm_actions.jsonl", writes=True).keep(done)
    (folder / "entries.jsonl").touch()
    one_file = {"plc": str(next(folder.glob("*.twinrec")))}
    for addresses in (here, one_file):
        assert actions_path(line, addresses) == folder / "alarm_actions.jsonl"
        assert entries_path(line, addresses) == folder / "entries.jsonl"
    assert actions(line, folder) == (done,)

    words = ("--layout", str(layout), "--source", str(folder))
    assert main(["enter", "order", "--order", "PO-1", "--at", "2026-03-02T15:00:00Z", *words]) == 0
    capsys.readouterr()
    assert "PO-1" in (folder / "entries.jsonl").read_text(encoding="utf-8")
    found = answer(capsys, "entries", *words)["entries"]
    assert [entry["order"] for entry in found] == ["PO-1"]
