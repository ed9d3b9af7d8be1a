"""A replay by the layouts of its time, in the real window: crossing an instant, forwards and back, by the command and without a layout."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.service.test_of_time import T0, recording
from tests.session.plant import LAYOUT
from twin_app.clock import SECOND_NS
from twin_app.model.historian import Span
from twin_app.service import opening
from twin_app.settings import Settings
from ui.main_window import MainWindow
from ui.opening import OpenRequest

END_NS = T0 + 197 * SECOND_NS
"""So far the capture is known in any case."""
MakeWindow = Callable[..., MainWindow]
pytestmark = pytest.mark.gui


def opened(make_window: MakeWindow, request: OpenRequest, qtbot: QtBot) -> MainWindow:
    """Return a window in which a recording stands at its beginning."""
    window = make_window(opener=lambda asked: opening.open_request(asked, record=False))
    with qtbot.waitSignal(window.bridge.frame_ready):
        assert window.open_line(request)
    qtbot.waitUntil(lambda: ((window.bridge.shown and window.bridge.shown.span) or Span(0, 0)).end_ns >= END_NS)
    window.bridge.pause()
    return window


def says(window: MainWindow, name: str) -> bool:
    """Tell whether a banner names a layout."""
    return any(name in said for said in window.notices.texts())


def stands(window: MainWindow, at_ns: int) -> bool:
    """Tell whether time stands at an instant."""
    frame = window.bridge.shown
    return frame is not None and frame.at_ns == at_ns and not frame.playing


def unit_of_count(window: MainWindow) -> str:
    return window.view.line.unit_of_count if window.view is not None else ""


def test_that_another_layout_is_in_force_beyond_its_instant_and_not_before_it(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    """At 60 s the line is named otherwise, at 120 s it counts in flasks, at 180 s its messages are read otherwise, so it opens anew."""
    window = opened(make_window, opening.requested(None, [str(recording(tmp_path, "renamed", "joined", "read"))], Settings()), qtbot)
    assert window.commands.action("play.layouts").isChecked()
    for at_s, title, count, name in (
        (130, "Packaging line, renamed", "flask", "joined.toml"),
        (190, "Packaging line, renamed", "flask", "read.toml"),
        (70, "Packaging line, renamed", "bottle", "renamed.toml"),
        (10, "Packaging line", "bottle", LAYOUT.name),
    ):
        window.bridge.seek(T0 + at_s * SECOND_NS)
        qtbot.waitUntil(partial(says, window, name))
        assert window.view is not None
        assert (window.view.line.title, unit_of_count(window)) == (title, count)
        qtbot.waitUntil(partial(stands, window, T0 + at_s * SECOND_NS))
    assert "keeps 4" in window.notices.texts()[0]
    window.bridge.blindfold(on=True)  # at 10 s nobody knew of any other
    qtbot.waitUntil(lambda: not says(window, "keeps"))
    window.bridge.seek(T0 + 70 * SECOND_NS)
    qtbot.waitUntil(partial(says, window, "keeps 2"))


@pytest.mark.allow_logs
def test_that_a_layout_that_was_given_stays_until_those_of_the_time_are_asked_for(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    file = recording(tmp_path, "joined")
    window = opened(make_window, OpenRequest(layout=LAYOUT, addresses={"plant": str(file)}), qtbot)
    action = window.commands.action("play.layouts")
    assert (action.isEnabled(), action.isChecked()) == (True, False)
    window.bridge.seek(T0 + 100 * SECOND_NS)
    qtbot.waitUntil(partial(stands, window, T0 + 100 * SECOND_NS))
    assert unit_of_count(window) == "bottle"
    action.trigger()
    qtbot.waitUntil(lambda: unit_of_count(window) == "flask")
    assert action.isChecked()
    qtbot.waitUntil(partial(stands, window, T0 + 100 * SECOND_NS))
    assert [said for said in window.notices.texts() if "follows" in said] == []
    action.trigger()
    qtbot.waitUntil(lambda: unit_of_count(window) == "bottle")
    assert not action.isChecked()
