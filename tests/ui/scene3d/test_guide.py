"""What a person does with the eye and its tools in a view: box, plan, follow, walk, measure, and letting go. Nothing is drawn here."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import pi

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.scene3d import Look, Pose, SceneUnit, SceneView, UnitLook
from ui.scene3d import attention as attention_module

UNITS = [SceneUnit(f"u{i}", f"M{i + 1}", "filler", None, 1.0, i * 5.0, 0.0, 0.0, 0.0) for i in range(3)]
VEHICLE = SceneUnit("v", "AGV", "agv", None, 1.0, 0.0, 6.0, 0.0, 0.0)
LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
NO_KEY, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def look(unit: SceneUnit, state: Look = Look.RUNNING, pose: Pose | None = None) -> dict[str, UnitLook]:
    return {unit.unit_id: UnitLook(state, state.title(), "", "!", 0.0, pose)}


@pytest.fixture
def view(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[SceneView]:
    """A room that is looked at and never drawn; the eye is where it goes at once."""
    view = SceneView()
    monkeypatch.setattr(view._worker, "submit", lambda _request: None)
    view.eye.calm = True
    view.resize(800, 500)
    view.set_scene([*UNITS, VEHICLE], [], "Line")
    view.show()
    qtbot.waitExposed(view)
    yield view
    view.stop()
    shiboken6.delete(view)


def pixel(view: SceneView, x: float, y: float, z: float = 0.0) -> QPoint:
    at = view.camera().project(np.array([(x, y, z)]), view.extent())[0]
    return QPoint(round(at[0]), round(at[1]))


def drag(view: SceneView, start: QPoint, end: QPoint, button: Qt.MouseButton = LEFT, key: Qt.KeyboardModifier = NO_KEY) -> None:
    QTest.mousePress(view, button, key, start)
    QTest.mouseMove(view, (start + end) / 2)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, button, key, end)


def test_that_a_box_picks_the_machines_within_nearest_first(view: SceneView, qtbot: QtBot) -> None:
    view.guide.top_view()
    with qtbot.waitSignal(view.units_boxed) as boxed:
        drag(view, pixel(view, -2, -2), pixel(view, 7, 3), LEFT, SHIFT)
    assert set(boxed.args[0]) == {"u0", "u1"}


def test_that_a_box_around_nothing_picks_nothing_and_turns_nothing(view: SceneView, qtbot: QtBot) -> None:
    before = view.camera()
    with qtbot.assertNotEmitted(view.units_boxed):
        drag(view, QPoint(2, 2), QPoint(40, 30), LEFT, SHIFT)
    assert view.camera() == before
    assert view._gestures.band is None


def test_that_the_other_buttons_move_the_room_and_on_a_plan_the_first_one_does(view: SceneView) -> None:
    for button in (RIGHT, MIDDLE):
        before = view.camera()
        drag(view, QPoint(300, 300), QPoint(340, 310), button)
        assert view.camera().azimuth_deg == before.azimuth_deg
        assert view.camera().focus != before.focus
    view.guide.top_view()
    under = view.camera().on_floor(300, 300, view.extent())
    drag(view, QPoint(300, 300), QPoint(340, 310))
    assert under is not None
    assert view.camera().project(under[None], view.extent())[0, :2] == pytest.approx((340, 310), abs=0.5)
    drag(view, QPoint(300, 300), QPoint(340, 260), RIGHT)
    assert view.camera().elevation_deg < 89
    assert view.camera().parallel


def test_that_a_plan_is_left_to_where_the_eye_came_from(view: SceneView) -> None:
    view.guide.fly_to("u2")
    before = view.camera()
    view.guide.top_view()
    assert view.camera().parallel
    view.guide.top_view()
    assert view.camera() == before


def test_that_no_drag_and_no_wheel_loses_the_line(view: SceneView) -> None:
    for _ in range(30):
        drag(view, QPoint(700, 250), QPoint(10, 250), RIGHT)
        drag(view, QPoint(400, 10), QPoint(400, 490), LEFT)
    assert view.eye.bounds.holds(view.camera())
    where = QPointF(5, 5)
    for _ in range(80):
        out = QWheelEvent(
            where, view.mapToGlobal(where), QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton, NO_KEY, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(view, out)
    assert view.camera().distance_m <= 100
    assert view.camera().eye()[2] > 0


def test_that_the_eye_goes_along_with_a_vehicle(view: SceneView) -> None:
    view.show_looks(look(VEHICLE, pose=Pose(0, 6, 0)))
    view.guide.follow("v")
    before = view.camera()
    for step in range(1, 5):
        view.show_looks(look(VEHICLE, pose=Pose(step * 4.0, 6 - step, pi)))
    assert view.camera().focus == pytest.approx((before.focus[0] + 16, before.focus[1] - 4, before.focus[2]))
    assert replace(view.camera(), focus=before.focus) == before
    drag(view, QPoint(300, 300), QPoint(340, 310))
    assert view.guide.following() == "v"
    view.guide.fit()
    assert view.guide.following() is None


def test_that_the_eye_comes_home_when_all_vehicles_have_left_where_it_looks(view: SceneView, qtbot: QtBot) -> None:
    view.set_scene([VEHICLE], [], "Fleet")
    view.show_looks(look(VEHICLE, pose=Pose(0, 0, 0)))
    view.guide.fly_to("v")
    view.show_looks(look(VEHICLE, pose=Pose(400, 300, 0)))
    assert view.camera().focus[:2] == pytest.approx((400, 300), abs=2)


def test_that_a_walk_ends_with_whatever_somebody_does(view: SceneView, qtbot: QtBot) -> None:
    acts: tuple[Callable[[], object], ...] = (
        lambda: QTest.mouseClick(view, LEFT, NO_KEY, QPoint(5, 5)),
        lambda: QTest.keyClick(view, Qt.Key.Key_Q),
    )
    for act in acts:
        view.guide.walk(on=True)
        assert view.eye.tour is not None
        QApplication.processEvents()
        with qtbot.waitSignal(view.eye.tour_ended):
            act()
        assert view.eye.tour is None


def test_that_a_walk_goes_on_while_nobody_does_anything(view: SceneView, qtbot: QtBot) -> None:
    view.eye.calm = False
    view.guide.walk(on=True)
    with qtbot.waitSignal(view.eye.moved):
        pass
    QTest.keyPress(view, Qt.Key.Key_Shift)
    QApplication.processEvents()
    assert view.eye.tour is not None
    assert view._request().leisure
    view.guide.walk(on=False)
    assert view.eye.tour is None


def test_that_a_walk_ends_when_the_mouse_is_taken_up(view: SceneView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention_module, "_CALM_MS", -1)
    view.guide.walk(on=True)
    QApplication.processEvents()
    QTest.mouseMove(view, QPoint(100, 100))
    QTest.mouseMove(view, QPoint(105, 100))
    QApplication.processEvents()
    assert view.eye.tour is not None
    with qtbot.waitSignal(view.eye.tour_ended):
        QTest.mouseMove(view, QPoint(300, 100))


def test_that_two_clicks_measure_and_esc_puts_the_tool_away(view: SceneView, qtbot: QtBot) -> None:
    view.guide.top_view()
    view.guide.measure(on=True)
    with qtbot.assertNotEmitted(view.unit_picked):
        QTest.mouseClick(view, LEFT, NO_KEY, pixel(view, 0, 0))
        QTest.mouseClick(view, LEFT, NO_KEY, pixel(view, 10, 0))
    first, second = view.guide.tool.spots
    assert second.place() - first.place() == pytest.approx((10, 0, 0))
    assert view.guide.hint()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view.guide.tool.active
    assert view.guide.hint() == ""
    with qtbot.waitSignal(view.unit_picked):
        QTest.mouseClick(view, LEFT, NO_KEY, pixel(view, 0, 0, 1))


def test_that_esc_is_the_windows_where_no_tool_is_in_hand(qtbot: QtBot, view: SceneView) -> None:
    outer = QWidget()
    qtbot.addWidget(outer)
    assert not view.guide.escapes(_esc())
    view.guide.follow("u1")
    assert view.guide.escapes(_esc())
    assert view.guide.following() is None


def test_that_a_flight_takes_its_time_and_an_eye_without_motion_is_there_at_once(view: SceneView, qtbot: QtBot) -> None:
    goal = view.guide.whole()
    view.guide.fly_to("u0")
    assert not view.eye._flight.isActive()
    view.eye.calm = False
    view.guide.fit()
    assert view.camera() != goal
    assert view.eye.moving
    qtbot.waitUntil(lambda: not view.eye.moving, timeout=5000)
    assert view.camera() == goal


def _esc() -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, NO_KEY)
