"""An operator's shift with mouse and keys in the real window: what is on the screen, and what is in the records afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QTableView, QWidget
from pytestqt.qtbot import QtBot

from tests.session.plant import LINE, Played, Rooms, at
from twin_app.model.alarm import AlarmState
from twin_app.model.alarm_rule import AlarmRule
from twin_app.model.entry import EntryKind
from twin_app.model.equipment import Shift
from twin_app.model.frame import Frame, Mode
from twin_app.persons import places, secrets
from twin_app.persons.register import Register
from twin_app.session.action_log import ActionLog
from ui.alarms.dialogs import ReasonDialog
from ui.docks import DOCKS
from ui.main_window import MainWindow
from ui.orders.dialog import EntryDialog
from ui.report_dialog import ReportDialog
from ui.sign_on import SignOnDialog

CTRL, SHIFT, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton
DAY = Shift(name="Day", start=time(6), end=time(22), days=tuple(range(7)), breaks=())
WORKED = replace(LINE, shifts=(DAY,), alarms=(AlarmRule(signal="Jam", text="Jam at the infeed", priority=1),))


class Shop:
    """A live line whose clock and machines do what the test says, in a window that an operator uses."""

    def __init__(self, folder: Path, window: MainWindow, qtbot: QtBot) -> None:
        self.folder, self.window, self.qtbot = folder, window, qtbot
        self.rooms = Rooms(WORKED)
        self.source = Played(self.rooms, live=True)
        self.session = self.rooms.session(
            self.source, now=lambda: self.source.now_ns, actions=ActionLog(folder / "alarm_actions.jsonl", writes=True),
            entries=folder / "entries.jsonl",
        )  # fmt: skip
        self.second = 0.0
        self.run(0)
        window.bridge.open(self.session)

    def run(self, second: float, count: int | None = None, **filler: Any) -> None:
        """Let time come to a second; the filler says something, else that it runs and counts a piece a second."""
        self.second = second
        self.source.now_ns = at(second)
        made = second if count is None else count
        self.source.say(second, **({"State": "Execute"} | {"Processed": made, "Defective": 0} | filler))
        self.source.say(second, "Capper", State="Execute", Processed=made, Defective=0)

    def until(self, seen: Callable[[], bool]) -> None:
        """Wait until something is so on the screen."""
        self.qtbot.waitUntil(seen, timeout=8000)

    def shown(self) -> Frame:
        """Return the frame on the screen, once it is of the newest second."""
        self.until(lambda: (frame := self.window.sentence.frame) is not None and frame.at_ns == at(self.second))
        frame = self.window.sentence.frame
        assert frame is not None
        return frame

    def panel(self, key: str) -> Any:
        """Return a panel, brought to the front."""
        self.window.dock_area.reveal(key)
        return self.window.dock_area.panels[key]

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key in the window, which is in front again after a dialog."""
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        QTest.keyClick(self.window, key, modifiers)

    def answer(self, kind: type[QWidget], does: Callable[[Any], None]) -> None:
        """Do something in the dialog or menu that the next press opens; whatever goes wrong, it is closed."""

        def look() -> None:
            found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
            if not found:
                if not done:
                    QTimer.singleShot(10, self.window, look)
                return
            done.append(True)
            try:
                does(found[0])
            finally:
                if isinstance(found[0], QDialog) and found[0].isVisible():
                    found[0].reject()
                elif isinstance(found[0], QMenu):
                    found[0].close()

        done: list[bool] = []
        QTimer.singleShot(0, self.window, look)

    def sign_on(self, name: str, pin: str) -> None:
        """Press the button in the top bar, type name and PIN."""

        def type_in(dialog: SignOnDialog) -> None:
            QTest.keyClicks(dialog.name, name)
            QTest.keyClick(dialog.name, Qt.Key.Key_Return)
            QTest.keyClicks(dialog.pin, pin)
            with self.qtbot.waitSignal(self.window.station.answered):
                QTest.keyClick(dialog.pin, Qt.Key.Key_Return)

        self.answer(SignOnDialog, type_in)
        QTest.mouseClick(self.window.top_bar.person, LEFT)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return what a side file holds."""
        path = self.folder / name
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def click(table: QTableView, row: int, column: int = 2) -> None:
    """Click a row of a table."""
    index: QModelIndex = table.model().index(row, column)
    table.scrollTo(index)
    QTest.mouseClick(table.viewport(), LEFT, pos=table.visualRect(index).center())


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Mary, who operates, and Ravi, who leads and may export; ids by name."""
    monkeypatch.setattr(secrets, "_COST", {"n": 16, "r": 1, "p": 1})
    monkeypatch.setattr(places, "folder", lambda: tmp_path / "machine")
    register = Register()
    return {name: register.add(name, role, pin).id for name, role, pin in (("Mary", "operator", "4711"), ("Ravi", "lead", "2580"))}


