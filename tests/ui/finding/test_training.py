"""A trainer lets a trainee have a go, sees in the window whose file is in force, and afterwards what was answered when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest

from tests.session.plant import at
from tests.session.test_training import JAM, SHIFT, line
from twin_app.model.alarm import Why
from twin_app.model.frame import Mode
from twin_app.settings import Loaded, Settings, changed
from ui.bridge import Bridge
from ui.main_window import MainWindow
from ui.opening import OpenRequest
from ui.staying_blind import StayingBlind

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.finding.training_dialog import TrainingDialog

pytestmark = pytest.mark.gui


def test_that_a_trainee_has_a_go_and_the_trainer_sees_it_beside_what_was_recorded(qtbot: QtBot, tmp_path: Path) -> None:
    session, _ = line(SHIFT, live=False, folder=tmp_path)
    settings = changed(changed(Settings(), "look.language", "en"), "look.theme", "light")
    window = MainWindow(Bridge(), Loaded(settings), lambda _request: session, specs=())
    StayingBlind(window)
    window.show()
    bridge = window.bridge
    with qtbot.waitSignal(bridge.frame_ready):
        window.open_line(OpenRequest(layout=tmp_path / "line.toml"))
    window.commands.run("file.training")
    dialog: TrainingDialog | None = window.dialogs._training
    assert dialog is not None
    assert dialog.attempts == ()
    QTest.keyClicks(dialog.trainee, "Anna")
    QTest.mouseClick(dialog.begin, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.top_bar.trainee.text() == "Trainee: Anna")
    assert not window.top_bar.trainee.isHidden()
    assert window.settings.opened.blind
    bridge.seek(at(15))
    bridge.show_now()
    session.desk.act(Why.ACKNOWLEDGE, [JAM], who="Anna")
    bridge.seek(at(100))
    bridge.show_now()
    assert dialog.review is None
    assert dialog.answers.rows == []
    QTest.mouseClick(dialog.end, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(dialog.answers.rows))
    assert window.top_bar.trainee.isHidden()
    assert not window.settings.opened.blind
    assert [tuple(cell.text for cell in row.cells[2:]) for row in dialog.answers.rows] == [
        ("Jam", "never", "after 5.0 s"), ("Web", "never", "never"), ("Jam", "never", "never"),
    ]  # fmt: skip
    dialog._on_moment_wanted(dialog.answers.index(1, 0))
    bridge.show_now()
    assert bridge.shown is not None
    assert (bridge.shown.at_ns, bridge.shown.mode) == (at(60), Mode.REPLAY)
    assert window.selection.unit == "Filler"
    QTest.mouseClick(dialog.go_on, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bridge.shown is not None and bridge.shown.mode is Mode.BLIND)
    assert len(dialog.attempts) == 1
    window.close()
    bridge.deleteLater()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
