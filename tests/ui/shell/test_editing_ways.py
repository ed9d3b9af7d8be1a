"""Aisles and fences drawn and reshaped with the mouse in edit mode, as an engineer does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt

from tests.ui.shell.engineer import ALT, SHIFT, Hand
from ui.editing.fields import Words

if TYPE_CHECKING:
    from twin_app.editing.ways import Way

pytestmark = pytest.mark.gui
Point = tuple[float, float]


def draw(hand: Hand, command: str, *points: Point, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Click point after point."""
    hand.window.commands.run(command)
    for x_m, y_m in points:
        hand.click(hand.at(x_m, y_m), modifiers)


def last(hand: Hand, kind: str) -> Way:
    return [way for way in hand.desk.ways if way.kind == kind][-1]


def test_that_an_aisle_is_drawn_point_by_point_on_the_grid_and_named(editing: Hand) -> None:
    before = len(editing.desk.ways)
    draw(editing, "edit.aisle", (1.1, -3.9), (4.9, -4.1), (5.2, -5.8))
    editing.key(Qt.Key.Key_Backspace)
    editing.key(Qt.Key.Key_Return)
    way = editing.desk.way
    assert way is not None
    assert (way.kind, way.points) == ("aisle", ((1.0, -4.0), (5.0, -4.0)))
    assert editing.view._scene.aisles[-1].line == way.points, "the hall shows it at once"
    name = editing.room.fields.fields["way.name"].editor
    assert isinstance(name, Words)
    name.setText("North")
    name.editingFinished.emit()
    assert last(editing, "aisle").name == "North"
    for _ in range(2):
        editing.window.commands.run("edit.undo")
    assert len(editing.desk.ways) == before


def test_that_a_fence_closes_where_it_began_and_escape_draws_nothing(editing: Hand) -> None:
    corners = ((-2.0, -3.0), (1.0, -3.0), (1.0, -5.0))
    draw(editing, "edit.fence", *corners)
    editing.key(Qt.Key.Key_Escape)
    assert not [way for way in editing.desk.ways if way.kind == "fence"]
    draw(editing, "edit.fence", *corners, corners[0])
    fence = last(editing, "fence")
    assert (fence.points, fence.closed) == (corners, True)
    editing.key(Qt.Key.Key_Delete)
    assert not [way for way in editing.desk.ways if way.kind == "fence"]


def test_that_points_are_dragged_put_in_and_taken_out_and_the_whole_is_moved(editing: Hand) -> None:
    draw(editing, "edit.aisle", (0.0, -4.0), (4.0, -4.0))
    editing.key(Qt.Key.Key_Return)
    editing.drag(editing.at(4.0, -4.0), editing.at(4.1, -5.9))
    assert last(editing, "aisle").points == ((0.0, -4.0), (4.0, -6.0))
    editing.drag(editing.at(2.0, -5.0), editing.at(2.0, -3.0))
    assert last(editing, "aisle").points == ((0.0, -4.0), (2.0, -3.0), (4.0, -6.0))
    editing.mouse(QEvent.Type.MouseButtonDblClick, editing.at(2.0, -3.0))
    assert last(editing, "aisle").points == ((0.0, -4.0), (4.0, -6.0))
    editing.drag(editing.at(1.0, -4.5), editing.at(2.0, -4.5))
    assert last(editing, "aisle").points == ((1.0, -4.0), (5.0, -6.0))
    editing.drag(editing.at(5.0, -6.0), editing.at(5.3, -4.6), SHIFT)
    assert last(editing, "aisle").points[1] == (5.5, -4.0), "straight from the point before it"
    editing.drag(editing.at(5.5, -4.0), editing.at(5.37, -4.13), ALT)
    x, y = last(editing, "aisle").points[1]
    assert (x, y) != (5.5, -4.0)
    assert abs(x - 5.37) < 0.1
    editing.desk.choose(())
    editing.click(editing.at(1.8, -4.02))
    assert editing.desk.way == last(editing, "aisle"), "a click on its line chooses it"
    editing.desk.choose(())
    editing.click(editing.at(1.8, -5.3))
    assert editing.desk.way == last(editing, "aisle"), "and so does one on its ground"
    editing.click(editing.on("Filler"))
    assert editing.desk.way is None
    assert editing.desk.chosen == ("Filler",)
