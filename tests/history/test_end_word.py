"""The word beside a file that is written, whatever became of it: nothing is lost by it, no damage is claimed where there is none, and none is hidden."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.history.test_cuts import START, line
from tests.history.test_ends import NAME, SECOND_NS, copied, say, values
from twin_app.history import ends
from twin_app.history.recording import Recording
from twin_app.history.store import Store
from twin_app.model.recording import Gap, Why

if TYPE_CHECKING:
    from collections.abc import Callable

MADE, ALWAYS = 6, ("", "-wal", "-end")
SEALED, CHECKPOINTED = 2, 4


class Moment(NamedTuple):
    """What lay on the disk after so many commits."""

    path: Path
    said: int


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> list[Moment]:
    """Return the files after each commit of a run that seals once, and has SQLite empty its log once."""
    folder = tmp_path_factory.mktemp("moments")
    found = []
    with contextlib.closing(Store.reopen(folder / NAME, signals=line())) as store:
        for k in range(MADE):
            say(store, k)
            store.fold()
            if k == SEALED:
                store.seal(everything=True)
            if k == CHECKPOINTED:
                store._recorder.volumes[-1].journal._connection.execute("PRAGMA wal_checkpoint(RESTART)")  # type: ignore[union-attr] # instead of 4 MB first
            found.append(
                Moment(copied(folder / NAME, folder / str(k), *[e for e in ALWAYS if Path(f"{folder / NAME}{e}").exists()]), k + 1)
            )
    return found


def together(file: Moment, word: Path | None, folder: Path) -> Path:
    """Return a file as it lay at a moment with the word of another."""
    path = copied(file.path, folder, "", "-wal")
    if word is not None:
        shutil.copy(word, ends.beside(path))
    return path


def shown(path: Path) -> tuple[list[float], tuple[str, ...], list[Gap]]:
    """Return what is shown, said and noted of a file."""
    with Recording(path) as recording:
        recording.settle()
        return values(recording), recording.notices(), recording.readers[0].gaps()


def test_that_a_power_cut_that_takes_the_word_back_to_any_earlier_one_claims_nothing_and_loses_nothing(
    moments: list[Moment], tmp_path: Path
) -> None:
    """The file is on the disk before the word is written, so that the word is of this commit, or of any one before."""
    for number, file in enumerate(moments):
        for word in (None, *(moment.path for moment in moments[number % 2 : number + 1 : 2])):
            path = together(file, ends.beside(word) if word else None, tmp_path / f"{number} {word and word.parent.name}")
            assert shown(path) == ([*map(float, range(file.said))], (), [])
            with contextlib.closing(Store.reopen(path, signals=line())) as store:
                assert (store.watermark, store.notices()) == (file.said, ())
                say(store, 50)
            assert shown(path) == ([*map(float, range(file.said)), 50.0], (), [])
            assert [one.name for one in path.parent.iterdir()] == [NAME], "closed, it is one plain file"


def test_that_a_disk_that_lost_what_it_had_confirmed_is_told_of_to_the_sample(moments: list[Moment], tmp_path: Path) -> None:
    for number, file in enumerate(moments):
        for ahead in moments[number + 1 :: 2]:
            path = together(file, ends.beside(ahead.path), tmp_path / f"{number} {ahead.said}")
            found, notices, gaps = shown(path)
            assert found == [*map(float, range(file.said))]
            assert len(notices) == 1, "what is missing is told"
            (lost,) = gaps
            assert (lost.why, lost.count, lost.end_ns) == (Why.END_DAMAGED, ahead.said - file.said, START + (ahead.said - 1) * SECOND_NS)
            assert lost.start_ns - (START + (file.said - 1) * SECOND_NS) in {0, 1}, "behind the last one, or with it"
            with contextlib.closing(Store.reopen(path, signals=line())) as store:
                assert store.watermark == ahead.said, "no number is given twice"
                say(store, 50)
            assert shown(path) == ([*map(float, range(file.said)), 50.0], notices, gaps)


def test_that_a_flipped_bit_anywhere_in_the_word_takes_it_away_or_changes_nothing(moments: list[Moment]) -> None:
    path = moments[-1].path
    word = ends.beside(path)
    whole, believed = word.read_bytes(), ends.read(path)
    assert believed is not None
    try:
        for bit in range(0, 8 * len(whole), 5):
            content = bytearray(whole)
            content[bit // 8] ^= 1 << bit % 8
            word.write_bytes(content)
            assert ends.read(path) in {None, believed}
        for size in range(0, len(whole), 3):  # a power cut wrote some of it
            word.write_bytes(whole[:size])
            assert ends.read(path) in {None, believed}
            word.write_bytes(whole[:size] + bytes(len(whole) - size))
            assert ends.read(path) in {None, believed}
    finally:
        word.write_bytes(whole)


def forged(*numbers: object, file: str) -> bytes:
    """Return a word that somebody made, with a checksum that is right."""
    said = " ".join(("twinrec-end-1", file, *map(str, numbers)))
    return f"{said} {zlib.crc32(said.encode())}\n".encode().ljust(128)


@pytest.mark.parametrize(
    "numbers", [(10**30, 1, 1, 1), (1, 10**30, 1, 1), (1, 1, 10**30, 1), (99, 99, 99, 10**30), (-1, -1, -1, -1), (), (1,) * 9]
)
def test_that_numbers_that_no_file_has_are_not_believed(moments: list[Moment], tmp_path: Path, numbers: tuple[int, ...]) -> None:
    path = copied(moments[-1].path, tmp_path, "", "-wal")
    believed = ends.read(moments[-1].path)
    assert believed is not None
    ends.beside(path).write_bytes(forged(*numbers, file=believed.file))
    assert shown(path) == ([*map(float, range(MADE))], (), [])


@pytest.fixture
def strange(moments: list[Moment], tmp_path: Path) -> Path:
    """A file that a kill left, whose word is for the test to make."""
    return copied(moments[-1].path, tmp_path / "line", "", "-wal")


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes and links of the kind")
@pytest.mark.parametrize("kind", ["pipe", "folder", "endless", "link", "dangling"])
def test_that_something_else_under_the_words_name_is_neither_read_nor_written(strange: Path, tmp_path: Path, kind: str) -> None:
    word, own = ends.beside(strange), tmp_path / "a person's own"
    own.write_text("precious" * 40)
    make: dict[str, Callable[[], object]] = {
        "pipe": lambda: os.mkfifo(word), "folder": word.mkdir, "endless": lambda: word.symlink_to("/dev/zero"),
        "link": lambda: word.symlink_to(own), "dangling": lambda: word.symlink_to(tmp_path / "nowhere"),
    }  # fmt: skip
    make[kind]()
    assert shown(strange) == ([*map(float, range(MADE))], (), [])
    with contextlib.closing(Store.reopen(strange, signals=line())) as store:
        say(store, 50)
        assert (store.watermark, store.notices()) == (MADE + 1, ())
    assert shown(strange)[0][-1] == 50.0
    assert own.read_text() == "precious" * 40
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
@pytest.mark.parametrize("closed", [True, False])
def test_that_a_link_to_a_recording_is_that_recording(moments: list[Moment], tmp_path: Path, *, closed: bool) -> None:
    real = copied(moments[-1].path, tmp_path / "real", *ALWAYS)
    if closed:
        Store.reopen(real, signals=line()).close()
    link = tmp_path / "links" / NAME
    link.parent.mkdir()
    link.symlink_to(real)
    for path in (link, link.parent):
        assert shown(path) == ([*map(float, range(MADE))], (), []), "with its log"
    with contextlib.closing(Store.reopen(link, signals=line())) as store:
        with pytest.raises(Exception, match="is being written by process"):
            Store.reopen(real, signals=line())
        say(store, 50)
        assert shown(link)[0][-1] == 50.0
    assert shown(real) == ([*map(float, range(MADE)), 50.0], (), [])
    assert [one.name for one in link.parent.iterdir()] == [NAME], "nothing is left beside the link"


def test_that_a_damaged_end_seen_through_a_link_is_told_too(moments: list[Moment], tmp_path: Path) -> None:
    real = together(moments[-2], ends.beside(moments[-1].path), tmp_path / "real")
    link = tmp_path / NAME
    link.symlink_to(real)
    found, (said,), _ = shown(link)
    assert found == [*map(float, range(MADE - 1))]
    assert "were written and are gone" in said
