"""`twin-app enter` and `entries`: what is typed counts in every figure, stands in the file with who and when, and nothing is taken back."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from twin_app.__main__ import main
from twin_app.commands.admission import PIN_VARIABLE
from twin_app.history.side import SideFile
from twin_app.persons import places, secrets
from twin_app.persons.register import Register
from twin_app.times import parse_instant_ns

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ("--layout", str(ROOT / "models3d/lines/packaging.toml"))
ON_CAPTURE = (*LAYOUT, "--source", str(ROOT / "sample_streams/packaging.jsonl"))
START = "2026-11-23T09:25:57.000Z"
"""Of the capture, to the second."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep a person's entries out of the tests, and no table of persons but the test's."""
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))
    monkeypatch.setattr(places, "folder", lambda: tmp_path / "machine")
    monkeypatch.delenv(PIN_VARIABLE, raising=False)
    return tmp_path


def at(seconds: int) -> str:
    """Return an instant of the capture."""
    return f"2026-11-23T09:{25 + (57 + seconds) // 60:02}:{(57 + seconds) % 60:02}Z"


def enter(capsys: pytest.CaptureFixture[str], *words: str, source: tuple[str, ...] = ON_CAPTURE) -> str:
    """Enter something; return its id."""
    assert main(["enter", *words, *source]) == 0
    return capsys.readouterr().out.split("\t")[0]


def listed(capsys: pytest.CaptureFixture[str], *words: str, source: tuple[str, ...] = ON_CAPTURE) -> list[dict[str, Any]]:
    """Return what `entries --json` prints."""
    assert main(["entries", "--json", *words, *source]) == 0
    found = json.loads(capsys.readouterr().out)["entries"]
    assert isinstance(found, list)
    return found


def seconds(capsys: pytest.CaptureFixture[str], unit: str, category: str) -> float:
    """Return what `kpi` says of a unit's time from second 60 to 160 of the capture."""
    assert main(["kpi", *ON_CAPTURE, "--from", at(60), "--to", at(160), "--json"]) == 0
    return float(json.loads(capsys.readouterr().out)["units"][unit]["category_s"].get(category, 0.0))


def test_that_a_break_that_is_typed_counts_in_the_figures_until_it_is_undone(capsys: pytest.CaptureFixture[str]) -> None:
    assert seconds(capsys, "Capper", "planned") == 0
    made = enter(capsys, "break", "--at", at(100), "--until", at(130), "--note", "fire drill")
    assert seconds(capsys, "Capper", "planned") == pytest.approx(30)
    enter(capsys, "amend", made[:8], "--until", at(140))
    assert seconds(capsys, "Capper", "planned") == pytest.approx(40)
    enter(capsys, "undo", made)
    assert seconds(capsys, "Capper", "planned") == 0
    said = listed(capsys, "--audit")
    assert [(entry["id"] == made, entry["to"], entry["undone"]) for entry in said] == [
        (True, at(130)[:-1] + ".000Z", False), (True, at(140)[:-1] + ".000Z", False), (True, at(140)[:-1] + ".000Z", True),
    ]  # fmt: skip
    assert {entry["note"] for entry in said} == {"fire drill"}
    assert listed(capsys) == []


def test_that_an_order_ends_with_the_next_and_its_parts_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    first = enter(capsys, "order", "--order", "4711", "--quantity", "300", "--at", at(20))
    enter(capsys, "order", "--order", "4712", "--at", at(120))
    enter(capsys, "no-order", "--at", at(200))
    assert [(entry["kind"], entry["order"], entry["to"]) for entry in listed(capsys)] == [
        ("order", "4711", at(120)[:-1] + ".000Z"), ("order", "4712", at(200)[:-1] + ".000Z"), ("no_order", "", None),
    ]  # fmt: skip
    assert listed(capsys)[0]["id"] == first
    assert main(["kpi", *ON_CAPTURE, "--by", "order", "--json"]) == 0
    parts = {part["name"]: part for part in json.loads(capsys.readouterr().out)["parts"]}
    assert parts["4711"]["quantity"] == 300
    assert parts["4711"]["kpi"]["good"] > 0
    assert "4712" in parts


def test_that_an_offset_counts_from_the_start_of_the_recording(capsys: pytest.CaptureFixture[str]) -> None:
    enter(capsys, "changeover", "--at", "+30s", "--until", "+45s", "--unit", "Filler")
    (entry,) = listed(capsys)
    assert entry["from"].startswith(at(30)[:-1])
    assert entry["unit"] == "Filler"


def test_that_a_live_lines_entry_begins_now_beside_its_recordings_and_no_broker_is_asked(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    live = (*LAYOUT, "--source", "mqtt://127.0.0.1:1")
    enter(capsys, "cleaning", source=live)
    (entry,) = listed(capsys, source=live)
    assert abs(parse_instant_ns(entry["from"], 0) - parse_instant_ns(entry["said"], 0)) < 5_000_000_000
    assert [path.parent.parent.name for path in home.rglob("entries.jsonl")] == ["recordings"]
    assert not list(home.rglob("*.twinrec"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["order", "--order", "1"], "A recording has no now"),
        (["order", "--at", START], "An order has a name"),
        (["order", "--order", "1", "--quantity", "nan", "--at", START], "planned quantity is above 0"),
        (["product", "--at", START], "Say which product"),
        (["break", "--at", START, "--unit", "Nowhere"], "no unit Nowhere"),
        (["break", "--at", at(20), "--until", at(10)], "ends before it begins"),
        (["break", "--at", "yesterday"], "is not a time"),
        (["break", "abc", "--at", START], "Only amend and undo name an entry"),
        (["undo"], "Only amend and undo name an entry"),
        (["undo", "abc"], "There is no such entry"),
        (["undo", "abc", "--note", "x"], "not changed besides"),
        (["amend", "abc", "--note", "x"], "There is no such entry"),
    ],
)
def test_that_what_makes_no_sense_is_refused_in_a_sentence(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enter", *words, *ON_CAPTURE]) == 2
    assert said in capsys.readouterr().err
    assert listed(capsys, "--audit") == []


def test_that_of_a_simulated_line_nothing_is_entered_for_it_would_not_last(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enter", "break", *LAYOUT, "--source", "sim:"]) == 2
    assert "lasts no longer than the line" in capsys.readouterr().err


def test_that_who_entered_it_is_kept_as_an_id_and_who_may_not_is_refused(
    capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "_COST", {"n": 16, "r": 1, "p": 1})
    register = Register()
    mary = register.add("Mary Miller", "operator", "4711")
    words = ("break", "--at", at(10), "--until", at(20))
    assert main(["enter", *words, *ON_CAPTURE]) == 2
    assert "Sign on to enter reasons, orders and notes." in capsys.readouterr().err
    monkeypatch.setenv(PIN_VARIABLE, "4711")
    enter(capsys, *words, "--person", "Mary Miller")
    (entry,) = listed(capsys)
    assert entry["who"] == mary.id
    assert main(["entries", *ON_CAPTURE]) == 0
    assert "Mary" not in capsys.readouterr().out
    assert "Mary" not in next(home.rglob("*entries.jsonl")).read_text()


def test_that_several_programs_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "entries.jsonl"

    def write(name: int) -> None:
        for number in range(25):
            SideFile(path).append({"who": name, "number": number, "note": "x" * 200})

    writers = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    file = SideFile(path)
    found = file.read_on()
    assert file.unreadable == 0
    assert sorted((one["who"], one["number"]) for one in found) == [(name, number) for name in range(4) for number in range(25)]
