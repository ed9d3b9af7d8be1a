"""An operator's shift by keys alone, each press counted: nothing is selected, scrolled or focused by the test. By mouse: `test_operators_shift`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.session.plant import at
from tests.ui.shell.test_operators_shift import ALT, CTRL, SHIFT, people, shop
from twin_app.model.entry import EntryKind
from twin_app.model.frame import Mode
from ui.alarms.dialogs import ReasonDialog
from ui.orders.dialog import EntryDialog
from ui.palette_dialog import PaletteDialog
from ui.sign_on import SignOnDialog

if TYPE_CHECKING:
    from tests.ui.shell.test_operators_shift import Shop

__all__ = ["people", "shop"]
NONE = Qt.KeyboardModifier.NoModifier


class Keyboard:
    """Presses keys where the keyboard is, and counts them; letters of a text count as one."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.count = shop, 0

    def press(self, *keys: Qt.Key | str, held: Qt.KeyboardModifier = NONE) -> None:
        for key in keys:
            self.count += 1
            top = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.shop.window
            if top is not QApplication.activePopupWidget():
                top.activateWindow()
                self.shop.until(top.isActiveWindow)
            focus: QWidget | None = top.focusWidget()
            at = top if focus is None else focus
            QTest.keyClicks(at, key) if isinstance(key, str) else QTest.keyClick(at, key, held)

    def spent(self) -> int:
        """Return how many keys were pressed since this was asked last."""
        spent, self.count = self.count, 0
        return spent


