"""An engineer edits the hall with mouse and keys, as it is done at the desk; nothing is drawn here, everything else is real."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtTest import QTest

from tests.ui.shell.engineer import ALT, CTRL, LEFT, SHIFT, Hand
from twin_app.editing.units import Place
from ui.editing.fields import Measure, Words
from ui.editing.handles import Grip


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
    editing.drag(editing.handle(Grip.TURN), editing.at(unit["x_m"], unit.get("y_m", 0.0) + 3.0))
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
    editing.hold(editing.handle(Grip.FLOW), editing.on("Labeller"))
    assert editing.room.floor.overlay.band is not None
    assert editing.room.floor.overlay.band.good
    editing.mouse(QEvent.Type.MouseButtonRelease, editing.on("Labeller"))
    assert [feed["to"] for feed in editing.unit("Filler")["feeds"]] == ["Capper", "Labeller"]
    assert {(link.source, link.target) for link in editing.view._scene.links} >= {("Filler", "Labeller")}
    editing.drag(editing.handle(Grip.FLOW), editing.at(0.0, 9.0))
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
def test_that_what_is_wrong_stands_beside_its_field_at_once_and_a_save_is_refused(editing: Hand, hall_file: Path) -> None:
    before = hall_file.read_bytes()
    editing.click(editing.on("Capper"))
    editing.desk.set_field("heading_deg", 400.0)
    field = editing.room.fields.fields["heading_deg"]
    assert field.wrong.isVisibleTo(editing.room.fields)
    assert "allowed: a number from -360 to 360" in field.wrong.text()
    assert editing.room.band.found.text() == "1 finding"
    assert not editing.desk.save()
    assert hall_file.read_bytes() == before
    assert any("is not saved" in text for text in editing.window.notices.texts())
    assert isinstance(field.editor, Measure)
    field.editor.setValue(30.0)
    assert not field.wrong.isVisibleTo(editing.room.fields)
    assert editing.room.band.found.text() == "no findings"


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
