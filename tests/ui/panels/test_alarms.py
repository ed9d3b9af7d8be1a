"""The alarm panel over a real engine: what is listed, what a person presses, and that nobody acts on what they do not see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit

from tests.alarms.conftest import LINE, Bench, at
from tests.ui.panels.doubles import Plant, Stage
from twin_app.clock import SECOND_NS
from twin_app.history.store import Store
from twin_app.model.alarm import Action, Why
from twin_app.model.alarm_rule import AlarmRule
from twin_app.model.frame import ALL
from twin_app.model.packml import State
from twin_app.session.action_log import ActionLog
from twin_app.session.desk import Desk
from twin_app.session.known import Known
from ui.alarms.dialogs import ReasonDialog
from ui.alarms.entries import By
from ui.context import LineView
from ui.panels.alarms import HIDDEN, JOURNAL, AlarmsPanel

JAMS = tuple(AlarmRule(signal=f"Jam{n}", priority=1 + n % 4, text=f"Jam at gate {n}", guidance="Open the guard.") for n in range(40))
LATCH = AlarmRule(signal="Web", priority=2, latching=True, text="Web torn")
WAITS = AlarmRule(name="Suspended", on_delay_s=10.0)


class Room:
    """A panel on a live line of which the engine is real."""

    def __init__(self, put: Callable[..., tuple[AlarmsPanel, Stage]], width: int = 640, height: int = 420) -> None:
        self.bench = Bench(*JAMS, LATCH, WAITS)
        self.second = 0.0
        plant = Plant(LINE, 1000.0, {unit.id: [(0.0, State.EXECUTE)] for unit in LINE.units})
        self.panel, self.stage = put(AlarmsPanel, plant, width, height)
        self.plant = plant
        known = Known(
            self.bench.line,
            self.bench.signals,
            self.bench.texts,
            store=Store(self.bench.signals, self.bench.texts, journal=None),
            plant=self.bench.plant,
        )
        known.alarms = self.bench.alarms
        self.desk = Desk(known, ActionLog(None, writes=False), live_at=self.live_at, live_end=lambda: at(self.second))
        self.stage.query.alarms = self.bench.alarms.report
        self.is_live = True
        self.panel.open_line(LineView(self.bench.line, self.bench.signals, self.bench.texts, None, self.desk))

    def live_at(self) -> int | None:
        return at(self.second) if self.is_live else None

    def show(self, second: float) -> None:
        """Show the line at a second, which is now."""
        self.second = second
        self.bench.fold()
        frame = replace(
            self.plant.frame(0.0), at_ns=at(second), shift_start_ns=at(0), alarms=self.bench.alarms.picture(at(second)), changes=ALL
        )
        self.panel._paced.stop()
        self.panel.offer(frame)

    def alarm(self, second: float, *numbers: int) -> None:
        for number in numbers:
            self.bench.say(second, f"Jam{number}", 1.0)

    @property
    def table(self) -> object:
        return self.panel.tables[0]

    def texts(self, column: By = By.TEXT, table: int = 0) -> list[str]:
        model = self.panel.tables[table].rows
        return [str(model.data(model.index(row, column))) for row in range(model.rowCount())]

    def choose(self, row: int) -> None:
        """Click on a line."""
        table = self.panel.tables[0]
        spot = table.visualRect(table.rows.index(row, By.TEXT)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)

    def press(self, keys: str) -> None:
        QTest.keySequence(self.stage.window, keys)

    def letter(self, key: str) -> str:
        return self.bench.state(self.second, key)


@pytest.fixture
def room(put: Callable[..., tuple[AlarmsPanel, Stage]]) -> Room:
    return Room(put)


def answer(monkeypatch: pytest.MonkeyPatch, reason: str, span: int = 0, *, once: bool = False) -> list[ReasonDialog]:
    """Fill in the next dialogs and press their button, as a person does."""
    seen: list[ReasonDialog] = []

    def fill(dialog: ReasonDialog) -> int:
        seen.append(dialog)
        edit = dialog.reason.lineEdit()
        assert isinstance(edit, QLineEdit)
        dialog.show()
        QTest.keyClicks(edit, reason)
        dialog.span.setCurrentIndex(span)
        dialog.once.setChecked(once)
        QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
        return dialog.result()

    monkeypatch.setattr(ReasonDialog, "exec", fill)
    return seen


def test_that_what_stands_and_waits_comes_first_and_then_the_gravest(room: Room) -> None:
    room.alarm(1, 3, 0, 2)
    room.bench.say(2, "Jam0", 0.0)
    room.show(5)
    assert room.texts() == ["Jam at gate 2", "Jam at gate 3", "Jam at gate 0"]
    assert room.texts(By.STATE) == ["●", "●", "○"]
    assert room.panel.tabs.tabText(0) == "List 3"


def test_that_acknowledging_is_a_chord_and_acts_on_the_chosen_alarm_alone(room: Room) -> None:
    room.alarm(1, 1, 2)
    room.show(5)
    room.choose(0)
    for letter in "aAxq":
        QTest.keyClicks(room.panel.tables[0], letter)
    assert (room.letter("Filler/Jam1"), room.letter("Filler/Jam2")) == ("B", "B")
    room.press("Ctrl+Shift+A")
    room.show(6)
    assert (room.letter("Filler/Jam1"), room.letter("Filler/Jam2")) == ("C", "B")
    assert room.texts() == ["Jam at gate 2", "Jam at gate 1"]


def test_that_a_note_is_kept_with_the_acknowledgement(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.alarm(1, 1)
    room.show(5)
    room.choose(0)
    answer(monkeypatch, "fitter called")
    room.press("Ctrl+Alt+A")
    room.show(6)
    now = room.bench.now(6, "Filler/Jam1")
    assert now is not None
    assert now.action is not None
    assert now.action.note == "fitter called"
    assert "fitter called" in room.panel.detail.text.text()


def test_that_acknowledging_in_bulk_leaves_out_what_is_out_of_sight(room: Room) -> None:
    room.alarm(1, *range(40))
    room.show(5)
    seen = [entry.now.alarm.key for entry in room.panel.tables[0].in_view()]
    assert 0 < len(seen) < 20
    room.press("Ctrl+Shift+Return")
    room.show(6)
    acknowledged = {f"Filler/Jam{n}" for n in range(40) if room.letter(f"Filler/Jam{n}") == "C"}
    assert acknowledged == set(seen)


def test_that_selecting_all_acknowledges_only_what_is_in_view(room: Room) -> None:
    room.alarm(1, *range(40))
    room.show(5)
    room.choose(0)
    room.panel.tables[0].selectAll()
    seen = len(room.panel.tables[0].in_view())
    room.press("Ctrl+Shift+A")
    room.show(6)
    assert sum(room.letter(f"Filler/Jam{n}") == "C" for n in range(40)) == seen


def test_that_shelving_asks_why_and_for_how_long_and_moves_the_alarm_aside(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.alarm(1, 1)
    room.show(5)
    room.choose(0)
    dialogs = answer(monkeypatch, "sensor is wet", span=1, once=True)
    room.press("Ctrl+Shift+H")
    room.show(6)
    assert room.texts() == []
    assert room.panel.tabs.tabText(HIDDEN) == "Hidden 1"
    room.panel.tabs.setCurrentIndex(HIDDEN)
    assert room.texts(By.TEXT, HIDDEN) == ["Jam at gate 1"]
    now = room.bench.now(6, "Filler/Jam1")
    assert now is not None
    assert (now.until_ns - at(5), now.one_shot) == (1800 * SECOND_NS, True)
    assert not dialogs[0].ok.isVisible()


def test_that_a_shelf_without_a_reason_cannot_be_asked_for(room: Room) -> None:
    dialog = ReasonDialog("Shelve", ["Filler: jam"], room.stage.window, needed=True, most_s=3600.0)
    assert not dialog.ok.isEnabled()
    dialog.reason.setCurrentText("  ")
    assert not dialog.ok.isEnabled()
    dialog.reason.setCurrentText("wet")
    assert dialog.ok.isEnabled()
    assert [dialog.span.itemData(i) for i in range(dialog.span.count())] == [600.0, 1800.0, 3600.0]
    dialog.deleteLater()


def test_that_nothing_can_be_done_to_what_is_not_live(room: Room) -> None:
    room.alarm(1, 1)
    room.is_live = False
    room.show(5)
    room.choose(0)
    action = room.stage.context.commands.action("alarms.acknowledge")
    assert not action.isEnabled()
    assert "not live" in action.toolTip()
    room.press("Ctrl+Shift+A")
    assert room.letter("Filler/Jam1") == "B"


def test_that_a_latched_alarm_is_acknowledged_and_then_reset(room: Room) -> None:
    room.bench.say(1, "Web", 1.0)
    room.bench.say(2, "Web", 0.0)
    room.show(5)
    room.choose(0)
    reset = room.stage.context.commands.action("alarms.reset")
    assert not reset.isEnabled()
    room.press("Ctrl+Shift+A")
    room.show(6)
    assert reset.isEnabled()
    room.press("Ctrl+Shift+R")
    room.show(7)
    assert room.texts() == []


def stopped(room: Room) -> None:
    """Let the filler abort, and the others starve."""
    for unit in ("Filler", "Capper", "Packer"):
        room.bench.say(0, "State", "Execute", unit=unit)
    room.bench.say(10, "State", "Aborted")
    for unit in ("Capper", "Packer"):
        room.bench.say(12, "Starved", 1.0, unit=unit)
        room.bench.say(12, "State", "Suspended", unit=unit)
    room.show(30)


def test_that_one_key_unfolds_what_follows_from_an_alarm(room: Room) -> None:
    stopped(room)
    assert room.texts() == ["Aborted  ▸ 2"]
    room.choose(0)
    QTest.keyClick(room.panel.tables[0], Qt.Key.Key_Right)
    assert room.texts() == ["Aborted  ▾ 2", "Suspended", "Suspended"]
    assert room.texts(By.UNIT) == ["Filler", "Capper", "Packer"]
    QTest.keyClick(room.panel.tables[0], Qt.Key.Key_Left)
    assert room.texts() == ["Aborted  ▸ 2"]


def test_that_a_consequence_whose_cause_is_filtered_away_stands_for_itself(room: Room) -> None:
    stopped(room)
    room.panel.filters.search.setText("suspended")
    assert room.texts() == ["Suspended", "Suspended"]


def test_that_searching_priorities_and_this_machine_narrow_the_list(room: Room) -> None:
    room.alarm(1, 0, 1, 2, 3)
    room.bench.say(1, "Jam1", 1.0, unit="Capper")
    room.show(5)
    room.panel.filters.search.setText("gate 1 cap")
    assert room.texts(By.UNIT) == ["Capper"]
    room.panel.filters.search.clear()
    QTest.mouseClick(room.panel.filters.priorities[1], Qt.MouseButton.LeftButton)
    assert room.texts() == ["Jam at gate 0", "Jam at gate 2", "Jam at gate 3"]
    room.stage.context.selection.select("Capper")
    QTest.mouseClick(room.panel.filters.priorities[1], Qt.MouseButton.LeftButton)
    room.panel.filters.this_unit.setChecked(True)
    assert room.texts() == ["Jam at gate 1"]


def test_that_a_head_sorts_then_turns_round_then_gives_urgency_back(room: Room) -> None:
    room.alarm(1, 3, 0, 2)
    room.show(5)
    head = room.panel.tables[0].horizontalHeader()
    spot = QPoint(head.sectionViewportPosition(By.TEXT) + 20, head.height() // 2)
    orders = []
    for _ in range(3):
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        orders.append([text[-1] for text in room.texts()])
    assert orders == [["0", "2", "3"], ["3", "2", "0"], ["0", "2", "3"]]


def test_that_enter_goes_to_the_moment_and_selects_the_machine(room: Room) -> None:
    room.alarm(3, 1)
    room.show(60)
    room.choose(0)
    QTest.keyClick(room.panel.tables[0], Qt.Key.Key_Return)
    assert room.stage.deck.told[-1] == ("seek", at(3))
    assert room.stage.context.selection.unit == "Filler"


def test_that_the_choice_stays_while_alarms_come_above_it(room: Room) -> None:
    room.alarm(1, 2)
    room.show(5)
    room.choose(0)
    room.alarm(6, 0, 1)
    room.show(7)
    assert room.texts() == ["Jam at gate 0", "Jam at gate 1", "Jam at gate 2"]
    assert [entry.now.alarm.key for entry in room.panel.tables[0].chosen()] == ["Filler/Jam2"]


def test_that_a_flood_has_a_banner_until_it_is_over(room: Room) -> None:
    room.alarm(1, *range(12))
    room.show(5)
    assert room.panel.banner.isVisible()
    assert "12 in 10 min" in room.panel.flood.text()
    room.show(601)
    assert not room.panel.banner.isVisible()


def test_that_guidance_value_and_limit_are_said_of_the_chosen_alarm(room: Room) -> None:
    room.plant.say("Filler", "Temp", (0.0, 84.5))
    room.bench.say(1, "Temp", 85.0)
    room.show(5)
    view = LineView(room.bench.line, room.plant.signals, room.bench.texts, None, room.desk)
    room.panel.open_line(view)
    room.show(5)
    room.choose(0)
    text = room.panel.detail.text.text()
    assert "Temp high" in text
    assert "84.5 &gt; 80" in text
    room.alarm(6, 1)
    room.show(7)
    room.choose(0)
    assert "Open the guard." in room.panel.detail.text.text()


def test_that_the_journal_lists_the_newest_first_and_is_exported(room: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    room.alarm(1, 1)
    room.bench.say(4, "Jam1", 0.0)
    room.show(5)
    room.bench.alarms.act([Action(what=Why.ACKNOWLEDGE, alarm="Filler/Jam1", effective_ns=at(5), known_ns=at(5), who="p7", note="=ok")])
    room.show(6)
    room.panel.tabs.setCurrentIndex(JOURNAL)
    page = room.panel.journal
    model = page.table.rows
    assert [str(model.data(model.index(row, 4))) for row in range(model.rowCount())] == [
        "○→  Acknowledged here", "●→○  Returns to normal", "→●  Occurs",
    ]  # fmt: skip
    target = tmp_path / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    QTest.mouseClick(page.export, Qt.MouseButton.LeftButton)
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 4
    assert ",p7,'=ok," in lines[3]


def test_that_a_journal_row_leads_to_its_moment(room: Room) -> None:
    room.alarm(3, 1)
    room.show(60)
    room.panel.tabs.setCurrentIndex(JOURNAL)
    table = room.panel.journal.table
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.rows.index(0, 3)).center())
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert ("seek", at(3)) in room.stage.deck.told


@pytest.mark.parametrize("width", [340, 460, 900])
def test_that_the_alarms_words_have_room_at_any_width(put: Callable[..., tuple[AlarmsPanel, Stage]], width: int) -> None:
    room = Room(put, width, 420)
    room.alarm(1, 1)
    room.show(5)
    table = room.panel.tables[0]
    assert table.columnWidth(By.TEXT) > 110
    assert table.columnWidth(By.SINCE) >= table.fontMetrics().horizontalAdvance("00:00:00")
    assert isinstance(QApplication.instance(), QApplication)
    assert not QDialog().isVisible()


def test_that_a_low_panel_keeps_room_for_what_is_to_be_done(room: Room) -> None:
    line = room.panel.detail._lines._line_px()
    assert line == pytest.approx(room.panel.detail.text.fontMetrics().lineSpacing(), abs=2)
    for height, lines in ((400, 3), (260, 2), (200, 1)):
        room.panel.resize(460, height)
        assert room.panel.detail._lines.sizeHint().height() == lines * line
