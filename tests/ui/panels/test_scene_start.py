"""When the hall's libraries are loaded, and what is said where they draw nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from twin_app.model.frame import Changes
from ui.panels import scene
from ui.panels.scene import ScenePanel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.ui.panels.doubles import Plant


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Stands for the 3D room: whether each one was made after a frame was there to be painted."""
    rooms: list[bool] = []

    def make(panel: ScenePanel) -> None:
        rooms.append(panel.frame is not None)

    monkeypatch.setattr(ScenePanel, "_make_scene", make)
    return rooms


def test_that_the_hall_waits_for_the_first_frame_that_knows_the_line(put: Any, plant: Plant, made: list[bool], qtbot: QtBot) -> None:
    panel, _ = put(ScenePanel, plant)
    panel.offer(plant.frame(10.0, span=None))
    assert panel._making.remainingTime() > 0
    panel.offer(plant.frame(10.0))
    assert made == []
    qtbot.waitUntil(lambda: made == [True])
    panel.offer(plant.frame(11.0))
    assert not panel._making.isActive()


def test_that_a_line_of_which_nothing_is_heard_gets_its_hall_all_the_same(
    put: Any, plant: Plant, made: list[bool], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene, "UNMOVED_MS", 20)
    put(ScenePanel, plant)
    qtbot.waitUntil(lambda: made == [False])


def test_that_what_the_hall_says_itself_is_not_said_again_below_it(put: Any, plant: Plant, made: list[bool]) -> None:
    panel, _ = put(ScenePanel, plant)
    panel._scene = SimpleNamespace(sentence=lambda: "no OpenGL here")
    panel._on_failed("no OpenGL here")
    assert not panel._note.isVisible()
    panel._on_failed("gone.glb cannot be read")
    assert panel._note.isVisible()
    panel._scene = None


def test_that_a_frame_that_would_wait_for_its_picture_is_told_once_the_hall_can_draw(
    put: Any, plant: Plant, made: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, _ = put(ScenePanel, plant)
    told: list[int] = []
    sated = [True]
    eye = SimpleNamespace(moving=False, calm=False)
    panel._scene = SimpleNamespace(
        sated=lambda: sated[0], eye=eye, settled=lambda: True, set_profile=lambda _: None, show_alarms=lambda *_: None,
        show_trails=lambda _: None, show_heat=lambda *_: None, extras=SimpleNamespace(), show_looks=lambda *_: told.append(panel.frame.at_ns),
    )  # fmt: skip
    panel._shapes = {unit.id: "" for unit in panel.view.line.units}
    quiet = Changes(signals=True)
    first, second = (replace(plant.frame(at_s), playing=True, changes=quiet, cycles=defaultdict(float)) for at_s in (10.0, 11.0))
    panel.offer(first)
    panel.offer(second)
    assert told == []
    assert not panel.settled()
    panel._on_hungry()
    assert told == []  # it draws another picture already
    sated[0] = False
    panel._on_hungry()
    assert told == [second.at_ns]
    assert panel.settled()
    panel._on_hungry()
    sated[0] = True
    panel.offer(replace(first, playing=False))  # a step, a pause
    panel.offer(replace(second, changes=Changes(units=frozenset({"M1"}))))  # a machine stops
    eye.moving = True
    panel.offer(first)
    assert told == [second.at_ns, first.at_ns, second.at_ns, first.at_ns]
    panel._scene = None
