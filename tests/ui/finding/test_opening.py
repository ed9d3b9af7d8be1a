"""A recording that somebody brings is opened with what it carries: chosen in a dialog, or dropped onto the window."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from tests.service.test_carried import line_in, record

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow

COPY, LEFT, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def drop(window: MainWindow, *paths: Path) -> bool:
    """Drag files onto the window and let go where that is offered; tell whether it was."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    over = QDragEnterEvent(QPoint(60, 60), COPY, data, LEFT, NONE)
    over.ignore()
    QApplication.sendEvent(window, over)
    if over.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(60, 60), COPY, data, LEFT, NONE))
    return over.isAccepted()


def title(window: MainWindow) -> str:
    return window.view.line.title if window.view else ""


def test_that_a_recording_that_is_dropped_opens_with_the_layout_it_carries(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = record(tmp_path / "stick" / "shift.twinrec", line_in(tmp_path / "plant", "Brought along", line_id="L7"))
    assert drop(window, path)
    qtbot.waitUntil(lambda: title(window) == "Brought along")
    assert window.request is not None
    assert set(window.request.addresses.values()) == {str(path)}


def test_that_a_recording_is_chosen_in_a_dialog(window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = record(tmp_path / "stick" / "shift.twinrec", line_in(tmp_path / "plant", "Chosen", line_id="L7"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    window.commands.run("file.recording")
    qtbot.waitUntil(lambda: title(window) == "Chosen")


def test_that_a_layout_may_be_dropped_and_a_capture_is_read_by_the_layout_that_is_open(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    before = title(window)
    layout = line_in(tmp_path / "plant", "Another").path
    layout.write_text(layout.read_text().replace('id = "plc"', 'id = "plc"\naddress = "shift.jsonl"'), encoding="utf-8")
    capture = layout.parent / "shift.jsonl"
    said = [{"t": 1_772_460_000, "topic": f"L1/{unit}", "payload": '{"State": "Execute"}'} for unit in ("Filler", "Press")]
    capture.write_text("".join(json.dumps(one) + "\n" for one in said), encoding="utf-8")
    assert drop(window, capture)
    qtbot.waitUntil(lambda: window.request is not None and set(window.request.addresses.values()) == {str(capture)})
    assert title(window) == before
    assert drop(window, layout)
    qtbot.waitUntil(lambda: title(window) == "Another")


def test_that_a_table_that_is_dropped_becomes_a_recording_beside_it_and_opens(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    table = tmp_path / "night.csv"
    table.write_text("time;Filler/State;Filler/Temp\n2026-03-02T14:00:00Z;Execute;71,5\n2026-03-02T14:10:00Z;Held;72\n", encoding="utf-8")
    (tmp_path / "night.twinrec").write_bytes(b"somebody's")
    assert drop(window, table)
    made = tmp_path / "night 2.twinrec"
    dialog = window.finding.importing
    assert dialog is not None
    qtbot.waitUntil(dialog.make.isEnabled)
    QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.opens.isVisible)
    assert "4 samples of 2 rows" in dialog.said.text()
    QTest.mouseClick(dialog.opens, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.request is not None and set(window.request.addresses.values()) == {str(made)})
    assert (tmp_path / "night.twinrec").read_bytes() == b"somebody's"


@pytest.mark.allow_logs
@pytest.mark.parametrize("content", [b"", b"no message\n" * 9, bytes(range(256)) * 99])
def test_that_a_capture_that_is_none_leaves_what_is_open_as_it_is(window: MainWindow, tmp_path: Path, content: bytes) -> None:
    before = window.request
    path = tmp_path / "shift.JSONL.jsonl"
    path.write_bytes(content)
    assert drop(window, path)
    assert window.request is before
    assert str(path) in window.notices.texts()[-1]


@pytest.mark.parametrize("names", [("note.txt",), ("a.twinrec", "b.twinrec"), ()])
def test_that_nothing_else_is_taken(window: MainWindow, tmp_path: Path, names: tuple[str, ...]) -> None:
    assert not drop(window, *(tmp_path / name for name in names))
