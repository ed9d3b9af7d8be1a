"""Looking back while a live line goes on: the strip that tells how it is now, and the way back, by hand or when nobody is there."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.alarms.conftest import Bench
from tests.ui.shell import plant
from tests.ui.shell.plant import FakeSession
from twin_app.clock import SECOND_NS
from twin_app.model.alarm import AlarmActions, Why
from twin_app.model.alarm_rule import AlarmRule
from twin_app.model.frame import Frame, LiveNow, Mode
from twin_app.model.packml import State
from twin_app.model.story import Cause, CauseKind, Effect, Story
from twin_app.settings import changed
from ui.main_window import MainWindow

Show = Callable[[MainWindow, Frame], FakeSession]
BACK_NS = plant.NOW_NS - 754 * SECOND_NS


def looking_back(story: Story | None = None) -> Frame:
    """The line 12 min 34 s ago, all well; how it is now as given."""
    of = plant.line()
    return plant.frame(of, mode=Mode.LOOK_BACK, at_ns=BACK_NS, live=LiveNow(at_ns=plant.NOW_NS, story=story or Story(at_ns=plant.NOW_NS)))


def jammed() -> Story:
    cause = Cause(unit="M2", kind=CauseKind.FAILED, since_ns=plant.NOW_NS - 60 * SECOND_NS, state=State.ABORTED, blocked=("M1",))
    return Story(at_ns=plant.NOW_NS, causes=(cause,), effect=Effect.STOPPED, lost=42.0)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def clock(window: MainWindow) -> Clock:
    made = Clock()
    window.idle._now = made
    return made


def test_that_while_live_the_strip_takes_no_room(window: MainWindow, show: Show) -> None:
    show(window, plant.frame(plant.line()))
    assert window.live_strip.height() == 0


def test_that_looking_back_the_strip_says_how_the_live_line_is(window: MainWindow, show: Show) -> None:
    show(window, looking_back())
    assert window.live_strip.height() > 20
    assert window.live_strip.sentence == "Nothing is wrong on the line."
    show(window, looking_back(jammed()))
    assert window.live_strip.sentence.startswith("Line stopped since 10:15:19: Capper aborted")
    assert "Filler blocked" in window.live_strip.sentence
    assert window.top_bar.badge.words == "LIVE −12 min 34 s"


def test_that_the_newest_unacknowledged_alarm_of_the_live_line_is_named(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    bench = Bench(AlarmRule(signal="Jam", priority=2, text="Jam at the infeed"), AlarmRule(signal="Fire", priority=1, text="Fire"))
    for second, signal in ((0, "Fire"), (5, "Jam")):
        bench.say(second, signal, 1.0)
    bench.fold()
    show(window, replace(looking_back(), live_alarms=bench.picture(6)))
    assert window.live_strip.alarms.text.endswith("Jam at the infeed  +1")
    qtbot.waitUntil(lambda: window.live_strip.alarms.width() > 100)
    show(window, replace(looking_back(), live_alarms=None))
    assert window.live_strip.alarms.text == ""


class Acted:
    """Live alarms that may be acted on, unless a test says why not; notes what is done."""

    def __init__(self) -> None:
        self.done: list[tuple[Why, str, str]] = []
        self.refused = ""

    def live_refusal(self, _what: Why, alarm: str) -> str:
        return self.refused or ("done" if alarm in {done[1] for done in self.done} else "")

    def act_live(self, what: Why, alarms: Collection[str], *, who: str = "") -> None:
        self.done += [(what, alarm, who) for alarm in alarms]


def test_that_live_alarms_are_acknowledged_from_the_strip_by_mouse_key_and_list(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    bench = Bench(*(AlarmRule(signal=name, text=name) for name in ("Fire", "Jam", "Web")))
    for second, signal in enumerate(("Fire", "Jam", "Web")):
        bench.say(second, signal, 1.0)
    bench.fold()
    strip, acted = window.live_strip, Acted()
    frame = replace(looking_back(), live_alarms=bench.picture(6))
    assert not strip.action.isEnabled()
    show(window, frame)
    assert strip.view is not None
    strip.view = replace(strip.view, alarms=cast("AlarmActions", acted))
    strip.offer(frame)
    assert strip.alarms.text.endswith("Web  +2")
    assert not strip.acknowledge.isEnabled()  # nobody has read it yet
    qtbot.waitUntil(strip.acknowledge.isEnabled)
    QTest.mouseClick(strip.acknowledge, Qt.MouseButton.LeftButton)
    assert strip.alarms.text.endswith("Jam  +1")
    QTest.mouseClick(strip.acknowledge, Qt.MouseButton.LeftButton)  # a double click is one
    qtbot.waitUntil(strip.acknowledge.isEnabled)
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    assert strip.alarms.text.endswith("Fire")
    menu = strip.menu()
    (listed,) = menu.actions()[1:]
    assert listed.text().endswith("Fire")
    listed.trigger()
    menu.deleteLater()
    keys = [bench.line.units[0].id + "/" + name for name in ("Web", "Jam", "Fire")]
    assert acted.done == [(Why.ACKNOWLEDGE, key, "") for key in keys]
    assert strip.acknowledge.isHidden()
    acted.done.clear()
    acted.refused = "not here"
    strip.offer(frame)
    assert strip.acknowledge.toolTip() == "not here"


def test_that_a_button_and_a_key_lead_back_to_live(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    session = show(window, looking_back())
    QTest.mouseClick(window.live_strip.back, Qt.MouseButton.LeftButton)
    assert ("follow",) in session.calls


def test_that_nobody_at_the_operators_screen_returns_to_live_and_is_told_so_before(window: MainWindow, show: Show, clock: Clock) -> None:
    session = show(window, looking_back())
    clock.s = 269.0
    window.idle.look()
    assert not window.live_strip.countdown.isVisible()
    clock.s = 271.0
    window.idle.look()
    assert window.live_strip.countdown.isVisible()
    assert window.live_strip.countdown.text() == "Nobody here? Returning to live in 29 s"
    assert ("follow",) not in session.calls
    clock.s = 300.0
    window.idle.look()
    assert ("follow",) in session.calls
    assert not window.live_strip.countdown.isVisible()


def test_that_a_key_or_the_mouse_says_that_somebody_is_there(window: MainWindow, show: Show, clock: Clock) -> None:
    session = show(window, looking_back())
    handle = window.windowHandle()
    for second, deed in ((280.0, "key"), (560.0, "mouse")):
        clock.s = second
        window.idle.look()
        assert window.live_strip.countdown.isVisible()
        if deed == "key":
            QTest.keyClick(handle, Qt.Key.Key_Shift)
        else:
            QTest.mouseMove(handle)
        assert not window.live_strip.countdown.isVisible()
    clock.s = 800.0
    window.idle.look()
    assert ("follow",) not in session.calls


@pytest.mark.parametrize(("key", "value"), [("look.preset", "trainer"), ("replay.return_min", 0)])
def test_that_only_the_operators_arrangement_returns_and_only_if_it_is_wanted(
    window: MainWindow, show: Show, clock: Clock, key: str, value: object
) -> None:
    window.change_settings(changed(window.settings, key, value))
    session = show(window, looking_back())
    clock.s = 5000.0
    window.idle.look()
    assert ("follow",) not in session.calls
    assert not window.idle._timer.isActive()
