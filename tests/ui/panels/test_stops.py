"""The stops of a shift: what the rows say, and reasons given by key, from the tree, for a part and for several at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.panels.doubles import Plant, Stage, at
from twin_app.errors import UsageError
from twin_app.model.entry import EntryKind
from twin_app.model.frame import Mode
from twin_app.model.packml import State
from twin_app.model.reason import Stop
from twin_app.text import N_
from ui.panels.stops import StopsPanel
from ui.reason_dialog import ReasonChoice

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Book:
    """Entries that are noted as they are entered."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.told: list[tuple[Any, ...]] = []
        self.undone: list[str] = []
        self.fails = False

    def enter(self, kind: EntryKind, start_ns: int, **said: Any) -> str:
        if self.fails:
            raise UsageError(N_("A reason is one of the layout's tree, and of a unit."))
        self.told.append((kind, start_ns, said["end_ns"], said["unit"], said["reason"], said["note"]))
        return "e1"

    def undo(self, entry: str, *, who: str = "") -> None:
        self.undone.append(entry)


@pytest.fixture
def panel(put: Any, plant: Plant, qtbot: QtBot) -> tuple[StopsPanel, Stage, Book]:
    plant.stops = [
        Stop(unit="Filler", start_ns=at(20), end_ns=at(40), state=State.ABORTED, said="Product jam", proposed="jam"),
        Stop(unit="Filler", start_ns=at(60), end_ns=at(80), state=State.HELD, said="Odd"),
        Stop(unit="Capper", start_ns=at(70), end_ns=at(95), state=State.STOPPED, reason="people", note="lunch", entry="e9"),
    ]
    plant.entries = Book(plant)
    shown, stage = put(StopsPanel, plant, 1000, 300)
    shown.offer(plant.frame(100.0))
    return shown, stage, plant.entries


def row(panel: StopsPanel, n: int) -> list[str]:
    return [cell.text for cell in panel.model.rows[n].cells]


def select(panel: StopsPanel, *rows: int) -> None:
    panel.table.clearSelection()
    how = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for n in rows:
        panel.table.selectionModel().select(panel.model.index(n, 0), how)


def answer(do: Any) -> None:
    """Do something to the dialog once it is open."""

    def act() -> None:
        dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ReasonChoice) and w.isVisible())
        try:
            do(dialog)
        finally:
            if dialog.isVisible():
                dialog.reject()

    QTimer.singleShot(50, act)


def test_that_the_newest_stop_stands_first_and_a_proposal_is_marked_as_a_guess(panel: tuple[StopsPanel, Stage, Book]) -> None:
    shown, _, _ = panel
    assert [row(shown, n)[2] for n in range(3)] == ["Capper", "Filler", "Filler"]
    assert row(shown, 0)[5] == "Nobody there · lunch"
    assert row(shown, 1)[4:] == ["Odd", ""]
    assert row(shown, 2)[3:] == ["Aborted", "Product jam", "≈ Machine / Jam?"]
    assert shown.said.text() == "3 stops, 1 min 05 s · 2 without a reason"


def test_that_the_names_of_units_are_read_whole(panel: tuple[StopsPanel, Stage, Book]) -> None:
    stops = panel[0]
    assert stops.view is not None
    named = replace(stops.view.line, units=(replace(stops.view.line.units[0], title="Label inspection W"), *stops.view.line.units[1:]))
    stops.open_line(replace(stops.view, line=named))
    assert stops.table.columnWidth(2) > stops.table.fontMetrics().horizontalAdvance("Label inspection W") + 8


