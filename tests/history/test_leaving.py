"""Files that have to go while the program that wrote them runs on: their room comes back, and nobody asks them any more."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.history.test_beside import hear, recording, settle
from tests.history.test_rotation import HOUR_NS, START
from twin_app.history import recording as reading
from twin_app.history.files import files_of
from twin_app.history.housekeeping import DAY_NS
from twin_app.history.recording import Recording


def open_files(folder: Path) -> list[str]:
    """Return what this process has open of a folder, removed or not."""
    names = [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return [name for name in names if name.startswith(str(folder))]


def test_that_what_was_recorded_first_is_asked_no_more_once_it_had_to_go(tmp_path: Path) -> None:
    with recording(tmp_path, days=1.0) as store:
        for k in range(8):
            hear(store, k, k / 2)
        settle(store)
        assert store.state_at(START + HOUR_NS // 2).value.tolist() == [1.0]
        assert store._housekeeping is not None
        store._housekeeping.run(START + DAY_NS + 2 * HOUR_NS)
        assert len(files_of(tmp_path)) == 2
        assert store.state_at(START + 2 * HOUR_NS).value.tolist() == [4.0]
        assert store.state_at(START + 7 * HOUR_NS // 2).value.tolist() == [7.0]
        hear(store, 8, 4.0)
        settle(store)
        assert store.state_at(START + 4 * HOUR_NS).value.tolist() == [8.0]
        assert store.refold()
        while store.folded < store.watermark:
            store.fold()
        assert store.state_at(START + 5 * HOUR_NS // 2).value.tolist() == [5.0]
        assert store.state_at(START + 4 * HOUR_NS).value.tolist() == [8.0]


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc which files are open")
def test_that_the_room_of_a_file_that_had_to_go_comes_back_while_the_recorder_runs_on(tmp_path: Path) -> None:
    with recording(tmp_path, days=1.0) as store:
        for k in range(8):
            hear(store, k, k / 2)
        settle(store)
        assert store._housekeeping is not None
        store._housekeeping.run(START + DAY_NS + 2 * HOUR_NS)
        store._housekeeping.run(START + DAY_NS + 2 * HOUR_NS)
        assert not [name for name in open_files(tmp_path) if name.endswith("(deleted)")]
        assert len({name for name in open_files(tmp_path) if name.endswith(".twinrec")}) == 2


def test_that_who_reads_along_forgets_the_files_that_went_and_keeps_none_of_their_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_AT_IT_S", 0.0)
    with recording(tmp_path) as store:
        for k in range(8):
            hear(store, k, k / 2)
        settle(store)
    with Recording(tmp_path) as found:
        span = found.span()
        assert span is not None
        assert span.start_ns == START
        files_of(tmp_path)[0].unlink()
        assert found.refresh()
        span = found.span()
        assert span is not None
        assert span.start_ns == START + HOUR_NS
        assert found.state_at(START + HOUR_NS).value.tolist() == [2.0]
        assert found.state_at(START + 7 * HOUR_NS // 2).value.tolist() == [7.0]
        assert not found.refresh()
        assert sys.platform != "linux" or not [name for name in open_files(tmp_path) if name.endswith("(deleted)")]
