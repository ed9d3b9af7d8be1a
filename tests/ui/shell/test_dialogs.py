from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from tests.ui.shell import plant
from tests.ui.shell.plant import FakeSession
from twin_app import text
from twin_app.model.alarm import Alarm, AlarmNow, AlarmState, Form
from twin_app.model.frame import Frame
from twin_app.settings import Settings, changed, entries
from twin_app.sources.probe import Finding, Step
from ui.connect_dialog import ConnectDialog, address_problem
from ui.main_window import MainWindow
from ui.palette_dialog import PaletteDialog, rank
from ui.settings_dialog import CHOICES, NAMES, SettingsDialog
from ui.shortcuts_dialog import ShortcutsDialog

Show = Callable[[MainWindow, Frame], FakeSession]
Keep = Callable[[QDialog], Any]

LAYOUT = Path(__file__).parents[3] / "models3d" / "lines"


@pytest.fixture
def keep() -> Iterator[Keep]:
    """Show a dialog and take it away after the test."""
    made: list[QDialog] = []

    def shown(dialog: QDialog) -> QDialog:
        made.append(dialog)
        dialog.show()
        return dialog

    yield shown
    for dialog in made:
        dialog.close()
        dialog.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


# -- Ctrl+K ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "wanted", "expected"),
    [
        ("Reset layout", "res", 0),
        ("Reset layout", "lay", 1),
        ("Reset layout", "set", 2),
        ("Reset layout", "rly", 3),
        ("Reset layout", "xyz", None),
        ("Filler", "", 0),
    ],
)
def test_that_what_starts_alike_ranks_before_what_only_contains_it(words: str, wanted: str, expected: int | None) -> None:
    assert rank(words, wanted) == expected


def test_that_a_few_letters_and_enter_select_a_machine(window: MainWindow, show: Show, keep: Keep, qtbot: QtBot) -> None:
    show(window, plant.frame(plant.line()))
    dialog = keep(PaletteDialog(window.commands, window.selection, window.view, window))
    QTest.keyClicks(dialog.field, "labell")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert window.selection.unit == "M3"
    assert not dialog.isVisible()


def test_that_what_is_typed_goes_into_the_field_at_once(window: MainWindow, keep: Keep) -> None:
    dialog = keep(PaletteDialog(window.commands, window.selection, None, window))
    assert dialog.focusWidget() is dialog.field


def test_that_an_alarm_is_found_by_its_words_and_leads_to_its_machine_and_the_list(
    window: MainWindow, show: Show, keep: Keep, qtbot: QtBot
) -> None:
    show(window, plant.frame(plant.line()))
    rule = Alarm(key="M3/Held", unit="M3", name="Held", form=Form.STATE, text="Web break")
    now = AlarmNow(alarm=rule, state=AlarmState.UNACKNOWLEDGED, since_ns=0, changed_ns=0)
    revealed: list[str] = []
    dialog = keep(PaletteDialog(window.commands, window.selection, window.view, window, alarms=[now], reveal=revealed.append))
    QTest.keyClicks(dialog.field, "web br")
    assert dialog.list.currentIndex().data().endswith(" · Web break")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert (window.selection.unit, revealed) == ("M3", ["alarms"])


def test_that_a_command_is_found_by_its_chinese_and_its_english_words(window: MainWindow, keep: Keep, qtbot: QtBot) -> None:
    text.set_language("zh_CN")
    window.commands.retranslate()
    dialog = keep(PaletteDialog(window.commands, window.selection, None, window))
    for words in ("深色", "dark"):
        dialog.field.setText(words)
        assert dialog.list.currentIndex().data() == "深色"


