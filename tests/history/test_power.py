"""Kills, full disks and readers in the middle of writing, with real processes and real files.

A power cut loses more than a kill: what the kernel has not written yet. That needs a disk image; here the kill shows
that a commit is whole, and `synchronous=FULL` that it is on the disk.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from tests.history.brute import Sample, columns, table
from twin_app.errors import RecordingError
from twin_app.history.journal import Journal
from twin_app.history.reader import Reader
from twin_app.history.store import Store
from twin_app.model.samples import Kind, TextTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
WRITER = Path(__file__).with_name("recording_writer.py")


@contextlib.contextmanager
def writing(path: Path, samples: int) -> Iterator[subprocess.Popen[str]]:
    """Run a process that records into `path` and says what is durable."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    writer = subprocess.Popen([sys.executable, str(WRITER), str(path), str(samples)], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        yield writer
    finally:
        if writer.returncode is None:
            writer.kill()
            writer.communicate()


def check(path: Path, reported: int) -> None:
    """Open what a killed writer left: all that it reported is there, and nothing is torn."""
    store = Store.reopen(path)
    try:
        assert store.watermark >= reported
        assert store.damaged == 0
        samples, reached = store.read_since(0, 10**9)
        assert reached == store.watermark == len(samples)
        number = samples.kind == Kind.NUMBER
        assert np.array_equal(samples.value[number], np.flatnonzero(number))
        said = [store.texts.text(int(code)) for code in samples.value[~number]]
        assert said == [f"commit {m}" for m in samples.message[~number]]
    finally:
        store.close()


@pytest.mark.parametrize(("samples", "commits"), [(1, 25), (40, 7), (40, 60), (70_000, 5)])
def test_that_a_killed_recording_holds_everything_it_called_durable(tmp_path: Path, samples: int, commits: int) -> None:
    path = tmp_path / "shift.twinrec"
    with writing(path, samples) as writer:
        assert writer.stdout is not None
        reported = [int(writer.stdout.readline()) for _ in range(commits)]
        writer.kill()
        reported += [int(line) for line in writer.communicate()[0].splitlines()]
    check(path, reported[-1])


def test_that_a_recording_goes_on_in_the_same_file_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "shift.twinrec"
    with writing(path, 3) as writer:
        assert writer.stdout is not None
        reported = [int(writer.stdout.readline()) for _ in range(10)][-1]
    store = Store.reopen(path)
    assert store.next_seq() >= 10
    before = store.watermark
    store.append(columns([Sample(0, 10**18, -7.0)]))
    assert store.commit() == before + 1 > reported
    store.close()
    with contextlib.closing(Store.reopen(path)) as again:
        assert again.read_since(before, 10)[0].value.tolist() == [-7.0]


def test_that_another_process_reads_whole_commits_while_one_writes(tmp_path: Path) -> None:
    path = tmp_path / "shift.twinrec"
    with writing(path, 40) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        with Reader(path) as reader:
            rows = 0
            while rows < 60:
                durable = int(writer.stdout.readline())
                seen = list(reader.samples())
                texts = len(reader.texts())
                assert [seq for seq, _ in seen] == list(range(0, 41 * len(seen), 41))
                assert all(len(samples) == 41 and samples.value[0] == seq for seq, samples in seen)
                assert 41 * len(seen) >= durable
                assert texts >= len(seen)
                assert reader.damaged == 0
                rows = len(seen)


class SmallDisk(NamedTuple):
    folder: Path
    make_room: Callable[[], object]


@pytest.fixture(params=["full disk", "file size limit"])
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk]:
    """A folder for some 300 kB: a disk of its own (needs root), or the limit of a process on its files."""
    if sys.platform == "win32":
        pytest.skip("neither tmpfs nor RLIMIT_FSIZE on Windows")
    if request.param == "full disk":
        mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(tmp_path)]
        if sys.platform != "linux" or os.getuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("only root may mount a small disk; the file size limit covers the rest")
        remount = ["mount", "-o", "remount,size=64m", str(tmp_path)]
        yield SmallDisk(tmp_path, lambda: subprocess.run(remount, check=True))
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)
        return
    import resource

    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, old[1]))
    yield SmallDisk(tmp_path, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, old))
    resource.setrlimit(resource.RLIMIT_FSIZE, old)


