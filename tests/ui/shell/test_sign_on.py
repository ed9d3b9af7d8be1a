"""Signing on at the station: who is let in, what they may do, and that the end of a shift signs them off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.shell import plant
from tests.ui.shell.plant import MINUTE_NS, FakeSession
from twin_app.model.frame import Frame, Mode
from twin_app.persons import places, secrets
from twin_app.persons.access import Right
from twin_app.persons.deeds import WINDOW, right_of
from twin_app.persons.register import Register
from ui.docks import DOCKS
from ui.main_window import MainWindow
from ui.settings_dialog import SettingsDialog
from ui.sign_on import SignOnDialog
from ui.station import Station

Show = Callable[[MainWindow, Frame], FakeSession]


@pytest.fixture(autouse=True)
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with two persons; PINs are sealed at a thousandth of the cost."""
    monkeypatch.setattr(secrets, "_COST", {"n": 16, "r": 1, "p": 1})
    monkeypatch.setattr(places, "folder", lambda: tmp_path / "machine")
    register = Register()
    register.add("Mary Miller", "operator", "4711", badge="00A1B2")
    register.add("Ravi", "visitor" if "visitor" in register.access.roles else "lead", "2580")
    return tmp_path


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    return make_window(specs=tuple(spec for spec in DOCKS if spec.key in {"tree", "alarms"}))


def sign_on(qtbot: QtBot, window: MainWindow, name: str, pin: str) -> None:
    """Press the button in the top bar, type and press Enter twice, as with a badge reader."""

    def type_in() -> None:
        dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, SignOnDialog) and w.isVisible())
        try:
            QTest.keyClicks(dialog.name, name)
            QTest.keyClick(dialog.name, Qt.Key.Key_Return)
            assert dialog.focusWidget() is dialog.pin
            QTest.keyClicks(dialog.pin, pin)
            with qtbot.waitSignal(window.station.answered):
                QTest.keyClick(dialog.pin, Qt.Key.Key_Return)
            said.extend([dialog.said.text()] if dialog.isVisible() else [])
        finally:
            dialog.reject()  # else a failed test would wait for ever

    said: list[str] = []
    QTimer.singleShot(0, window, type_in)
    QTest.mouseClick(window.top_bar.person, Qt.MouseButton.LeftButton)
    window.setProperty("said", said)


def test_that_a_badge_and_a_pin_sign_a_person_on_and_another_takes_over(window: MainWindow, qtbot: QtBot) -> None:
    assert window.top_bar.person.text() == "Sign on"
    assert "Sign on to act on alarms." in window.station.refusal()
    sign_on(qtbot, window, "00A1B2", "4711")
    assert window.top_bar.person.text() == "Mary Miller"
    assert window.station.refusal() == ""
    assert window.station.refusal(Right.LAYOUT) == "Mary Miller may not change the layout here. These roles may: engineer, administrator."
    sign_on(qtbot, window, "ravi", "2580")
    assert window.top_bar.person.text() == "Ravi"
    window.commands.run("station.off")
    assert window.top_bar.person.text() == "Sign on"


