"""Importing a table from the window, with mouse and keys: what is seen, chosen, left out, and kept for the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from tests.tables.test_tables import LAYOUT, TEMPERATURE, file
from twin_app.layout import load
from twin_app.service import mappings
from twin_app.sources.twin import is_recording
from ui.context import Theme
from ui.importing.columns import TARGET
from ui.importing.dialog import ImportDialog

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.gui
TEXT = f"time;{TEMPERATURE};TT01\n03/04/2026 10:00:00;70,5;1\n03/04/2026 10:00:01;n/a;2\n"
LINE = load(LAYOUT)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))


def opened(qtbot: QtBot, table: Path) -> ImportDialog:
    dialog = ImportDialog(LINE, table, Theme())
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.looking.working)
    return dialog


def looked(qtbot: QtBot, dialog: ImportDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.looking.working)


def test_that_a_person_says_what_was_not_found_out_imports_and_finds_it_the_next_time(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = opened(qtbot, file(tmp_path, TEXT))
    assert "The day may be the month" in dialog.said.text()
    assert not dialog.make.isEnabled()
    form = dialog.form.fields["time_unit"]
    form.setFocus()
    form.setCurrentIndex(form.findData("%d/%m/%Y %H:%M:%S"))
    form.activated.emit(form.currentIndex())
    looked(qtbot, dialog)
    assert dialog.preview.index(0, 0).data() == "2026-04-03 10:00:00.000"
    assert "not a number: 1, the first in row 3: n/a" in dialog.said.text()
    dialog.mapping.edit(dialog.columns.index(1, TARGET))
    box = dialog.mapping.findChild(QComboBox)
    assert isinstance(box, QComboBox)
    QTest.keyClicks(box, "Filler/Draught")
    QTest.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.columns.index(1, TARGET).data() == "Filler/Draught (new to the line)")
    QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.importing.working)
    assert "3 samples of 2 rows" in dialog.said.text()
    kept = mappings.kept(LINE, ("time", TEMPERATURE, "TT01"))
    assert kept is not None
    assert kept.mapped == {TEMPERATURE: TEMPERATURE, "TT01": "Filler/Draught"}
    QTest.mouseClick(dialog.opens, Qt.MouseButton.LeftButton)
    assert dialog.recording == tmp_path / "t.twinrec"
    assert is_recording(dialog.recording)
    again = opened(qtbot, tmp_path / "t.csv")
    assert again.form.fields["time_unit"].said == "%d/%m/%Y %H:%M:%S"
    assert again.columns.index(1, TARGET).data() == "Filler/Draught (new to the line)"
    assert again.file.text() == str(tmp_path / "t 2.twinrec"), "what was imported is never written over"


def test_that_what_is_no_table_says_so_and_offers_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = opened(qtbot, file(tmp_path, bytes(range(256)) * 8))
    assert "is no table" in dialog.said.text()
    assert not dialog.make.isEnabled()
    assert not dialog.form.isEnabled()
