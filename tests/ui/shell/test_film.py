"""A video of a recording: each picture is the window at its instant, whatever was drawn before; made in a process of its own, or given up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.export.test_mp4 import COPIES, decoded, fake
from tests.session.plant import CAPTURE, LAYOUT
from twin_app import settings as settings_file
from twin_app.__main__ import main
from twin_app.clock import SECOND_NS
from twin_app.errors import UsageError
from twin_app.export import mp4
from twin_app.export.film import film_of
from twin_app.model.packml import State
from twin_app.service import opening
from twin_app.session import Session
from twin_app.settings import Settings, changed
from ui.film import Look, film
from ui.filming import Job, check
from ui.still import stand, still_window

ROOT = Path(__file__).resolve().parents[3]
SIZE = (1366, 768)
ABOVE_PX = 240
"""Bars, sentence, figures and cards stand so high: all that tells time and states, and nothing of the timeline's own span."""
HELD_S = (94, 109)
"""The filler of the capture is held from 94.19 s to 109.47 s."""
ON_CAPTURE = ("--layout", str(LAYOUT), "--source", str(CAPTURE))
Picture = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]

pytestmark = pytest.mark.gui


@pytest.fixture(autouse=True)
def flat(settings: Settings) -> Settings:
    """Keep settings without the 3D hall, which has tests of its own; what a film looks like starts from them."""
    known = changed(settings, "drawing.scene", "off")
    settings_file.save(known)
    return known


@pytest.fixture
def session() -> Iterator[Session]:
    """The capture, read to its end."""
    with closing(read()) as session:
        yield session


def read() -> Session:
    """Return a session on the capture with everything folded in."""
    session = opening.open_line(LAYOUT, [str(CAPTURE)], record=False)
    opening.read_through(session, None)
    return session


def picture(pixels: bytes) -> Picture:
    """Return a picture without its fourth byte, shape (height, width, 3)."""
    return np.frombuffer(pixels, np.uint8).reshape(SIZE[1], SIZE[0], 4)[:, :, :3]


def window_at(known: Settings, at_ns: int, speed: float) -> Picture:
    """Return the window at an instant that was gone to in one leap."""
    session = read()
    with still_window(known) as window:
        window.resize(*SIZE)
        window.show()
        window.bridge.open(session)
        window.fill()
        session.pause()
        session.set_speed(speed)
        session.advance(0)
        session.seek(at_ns)
        stand(window)
        image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGBX8888)
        return picture(bytes(image.constBits()))


def test_that_each_picture_is_the_window_at_its_instant_whatever_came_before(session: Session, flat: Settings) -> None:
    span = session.span()
    assert span is not None
    plan = film_of(span.start_ns + 90 * SECOND_NS, span.start_ns + 110 * SECOND_NS, speed=10, rate_per_s=1)
    states = [session.timeline("Filler", span.start_ns, at).state[-1] for at in map(plan.at_ns, range(3))]
    assert states == [State.HOLDING, State.HELD, State.UNHOLDING]
    seen = [picture(pixels)[:ABOVE_PX] for pixels in film(session, plan, Look(size=SIZE, like_window=True))]
    assert len(seen) == 3
    assert not np.array_equal(seen[0], seen[1])
    for number in (0, 1):
        assert np.array_equal(seen[number], window_at(flat, plan.at_ns(number), 10)[:ABOVE_PX]), number


def test_that_a_window_that_is_filmed_keeps_nothing(session: Session, flat: Settings) -> None:
    span = session.span()
    assert span is not None
    plan = film_of(span.start_ns, span.end_ns, speed=3600, rate_per_s=1)
    before = settings_file.settings_path().read_bytes()
    (one,) = film(session, plan, Look(size=SIZE, theme="dark", preset="trainer", like_window=True))
    assert picture(one)[2, SIZE[0] // 2].max() < 255
    assert settings_file.settings_path().read_bytes() == before
    assert not QApplication.topLevelWidgets() or not any(widget.isVisible() for widget in QApplication.topLevelWidgets())


def test_that_a_picture_too_small_for_the_window_is_refused(session: Session) -> None:
    span = session.span()
    assert span is not None
    plan = film_of(span.start_ns, span.end_ns, speed=3600, rate_per_s=1)
    with pytest.raises(UsageError, match="at least"):
        next(film(session, plan, Look(size=(320, 240), like_window=True)))


def test_that_the_command_writes_the_pictures_of_a_stop(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """By the real program, decoded again: the clock and the filler's card differ between a picture before the stop and one in it."""
    pytest.importorskip("imageio_ffmpeg")
    out = tmp_path / "stop.mp4"
    words = (*ON_CAPTURE, "--from", "+90s", "--to", "+100s", "--speed", "10", "--fps", "2", "--size", "1366x768", "--like-window")
    assert main(["video", *words, "-o", str(out)]) == 0
    assert "3 pictures" in capfd.readouterr().err
    seen = decoded(out, SIZE)
    assert seen.shape == (3, SIZE[1], SIZE[0], 3)
    clock = seen[:, 2:35, 1150:, :].astype(int)
    assert (np.abs(clock[1] - clock[0]) > 100).sum() > 20
    assert main(["video", *words, "-o", str(out)]) == 2
    assert "exists already" in capfd.readouterr().err


def test_that_a_process_of_its_own_tells_how_far_it_is_and_ends_with_its_input(tmp_path: Path) -> None:
    """What stands for ffmpeg is found on the path; the picture after the pipe was closed is never made."""
    stand_in = tmp_path / "ffmpeg"
    stand_in.write_text(f"#!{sys.executable}\n{COPIES}\n")
    stand_in.chmod(0o755)
    job = Job(layout=str(LAYOUT), addresses={"plant": str(CAPTURE)}, speed=0.1, like_window=True, size=SIZE, output=str(tmp_path / "a.mp4"))
    asked = json.dumps({key: value for key, value in vars(job).items() if value is not None})
    environment = {**os.environ, "IMAGEIO_FFMPEG_EXE": str(stand_in), "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    with subprocess.Popen(
        [sys.executable, "-m", "ui.filming", asked], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=environment, text=True
    ) as child:  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        told = json.loads(child.stdout.readline())
        assert 0 < told["share"] < 0.01
        child.stdin.close()
        assert child.wait(20) == 130
    assert not list(tmp_path.glob("a.mp4*"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"size": (1367, 768)}, "even"),
        ({"output": "shift.avi"}, "MP4"),
        ({"speed": 0.0}, "speed"),
        ({"start": "noon"}, "noon"),
        ({"addresses": {"plant": "mqtt://broker:1883"}}, "live"),
        ({"output": "/nowhere/at/all.mp4"}, "cannot be a file"),
    ],
)
def test_that_what_cannot_be_filmed_is_refused_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any], said: str
) -> None:
    monkeypatch.setattr(mp4, "program", lambda: fake(COPIES)[0])
    words: dict[str, Any] = {"layout": str(LAYOUT), "addresses": {"plant": str(CAPTURE)}, "output": "never.mp4"}
    with pytest.raises(UsageError, match=said):
        check(Job(**(words | wrong)))
