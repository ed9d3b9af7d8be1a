"""The panel of orders, and entering in two keys."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.ui.panels.doubles import Plant, Stage, at
from twin_app import text
from twin_app.model.entry import Entry, EntryKind, by_start
from twin_app.model.equipment import Line
from twin_app.model.work import Task
from twin_app.session.entries import Entries
from ui.orders.dialog import EntryDialog
from ui.panels.orders import OrdersPanel

if TYPE_CHECKING:
    from twin_app.model.frame import Frame
    from twin_app.session.known import Known


@dataclass
class Told:
    """What of the known line the entries need."""

    line: Line
    told: tuple[Entry, ...] = field(default=())

    def tell(self, entries: Any) -> None:
        self.told = (*self.told, *entries)


@pytest.fixture
def orders(put: Any, plant: Plant) -> tuple[OrdersPanel, Stage, Told]:
    panel, stage = put(OrdersPanel, plant, 900, 420)
    told = Told(plant.line)
    entries = Entries(cast("Known", told), None, now=lambda: at(100.0), blind=lambda: None)
    panel.open_line(replace(plant.view, entries=entries))
    panel.offer(shown(plant, told))
    return panel, stage, told


def shown(plant: Plant, told: Told, second: float = 90.0) -> Frame:
    return plant.frame(second, entries=by_start(told.told))


def press(panel: OrdersPanel, letter: str) -> None:
    menu = panel.deeds.menu()
    menu.popup(panel.mapToGlobal(panel.rect().center()))
    QTest.keyClick(menu, getattr(Qt.Key, f"Key_{letter}"))
    menu.close()


@pytest.mark.parametrize(("letter", "kind"), [
    ("C", EntryKind.CHANGEOVER), ("N", EntryKind.NO_ORDER), ("L", EntryKind.CLEANING), ("B", EntryKind.BREAK), ("T", EntryKind.OVERTIME),
])  # fmt: skip
def test_that_the_second_key_enters_what_begins_at_the_playhead(orders: Any, letter: str, kind: EntryKind) -> None:
    panel, _, told = orders
    press(panel, letter)
    (entry,) = told.told
    assert (entry.kind, entry.start_ns, entry.end_ns, entry.unit) == (kind, at(90.0), None, "")


def test_that_work_goes_on_where_the_playhead_is_by_then(orders: Any, plant: Plant) -> None:
    panel, _, told = orders
    press(panel, "C")
    panel.offer(shown(plant, told, 110.0))
    press(panel, "G")
    assert [(e.kind, e.start_ns, e.end_ns) for e in by_start(told.told)] == [(EntryKind.CHANGEOVER, at(90.0), at(110.0))]
    press(panel, "U")
    assert by_start(told.told) == ()
    assert len(told.told) == 3


def test_that_entries_are_listed_and_the_chosen_one_can_be_undone(orders: Any, plant: Plant) -> None:
    panel, _, told = orders
    press(panel, "L")
    panel.offer(shown(plant, told))
    assert [cell.text for cell in panel.said.rows[0].cells] == [
        "Cleaning",
        "The whole line",
        "",
        "17:27",
        "until further notice",
        "local user",
        "11-23 17:27",
    ]
    assert panel.entries.isColumnHidden(6)
    assert not panel.undo.isEnabled()
    panel.entries.selectRow(0)
    assert panel.undo.isEnabled()
    QTest.mouseClick(panel.undo, Qt.MouseButton.LeftButton)
    assert by_start(told.told) == ()


def test_that_everything_that_was_ever_said_can_be_seen_with_when_and_by_whom(orders: Any, plant: Plant) -> None:
    panel, _, told = orders
    press(panel, "L")
    panel.offer(shown(plant, told))
    panel.view.entries.enter(EntryKind.REASON, at(10.0), end_ns=at(20.0), unit="Capper", reason="jam", note="bottle")
    panel.entries.selectRow(0)
    QTest.mouseClick(panel.undo, Qt.MouseButton.LeftButton)
    panel.offer(plant.frame(90.0, entries=panel.view.entries.current))
    assert panel.said.rows == []
    QTest.mouseClick(panel.audit, Qt.MouseButton.LeftButton, pos=QPoint(8, panel.audit.height() // 2))
    assert [(row.cells[0].text, row.cells[2].text) for row in panel.said.rows] == [
        ("Cleaning (undone)", ""), ("Reason of a stop", "Machine / Jam · bottle"), ("Cleaning", ""),
    ]  # fmt: skip
    assert not panel.entries.isColumnHidden(6)
    panel.entries.selectRow(1)
    assert not panel.undo.isEnabled()  # reasons are taken back where they are given
    panel.entries.selectRow(2)
    assert not panel.undo.isEnabled()  # it is undone already


def test_that_the_shift_is_shown_by_order_and_by_what_the_tabs_say(orders: Any) -> None:
    panel, stage, _ = orders
    assert [cell.text for cell in panel.parts.rows[0].cells][:4] == ["PO-1", "17:25", "–", "701 of 1\u2009000"]
    panel.bar.setCurrentIndex(1)
    assert stage.query.asked[-1] == ("parts", "orders", "product")
    assert panel.save() == {"by": "product"}
    panel.table.activated.emit(panel.parts.index(0, 0))
    assert stage.deck.sought_s == [0.0]


def test_that_the_head_says_what_the_constraint_works_on(orders: Any, plant: Plant) -> None:
    panel, _, told = orders
    assert panel.head.text() == "Nobody tells order or product"
    frame = shown(plant, told)
    works = {**frame.units, "Filler": replace(frame.units["Filler"], task=Task("still", "PO-9", 5000.0))}
    panel.offer(replace(frame, units=works))
    assert panel.head.text() == "PO-9 · Still · 5\u2009000 planned"


def dialog(panel: OrdersPanel, plant: Plant, kind: EntryKind, **given: Any) -> EntryDialog:
    return EntryDialog(plant.line, Entry(id="", kind=kind, start_ns=at(90.0), known_ns=0, **given), plant.span, panel, fresh=True)


def test_that_the_dialog_gives_the_entry_that_was_typed(orders: Any, plant: Plant) -> None:
    asked = dialog(orders[0], plant, EntryKind.ORDER)
    QTest.keyClicks(asked.order, "PO 17")
    QTest.keyClicks(asked.quantity, "12 000")
    asked.product.setCurrentIndex(1)
    asked.start.setText("17:26:57")
    asked.end.setText("17:27:27")
    entry = asked.entry()
    assert (entry.order, entry.product, entry.quantity, entry.start_ns, entry.end_ns) == ("PO 17", "still", 12_000, at(60.0), at(90.0))
    asked.kind.setCurrentIndex(asked.kind.findData(EntryKind.BREAK))
    assert (asked.entry().order, asked.entry().product, asked.entry().quantity) == ("", "", None)


@pytest.mark.parametrize(
    ("wrong", "expected"), [({"quantity": "many"}, "“many” is not a number."), ({"start": "noon"}, "“noon” is not a time.")]
)
def test_that_the_dialog_says_what_is_wrong_and_stays(orders: Any, plant: Plant, wrong: dict[str, str], expected: str) -> None:
    asked = dialog(orders[0], plant, EntryKind.ORDER, order="1")
    asked.show()
    for name, typed in wrong.items():
        getattr(asked, name).setText(typed)
    asked._on_accepted()
    assert asked.isVisible()
    assert expected in asked.wrong.text()
    asked.close()


def test_that_the_panel_speaks_chinese(orders: Any, plant: Plant) -> None:
    panel, _, told = orders
    press(panel, "C")
    panel.offer(shown(plant, told))
    text.set_language("zh_CN")
    try:
        panel.retranslate()
        assert [panel.bar.tabText(i) for i in range(4)] == ["订单", "产品", "小时", "班次"]
        assert panel.said.rows[0].cells[0].text == "换型"
    finally:
        text.set_language("en")