@pytest.fixture
def shop(people: dict[str, str], make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path) -> Shop:
    keys = {"alarms", "stops", "orders", "timeline"}
    window = make_window(specs=tuple(spec for spec in DOCKS if spec.key in keys), size=(1500, 950))
    return Shop(tmp_path, window, qtbot)


def test_that_an_operator_gets_through_a_shift(shop: Shop, people: dict[str, str]) -> None:
    window = shop.window
    shop.until(window.top_bar.badge.isVisible)
    assert window.top_bar.person.text() == "Sign on"
    shop.sign_on("mary", "4711")
    assert window.top_bar.person.text() == "Mary"
    shop.run(60)
    assert shop.shown().story is not None
    assert window.sentence.said.told.head == "Nothing is wrong on the line."

    _a_machine_stops(shop)
    _acknowledges_with_a_note(shop, people["Mary"])
    _shelves_with_an_expiry(shop, people["Mary"])
    _gives_the_reason_with_one_key(shop, people["Mary"])
    _enters_a_changeover_in_two_keys_and_the_next_order(shop, people["Mary"])
    _looks_back_and_returns(shop)

    shop.sign_on("ravi", "2580")
    assert window.top_bar.person.text() == "Ravi"
    _takes_the_shelf_off(shop, people["Ravi"])
    _hands_over(shop)

    shop.press(Qt.Key.Key_U, CTRL | ALT)
    assert window.top_bar.person.text() == "Sign on"
    action = window.commands.action("orders.enter")
    shop.until(lambda: not action.isEnabled())
    assert action.toolTip().startswith("Sign on to enter reasons, orders and notes. These roles may: operator, lead")
    text = "".join(path.read_text(encoding="utf-8") for path in shop.folder.glob("*.jsonl"))
    assert "Mary" not in text
    assert "Ravi" not in text


@pytest.mark.allow_logs
def test_that_who_was_signed_off_while_asked_does_nothing_and_is_told(shop: Shop) -> None:
    """The shift ends while the dialog is open: what is typed in it then is nobody's to do."""
    shop.sign_on("mary", "4711")
    _a_machine_stops(shop)
    table = shop.panel("alarms").tables[0]
    shop.until(lambda: bool(table.rows.rows))
    click(table, _row(table, "Filler/Jam"))

    def write(dialog: ReasonDialog) -> None:
        QTest.keyClicks(dialog.reason, "fitter called")
        shop.window.station.sign_off()
        QTest.keyClick(dialog.reason, Qt.Key.Key_Return)

    said: list[str] = []
    shop.window.station.failed.connect(lambda error: said.append(error.worded()))
    shop.answer(ReasonDialog, write)
    shop.press(Qt.Key.Key_A, CTRL | ALT)
    shop.until(lambda: bool(said))
    assert said[0].startswith("Sign on to act on alarms.")
    assert shop.rows("alarm_actions.jsonl") == []


