"""The program around the window: what it says on the terminal, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import shiboken6

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.main_window import MainWindow

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
