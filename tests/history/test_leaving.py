"""Files that have to go while the program that wrote them runs on: their room comes back, and nobody asks them any more."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.history.test_beside import HOUR_NS, START, hear, recording, settle
from twin_app.history.files import files_of
from twin_app.history.housekeeping import DAY_NS


def open_files(folder: Path) -> list[str]:
    """Return what this process has open of a folder, removed or not."""
    found = []
    for number in os.listdir("/proc/self/fd"):
        path = Path("/proc/self/fd") / number
        if path.is_symlink() and str(path.readlink()).startswith(str(folder)):
            found.append(str(path.readlink()))
    return found


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