def _a_machine_stops(shop: Shop) -> None:
    """The filler jams at 100 s: the sentence says so, and a click on it selects the machine."""
    shop.run(100, State="Aborted", Jam=True)
    shop.until(lambda: "Filler" in shop.window.sentence.said.told.whole and shop.window.sentence.said.priority > 0)
    said = shop.window.sentence.said.told.whole
    assert "12:01:40" in said
    assert "jam" in said.casefold()
    QTest.mouseClick(shop.window.sentence, LEFT)
    assert shop.window.selection.unit == "Filler"


def _row(table: Any, key: str) -> int:
    """Return the row of an alarm."""
    return [entry.now.alarm.key for entry in table.rows.rows].index(key)


def _acknowledges_with_a_note(shop: Shop, who: str) -> None:
    """The alarm stands in the list, is acknowledged with a note, and says who did."""
    panel = shop.panel("alarms")
    table = panel.tables[0]
    shop.until(lambda: {entry.now.alarm.key for entry in table.rows.rows} >= {"Filler/Jam"})
    click(table, _row(table, "Filler/Jam"))

    def write(dialog: ReasonDialog) -> None:
        QTest.keyClicks(dialog.reason, "fitter called")
        QTest.mouseClick(dialog.ok, LEFT)

    shop.answer(ReasonDialog, write)
    shop.press(Qt.Key.Key_A, CTRL | ALT)
    shop.until(lambda: table.rows.rows[_row(table, "Filler/Jam")].now.state is AlarmState.ACKNOWLEDGED)
    shop.until(lambda: any("Mary" in label.text() for label in panel.detail.findChildren(type(panel.rate))))
    (kept,) = shop.rows("alarm_actions.jsonl")
    assert (kept["action"], kept["alarm"], kept["who"], kept["note"], kept["effective_ns"]) == (
        "acknowledge", "Filler/Jam", who, "fitter called", at(100),
    )  # fmt: skip


def _shelves_with_an_expiry(shop: Shop, who: str) -> None:
    """The state's own alarm is shelved for half an hour, with a reason, and stands among the hidden ones."""
    panel = shop.panel("alarms")
    table = panel.tables[0]
    shop.run(105, State="Aborted", Jam=True, count=100)
    shop.shown()
    assert table.rows.rows[0].folded == 1  # the stop follows from the jam
    click(table, 0)
    QTest.keyClick(table, Qt.Key.Key_Right)
    click(table, _row(table, "Filler/Aborted"))

    def choose(dialog: ReasonDialog) -> None:
        QTest.keyClicks(dialog.reason, "waiting for a part")
        dialog.span.setFocus()
        dialog.span.setCurrentIndex(dialog.span.findData(1800.0))
        QTest.mouseClick(dialog.ok, LEFT)

    shop.answer(ReasonDialog, choose)
    shop.press(Qt.Key.Key_H, CTRL | SHIFT)
    shop.until(lambda: panel.tabs.tabText(1) == "Hidden 1")
    kept = shop.rows("alarm_actions.jsonl")[-1]
    assert (kept["action"], kept["alarm"], kept["who"], kept["note"]) == ("shelve", "Filler/Aborted", who, "waiting for a part")
    assert kept["until_ns"] - kept["effective_ns"] == 1800 * 10**9


def _gives_the_reason_with_one_key(shop: Shop, who: str) -> None:
    """The stop is listed with the reason that the machine's words propose; one key confirms it."""
    panel = shop.panel("stops")
    shop.run(130, State="Aborted", Jam=True, count=100)
    shop.until(lambda: len(panel.stops) == 1 and bool(panel.stops[0].proposed))
    assert "?" in panel.model.rows[0].cells[5].text
    click(panel.table, 0)
    shop.press(Qt.Key.Key_Return, CTRL)
    shop.until(lambda: bool(panel.stops[0].reason))
    assert "?" not in panel.model.rows[0].cells[5].text
    (kept,) = shop.rows("entries.jsonl")
    assert (kept["kind"], kept["unit"], kept["start_ns"], kept["who"]) == ("reason", "Filler", at(100), who)
    assert kept["reason"] == panel.stops[0].reason