def test_that_arrows_choose_and_enter_runs_a_command(window: MainWindow, keep: Keep, qtbot: QtBot) -> None:
    dialog = keep(PaletteDialog(window.commands, window.selection, None, window))
    QTest.keyClicks(dialog.field, "dark")
    assert dialog.list.currentIndex().data() == "Dark"
    QTest.keyClicks(dialog.field, "\b\b\b\bte")
    dialog.field.setText("larger text")
    QTest.keyClick(dialog.field, Qt.Key.Key_Down)
    QTest.keyClick(dialog.field, Qt.Key.Key_Up)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert window.settings.look.text_scale == pytest.approx(1.1)


def test_that_nothing_found_says_what_else_to_type_and_stays(window: MainWindow, keep: Keep, qtbot: QtBot) -> None:
    dialog = keep(PaletteDialog(window.commands, window.selection, None, window))
    QTest.keyClicks(dialog.field, "qqqq")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert "Try fewer letters" in dialog.list.currentIndex().data()


def test_that_a_command_is_found_by_its_keys_and_comes_first_the_next_time(window: MainWindow, keep: Keep, qtbot: QtBot) -> None:
    dialog = keep(PaletteDialog(window.commands, window.selection, None, window))
    QTest.keyClicks(dialog.field, "ctrl++")
    assert dialog.list.currentIndex().data() == "Larger text"
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    again = keep(PaletteDialog(window.commands, window.selection, None, window))
    assert again.model.index(0).data() == "Larger text"
    QTest.keyClicks(again.field, "text")
    assert again.list.currentIndex().data() == "Larger text"


def test_that_commands_that_cannot_be_done_now_are_not_found(window: MainWindow, keep: Keep) -> None:
    dialog = keep(PaletteDialog(window.commands, window.selection, None, window))
    found = {dialog.model.index(r).data() for r in range(dialog.model.rowCount())}
    assert "Open layout…" in found
    assert "Close the line" not in found


# -- F1 ----------------------------------------------------------------------------------------------------------


def test_that_f1_lists_every_key_there_is(window: MainWindow, keep: Keep) -> None:
    dialog = keep(ShortcutsDialog(window.commands, window))
    words = {label.text() for label in dialog.findChildren(QLabel)}
    for command, action in window.commands:
        if command.keys:
            assert action.text() in words
    assert {"F1, ?", "F11", "Ctrl+K"} <= words


def test_that_f1_tells_what_the_mouse_does_on_timeline_hall_and_curves(window: MainWindow, keep: Keep) -> None:
    dialog = keep(ShortcutsDialog(window.commands, window))
    words = {label.text() for label in dialog.findChildren(QLabel)}
    assert {
        "Mouse on the timeline",
        "Mouse in the hall",
        "Mouse on curves",
        "Drag on the lanes",
        "Shift+wheel, middle button, Shift+drag",
    } <= words


