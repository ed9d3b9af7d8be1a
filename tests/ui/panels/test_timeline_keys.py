"""The timeline's keyboard, pressed as a person presses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QSpinBox, QWidget

from tests.ui.panels.doubles import Plant, Stage, at
from twin_app.model.frame import Mode
from ui.panels.timeline import TimelinePanel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SHIFT, CTRL, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
LEFT, RIGHT = Qt.Key.Key_Left, Qt.Key.Key_Right


@pytest.fixture
def timeline(put: Any, plant: Plant) -> tuple[TimelinePanel, Stage]:
    panel, stage = put(TimelinePanel, plant)
    panel.offer(plant.frame(100.0))
    return panel, stage


def press(panel: TimelinePanel, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(panel.window(), key, modifiers)


@pytest.mark.parametrize(
    ("key", "modifiers", "second"),
    [
        (LEFT, NONE, 99.0), (RIGHT, NONE, 101.0), (LEFT, SHIFT, 90.0), (RIGHT, SHIFT, 110.0), (LEFT, ALT, 99.9), (RIGHT, ALT, 100.1),
        (Qt.Key.Key_Home, NONE, 0.0),
    ],
)  # fmt: skip
def test_that_arrows_step(timeline: tuple[TimelinePanel, Stage], key: Qt.Key, modifiers: Qt.KeyboardModifier, second: float) -> None:
    panel, stage = timeline
    press(panel, key, modifiers)
    assert stage.deck.sought_s == [pytest.approx(second)]


def test_that_keys_pressed_faster_than_frames_come_add_up(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    for _ in range(3):
        press(panel, LEFT)
    assert stage.deck.sought_s == [99.0, 98.0, 97.0]


def test_that_nobody_steps_out_of_what_is_known(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    for _ in range(4):
        press(panel, RIGHT, SHIFT)
    assert stage.deck.sought_s[-1] == 120.0


def test_that_end_goes_live(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    press(panel, Qt.Key.Key_End)
    assert stage.deck.told == [("follow", 0)]


def test_that_space_plays_and_pauses(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    press(panel, Qt.Key.Key_Space)
    assert stage.deck.told == [("toggle", 0)]


def test_that_space_plays_forwards_what_was_played_backwards(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    panel.offer(stage.plant.frame(100.0, speed=-5.0))
    press(panel, Qt.Key.Key_Space)
    assert stage.deck.told == [("speed", 5.0), ("toggle", 0)]


def test_that_what_was_said_of_a_place_is_over_elsewhere(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, _ = timeline
    press(panel, Qt.Key.Key_BracketRight)
    assert "no bookmark" in panel.bar._message.text()
    press(panel, LEFT)
    assert panel.bar._message.text() == ""


def test_that_space_at_the_end_of_a_replay_plays_it_again(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    panel.offer(stage.plant.frame(120.0))
    press(panel, Qt.Key.Key_Space)
    assert stage.deck.told == [("seek", at(0)), ("play", 0)]


def test_that_l_plays_faster_with_each_press_and_j_turns_round(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    press(panel, Qt.Key.Key_L)
    panel.offer(stage.plant.frame(100.0, playing=True, speed=1.0))
    press(panel, Qt.Key.Key_L)
    panel.offer(stage.plant.frame(100.0, playing=True, speed=2.0))
    press(panel, Qt.Key.Key_J)
    press(panel, Qt.Key.Key_K)
    assert stage.deck.told == [("speed", 1.0), ("play", 0), ("speed", 2.0), ("play", 0), ("speed", -1.0), ("play", 0), ("pause", 0)]


def test_that_j_leaves_the_live_end_before_playing_backwards(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    panel.offer(stage.plant.frame(120.0, mode=Mode.LIVE, playing=True))
    press(panel, Qt.Key.Key_L)
    assert stage.deck.told == []
    press(panel, Qt.Key.Key_J)
    assert stage.deck.told == [("seek", at(120)), ("speed", -1.0), ("play", 0)]


@pytest.mark.parametrize(
    ("unit", "start", "key", "goal"),
    [
        ("Filler", 70.0, LEFT, 61.0), ("Filler", 70.0, RIGHT, 80.0), ("Capper", 70.0, LEFT, 30.0), ("Capper", 70.0, RIGHT, 90.0),
        ("", 70.0, LEFT, 61.0), ("", 85.0, RIGHT, 90.0), ("", 30.0, LEFT, 6.0), ("Filler", 61.0, LEFT, 60.0),
    ],
)  # fmt: skip
def test_that_ctrl_and_arrows_go_to_the_neighbouring_change_of_state(
    timeline: tuple[TimelinePanel, Stage], unit: str, start: float, key: Qt.Key, goal: float
) -> None:
    panel, stage = timeline
    stage.context.selection.select(unit)
    panel.offer(stage.plant.frame(start))
    press(panel, key, CTRL)
    assert stage.deck.sought_s == [goal]


def test_that_behind_the_last_change_there_is_nowhere_to_go(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    press(panel, RIGHT, CTRL)
    assert stage.deck.told == []


def test_that_the_loop_between_the_marks_is_told_to_the_clock_and_taken_back(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    for key, second in ((Qt.Key.Key_I, 50.0), (Qt.Key.Key_O, 40.0)):  # in whatever order
        panel.offer(stage.plant.frame(second))
        press(panel, key)
    assert stage.deck.told == []
    press(panel, Qt.Key.Key_L, CTRL)
    assert stage.context.commands.action("play.loop").isChecked()
    assert stage.deck.told == [("loop", (at(40), at(50)))]
    panel.offer(stage.plant.frame(60.0))
    press(panel, Qt.Key.Key_I)
    press(panel, Qt.Key.Key_L, CTRL)
    assert stage.deck.told[1:] == [("loop", (at(40), at(60))), ("loop", None)]


def test_that_without_marks_a_replay_goes_round_as_a_whole_and_grows(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    press(panel, Qt.Key.Key_L, CTRL)
    assert stage.deck.told == [("loop", (at(0), at(120)))]
    stage.plant.end_s = 130.0
    panel.offer(stage.plant.frame(100.0))
    assert stage.deck.told[-1] == ("loop", (at(0), at(130)))


def test_that_w_and_s_zoom_a_and_d_pan_and_f_frames_the_selected_state(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    whole = panel.canvas.scale
    press(panel, Qt.Key.Key_W)
    closer = panel.canvas.scale
    assert closer.span_ns < whole.span_ns
    press(panel, Qt.Key.Key_A)
    assert panel.canvas.scale.start_ns < closer.start_ns
    press(panel, Qt.Key.Key_D)
    press(panel, Qt.Key.Key_S)
    assert panel.canvas.scale.span_ns == pytest.approx(whole.span_ns, rel=1e-6)
    stage.context.selection.select("Filler")
    panel.offer(stage.plant.frame(70.0))
    press(panel, Qt.Key.Key_F)
    assert (panel.canvas.scale.start_ns, panel.canvas.scale.end_ns) == (at(59.1), at(81.9))


def test_that_g_lets_a_time_be_typed_and_return_goes_there(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    press(panel, Qt.Key.Key_G)
    assert panel.bar.time.hasFocus()
    QTest.keyClicks(panel.bar.time, "+90s")
    QTest.keyClick(panel.bar.time, Qt.Key.Key_Return)
    assert stage.deck.sought_s == [90.0]
    assert not panel.bar.time.hasFocus()


def test_that_a_wrong_time_says_what_would_be_right_and_moves_nothing(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    press(panel, Qt.Key.Key_G)
    QTest.keyClicks(panel.bar.time, "25:99")
    QTest.keyClick(panel.bar.time, Qt.Key.Key_Return)
    assert "“25:99” is not a time." in panel.bar._message.text()
    assert "+90s" in panel.bar._message.text()
    assert stage.deck.told == []
    QTest.keyClick(panel.bar.time, Qt.Key.Key_Escape)
    assert panel.bar._message.text() == ""
    assert panel.bar.time.text() == "17:27:37.0"


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit, QSpinBox])
def test_that_no_key_of_the_timeline_acts_while_text_is_typed(
    timeline: tuple[TimelinePanel, Stage], qtbot: QtBot, kind: type[QWidget]
) -> None:
    panel, stage = timeline
    field = kind(panel)
    field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    scale = panel.canvas.scale
    for key in (
        Qt.Key.Key_J,
        Qt.Key.Key_K,
        Qt.Key.Key_I,
        Qt.Key.Key_G,
        Qt.Key.Key_W,
        Qt.Key.Key_Space,
        LEFT,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    ):
        QTest.keyClick(field, key)
    for modifiers in (SHIFT, CTRL, ALT):
        QTest.keyClick(field, LEFT, modifiers)
    assert stage.deck.told == []
    assert panel.playback.marks.in_ns is None
    assert panel.canvas.scale == scale
    assert field.hasFocus()


def test_that_space_presses_the_button_that_has_the_focus(timeline: tuple[TimelinePanel, Stage], qtbot: QtBot) -> None:
    panel, stage = timeline
    button = QPushButton("Shelve", panel)
    button.show()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(button, Qt.Key.Key_Space)
    assert stage.deck.told == []


def test_that_a_list_of_choices_keeps_its_arrows_but_not_the_letters(timeline: tuple[TimelinePanel, Stage], qtbot: QtBot) -> None:
    panel, stage = timeline
    box = QComboBox(panel)
    box.addItems(["one", "two"])
    box.show()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    QTest.keyClick(box, RIGHT)
    assert stage.deck.told == []
    QTest.keyClick(box, Qt.Key.Key_K)
    assert stage.deck.told == [("pause", 0)]


def test_that_a_key_held_down_steps_on_and_on_but_neither_toggles_nor_speeds_up(timeline: tuple[TimelinePanel, Stage]) -> None:
    panel, stage = timeline
    for key, text in ((Qt.Key.Key_L, "l"), (RIGHT, "")):
        QTest.keyPress(panel.window(), key)
        for _ in range(3):
            QTest.simulateEvent(panel.window(), True, key, NONE, text, True)
        QTest.keyRelease(panel.window(), key)
    assert stage.deck.told[:2] == [("speed", 1.0), ("play", 0)]
    assert stage.deck.sought_s == [101.0, 102.0, 103.0, 104.0]
    assert len(stage.deck.told) == 2 + 4


def test_that_j_and_l_play_slowly_while_k_is_held_and_stand_when_let_go_of(timeline: tuple[TimelinePanel, Stage], qtbot: QtBot) -> None:
    panel, stage = timeline
    button = QPushButton("Shelve", panel)
    button.show()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    for key in (Qt.Key.Key_L, Qt.Key.Key_J):
        QTest.keyPress(button, Qt.Key.Key_K)
        QTest.keyPress(button, key)
        QTest.keyRelease(button, key)
        QTest.keyRelease(button, Qt.Key.Key_K)
    slow = [("pause", 0), ("speed", 0.25), ("play", 0), ("pause", 0)]
    assert stage.deck.told == [*slow, ("pause", 0), ("speed", -0.25), ("play", 0), ("pause", 0)]
    QTest.keyClick(button, Qt.Key.Key_L)
    assert stage.deck.told[8:] == [("speed", 1.0), ("play", 0)]
