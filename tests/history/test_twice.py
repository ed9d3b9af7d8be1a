"""A damaged file beside a sound copy of itself: what the sound one says counts, and that the other is damaged is told."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest
from typing_extensions import override

from tests.history.brute import Sample, columns, points
from tests.history.test_cuts import PAGE, SECOND_NS, START, UNITS, line
from tests.history.test_rotation import LINE
from twin_app.history import about
from twin_app.history.recording import Recording
from twin_app.history.rotation import Rotation
from twin_app.history.store import Store
from twin_app.model.samples import Quality

NAME = "20260302T050000Z.twinrec"
N = 2000


def write(path: Path, seconds: range) -> None:
    """Record a value a second, sealed every 500."""
    with contextlib.closing(Store.reopen(path, signals=line())) as store:
        for first in range(seconds.start, seconds.stop, 500):
            rows = [
                Sample(UNITS, START + k * SECOND_NS, float(k), message=k, received_ns=START + k * SECOND_NS)
                for k in range(first, first + 500)
            ]
            store.append(columns(rows))
            store.commit()
            store.fold()
            store.seal(everything=True)


class Never(Rotation):
    """Goes on in the same file."""

    @override
    def border(self, start_ns: int) -> int:
        return start_ns + 10**18


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("twice") / NAME
    write(path, range(N))
    return path


def cut(path: Path) -> None:
    """Leave half of it."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2 // PAGE * PAGE])


def flipped(path: Path) -> None:
    """Flip a bit of the first block's values, which nothing shows before they are read."""
    content = bytearray(path.read_bytes())
    with Recording(path) as recording:
        (blob,) = recording.readers[0].query("SELECT vals FROM block ORDER BY key LIMIT 1")[0]
    content[content.index(blob[:60]) + 30] ^= 4
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [cut, flipped])
@pytest.mark.parametrize("name", ["20260302T050000Z copy.twinrec", "20250101T000000Z.twinrec", "zz.twinrec"])
def test_that_a_damaged_copy_hides_nothing_of_the_sound_one_whatever_it_is_called(
    sound: Path, tmp_path: Path, damage: object, name: str
) -> None:
    assert callable(damage)
    shutil.copy(sound, tmp_path / NAME)
    shutil.copy(sound, tmp_path / name)
    damage(tmp_path / name)
    with Recording(tmp_path / NAME) as alone, Recording(tmp_path) as recording:
        for pixels in (0, 300):
            span = UNITS, START, START + N * SECOND_NS, pixels
            assert points(recording.range(*span)) == points(alone.range(*span))
        for k in range(0, N, 97):
            assert recording.state_at(START + k * SECOND_NS).value[UNITS] == k
        assert [samples.value.tolist() for samples in recording.samples()] == [samples.value.tolist() for samples in alone.samples()]
        assert about.gaps(recording) == []
        assert recording.notices() == (
            f"{tmp_path / name} is damaged; what it held is shown from its sound copy {NAME} beside it. Remove the damaged one.",
        )
        assert not recording.refresh(), "and it is not taken up again"
        assert len(recording.notices()) == 1


def test_that_what_a_damaged_file_holds_beyond_an_earlier_copy_of_it_is_shown_behind_that(sound: Path, tmp_path: Path) -> None:
    """A copy made at noon, the file damaged in the evening: until noon from the one, from then on what is left of the other."""
    folder = tmp_path / "line"
    folder.mkdir()
    now, noon = folder / NAME, folder / "20260302T050000Z noon.twinrec"
    shutil.copy(sound, noon)
    shutil.copy(sound, now)
    write(now, range(N, 2 * N))
    flipped(now)
    with Recording(folder) as recording:
        values = [value for samples in recording.samples() for value in samples.value.tolist()]
        assert values == [float(k) for k in range(2 * N)]
        assert recording.notices()[0].startswith(f"{now} is damaged; up to {noon.name}, an earlier sound copy")


def test_that_two_recordings_of_the_same_time_that_are_no_copies_are_left_alone(sound: Path, tmp_path: Path) -> None:
    shutil.copy(sound, tmp_path / NAME)
    other = tmp_path / "20260302T050500Z.twinrec"
    write(other, range(500, 1000))
    cut(other)
    with Recording(tmp_path) as recording:
        assert len(recording.readers) == 2
        assert any("damaged" in said for said in recording.notices())


def test_that_going_on_beside_a_damaged_copy_looks_back_into_the_sound_one(sound: Path, tmp_path: Path) -> None:
    shutil.copy(sound, tmp_path / NAME)
    shutil.copy(sound, tmp_path / "20260302T050001Z.twinrec")
    cut(tmp_path / "20260302T050001Z.twinrec")
    with contextlib.closing(Store.reopen(tmp_path / "20260303T050000Z.twinrec", signals=line(), rotation=Never(LINE))) as store:
        state = store.state_at(START + 1900 * SECOND_NS)
        assert (state.value[UNITS], state.quality[UNITS]) == (1900.0, Quality.GOOD)
