"""What a recording that is damaged, foreign or held by another is answered with: a sentence and a cure, never a crash, never a loss."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.history.brute import Sample, columns, table
from twin_app.errors import RecordingError
from twin_app.history import checks
from twin_app.history.journal import Journal
from twin_app.history.reader import Reader
from twin_app.history.recording import Recording
from twin_app.history.store import Store
from twin_app.model.samples import Quality, TextTable

if TYPE_CHECKING:
    from collections.abc import Iterable


@pytest.fixture
def shift(tmp_path: Path) -> Path:
    """A recording of five commits of ten samples each, sample k with value k, and the text `Execute`."""
    path = tmp_path / "shift.twinrec"
    texts = TextTable()
    texts.code("Execute")
    with contextlib.closing(Store.reopen(path, signals=table(1), texts=texts)) as store:
        for commit in range(5):
            store.append(columns([Sample(0, 100 * k, float(k), message=commit) for k in range(10 * commit, 10 * commit + 10)]))
            store.commit()
    return path


def change(path: Path, sql: str, *arguments: object) -> None:
    """Damage a file behind the program's back."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql, arguments)


def values(path: Path) -> list[float]:
    """Return all samples of a recording that is opened for writing, as a restarted program does."""
    with contextlib.closing(Store.reopen(path)) as store:
        read: list[float] = []
        while store.folded < store.watermark:
            read += store.fold(7).value.tolist()
        return known(read)


def known(found: Iterable[float]) -> list[float]:
    """Return values without those that stand for something lost."""
    return [value for value in found if value == value]  # noqa: PLR0124 - not a number


LOST_TEN = "In {path} 10 samples between 1970-01-01T00:00:00.005Z and 1970-01-01T00:00:00.005Z are damaged and lost."
ALL = [float(k) for k in range(50)]
WITHOUT_THIRD = ALL[:20] + ALL[30:]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE journal SET columns = zeroblob(length(columns)) WHERE seq = 20",
        "UPDATE journal SET columns = substr(columns, 1, 5) WHERE seq = 20",
        "UPDATE journal SET columns = 'text' WHERE seq = 20",
        "UPDATE journal SET crc = crc + 1 WHERE seq = 20",
        "UPDATE journal SET n = 9 WHERE seq = 20",
        "UPDATE journal SET n = -1 WHERE seq = 20",
        "UPDATE journal SET n = 'ten' WHERE seq = 20",
        "UPDATE journal SET first_effective = 0 WHERE seq = 20",
        "UPDATE journal SET last_message = 10000 WHERE seq = 20",
    ],
)
def test_that_a_damaged_row_is_set_aside_and_nothing_after_it_is_lost(shift: Path, damage: str) -> None:
    change(shift, damage)
    before = shift.read_bytes()
    with Reader(shift) as reader:  # somebody who only reads leaves it out, too, and touches nothing
        assert known(v for _, samples in reader.samples() for v in samples.value.tolist()) == WITHOUT_THIRD
        assert reader.damaged == 1
        assert reader.losses() == (LOST_TEN.format(path=shift),)
    assert shift.read_bytes() == before
    assert values(shift) == WITHOUT_THIRD
    assert shift.with_name("shift.twinrec.damaged").read_bytes() == before
    with contextlib.closing(Store.reopen(shift)) as store:
        assert store.damaged == 1
        aside = f"Damaged rows in {shift}, set aside: 1. Restore the file from a copy if there is one."
        assert store.notices() == (aside, LOST_TEN.format(path=shift))
        assert store.next_seq() == 5
    with contextlib.closing(sqlite3.connect(shift)) as connection:
        assert connection.execute("SELECT seq, source FROM damaged").fetchall() == [(20, "journal")]


