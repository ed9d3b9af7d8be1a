"""Libraries that are imported while the window already moves."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import QObject

from ui.later import Import

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A library that says in which thread it was imported."""
    (tmp_path / "heavy_library.py").write_text("import threading\nTHREAD = threading.current_thread().name\n", encoding="utf-8")
    (tmp_path / "broken_library.py").write_text("raise ImportError('no such codec')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "heavy_library", raising=False)
    return "heavy_library"


def test_that_a_library_is_imported_beside_the_window_and_told_of_in_it(heavy: str, qtbot: QtBot) -> None:
    told: list[bool] = []
    parent = QObject()
    library = Import(heavy, lambda: told.append(library.done), parent)
    assert not library.done
    library.start()
    library.start()
    qtbot.waitUntil(lambda: bool(told))
    assert told == [True]
    assert sys.modules[heavy].THREAD == "import heavy_library"


def test_that_what_is_there_already_is_not_waited_for(qtbot: QtBot) -> None:
    parent = QObject()
    assert Import("json", pytest.fail, parent).done


def test_that_a_library_that_breaks_is_met_where_it_is_used(heavy: str, qtbot: QtBot) -> None:
    told: list[bool] = []
    parent = QObject()
    library = Import("broken_library", lambda: told.append(True), parent)
    library.start()
    qtbot.waitUntil(lambda: told == [True])
    assert library.done


def test_that_a_window_closed_meanwhile_is_not_told(heavy: str, qtbot: QtBot) -> None:
    parent = QObject()
    library = Import(heavy, pytest.fail, parent)
    library.start()
    shiboken6.delete(parent)
    qtbot.waitUntil(lambda: heavy in sys.modules)
    qtbot.wait(20)
