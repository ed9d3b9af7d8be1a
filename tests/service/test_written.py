"""What a command must not write over: what it reads, what is there, what is of another kind. Refused before anything long begins."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from twin_app.__main__ import main
from twin_app.errors import RecordingError

ROOT = Path(__file__).resolve().parents[2]
USAGE = 2


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a layout and a capture of one's own, in which the command is typed."""
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "models3d/lines/packaging.toml", "line.toml")
    shutil.copy(ROOT / "sample_streams/packaging.jsonl", "shift.jsonl")
    Path("sheet.csv").write_text("signed by the builder")
    return tmp_path


ON_SHIFT = ("--layout", "line.toml", "--source", "shift.jsonl")


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (("snapshot", *ON_SHIFT, "--at", "+10s", "-o", "shift.jsonl"), "shift.jsonl"),
        (("models", "--contact-sheet", "line.toml"), "line.toml"),
        (("simulate", "--layout", "line.toml", "--duration", "10s", "--out", "shift.jsonl"), "shift.jsonl"),
        (("simulate", "--layout", "line.toml", "--scenario", "shift.jsonl", "--duration", "10s", "--out", "shift.jsonl", "--force"), "shift.jsonl"),
        (("check", "line.toml", "--source", "shift.jsonl", "--csv", "sheet.csv"), "sheet.csv"),
        (("check", "line.toml", "--source", "plant=shift.jsonl", "--csv", "shift.jsonl", "--force"), "shift.jsonl"),
        (("check", "line.toml", "--source", "shift.jsonl", "--csv", "line.toml", "--force"), "line.toml"),
        (("export", *ON_SHIFT, "-o", "line.toml", "--force"), "line.toml"),
    ],
)  # fmt: skip
def test_that_a_command_refuses_to_write_over_what_is_there(hall: Path, words: tuple[str, ...], kept: str) -> None:
    before = (hall / kept).read_bytes()
    assert main(words) != 0
    assert (hall / kept).read_bytes() == before


def test_that_a_truth_of_another_run_is_not_written_over(hall: Path) -> None:
    truth = hall / "run.truth.jsonl"
    truth.write_text("of the run before")
    run = ("simulate", "--layout", "line.toml", "--duration", "2s", "--out", "run.jsonl")
    assert main(run) == USAGE
    assert truth.read_text() == "of the run before"
    assert main((*run, "--force")) == 0
    assert truth.read_text() != "of the run before"


def test_that_a_folder_that_is_missing_is_told_before_anything_is_listened_to(hall: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("check", "line.toml", "--live", "8h", "--source", "mqtt://127.0.0.1:1", "--csv", "none/sheet.csv")) == USAGE
    assert "folder is missing" in capsys.readouterr().err


def test_that_a_sheet_that_cannot_be_finished_leaves_the_one_before(hall: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = hall / "sheet.html"
    sheet.write_text("of the shift before")

    def full(_page: str, path: Path) -> None:
        path.write_text("half")
        raise RecordingError("The disk is full.")

    monkeypatch.setattr("twin_app.report.page.save_html", full)
    assert main(("report", *ON_SHIFT, "-o", "sheet.html")) == 1
    assert sheet.read_text() == "of the shift before"
    assert not list(hall.glob("*.part"))
