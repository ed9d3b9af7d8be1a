"""Power cuts, kills and full disks while the recording seals, and readers meanwhile: nothing that was called durable is lost, and nothing stands twice."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.history.brute import Sample, columns, table
from tests.history.test_power import ROOT, WRITER
from twin_app.errors import RecordingError
from twin_app.history import schema, upkeep
from twin_app.history.recording import Recording
from twin_app.history.store import Store
from twin_app.model.samples import Kind, Samples

if TYPE_CHECKING:
    from collections.abc import Iterator

A_COMMIT = 40
"""Numbers of one commit; a text follows them."""


@contextlib.contextmanager
def sealing_writer(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a process that records and seals without rest, and says what is durable."""
    command = [sys.executable, str(WRITER), str(path), str(A_COMMIT), "sealing"]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    try:
        yield writer
    finally:
        if writer.returncode is None:
            writer.kill()
            writer.communicate()


def faults(path: Path, durable: int) -> list[str]:
    """Return what is wrong with a recording of which so many samples were called durable: sample k has the value k, and each is there once."""
    with Recording(path) as recording:
        parts = list(recording.samples())
        notices = recording.notices()
    whole = Samples.concatenate(parts)
    number = whole.kind == Kind.NUMBER
    found = np.sort(whole.value[number]).astype(np.int64)
    end = len(whole)
    expected = np.arange(end)
    checks = {
        f"{end} of {durable} samples": end >= durable,
        "another number, or one twice": np.array_equal(found, expected[expected % (A_COMMIT + 1) != A_COMMIT]),
        "a text too many or too few": int((~number).sum()) == end // (A_COMMIT + 1),
        f"said: {notices}": not notices,
    }
    return [what for what, fine in checks.items() if not fine]


def killed(path: Path, seconds: float) -> int:
    """Record for so long, then kill; return what was durable."""
    with sealing_writer(path) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline()]  # it has begun
        timer = threading.Timer(seconds, writer.kill)
        timer.start()
        lines += writer.communicate()[0].split("\n")
        timer.join()
    return int(lines[-2] if len(lines) > 2 else lines[0])


def test_that_kills_at_random_moments_while_it_seals_cost_nothing_that_was_durable(tmp_path: Path) -> None:
    """Five in a row into the same file: each run repairs what the one before left, and seals it."""
    path, chance = tmp_path / "shift.twinrec", random.Random(4)
    for _ in range(5):
        durable = killed(path, chance.uniform(0.05, 0.4))
        assert faults(path, durable) == []
    with contextlib.closing(Store.reopen(path)) as store:
        assert store.damaged == 0
    with Recording(path) as recording:
        assert len(recording.shelf.places) > 3, "it did seal"


def test_that_a_reader_of_another_process_sees_every_sample_once_while_one_writes_and_seals(tmp_path: Path) -> None:
    path = tmp_path / "shift.twinrec"
    with sealing_writer(path) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        slabs = seen = 0
        with Recording(path) as recording:
            for look in range(100):
                if look >= 6 and slabs > 2:
                    break
                durable = [int(writer.stdout.readline()) for _ in range(10)][-1]
                recording.refresh()
                whole = Samples.concatenate(list(recording.samples()))
                values = np.sort(whole.value[whole.kind == Kind.NUMBER]).astype(np.int64)
                expected = np.arange(len(whole))
                assert np.array_equal(values, expected[expected % (A_COMMIT + 1) != A_COMMIT])
                assert len(whole) >= max(durable, seen)
                seen, slabs = len(whole), max(slabs, len(recording.shelf.places))
            assert recording.notices() == ()
        assert writer.poll() is None, "and the writer goes on"
        assert slabs > 2


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own in a file, which can be copied as it is: what was not synced is not in it."""
    image, folder = tmp_path / "disk.img", tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux" or os.getuid() != 0 or not shutil.which("mkfs.ext4"):
        pytest.skip("only root may mount an image; the kills cover the rest")
    image.write_bytes(b"")
    os.truncate(image, 24 * 2**20)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True, capture_output=True)
    if subprocess.run(["mount", "-o", "loop", str(image), str(folder)], check=False, capture_output=True).returncode:
        pytest.skip("no loop device here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_that_a_power_cut_while_it_seals_costs_nothing_that_was_durable(disk: Path, tmp_path: Path) -> None:
    """The writer is stopped, and the disk's image is copied as it lies: pages that only the kernel had are gone."""
    image, copy, after = tmp_path / "disk.img", tmp_path / "copy.img", tmp_path / "after"
    after.mkdir()
    with sealing_writer(disk / "shift.twinrec") as writer:
        assert writer.stdout is not None
        durable = [int(writer.stdout.readline()) for _ in range(60)][-1]
        writer.send_signal(19)  # SIGSTOP
        shutil.copyfile(image, copy)
    subprocess.run(["mount", "-o", "loop", str(copy), str(after)], check=True)
    try:
        path = after / "shift.twinrec"
        assert faults(path, durable) == []
        with contextlib.closing(Store.reopen(path)) as store:
            assert store.damaged == 0
    finally:
        subprocess.run(["umount", "-l", str(after)], check=True)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MiB."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    if sys.platform != "linux" or os.getuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def filled(folder: Path, *, but: int) -> Path:
    """Fill a disk but for so many bytes."""
    ballast = folder / "ballast"
    free = shutil.disk_usage(folder).free
    ballast.write_bytes(bytes(max(free - but, 0)))
    return ballast