def test_that_a_wrong_pin_lets_nobody_in_and_says_no_more_than_that(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("Mary Miller", "Nobody"):
        sign_on(qtbot, window, name, "0000")
        assert window.property("said") == ["Name or badge and PIN do not belong together."]
    assert window.station.person == ""


def test_that_whoever_is_signed_on_stays_so_when_another_one_fails(window: MainWindow, qtbot: QtBot) -> None:
    sign_on(qtbot, window, "Mary Miller", "4711")
    sign_on(qtbot, window, "Ravi", "1111")
    assert window.top_bar.person.text() == "Mary Miller"


@pytest.mark.allow_logs
def test_that_the_end_of_the_shift_signs_off_live_and_not_in_a_replay(window: MainWindow, qtbot: QtBot, show: Show) -> None:
    frame = plant.frame(plant.line())
    later = replace(frame, shift_start_ns=frame.shift_start_ns + 480 * MINUTE_NS)
    show(window, frame)
    sign_on(qtbot, window, "Mary Miller", "4711")
    show(window, replace(later, mode=Mode.REPLAY))
    assert window.station.person
    show(window, later)
    assert window.station.person == ""
    assert window.notices.isVisible()


def test_that_the_name_of_who_is_signed_on_covers_nothing_of_the_top_bar(window: MainWindow, qtbot: QtBot) -> None:
    sign_on(qtbot, window, "Mary Miller", "4711")
    bar = window.top_bar
    QApplication.processEvents()
    for other in (bar.menu_bar, bar.line, bar.badge, bar.health, bar.alarms, bar.preset, bar.clock):
        assert not bar.person.geometry().intersects(other.geometry()), other


@pytest.mark.allow_logs
def test_that_keys_of_what_somebody_may_not_do_say_who_may(window: MainWindow, qtbot: QtBot) -> None:
    sign_on(qtbot, window, "Mary Miller", "4711")
    with qtbot.waitSignal(window.station.failed) as told:
        QTest.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert told.args[0].worded() == "Mary Miller may not export here. These roles may: lead, engineer, administrator."


def test_that_what_an_administrator_writes_holds_in_a_window_that_is_open(window: MainWindow, qtbot: QtBot) -> None:
    Register().add("Ada", "engineer", "3141")
    sign_on(qtbot, window, "Ada", "3141")
    assert window.top_bar.person.text() == "Ada"
    Register().erase("Ada")
    window.station.reread()
    assert window.top_bar.person.text() == "Sign on"
    assert window.station.person == ""


def test_that_after_too_many_wrong_tries_the_wait_is_counted_down(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [31.2]
    monkeypatch.setattr(Station, "locked_s", property(lambda _: left[0]))
    dialog = SignOnDialog(window.station, window)
    assert dialog.said.text() == "Too many wrong tries. Try again in 32 s."
    assert not dialog.ok.isEnabled()
    left[0] = 0.0
    dialog._wait.timeout.emit()
    assert (dialog.said.text(), dialog.ok.isEnabled()) == ("", True)
    dialog.deleteLater()


def test_that_nobody_acts_on_alarms_or_exports_before_signing_on(window: MainWindow, qtbot: QtBot) -> None:
    panel = window.dock_area.panels["alarms"]
    assert not panel.journal.export.isEnabled()  # type: ignore[attr-defined] # the alarm panel
    assert panel.journal.export.toolTip() == "Sign on to export. These roles may: lead, engineer, administrator."  # type: ignore[attr-defined]
    sign_on(qtbot, window, "Ravi", "2580")
    assert panel.journal.export.isEnabled()  # type: ignore[attr-defined]


def test_that_every_command_that_needs_a_right_is_grey_and_says_who_may_until_they_sign_on(
    make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window(specs=DOCKS)
    ids = {command.id for command, _ in window.commands}
    assert {deed.name for deed in WINDOW if not deed.name.endswith(".")} <= ids
    guarded = {command.id: action for command, action in window.commands if right_of(command.id) is not Right.VIEW}
    assert guarded.keys() >= {"file.report", "view.picture", "edit.hall", "mark.add", "alarms.shelve", "orders.enter", "stops.confirm"}
    for command, action in guarded.items():
        assert not action.isEnabled(), command
        assert "These roles may: " in action.toolTip(), command
    assert guarded["view.picture"].toolTip() == "Sign on to export. These roles may: lead, engineer, administrator."
    sign_on(qtbot, window, "Ravi", "2580")
    assert guarded["view.picture"].isEnabled()
    assert "These roles may" not in guarded["mark.add"].toolTip()
    assert "Ravi may not change the layout here." in guarded["edit.hall"].toolTip()


def test_that_how_long_recordings_are_kept_and_whether_names_go_out_is_not_everybodys(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[bool]] = []

    def look(dialog: SettingsDialog) -> int:
        keys = ("recording.keep_days", "privacy.names_in_exports", "look.theme")
        seen.append([control.isEnabled() for key in keys for control in dialog.findChildren(QWidget, key)])
        return 0

    monkeypatch.setattr(SettingsDialog, "exec", look)
    window.commands.run("file.settings")
    window.station.person = Register().add("Ada", "engineer", "4711").id
    window.station.access = Register().access
    window.commands.run("file.settings")
    assert seen == [[False, False, True], [True, True, True]]


def test_that_without_a_table_there_is_nothing_to_sign_on_to(
    make_window: Callable[..., MainWindow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "folder", lambda: tmp_path / "none")
    window = make_window()
    assert not window.top_bar.person.isVisible()
    assert not window.commands.action("station.on").isEnabled()
    assert window.station.refusal() == ""
    assert window.station.name_of("") == "local user"


def test_that_of_an_erased_person_the_id_is_left(tables: Path) -> None:
    mary = Register().access.persons[0]
    Register().erase(mary.id)
    station = Station(access=Register().access)
    assert station.name_of(mary.id) == mary.id
    assert station.name_of("") == ""