def test_that_a_question_mark_asks_for_the_list_too(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.shortcuts_dialog.ShortcutsDialog.exec", lambda _dialog: 0)
    with qtbot.waitSignal(window.commands.action("help.shortcuts").triggered):
        QTest.keyClick(window, Qt.Key.Key_Question)  # Shift is the layout's affair: Qt asks it for every sign the key may stand for


# -- settings ----------------------------------------------------------------------------------------------------


def test_that_the_dialog_has_a_control_and_a_sentence_for_every_shown_setting(window: MainWindow, keep: Keep) -> None:
    dialog = keep(SettingsDialog(Settings(), window))
    sentences = {label.text() for label in dialog.findChildren(QLabel)}
    for entry in entries():
        assert (entry.says in sentences) == entry.shown, entry.key
    assert dialog.settings() == Settings()


def test_that_what_is_chosen_in_the_dialog_is_what_comes_out(window: MainWindow, keep: Keep) -> None:
    dialog = keep(SettingsDialog(Settings(), window))
    theme = dialog.findChild(QComboBox, "look.theme")
    memory = dialog.findChild(QSpinBox, "memory.raw_bytes")
    theme.setCurrentIndex(theme.findData("dark"))
    assert memory.text() == "64 MiB"
    memory.setValue(128)
    expected = changed(changed(Settings(), "look.theme", "dark"), "memory.raw_bytes", 128 * 1024 * 1024)
    assert dialog.settings() == expected


# -- connecting --------------------------------------------------------------------------------------------------


@pytest.fixture
def layout_file() -> Path:
    """A layout that ships with the product."""
    return min(LAYOUT.glob("*.toml"))


def _says(*findings: Finding) -> Callable[..., Iterator[Finding]]:
    """A probe that finds what a test says, and remembers what it was asked with."""

    def tries(address: str, **asked: Any) -> Iterator[Finding]:
        tries.asked = {"address": address, **asked}  # type: ignore[attr-defined]  # the function remembers what it was asked
        yield from findings

    return tries


def _fill(dialog: ConnectDialog, qtbot: QtBot, layout_file: Path, address: str) -> None:
    dialog.layout_path.setText(str(layout_file))
    QTest.keyClick(dialog.layout_path, Qt.Key.Key_Tab)
    dialog.layout_path.editingFinished.emit()
    dialog.fields["address"].setText(address)


def test_that_a_plant_is_asked_for_with_layout_address_and_login(window: MainWindow, keep: Keep, qtbot: QtBot, layout_file: Path) -> None:
    dialog = keep(ConnectDialog(Settings(), window))
    assert not dialog.connect_button.isEnabled()
    _fill(dialog, qtbot, layout_file, "mqtts://plant:8883")
    dialog.fields["username"].setText("anna")
    dialog.fields["password"].setText(" correct horse ")
    assert dialog.connect_button.isEnabled()
    request = dialog.request()
    source = dialog._source
    assert request.layout == layout_file
    assert request.addresses == {source: "mqtts://plant:8883"}
    assert (request.logins[source].username, request.logins[source].password) == ("anna", " correct horse ")
    assert "correct horse" not in repr(request)


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("mqtt://plant:1883", True), ("mqtts://plant", True), ("mqtt://anna:secret@plant:1883", False), ("http://plant", False),
        ("mqtt://", False), ("mqtt://plant:99999", False), ("/no/such/file.jsonl", False), ("shift.jsonl", True), ("other.jsonl", False),
    ],
)  # fmt: skip
def test_that_a_wrong_address_is_refused_with_its_cure_and_no_secret(address: str, fine: bool, tmp_path: Path) -> None:
    (tmp_path / "shift.jsonl").touch()
    problem = address_problem(address, tmp_path)
    assert (problem == "") == fine
    assert "secret" not in problem


def test_that_a_wrong_address_can_be_neither_tested_nor_opened(window: MainWindow, keep: Keep, qtbot: QtBot, layout_file: Path) -> None:
    dialog = keep(ConnectDialog(Settings(), window))
    _fill(dialog, qtbot, layout_file, "http://plant")
    assert dialog.problem.isVisible()
    assert not dialog.test.isEnabled()
    assert not dialog.connect_button.isEnabled()


def test_that_a_wrong_layout_is_said_in_the_dialog(window: MainWindow, keep: Keep, qtbot: QtBot, tmp_path: Path) -> None:
    wrong = tmp_path / "line.toml"
    wrong.write_text("schema = 1\nthis is no layout")
    dialog = keep(ConnectDialog(Settings(), window))
    _fill(dialog, qtbot, wrong, "")
    assert "line.toml" in dialog.problem.text()
    assert dialog.request() is None