def test_that_what_was_in_force_before_a_damaged_row_is_not_shown_after_it(shift: Path) -> None:
    change(shift, "UPDATE journal SET crc = crc + 1 WHERE seq = 20")
    with Recording(shift) as recording:
        assert recording.state_at(1_999).quality[0] == Quality.GOOD
        lost = recording.state_at(5_000_000)  # when the samples of the test are received
        assert (lost.quality[0], np.isnan(lost.value[0])) == (Quality.UNKNOWN, True)


def test_that_the_last_row_may_be_damaged_and_recording_goes_on_behind_it(shift: Path) -> None:
    change(shift, "UPDATE journal SET crc = 0 WHERE seq = 40")
    with contextlib.closing(Store.reopen(shift, signals=table(1))) as store:
        store.append(columns([Sample(0, 10_000, -1.0)]))
        store.commit()
    assert values(shift) == [*ALL[:40], -1.0]


def test_that_a_damaged_text_says_so_and_keeps_its_code(shift: Path) -> None:
    change(shift, "UPDATE text SET bytes = x'ff00'")
    texts = TextTable()
    with contextlib.closing(Store.reopen(shift, texts=texts)) as store:
        assert store.damaged == 1
    assert texts.text(0) == "(damaged text 0)"


def test_that_samples_of_a_signal_the_file_does_not_name_are_left_out_and_counted(shift: Path) -> None:
    change(shift, "DELETE FROM signal")
    change(shift, "DELETE FROM meta WHERE key = 'names'")  # a file of an older version does not say how many there are
    with contextlib.closing(Store.reopen(shift)) as store:
        assert len(store.fold()) == 0
        assert store.folded == 50
        assert store.unnamed == 50
        assert store.notices()[0].startswith(f"Samples in {shift} of signals it does not name, left out: 50.")


@pytest.mark.parametrize("keep", [0.7, 0.4])
def test_that_recording_goes_on_in_a_truncated_file_with_what_is_left_and_the_file_itself_is_kept(shift: Path, keep: float) -> None:
    whole = shift.read_bytes()
    cut = whole[: int(len(whole) * keep)]
    shift.write_bytes(cut)
    with contextlib.closing(Store.reopen(shift, signals=table(1))) as store:
        assert "damaged and lost" in store.notices()[0]
        store.append(columns([Sample(0, 10**9, -1.0)]))
        store.commit()
    assert shift.with_name("shift.twinrec.damaged").read_bytes() == cut
    found = values(shift)
    assert found[-1] == -1.0
    assert set(found[:-1]) <= set(ALL)


@pytest.mark.parametrize(
    ("damage", "left"),
    [
        ("UPDATE signal SET path = CAST(x'ff41' AS TEXT)", ALL),
        ("UPDATE signal SET name = CAST(x'c328' AS TEXT)", ALL),
        ("UPDATE signal SET unit = 'another'", ALL),
        ("UPDATE meta SET value = CAST(x'ff' AS TEXT)", ALL),
    ],
)
def test_that_names_that_are_not_what_was_written_are_no_ones(shift: Path, damage: str, left: list[float]) -> None:
    change(shift, damage)
    assert values(shift) == left
    if "signal" in damage:
        with contextlib.closing(Store.reopen(shift)) as store:
            assert [signal.path for signal in store.signals] == ["(damaged signal 0)"]
            assert store.notices()[0].endswith("Signals: (damaged signal 0).")


def test_that_a_mending_that_a_power_cut_ended_is_brought_to_its_end(shift: Path) -> None:
    """The copy was whole, and the file itself not put beside yet."""
    sound = shift.read_bytes()
    shift.with_name("shift.twinrec.mended").write_bytes(sound)
    shift.write_bytes(sound[:9000])
    assert values(shift) == ALL
    assert shift.with_name("shift.twinrec.damaged").read_bytes() == sound[:9000]
    assert not shift.with_name("shift.twinrec.mended").exists()


def test_that_a_second_damaged_file_does_not_overwrite_the_first(shift: Path) -> None:
    for content in (b"one" * 999, b"two" * 999):
        shift.write_bytes(content)
        with pytest.raises(RecordingError, match="kept untouched"):
            Store.reopen(shift)
    assert shift.with_name("shift.twinrec.damaged").read_bytes() == b"one" * 999
    assert shift.with_name("shift.twinrec.damaged2").read_bytes() == b"two" * 999


