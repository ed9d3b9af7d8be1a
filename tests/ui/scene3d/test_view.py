"""The view as a person uses it: look, hover, click, drag, wheel; and what it must not do: draw without need, or die without OpenGL."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.scene3d import DARK, LIGHT, Look, SceneLink, SceneUnit, SceneView, UnitLook
from ui.scene3d.cards import machine_rects

UNITS = [
    SceneUnit(f"u{i}", f"M{i + 1}", kind, None, 1.0, i * 5.0, 0.0, 0.0, 0.0) for i, kind in enumerate(("filler", "capper", "labeller"))
]
NO_KEY = Qt.KeyboardModifier.NoModifier
LINKS = [SceneLink("u0", "u1"), SceneLink("u1", "u2")]


def looks(phase: float = 0.0, **special: Look) -> dict[str, UnitLook]:
    return {
        unit.unit_id: UnitLook(special.get(unit.unit_id, Look.RUNNING), special.get(unit.unit_id, Look.RUNNING).title(), "38 s", "!", phase)
        for unit in UNITS
    }


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[SceneView]:
    view = SceneView()
    view.resize(480, 270)
    view.set_scene(UNITS, LINKS, "Line")
    view.show_looks(looks())
    with qtbot.waitSignal(view._worker.picture_finished, timeout=20_000):
        view.show()
    qtbot.waitUntil(lambda: view._picture is not None and view._picture.request.same_picture(view._asked), timeout=20_000)
    yield view
    view.stop()
    shiboken6.delete(view)


def settled(view: SceneView, qtbot: QtBot) -> None:
    """Wait until the picture shown is the one last asked for."""
    qtbot.waitUntil(
        lambda: not view.eye.moving and view._picture is not None and view._picture.request.same_picture(view._asked),
        timeout=20_000,
    )


def middle_of(view: SceneView, row: int) -> QPoint:
    rect = machine_rects(view._scene.bases(), view._boxes, view.camera(), (view.width(), view.height()))[row]
    assert rect is not None
    return QPoint(round(rect.x + rect.width / 2), round(rect.y + rect.height / 2))


def count_submits(view: SceneView, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    asked: list[object] = []
    submit = view._worker.submit

    def counted(request: object) -> None:
        asked.append(request)
        submit(request)  # type: ignore[arg-type]  # a double stands in for the request

    monkeypatch.setattr(view._worker, "submit", counted)
    return asked


def test_that_the_view_can_be_grabbed_and_shows_the_line(view: SceneView) -> None:
    image = view.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(0, 480, 7) for y in range(0, 270, 7)}
    assert len(colours) > 50


def test_that_nothing_is_drawn_when_nothing_changed(view: SceneView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = count_submits(view, monkeypatch)
    for _ in range(5):
        view.show_looks(looks())
        view.set_selected(None)
        view.set_theme(LIGHT)
    with qtbot.assertNotEmitted(view._worker.picture_finished, wait=300):
        pass
    assert asked == []


def test_that_nothing_is_drawn_while_hidden_and_the_newest_is_shown_on_return(
    view: SceneView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = count_submits(view, monkeypatch)
    view.hide()
    for phase in range(20):
        view.show_looks(looks(float(phase)))
    assert asked == []
    view.show()
    settled(view, qtbot)
    assert len(asked) == 1
    assert view._picture is not None
    assert view._picture.request.phases.tolist() == [19.0, 19.0, 19.0]


def test_that_old_requests_are_dropped_for_the_newest(view: SceneView, qtbot: QtBot) -> None:
    pictures: list[int] = []
    view._worker.picture_finished.connect(lambda: pictures.append(1))
    for step in range(200):
        view.show_looks(looks(step * 0.01))
    settled(view, qtbot)
    assert view._picture is not None
    assert view._picture.request.phases[0] == pytest.approx(1.99)
    assert len(pictures) < 20


def test_that_running_machines_are_drawn_quickly_and_standing_ones_well(view: SceneView, qtbot: QtBot) -> None:
    view.show_looks(looks(0.2))
    assert view._asked is not None
    assert view._asked.running
    assert not view.settled()
    qtbot.waitUntil(view.settled, timeout=20_000)
    assert view._picture is not None
    assert not view._picture.request.running
    assert view._picture.request.phases.tolist() == [0.2, 0.2, 0.2]


def test_that_machines_that_run_are_drawn_as_such_until_well_after_the_next_picture_could_begin(
    view: SceneView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view._worker, "submit", lambda _request: None)
    view._worker.period_s = 0.0
    view.show_looks(looks(0.2))
    assert view._running.interval() == 300
    view._worker.period_s = 0.45
    view.show_looks(looks(0.3))
    assert view._running.interval() == 1200


def test_that_a_frame_without_news_for_the_labels_paints_nothing_before_its_picture_is_there(
    view: SceneView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    updates: list[str] = []
    monkeypatch.setattr(view, "update", lambda: updates.append("update"))
    monkeypatch.setattr(view._worker, "submit", lambda _request: None)
    for step in range(5):
        view.show_looks(looks(step * 0.1))
    assert updates == []
    view.show_looks(looks(0.5, u1=Look.ABORTED))
    assert updates == ["update"]


def test_that_a_click_picks_the_machine_under_it(view: SceneView, qtbot: QtBot) -> None:
    for row in range(3):
        with qtbot.waitSignal(view.unit_picked) as picked:
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, NO_KEY, middle_of(view, row))
        assert picked.args == [f"u{row}"]


def test_that_a_click_on_the_floor_picks_nothing(view: SceneView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.unit_picked):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, NO_KEY, QPoint(470, 8))


def test_that_a_drag_turns_the_room_and_picks_nothing(view: SceneView, qtbot: QtBot) -> None:
    before, start = view.camera(), middle_of(view, 1)
    with qtbot.assertNotEmitted(view.unit_picked):
        QTest.mousePress(view, Qt.MouseButton.LeftButton, NO_KEY, start)
        QTest.mouseMove(view, start + QPoint(40, 10))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, NO_KEY, start + QPoint(40, 10))
    assert view.camera().azimuth_deg != before.azimuth_deg
    assert view.camera().focus == before.focus
    settled(view, qtbot)


def test_that_a_middle_drag_pans(view: SceneView, qtbot: QtBot) -> None:
    before = view.camera()
    QTest.mousePress(view, Qt.MouseButton.MiddleButton, NO_KEY, QPoint(200, 200))
    QTest.mouseMove(view, QPoint(240, 210))
    QTest.mouseRelease(view, Qt.MouseButton.MiddleButton, NO_KEY, QPoint(240, 210))
    assert view.camera().azimuth_deg == before.azimuth_deg
    assert view.camera().focus != before.focus
    settled(view, qtbot)


def test_that_the_wheel_comes_closer(view: SceneView, qtbot: QtBot) -> None:
    before = view.camera().distance_m
    where = QPointF(middle_of(view, 0))
    event = QWheelEvent(
        where,
        view.mapToGlobal(where),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)
    settled(view, qtbot)
    assert view.camera().distance_m == pytest.approx(before * 0.88)


def test_that_the_eye_flies_to_a_unit_and_back_to_the_whole(view: SceneView, qtbot: QtBot) -> None:
    whole = view.camera()
    view.guide.fly_to("u2")
    settled(view, qtbot)
    assert view.camera().distance_m < whole.distance_m * 0.8
    assert view.camera().focus[0] == pytest.approx(10.0, abs=1.0)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, NO_KEY, QPoint(470, 8))
    settled(view, qtbot)
    assert view.camera().distance_m == pytest.approx(whole.distance_m, rel=0.1)
    view.guide.top_view()
    settled(view, qtbot)
    assert view.camera().elevation_deg > 89


def test_that_a_hovered_machine_shows_its_card(view: SceneView, qtbot: QtBot) -> None:
    view.grab()
    assert view._labels.cards == []
    QTest.mouseMove(view, middle_of(view, 1))
    settled(view, qtbot)
    view.grab()
    assert view._labels.cards is not None
    assert [card.title for card in view._labels.cards] == ["M2"]


def test_that_abnormal_machines_carry_cards_and_consequences_are_short(view: SceneView, qtbot: QtBot) -> None:
    view.resize(900, 520)
    view.show_looks(looks(u0=Look.ABORTED, u1=Look.SUSPENDED))
    settled(view, qtbot)
    view.grab()
    assert view._labels.cards is not None
    assert [(card.title, card.lines) for card in view._labels.cards or ()] == [("M1", ("Aborted · 38 s",)), ("M2", ())]


def test_that_a_card_is_painted_in_the_colour_of_its_state(view: SceneView, qtbot: QtBot) -> None:
    view.resize(900, 520)
    view.show_looks(looks(u1=Look.ABORTED))
    settled(view, qtbot)
    image = view.grab().toImage()
    assert view._labels.cards
    rect = view._labels.cards[0].rect
    inside = [image.pixelColor(x, y) for x in range(int(rect.x), int(rect.x + 40)) for y in range(int(rect.y), int(rect.y + rect.height))]
    assert sum(colour == QColor(LIGHT.aborted) for colour in inside) > 50


def test_that_a_theme_change_is_seen_at_once(view: SceneView, qtbot: QtBot) -> None:
    view.set_theme(DARK)
    settled(view, qtbot)
    assert view.grab().toImage().pixelColor(5, 260).lightness() < 80


def test_that_resizing_keeps_the_whole_line_in_view_until_a_hand_moves_it(view: SceneView, qtbot: QtBot) -> None:
    view.resize(300, 400)
    settled(view, qtbot)
    assert view._picture is not None
    assert view._picture.pixels.shape[:2] == (400, 300)
    rects = machine_rects(view._scene.bases(), view._boxes, view.camera(), (300, 400))
    assert all(rect is not None and rect.x >= 0 and rect.x + rect.width <= 300 for rect in rects)


def test_that_a_missing_model_is_told_once(view: SceneView, qtbot: QtBot, tmp_path: Path) -> None:
    sentences: list[str] = []
    view.failed.connect(sentences.append)
    view.set_scene([SceneUnit("x", "X", "machine", tmp_path / "gone.glb", 1.0, 0, 0, 0, 0)], [], "Line")
    qtbot.waitUntil(view.settled, timeout=30_000)
    view.show_looks({"x": UnitLook(Look.RUNNING, "Execute", "", "▶", 4.0)})
    qtbot.waitUntil(view.settled, timeout=30_000)
    assert len(sentences) == 1
    assert "gone.glb" in sentences[0]


def test_that_an_empty_line_is_an_empty_hall(view: SceneView, qtbot: QtBot) -> None:
    view.set_scene([], [], "")
    settled(view, qtbot)
    assert view.unit_at(240, 135) is None
    view.guide.fly_to("u1")
    view.guide.fit()
    view.guide.top_view()
    settled(view, qtbot)


def test_that_stopping_ends_the_render_thread(view: SceneView) -> None:
    assert any(thread.name == "scene3d" for thread in threading.enumerate())
    view.stop()
    assert not any(thread.name == "scene3d" for thread in threading.enumerate())
    view.stop()


def test_that_a_deleted_view_takes_its_thread_along(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    view = SceneView(parent)
    view.resize(200, 150)
    with qtbot.waitSignal(view._worker.picture_finished, timeout=20_000):
        parent.show()
    view.deleteLater()
    qtbot.waitUntil(lambda: not any(thread.name == "scene3d" for thread in threading.enumerate()), timeout=5000)


def test_that_without_opengl_the_view_says_so_in_one_calm_sentence(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VTK_DEFAULT_OPENGL_WINDOW", "none")
    view = SceneView()
    view.resize(480, 270)
    view.set_scene(UNITS, LINKS, "Line")
    with qtbot.waitSignal(view.failed, timeout=20_000) as failed:
        view.show()
    assert "no OpenGL" in failed.args[0]
    before = view.grab().toImage()
    view.show_looks(looks(3.0))
    assert view.grab().toImage() == before
    shiboken6.delete(view)


@pytest.mark.allow_logs
def test_that_an_error_while_drawing_is_told_and_the_last_picture_does_not_pass_for_the_present(
    view: SceneView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(view._worker._renderer, "render", broken)
    with qtbot.waitSignal(view.failed, timeout=20_000) as failed:
        view.show_looks(looks(1.0))
    assert "internal error" in failed.args[0]
    assert view._picture is None
    view.grab()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bring their OpenGL along")
@pytest.mark.parametrize(
    "broken", [{"__EGL_VENDOR_LIBRARY_DIRS": "/nowhere"}, {"MESA_GL_VERSION_OVERRIDE": "2.1"}], ids=["no driver", "old driver"]
)
def test_that_a_broken_driver_is_an_error_and_not_a_crash(broken: dict[str, str]) -> None:
    code = "from ui.scene3d.window import open_window\ntry:\n    open_window()\nexcept Exception as error:\n    print(type(error).__name__)"
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"} | broken
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=50, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "GraphicsError")


@pytest.fixture
def inline() -> Callable[[], SceneView]:
    """Make a view that draws in the event loop, as on macOS."""

    def make() -> SceneView:
        from ui.scene3d.worker import RenderWorker

        view = SceneView()
        view._worker.stop()
        view._worker = RenderWorker(inline=True)
        view._worker.picture_finished.connect(view._on_picture_finished, Qt.ConnectionType.QueuedConnection)
        return view

    return make


def test_that_where_threads_may_not_draw_the_event_loop_does(qtbot: QtBot, inline: Callable[[], SceneView]) -> None:
    view = inline()
    view.resize(200, 150)
    view.set_scene(UNITS, LINKS, "Line")
    view.show()
    settled(view, qtbot)
    assert view._picture is not None
    assert not any(thread.name == "scene3d" for thread in threading.enumerate())
    view.stop()
    shiboken6.delete(view)
