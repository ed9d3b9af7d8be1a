"""The point list: what was heard of every signal, what the layout promises and nobody sent, and the sheet that is signed."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from twin_app.__main__ import main
from twin_app.service.point_tables import COLUMNS
from twin_app.service.points import Point, points

ROOT = Path(__file__).resolve().parents[2]
PACKAGING, CAPTURE = ROOT / "models3d/lines/packaging.toml", ROOT / "sample_streams/packaging.jsonl"
LAYOUT = """\
schema = 1
[line]
id = "L"
site = "S"
area = "A"
zone = "UTC"
constraint = "Press"
[[source]]
id = "plc"
[[source.map]]
topic = "hall/{unit}"
dialect = "json_flat"
signals = { count = "Processed", lot = "Lot" }
[[unit]]
id = "Press"
type = "press"
derive = [{ name = "Hot", from = "temp", above = 80 }]
[[unit.signal]]
name = "oil"
kind = "measurement"
unit_of_measure = "bar"
[[unit]]
id = "Oven"
type = "oven"
"""


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a person's settings out of the tests."""
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    path = tmp_path / "line.toml"
    path.write_text(LAYOUT, encoding="utf-8")
    return path


def shift(folder: Path, *said: tuple[str, dict[str, Any]], retain: bool = False) -> str:
    """Write a capture, thirty seconds between messages."""
    path = folder / "shift.jsonl"
    rows = [
        {"t": 1_795_425_957 + 30 * i, "topic": topic, "payload": json.dumps(payload), "retain": retain}
        for i, (topic, payload) in enumerate(said)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def listed(layout: Path, source: str) -> dict[str, Point]:
    return {f"{point.unit}.{point.signal}": point for point in points(layout, [source], listen_s=None).points}


def test_that_each_signal_has_its_count_range_last_value_and_topic(layout: Path, tmp_path: Path) -> None:
    found = listed(
        layout, shift(tmp_path, *(("hall/Press", {"State": "Execute", "oil": oil, "count": i}) for i, oil in enumerate((3.5, 2.0, 4.5))))
    )
    oil = found["Press.oil"]
    assert (oil.heard.samples, oil.heard.low, oil.heard.high, oil.heard.last, oil.heard.good) == (3, 2.0, 4.5, 4.5, 3)
    assert (oil.unit_of_measure, oil.heard.topic, oil.mapped, oil.missing) == ("bar", "hall/Press", True, False)
    assert (found["Press.State"].heard.last, found["Press.Processed"].heard.last) == ("Execute", 2.0)


def test_that_what_the_layout_names_and_nobody_sent_is_missing(layout: Path, tmp_path: Path) -> None:
    found = listed(layout, shift(tmp_path, ("hall/Press", {"State": "Execute", "count": 1})))
    assert {name for name, point in found.items() if point.missing} == {"Press.oil", "Press.temp", "Oven.State", "*.Lot"}
    # a press may tell its force; nobody promised it, and what is derived is never sent
    assert not found["Press.Force"].mapped
    assert found["Press.Hot"].derived
    assert not found["Press.Hot"].missing


def test_that_a_signal_of_a_rule_for_any_unit_is_there_once_one_unit_sent_it(layout: Path, tmp_path: Path) -> None:
    found = listed(layout, shift(tmp_path, ("hall/Oven", {"lot": "A7"})))
    assert not found["Oven.Lot"].missing
    assert "*.Lot" not in found
    assert "Press.Lot" not in found


def test_that_states_without_a_map_are_named_with_their_count(layout: Path, tmp_path: Path) -> None:
    found = listed(layout, shift(tmp_path, *(("hall/Press", {"State": word}) for word in ("Execute", "Phase 7", "Phase 7"))))
    assert found["Press.State"].unknown_words == ("Phase 7 (2)",)


def test_that_what_the_broker_had_kept_is_uncertain(layout: Path, tmp_path: Path) -> None:
    heard = listed(layout, shift(tmp_path, ("hall/Press", {"oil": 3.5}), retain=True))["Press.oil"].heard
    assert (heard.samples, heard.good, heard.uncertain) == (1, 0, 1)


def test_that_the_exit_code_tells_whether_something_is_missing(layout: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(layout), "--source", shift(tmp_path, ("hall/Press", {"State": "Execute"}))]) == 1
    out = capsys.readouterr().out
    assert "Never seen: Press.oil, Press.temp, Oven.State, *.Processed, *.Lot" in out
    both = [(f"hall/{unit}", {"State": "Execute", "oil": 1, "temp": 20, "count": 3, "lot": "A7"}) for unit in ("Press", "Oven")]
    assert main(["check", str(layout), "--source", shift(tmp_path, *both)]) == 0


def test_that_the_bundled_line_gets_all_that_it_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(PACKAGING), "--source", str(CAPTURE)]) == 0
    out = capsys.readouterr().out
    assert "40 points were seen, 0 that the layout names were never seen." in out
    row = next(line for line in out.splitlines() if "Capper" in line and "Consumed " in line)
    assert [cell.strip() for cell in row.split("│")][3:8] == ["132", "40.2", "0", "140.79", "140.79"]


def test_that_the_sheet_for_sign_off_has_a_row_a_point_and_no_formula(layout: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "points.csv"
    source = shift(tmp_path, ("hall/Press", {"State": "Execute", "oil": 3.5, "note": "=cmd()", "low": -5}), ("hall/Press", {"oil": 4.5}))
    assert main(["check", str(layout), "--source", source, "--csv", str(sheet)]) == 1
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    by_name = {(row["unit"], row["signal"]): row for row in rows}
    oil = by_name["Press", "oil"]
    assert {key: oil[key] for key in ("samples", "per_minute", "min", "max", "last", "expected", "seen", "topic")} == {
        "samples": "2", "per_minute": "4.0", "min": "3.5", "max": "4.5", "last": "4.5", "expected": "1", "seen": "1", "topic": "hall/Press",
    }  # fmt: skip
    assert oil["last_at"] == "2026-11-23T09:26:27.000Z"
    assert by_name["Press", "note"]["last"] == "'=cmd()"
    assert by_name["Press", "low"]["last"] == "-5.0"
    assert by_name["*", "Lot"]["remark"] == "NEVER SEEN"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--csv", "x.csv"), 2, "There is no point list without listening"),
        (("--source", "mqtt://127.0.0.1:1"), 2, "A live source has no end"),
        (("--live", "ten"), 2, "is not a duration"),
        (("--live", "1s"), 1, "names no address"),
        (("--source", "missing.jsonl"), 1, "cannot be read"),
        (("--source", "mqtt://127.0.0.1:1", "--live", "200ms"), 1, "Nothing listens on 127.0.0.1, port 1"),
    ],
)  # fmt: skip
def test_that_what_cannot_be_done_is_said_with_its_cure(
    words: tuple[str, ...], code: int, sentence: str, layout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(layout), *words]) == code
    assert sentence in capsys.readouterr().err
