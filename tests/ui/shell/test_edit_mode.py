"""Entering and leaving edit mode, and whose work counts: saving, closing, files that others change, rights, copies and new layouts."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from tests.ui.focus import called, faults, tabbed, takers
from tests.ui.shell.engineer import CTRL, LEFT, SHIFT, Hand, press
from twin_app import assets
from twin_app.machines import MACHINE_TYPES
from twin_app.persons.access import Access, Right
from twin_app.service import opening
from ui.editing.new_dialog import NewDialog


def test_that_edit_mode_is_shown_clearly_and_gives_the_room_back(editing: Hand) -> None:
    window, docks = editing.window, editing.window.dock_area.docks
    assert editing.room.band.isVisible()
    assert editing.room.shelf.isVisible()
    assert editing.room.fields.isVisible()
    assert [key for key, dock in docks.items() if not dock.isHidden()] == ["scene"]
    assert window.commands.action("edit.hall").isChecked()
    QTest.keyClick(window, Qt.Key.Key_E, CTRL | SHIFT)
    assert editing.desk.draft is None
    assert not editing.room.band.isVisible()
    assert {key for key, dock in docks.items() if not dock.isHidden()} == editing.docks
    assert not window.commands.action("edit.hall").isChecked()


def test_that_a_save_is_in_force_at_once_and_the_playhead_stays(editing: Hand, hall_file: Path, qtbot: QtBot) -> None:
    session = editing.window.bridge.session
    editing.drag(*editing.metres(0.0, 2.0, "Capper"))
    assert session is not None
    before = editing.window.kpi_strip.frame
    editing.key(Qt.Key.Key_S, CTRL)
    assert b"y_m = 2.0" in hall_file.read_bytes()
    qtbot.waitUntil(lambda: session.line.unit("Capper").placement.y_m == 2.0, timeout=2000)
    assert editing.window.bridge.session is session
    assert editing.desk.draft is not None
    assert not editing.desk.draft.dirty
    after = editing.window.kpi_strip.frame
    assert before is not None
    assert after is not None
    assert after.at_ns == before.at_ns


@pytest.mark.parametrize(("answer", "saved", "left"), [("Save", True, True), ("Discard", False, True), ("Go on editing", False, False)])
def test_that_unsaved_changes_are_asked_about_on_closing(
    editing: Hand, hall_file: Path, monkeypatch: pytest.MonkeyPatch, answer: str, saved: bool, left: bool
) -> None:
    editing.drag(*editing.metres(0.0, 2.0, "Capper"))
    seen: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", press(answer, seen))
    assert editing.window.close() is left
    assert seen == ["The layout line.toml has changes that are not saved."]
    assert (b"y_m = 2.0" in hall_file.read_bytes()) is saved
    assert (editing.desk.draft is None) is left
    monkeypatch.setattr(QMessageBox, "exec", press("Discard"))


@pytest.mark.parametrize(("answer", "files"), [("Take theirs", {"line.toml"}), ("Keep both", {"line.toml", "line-2.toml"})])
@pytest.mark.allow_logs
def test_that_a_file_changed_by_somebody_else_is_never_overwritten(
    editing: Hand, hall_file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, answer: str, files: set[str]
) -> None:
    editing.drag(*editing.metres(0.0, 2.0, "Capper"))
    monkeypatch.setattr(QMessageBox, "exec", press(answer))
    theirs = hall_file.read_text("utf-8").replace("x_m = 0.0", "x_m = 0.25")
    hall_file.write_text(theirs, "utf-8")
    qtbot.waitUntil(lambda: editing.unit("Filler")["x_m"] == 0.25, timeout=3000)
    assert hall_file.read_text("utf-8") == theirs
    assert {found.name for found in hall_file.parent.glob("*.toml")} == files
    assert editing.unit("Capper").get("y_m", 0.0) == 0.0
    if answer == "Keep both":
        assert tomllib.loads(hall_file.with_name("line-2.toml").read_text("utf-8"))["unit"][1]["y_m"] == 2.0


@pytest.mark.allow_logs
def test_that_nobody_is_asked_about_a_file_that_is_half_written(
    editing: Hand, hall_file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    editing.drag(*editing.metres(0.0, 2.0, "Capper"))
    asked: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", press("Later", asked))
    whole = hall_file.read_text("utf-8")
    with qtbot.waitSignal(editing.window.layout_watch.changed, timeout=3000):
        hall_file.write_text(whole[: whole.index("[[unit]]") + 5], "utf-8")
    assert asked == []
    assert editing.unit("Capper")["y_m"] == 2.0
    with qtbot.waitSignal(editing.window.layout_watch.changed, timeout=3000):
        hall_file.write_text(whole.replace("x_m = 0.0", "x_m = 0.25"), "utf-8")
    assert len(asked) == 1
    monkeypatch.setattr(QMessageBox, "exec", press("Discard"))


@pytest.mark.allow_logs
def test_that_a_hall_that_is_not_drawn_is_not_edited_with_the_mouse(editing: Hand) -> None:
    window = editing.window
    window.commands.run("edit.hall")
    editing.panel._failed = True
    window.commands.run("edit.hall")
    assert editing.desk.draft is None
    assert not window.commands.action("edit.hall").isChecked()
    assert {key for key, dock in window.dock_area.docks.items() if not dock.isHidden()} == editing.docks
    assert any("cannot be edited where it is not drawn" in text for text in window.notices.texts())


def test_that_what_somebody_else_saves_is_taken_up_where_nothing_is_unsaved(editing: Hand, hall_file: Path, qtbot: QtBot) -> None:
    hall_file.write_text(hall_file.read_text("utf-8").replace("x_m = 0.0", "x_m = 0.25"), "utf-8")
    qtbot.waitUntil(lambda: editing.unit("Filler")["x_m"] == 0.25, timeout=3000)
    assert editing.view._scene.units[0].x_m == 0.25


@pytest.mark.allow_logs
def test_that_who_may_not_change_the_layout_is_told_so_and_nothing_changes(editing: Hand, hall_file: Path) -> None:
    window, before = editing.window, editing.desk.draft.text if editing.desk.draft else ""
    station = window.station
    station.access = Access(signing=True, nobody=frozenset({Right.VIEW}))
    editing.drag(*editing.metres(0.0, 2.0, "Capper"))
    assert editing.desk.draft is not None
    assert editing.desk.draft.text == before
    assert any("Sign on to change the layout." in text for text in window.notices.texts())
    window.commands.run("edit.hall")
    window.commands.run("edit.hall")
    assert editing.desk.draft is None
    assert not window.commands.action("edit.hall").isChecked()


def test_that_a_layout_that_ships_is_copied_before_it_is_edited(
    hand: Hand, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "mine.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(own), ""))
    shipped = assets.sample_line()
    before = shipped.read_bytes()
    hand.window.open_line(opening.sample())
    hand.window.commands.run("edit.hall")
    assert hand.desk.draft is not None
    assert hand.desk.draft.path == own
    assert hand.window.view is not None
    assert hand.window.view.line.path == own
    assert (tmp_path / "bottling_faults.csv").exists()
    assert shipped.read_bytes() == before == own.read_bytes()


def test_that_a_hall_begins_empty_is_filled_saved_and_runs(
    hand: Hand, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.toml"

    def filled(dialog: NewDialog) -> int:
        QTest.keyClicks(dialog.line_title, "Neue Linie 1")
        QTest.keyClicks(dialog.site, "Werk")
        QTest.keyClicks(dialog.area, "Halle")
        dialog.zone.setCurrentText("Europe/Berlin")
        dialog.dialect.setCurrentIndex(dialog.dialect.findData("packml_tags"))
        assert dialog.topic.text() == "Werk/Halle/neue-linie-1/{unit}/{tag...}"
        assert dialog.ok.isEnabled()
        return 1

    monkeypatch.setattr(NewDialog, "exec", filled)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    QTest.keyClick(hand.window, Qt.Key.Key_N, CTRL)
    assert hand.desk.draft is not None
    assert not hand.window.welcome.isVisible()
    qtbot.waitUntil(lambda: hand.panel._scene is not None, timeout=10_000)
    assert hand.room.band.found.text() == "2 findings"
    hand.view.eye.calm = True
    for number, kind in enumerate(("filler", "capper")):
        QTest.mouseClick(hand.room.shelf.cards[kind], LEFT)
        hand.click(hand.at(5.0 * number, 0.0))
    hand.desk.connect_flow("Filler", "Capper")
    assert hand.room.band.found.text() == "no findings"
    monkeypatch.setattr(QMessageBox, "exec", press("Simulate"))
    hand.key(Qt.Key.Key_S, CTRL)
    window = hand.window
    assert window.view is not None
    assert [unit.id for unit in window.view.line.units] == ["Filler", "Capper"]
    assert window.bridge.session is not None
    qtbot.waitUntil(lambda: window.kpi_strip.frame is not None and window.kpi_strip.frame.units["Capper"].state is not None, timeout=10_000)
    QTest.keyClick(window, Qt.Key.Key_E, CTRL | SHIFT)
    assert hand.desk.draft is None
    assert not window.dock_area.isHidden()


def test_that_every_model_of_the_library_has_its_picture_in_both_themes() -> None:
    missing = [kind.key for kind in MACHINE_TYPES for theme in ("light", "dark") if not assets.picture_file(kind.model, theme).is_file()]
    assert missing == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_that_tab_goes_by_everything_of_edit_mode_and_is_seen(editing: Hand, qtbot: QtBot, theme: str) -> None:
    window = editing.window
    window.commands.run(f"view.theme.{theme}")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert faults(window, set()) == set()
    takers(window)[0].setFocus()
    met = tabbed()
    assert [called(part) for part in takers(window) if part not in met] == []
