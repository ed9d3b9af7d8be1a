"""The hall's commands: what they ask of the eye, and views that are kept by line and come back after a restart."""

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from twin_app.settings import Settings
from ui.commands import Commands
from ui.context import Context, Selection, Theme
from ui.hall.steering import Steering
from ui.scene3d.camera import Camera


class Guide:
    """Notes what is asked of it."""

    def __init__(self) -> None:
        self.eye = SimpleNamespace(goal=Camera((1, 2, 0.5), 40, 30, 9), tour=None)
        self.tool = SimpleNamespace(active=False)
        self.said: list[str] = []
        self.done: list[object] = []
        self.unit: str | None = None

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def recall(self, camera: Camera) -> None:
        self.done.append(camera)

    def follow(self, unit: str | None) -> None:
        self.unit = unit

    def following(self) -> str | None:
        return self.unit

    def fit(self) -> None:
        self.done.append("fit")

    def fly_to(self, *units: str) -> None:
        self.done.append(units)


@pytest.fixture
def parts(qtbot: QtBot) -> tuple[Steering, Guide, Context]:
    window = QObject()
    commands = Commands(window)
    context: Any = Context(None, commands, None, Selection(window), Settings(), Theme(window))  # type: ignore[arg-type]  # neither is asked
    guide: Any = Guide()
    steering = Steering(context, lambda: guide)
    steering.open_line("Works/Packaging/line")
    guide.window = window
    return steering, guide, context


def test_that_a_view_is_kept_under_its_number_and_comes_back(parts: tuple[Steering, Guide, Context]) -> None:
    steering, guide, context = parts
    context.commands.run("view.scene.recall.4")
    assert guide.done == []
    assert "Alt+4" in guide.said[0]
    context.commands.run("view.scene.keep.4")
    kept = guide.eye.goal
    guide.eye.goal = Camera()
    context.commands.run("view.scene.recall.4")
    assert guide.done == [kept]
    assert [str(key.toString()) for key in context.commands.action("view.scene.recall.4").shortcuts()] == ["4"]
    assert [str(key.toString()) for key in context.commands.action("view.scene.keep.4").shortcuts()] == ["Alt+4"]
    steering.open_line("Works/Packaging/other")
    context.commands.run("view.scene.recall.4")
    assert guide.done == [kept]


def test_that_kept_views_survive_a_restart(parts: tuple[Steering, Guide, Context]) -> None:
    steering, guide, context = parts
    context.commands.run("view.scene.keep.1")
    saved = steering.save()
    steering.restore(None)
    assert steering.save() == {}
    steering.restore(saved)
    context.commands.run("view.scene.recall.1")
    assert guide.done == [guide.eye.goal]


@pytest.mark.parametrize(
    "saved",
    [
        7, [], {"Works/Packaging/line": 3}, {"Works/Packaging/line": {"1": [1, 2]}}, {"Works/Packaging/line": {"1": ["x"] * 7}},
        {"Works/Packaging/line": {"1": [0, 0, 0, 0, 30, -5, 28]}}, {"Works/Packaging/line": {"1": [0, 0, float("nan"), 0, 30, 5, 28]}},
        {"Works/Packaging/line": {"1": [0, 0, 0, 0, 130, 5, 28]}}, {"Works/Packaging/line": {"0": [0, 0, 0, 0, 30, 5, 28]}},
    ],
)  # fmt: skip
def test_that_what_is_no_view_is_left_out(parts: tuple[Steering, Guide, Context], saved: object) -> None:
    parts[0].restore(saved)
    assert parts[0].save() == {}


def test_that_views_of_the_last_twenty_lines_are_kept(parts: tuple[Steering, Guide, Context]) -> None:
    steering, _, context = parts
    for line in range(25):
        steering.open_line(f"a/b/{line}")
        context.commands.run("view.scene.keep.1")
    assert list(steering.save()) == [f"a/b/{line}" for line in range(5, 25)]


def test_that_following_wants_a_selection_and_ends_with_the_same_command(parts: tuple[Steering, Guide, Context]) -> None:
    _, guide, context = parts
    context.commands.run("view.scene.follow")
    assert guide.unit is None
    assert guide.said
    assert not context.commands.action("view.scene.follow").isChecked()
    context.selection.select("AGV1")
    context.commands.run("view.scene.follow")
    assert guide.unit == "AGV1"
    assert context.commands.action("view.scene.follow").isChecked()
    context.commands.run("view.scene.follow")
    assert guide.unit is None


def test_that_without_a_room_no_command_does_anything(parts: tuple[Steering, Guide, Context]) -> None:
    steering, _, context = parts
    steering._guide = lambda: None
    for command, action in context.commands:
        action.trigger()
        assert not action.isChecked(), command.id
