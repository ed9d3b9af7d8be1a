"""The program that records the line ends: the window opens the line anew where it stood, and says who records now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.shell import plant
from tests.ui.shell.plant import NOW_NS, FakeSession
from twin_app.errors import RecordingError
from twin_app.model.frame import Frame, Mode
from ui import taking_over
from ui.main_window import MainWindow
from ui.opening import OpenRequest
from ui.taking_over import TakingOver


class Opener:
    """Refuses as often as it is told to, then opens a line that another program records, or this one."""

    def __init__(self, *, refuses: int = 0, recorded_by: str = "") -> None:
        self.refuses, self.asked = refuses, list[OpenRequest]()
        of = plant.line()
        self.session = FakeSession(of, [plant.frame(of, health=(plant.health(recorded_by=recorded_by),))])

    def __call__(self, request: OpenRequest) -> FakeSession:
        self.asked.append(request)
        if len(self.asked) <= self.refuses:
            raise RecordingError("The line is held.")
        return self.session


Show = Callable[[MainWindow, Frame], FakeSession]


def test_that_the_window_goes_on_where_it_stood_and_says_that_it_records(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    opener = Opener()
    TakingOver(window, opener)
    past = NOW_NS - 60 * 10**9
    session = show(window, replace(plant.frame(plant.line()), mode=Mode.LOOK_BACK, at_ns=past, playing=False))
    window.selection.select("M2")
    session.recordings, session.lost = Path("shift"), True
    qtbot.waitUntil(lambda: window.bridge.session is opener.session)
    (request,) = opener.asked
    assert request.recordings == Path("shift"), "it goes on with the same recording"
    assert (request.begin_at_ns, request.paused, request.unit) == (past, True, "M2")
    assert window.selection.unit == "M2"
    assert any(text.startswith("This window records the line now.") for text in window.notices.texts())
    window.open_line(request)
    assert window.notices.texts() == [], "of another opening that says nothing"


def test_that_a_line_that_another_window_took_is_read_there_and_nothing_more_is_said(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    opener = Opener(recorded_by="a window of Li (process 7)")
    TakingOver(window, opener)
    show(window, plant.frame(plant.line())).lost = True
    qtbot.waitUntil(lambda: window.bridge.session is opener.session)
    assert opener.asked[0].begin_at_ns is None, "live it was, and live it stays"
    qtbot.waitUntil(lambda: "recorded by a window of Li (process 7)" in window.top_bar.health.text())
    assert window.notices.texts() == []


@pytest.mark.allow_logs
def test_that_what_was_known_stays_in_sight_while_the_line_cannot_be_opened(
    window: MainWindow, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_over, "AGAIN_MS", 10)
    opener = Opener(refuses=2)
    TakingOver(window, opener)
    session = show(window, plant.frame(plant.line()))
    session.lost = True
    qtbot.waitUntil(lambda: bool(window.notices.texts()))
    assert window.bridge.session is session
    assert "The line is held." in window.notices.texts()[0]
    qtbot.waitUntil(lambda: window.bridge.session is opener.session)
    assert "The line is held." not in " ".join(window.notices.texts())
    assert len(opener.asked) == 3


def test_that_a_line_that_shows_nothing_yet_is_opening_and_not_missing(window: MainWindow) -> None:
    said: list[str] = []
    window.bridge.line_opened.connect(lambda view: said.append(window.top_bar.badge.words) if view else None)
    assert window.open_line(OpenRequest(layout=Path("bottling_2.toml")))
    assert said == ["OPENING"]
