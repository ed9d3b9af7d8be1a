"""The program around the window: what it says on the terminal, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import shiboken6

from tests.ui.shell.conftest import REQUEST, session_of
from twin_app.service.request import Typed
from twin_app.settings import Loaded
from ui.app import _Beginning
from ui.bridge import Bridge
from ui.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from twin_app.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
SPEAK = """
from PySide6.QtCore import qWarning
from PySide6.QtWidgets import QWidget
from ui.app import make_application
application = make_application()
assert make_application() is application
window = QWidget()
window.setMinimumSize(100, 100)
window.show()
application.processEvents()
qWarning("the disk is full")
"""


def test_that_a_screen_that_is_none_is_not_told_of_and_everything_else_is() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SPEAK], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, cwd=ROOT, capture_output=True, text=True,
        timeout=50, check=True,
    )  # fmt: skip
    assert done.stderr.splitlines() == ["the disk is full"]


def test_that_docks_may_go_one_after_the_other_when_the_window_closes(make_window: Callable[..., MainWindow]) -> None:
    area = make_window().dock_area
    shiboken6.delete(next(iter(area.docks.values())))
    area._on_tabs_changed()


@pytest.fixture
def unseen(settings: Settings) -> Iterator[MainWindow]:
    """A window as the program makes it, before anybody sees it."""
    window = MainWindow(Bridge(), Loaded(settings), session_of, specs=())
    yield window
    window.close()
    window.bridge.shut_down()
    window.bridge.deleteLater()
    shiboken6.delete(window)


def test_that_the_line_is_opened_once_the_window_is_seen(unseen: MainWindow, qtbot: QtBot) -> None:
    beginning = _Beginning(unseen, REQUEST, Typed(), 4.0)
    with qtbot.waitSignal(unseen.bridge.line_opened):
        assert beginning._timer.interval() > 0
        unseen.show()
    assert beginning._timer.interval() == 0  # it was the painting that let it begin, not the time


def test_that_a_window_that_is_never_seen_opens_its_line_all_the_same(
    unseen: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.app.UNSEEN_MS", 10)
    with qtbot.waitSignal(unseen.bridge.line_opened):
        _Beginning(unseen, REQUEST, Typed(), 1.0)
