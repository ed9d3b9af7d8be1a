"""The side file of what people write beside a recording: appended to, checked, read by several programs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin_app.errors import RecordingError
from twin_app.history.side import SideFile


def written(path: Path, *texts: str) -> SideFile:
    """Return a file to which something was written."""
    file = SideFile(path)
    for text in texts:
        file.append({"text": text})
    return file


def test_that_what_was_written_is_read_by_others_once(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "notes.jsonl"
    other = SideFile(path)
    assert other.read_on() == []
    mine = written(path, "jam", "纸箱卡住")
    assert other.read_on() == [{"text": "jam"}, {"text": "纸箱卡住"}]
    assert other.read_on() == []
    mine.append({"text": "more"})
    assert other.read_on() == [{"text": "more"}]


def test_that_half_a_line_waits_and_one_that_stays_half_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    written(path, "one", "two")
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    reader = SideFile(path)
    assert reader.read_on() == [{"text": "one"}]
    assert reader.unreadable == 0
    written(path, "three")  # whoever goes on after a kill begins a line of their own
    assert reader.read_on() == [{"text": "three"}]
    assert reader.unreadable == 1


@given(where=st.integers(0, 10**6), bit=st.integers(0, 7))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_a_flipped_bit_is_found_and_never_shown(tmp_path: Path, where: int, bit: int) -> None:
    path = tmp_path / "notes.jsonl"
    path.unlink(missing_ok=True)
    written(path, "the seal leaks", "changed the seal")
    damaged = bytearray(path.read_bytes())
    damaged[where % len(damaged)] ^= 1 << bit
    path.write_bytes(damaged)
    reader = SideFile(path)
    found = reader.read_on()
    assert all(entry["text"] in {"the seal leaks", "changed the seal"} for entry in found)
    assert len(found) < 2


def test_that_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    with pytest.raises(RecordingError, match="could not be kept"):
        written(tmp_path / "taken" / "notes.jsonl", "lost")


def test_that_a_file_without_end_is_read_up_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "notes.jsonl"
    written(path, *("x" * 100 for _ in range(20)))
    monkeypatch.setattr("twin_app.history.side.MOST_BYTES", 600)
    assert 0 < len(SideFile(path).read_on()) < 20
    assert os.stat(path).st_size > 600  # noqa: PTH116 - nothing was cut off
