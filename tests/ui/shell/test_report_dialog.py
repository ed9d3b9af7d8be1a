"""Handing over a shift from the window: which windows are offered, and that HTML and PDF hold the same moments and figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.shell import plant
from twin_app.model.historian import Span
from twin_app.model.plan import ShiftSpan
from twin_app.report.handover import gather
from twin_app.report.page import html
from twin_app.service.opening import open_line, read_through
from twin_app.session import Session
from ui.main_window import MainWindow
from ui.report_dialog import ReportDialog, windows

ROOT = Path(__file__).resolve().parents[3]
LAYOUT = ROOT / "models3d" / "lines" / "packaging.toml"
HOUR_NS = 3600 * 10**9
CAPTURE = ROOT / "sample_streams" / "packaging.jsonl"


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """The captured line, read to its end."""
    opened = open_line(LAYOUT, [str(CAPTURE)], record=False)
    read_through(opened, None)
    yield opened
    opened.close()


@pytest.fixture
def dialog(session: Session, window: MainWindow, tmp_path: Path) -> ReportDialog:
    asked = ReportDialog(session, str(tmp_path), window)
    asked.show()
    return asked


def test_that_html_and_pdf_lead_to_the_same_moments(qtbot: QtBot, dialog: ReportDialog, session: Session) -> None:
    with qtbot.waitSignal(dialog.work.gathered):
        QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    assert dialog.make.isEnabled()
    assert dialog.show_it.isVisible()
    window = dialog.which.currentData()
    page, paper = dialog.path(window, ".html"), dialog.path(window, ".pdf")
    assert page.name == "packaging-2026-11-23.html"
    assert str(page) in dialog.said.text()
    assert str(paper) in dialog.said.text()
    on_screen = {unescape(address) for address in re.findall(r'href="(twin:[^"]+)"', page.read_text(encoding="utf-8"))}
    on_paper = {address.decode() for address in re.findall(rb"/URI \((twin:[^)]+)\)", paper.read_bytes())}
    assert len(on_screen) >= 5
    assert on_paper == on_screen


def test_that_the_sheet_holds_what_the_command_line_writes(qtbot: QtBot, dialog: ReportDialog, session: Session) -> None:
    dialog.as_pdf.setChecked(False)
    with qtbot.waitSignal(dialog.work.gathered):
        QTest.keyClick(dialog.make, Qt.Key.Key_Space)
    window = dialog.which.currentData()
    assert not dialog.path(window, ".pdf").exists()
    sheet = gather(session, window.start_ns, window.end_ns, name=window.name)
    assert dialog.path(window, ".html").read_text(encoding="utf-8") == html(sheet, dialog._link)


def test_that_a_folder_that_is_not_there_is_said_and_nothing_is_lost(qtbot: QtBot, dialog: ReportDialog, tmp_path: Path) -> None:
    dialog.folder.setText(str(tmp_path / "nowhere"))
    with qtbot.waitSignal(dialog.work.gathered):
        QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    assert "cannot be written" in dialog.said.text()
    assert dialog.make.isEnabled()
    assert not dialog.show_it.isVisible()
    dialog.as_html.setChecked(False)  # Qt's writer has its own way to fail
    with qtbot.waitSignal(dialog.work.gathered):
        QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    assert "cannot be written" in dialog.said.text()
    dialog.as_pdf.setChecked(False)
    assert not dialog.make.isEnabled()


class Known:
    """A line of which eleven hours are known: 05:00 to 16:00 of a day with shifts from 06:00 to 14:00 and from 14:00 to 22:00."""

    def span(self) -> Span:
        return Span(5 * HOUR_NS, 16 * HOUR_NS)

    def shifts(self, _start_ns: int, _end_ns: int) -> list[ShiftSpan]:
        return [ShiftSpan("Early", 6 * HOUR_NS, 14 * HOUR_NS, ()), ShiftSpan("Late", 14 * HOUR_NS, 22 * HOUR_NS, ())]


def test_that_every_known_shift_is_offered_the_newest_first_as_far_as_it_is_known() -> None:
    offered = windows(cast("Session", Known()))
    assert [(w.name, w.start_ns // HOUR_NS, w.end_ns // HOUR_NS) for w in offered] == [("Late", 14, 16), ("Early", 6, 14), ("", 5, 16)]


def test_that_the_command_is_there_while_a_line_is_open(window: MainWindow, show: Callable[..., object]) -> None:
    assert not window.commands.action("file.report").isEnabled()
    show(window, plant.frame(plant.line()))
    assert window.commands.action("file.report").isEnabled()
