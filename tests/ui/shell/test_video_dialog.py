"""A video asked for in the window: what is offered, what is asked of the process that makes it, and that the window goes on meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.session.plant import CAPTURE, LAYOUT
from tests.ui.shell import plant
from twin_app.clock import SECOND_NS
from twin_app.errors import UsageError
from twin_app.export import mp4
from twin_app.model.frame import Mode
from twin_app.service.opening import open_line, read_through
from twin_app.session import Session
from ui.filming import Job
from ui.main_window import MainWindow
from ui.opening import OpenRequest
from ui.spans import offered
from ui.video_dialog import VideoDialog, job_of

pytestmark = pytest.mark.gui
STAND_IN = """
import json, sys
job = json.loads(sys.argv[-1])
print("a library says something")
print(json.dumps({"share": 0.25, "left_s": 6.0}), flush=True)
if job["rate_per_s"] == 60:
    sys.stdin.read()
    sys.exit(130)
if job["rate_per_s"] == 25:
    print(json.dumps({"error": "The disk is full."}))
elif job["rate_per_s"] == 10:
    sys.exit("broken")
else:
    print(json.dumps({"pictures": 91, "lasts_s": 91 / 30}))
"""
"""Stands for the process: it never ends by itself at 60 pictures a second, finds the disk full at 25 and breaks down at 10."""


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """The captured line, read to its end."""
    opened = open_line(LAYOUT, [str(CAPTURE)], record=False)
    read_through(opened, None)
    yield opened
    opened.close()


@pytest.fixture
def start_ns(session: Session) -> int:
    """Return when the capture begins, UTC ns."""
    span = session.span()
    assert span is not None
    return span.start_ns


@pytest.fixture
def dialog(session: Session, start_ns: int, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VideoDialog:
    """The dialog over a minute that is marked; a program stands for the process that makes the video."""
    stand_in = tmp_path / "ui" / "filming.py"
    stand_in.parent.mkdir()
    stand_in.write_text(STAND_IN)
    monkeypatch.setattr(mp4, "program", lambda: sys.executable)
    job = Job(layout=str(LAYOUT), addresses={"plant": str(CAPTURE)}, like_window=True)
    asked = VideoDialog(session, job, (start_ns, start_ns + 60 * SECOND_NS), start_ns + 90 * SECOND_NS, window)
    asked.work.arguments = (str(stand_in),)
    asked.file.setText(str(tmp_path / "a.mp4"))
    asked.show()
    return asked


def choose(dialog: VideoDialog, rate: int) -> None:
    """Choose pictures a second, and begin."""
    dialog.rate.setCurrentIndex(dialog.rate.findData(rate))
    QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)


def test_that_what_is_marked_comes_first_then_what_lies_around_the_playhead(session: Session, start_ns: int) -> None:
    marked = start_ns + SECOND_NS, start_ns + 61 * SECOND_NS
    spans = [(window.start_ns, window.end_ns) for window in offered(session, marked, start_ns + 90 * SECOND_NS)]
    assert spans[0] == marked
    assert spans[1][0] == start_ns
    assert spans[-1] == spans[1]  # ten minutes around the playhead are more than there are
    assert offered(session, None, start_ns)[0].start_ns == start_ns


def test_that_a_marked_minute_at_twenty_times_is_three_seconds(dialog: VideoDialog, start_ns: int, tmp_path: Path) -> None:
    assert dialog.plan.text() == "3.0 s of video, 91 pictures"
    job = dialog.job()
    assert job is not None
    assert (job.start, job.end) == ("2026-11-23T09:25:57.481Z", "2026-11-23T09:26:57.481Z")
    assert (job.speed, job.rate_per_s, job.size, job.output) == (20.0, 30, (1920, 1080), str(tmp_path / "a.mp4"))
    assert start_ns == 1_795_425_957_481_000_000


def test_that_the_window_goes_on_while_a_video_is_made_and_is_told_of_its_end(qtbot: QtBot, dialog: VideoDialog) -> None:
    shares: list[tuple[float, object]] = []
    dialog.work.progressed.connect(lambda share, left_s: shares.append((share, left_s)))
    assert not dialog.isModal()
    with qtbot.waitSignal(dialog.work.done):
        choose(dialog, 30)
        assert not dialog.make.isEnabled()
        assert dialog.cancel.isVisible()
    assert shares == [(0.25, 6.0)]
    assert "91 pictures, 3.0 s" in dialog.said.text()
    assert dialog.show_it.isVisible()
    assert dialog.make.isEnabled()
    assert not dialog.progress.isVisible()


@pytest.mark.allow_logs
@pytest.mark.parametrize(("rate", "said"), [(25, "The disk is full."), (10, "log has the details")])
def test_that_a_video_that_fails_says_why(qtbot: QtBot, dialog: VideoDialog, rate: int, said: str) -> None:
    with qtbot.waitSignal(dialog.work.failed):
        choose(dialog, rate)
    assert said in dialog.said.text()
    assert not dialog.show_it.isVisible()
    assert dialog.make.isEnabled()


def test_that_a_video_is_given_up_by_its_button_and_with_its_dialog(qtbot: QtBot, dialog: VideoDialog) -> None:
    with qtbot.waitSignal(dialog.work.progressed):
        choose(dialog, 60)
    assert "6.0 s left" in dialog.said.text()
    with qtbot.waitSignal(dialog.work.given_up):
        QTest.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
    assert "no video" in dialog.said.text()
    with qtbot.waitSignal(dialog.work.progressed):
        choose(dialog, 60)
    with qtbot.waitSignal(dialog.work.given_up):
        dialog.close()


def test_that_a_window_that_closes_waits_until_nothing_is_left_of_it(qtbot: QtBot, dialog: VideoDialog, window: MainWindow) -> None:
    with qtbot.waitSignal(dialog.work.progressed):
        choose(dialog, 60)
    window.dialogs._video = dialog
    window.close()
    assert not dialog.work.working


def test_that_a_file_that_is_there_is_only_written_over_by_who_was_asked(
    dialog: VideoDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.mp4"
    path.write_text("another")
    choose(dialog, 30)
    assert "exists already" in dialog.said.text()
    assert not dialog.work.working
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    QTest.mouseClick(dialog.browse, Qt.MouseButton.LeftButton)
    job = dialog.job()
    assert job is not None
    assert job.force


def test_that_a_video_is_made_of_what_the_window_shows(window: MainWindow, tmp_path: Path) -> None:
    """A recording as it was opened; a live line's folder of recordings; nothing of a blind replay, nor of what nobody records."""
    line = plant.line()
    frame = plant.frame(line)
    session: Any = plant.FakeSession(line, [frame])
    window.take(session, OpenRequest(layout=tmp_path / "line.toml", addresses={"plant": "shift.twinrec"}))
    job = job_of(window, replace(frame, mode=Mode.REPLAY))
    assert (job.layout, job.addresses, job.theme, job.like_window) == (
        str(tmp_path / "line.toml"),
        {"plant": "shift.twinrec"},
        "light",
        True,
    )
    with pytest.raises(UsageError, match="blind replay"):
        job_of(window, replace(frame, mode=Mode.BLIND))
    with pytest.raises(UsageError, match="recorded"):
        job_of(window, replace(frame, mode=Mode.LIVE))
    window.request = OpenRequest(layout=tmp_path / "line.toml", recordings=tmp_path / "kept")
    session.recorded = True
    assert set(job_of(window, replace(frame, mode=Mode.LIVE)).addresses.values()) == {str(tmp_path / "kept")}