def test_that_a_full_disk_is_told_once_and_costs_nothing_once_there_is_room(small_disk: SmallDisk) -> None:
    path = small_disk.folder / "shift.twinrec"
    rng = np.random.default_rng(1)
    store = Store(table(1), TextTable(), journal=Journal(path), retry_s=0.0)
    alarms: list[RecordingError] = []
    durable = []
    for i in range(60):
        store.append(columns([Sample(0, i * 1000 + k, float(v), message=i) for k, v in enumerate(rng.random(1000))]))
        try:
            durable.append(store.commit())
        except RecordingError as error:
            alarms.append(error)
        store.fold()
    assert len(alarms) == 1
    assert "shift.twinrec" in str(alarms[0])
    assert "Free space" in str(alarms[0])
    assert store.trouble is alarms[0]
    assert store.notices() == (str(alarms[0]),)
    assert 0 < durable[-1] == store.committed < store.watermark == store.folded == 60_000
    small_disk.make_room()
    assert store.commit() == 60_000
    assert store.trouble is None
    assert store.unrecorded == 0
    shown = store.range(0, 0, 10**6, 0).value
    store.close()
    with contextlib.closing(Store.reopen(path)) as again:
        assert again.damaged == 0
        assert np.array_equal(again.read_since(0, 10**6)[0].value, shown)


def test_that_a_disk_full_for_too_long_gives_up_the_oldest_and_says_how_many(
    small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin_app.history.recorder._WAITING_SAMPLES", 20_000)
    monkeypatch.setattr("twin_app.history.recorder._COMMIT_SAMPLES", 5_000)
    store = Store(table(1), TextTable(), journal=Journal(small_disk.folder / "shift.twinrec"), retry_s=0.0)
    rng = np.random.default_rng(1)
    said = []
    for i in range(60):
        store.append(columns([Sample(0, i * 1000 + k, float(v)) for k, v in enumerate(rng.random(1000))]))
        store.fold()
        try:
            store.commit()
        except RecordingError as error:
            said.append(str(error))
    assert store.unrecorded > 0
    assert f"for too long: {store.unrecorded}." in store.notices()[1]
    assert sum("not recorded" in line for line in said) >= 1
    assert len(store.range(0, 0, 10**6, 0).value) == 60_000, "the tail still shows all"
    small_disk.make_room()
    store.commit()
    store.close()
    with contextlib.closing(Store.reopen(small_disk.folder / "shift.twinrec")) as again:
        kept, reached = again.read_since(0, 10**6)
        assert len(kept) == 60_000 - store.unrecorded
        assert reached == 60_000


def test_that_closing_on_a_full_disk_says_so_and_lets_the_file_go(small_disk: SmallDisk) -> None:
    path = small_disk.folder / "shift.twinrec"
    store = Store.reopen(path, signals=table(1))
    store.append(columns([Sample(0, k, float(v)) for k, v in enumerate(np.random.default_rng(1).random(60_000))]))
    with pytest.raises(RecordingError, match="cannot be written"):
        store.close()
    Journal(path).close()


def test_that_appending_never_waits_for_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a commit is on its way to the disk another source's samples are accepted and can be folded."""
    store = Store.reopen(tmp_path / "shift.twinrec", signals=table(1))
    assert store._recorder is not None
    write = store._recorder.volumes[0].journal.commit

    def slow(*arguments: object, **named: object) -> None:
        store.append(columns([Sample(0, 2, 2.0)]))
        assert store.fold().value.tolist() == [1.0, 2.0]
        write(*arguments, **named)  # type: ignore[arg-type]  # passed on untouched

    store.append(columns([Sample(0, 1, 1.0)]))
    monkeypatch.setattr(store._recorder.volumes[0].journal, "commit", slow)
    assert store.commit() == 1
    monkeypatch.undo()
    assert store.commit() == 2
    store.close()


def test_that_a_text_table_is_saved_with_the_samples(tmp_path: Path) -> None:
    texts = TextTable()
    store = Store.reopen(tmp_path / "shift.twinrec", signals=table(1), texts=texts)
    store.append(
        columns([Sample(0, 1, texts.code("Execute"), kind=Kind.TEXT), Sample(0, 2, texts.code(str(2**53 + 1)), kind=Kind.BIG_INT)])
    )
    store.commit()
    store.close()
    with contextlib.closing(Store.reopen(tmp_path / "shift.twinrec")) as again:
        assert [again.texts.text(int(code)) for code in again.fold().value] == ["Execute", "9007199254740993"]
