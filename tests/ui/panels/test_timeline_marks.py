"""Bookmarks, alarms, links and selected stretches on the timeline, pressed and dragged as a person does it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.ui.panels.doubles import Plant, Stage, at
from twin_app.clock import SECOND_NS
from twin_app.errors import RecordingError
from twin_app.model.frame import Mode
from twin_app.model.historian import Span
from twin_app.model.plan import BreakSpan, ShiftSpan
from twin_app.persons.access import Access, Right
from twin_app.service import link as links
from ui.palette import LIGHT
from ui.panels.timeline import TimelinePanel

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def timeline(put: Any, plant: Plant) -> tuple[TimelinePanel, Stage]:
    panel, stage = put(TimelinePanel, plant, 1000, 320)
    panel.offer(plant.frame(100.0))
    return panel, stage


def press(panel: TimelinePanel, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(panel.window(), key, modifiers)


def point(panel: TimelinePanel, seconds: float, *, lane: int | None = None) -> QPoint:
    """Return where an instant is on a lane, or on the row of marks."""
    canvas = panel.canvas
    y = canvas.axis_px + 5 if lane is None else canvas.rows.y(lane) + canvas.rows.pitch_px // 2
    return QPoint(round(canvas.scale.x(at(seconds))), y)


def drag(panel: TimelinePanel, start: QPoint, end: QPoint) -> None:
    canvas, left = panel.canvas, Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, left, NONE, start)
    QTest.mouseMove(canvas, (start + end) / 2)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, left, NONE, end)


def colored(image: QImage, color: str, left: int, top: int, wide: int, high: int) -> int:
    """Return how many pixels of a rectangle have a colour."""
    wanted = int(color[1:], 16)
    return sum(image.pixel(x, y) & 0xFFFFFF == wanted for x in range(left, left + wide) for y in range(top, top + high))


def note(panel: TimelinePanel, stage: Stage, second: float, text: str) -> None:
    """Bookmark an instant with a note, by keys."""
    panel.offer(stage.plant.frame(second))
    press(panel, Qt.Key.Key_M)
    panel.offer(stage.plant.frame(second))
    QTest.keyClicks(panel.editor.text, text)
    QTest.keyClick(panel.editor.text, Qt.Key.Key_Return)
    panel.offer(stage.plant.frame(second))


def test_that_m_marks_the_playhead_and_lets_a_note_be_written(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    press(panel, Qt.Key.Key_M)
    panel.offer(stage.plant.frame(101.0, playing=True))  # time may go on while a note is written
    assert panel.editor.isVisible()
    assert panel.editor.text.hasFocus()
    QTest.keyClicks(panel.editor.text, "jkl M: film torn")
    assert stage.deck.told == []  # no letter acts while text is typed
    QTest.keyClick(panel.editor.text, Qt.Key.Key_Return)
    assert not panel.editor.isVisible()
    assert [(b.at_ns, b.text) for b in stage.plant.notes.kept] == [(at(100), "jkl M: film torn")]
    panel.offer(stage.plant.frame(100.0))
    image, where = panel.canvas.grab().toImage(), point(panel, 100.0)
    assert colored(image, LIGHT.text, where.x() - 1, where.y() - 5, 8, 10) > 15


def test_that_escape_keeps_the_bookmark_without_a_note_and_m_again_writes_beside_it(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    press(panel, Qt.Key.Key_M)
    panel.offer(stage.plant.frame(100.0))
    QTest.keyClicks(panel.editor.text, "never mind")
    QTest.keyClick(panel.editor.text, Qt.Key.Key_Escape)
    assert [b.text for b in stage.plant.notes.kept] == [""]
    press(panel, Qt.Key.Key_M)
    assert panel.editor.isVisible()
    assert len(stage.plant.notes.kept) == 1


def test_that_brackets_go_from_bookmark_to_bookmark_and_say_what_stands_there(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    for second, text in ((20.0, "start"), (50.0, "jam"), (90.0, "end")):
        note(panel, stage, second, text)
    panel.offer(stage.plant.frame(60.0))
    press(panel, Qt.Key.Key_BracketLeft)
    assert stage.deck.sought_s == [50.0]
    assert panel.bar._message.text() == "⚑ jam"
    panel.offer(stage.plant.frame(50.0))
    press(panel, Qt.Key.Key_BracketLeft)
    panel.offer(stage.plant.frame(20.0))
    press(panel, Qt.Key.Key_BracketLeft)
    assert stage.deck.sought_s == [50.0, 20.0]
    assert panel.bar._message.text() == "There is no bookmark in this direction."
    press(panel, Qt.Key.Key_BracketRight)
    assert stage.deck.sought_s[-1] == 50.0


def test_that_up_and_down_go_to_the_nearer_of_alarm_and_bookmark(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    stage.plant.alarms = [(30.0, "Capper", 3), (60.0, "Filler", 1)]
    note(panel, stage, 50.0, "jam")
    panel.offer(stage.plant.frame(40.0))
    press(panel, Qt.Key.Key_Down)
    panel.offer(stage.plant.frame(50.0))
    press(panel, Qt.Key.Key_Down)
    panel.offer(stage.plant.frame(40.0))
    press(panel, Qt.Key.Key_Up)
    assert stage.deck.sought_s == [50.0, 60.0, 30.0]
    stage.context.selection.select("Filler")
    press(panel, Qt.Key.Key_Up)
    panel.offer(stage.plant.frame(40.0))
    press(panel, Qt.Key.Key_Up)  # the capper's alarm is none of the filler's
    assert panel.bar._message.text() == "There is no alarm or bookmark in this direction."


def test_that_a_flag_is_gone_to_by_a_click_and_changed_by_two(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    note(panel, stage, 40.0, "jam")
    panel.offer(stage.plant.frame(100.0))
    where = point(panel, 40.0) + QPoint(3, 0)
    assert panel.canvas.telling(where.x(), where.y()).splitlines() == ["⚑ 17:26:37.0", "jam"]
    QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, NONE, where)
    assert stage.deck.sought_s == [40.0]
    QTest.mouseDClick(panel.canvas, Qt.MouseButton.LeftButton, NONE, where)
    assert panel.editor.text.text() == "jam"
    QTest.mouseClick(panel.editor._remove, Qt.MouseButton.LeftButton)
    assert stage.plant.notes.kept == ()


def test_that_a_note_that_cannot_be_kept_is_said(timeline: tuple[TimelinePanel, Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    panel, stage = timeline

    def refuse(*_: object, **__: object) -> str:
        raise RecordingError("The disk is full.")

    monkeypatch.setattr(stage.plant.notes, "bookmark", refuse)
    press(panel, Qt.Key.Key_M)
    assert panel.bar._message.text() == "The disk is full."


def test_that_c_copies_a_link_to_the_moment_that_g_takes_again(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    followed: list[links.Link] = []
    stage.context.selection.link_wanted.connect(followed.append)
    stage.context.selection.select("Capper")
    press(panel, Qt.Key.Key_C)
    copied = QGuiApplication.clipboard().text()
    link = links.read(copied)
    assert (link.at_ns, link.unit) == (at(100), "Capper")
    assert "17:27:37.0" in panel.bar._message.text()
    press(panel, Qt.Key.Key_G)
    panel.bar.time.setText(copied)
    QTest.keyClick(panel.bar.time, Qt.Key.Key_Return)
    assert followed == [link]  # whoever has the window follows it, also to another line


# A stretch of time


def test_that_a_drag_over_the_lanes_selects_a_stretch_and_its_table_comes_up(timeline: tuple[TimelinePanel, Stage], qtbot: QtBot) -> None:
    panel, stage = timeline
    drag(panel, point(panel, 55.0, lane=0), point(panel, 85.0, lane=0))
    assert stage.deck.told == []  # the playhead stays where it is
    span = panel.canvas.content.beside.span
    assert span is not None
    assert [(t - at(0)) / SECOND_NS for t in span] == [pytest.approx(55, abs=0.2), pytest.approx(85, abs=0.2)]
    qtbot.waitUntil(panel.table.isVisible)
    model = panel.table.table.model()
    shown = [[model.index(r, c).data() for c in range(model.columnCount())] for r in range(model.rowCount())]
    assert [row[0] for row in shown] == ["Filler", "Capper", "Line"]
    assert model.headerData(1, Qt.Orientation.Horizontal) == "? No data" or "Execute" in model.headerData(1, Qt.Orientation.Horizontal)
    QTest.mouseClick(panel.table.copy, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("from,2026-11-23T09:26:5")
    assert lines[1].startswith("id,unit,")
    assert [line.split(",")[1] for line in lines[2:]] == ["Filler", "Capper", "Line"]


def test_that_a_click_on_a_lane_still_goes_there_and_lets_go_of_the_stretch(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    drag(panel, point(panel, 55.0, lane=0), point(panel, 85.0, lane=0))
    QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, NONE, point(panel, 30.0, lane=1))
    assert stage.context.selection.unit == "Capper"
    assert stage.deck.sought_s == [pytest.approx(30, abs=0.2)]
    assert panel.canvas.content.beside.span is None
    assert not panel.table.isVisible()


def test_that_escape_lets_go_of_the_stretch_and_is_nobodys_else(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    assert not stage.context.commands.action("span.clear").isEnabled()
    drag(panel, point(panel, 55.0, lane=0), point(panel, 85.0, lane=0))
    panel.table.hide()
    panel.window().activateWindow()
    press(panel, Qt.Key.Key_Escape)
    assert panel.canvas.content.beside.span is None
    assert not stage.context.commands.action("span.clear").isEnabled()


def test_that_t_shows_the_table_of_what_is_seen_and_the_stretch_can_be_looped_and_marked(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    panel.canvas.frame_span(at(20), at(40), around=0.0)
    press(panel, Qt.Key.Key_T)
    assert panel.canvas.content.beside.span == pytest.approx((at(20), at(40)), abs=2)
    start, end = panel.canvas.content.beside.span or (0, 0)
    QTest.mouseClick(panel.table._loop, Qt.MouseButton.LeftButton)
    assert stage.deck.told[-3:] == [("loop", (start, end)), ("seek", start), ("play", 0)]
    panel.window().activateWindow()
    press(panel, Qt.Key.Key_M)
    assert [(b.at_ns, b.end_ns) for b in stage.plant.notes.kept] == [(start, end)]


def test_that_the_playhead_can_be_taken_hold_of_over_the_lanes(timeline: tuple[TimelinePanel, Stage], qtbot: QtBot) -> None:
    panel, stage = timeline
    drag(panel, point(panel, 100.0, lane=1), point(panel, 70.0, lane=1))
    qtbot.waitUntil(lambda: bool(stage.deck.sought_s) and stage.deck.sought_s[-1] == pytest.approx(70, abs=0.2))
    assert panel.canvas.content.beside.span is None


# Telling


def test_that_hovering_tells_the_reason_once_it_is_known(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    stage.plant.reasons = {"Filler": "Safety door open"}
    where = point(panel, 60.5, lane=0)
    panel.canvas.telling(where.x(), where.y())  # asks; this plant answers at once
    assert panel.canvas.telling(where.x(), where.y()).splitlines() == [
        "Filler", "✕ Aborted", "from 17:26:57.0, for 1.0 s", "Safety door open",
    ]  # fmt: skip


def test_that_the_head_of_a_lane_tells_how_long_each_state_lasted(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, _ = timeline
    assert panel.canvas.telling(20, panel.canvas.rows.y(0) + 5).splitlines() == [
        "Filler", "▶ Execute: 1 min 34 s (78.3 %)", "■ Stopped: 19 s (15.8 %)", "? No data: 6.0 s (5.0 %)", "✕ Aborted: 1.0 s (0.8 %)",
    ]  # fmt: skip


def test_that_an_alarm_is_a_tick_by_its_priority_and_tells_whose_it_is(timeline: tuple[TimelinePanel, Stage], qtbot: QtBot) -> None:
    panel, stage = timeline
    stage.plant.alarms = [(50.0, "Filler", 1), (70.0, "Capper", 3)]
    stage.plant.reasons = {"Filler": "Safety door open"}
    panel.offer(stage.plant.frame(100.0))
    qtbot.waitUntil(lambda: (ticks := panel.canvas.content.beside.ticks) is not None and len(ticks.times_ns) == 2)
    image = panel.canvas.grab().toImage()
    top = panel.canvas.axis_px
    tall, low = (colored(image, LIGHT.priority[p], point(panel, s).x() - 2, top, 6, 13) for s, p in ((50.0, 0), (70.0, 2)))
    assert tall > low > 0
    where = point(panel, 50.0)
    panel.canvas.telling(where.x(), where.y())
    assert panel.canvas.telling(where.x(), where.y()).splitlines() == ["17:26:47.0  Filler", "alarm of priority 1", "Safety door open"]


def test_that_a_state_that_began_off_screen_carries_its_word_where_it_is_seen(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    stage.context.selection.select("")
    panel.canvas.frame_span(at(65), at(75), around=0.0)
    row = panel.canvas.content.rows[0]
    lane = panel.canvas.content.lane(row, panel.canvas.scale, 1.0, Span(at(0), at(120)), panel.canvas.fontMetrics().horizontalAdvance)
    assert [(word.text, word.left_px < 20) for word in lane.words] == [("Stopped", True)]


# Dead time, blind replay, the plan


def test_that_x_skips_dead_time_and_shows_the_cuts(timeline: tuple[TimelinePanel, Stage], qtbot: QtBot) -> None:
    panel, stage = timeline
    stage.plant.dead = [(40.0, 55.0)]
    press(panel, Qt.Key.Key_X)
    assert stage.deck.told == [("skip", True)]
    panel.offer(stage.plant.frame(100.0))
    qtbot.waitUntil(lambda: panel.canvas.content.beside.cuts == ((at(40), at(55)),))
    panel.offer(replace(stage.plant.frame(56.0), passed=Span(at(40), at(55))))
    assert panel.bar._message.text() == "✂ 15 s in which nothing happened were skipped"
    press(panel, Qt.Key.Key_X)
    assert stage.deck.told[-1] == ("skip", False)
    assert panel.canvas.content.beside.cuts == ()


def test_that_a_blind_replay_is_put_on_by_key_and_neither_skips_nor_runs_back_but_steps(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    press(panel, Qt.Key.Key_B, CTRL | SHIFT)
    assert stage.deck.told == [("train", "")]
    panel.offer(replace(stage.plant.frame(50.0, mode=Mode.BLIND), span=Span(at(0), at(50))))
    assert stage.context.commands.action("play.blind").isChecked()
    press(panel, Qt.Key.Key_X)
    press(panel, Qt.Key.Key_J)
    assert stage.deck.told[0] == ("train", "")
    assert stage.deck.sought_s == [40.0]
    assert not any(told[0] == "speed" for told in stage.deck.told)
    panel.offer(replace(stage.plant.frame(40.0, mode=Mode.BLIND), span=Span(at(0), at(40)), behind_s=10.0))
    assert panel.bar._message.text() == "Learning anew what was known here: 75 %"
    panel.offer(replace(stage.plant.frame(50.0, mode=Mode.BLIND), span=Span(at(0), at(50))))
    assert not panel.bar._message.text()
    press(panel, Qt.Key.Key_Right, SHIFT)  # ahead is learned by going there
    assert stage.deck.sought_s == [40.0, 60.0]
    press(panel, Qt.Key.Key_Space)
    assert stage.deck.told[-1] == ("toggle", 0)


def test_that_a_live_line_cannot_be_blind(put: Any, plant: Plant) -> None:
    panel, stage = put(TimelinePanel, plant)
    panel.offer(plant.frame(120.0, mode=Mode.LIVE, playing=True))
    assert not stage.context.commands.action("play.blind").isEnabled()


def test_that_what_less_is_known_of_is_painted_no_more_at_the_same_zoom(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    panel.canvas.frame_span(at(50), at(80))
    scale = panel.canvas.scale
    panel.forget(stage.plant.view)
    lanes = [panel.canvas.content.lanes.intervals(unit, at(120)) for unit in ("Filler", "Capper")]
    assert lanes == [None, None]
    assert panel.canvas.scale == scale


def test_that_a_live_line_shows_breaks_and_the_end_of_the_shift_ahead(put: Any, plant: Plant, qtbot: QtBot) -> None:
    plant.shifts = [ShiftSpan("Early", at(0), at(170), (BreakSpan("Lunch", at(140), at(150)),))]
    panel, stage = put(TimelinePanel, plant, 1000, 320)
    panel.offer(plant.frame(120.0, mode=Mode.LIVE, playing=True))
    qtbot.waitUntil(lambda: bool(panel.canvas.content.beside.shifts))
    panel.offer(plant.frame(120.0, mode=Mode.LIVE, playing=True))
    assert panel.canvas.view.shows(at(170))
    image, canvas = panel.canvas.grab().toImage(), panel.canvas
    y = canvas.height() - 3
    x = [round(canvas.scale.x(at(s))) for s in (145, 135)]
    assert image.pixel(x[0], y) != image.pixel(x[1], y)
    assert stage.query.count("shifts") >= 1


# The strip of the whole recording


def test_that_the_strip_shows_the_whole_recording_and_moves_what_is_seen(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    strip = panel.overview
    image = strip.grab().toImage()
    red = [x for x in range(image.width()) if colored(image, LIGHT.priority[0], x, 2, 1, strip.height() - 5)]
    assert min(red) == pytest.approx(strip._scale().x(at(60)), abs=2)
    assert max(red) == pytest.approx(strip._scale().x(at(90)), abs=2)
    panel.canvas.frame_span(at(60), at(70), around=0.0)
    before = panel.canvas.scale.start_ns
    x = round(strip._scale().x(at(65)))
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, NONE, QPoint(x, 10))
    QTest.mouseMove(strip, QPoint(x + 30, 10))
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, NONE, QPoint(x + 30, 10))
    moved_s = (panel.canvas.scale.start_ns - before) / SECOND_NS
    assert moved_s == pytest.approx(30 * strip._scale().ns_per_px / SECOND_NS, rel=0.05)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, NONE, QPoint(round(strip._scale().x(at(20))), 10))
    assert stage.deck.sought_s == [pytest.approx(20, abs=0.2)]
    assert panel.canvas.view.shows(at(20))


def test_that_a_low_panel_keeps_its_room_for_the_lanes(put: Any, plant: Plant) -> None:
    panel, _ = put(TimelinePanel, plant, 1000, 150)
    assert not panel.overview.isVisible()


def test_that_who_may_not_enter_notes_reads_them_and_copies_no_figures(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    note(panel, stage, 100.0, "jam")
    kept = panel.marking.bookmarks
    station = panel.context.station
    station.access = Access(signing=True, nobody=frozenset({Right.VIEW}), roles={"lead": frozenset({Right.EXPORT})})
    station.changed.emit()
    said: list[str] = []
    panel.marking.said.connect(said.append)
    panel.marking.mark()  # there is one: it is read
    assert panel.editor.isVisible()
    QTest.keyClicks(panel.editor.text, " again")
    assert panel.editor.text.text() == "jam"
    panel.marking.remove(kept[0].id)
    panel.offer(stage.plant.frame(100.0))
    assert panel.marking.bookmarks == kept
    assert said == ["Sign on to enter reasons, orders and notes. No role may."]
    assert not panel.table.copy.isEnabled()
    assert panel.table.copy.toolTip() == "Sign on to export. These roles may: lead."
