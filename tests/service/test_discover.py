"""`twin-app discover` on files: what it prints for people and for scripts, and the draft that it writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from twin_app.__main__ import main
from twin_app.service.discover import Request, discover, local_zone

ROOT = Path(__file__).resolve().parents[2]
PACKML = ROOT / "sample_streams/packaging.jsonl"
VEHICLES = ROOT / "tests/data/captures/vda5050_two_agvs.jsonl"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a person's settings out of the tests."""
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))


def capture(path: Path, *rows: dict[str, Any]) -> Path:
    """Write a capture, a second between messages."""
    path.write_text(
        "".join(json.dumps({"t": 1_795_425_957 + i, "payload": "1", **row}) + "\n" for i, row in enumerate(rows)), encoding="utf-8"
    )
    return path


def test_that_a_person_reads_what_is_there_and_what_it_would_become(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["discover", str(PACKML)]) == 0
    out = capsys.readouterr().out
    assert "1\u2009808 messages on 90 topics in 3 min 17 s" in out
    assert "{Capper, Filler, Labeller}" in out
    row = next(line for line in out.splitlines() if "StateCurrentStr" in line)
    assert [cell.strip() for cell in row.split("│")[5:8]] == ["", "text · Clearing, Stopped, Resetting, Idle, …", "State"]
    assert "Who feeds whom is left out" in out
    assert out.rstrip().endswith("A layout can be drafted from this: --out draft.toml writes it.")


def test_that_a_script_reads_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["discover", str(VEHICLES), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {key: answer[key] for key in ("messages", "looked_into", "beyond_limit", "live", "filters", "trouble")} == {
        "messages": 182, "looked_into": 182, "beyond_limit": 0, "live": False, "filters": [], "trouble": "",
    }  # fmt: skip
    state = next(topic for topic in answer["topics"] if topic["topic"].endswith("002/state"))
    assert (state["dialect"], state["messages"], state["understood"]) == ("vda5050", 10, True)
    fields = {field["name"]: field for field in state["fields"]}
    assert (fields["X"]["becomes"], fields["X"]["unit"], fields["X"]["signal"]) == ("signal", "002", "X")
    assert (fields["X"]["min"], fields["X"]["max"]) == (0, 6.408000000000002)
    assert [(unit["id"], unit["type"], unit["type_guessed"]) for unit in answer["units"]] == [("001", "agv", False), ("002", "agv", False)]


def test_that_a_draft_is_checked_and_gives_states_and_counters_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = tmp_path / "draft.toml"
    assert main(["discover", str(PACKML), "--out", str(draft)]) == 0
    assert main(["check", str(draft)]) == 0
    assert "is fine" in capsys.readouterr().out
    assert main(["kpi", "--layout", str(draft), "--source", str(PACKML), "--json"]) == 0
    units = json.loads(capsys.readouterr().out)["units"]
    facts = json.loads((ROOT / "tests/data/captures/expected/packml_plain_mqtt.json").read_text(encoding="utf-8"))["machines"]
    for unit, expected in facts.items():
        assert units[unit]["state_s"] == pytest.approx(expected["seconds_in_state"], abs=0.05)
        assert units[unit]["counters"]["Processed"]["total"] == expected["acc"]["Processed"]


def test_that_a_draft_never_replaces_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = tmp_path / "draft.toml"
    draft.write_text("mine", encoding="utf-8")
    assert main(["discover", str(PACKML), "--out", str(draft)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert draft.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("{capture}", "--topic", "a/#/b"), 2, "“a/#/b” is not an MQTT topic filter"),
        (("{capture}", "--limit", "-1"), 2, "-1 is not a limit"),
        (("{capture}", "--out", "{folder}/none/draft.toml"), 2, "There is no folder"),
        (("{folder}/missing.jsonl",), 1, "cannot be read"),
        (("ftp://broker",), 1, "is not the address of a broker"),
        (("mqtt://ann:secret@broker",), 1, "must not hold a user or password"),
        (("{capture}", "--topic", "nothing/#"), 1, ""),
        (("{capture}", "--topic", "nothing/#", "--out", "{folder}/draft.toml"), 1, "There is nothing to draft a layout from"),
    ],
)  # fmt: skip
def test_that_what_cannot_be_done_is_said_with_its_cure(
    words: tuple[str, ...], code: int, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = capture(tmp_path / "shift.jsonl", {"topic": "hall/press/temp"})
    assert main(["discover", *(word.format(capture=file, folder=tmp_path) for word in words)]) == code
    said = capsys.readouterr().err
    assert sentence in said
    assert "secret" not in said
    assert "Traceback" not in said


def test_that_a_file_is_read_as_far_as_asked_for_and_only_what_the_filters_let_in(tmp_path: Path) -> None:
    file = capture(tmp_path / "shift.jsonl", *({"topic": f"hall/{'press' if i % 2 else 'oven'}/temp"} for i in range(100)))
    assert discover(Request(address=str(file), seconds=9)).survey.messages == 10
    found = discover(Request(address=str(file), filters=("hall/press/#",))).survey
    assert (found.messages, list(found.topics)) == (50, ["hall/press/temp"])


def test_that_the_limit_holds_for_a_file_too(tmp_path: Path) -> None:
    rows = [{"topic": "hall/press/temp", "t": 1_795_425_957 + i / 100} for i in range(300)]
    found = discover(Request(address=str(capture(tmp_path / "shift.jsonl", *rows)), limit=10)).survey
    assert (found.looked, found.beyond_limit) == (1 + 3 * 10, 300 - 31)


def test_that_broken_lines_are_counted_and_a_file_that_breaks_off_tells_what_came_before(tmp_path: Path) -> None:
    import gzip

    file = capture(tmp_path / "shift.jsonl", *({"topic": "hall/press/temp"} for _ in range(2000)))
    with file.open("a", encoding="utf-8") as lines:
        lines.write("no message\n")
    assert discover(Request(address=str(file))).broken == 1
    damaged = tmp_path / "shift.jsonl.gz"
    damaged.write_bytes(gzip.compress(file.read_bytes())[:-200])
    found = discover(Request(address=str(damaged)))
    assert found.survey.messages > 100
    assert "breaks off or is damaged" in found.trouble


def test_that_reading_can_be_cancelled_and_what_was_read_counts(tmp_path: Path) -> None:
    file = capture(tmp_path / "shift.jsonl", *({"topic": "hall/press/temp"} for _ in range(2000)))
    assert 0 < discover(Request(address=str(file)), cancelled=lambda: True).survey.messages < 2000


def test_that_the_zone_of_the_computer_is_one_that_a_layout_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, found in (("Asia/Shanghai", "Asia/Shanghai"), (":Europe/Berlin", "Europe/Berlin")):
        monkeypatch.setenv("TZ", name)
        assert local_zone() == found
    for name in ("", "nonsense", "../../etc/passwd"):
        monkeypatch.setenv("TZ", name)
        assert local_zone()