def _enters_a_changeover_in_two_keys_and_the_next_order(shop: Shop, who: str) -> None:
    """Ctrl+J, C; then Ctrl+J, O with the order's number: both stand in the panel, and the figures follow."""
    panel = shop.panel("orders")
    shop.run(140, count=100, Jam=False)
    shop.shown()
    shop.answer(QMenu, lambda menu: QTest.keyClick(menu, Qt.Key.Key_C))
    shop.press(Qt.Key.Key_J, CTRL)
    shop.until(lambda: [entry.kind for entry in shop.shown().entries] == [EntryKind.CHANGEOVER])
    shop.run(200, count=100)
    shop.shown()

    def name(dialog: EntryDialog) -> None:
        QTest.keyClicks(dialog.order, "PO-7")
        QTest.keyClick(dialog.order, Qt.Key.Key_Return)

    def order(menu: QMenu) -> None:
        shop.answer(EntryDialog, name)
        QTest.keyClick(menu, Qt.Key.Key_O)

    shop.answer(QMenu, order)
    shop.press(Qt.Key.Key_J, CTRL)
    shop.until(lambda: [entry.kind for entry in shop.shown().entries] == [EntryKind.CHANGEOVER, EntryKind.ORDER])
    shop.run(260, count=160)
    shop.until(lambda: "PO-7" in panel.head.text())
    ledger = shop.session.figures(at(0), at(260)).units["Filler"].ledger.category_ns
    assert {str(category): ns / 1e9 for category, ns in ledger.items() if ns} == {"production": 100 + 60, "minor_stop": 40, "setup": 60}
    assert [(row["kind"], row["order"], row["start_ns"], row["who"]) for row in shop.rows("entries.jsonl")[1:]] == [
        ("changeover", "", at(140), who), ("changeover", "", at(140), who), ("order", "PO-7", at(200), who),
    ]  # fmt: skip


def _looks_back_and_returns(shop: Shop) -> None:
    """Home goes to where the line's day began: a strip says that this is not live, nobody acts on alarms there, and End returns."""
    window = shop.window
    window.setFocus()
    shop.press(Qt.Key.Key_Home)
    shop.until(lambda: (frame := window.sentence.frame) is not None and frame.mode is Mode.LOOK_BACK)
    shop.until(lambda: window.live_strip.height() > 0)
    assert not window.commands.action("alarms.acknowledge").isEnabled()
    shop.press(Qt.Key.Key_End)
    shop.until(lambda: (frame := window.sentence.frame) is not None and frame.mode is Mode.LIVE)
    shop.until(lambda: window.live_strip.height() == 0)


def _takes_the_shelf_off(shop: Shop, who: str) -> None:
    """Another person at the same station acts under their own id."""
    panel = shop.panel("alarms")
    panel.tabs.setCurrentIndex(1)
    table = panel.tables[1]
    shop.until(lambda: len(table.rows.rows) == 1)
    click(table, 0)
    assert any("Mary" in label.text() for label in panel.detail.findChildren(type(panel.rate)))
    shop.window.commands.run("alarms.unshelve")
    shop.until(lambda: not table.rows.rows)
    assert [(row["action"], row["who"]) for row in shop.rows("alarm_actions.jsonl")][-1] == ("unshelve", who)


def _hands_over(shop: Shop) -> None:
    """Ctrl+H writes the sheet of the shift: the stop with its reason; ids for names."""

    def make(dialog: ReportDialog) -> None:
        dialog.folder.setText(str(shop.folder))
        dialog.as_pdf.setChecked(False)
        with shop.qtbot.waitSignal(dialog.work.gathered, timeout=20_000):
            QTest.mouseClick(dialog.make, LEFT)
        assert dialog.said.text().startswith("Written: ")

    shop.answer(ReportDialog, make)
    shop.press(Qt.Key.Key_H, CTRL)
    (sheet,) = shop.folder.glob("L1-*.html")
    page = sheet.read_text(encoding="utf-8")
    for told in ("Filler", "Jam at the infeed", "Machine"):
        assert told in page, told
    assert "Mary" not in page
