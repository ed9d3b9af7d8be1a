"""An engineer edits the hall with mouse and keys, as it is done at the desk; nothing is drawn here, everything else is real."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from tests.session.plant import CAPTURE, LAYOUT
from twin_app import assets
from twin_app.editing.units import Place
from twin_app.machines import MACHINE_TYPES
from twin_app.persons.access import Access, Right
from twin_app.service import opening
from ui.docks import DOCKS
from ui.editing.fields import Measure, Words
from ui.editing.handles import Eye, ahead_of, flow_of
from ui.editing.new_dialog import NewDialog
from ui.editing.overlay import places_of
from ui.opening import OpenRequest
from ui.scene3d.worker import RenderWorker

if TYPE_CHECKING:
    from ui.editing.desk import EditDesk
    from ui.editing.room import EditRoom
    from ui.main_window import MainWindow
    from ui.panels.scene import ScenePanel
    from ui.scene3d.view import SceneView

SPECS = tuple(spec for spec in DOCKS if spec.key in {"tree", "scene", "sources"})
NO, CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
LEFT = Qt.MouseButton.LeftButton


class Hand:
    """An engineer's hand on one window."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        self.docks: set[str] = set()

    @property
    def desk(self) -> EditDesk:
        return self.window.editing._desk

    @property
    def panel(self) -> ScenePanel:
        return cast("ScenePanel", self.window.dock_area.panels["scene"])

    @property
    def view(self) -> SceneView:
        assert self.panel._scene is not None
        return self.panel._scene

    @property
    def room(self) -> EditRoom:
        assert self.panel._edit is not None
        return self.panel._edit

    def unit(self, key: str) -> dict[str, Any]:
        """What the draft says of a unit."""
        assert self.desk.draft is not None
        return next(unit for unit in self.desk.draft.data["unit"] if unit["id"] == key)

    def at(self, x_m: float, y_m: float, z_m: float = 0.0) -> QPointF:
        """Where a point of the hall lies on the screen."""
        seen = Eye(self.view).pixels([(x_m, y_m, z_m)])
        assert seen
        return seen[0]

    def on(self, key: str) -> QPointF:
        """Where a unit lies on the screen."""
        unit = self.desk.outline.unit(key) if self.desk.outline else None
        assert unit is not None
        return self.at(unit.x_m, unit.y_m, 0.5)

    def handle(self, where: Callable[..., tuple[float, float, float]]) -> QPointF:
        """Where a handle of the unit lies whose fields are shown."""
        first = self.desk.first
        assert first is not None
        return self.at(*where(first, places_of([first])[first.key]))

    def mouse(self, kind: QEvent.Type, at: QPointF, modifiers: Qt.KeyboardModifier = NO, *, down: bool = True) -> None:
        moves = kind is QEvent.Type.MouseMove
        buttons = LEFT if down and kind is not QEvent.Type.MouseButtonRelease else Qt.MouseButton.NoButton
        event = QMouseEvent(kind, at, self.view.mapToGlobal(at), Qt.MouseButton.NoButton if moves else LEFT, buttons, modifiers)
        QApplication.sendEvent(self.view, event)

    def click(self, at: QPointF, modifiers: Qt.KeyboardModifier = NO) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, at, modifiers)
        self.mouse(QEvent.Type.MouseButtonRelease, at, modifiers)

    def hold(self, start: QPointF, end: QPointF, modifiers: Qt.KeyboardModifier = NO) -> None:
        """Drag and do not let go."""
        self.mouse(QEvent.Type.MouseButtonPress, start, modifiers)
        for share in (0.3, 0.7, 1.0):
            self.mouse(QEvent.Type.MouseMove, start + (end - start) * share, modifiers)

    def drag(self, start: QPointF, end: QPointF, modifiers: Qt.KeyboardModifier = NO) -> None:
        self.hold(start, end, modifiers)
        self.mouse(QEvent.Type.MouseButtonRelease, end, modifiers)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO) -> None:
        QTest.keyClick(self.view, key, modifiers)

    def metres(self, dx_m: float, dy_m: float, key: str) -> tuple[QPointF, QPointF]:
        """Where to press and to let go so that the floor below a unit moves by so much."""
        unit = self.unit(key)
        start = self.on(key)
        floor = Eye(self.view).floor(start)
        assert floor is not None
        end = self.at(floor[0] + dx_m, floor[1] + dy_m)
        assert unit is not None
        return start, end


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "line.toml"
    path.write_bytes(LAYOUT.read_bytes())
    return path