def test_that_garbage_in_the_middle_of_the_file_never_crashes(shift: Path) -> None:
    """SQLite has no checksums of pages: what it does not notice, the rows' checksums do."""
    whole = bytearray(shift.read_bytes())
    for page in range(1, len(whole) // 4096):
        broken = whole.copy()
        broken[page * 4096 + 8 : page * 4096 + 600] = os.urandom(592)
        shift.write_bytes(broken)
        try:
            assert set(values(shift)) <= set(ALL)
        except RecordingError as error:
            assert "shift.twinrec" in str(error)  # noqa: PT017 - either way out is allowed, a crash is not


@pytest.mark.parametrize("opening", [Reader, Journal])
def test_that_a_file_of_another_program_is_refused_and_not_touched(tmp_path: Path, opening: type[Reader | Journal]) -> None:
    text, other = tmp_path / "line.toml", tmp_path / "other.sqlite"
    text.write_text("schema = 1\n" * 100)
    change(other, "CREATE TABLE mine(x)")
    for path in (text, other):
        before = path.read_bytes()
        with pytest.raises(RecordingError, match=r"is not a recording of this program\. Choose a \.twinrec file"):
            opening(path)
        assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["line.toml", "other.sqlite"]


@pytest.mark.parametrize("opening", [Reader, Journal])
def test_that_a_recording_of_an_unknown_version_is_refused_in_a_sentence(shift: Path, opening: type[Reader | Journal]) -> None:
    change(shift, "UPDATE meta SET value = '7', crc = ? WHERE key = 'schema'", checks.of_row("schema", "7"))
    with pytest.raises(RecordingError, match=r"is a recording of version 7, this program reads version 3\. Open it with"):
        opening(shift)
    assert shift.exists()


def test_that_a_missing_recording_and_a_missing_folder_are_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="There is no recording"):
        Reader(tmp_path / "none.twinrec")
    with pytest.raises(RecordingError, match="cannot be written"):
        Journal(tmp_path / "nowhere" / "shift.twinrec")


def test_that_a_writer_killed_before_its_first_transaction_leaves_a_usable_file(tmp_path: Path) -> None:
    path = tmp_path / "shift.twinrec"
    path.touch()
    assert values(path) == []


def test_that_a_second_writer_is_told_who_holds_the_file(shift: Path) -> None:
    told = rf"is being written by process {os.getpid()} on .+ since 20.*\. Close that program"
    with contextlib.closing(Journal(shift)), pytest.raises(RecordingError, match=told):
        Journal(shift)
    Journal(shift).close()


def test_that_a_writer_in_another_process_is_named_and_its_death_frees_the_file(shift: Path) -> None:
    code = "import sys, pathlib; from twin_app.history.journal import Journal; j = Journal(pathlib.Path(sys.argv[1])); print('held', flush=True); input()"
    root = Path(__file__).parents[2]
    holder = subprocess.Popen([sys.executable, "-c", code, str(shift)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(RecordingError, match=rf"process {holder.pid} "):
        Journal(shift)
    holder.kill()
    holder.communicate()
    assert values(shift) == ALL


def test_that_a_closed_recording_is_one_plain_file(shift: Path) -> None:
    assert [path.name for path in shift.parent.iterdir()] == ["shift.twinrec"]
    with contextlib.closing(sqlite3.connect(shift)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("PRAGMA page_size").fetchone() == (4096,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_that_commits_wait_for_the_disk(tmp_path: Path) -> None:
    """WAL with synchronous=FULL: anything less loses committed batches at a power cut."""
    with contextlib.closing(Journal(tmp_path / "shift.twinrec")) as journal:
        assert journal._connection is not None
        assert journal._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert journal._connection.execute("PRAGMA synchronous").fetchone() == (2,)