def _goes_to(keyboard: Keyboard, panel: str) -> Any:
    """F6 until the keyboard is in a panel; give what has it."""
    dock = keyboard.shop.window.dock_area.docks[panel]
    for _ in keyboard.shop.window.dock_area.docks:
        keyboard.press(Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        if focus is not None and dock.isAncestorOf(focus):
            return focus
    raise AssertionError(f"F6 never comes to {panel}")


@pytest.mark.allow_logs
def test_that_an_operator_gets_through_a_shift_by_keys_alone(shop: Shop, people: dict[str, str]) -> None:
    keyboard, window, who = Keyboard(shop), shop.window, people["Mary"]
    shop.until(window.top_bar.badge.isVisible)

    shop.answer(SignOnDialog, lambda _: _signs_on(keyboard))
    keyboard.press(Qt.Key.Key_U, held=CTRL | SHIFT)
    assert window.top_bar.person.text() == "Mary"
    assert keyboard.spent() == 5  # the command, name, Enter, PIN, Enter

    shop.run(100, State="Aborted", Jam=True)
    shop.until(lambda: "Filler" in window.sentence.said.told.whole and window.sentence.said.priority > 0)
    shop.answer(PaletteDialog, lambda _: keyboard.press("fill", Qt.Key.Key_Return))
    keyboard.press(Qt.Key.Key_K, held=CTRL)
    assert window.selection.unit == "Filler"
    assert keyboard.spent() == 3

    alarms: Any = window.dock_area.panels["alarms"]
    shop.until(lambda: bool(alarms.tables[0].rows.rows))
    table = _goes_to(keyboard, "alarms")
    assert table.selectionModel().hasSelection()
    shop.answer(ReasonDialog, lambda _: keyboard.press("fitter called", Qt.Key.Key_Return))
    keyboard.press(Qt.Key.Key_A, held=CTRL | ALT)
    shop.until(lambda: bool(shop.rows("alarm_actions.jsonl")))
    (kept,) = shop.rows("alarm_actions.jsonl")
    assert (kept["action"], kept["alarm"], kept["who"], kept["note"]) == ("acknowledge", "Filler/Jam", who, "fitter called")
    assert keyboard.spent() <= 6  # F6 up to twice more than here, the command, the note, Enter

    shop.run(105, State="Aborted", Jam=True, count=100)
    shop.shown()
    keyboard.press(Qt.Key.Key_Right, Qt.Key.Key_Down)  # unfold what follows from the jam
    shop.answer(ReasonDialog, lambda _: keyboard.press("waiting for a part", Qt.Key.Key_Tab, Qt.Key.Key_Down, Qt.Key.Key_Return))
    keyboard.press(Qt.Key.Key_H, held=CTRL | SHIFT)
    shop.until(lambda: len(shop.rows("alarm_actions.jsonl")) == 2)
    kept = shop.rows("alarm_actions.jsonl")[-1]
    assert (kept["action"], kept["alarm"], kept["who"], kept["note"]) == ("shelve", "Filler/Aborted", who, "waiting for a part")
    assert kept["until_ns"] - kept["effective_ns"] == 1800 * 10**9
    assert keyboard.spent() == 7

    _says_why(shop, keyboard)
    _enters_work(shop, keyboard)
    _looks_back(shop, keyboard)
    _may_not_export(shop, keyboard)
    keyboard.press(Qt.Key.Key_U, held=CTRL | ALT)
    assert window.top_bar.person.text() == "Sign on"


def _says_why(shop: Shop, keyboard: Keyboard) -> None:
    """The first key shows which stop, the next confirms the reason that the machine's words propose."""
    shop.run(130, State="Aborted", Jam=True, count=100)
    stops: Any = shop.window.dock_area.panels["stops"]
    _goes_to(keyboard, "stops")
    shop.until(lambda: len(stops.stops) == 1 and bool(stops.stops[0].proposed))
    assert keyboard.spent() <= 4
    if not stops.chosen():  # where it was listed only after the keyboard came
        keyboard.press(Qt.Key.Key_Return, held=CTRL)
        assert not stops.stops[0].reason
    keyboard.press(Qt.Key.Key_Return, held=CTRL)
    shop.until(lambda: bool(stops.stops[0].reason))
    assert keyboard.spent() <= 2


def _enters_work(shop: Shop, keyboard: Keyboard) -> None:
    """A changeover, an early break and an order, two keys each; of an order its number besides."""
    for n, (letter, kind) in enumerate(((Qt.Key.Key_C, EntryKind.CHANGEOVER), (Qt.Key.Key_B, EntryKind.BREAK)), 1):
        shop.run(130 + 10 * n, count=100, Jam=False)
        shop.shown()
        shop.answer(QMenu, partial(_press, keyboard, letter))
        keyboard.press(Qt.Key.Key_J, held=CTRL)
        shop.until(partial(_entered, shop, kind))
        assert keyboard.spent() == 2
    shop.run(200, count=100)
    shop.shown()

    def order(_menu: QMenu) -> None:
        shop.answer(EntryDialog, lambda _: keyboard.press("PO-7", Qt.Key.Key_Return))
        keyboard.press(Qt.Key.Key_O)

    shop.answer(QMenu, order)
    keyboard.press(Qt.Key.Key_J, held=CTRL)
    shop.until(lambda: [entry.order for entry in shop.shown().entries][2:] == ["PO-7"])
    assert keyboard.spent() == 4


def _press(keyboard: Keyboard, key: Qt.Key, _menu: QMenu) -> None:
    keyboard.press(key)


def _entered(shop: Shop, kind: EntryKind) -> bool:
    """Tell whether what was entered last is of a kind."""
    return [entry.kind for entry in shop.shown().entries][-1:] == [kind]


def _looks_back(shop: Shop, keyboard: Keyboard) -> None:
    """G and how long before now; End returns."""
    window = shop.window
    shop.run(400, count=300)
    shop.shown()
    table = window.focusWidget()
    keyboard.press(Qt.Key.Key_G, "-5min", Qt.Key.Key_Return)
    assert window.focusWidget() is table, "the keyboard is where it was"
    shop.until(
        lambda: (frame := window.sentence.frame) is not None and frame.mode is Mode.LOOK_BACK and frame.at_ns // 10**9 == at(100) // 10**9
    )
    keyboard.press(Qt.Key.Key_End)
    shop.until(lambda: (frame := window.sentence.frame) is not None and frame.mode is Mode.LIVE)
    assert keyboard.spent() == 4


def _may_not_export(shop: Shop, keyboard: Keyboard) -> None:
    """An operator may not export, and is told who may."""
    keyboard.press(Qt.Key.Key_H, held=CTRL)
    assert not shop.window.commands.action("file.report").isEnabled()
    assert keyboard.spent() == 1


def _signs_on(keyboard: Keyboard) -> None:
    keyboard.press("mary", Qt.Key.Key_Return, "4711")
    with keyboard.shop.qtbot.waitSignal(keyboard.shop.window.station.answered):
        keyboard.press(Qt.Key.Key_Return)
