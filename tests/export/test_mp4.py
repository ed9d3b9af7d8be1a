"""A video's file: whole or not there, whatever becomes of the program that writes it; and by the real one, decoded again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from twin_app.errors import RecordingError, UsageError
from twin_app.export import mp4
from twin_app.export.film import Film, film_of
from twin_app.export.mp4 import encoded

SIZE = (64, 48)
FILM = film_of(0, 10**9, speed=1, rate_per_s=4)
COPIES = "import sys; open(sys.argv[-1].removeprefix('file:'), 'wb').write(sys.stdin.buffer.read())"
"""Stands for ffmpeg: writes what it is handed as it came."""
BREAKS = "import sys; sys.stdin.buffer.read(100); sys.exit('[out#0/mp4 @ 0x5f] No space left on device')"


def fake(program: str) -> list[str]:
    """Return a program that stands for ffmpeg."""
    return [sys.executable, "-c", program]


def grey(level: int) -> bytes:
    """Return a picture of one grey."""
    return bytes([level, level, level, 255]) * (SIZE[0] * SIZE[1])


def wrote(path: Path, program: str, pictures: int, *, then: type[BaseException] | None = None) -> None:
    """Hand black pictures to a program that stands for ffmpeg; raise something then."""
    with encoded(path, FILM, SIZE, title="Line", ffmpeg=fake(program)) as encoder:
        for _ in range(pictures):
            encoder.take(grey(0))
        if then is not None:
            raise then


def test_that_the_pictures_go_to_the_program_in_order_and_the_file_takes_its_name_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with encoded(path, FILM, SIZE, title="Line", ffmpeg=fake(COPIES)) as encoder:
        for level in range(3):
            encoder.take(grey(level))
        assert not path.exists()
    assert path.read_bytes() == grey(0) + grey(1) + grey(2)
    assert list(tmp_path.iterdir()) == [path]


def test_that_a_video_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        wrote(tmp_path / "a.mp4", COPIES, 1, then=KeyboardInterrupt)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("pictures", [1, 500])
def test_that_a_program_that_breaks_down_is_said_with_its_reason_and_leaves_nothing(tmp_path: Path, pictures: int) -> None:
    """The reason comes with the last picture, or when the pipe breaks: 500 of 12 KiB are more than it holds."""
    with pytest.raises(RecordingError, match=r"written: No space left on device\."):
        wrote(tmp_path / "a.mp4", BREAKS, pictures)
    assert not list(tmp_path.iterdir())


def test_that_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_text("another")
    with pytest.raises(UsageError, match="exists"):
        wrote(path, COPIES, 1)
    assert (path.read_text(), len(list(tmp_path.iterdir()))) == ("another", 1)
    with encoded(path, FILM, SIZE, title="Line", force=True, ffmpeg=fake(COPIES)) as encoder:
        encoder.take(grey(7))
    assert path.read_bytes() == grey(7)


def test_that_without_ffmpeg_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(UsageError, match=r"twin-app\[video\]"):
        mp4.program()
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert mp4.program() == "/usr/bin/ffmpeg"


def decoded(path: Path, size: tuple[int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return the pictures of a video, shape (n, height, width, 3)."""
    asked = [mp4.program(), "-loglevel", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(asked, check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, size[1], size[0], 3)


def test_that_a_player_finds_every_picture_in_its_place_and_in_its_colour(tmp_path: Path) -> None:
    pytest.importorskip("imageio_ffmpeg")
    path, levels = tmp_path / "a: 100 %.mp4", (0, 60, 128, 200, 255)
    film = Film(0, 10**9, 1.0, 4)
    assert film.count == len(levels)
    with encoded(path, film, SIZE, title="Line 2", comment="Simulated") as encoder:
        for level in levels:
            encoder.take(grey(level))
    pictures = decoded(path, SIZE)
    assert len(pictures) == film.count
    for picture, level in zip(pictures, levels, strict=True):
        assert np.abs(picture.astype(int) - level).max() <= 3
    about = subprocess.run([mp4.program(), "-i", str(path)], check=False, capture_output=True, text=True).stderr
    assert all(words in about for words in ("Line 2", "Simulated", "h264", "yuv420p", "4 fps"))
