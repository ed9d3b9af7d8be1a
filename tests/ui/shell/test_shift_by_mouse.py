"""An operator's shift by mouse alone, each click counted; only names, notes and order numbers are typed. By keys: `test_shift_by_keys`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from tests.session.plant import at
from tests.ui.shell.test_operators_shift import LEFT, click, people, shop
from twin_app.model.entry import EntryKind
from twin_app.model.frame import Mode
from ui.alarms.dialogs import ReasonDialog
from ui.orders.dialog import EntryDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.shell.test_operators_shift import Shop

__all__ = ["people", "shop"]


class Mouse:
    """Clicks what is to be seen, and counts."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.count = shop, 0

    def click(self, part: QWidget, at: QPoint | None = None) -> None:
        self.count += 1
        assert part.isVisible()
        assert part.isEnabled()
        QTest.mouseClick(part, LEFT, pos=at or part.rect().center())

    def button(self, panel: QWidget, words: str) -> None:
        """Click the button that says something."""
        found = [one for one in panel.findChildren(QAbstractButton) if one.isVisible() and one.text().startswith(words)]
        assert found, [one.text() for one in panel.findChildren(QAbstractButton)]
        self.shop.until(found[0].isEnabled)
        self.click(found[0])

    def row(self, table: Any, row: int) -> None:
        self.count += 1
        click(table, row)

    def entry(self, words: str) -> Callable[[QMenu], None]:
        """Return what clicks an entry of a menu that opens."""

        def choose(menu: QMenu) -> None:
            action = next(one for one in menu.actions() if words in one.text())
            self.click(menu, menu.actionGeometry(action).center())

        return choose

    def menu(self, title: str, words: str) -> None:
        """Open a menu of the window by a click, and click an entry of it."""
        bar = self.shop.window.top_bar.menu_bar
        action = next(one for one in bar.actions() if one.text().replace("&", "") == title)
        self.shop.answer(QMenu, self.entry(words))
        self.click(bar, bar.actionGeometry(action).center())
        self.shop.until(lambda: QApplication.activePopupWidget() is None)

    def spent(self) -> int:
        spent, self.count = self.count, 0
        return spent


def _writes(mouse: Mouse, note: str) -> Callable[[ReasonDialog], None]:
    def write(dialog: ReasonDialog) -> None:
        QTest.keyClicks(dialog.reason, note)
        mouse.click(dialog.ok)

    return write


def test_that_an_operator_gets_through_a_shift_by_mouse_alone(shop: Shop, people: dict[str, str]) -> None:
    mouse, window, who = Mouse(shop), shop.window, people["Mary"]
    shop.until(window.top_bar.badge.isVisible)
    shop.sign_on("mary", "4711")
    shop.run(100, State="Aborted", Jam=True)
    shop.until(lambda: "Filler" in window.sentence.said.told.whole and window.sentence.said.priority > 0)
    mouse.click(window.sentence)
    assert window.selection.unit == "Filler"
    assert mouse.spent() == 1

    alarms: Any = shop.panel("alarms")
    table = alarms.tables[0]
    shop.until(lambda: bool(table.rows.rows))
    mouse.row(table, 0)
    shop.answer(ReasonDialog, _writes(mouse, "waiting for a part"))
    mouse.button(alarms, "Shelve")
    shop.until(lambda: bool(shop.rows("alarm_actions.jsonl")))
    assert [(row["action"], row["who"], row["note"]) for row in shop.rows("alarm_actions.jsonl")] == [("shelve", who, "waiting for a part")]
    assert mouse.spent() == 3
    shop.until(lambda: alarms.tabs.tabText(1) == "Hidden 1" and bool(table.rows.rows))
    mouse.row(table, 0)
    mouse.button(alarms, "Acknowledge")
    shop.until(lambda: len(shop.rows("alarm_actions.jsonl")) == 2)
    assert mouse.spent() == 2

    _says_why(shop, mouse)
    _enters_an_order(shop, mouse)
    _looks_back(shop, mouse)
    mouse.menu("File", "Sign off")
    shop.until(lambda: window.top_bar.person.text() == "Sign on")
    assert mouse.spent() == 2


def _says_why(shop: Shop, mouse: Mouse) -> None:
    shop.run(130, State="Aborted", Jam=True, count=100)
    stops: Any = shop.panel("stops")
    shop.until(lambda: len(stops.stops) == 1 and bool(stops.stops[0].proposed))
    mouse.row(stops.table, 0)
    mouse.button(stops, "Confirm")
    shop.until(lambda: bool(stops.stops[0].reason))
    assert mouse.spent() == 2


def _enters_an_order(shop: Shop, mouse: Mouse) -> None:
    shop.run(140, count=100, Jam=False)
    shop.shown()

    def name(dialog: EntryDialog) -> None:
        QTest.keyClicks(dialog.order, "PO-7")
        mouse.button(dialog, "Enter")

    def order(menu: QMenu) -> None:
        shop.answer(EntryDialog, name)
        mouse.entry("Order begins")(menu)

    shop.answer(QMenu, order)
    mouse.button(shop.panel("orders"), "Enter")
    shop.until(lambda: [entry.kind for entry in shop.shown().entries] == [EntryKind.ORDER])
    assert mouse.spent() == 3


def _looks_back(shop: Shop, mouse: Mouse) -> None:
    """A click on the timeline goes there, the strip's button returns."""
    window = shop.window
    timeline: Any = shop.panel("timeline")
    shop.run(400, count=300)
    shop.shown()
    canvas = timeline.canvas
    mouse.click(canvas, QPoint(canvas.width() // 2, canvas.height() - 8))
    shop.until(lambda: (frame := window.sentence.frame) is not None and frame.mode is Mode.LOOK_BACK and frame.at_ns < at(400))
    shop.until(window.live_strip.back.isVisible)
    mouse.click(window.live_strip.back)
    shop.until(lambda: (frame := window.sentence.frame) is not None and frame.mode is Mode.LIVE)
    assert mouse.spent() == 2
