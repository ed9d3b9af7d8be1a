"""A span exported as a recording opens elsewhere with nothing else, and says the same as the one it was taken from."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.export.test_export import CAPTURE, LAYOUT, ON_CAPTURE, exported
from twin_app.__main__ import main
from twin_app.history import about
from twin_app.history.recording import Recording

START, END = "+60s", "+120s"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Return the only file in a folder of its own: a minute of the capture."""
    file = tmp_path / "minute.twinrec"
    assert main(["export", *ON_CAPTURE, "--from", START, "--to", END, "-o", str(file)]) == 0
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    shutil.move(file, folder / "minute.twinrec")
    return folder / "minute.twinrec"


def test_that_a_span_says_the_same_as_the_recording_it_was_taken_from(elsewhere: Path, tmp_path: Path) -> None:
    there = exported(tmp_path / "there.csv", *ON_CAPTURE, "--from", START, "--to", END)
    start, end = there[0]["time"], there[-1]["time"]
    here = exported(tmp_path / "here.csv", "--layout", str(LAYOUT), "--source", str(elsewhere), "--from", start, "--to", end)
    assert here == there
    assert [path.name for path in elsewhere.parent.iterdir()] == ["minute.twinrec"]


def test_that_what_held_when_the_span_began_is_known_at_its_first_instant(
    elsewhere: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def units(*source: str, at: str) -> object:
        assert main(["state", *source, "--at", at, "--json"]) == 0
        return [(name, unit["state"]) for name, unit in json.loads(capsys.readouterr().out)["units"].items()]

    first = exported(tmp_path / "there.csv", *ON_CAPTURE, "--from", START, "--to", END)[0]["time"]
    capsys.readouterr()
    assert units("--layout", str(LAYOUT), "--source", str(elsewhere), at=first) == units(*ON_CAPTURE, at=first)


def test_that_a_choice_of_signals_takes_no_other_with_it_but_the_sources_own(tmp_path: Path) -> None:
    file = tmp_path / "speed.twinrec"
    assert main(["export", *ON_CAPTURE, "--signal", "Filler/CurMachSpeed", "-o", str(file)]) == 0
    with Recording(file) as recording:
        assert {signal.name for signal in recording.signals} == {"CurMachSpeed", "Connected"}
        assert [layout.content for layout in about.layouts(recording)] == [LAYOUT.read_bytes()]
        assert about.parent(recording) == "packaging"
        assert recording.notices() == ()
    only = ("--signal", "Filler/CurMachSpeed")
    here = exported(tmp_path / "here.csv", "--layout", str(LAYOUT), "--source", str(file), *only)
    assert here == exported(tmp_path / "there.csv", *ON_CAPTURE, *only)


def test_that_an_empty_span_is_a_recording_that_knows_what_held(tmp_path: Path) -> None:
    file = tmp_path / "moment.twinrec"
    assert main(["export", *ON_CAPTURE, "--from", "+60.0001s", "--to", "+60.0002s", "-o", str(file)]) == 0
    with Recording(file) as recording:
        assert recording.span() is None


def messages(path: Path) -> list[tuple[str, bytes]]:
    """Return topics and payloads that a recording keeps as they came."""
    with Recording(path) as recording:
        return [(message.topic, message.payload) for message in about.messages(recording)]


def captured(start_s: float, end_s: float) -> list[tuple[str, bytes]]:
    """Return topics and payloads of the capture between two instants after its first message."""
    lines = [json.loads(line) for line in CAPTURE.read_text(encoding="utf-8").splitlines()]
    return [(line["topic"], line["payload"].encode()) for line in lines if start_s <= round(line["t"] - lines[0]["t"], 3) <= end_s]


def test_that_messages_as_they_came_go_along_and_say_the_same_when_they_are_decoded_anew(elsewhere: Path, tmp_path: Path) -> None:
    """All that came in the minute, byte for byte; decoded under the same layout they are the samples that were exported."""
    assert messages(elsewhere) == captured(60, 120)
    anew = tmp_path / "anew.twinrec"
    assert main(["remap", str(elsewhere), "--layout", str(LAYOUT), "-o", str(anew)]) == 0
    there = exported(tmp_path / "there.csv", *ON_CAPTURE, "--from", START, "--to", END)
    begun = {"--from": there[0]["time"], "--to": there[-1]["time"]}
    here = exported(
        tmp_path / "here.csv", "--layout", str(LAYOUT), "--source", str(anew), *(word for pair in begun.items() for word in pair)
    )
    assert here == [row for row in there if row["received_time"] >= there[0]["time"]]
    again = tmp_path / "again.twinrec"
    assert main(["export", "--layout", str(LAYOUT), "--source", str(elsewhere), "-o", str(again)]) == 0
    assert messages(again) == messages(elsewhere)


def test_that_messages_stay_behind_where_they_are_not_to_be_passed_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    without, some = tmp_path / "without.twinrec", tmp_path / "some.twinrec"
    assert main(["export", *ON_CAPTURE, "--from", START, "--to", END, "--no-raw", "-o", str(without)]) == 0
    assert messages(without) == []
    assert main(["export", *ON_CAPTURE, "--from", START, "--to", END, "--signal", "Filler/CurMachSpeed", "-o", str(some)]) == 0
    kept = messages(some)
    assert kept
    assert f"Messages as they came: {len(kept)}." in capsys.readouterr().err
    assert {topic.split("/")[2] for topic, _ in kept} == {"Filler"}
