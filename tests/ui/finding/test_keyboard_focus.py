"""Tab through the window: whatever takes the keyboard shows that it has it, and says what it is. Its dialogs: see `test_keyboard_dialogs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.focus import called, shows_focus, takers
from ui.docks import DOCKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow

NOT_HERE = {"scene", "instructor", "curves"}
"""The hall needs OpenGL, the instructor a simulated line; curves are made after a while."""


def test_that_whatever_takes_the_keyboard_shows_it_and_says_what_it_is(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = open_window(tuple(spec for spec in DOCKS if spec.key not in NOT_HERE))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    met, dumb, unmarked = set(), set(), set()
    for key in window.dock_area.docks:
        window.dock_area.reveal(key)
        for widget in takers(window):
            if widget in met:
                continue
            met.add(widget)
            who = f"{key}: {type(widget).__name__} {widget.objectName()} of {type(widget.parent()).__name__} {called(widget)}"
            dumb |= set() if called(widget) else {who}
            unmarked |= set() if shows_focus(widget) else {who}
    assert len(met) > 20
    assert (dumb, unmarked) == (set(), set())