def test_that_a_proposal_is_confirmed_with_one_key(panel: tuple[StopsPanel, Stage, Book]) -> None:
    shown, _, book = panel
    select(shown, 2)
    QTest.keyClick(shown.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert book.told == [(EntryKind.REASON, at(20), at(40), "Filler", "jam", "")]
    select(shown, 1)
    assert not shown.actions_[0].isEnabled(), "nothing is proposed for it"


def test_that_a_reason_is_found_by_typing_and_taken_with_enter(panel: tuple[StopsPanel, Stage, Book]) -> None:
    shown, _, book = panel
    select(shown, 1)

    def type_in(dialog: ReasonChoice) -> None:
        QTest.keyClicks(dialog.search, "sens")
        dialog.note.setText("cable")
        QTest.keyClick(dialog.search, Qt.Key.Key_Return)

    answer(type_in)
    shown.choose()
    assert book.told == [(EntryKind.REASON, at(60), at(80), "Filler", "control", "cable")]


def test_that_the_part_up_to_the_playhead_is_given_a_reason_of_its_own(panel: tuple[StopsPanel, Stage, Book], plant: Plant) -> None:
    shown, _, book = panel
    shown.offer(plant.frame(90.0))
    select(shown, 0)
    assert shown.actions_[2].isEnabled()
    answer(lambda dialog: (dialog.tree.setCurrentItem(dialog._items["tool"]), dialog.accept()))
    shown.split()
    assert book.told == [(EntryKind.REASON, at(70), at(90), "Capper", "tool", "lunch")]


def test_that_a_stop_that_goes_on_is_cut_where_the_playhead_is_though_no_more_of_it_is_known(put: Any, plant: Plant, qtbot: QtBot) -> None:
    # What is listed ends at the playhead: live, and in a replay, too.
    plant.stops = [Stop(unit="Capper", start_ns=at(70), end_ns=at(90), state=State.STOPPED)]
    plant.entries = book = Book(plant)
    shown, _ = put(StopsPanel, plant, 1000, 300)
    shown.offer(replace(plant.frame(90.0), mode=Mode.LIVE))
    select(shown, 0)
    assert shown.actions_[2].isEnabled()
    answer(lambda dialog: (dialog.tree.setCurrentItem(dialog._items["tool"]), dialog.accept()))
    QTest.keyClick(shown.table, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    assert book.told == [(EntryKind.REASON, at(70), at(90), "Capper", "tool", "")]  # up to now, whatever comes


def test_that_several_stops_of_a_unit_get_one_reason(panel: tuple[StopsPanel, Stage, Book]) -> None:
    shown, _, book = panel
    select(shown, 0, 1)
    assert not shown.actions_[3].isEnabled(), "they are of two units"
    select(shown, 1, 2)
    answer(lambda dialog: (dialog.tree.setCurrentItem(dialog._items["media"]), dialog.accept()))
    shown.merge()
    assert book.told == [(EntryKind.REASON, at(20), at(80), "Filler", "media", "")]


def test_that_a_reason_is_taken_back_and_a_refusal_is_said(panel: tuple[StopsPanel, Stage, Book]) -> None:
    shown, _, book = panel
    select(shown, 0)
    shown.actions_[4].trigger()
    assert book.undone == ["e9"]
    book.fails = True
    select(shown, 2)
    shown.confirm()
    assert "one of the layout's tree" in shown.said.text()
    assert book.told == []


def test_that_leaving_the_dialog_enters_nothing_and_a_double_click_goes_there(panel: tuple[StopsPanel, Stage, Book]) -> None:
    shown, stage, book = panel
    select(shown, 1)
    answer(lambda dialog: dialog.reject())
    shown.choose()
    assert book.told == []
    shown._on_double_clicked(None)
    assert stage.deck.sought_s == [60.0]
    assert stage.context.selection.unit == "Filler"
    shown.this_unit.setChecked(True)
    assert [row(shown, n)[2] for n in range(len(shown.model.rows))] == ["Filler", "Filler"]


def test_that_a_click_on_a_head_puts_the_longest_first_and_keeps_what_is_selected(panel: tuple[StopsPanel, Stage, Book]) -> None:
    shown, _, _ = panel
    select(shown, 2)
    head = shown.table.horizontalHeader()
    where = QPoint(head.sectionViewportPosition(1) + 20, head.height() // 2)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    assert [row(shown, n)[1:3] for n in range(3)] == [["25 s", "Capper"], ["20 s", "Filler"], ["20 s", "Filler"]]
    assert [stop.start_ns for stop in shown.chosen()] == [at(20)]
    assert shown.model.headerData(1, Qt.Orientation.Horizontal) == "Duration ▾"
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    assert row(shown, 2)[2] == "Capper"


def test_that_the_one_key_first_shows_what_it_would_confirm_and_then_goes_on(panel: tuple[StopsPanel, Stage, Book], plant: Plant) -> None:
    shown, _, book = panel
    plant.stops = [
        Stop(unit="Filler", start_ns=at(20), end_ns=at(40), state=State.ABORTED, proposed="jam"),
        Stop(unit="Filler", start_ns=at(60), end_ns=at(80), state=State.HELD, proposed="drive"),
    ]
    shown.offer(plant.frame(101.0))
    shown._ask()
    for told in ([], ["drive"], ["drive", "jam"]):
        QTest.keyClick(shown.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert [entered[4] for entered in book.told] == told


def test_that_a_narrow_panel_leaves_room_for_why(panel: tuple[StopsPanel, Stage, Book]) -> None:
    shown, _, _ = panel
    shown.resize(440, 300)
    assert shown.table.isColumnHidden(3)
    assert row(shown, 2)[4:] == ["Product jam", "≈ Jam?"]
    assert all(shown.table.columnWidth(column) > 70 for column in (4, 5))
