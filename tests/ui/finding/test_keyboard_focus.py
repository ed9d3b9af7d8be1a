"""Tab through the windows: whatever takes the keyboard shows that it has it, and says what it is. Dialogs: see `test_keyboard_dialogs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from tests.ui.focus import faults
from ui.docks import DOCKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow

NOT_HERE = {"scene", "instructor"}
"""The hall needs OpenGL, the instructor a simulated line: see their own tests."""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_that_whatever_takes_the_keyboard_shows_it_and_says_what_it_is(
    open_window: Callable[..., MainWindow], qtbot: QtBot, theme: str
) -> None:
    window = open_window(tuple(spec for spec in DOCKS if spec.key not in NOT_HERE))
    window.commands.run(f"view.theme.{theme}")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    met, wrong = set[QWidget](), set[str]()
    for key in window.dock_area.docks:
        window.dock_area.reveal(key)
        wrong |= faults(window, met)
    assert len(met) > 20
    second = window.screens.new()
    window.screens.move("curves", second.dock_area)
    for one in ("stops", "curves"):
        window.screens.move(one, second.dock_area)
        second.dock_area.reveal(one)
        second.activateWindow()
        qtbot.waitUntil(second.isActiveWindow)
        wrong |= faults(second, met)
    assert wrong == set()
