"""A damaged file gives the curves that its sound samples make, and as quickly as a whole one once its pyramid is made anew."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.history.brute import Sample, columns, points
from tests.history.test_cuts import PAGE, SECOND_NS, START, UNITS, line
from twin_app.history import rerolling
from twin_app.history.recording import Recording
from twin_app.history.replay import Replay
from twin_app.history.rolling import roll
from twin_app.history.store import Store
from twin_app.service.repairing import repair

if TYPE_CHECKING:
    from twin_app.model.historian import Series

NAME = "20260302T050000Z.twinrec"
HOURS, A_SLAB = 30, 300
END = START + HOURS * 3600 * SECOND_NS
PIXELS = 200


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed file of thirty hours over two days, a sample of a measurement every ten seconds, with a chunk a day."""
    path = tmp_path_factory.mktemp("rerolling") / NAME
    with contextlib.closing(Store.reopen(path, signals=line())) as store:
        for hour in range(HOURS):
            times = range(START + hour * 3600 * SECOND_NS, START + (hour + 1) * 3600 * SECOND_NS, 10 * SECOND_NS)
            store.append(columns([Sample(UNITS, at_ns, float(at_ns // SECOND_NS % 977), received_ns=at_ns) for at_ns in times]))
            store.commit()
            store.fold()
            store.seal(everything=True)
    roll(path)
    return path


def chunks(path: Path) -> list[tuple[int, int]]:
    """Return the chunks of a file: when each begins, and of how many slabs it is."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return sorted(connection.execute("SELECT t0, slabs FROM chunk"))


def overwritten(month: Path, folder: Path, table: str, where: str = "1") -> Path:
    """Return a copy whose first page with rows of a table that fulfil a condition is noughts."""
    path = folder / NAME
    content = bytearray(month.read_bytes())
    with contextlib.closing(sqlite3.connect(month)) as connection:
        column = {"block": "times", "rollup": "level_1"}[table]
        (blob,) = connection.execute(f"SELECT {column} FROM {table} WHERE {where} ORDER BY key LIMIT 1").fetchone()  # noqa: S608 - our tables
    at = content.index(blob[:40]) // PAGE * PAGE
    content[at : at + PAGE] = bytes(PAGE)
    path.write_bytes(content)
    return path


def of_samples(recording: Recording) -> Series:
    """Return the curve with nothing but slabs to ask."""
    for file in recording.files:
        file.sealed.rolled.chunks = ()
    recording.shelf.changed()
    return recording.range(UNITS, START, END, PIXELS)


@pytest.mark.parametrize("day", [0, 1])
def test_that_a_day_without_damage_keeps_its_pyramid_and_the_other_gets_one_anew(month: Path, tmp_path: Path, day: int) -> None:
    whole = chunks(month)
    assert len(whole) == 2
    first = {0: 10, 1: 300}[day]
    path = overwritten(month, tmp_path, "block", f"key >= {first << 16}")
    with Recording(path) as recording:
        copy = recording.readers[0].copy
        assert copy is not None
        assert chunks(copy) == [whole[1 - day]], "before anything was made"
        slow = points(recording.range(UNITS, START, END, PIXELS))
        assert any("curves of long spans take longer" in said for said in recording.notices())
        recording.settle()
        assert not any("curves of long spans take longer" in said for said in recording.notices())
        assert len(chunks(copy)) == 2
        assert len(recording.files[0].sealed.rolled.chunks) == 2, "and they are believed"
        assert points(recording.range(UNITS, START, END, PIXELS)) == slow
        assert points(of_samples(recording)) == slow


def test_that_a_lost_piece_of_a_pyramid_is_no_lost_sample(month: Path, tmp_path: Path) -> None:
    """Everything in it follows from slabs, so that nobody is told of damage that costs nothing."""
    path = overwritten(month, tmp_path, "rollup")
    with Recording(month) as sound, Recording(path) as recording:
        recording.readers[0].heal("as if a page had been met")
        recording.refresh()
        recording.settle()
        assert recording.notices() == ()
        assert points(recording.range(UNITS, START, END, PIXELS)) == points(sound.range(UNITS, START, END, PIXELS))
        assert chunks(recording.readers[0].copy or path) == chunks(month)


def test_that_what_is_being_made_is_given_up_when_the_recording_is_closed(
    month: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rerolling, "PATIENCE_S", 0.0)
    path = overwritten(month, tmp_path, "block", f"key >= {10 << 16}")
    for _ in range(3):
        recording = Recording(path)
        thread = recording._rerolling._thread
        copy = recording.readers[0].copy
        recording.close()
        assert thread is None or not thread.is_alive()
        assert copy is not None
        assert not copy.parent.exists(), "nothing is left behind"


def test_that_a_copy_that_cannot_be_written_is_read_as_it_is(
    month: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> bool:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(rerolling, "roll", full)
    path = overwritten(month, tmp_path, "block", f"key >= {10 << 16}")
    with caplog.at_level("CRITICAL"), Recording(path) as recording:
        recording.settle()
        assert len(recording.range(UNITS, START, END, PIXELS).value)
        assert not any("curves of long spans take longer" in said for said in recording.notices())


def test_that_a_repaired_file_has_its_pyramid_again(month: Path, tmp_path: Path) -> None:
    path = overwritten(month, tmp_path, "block", f"key >= {10 << 16}")
    (found,) = repair(path)
    assert found.mended
    assert [start_ns for start_ns, _ in chunks(path)] == [start_ns for start_ns, _ in chunks(month)]
    with Recording(path) as recording:
        assert recording.readers[0].copy is None
        assert points(recording.range(UNITS, START, END, PIXELS)) == points(of_samples(recording))


def test_that_a_recording_whose_last_slab_is_lost_is_read_to_its_end(month: Path, tmp_path: Path) -> None:
    """The end of a slab of which nothing is left is no instant at which anything was said."""
    with Recording(month) as sound:
        last = sound.files[0].sealed.entries[-1].slab
    path = overwritten(month, tmp_path, "block", f"key >= {last << 16}")
    store = Replay(Recording(path))
    with contextlib.closing(store):
        store.expect(frozenset, frozenset)
        while store.folded < store.watermark:  # as a session does
            store.fold()
        assert store.share == 1.0