@pytest.mark.allow_logs
def test_that_a_disk_that_is_full_while_it_seals_loses_nothing_and_is_sealed_once_there_is_room(
    small: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(upkeep, "RETRY_S", 0.0)
    rng = np.random.default_rng(1)
    values = rng.random(9_000).tolist()
    with contextlib.closing(Store.reopen(small / "shift.twinrec", signals=table(1))) as store:
        for k in range(8):
            store.append(columns([Sample(0, k * 1000 + i, v, message=k) for i, v in enumerate(values[k * 1000 : (k + 1) * 1000])]))
            store.commit()
            store.fold()
        ballast = filled(small, but=24_000)
        assert not store.seal(everything=True)
        assert "cannot be compressed at the moment" in store.notices()[0]
        assert "Nothing can be sealed" in caplog.text
        caplog.clear()
        assert store.range(0, 0, 10_000, 0).value.tolist() == values[:8000], "and it is shown all the same"
        ballast.unlink()
        assert store.seal(everything=True)
        assert store.notices() == ()
        store.append(columns([Sample(0, 8000 + i, v, message=9) for i, v in enumerate(values[8000:])]))
        store.commit()
    with Recording(small / "shift.twinrec") as recording:
        assert Samples.concatenate(list(recording.samples())).value.tolist() == values
        assert recording.notices() == ()


def test_that_a_disk_that_is_full_when_a_new_file_is_due_keeps_what_was_durable_and_goes_on_when_there_is_room(small: Path) -> None:
    from tests.history.test_rotation import START, at, going_on, named, settle

    with going_on(small) as store:
        store.append(columns([at(0, 0.1, 1.0), at(0, 0.9, 2.0)]))
        store.commit()
        store.fold()
        ballast = filled(small, but=8_000)
        store.append(columns([at(0, 1.2, 3.0)]))
        with pytest.raises(RecordingError):
            store.commit()
        assert store.trouble is not None
        ballast.unlink()
        while store.trouble is not None:
            time.sleep(0.05)
            store.commit()
        store.fold()
        settle(store)
        assert store.range(0, START, at(0, 2.0, 0.0).effective_ns, 0).value.tolist() == [1.0, 2.0, 3.0]
    assert len(named(small)) == 2
    with Recording(small) as recording:
        assert Samples.concatenate(list(recording.samples())).value.tolist() == [1.0, 2.0, 3.0]


def test_that_a_file_of_a_later_version_is_refused_by_who_reads_and_by_who_writes_and_not_touched(tmp_path: Path) -> None:
    import sqlite3

    from twin_app.history import checks

    path = tmp_path / "shift.twinrec"
    with contextlib.closing(Store.reopen(path, signals=table(1))) as store:
        store.append(columns([Sample(0, 1, 1.0)]))
        store.commit()
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = '4', crc = ? WHERE key = 'schema'", (checks.of_row("schema", "4"),))
    before = path.read_bytes()
    for opening in (Recording, Store.reopen):
        with pytest.raises(RecordingError, match=f"is a recording of version 4, this program reads version {schema.SCHEMA}"):
            opening(path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["shift.twinrec"]


def test_that_a_commit_that_a_kill_left_half_written_in_a_log_that_is_used_again_is_no_damage(tmp_path: Path) -> None:
    """SQLite writes a frame's head, which may say that a commit ends there, before its page: behind both stand older frames."""
    path, log = tmp_path / "shift.twinrec", tmp_path / "shift.twinrec-wal"
    with contextlib.closing(Store.reopen(tmp_path / "live.twinrec", signals=table(1))) as store:
        for k in range(3):
            store.append(columns([Sample(0, k, float(k))]))
            store.commit()
        shutil.copy(tmp_path / "live.twinrec", path)
        whole = (tmp_path / "live.twinrec-wal").read_bytes()
    frame = 24 + 4096
    last = len(whole) - frame
    log.write_bytes(whole[: last + 24] + os.urandom(4096) + os.urandom(2 * frame))
    with Recording(path) as recording:
        assert Samples.concatenate(list(recording.samples())).value.tolist() == [0.0, 1.0]
        assert recording.notices() == ()
    two_before = next(at for at in range(last - frame, 0, -frame) if whole[at + 4 : at + 8] != bytes(4))
    log.write_bytes(whole[: two_before + 24] + os.urandom(4096) + whole[two_before + frame :])
    with Recording(path) as recording:
        assert "damaged and lost" in recording.notices()[0]
