"""What the command line says of input that is only partly, or not at all, the line's; and of answers that nobody can take."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.service.program import CAPTURE, LAYOUT, ROOT
from twin_app.__main__ import main
from twin_app.layout import load
from twin_app.service.opening import recording_path


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a person's settings and recordings out of the tests."""
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))


def capture(folder: Path, *lines: str) -> str:
    """Write a capture and return its path."""
    path = folder / "capture.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def message(topic: str, payload: str, at_s: float = 1_795_425_957.0) -> str:
    return json.dumps({"t": at_s, "topic": topic, "payload": payload})


@pytest.mark.parametrize("command", ["kpi", "state"])
@pytest.mark.parametrize("count", [1, 40])
def test_that_a_capture_of_another_plant_is_refused_with_the_topics_seen(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str, count: int
) -> None:
    file = capture(tmp_path, *(message(f"elsewhere/{i}", "1", 1.8e9 + i) for i in range(count)))
    assert main((command, "--layout", str(LAYOUT), "--source", file, "--json")) == 1
    out, err = capsys.readouterr()
    assert not out
    assert f"None of the {count} messages" in err
    assert "elsewhere/0" in err


def test_that_a_capture_whose_every_payload_is_refused_counts_as_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = capture(tmp_path, message("PlantA/Packaging/Filler/Admin/ProdProcessedCount/0/AccCount", "many"))
    assert main(("kpi", "--layout", str(LAYOUT), "--source", file)) == 1
    assert "no message that the layout maps" in capsys.readouterr().err


def test_that_lines_left_out_are_told_beside_the_answer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    topic = "PlantA/Packaging/Filler/Status/StateCurrentStr"
    file = capture(tmp_path, message(topic, "Idle"), "no message", message(topic, "Execute", 1_795_425_967.0))
    assert main(("kpi", "--layout", str(LAYOUT), "--source", file, "--json")) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["units"]["Filler"]["state_s"] == {"Idle": 10.0}
    assert "line 2" in err


def test_that_the_window_of_a_single_message_has_no_length_and_no_known_figure(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = capture(tmp_path, message("PlantA/Packaging/Filler/Status/StateCurrentStr", "Execute"))
    assert main(("kpi", "--layout", str(LAYOUT), "--source", file, "--json")) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["from"] == answer["to"] == "2026-11-23T09:25:57.000Z"
    assert answer["units"]["Filler"]["state_s"] == {}
    assert answer["units"]["Filler"]["kpi"]["oee_index"] is None


def test_that_an_error_is_not_printed_as_the_answer_where_stderr_is_closed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert main(("kpi", "--layout", "nowhere.toml", "--source", str(CAPTURE))) == 1
    assert not capsys.readouterr().out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("words", [("check", str(LAYOUT)), ("kpi", "--layout", str(LAYOUT), "--source", str(CAPTURE), "--json")])
def test_that_an_answer_onto_a_full_disk_is_one_sentence_and_exit_code_1(tmp_path: Path, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "twin_app", *words], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, encoding="utf-8",
            env={**os.environ, "TWIN_APP_HOME": str(tmp_path), "PYTHONIOENCODING": "utf-8"}, timeout=60, check=False,
        )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr.strip() == "The answer cannot be written: No space left on device."


def test_that_what_is_logged_never_shows_among_the_sentences_on_stderr(tmp_path: Path) -> None:
    speak = "import logging; from twin_app import __main__ as m; m.main = lambda: logging.getLogger('twin_app.any').error('inner') or 0; m.start()"
    ended = subprocess.run(
        [sys.executable, "-c", speak], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "TWIN_APP_HOME": str(tmp_path)},
    )  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_that_a_home_that_cannot_be_written_is_named_before_a_live_line_opens(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "file" / "home"))
    assert main(("open", str(LAYOUT), "--source", "mqtt://127.0.0.1:1", "--headless", "--duration", "1s")) == 1
    err = capsys.readouterr().err
    assert str(tmp_path / "file" / "home") in err
    assert "Choose a folder you may write to." in err


def test_that_a_line_of_long_names_is_recorded_in_a_folder_of_its_own(tmp_path: Path) -> None:
    line = load(LAYOUT)
    first, second = (recording_path(replace(line, site="工" * 100, area="厂" * 100, id=name)) for name in ("one", "two"))
    assert first.parent != second.parent
    for path in (first, second):
        assert len(path.parent.name.encode()) <= 255
        assert path.parent.is_dir()
        assert path.is_relative_to(tmp_path / "home")
