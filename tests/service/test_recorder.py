"""What the recorder's watch notices. The service itself is tried with a real broker, see `tests/broker/test_recorder.py`."""

import json
from pathlib import Path
from typing import Any

import pytest

from twin_app.__main__ import main
from twin_app.clock import now_ns
from twin_app.commands.record import UNWELL
from twin_app.layout import load
from twin_app.local.claim import Claim
from twin_app.service import recorder
from twin_app.service.places import recordings_folder
from twin_app.service.recorder import STATUS, Watch
from twin_app.service.recorder_health import recorder_health, told_in_words

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "models3d" / "lines" / "packaging.toml"


def told(**changes: Any) -> dict[str, Any]:
    """Return what a healthy recorder tells, with changes."""
    source = {"status": "connected", "error": "", "refused": {}, "messages": 7, "messages_per_s": 1.0, "dropped": 0}
    return {
        "at_ns": now_ns(), "pid": 4711, "host": "hall", "since": "2026-11-28T06:00:00.000Z", "folder": "shift", "samples": 40, "waiting": 0,
        "commit_age_s": 0.2, "trouble": "", "sources": {"plant": source}, "disk_days_left": 30.0, "clock_steps": 0, **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"trouble": "shift cannot be written: disk full."}, "shift cannot be written: disk full."),
        ({"waiting": 9, "commit_age_s": 6.0}, "9 samples have waited for the disk for 6.0 s."),
        ({"waiting": 9, "commit_age_s": 4.0}, None),
        ({"disk_days_left": 0.5}, "The disk is full in 12 h 00 min."),
        ({"disk_days_left": None}, None),
        ({"notices": ["At the end of shift 4 samples are gone."]}, "At the end of shift 4 samples are gone."),
        ({"trouble": "disk full.", "notices": ["disk full."]}, "disk full."),
    ],
)
def test_what_is_wrong_with_a_recorder(tmp_path: Path, changes: dict[str, Any], problem: str | None) -> None:
    (tmp_path / STATUS).write_text(json.dumps(told(**changes)))
    health = recorder_health(LAYOUT, tmp_path)
    assert health["problems"] == ([] if problem is None else [problem])
    assert health["healthy"] is (problem is None)
    assert "30 d" in told_in_words(health) or "disk_days_left" in changes


def test_that_half_a_file_is_no_recorder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / STATUS).write_text('{"at_ns": ')
    assert main(["health", "--layout", str(LAYOUT), "--out", str(tmp_path)]) == UNWELL
    assert capsys.readouterr().out == "No recorder runs for this line.\n"


def test_that_a_clock_that_is_set_is_counted_with_how_far(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = {"ns": 10**18, "s": 100.0}
    monkeypatch.setattr(recorder, "now_ns", lambda: clock["ns"])
    monkeypatch.setattr("twin_app.service.recorder.time.monotonic", lambda: clock["s"])
    watch = Watch()
    for step_s, passed_s in ((0.0, 0.0), (1.0, 1.0), (-3599.0, 1.0), (1.4, 1.0)):
        clock["ns"] += round(step_s * 1e9)
        clock["s"] += passed_s
        watch.look(5)
    assert watch.steps == 1
    assert watch.newest_steps[0]["step_s"] == -3600.0


def test_that_how_long_the_disk_lasts_is_said_once_a_minute_was_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = {"s": 100.0}
    monkeypatch.setattr("twin_app.service.recorder.time.monotonic", lambda: clock["s"])
    watch = Watch(began_bytes=1000, began_s=clock["s"])
    clock["s"] += 59
    assert watch.bytes_per_day(7000) is None
    clock["s"] += 1
    assert watch.bytes_per_day(7000) == 6000 / 60 * 86_400


def test_that_a_file_as_source_is_nothing_to_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = ROOT / "sample_streams" / "packaging.jsonl"
    assert main(["record", "--layout", str(LAYOUT), "--source", str(source), "--out", str(tmp_path / "shift")]) == 2
    assert "nothing to record" in capsys.readouterr().err


def test_that_a_recording_within_a_limit_says_so_instead_of_when_the_disk_is_full() -> None:
    raw = {"messages": 1234, "bytes": 3 * 2**20, "dropped": 5, "since": None}
    words = told_in_words({
        **told(disk_days_left=None, kept_within_bytes=200 * 2**30, raw=raw, files_removed=2), "alive": True, "problems": [],
    })  # fmt: skip
    assert "The recording keeps within 200.0 GiB; the oldest files go first." in words
    assert "Raw messages kept: 1\u2009234, 3.0 MiB; dropped as too old or too many: 5." in words
    assert "Files removed as too old or for want of room: 2." in words
    assert "Raw messages" not in told_in_words({**told(), "alive": True, "problems": []}), "nobody looked yet"


@pytest.mark.parametrize("wrong", ["-1", "nan", "99999999"])
def test_that_a_limit_that_is_none_is_wrong_usage(wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = ("--source", "mqtt://127.0.0.1:1", "--out", str(tmp_path / "shift"))
    assert main(["record", "--layout", str(LAYOUT), *source, f"--keep-days={wrong}"]) == 2
    assert "--keep-days must lie between 0.0 and 36500.0." in capsys.readouterr().err
    assert not (tmp_path / "shift").exists()


def test_that_a_recorder_into_another_folder_is_found_without_naming_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / STATUS).write_text(json.dumps(told(folder=str(elsewhere))))
    claim = Claim(recordings_folder(load(LAYOUT)), tmp_path / "run")
    claim.tell(kind="recorder", folder=elsewhere, layout="", addresses={})
    try:
        assert recorder_health(LAYOUT)["healthy"]
        assert recorder_health(LAYOUT)["folder"] == str(elsewhere)
    finally:
        claim.free()


def test_that_a_full_disk_is_told_although_nothing_new_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder._write(tmp_path / STATUS, told())
    assert recorder_health(LAYOUT, tmp_path)["healthy"]

    def full(_path: Path, _text: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    for trouble in ("The disk is full and it is told at length.", "disk full."):
        recorder._write(tmp_path / STATUS, told(trouble=trouble))
        assert recorder_health(LAYOUT, tmp_path)["problems"] == [trouble]
