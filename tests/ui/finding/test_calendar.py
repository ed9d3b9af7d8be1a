"""The calendar of recordings and the search, as people use them: keys, a double click, a jump, a link, giving up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from tests.finding.shifts import HOUR_NS, SECOND_NS
from tests.service.test_carried import line_in, record
from tests.service.test_finding import START
from tests.ui.finding.conftest import STOP_S
from twin_app.service.link import read
from twin_app.service.places import recordings_folder
from twin_app.settings import changed
from ui.opening import OpenRequest

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.finding.calendar_dialog import CalendarDialog
    from ui.finding.search_dialog import SearchDialog
    from ui.main_window import MainWindow

NIGHT_NS = 24 * HOUR_NS


@pytest.fixture
def calendar(window: MainWindow, qtbot: QtBot) -> CalendarDialog:
    window.commands.run("file.calendar")
    found = window.finding.calendar
    assert found is not None
    qtbot.waitUntil(lambda: not found.work.working)
    return found


@pytest.fixture
def search(window: MainWindow) -> SearchDialog:
    window.commands.run("file.find")
    assert window.finding.search is not None
    return window.finding.search


def at_ns(window: MainWindow) -> int:
    assert window.bridge.shown is not None
    return window.bridge.shown.at_ns


def test_that_the_shift_at_the_playhead_is_selected_and_told(calendar: CalendarDialog) -> None:
    assert calendar.grid.selected is not None
    assert calendar.grid.selected.slot.key == "2026-03-02/1"
    told = {name.text(): figure.text() for name, figure in calendar._facts}
    assert told["Longest stop"].startswith("3 min 20 s · Filler")
    assert told["Bookmarks"] == "0"
    assert "2026-03-02 22:00 – 2026-03-03 06:00 UTC+8" in calendar.when.text()
    assert calendar.head.text() == "March 2026"


def test_that_arrows_choose_a_night_and_enter_opens_it_at_its_start(window: MainWindow, calendar: CalendarDialog, qtbot: QtBot) -> None:
    QTest.keyClick(calendar.grid, Qt.Key.Key_Right)
    assert calendar.grid.selected is not None
    assert calendar.grid.selected.slot.key == "2026-03-03/1"
    QTest.keyClick(calendar.grid, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: at_ns(window) == START + NIGHT_NS)
    timeline = window.dock_area.panels["timeline"]
    scale = timeline.canvas.scale  # type: ignore[attr-defined] # the timeline's
    assert scale.start_ns <= START + NIGHT_NS < START + NIGHT_NS + 8 * HOUR_NS <= scale.end_ns


def test_that_a_double_click_opens_the_night_under_it(window: MainWindow, calendar: CalendarDialog, qtbot: QtBot) -> None:
    room = next(room for summary, room in calendar.grid.rows() if summary.slot.key == "2026-03-04/1")
    QTest.mouseClick(calendar.grid, Qt.MouseButton.LeftButton, pos=room.center())
    QTest.mouseDClick(calendar.grid, Qt.MouseButton.LeftButton, pos=room.center())
    qtbot.waitUntil(lambda: at_ns(window) == START + 2 * NIGHT_NS)


def test_that_pages_turn_the_month_and_clicks_beside_shifts_choose_nothing(calendar: CalendarDialog) -> None:
    QTest.keyClick(calendar.grid, Qt.Key.Key_PageDown)
    assert calendar.head.text() == "April 2026"
    before = calendar.grid.selected
    QTest.mouseClick(calendar.grid, Qt.MouseButton.LeftButton, pos=QPoint(calendar.grid.width() // 2, calendar.grid.height() // 2))
    assert calendar.grid.selected is before
    QTest.keyClick(calendar.grid, Qt.Key.Key_End)
    assert calendar.head.text() == "March 2026"


def test_that_a_shift_of_another_folder_is_opened_with_all_of_it(
    window: MainWindow, recordings: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    """The window has one file open, alone in its folder; the calendar is shown the folder of all."""
    alone = tmp_path / "alone"
    alone.mkdir()
    first = min(recordings.glob("*.twinrec"))
    (alone / first.name).write_bytes(first.read_bytes())
    layout = recordings.parent / "line.toml"
    window.open_line(OpenRequest(layout=layout, addresses={"plc": str(alone / first.name)}, paused=True))
    window.commands.run("file.calendar")
    found = window.finding.calendar
    assert found is not None
    found.look(recordings, START + NIGHT_NS)
    qtbot.waitUntil(lambda: not found.work.working)
    QTest.keyClick(found.grid, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.request is not None and set(window.request.addresses.values()) == {str(recordings)})
    qtbot.waitUntil(lambda: window.bridge.shown is not None and at_ns(window) == START + NIGHT_NS)
    assert found.isVisible(), "it stays for the next one"


def test_that_another_lines_shift_is_opened_from_the_calendar_by_the_layout_it_was_recorded_with(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    record(
        recordings_folder(line_in(tmp_path / "plant", "Press shop", line_id="L7")) / "20260302T140000Z.twinrec",
        line_in(tmp_path / "plant", "Press shop", line_id="L7"),
    )
    broken = tmp_path / "data" / "recordings" / "broken"
    broken.mkdir()
    (broken / "a.twinrec").write_bytes(b"nothing of the kind")
    window.commands.run("file.calendar")
    found = window.finding.calendar
    assert found is not None
    qtbot.waitUntil(lambda: not found.work.working)
    assert [found.lines.itemText(i) for i in range(found.lines.count())] == ["Line 1", "broken", "Press shop  (S / A / L7)"]
    assert found.compare.isEnabled()
    found.lines.setCurrentIndex(2)
    found.lines.activated.emit(2)
    qtbot.waitUntil(lambda: not found.work.working)
    assert found.elsewhere
    assert found.grid.selected is not None
    assert found.show_it.isEnabled()
    assert not found.compare.isEnabled()
    found.show_it.click()
    qtbot.waitUntil(lambda: window.view is not None and window.view.line.title == "Press shop")
    assert window.finding.calendar is found
    assert not found.elsewhere
    window.close_line()
    qtbot.waitUntil(lambda: window.finding.calendar is None)
    window.commands.run("file.calendar")  # with no line open
    assert window.finding.calendar is not None
    assert window.finding.calendar.home is None
    qtbot.waitUntil(lambda: window.finding.calendar is not None and not window.finding.calendar.work.working)


def test_that_one_file_is_chosen_as_well_as_a_folder(
    calendar: CalendarDialog, recordings: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    second = sorted(recordings.glob("*.twinrec"))[1]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(second), ""))
    calendar.choose_file.click()
    qtbot.waitUntil(lambda: not calendar.work.working)
    assert [summary.slot.key for summary, _ in calendar.grid.rows()] == ["2026-03-03/1"]


def test_that_a_folder_without_recordings_is_said_and_nothing_can_be_opened(calendar: CalendarDialog, tmp_path: Path, qtbot: QtBot) -> None:
    calendar.look(tmp_path, 0)
    qtbot.waitUntil(lambda: not calendar.work.working)
    assert "no recording" in calendar.said.text()
    assert not calendar.show_it.isEnabled()
    assert not calendar.grid.rows()
    calendar.look(None, 0)
    assert "Choose a folder" in calendar.said.text()


def test_that_reading_may_be_given_up(calendar: CalendarDialog, recordings: Path) -> None:
    calendar.look(recordings, 0)
    assert not calendar.cancel.isHidden()
    calendar.cancel.click()
    assert not calendar.work.working
    assert "Given up" in calendar.said.text()


def test_that_a_search_lists_moments_and_choosing_one_goes_there(window: MainWindow, search: SearchDialog, qtbot: QtBot) -> None:
    """Three stops: 200, 400 and 600 s; of five minutes and more there are two."""
    search.longer.setText("5min")
    search.start()
    qtbot.waitUntil(lambda: not search.work.working)
    assert [moment.end_ns - moment.at_ns for moment in search.moments] == [seconds * SECOND_NS for seconds in STOP_S[1:]]
    search.table.selectRow(1)
    qtbot.waitUntil(lambda: at_ns(window) == START + 2 * NIGHT_NS + HOUR_NS)
    assert window.selection.unit == "Filler"
    search.copy.click()
    assert read(QGuiApplication.clipboard().text()).at_ns == START + 2 * NIGHT_NS + HOUR_NS


def test_that_a_sentence_fills_the_fields_and_finds_what_they_find(search: SearchDialog, qtbot: QtBot) -> None:
    QTest.keyClicks(search.sentence, "filler aborted > 5 min, last 12 days")
    QTest.keyClick(search.sentence, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(search.moments) and not search.work.working)
    assert (search.unit.currentData(), search.longer.text(), search.period.currentData()) == ("Filler", "5min", "12d")
    assert [moment.end_ns - moment.at_ns for moment in search.moments] == [seconds * SECOND_NS for seconds in STOP_S[1:]]
    search.longer.setText("7min")  # fields may be changed after it
    assert search.asked().wanted.longer_ns == 420 * SECOND_NS
    search.sentence.setText("filler sulked")
    search.start()
    assert "Not understood: sulked" in search.said.text()
    assert not search.work.working


@pytest.mark.parametrize(("field", "text", "said"), [("longer", "long", "not a duration"), ("value", "hot", "no value to search")])
def test_that_a_field_that_cannot_be_understood_is_said(search: SearchDialog, field: str, text: str, said: str) -> None:
    getattr(search, field).setText(text)
    search.start()
    assert said in search.said.text()
    assert not search.work.working


def test_that_letters_typed_into_fields_move_nothing(window: MainWindow, search: SearchDialog) -> None:
    before = at_ns(window)
    QTest.keyClicks(search.reason, "jkl m")
    assert search.reason.text() == "jkl m"
    assert at_ns(window) == before


def test_that_both_speak_chinese(window: MainWindow, qtbot: QtBot) -> None:
    window.change_settings(changed(window.settings, "look.language", "zh_CN"))
    window.commands.run("file.calendar")
    found = window.finding.calendar
    assert found is not None
    qtbot.waitUntil(lambda: not found.work.working)
    assert found.windowTitle() == "录制日历"
    assert found.head.text() == "2026 年 三月"
    window.finding.close()
    assert window.finding.calendar is None
