"""File > Discover a broker, as a person uses it: a tree that grows while somebody listens, a draft that is saved and opened."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QCoreApplication, QEvent, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from twin_app.discover.survey import Survey
from twin_app.errors import SourceError
from twin_app.layout import load
from twin_app.service.discover import Heard, Request
from twin_app.service.discover_rows import Row
from twin_app.settings import Settings, changed
from twin_app.sources.link import Answer
from ui.discover_dialog import DiscoverDialog
from ui.discover_tree import DiscoverModel
from ui.main_window import MainWindow

NOON_NS = 1_795_425_957_000_000_000
CAPTURE = Path(__file__).parents[3] / "sample_streams/packaging.jsonl"
Make = Callable[..., DiscoverDialog]


@pytest.fixture
def make(window: MainWindow) -> Iterator[Make]:
    """Make dialogs, shown, and take them away after the test."""
    made: list[DiscoverDialog] = []

    def shown(**arguments: Any) -> DiscoverDialog:
        dialog = DiscoverDialog(arguments.pop("settings", Settings()), window, **arguments)
        made.append(dialog)
        dialog.show()
        return dialog

    yield shown
    for dialog in made:
        dialog.close()
        dialog.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Broker:
    """What stands in for listening: says what a test lets it say, until it is cancelled or let go."""

    def __init__(self, *, refused: bool = False, warning: str = "") -> None:
        self.request = Request(address="")
        self.go_on = threading.Event()
        self.ended = threading.Event()
        answers = (Answer("secret/#", 128, "Unspecified error", refused=True),) if refused else ()
        self.heard = Heard("mqtt://plant:1883", True, Survey(), ("#",), answers=answers, warnings=(warning,) if warning else ())

    def __call__(self, request: Request, *, cancelled: Callable[[], bool], progress: Callable[[Heard], None]) -> Heard:
        self.request = request
        for unit in ("Filler", "Capper"):
            self._say(f"A/B/{unit}/Status/StateCurrentStr", b"Execute")
            self._say(f"A/B/{unit}/Admin/MachDesignSpeed", b"100")
        progress(self.heard)
        while not self.go_on.wait(0.01) and not cancelled():
            pass
        self._say("A/B/Filler/photo", b"\xff\xd8\xff")
        self.heard.share = 1.0
        self.ended.set()
        return self.heard

    def _say(self, topic: str, payload: bytes) -> None:
        survey = self.heard.survey
        survey.take(topic, payload, NOON_NS + survey.messages * 10**9)
        self.heard.listened_s = survey.seconds


def texts(model: QAbstractItemModel, parent: QModelIndex | None = None, depth: int = 0) -> list[str]:
    """Return the first column of every row, indented."""
    parent = parent or QModelIndex()
    found = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        found += ["  " * depth + str(index.data()), *texts(model, index, depth + 1)]
    return found


def listen(dialog: DiscoverDialog, address: str = "mqtt://plant:1883") -> None:
    dialog.login.fields["address"].setText(address)
    QTest.mouseClick(dialog.listen_button, Qt.MouseButton.LeftButton)


def test_that_the_tree_grows_while_somebody_listens_and_the_draft_is_offered_at_the_end(make: Make, qtbot: QtBot) -> None:
    broker = Broker()
    dialog = make(listens=broker)
    assert not dialog.save_button.isEnabled()
    listen(dialog)
    qtbot.waitUntil(lambda: dialog.model.rowCount() > 0)
    assert texts(dialog.model)[:2] == ["A/B", "  {Filler, Capper}"]
    assert dialog.listen_button.text() == "Stop listening"
    assert dialog.progress.isVisible()
    assert not dialog.save_button.isEnabled()
    broker.go_on.set()
    qtbot.waitUntil(dialog.save_button.isEnabled)
    assert dialog.listen_button.text() == "Listen"
    assert "mqtt://plant:1883: 5 messages on 5 topics" in dialog.headline.text()
    assert any("photo" in text for text in texts(dialog.model))
    assert "No dialect understands 1 topics: A/B/Filler/photo (binary)." in dialog.remarks.text()


def test_that_what_was_typed_is_what_is_listened_to(make: Make, qtbot: QtBot) -> None:
    broker = Broker()
    dialog = make(listens=broker)
    dialog.more.click()
    for key, text in {"username": "anna", "password": " correct horse ", "tls_ca": "ca.pem"}.items():
        dialog.login.fields[key].setText(text)
    dialog.filters.setText("A/#, B/+/state")
    dialog.seconds.setValue(90)
    dialog.limit.setValue(0)
    listen(dialog, "mqtts://plant")
    broker.go_on.set()
    qtbot.waitUntil(dialog.save_button.isEnabled)
    asked = broker.request
    assert (asked.address, asked.filters, asked.seconds, asked.limit) == ("mqtts://plant", ("A/#", "B/+/state"), 90.0, 0)
    assert (asked.login.username, asked.login.password, asked.login.tls_ca) == ("anna", " correct horse ", "ca.pem")
    assert "correct horse" not in repr(asked)


def test_that_stopping_early_keeps_what_was_heard(make: Make, qtbot: QtBot) -> None:
    dialog = make(listens=Broker())
    listen(dialog)
    qtbot.waitUntil(lambda: dialog.model.rowCount() > 0)
    QTest.mouseClick(dialog.listen_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.save_button.isEnabled)


def test_that_closing_the_dialog_ends_the_listening(make: Make, qtbot: QtBot) -> None:
    broker = Broker()
    dialog = make(listens=broker)
    listen(dialog)
    qtbot.waitUntil(lambda: dialog.model.rowCount() > 0)
    dialog.reject()
    assert broker.ended.wait(5)


def test_that_the_draft_is_saved_and_opened_with_address_and_login(
    make: Make, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = Broker()
    dialog = make(listens=broker)
    dialog.login.fields["username"].setText("anna")
    dialog.login.fields["password"].setText("secret")
    listen(dialog)
    broker.go_on.set()
    qtbot.waitUntil(dialog.open_button.isEnabled)
    draft = tmp_path / "draft.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(draft), ""))
    QTest.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    request = dialog.request()
    assert request is not None
    assert [unit.id for unit in load(draft).units] == ["Filler", "Capper"]
    assert (request.layout, request.addresses) == (draft, {"plant": "mqtt://plant:1883"})
    assert request.logins["plant"].password == "secret"  # noqa: S105 - of no broker
    assert "secret" not in draft.read_text(encoding="utf-8")
    assert not dialog.isVisible()


def test_that_saving_says_where_and_a_file_that_cannot_be_written_says_why(
    make: Make, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = Broker()
    dialog = make(listens=broker)
    listen(dialog)
    broker.go_on.set()
    qtbot.waitUntil(dialog.save_button.isEnabled)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none" / "draft.toml"), ""))
    QTest.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert "cannot be written" in dialog.problem.text()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    QTest.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert (tmp_path / "mine.toml").is_file()
    assert "mine.toml is written: 2 units" in dialog.headline.text()
    assert dialog.isVisible()


def test_that_nothing_is_replaced_that_the_desktop_did_not_ask_about(
    make: Make, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.toml").write_text("mine", encoding="utf-8")
    broker = Broker()
    dialog = make(listens=broker)
    listen(dialog)
    broker.go_on.set()
    qtbot.waitUntil(dialog.save_button.isEnabled)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))  # the ending is ours: nobody was asked
    QTest.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == "mine"
    assert "cannot be written" in dialog.problem.text()


def test_that_a_recorded_file_is_read_like_a_broker(make: Make, qtbot: QtBot) -> None:
    dialog = make()
    listen(dialog, str(CAPTURE))
    qtbot.waitUntil(dialog.save_button.isEnabled, timeout=20_000)
    assert "  {Capper, Filler, Labeller}" in texts(dialog.model)
    assert "1\u2009808 messages on 90 topics" in dialog.headline.text()


@pytest.mark.parametrize(
    ("address", "fine"),
    [("mqtt://plant", True), ("mqtt://anna:secret@plant", False), ("http://plant", False), ("none.jsonl", False), ("", False)],
)
def test_that_only_an_address_that_can_be_listened_to_is(make: Make, address: str, fine: bool) -> None:
    dialog = make(listens=Broker())
    dialog.login.fields["address"].setText(address)
    assert dialog.listen_button.isEnabled() == fine
    assert "secret" not in dialog.problem.text()


def test_that_a_broker_that_cannot_be_reached_is_said_with_its_cure(make: Make, qtbot: QtBot) -> None:
    def refuses(*_: Any, **__: Any) -> Heard:
        raise SourceError("Nothing listens on {host}.", tip="Check the port.", host="plant")

    dialog = make(listens=refuses)
    listen(dialog)
    qtbot.waitUntil(lambda: not dialog.problem.isHidden())
    assert dialog.problem.text() == "Nothing listens on plant. Check the port."
    assert dialog.listen_button.text() == "Listen"
    assert not dialog.save_button.isEnabled()


def test_that_a_wrong_filter_is_said_before_anybody_listens(make: Make, qtbot: QtBot) -> None:
    dialog = make(listens=Broker())
    dialog.filters.setText("a/#/b")
    listen(dialog)
    qtbot.waitUntil(lambda: "not an MQTT topic filter" in dialog.problem.text())


@pytest.mark.allow_logs
def test_that_a_listening_that_breaks_down_says_so(make: Make, qtbot: QtBot) -> None:
    def breaks(*_: Any, **__: Any) -> Heard:
        raise ZeroDivisionError

    dialog = make(listens=breaks)
    listen(dialog)
    qtbot.waitUntil(lambda: "broke down" in dialog.problem.text())


def test_that_a_refused_filter_and_an_unprotected_password_stand_out(make: Make, qtbot: QtBot) -> None:
    broker = Broker(refused=True, warning="The password for mqtt://plant:1883 goes over the network unprotected.")
    dialog = make(listens=broker)
    listen(dialog)
    qtbot.waitUntil(lambda: not dialog.warning.isHidden())
    assert "Filter secret/#: REFUSED with code 128" in dialog.warning.text()
    assert "goes over the network unprotected" in dialog.warning.text()


def test_that_a_few_letters_leave_only_rows_with_them(make: Make, qtbot: QtBot) -> None:
    broker = Broker()
    dialog = make(listens=broker)
    listen(dialog)
    broker.go_on.set()
    qtbot.waitUntil(dialog.save_button.isEnabled)
    QTest.keyClicks(dialog.search, "designsp")
    shown = [text.strip() for text in texts(dialog.tree.model())]
    assert any("MachDesignSpeed" in text for text in shown)
    assert not any("StateCurrentStr" in text for text in shown)


def test_that_the_dialog_starts_from_the_broker_that_was_used_last(make: Make) -> None:
    settings = changed(changed(Settings(), "opened.addresses", {"plant": "mqtts://plant:8883"}), "opened.usernames", {"plant": "anna"})
    dialog = make(listens=Broker(), settings=settings)
    values = dialog.login.values()
    assert (values["address"], values["username"], values["password"]) == ("mqtts://plant:8883", "anna", "")
    assert dialog.login.fields["username"].isVisible()


def test_that_the_command_stands_in_the_menu_the_palette_and_under_its_keys(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui import discover_dialog

    asked: list[str] = []

    def execute(self: DiscoverDialog) -> int:
        asked.append(self.windowTitle())
        return 0

    monkeypatch.setattr(discover_dialog.DiscoverDialog, "exec", execute)
    action = window.commands.action("file.discover")
    assert [key.toString() for key in action.shortcuts()] == ["Ctrl+Shift+D"]
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert asked == ["Discover a broker"]


# -- the model ---------------------------------------------------------------------------------------------------


def row(key: str, *children: Row, text: str = "") -> Row:
    return Row(key, (text or key, "", "", "", "", "", ""), children)


def test_that_rows_keep_their_place_while_the_tree_grows(window: MainWindow) -> None:
    model = DiscoverModel(window)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_rows((row("b", row("x")), row("d")))
    kept = model.index(0, 0)
    from PySide6.QtCore import QPersistentModelIndex

    b, x = QPersistentModelIndex(kept), QPersistentModelIndex(model.index(0, 0, kept))
    model.show_rows((row("a"), row("b", row("w"), row("x", text="changed"), row("y")), row("c"), row("d")))
    assert texts(model) == ["a", "b", "  w", "  changed", "  y", "c", "d"]
    assert (b.row(), x.row(), x.data()) == (1, 1, "changed")
    model.show_rows((row("d"), row("b", row("y"))))
    assert texts(model) == ["d", "b", "  y"]
    assert not x.isValid()
    model.show_rows(())
    assert model.rowCount() == 0
    tester.deleteLater()
    model.deleteLater()
