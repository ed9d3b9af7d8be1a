"""The timeline as a person sees and drags it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from tests.ui.panels.doubles import Plant, Stage, at, make_line
from twin_app.model.frame import Changes, Mode
from twin_app.model.historian import Span
from twin_app.model.packml import State
from ui.palette import DARK, LIGHT
from ui.panels.timeline import TimelinePanel
from ui.timeline import paint
from ui.timeline.lanes import index_of

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

QUIET = Changes()


class Paints(QObject):
    """Counts the paint events of a widget, and how wide each repaint was."""

    def __init__(self, widget: Any) -> None:
        super().__init__(widget)
        self.widths: list[int] = []
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self.widths.append(event.rect().width())  # type: ignore[attr-defined]  # only paint events come here
        return False


def picture(panel: TimelinePanel) -> QImage:
    return panel.canvas.grab().toImage()


def columns_of(image: QImage, color: str, *, top: int, bottom: int) -> set[int]:
    """Return the pixel columns that hold a colour between two heights."""
    wanted = int(color[1:], 16)
    return {x for x in range(image.width()) for y in range(top, bottom) if image.pixel(x, y) & 0xFFFFFF == wanted}


def lane(panel: TimelinePanel, index: int) -> tuple[int, int]:
    return panel.canvas.rows.y(index), panel.canvas.rows.y(index) + panel.canvas.rows.pitch_px


def point(panel: TimelinePanel, seconds: float, y: int) -> QPoint:
    return QPoint(round(panel.canvas.scale.x(at(seconds))), y)


@pytest.fixture
def timeline(put: Any, plant: Plant) -> tuple[TimelinePanel, Stage]:
    panel, stage = put(TimelinePanel, plant)
    panel.offer(plant.frame(100.0))
    return panel, stage


def test_that_an_abort_of_one_second_is_where_it_happened_and_red(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, _ = timeline
    top, bottom = lane(panel, 0)
    red = columns_of(picture(panel), LIGHT.priority[0], top=top, bottom=bottom)
    scale = panel.canvas.scale
    assert red
    assert min(red) == pytest.approx(scale.x(at(60)), abs=1.5)
    assert max(red) == pytest.approx(scale.x(at(61)), abs=1.5)


def test_that_a_stop_of_one_millisecond_is_seen_at_the_zoom_of_a_whole_shift(put: Any) -> None:
    shift = Plant(make_line("Filler"), 28_800.0, {"Filler": [(0.0, State.EXECUTE), (10_000.0, State.ABORTED), (10_000.001, State.EXECUTE)]})
    panel, _ = put(TimelinePanel, shift)
    panel.offer(shift.frame(20_000.0))
    top, bottom = lane(panel, 0)
    assert len(columns_of(picture(panel), LIGHT.priority[0], top=top, bottom=bottom)) == 1


def test_that_a_starved_machine_is_a_thin_foot_below_the_others(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, _ = timeline
    top, bottom = lane(panel, 1)
    middle = (top + bottom) // 2
    image = picture(panel)
    assert not columns_of(image, LIGHT.priority[2], top=top, bottom=middle)
    assert len(columns_of(image, LIGHT.priority[2], top=middle, bottom=bottom)) > 300


def test_that_the_blind_start_is_hatched_not_running(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, _ = timeline
    top, bottom = lane(panel, 0)
    image = picture(panel)
    until = round(panel.canvas.scale.x(at(6)))
    assert min(columns_of(image, LIGHT.running, top=top, bottom=bottom)) >= until - 1
    left = panel.canvas.scale.left_px
    assert any(left <= x < until for x in columns_of(image, LIGHT.dim, top=top, bottom=bottom))


def test_that_the_theme_is_taken_at_once(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    stage.context.theme.use(DARK)
    top, bottom = lane(panel, 0)
    image = picture(panel)
    assert columns_of(image, DARK.priority[0], top=top, bottom=bottom)
    assert not columns_of(image, LIGHT.priority[0], top=top, bottom=bottom)


def test_that_idle_nothing_is_repainted(timeline: tuple[TimelinePanel, Stage], qtbot: QtBot) -> None:
    panel, stage = timeline
    QApplication.processEvents()
    paints = Paints(panel.canvas)
    asked = len(stage.query.asked)
    for _ in range(20):
        panel.offer(stage.plant.frame(100.0, changes=QUIET))
        QApplication.processEvents()
    assert paints.widths == []
    assert len(stage.query.asked) == asked


def test_that_while_playing_only_the_playheads_strip_is_repainted(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    QApplication.processEvents()
    paints = Paints(panel.canvas)
    asked = len(stage.query.asked)
    for i in range(10):
        panel.offer(stage.plant.frame(100.0 + i / 5, playing=True, changes=QUIET))
        QApplication.processEvents()
    assert paints.widths
    assert max(paints.widths) < 60
    assert len(stage.query.asked) == asked


def test_that_the_playhead_stands_at_its_instant(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, _ = timeline
    bottom = panel.canvas.height()
    blue = columns_of(picture(panel), LIGHT.selection, top=bottom - 6, bottom=bottom - 2)
    assert blue == {round(panel.canvas.scale.x(at(100))) - 1, round(panel.canvas.scale.x(at(100)))}


def test_that_dragging_scrubs_and_never_seeks_more_often_than_frames_come(timeline: tuple[TimelinePanel, Stage], qtbot: QtBot) -> None:
    panel, stage = timeline
    y = panel.canvas.axis_px // 2
    QTest.mousePress(panel.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point(panel, 20, y))
    for second in range(21, 71):
        QTest.mouseMove(panel.canvas, point(panel, second, y))
    QTest.mouseRelease(panel.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point(panel, 70, y))
    qtbot.waitUntil(lambda: stage.deck.sought_s[-1] == pytest.approx(70, abs=0.2))
    assert stage.deck.sought_s[0] == pytest.approx(20, abs=0.2)
    assert len(stage.deck.sought_s) < 50


def test_that_a_click_on_a_lane_selects_its_machine_and_goes_there(timeline: tuple[TimelinePanel, Stage], qtbot: QtBot) -> None:
    panel, stage = timeline
    top, bottom = lane(panel, 1)
    with qtbot.waitSignal(stage.context.selection.unit_changed):
        QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point(panel, 45, (top + bottom) // 2))
    assert stage.context.selection.unit == "Capper"
    assert stage.deck.sought_s == [pytest.approx(45, abs=0.2)]


def test_that_a_click_on_a_name_selects_without_moving_time(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    top, bottom = lane(panel, 0)
    QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(30, (top + bottom) // 2))
    assert stage.context.selection.unit == "Filler"
    assert stage.deck.sought_s == []


def test_that_the_selected_lane_is_marked(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    stage.context.selection.select("Capper")
    image = picture(panel)
    marked = [i for i in range(2) if 0 in columns_of(image, LIGHT.selection, top=lane(panel, i)[0], bottom=lane(panel, i)[1])]
    assert marked == [1]


def wheel(panel: TimelinePanel, seconds: float, notches: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    where = QPointF(point(panel, seconds, 60))
    event = QWheelEvent(
        where,
        panel.canvas.mapToGlobal(where),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(panel.canvas, event)


def test_that_the_wheel_zooms_at_the_cursor(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, _ = timeline
    x, span = panel.canvas.scale.x(at(60)), panel.canvas.scale.span_ns
    wheel(panel, 60, 4)
    assert panel.canvas.scale.span_ns == pytest.approx(span / 1.25**4, rel=1e-6)
    assert panel.canvas.scale.x(at(60)) == pytest.approx(x, abs=1.5)


def test_that_shift_and_wheel_pans(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, _ = timeline
    wheel(panel, 60, 6)
    before = panel.canvas.scale
    wheel(panel, 60, 1, Qt.KeyboardModifier.ShiftModifier)
    assert panel.canvas.scale.span_ns == before.span_ns
    assert panel.canvas.scale.start_ns < before.start_ns


def test_that_a_double_click_fits_and_leaves_the_playhead_where_it_was(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    wheel(panel, 60, 6)
    QTest.mouseDClick(panel.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point(panel, 60, 60))
    assert panel.canvas.view.shows(at(0))
    assert panel.canvas.view.shows(at(120))
    assert stage.deck.sought_s[-1:] in ([], [pytest.approx(100)])


def test_that_hovering_tells_state_start_and_length(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, _ = timeline
    top, bottom = lane(panel, 0)
    tip = panel.canvas.telling(panel.canvas.scale.x(at(60.5)), (top + bottom) / 2)
    assert tip.splitlines() == ["Filler", "✕ Aborted", "from 17:26:57.0, for 1.0 s"]


def test_that_zoomed_into_a_stop_its_whole_length_is_told(timeline: tuple[TimelinePanel, Stage]) -> None:
    """The capper is starved from 30 to 90 s; of it one second is seen."""
    panel, stage = timeline
    panel.canvas.frame_span(at(59.5), at(60.5))
    top, bottom = lane(panel, 1)
    tip = panel.canvas.telling(panel.canvas.scale.x(at(60)), (top + bottom) / 2)
    assert tip.splitlines()[1:] == ["▷ Suspended", "starved", "from 17:26:27, for 1 min 00 s"]
    stage.context.selection.select("Capper")
    panel.offer(stage.plant.frame(60.0))
    QTest.keyClick(panel.window(), Qt.Key.Key_F)
    assert (panel.canvas.scale.start_ns, panel.canvas.scale.end_ns) == (at(24), at(96))


def test_that_the_future_of_a_live_line_is_shaded_and_the_past_is_not(put: Any, plant: Plant) -> None:
    panel, _ = put(TimelinePanel, plant)
    panel.offer(plant.frame(120.0, mode=Mode.LIVE, playing=True))
    image = picture(panel)
    y = panel.canvas.height() - 3
    now = round(panel.canvas.scale.x(at(120)))
    assert image.pixel(now + 12, y) != image.pixel(now - 12, y)
    assert image.width() - now > 40


@pytest.mark.parametrize("span", [None, Span(at(0), at(0))], ids=["nothing", "only the instant a source began"])
def test_that_before_the_first_sample_there_is_no_axis_and_it_says_so(
    put: Any, plant: Plant, monkeypatch: pytest.MonkeyPatch, span: Span | None
) -> None:
    written: list[str] = []
    for asked, answer in (("ticks", ()), ("clock_time", "1970-01-01"), ("tr", "")):

        def noted(*said: object, name: str = asked, answered: Any = answer, **_: object) -> Any:
            written.append(str(said[0]) if name == "tr" else name)
            return answered

        monkeypatch.setattr(paint, asked, noted)
    panel, _ = put(TimelinePanel, plant)
    panel.offer(plant.frame(0.0, mode=Mode.LIVE, span=span, figures=None))
    picture(panel)
    assert "No data yet" in written
    assert not {"ticks", "clock_time"} & set(written)


def test_that_the_lanes_grow_with_a_live_line_but_ask_at_most_once_a_second_of_growth(put: Any, plant: Plant, qtbot: QtBot) -> None:
    panel, stage = put(TimelinePanel, plant)
    panel.offer(plant.frame(120.0, mode=Mode.LIVE, playing=True))
    qtbot.waitUntil(lambda: stage.query.count("timeline") == 2)
    for i in range(9):
        plant.end_s = 120.0 + i / 10
        panel.offer(plant.frame(plant.end_s, mode=Mode.LIVE, playing=True, changes=Changes(span=True)))
    qtbot.wait(250)
    assert stage.query.count("timeline") == 2
    plant.states["Filler"].append((121.0, State.ABORTED))
    plant.end_s = 123.0
    panel.offer(plant.frame(123.0, mode=Mode.LIVE, playing=True, changes=Changes(units=frozenset({"Filler"}))))
    top, bottom = lane(panel, 0)
    qtbot.waitUntil(lambda: max(columns_of(picture(panel), LIGHT.priority[0], top=top, bottom=bottom)) >= panel.canvas.scale.x(at(122.5)))


def test_that_two_hundred_machines_scroll_and_only_the_visible_are_asked_for(put: Any, qtbot: QtBot) -> None:
    names = [f"M{i}" for i in range(200)]
    many = Plant(make_line(*names), 100.0, {n: [(0.0, State.EXECUTE)] for n in names})
    panel, stage = put(TimelinePanel, many)
    panel.offer(many.frame(50.0))
    qtbot.waitUntil(lambda: stage.query.count("timeline") > 0)
    assert stage.query.count("timeline") == len(panel.canvas.rows.visible) < 20
    stage.context.selection.select("M150")
    assert index_of(panel.canvas.content.rows, "M150") in panel.canvas.rows.visible
    qtbot.waitUntil(lambda: ("timeline", "timeline/M150", "M150") in stage.query.asked)


def test_that_the_time_carries_its_zone(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, _ = timeline
    assert panel.bar.time.text() == "17:27:37.0"
    assert panel.bar._offset.text() == "UTC+8"


@pytest.mark.parametrize(("mode", "enabled", "lit"), [(Mode.LIVE, True, True), (Mode.LOOK_BACK, True, False), (Mode.REPLAY, False, False)])
def test_that_the_live_button_follows_the_mode(put: Any, plant: Plant, mode: Mode, *, enabled: bool, lit: bool) -> None:
    panel, _ = put(TimelinePanel, plant)
    panel.offer(plant.frame(100.0, mode=mode))
    assert (panel.bar._live.isEnabled(), panel.bar._live.isChecked()) == (enabled, lit)


def test_that_a_chosen_speed_is_told_to_the_transport(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    panel.bar._speed.setFocus()
    QTest.keyClick(panel.bar._speed, Qt.Key.Key_Down)
    assert ("speed", 2.0) in stage.deck.told


def test_that_with_no_line_open_nothing_can_be_done(put: Any, plant: Plant) -> None:
    panel, stage = put(TimelinePanel, plant)
    panel.open_line(None)
    assert not stage.context.commands.action("play.toggle").isEnabled()
    assert panel.bar.time.text() == "–"


def test_that_a_picture_waits_for_what_the_overview_has_yet_to_ask(put: Any, plant: Plant, qtbot: QtBot) -> None:
    """It asks every two seconds at most: at once, and for what comes meanwhile afterwards."""
    panel, stage = put(TimelinePanel, plant, 1000, 400)
    panel.overview._asking._timer.setInterval(50)
    panel.offer(plant.frame(100.0))
    panel.offer(plant.frame(101.0))
    assert not panel.settled()
    asked = stage.query.count("overview")
    qtbot.waitUntil(panel.settled)
    assert stage.query.count("overview") == asked + 1


def test_that_in_a_low_window_the_lanes_of_the_selected_and_of_abnormal_machines_come_first(put: Any, qtbot: QtBot) -> None:
    """Twelve lanes, room for a few: the ninth is aborted, the last is selected; in a high window they stand in their order again."""
    units = tuple("ABCDEFGHIJKL")
    states: dict[str, list[tuple[float, State | None]]] = {unit: [(0.0, State.EXECUTE)] for unit in units}
    states["I"].append((50.0, State.ABORTED))
    plant = Plant(make_line(*units), 120.0, states)
    panel, stage = put(TimelinePanel, plant, 1000, 200)
    panel.offer(plant.frame(100.0))
    stage.context.selection.select("L")

    def first() -> list[str]:
        return [row.unit for row in panel.canvas.content.rows[:3]]

    qtbot.waitUntil(lambda: first() == ["I", "L", "A"])
    panel.window().resize(1000, 900)
    qtbot.waitUntil(lambda: first() == ["A", "B", "C"])
