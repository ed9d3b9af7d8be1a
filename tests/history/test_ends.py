"""A file whose end is missing says so where it had been written, and is silent where a kill cut short what had not."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.history.brute import Sample, columns
from tests.history.test_cuts import START, UNITS, line
from twin_app.errors import RecordingError
from twin_app.history import ends
from twin_app.history.housekeeping import _remove
from twin_app.history.journal import Journal
from twin_app.history.recording import Recording
from twin_app.history.store import Store
from twin_app.model.recording import Gap, Why
from twin_app.service.repairing import repair

if TYPE_CHECKING:
    from collections.abc import Callable

SECOND_NS = 10**9
NAME = "20260302T050000Z.twinrec"
COMMITS = 20
OVER = ("", "-wal", "-end")


def say(store: Store, k: int) -> None:
    """Commit the value k, said k seconds after the start."""
    at_ns = START + k * SECOND_NS
    store.append(columns([Sample(UNITS, at_ns, float(k), message=k, received_ns=at_ns)]))
    store.commit()


def copied(path: Path, folder: Path, *endings: str) -> Path:
    """Return a copy of a recording as it lies."""
    folder.mkdir(exist_ok=True)
    for ending in endings:
        shutil.copy(f"{path}{ending}", f"{folder / path.name}{ending}")
    return folder / path.name


@dataclass(frozen=True)
class Killed:
    """A recording as it lay after its twentieth commit, and after the one before."""

    last: Path
    before: Path


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    folder = tmp_path_factory.mktemp("ends")
    with contextlib.closing(Store.reopen(folder / NAME, signals=line())) as store:
        for k in range(COMMITS - 1):
            say(store, k)
        before = copied(folder / NAME, folder / "before", *OVER)
        say(store, COMMITS - 1)
        last = copied(folder / NAME, folder / "last", *OVER)
    return Killed(last, before)


def values(recording: Recording) -> list[float]:
    """Return what is shown as said."""
    return [value for samples in recording.samples() for value in samples.value.tolist()]


def log(path: Path) -> Path:
    """Return the log of a recording."""
    return Path(f"{path}-wal")


@settings(max_examples=30)
@given(how=st.sampled_from(["cut", "flip"]), where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_that_a_log_cut_or_flipped_anywhere_before_its_last_commit_never_looks_like_a_kill(
    killed: Killed, how: str, where: float, bit: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = copied(killed.last, Path(name), *OVER)
        content = bytearray(log(path).read_bytes())
        at = int(where * len(content))
        if how == "cut":
            del content[at:]
        else:
            content[at] ^= 1 << bit
        log(path).write_bytes(content)
        try:
            with Recording(path) as recording:
                found, notices, told = values(recording), recording.notices(), recording.readers[0].gaps()
        except RecordingError as error:
            assert path.name in error.worded()  # noqa: PT017 - a sentence, where nothing is left
            return
        assert found == sorted(found)
        assert set(found) <= set(map(float, range(COMMITS)))
        assert len(found) == COMMITS or notices, "what is missing is told"
        if how == "cut" and found:
            assert [gap for gap in told if gap.why is Why.END_DAMAGED] == [
                Gap(start_ns=START + int(found[-1]) * SECOND_NS, end_ns=START + (COMMITS - 1) * SECOND_NS, why=Why.END_DAMAGED,
                    count=COMMITS - len(found)),
            ]  # fmt: skip


@settings(max_examples=20)
@given(share=st.floats(0, 1), noise=st.binary(max_size=5000))
def test_that_what_a_kill_left_of_the_next_commit_is_no_damage(killed: Killed, share: float, noise: bytes) -> None:
    """The word beside the file is of the commit before; of the next one some of the log is there, perhaps garbled."""
    with tempfile.TemporaryDirectory() as name:
        path = copied(killed.before, Path(name), *OVER)
        committed, more = log(killed.before).read_bytes(), log(killed.last).read_bytes()
        more = more[: len(committed) + int(share * (len(more) - len(committed)))]
        log(path).write_bytes(more + noise)
        with Recording(path) as recording:
            assert values(recording) in ([float(k) for k in range(COMMITS - 1)], [float(k) for k in range(COMMITS)])
            assert recording.notices() == ()
        with contextlib.closing(Store.reopen(path, signals=line())) as store:
            assert store.notices() == ()
        assert not list(Path(name).glob("*.damaged*"))


@pytest.mark.parametrize("left", ["older", "empty", "missing", "garbled"])
def test_that_a_word_a_power_cut_left_older_or_took_away_claims_nothing(killed: Killed, tmp_path: Path, left: str) -> None:
    """It is not waited for, so that a power cut may take what it said last; the samples themselves are on the disk."""
    path = copied(killed.last, tmp_path, *OVER)
    word = ends.beside(path)
    word.write_bytes({"older": ends.beside(killed.before).read_bytes(), "garbled": b"\xff" * 128}.get(left, b""))
    if left == "missing":
        word.unlink()
    with Recording(path) as recording:
        assert (len(values(recording)), recording.notices()) == (COMMITS, ())


def test_that_a_lost_end_is_told_once_kept_beside_and_gone_on_behind(killed: Killed, tmp_path: Path) -> None:
    path = copied(killed.last, tmp_path, *OVER)
    log(path).write_bytes(log(path).read_bytes()[:-1])
    with contextlib.closing(Store.reopen(path, signals=line())) as store:
        assert store.watermark == COMMITS, "the number of the lost one is not given again"
        (said,) = store.notices()
        assert "1 samples between 2026-03-02T05:00:18.000Z and 2026-03-02T05:00:19.000Z were written and are gone" in said
        assert "damaged there, or its disk did not keep them when the power was cut" in said
        say(store, 40)
    for _ in range(2):
        with contextlib.closing(Store.reopen(path, signals=line())) as store:
            assert store.notices() == (said,)
            say(store, 41)
    assert len(list(tmp_path.glob("*.damaged"))) == 1
    with Recording(path) as recording:
        assert values(recording) == [*map(float, range(COMMITS - 1)), 40.0, 41.0, 41.0]
        assert recording.notices() == (said,)


def test_that_messages_as_they_came_are_missed_at_the_end_too(tmp_path: Path) -> None:
    """No sample is missing then, so that nobody can count what is."""
    with contextlib.closing(Journal(tmp_path / "new.twinrec")) as journal:
        journal.put_beside(raw=[])
        whole = copied(journal.path, tmp_path / "a", *OVER)
        journal.put_beside(layouts=[])
        shutil.copy(ends.beside(journal.path), ends.beside(whole))
    with Recording(whole) as recording:
        (said,) = recording.notices()
    assert "some of what was said until" in said


def test_that_a_sealing_that_is_lost_costs_no_sample_and_is_no_loss(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with contextlib.closing(Store.reopen(path, signals=line())) as store:
        for k in range(COMMITS):
            say(store, k)
            store.fold()
        size = log(path).stat().st_size
        store.seal(everything=True)
        found = copied(path, tmp_path / "copy", *OVER)
    log(found).write_bytes(log(found).read_bytes()[:size])
    with Recording(found) as recording:
        assert (values(recording), recording.notices()) == ([*map(float, range(COMMITS))], ())


def test_that_a_file_of_which_all_is_gone_is_not_taken_for_a_new_one(killed: Killed, tmp_path: Path) -> None:
    path = copied(killed.last, tmp_path, *OVER)
    path.write_bytes(b"")
    log(path).unlink()
    with pytest.raises(RecordingError, match="Nothing can be read of"):
        Recording(path)
    with pytest.raises(RecordingError, match="kept untouched"):
        Journal(path)
    Journal(path).close()
    assert {one.name for one in tmp_path.iterdir()} == {NAME, f"{NAME}.damaged", f"{NAME}.damaged-end"}


def test_that_a_word_about_another_file_of_the_name_is_not_believed(killed: Killed, tmp_path: Path) -> None:
    path = tmp_path / NAME
    shutil.copy(ends.beside(killed.last), ends.beside(path))  # somebody removed the recording, but not what lay beside it
    with contextlib.closing(Store.reopen(path, signals=line())) as store:
        say(store, 0)
        shutil.copy(ends.beside(killed.last), ends.beside(path))
        with Recording(path) as recording:
            assert (values(recording), recording.notices()) == ([0.0], ())
    assert [one.name for one in tmp_path.iterdir()] == [NAME], "closed it is one plain file"


def test_that_a_file_copied_without_its_log_says_so(killed: Killed, tmp_path: Path) -> None:
    path = tmp_path / NAME
    with contextlib.closing(Store.reopen(path, signals=line())) as store:
        say(store, 0)
        store._recorder.volumes[-1].journal._connection.execute("PRAGMA wal_checkpoint")  # type: ignore[union-attr] # instead of 4 MB first
        bare = copied(path, tmp_path / "bare", "")
        with Recording(path) as recording:
            assert recording.notices() == ()
    with Recording(bare) as recording:
        assert values(recording) == [0.0]
        assert recording.notices() == (
            f"{bare} was not closed, and its log ({NAME}-wal) is not beside it: what was said last may be missing. Copy both.",
        )


def test_that_a_recording_removed_for_its_age_leaves_nothing_beside(killed: Killed, tmp_path: Path) -> None:
    path = copied(killed.last, tmp_path, *OVER)
    assert _remove(path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("damage", "mended", "ended", "lost"),
    [(lambda content: content, False, True, False), (lambda content: content[:-1], True, False, True)],
)
def test_that_repair_tells_a_killed_file_from_a_damaged_one(
    killed: Killed, tmp_path: Path, damage: Callable[[bytes], bytes], *, mended: bool, ended: bool, lost: bool
) -> None:
    path = copied(killed.last, tmp_path, *OVER)
    log(path).write_bytes(damage(log(path).read_bytes()))
    (found,) = repair(path)
    assert (found.mended, bool(found.said)) == (mended, lost)
    assert found.ended == (
        "It was not closed: the program was killed, or the power was cut. All 20 samples that it noted as written are there."
        if ended else ""
    )  # fmt: skip
