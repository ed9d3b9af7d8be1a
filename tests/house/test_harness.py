"""The harness itself: a test that leaves something behind or lets the product complain unasked must turn red."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MARKED_BY_FOLDER
from tests.run import GROUPS, Group

ROOT = Path(__file__).resolve().parents[2]

CORE = """
import logging, threading, time
import pytest

def test_quiet():
    thread = threading.Thread(target=time.sleep, args=(0.05,))
    thread.start()

def test_leaves_a_thread():
    threading.Thread(target=time.sleep, args=(9,), daemon=True).start()

def test_warns():
    logging.getLogger("twin_app.sources").warning("no data")

@pytest.mark.allow_logs
def test_warns_as_announced():
    logging.getLogger("twin_app.sources").warning("no data")
"""
WINDOWS = """
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QComboBox, QWidget
kept = []

def test_tidy(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.timer = QTimer(window)
    window.timer.start(10)
    QComboBox(window).addItem("line 1")
    window.show()
    qtbot.waitExposed(window)

def test_leaves_a_window(qtbot):
    kept.append(QWidget())

def test_leaves_a_timer(qtbot):
    kept.append(QTimer())
    kept[-1].start(10)

def test_lets_qt_warn(qtbot):
    qWarning("QPainter::begin: Paint device returned engine == 0")
"""


def outcomes(folder: Path, code: str, *options: str) -> dict[str, str]:
    """Run a file of tests under our conftest and settings, and return each test's worst outcome."""
    (folder / "test_sample.py").write_text(code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "tests.conftest", "-p", "no:cacheprovider", "-rA", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [*command, str(folder)], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=50, check=False
    ).stdout
    found = dict.fromkeys(re.findall(r"^PASSED \S+::(\w+)", told, re.MULTILINE), "green")
    found |= dict.fromkeys(re.findall(r"^(?:ERROR|FAILED) \S+::(\w+)", told, re.MULTILINE), "red")
    assert found, told
    return found


def test_that_a_thread_left_behind_and_an_unannounced_warning_turn_a_test_red(tmp_path: Path) -> None:
    assert outcomes(tmp_path, CORE, "-p", "no:pytest-qt") == {
        "test_quiet": "green",
        "test_leaves_a_thread": "red",
        "test_warns": "red",
        "test_warns_as_announced": "green",
    }


@pytest.mark.gui
def test_that_a_window_a_timer_or_a_warning_of_qt_turns_a_test_red(tmp_path: Path) -> None:
    assert outcomes(tmp_path, WINDOWS) == {
        "test_tidy": "green",
        "test_leaves_a_window": "red",
        "test_leaves_a_timer": "red",
        "test_lets_qt_warn": "red",
    }


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_that_no_test_lies_where_its_group_does_not_look(group: Group) -> None:
    marks = {word for word in group.marks.replace("not ", "not_").split() if word in MARKED_BY_FOLDER.values()}
    parts = {part for part, mark in MARKED_BY_FOLDER.items() if mark in marks}
    found = [
        path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py")
        if parts & set(path.relative_to(ROOT).parts[:-1]) or any(f"mark.{mark}" in path.read_text(encoding="utf-8") for mark in marks)
    ]  # fmt: skip
    assert bool(found) is bool(group.folders)
    assert [path for path in found if not any(path.is_relative_to(folder) for folder in group.folders)] == []