def test_that_the_test_shows_each_step_and_stops_at_the_one_that_fails(
    window: MainWindow, keep: Keep, qtbot: QtBot, layout_file: Path
) -> None:
    tries = _says(
        Finding(Step.NAME, ok=True, sentence="plant is 10.0.0.7.", seconds=0.01), Finding(Step.TCP, ok=True, sentence="Port 1883 is open.", seconds=0.01),
        Finding(Step.LOGIN, ok=False, sentence="The broker refuses the password. Check it.", seconds=0.1),
    )  # fmt: skip
    dialog = keep(ConnectDialog(Settings(), window, tries=tries))
    _fill(dialog, qtbot, layout_file, "mqtt://plant:1883")
    dialog.fields["password"].setText("hunter2")
    QTest.mouseClick(dialog.test, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.test.isEnabled)
    assert dialog.steps.texts() == {
        "NAME": "✓ plant is 10.0.0.7.", "TCP": "✓ Port 1883 is open.", "TLS": "–", "LOGIN": "✕ The broker refuses the password. Check it.",
        "SUBSCRIPTION": "○", "FIRST_MESSAGE": "○",
    }  # fmt: skip
    asked = tries.asked  # type: ignore[attr-defined]  # as above
    assert (asked["address"], asked["login"].password) == ("mqtt://plant:1883", "hunter2")
    assert asked["filters"]


def test_that_closing_the_dialog_ends_the_test(window: MainWindow, keep: Keep, qtbot: QtBot, layout_file: Path) -> None:
    ended = threading.Event()

    def waits(_address: str, *, cancelled: Callable[[], bool], **_: Any) -> Iterator[Finding]:
        yield Finding(Step.NAME, ok=True, sentence="plant is 10.0.0.7.", seconds=0.01)
        while not cancelled():
            threading.Event().wait(0.01)
        ended.set()

    dialog = keep(ConnectDialog(Settings(), window, tries=waits))
    _fill(dialog, qtbot, layout_file, "mqtt://plant:1883")
    QTest.mouseClick(dialog.test, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.steps.texts()["NAME"].startswith("✓"))
    cancel = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Cancel")
    QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert ended.wait(5)


@pytest.mark.allow_logs
def test_that_a_probe_that_breaks_down_says_so(window: MainWindow, keep: Keep, qtbot: QtBot, layout_file: Path) -> None:
    def breaks(_address: str, **_: Any) -> Iterator[Finding]:
        raise ZeroDivisionError
        yield

    dialog = keep(ConnectDialog(Settings(), window, tries=breaks))
    _fill(dialog, qtbot, layout_file, "mqtt://plant:1883")
    QTest.mouseClick(dialog.test, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.test.isEnabled)
    assert "broke down" in dialog.steps.texts()["FIRST_MESSAGE"]


class Ring:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service_name: str, username: str) -> str | None:
        return self.kept.get((service_name, username))

    def set_password(self, service_name: str, username: str, password: str) -> None:
        self.kept[service_name, username] = password


@pytest.mark.parametrize("wanted", [True, False])
def test_that_a_password_goes_into_the_keyring_only_where_a_person_wants_that(
    window: MainWindow, keep: Keep, layout_file: Path, wanted: bool
) -> None:
    ring = Ring()
    dialog = keep(ConnectDialog(Settings(), window, keyring=ring))
    dialog.layout_path.setText(str(layout_file))
    dialog.layout_path.editingFinished.emit()
    for key, words in {"address": "mqtts://plant", "username": "anna", "password": "correct horse", "tls_cert": "own.pem"}.items():
        dialog.fields[key].setText(words)
    dialog.remember.setChecked(wanted)
    request = dialog.request()
    assert request is not None
    (login,) = request.logins.values()
    assert (login.password, login.tls_cert) == ("correct horse", "own.pem")
    assert ring.kept == ({("twin-app mqtts://plant:8883", "anna"): "correct horse"} if wanted else {})


def test_that_without_a_keyring_none_is_offered(window: MainWindow, keep: Keep) -> None:
    assert keep(ConnectDialog(Settings(), window)).remember.isHidden()


def test_that_every_setting_that_is_shown_has_a_name_and_every_choice_a_word() -> None:
    shown = [entry for entry in entries() if entry.shown]
    assert [entry.key for entry in shown if entry.key not in NAMES] == []
    assert [(entry.key, choice) for entry in shown for choice in entry.choices or () if choice not in CHOICES] == []
