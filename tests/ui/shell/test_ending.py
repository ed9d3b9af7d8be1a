"""The end that the system asks for: what a window does that is told to go by a signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import os, signal
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from ui.app import make_application
from ui.ending import Ending

class Window(QWidget):
    def closeEvent(self, event):
        print("asked to close", flush=True)
        event.setAccepted({closes})
        {again}

application = make_application()
ending = Ending(application)
window = Window()
{show}
QTimer.singleShot(0, lambda: os.kill(os.getpid(), signal.{name}))
print("ended with", application.exec(), flush=True)
ending.close()
assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
"""


def ended(name: str, *, show: bool = True, closes: bool = True, again: bool = False) -> tuple[int, str]:
    """Return how a program ends whose window is told to go by a signal, and what it said."""
    code = PROGRAM.format(
        name=name, closes=closes, show="window.show()" if show else "", again="os.kill(os.getpid(), signal.SIGTERM)" if again else ""
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, cwd=ROOT, capture_output=True, text=True,
        timeout=50, check=False, restore_signals=True,
    )  # fmt: skip
    assert not done.stderr
    return done.returncode, done.stdout


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_that_a_signal_closes_the_window_as_a_person_would(name: str) -> None:
    assert ended(name) == (0, "asked to close\nended with 0\n")


def test_that_a_program_without_a_window_yet_ends_all_the_same() -> None:
    assert ended("SIGTERM", show=False) == (0, "ended with 0\n")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind there")
def test_that_a_second_signal_ends_a_program_whose_window_stays() -> None:
    assert ended("SIGTERM", closes=False, again=True) == (-signal.SIGTERM, "asked to close\n")