@pytest.fixture
def hand(make_window: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """A window of an engineer in which nothing is open; no picture is ever drawn."""
    monkeypatch.setattr(RenderWorker, "submit", lambda _worker, _request: None)
    window = make_window(opener=lambda request: opening.open_request(request, record=False), specs=SPECS, size=(1366, 768))
    return Hand(window, qtbot)


@pytest.fixture
def editing(hand: Hand, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """The hall of the bundled line is edited, seen from above at rest."""
    hand.window.open_line(OpenRequest(layout=path, addresses={"plant": str(CAPTURE)}, paused=True))
    qtbot.waitUntil(lambda: hand.panel._scene is not None, timeout=10_000)
    hand.docks = {key for key, dock in hand.window.dock_area.docks.items() if not dock.isHidden()}
    QTest.keyClick(hand.window, Qt.Key.Key_E, CTRL)
    assert hand.desk.draft is not None
    hand.view.eye.calm = True
    hand.view.guide.top_view()
    # Whoever asks about unsaved changes at the end of a test is told to discard them.
    monkeypatch.setattr(QMessageBox, "exec", press("Discard"))
    return hand


def press(words: str, seen: list[str] | None = None) -> Callable[[QMessageBox], int]:
    """Stand for a person who presses a button of whatever is asked."""

    def pressed(box: QMessageBox) -> int:
        if seen is not None:
            seen.append(f"{box.text()} {box.informativeText()}".strip())
        button = next(button for button in box.buttons() if button.text() == words)
        QTimer.singleShot(0, button.click)
        QMessageBox.open(box)
        return _until(box)

    return pressed


def _until(box: QMessageBox) -> int:
    while box.clickedButton() is None:
        QApplication.processEvents()
    return 0


def test_that_edit_mode_is_shown_clearly_and_gives_the_room_back(editing: Hand) -> None:
    window, docks = editing.window, editing.window.dock_area.docks
    assert editing.room.band.isVisible()
    assert editing.room.shelf.isVisible()
    assert editing.room.fields.isVisible()
    assert [key for key, dock in docks.items() if not dock.isHidden()] == ["scene"]
    assert window.commands.action("edit.hall").isChecked()
    QTest.keyClick(window, Qt.Key.Key_E, CTRL)
    assert editing.desk.draft is None
    assert not editing.room.band.isVisible()
    assert {key for key, dock in docks.items() if not dock.isHidden()} == editing.docks
    assert not window.commands.action("edit.hall").isChecked()


def test_that_a_machine_is_dragged_on_the_grid_and_its_numbers_are_seen_meanwhile(editing: Hand) -> None:
    start, end = editing.metres(1.3, 2.1, "Capper")
    editing.hold(start, end)
    (ghost,) = editing.room.floor.overlay.ghosts
    assert (ghost.place.x_m % 0.5, ghost.place.y_m) == (0.0, 2.0)
    assert "x_m" in editing.unit("Capper")
    assert editing.unit("Capper").get("y_m", 0.0) == 0.0
    before = editing.unit("Capper")["x_m"]
    editing.mouse(QEvent.Type.MouseButtonRelease, end)
    assert (editing.unit("Capper")["x_m"], editing.unit("Capper")["y_m"]) == (before + 1.5, 2.0)
    assert editing.desk.chosen == ("Capper",)
    assert editing.window.selection.unit == "Capper"
    assert editing.room.floor.overlay.ghosts == ()


def test_that_alt_leaves_the_grid_and_escape_the_machine_where_it_was(editing: Hand) -> None:
    start, end = editing.metres(1.3, 2.1, "Capper")
    editing.drag(start, end, ALT)
    assert editing.unit("Capper")["y_m"] == pytest.approx(2.1, abs=0.02)
    assert editing.unit("Capper")["y_m"] % 0.5 != 0
    text = editing.desk.draft.text if editing.desk.draft else ""
    start, end = editing.metres(-2.0, -1.0, "Capper")
    editing.hold(start, end)
    editing.key(Qt.Key.Key_Escape)
    editing.mouse(QEvent.Type.MouseButtonRelease, end)
    assert editing.desk.draft is not None
    assert editing.desk.draft.text == text


def test_that_machines_turn_by_key_and_by_handle(editing: Hand) -> None:
    editing.click(editing.on("Capper"))
    editing.key(Qt.Key.Key_R)
    editing.key(Qt.Key.Key_R)
    editing.key(Qt.Key.Key_R, SHIFT)
    assert editing.unit("Capper")["heading_deg"] == 15.0
    unit = editing.unit("Capper")
    editing.drag(editing.handle(ahead_of), editing.at(unit["x_m"], unit.get("y_m", 0.0) + 3.0))
    assert editing.unit("Capper")["heading_deg"] == 90.0


def test_that_several_are_chosen_dragged_and_turned_together(editing: Hand) -> None:
    editing.click(editing.on("Filler"))
    editing.click(editing.on("Capper"), CTRL)
    assert editing.desk.chosen == ("Filler", "Capper")
    filler, capper = editing.unit("Filler")["x_m"], editing.unit("Capper")["x_m"]
    editing.drag(*editing.metres(0.0, 1.0, "Capper"))
    assert [editing.unit(key)["y_m"] for key in ("Filler", "Capper")] == [1.0, 1.0]
    for _ in range(6):
        editing.key(Qt.Key.Key_R)
    middle = (filler + capper) / 2
    assert editing.unit("Filler")["x_m"] == pytest.approx(middle, abs=0.01)
    assert editing.unit("Filler")["y_m"] == pytest.approx(1.0 - (capper - filler) / 2, abs=0.01)
    assert editing.unit("Filler")["heading_deg"] == 90.0
    editing.click(editing.at(middle, 8.0))
    assert len(editing.desk.chosen) == 0
    corners = editing.at(filler - 3, 9.0), editing.at(capper + 30, -9.0)
    editing.drag(*corners, SHIFT)
    assert set(editing.desk.chosen) == {"Filler", "Capper", "Labeller"}
    heading = editing.room.fields.fields["heading_deg"].editor
    assert isinstance(heading, Measure)
    assert heading.text() == "several"
    heading.setValue(45.0)
    assert {editing.unit(key)["heading_deg"] for key in ("Filler", "Capper", "Labeller")} == {45.0}


def test_that_flow_is_drawn_from_machine_to_machine_and_parted_in_the_list(editing: Hand) -> None:
    editing.click(editing.on("Filler"))
    editing.hold(editing.handle(flow_of), editing.on("Labeller"))
    assert editing.room.floor.overlay.band is not None
    assert editing.room.floor.overlay.band.good
    editing.mouse(QEvent.Type.MouseButtonRelease, editing.on("Labeller"))
    assert [feed["to"] for feed in editing.unit("Filler")["feeds"]] == ["Capper", "Labeller"]
    assert {(link.source, link.target) for link in editing.view._scene.links} >= {("Filler", "Labeller")}
    editing.drag(editing.handle(flow_of), editing.at(0.0, 9.0))
    assert len(editing.unit("Filler")["feeds"]) == 2
    editing.room.fields.flow.parted.emit("Capper")
    assert [feed["to"] for feed in editing.unit("Filler")["feeds"]] == ["Labeller"]
    editing.room.fields.flow.sized.emit(0, 12.0)
    assert editing.unit("Filler")["feeds"] == [{"to": "Labeller", "buffer_capacity": 12.0}]


def test_that_a_machine_of_the_library_is_clicked_in_or_dragged_in(editing: Hand) -> None:
    card = editing.room.shelf.cards["press"]
    QTest.mouseClick(card, LEFT)
    assert editing.room.floor.placing == "press"
    spot = editing.at(3.1, 1.9)
    editing.mouse(QEvent.Type.MouseMove, spot, down=False)
    assert [ghost.place for ghost in editing.room.floor.overlay.ghosts] == [Place(3.0, 2.0, 0.0)]
    editing.key(Qt.Key.Key_R)
    editing.click(spot)
    assert editing.unit("Press") == {"id": "Press", "type": "press", "x_m": 3.0, "y_m": 2.0, "heading_deg": 15}
    assert editing.desk.chosen == ("Press",)
    assert editing.room.floor.placing == ""
    oven = editing.room.shelf.cards["oven"]
    inside = editing.view.mapToGlobal(editing.at(8.0, -1.0))
    oven.dragged.emit(inside)
    assert len(editing.room.floor.overlay.ghosts) == 1
    oven.dropped.emit(inside)
    assert (editing.unit("Oven")["x_m"], editing.unit("Oven")["y_m"]) == (8.0, -1.0)
    oven.dragged.emit(inside)
    oven.dropped.emit(QPointF(-50, -50))
    assert editing.desk.outline is not None
    assert [unit.type for unit in editing.desk.outline.units].count("oven") == 1
    assert editing.room.floor.placing == ""


def test_that_steps_are_undone_and_done_again_by_key_and_named_in_the_menu(editing: Hand) -> None:
    draft = editing.desk.draft
    assert draft is not None
    before = draft.text
    editing.click(editing.on("Capper"))
    editing.key(Qt.Key.Key_D, CTRL)
    assert editing.desk.chosen == ("Capper2",)
    assert editing.window.commands.action("edit.undo").text() == "Undo: Duplicate"
    editing.key(Qt.Key.Key_Delete)
    assert [unit.id for unit in draft.outline.units] == ["Filler", "Capper", "Labeller"]
    editing.key(Qt.Key.Key_Z, CTRL)
    assert [unit.id for unit in draft.outline.units] == ["Filler", "Capper", "Labeller", "Capper2"]
    editing.key(Qt.Key.Key_Z, CTRL)
    assert draft.text == before
    editing.key(Qt.Key.Key_Z, CTRL | SHIFT)
    assert [unit.id for unit in draft.outline.units][-1] == "Capper2"


@pytest.mark.allow_logs
def test_that_what_is_wrong_stands_beside_its_field_at_once_and_a_save_is_refused(editing: Hand, path: Path) -> None:
    before = path.read_bytes()
    editing.click(editing.on("Capper"))
    editing.desk.set_field("heading_deg", 400.0)
    field = editing.room.fields.fields["heading_deg"]
    assert field.wrong.isVisibleTo(editing.room.fields)
    assert "allowed: a number from -360 to 360" in field.wrong.text()
    assert editing.room.band.found.text() == "1 finding"
    assert not editing.desk.save()
    assert path.read_bytes() == before
    assert any("is not saved" in text for text in editing.window.notices.texts())
    assert isinstance(field.editor, Measure)
    field.editor.setValue(30.0)
    assert not field.wrong.isVisibleTo(editing.room.fields)
    assert editing.room.band.found.text() == "no findings"


def test_that_a_save_is_in_force_at_once_and_the_playhead_stays(editing: Hand, path: Path, qtbot: QtBot) -> None:
    session = editing.window.bridge.session
    editing.drag(*editing.metres(0.0, 2.0, "Capper"))
    assert session is not None
    before = editing.window.kpi_strip.frame
    editing.key(Qt.Key.Key_S, CTRL)
    assert b"y_m = 2.0" in path.read_bytes()
    qtbot.waitUntil(lambda: session.line.unit("Capper").placement.y_m == 2.0, timeout=2000)
    assert editing.window.bridge.session is session
    assert editing.desk.draft is not None
    assert not editing.desk.draft.dirty
    after = editing.window.kpi_strip.frame
    assert before is not None
    assert after is not None
    assert after.at_ns == before.at_ns


def test_that_fields_take_what_is_typed_and_empty_means_none(editing: Hand) -> None:
    editing.click(editing.on("Capper"))
    fields = editing.room.fields
    name = fields.fields["title"].editor
    assert isinstance(name, Words)
    name.setFocus()
    QTest.keyClicks(name, "Closer r")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert editing.unit("Capper")["title"] == "Closer r"
    assert editing.unit("Capper").get("heading_deg", 0) == 0
    (number, cycle), *_ = fields._cycles.values()
    assert isinstance(cycle.editor, Measure)
    cycle.editor.setValue(2.5)
    assert editing.desk.draft is not None
    assert editing.desk.draft.data["product"][number]["ideal_cycle_s"]["Capper"] == 2.5
    cycle.editor.setValue(0.0)
    assert "Capper" not in editing.desk.draft.data["product"][number]["ideal_cycle_s"]
    name.selectAll()
    QTest.keyClick(name, Qt.Key.Key_Delete)
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert "title" not in editing.unit("Capper")


@pytest.mark.parametrize(("answer", "saved", "left"), [("Save", True, True), ("Discard", False, True), ("Go on editing", False, False)])
def test_that_unsaved_changes_are_asked_about_on_closing(
    editing: Hand, path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, saved: bool, left: bool
) -> None:
    editing.drag(*editing.metres(0.0, 2.0, "Capper"))
    seen: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", press(answer, seen))
    assert editing.window.close() is left
    assert seen == ["The layout line.toml has changes that are not saved."]
    assert (b"y_m = 2.0" in path.read_bytes()) is saved
    assert (editing.desk.draft is None) is left
    monkeypatch.setattr(QMessageBox, "exec", press("Discard"))


@pytest.mark.parametrize(("answer", "files"), [("Take theirs", {"line.toml"}), ("Keep both", {"line.toml", "line-2.toml"})])
@pytest.mark.allow_logs
def test_that_a_file_changed_by_somebody_else_is_never_overwritten(
    editing: Hand, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, answer: str, files: set[str]
) -> None:
    editing.drag(*editing.metres(0.0, 2.0, "Capper"))
    monkeypatch.setattr(QMessageBox, "exec", press(answer))
    theirs = path.read_text("utf-8").replace("x_m = 0.0", "x_m = 0.25")
    path.write_text(theirs, "utf-8")
    qtbot.waitUntil(lambda: editing.unit("Filler")["x_m"] == 0.25, timeout=3000)
    assert path.read_text("utf-8") == theirs
    assert {found.name for found in path.parent.glob("*.toml")} == files
    assert editing.unit("Capper").get("y_m", 0.0) == 0.0
    if answer == "Keep both":
        assert tomllib.loads(path.with_name("line-2.toml").read_text("utf-8"))["unit"][1]["y_m"] == 2.0


def test_that_what_somebody_else_saves_is_taken_up_where_nothing_is_unsaved(editing: Hand, path: Path, qtbot: QtBot) -> None:
    path.write_text(path.read_text("utf-8").replace("x_m = 0.0", "x_m = 0.25"), "utf-8")
    qtbot.waitUntil(lambda: editing.unit("Filler")["x_m"] == 0.25, timeout=3000)
    assert editing.view._scene.units[0].x_m == 0.25


@pytest.mark.allow_logs
def test_that_who_may_not_change_the_layout_is_told_so_and_nothing_changes(editing: Hand, path: Path) -> None:
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
    QTest.keyClick(window, Qt.Key.Key_E, CTRL)
    assert hand.desk.draft is None
    assert not window.dock_area.isHidden()


def test_that_every_model_of_the_library_has_its_picture_in_both_themes() -> None:
    missing = [kind.key for kind in MACHINE_TYPES for theme in ("light", "dark") if not assets.picture_file(kind.model, theme).is_file()]
    assert missing == []
