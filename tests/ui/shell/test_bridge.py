from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.shell import plant
from tests.ui.shell.plant import FakeSession
from twin_app.model.frame import Changes, Frame, Mode
from ui.bridge import CALM_FRAMES, IDLE_MS, Bridge, differs


@pytest.fixture
def session() -> FakeSession:
    of = plant.line()
    return FakeSession(of, [plant.frame(of)])


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[Bridge]:
    made = Bridge(frames_per_s=50)
    yield made
    made.shut_down()
    made.deleteLater()


def _paused(frame: Frame) -> Frame:
    return replace(frame, mode=Mode.REPLAY, playing=False)


def test_that_opening_tells_the_line_before_its_first_frame(bridge: Bridge, session: FakeSession, qtbot: QtBot) -> None:
    told: list[str] = []
    bridge.line_opened.connect(lambda view: told.append(view.line.title if view else "none"))
    bridge.frame_ready.connect(lambda _: told.append("frame"))
    with qtbot.waitSignal(bridge.frame_ready):
        bridge.open(session)
    assert told[:2] == ["Bottling 2", "frame"]
    assert session.calls == [("start",)]


def test_that_a_frame_in_which_nothing_changed_is_not_emitted(bridge: Bridge, session: FakeSession, qtbot: QtBot) -> None:
    frames: list[Frame] = []
    bridge.frame_ready.connect(frames.append)
    session.hold(_paused(session.frames[0]))
    bridge.open(session)
    qtbot.waitUntil(lambda: session.advanced >= CALM_FRAMES)
    assert len(frames) == 1


def test_that_a_paused_replay_slows_the_timer_and_playing_wakes_it(bridge: Bridge, session: FakeSession, qtbot: QtBot) -> None:
    session.hold(_paused(session.frames[0]))
    bridge.open(session)
    assert bridge.interval_ms == 20
    qtbot.waitUntil(lambda: bridge.interval_ms == IDLE_MS)
    bridge.toggle()
    assert bridge.interval_ms == 20
    assert session.calls[-1] == ("toggle",)


def test_that_data_that_arrives_while_paused_wakes_the_timer(bridge: Bridge, session: FakeSession, qtbot: QtBot) -> None:
    still = replace(_paused(session.frames[0]), changes=Changes())
    session.hold(still)
    bridge.open(session)
    qtbot.waitUntil(lambda: bridge.interval_ms == IDLE_MS)
    session.frames = [replace(still, changes=Changes(signals=True)), still]
    qtbot.waitUntil(lambda: bridge.interval_ms == 20)


def test_that_a_live_end_that_only_grows_keeps_a_looked_back_window_slow(bridge: Bridge, session: FakeSession, qtbot: QtBot) -> None:
    back = replace(session.frames[0], mode=Mode.LOOK_BACK, playing=False, changes=Changes(span=True))
    session.frames = [back]
    bridge.open(session)
    qtbot.waitUntil(lambda: bridge.interval_ms == IDLE_MS)


@pytest.mark.parametrize(
    "other",
    [
        {"at_ns": plant.NOW_NS + 1},
        {"mode": Mode.REPLAY},
        {"playing": False},
        {"speed": 2.0},
        {"behind_s": 3.0},
        {"changes": Changes(health=True)},
    ],
)
def test_that_whatever_can_be_seen_makes_a_frame_differ(other: dict[str, object]) -> None:
    before = replace(plant.frame(plant.line()), changes=Changes())
    assert not differs(before, replace(before))
    assert differs(before, replace(before, **other))  # type: ignore[arg-type]  # any field may be replaced


@pytest.mark.allow_logs
def test_that_a_session_that_breaks_down_is_told_once_and_not_asked_again(bridge: Bridge, session: FakeSession, qtbot: QtBot) -> None:
    session.fails = RuntimeError("the fold is torn")
    with qtbot.waitSignal(bridge.failed) as told:
        bridge.open(session)
    assert told.args == ["the fold is torn"]
    assert not bridge._timer.isActive()


def test_that_the_transport_reaches_the_session(bridge: Bridge, session: FakeSession) -> None:
    bridge.open(session)
    for move in (bridge.play, bridge.pause, bridge.follow):
        move()
    bridge.set_speed(-2.0)
    bridge.seek(17)
    assert session.calls[1:] == [("play",), ("pause",), ("follow",), ("set_speed", -2.0), ("seek", 17)]


def test_that_the_transport_does_nothing_without_a_line(bridge: Bridge) -> None:
    bridge.toggle()
    bridge.seek(17)
    assert bridge.session is None


def test_that_opening_another_line_closes_the_first(bridge: Bridge, session: FakeSession) -> None:
    bridge.open(session)
    other = FakeSession(session.line, list(session.frames))
    bridge.open(other)
    assert session.calls == [("start",), ("close",)]
    assert bridge.session is other


def test_that_where_less_is_known_open_questions_die_and_every_view_is_told_to_forget(
    bridge: Bridge, session: FakeSession, qtbot: QtBot
) -> None:
    bridge.open(session)
    told: list[object] = []
    bridge.query.figures("somebody", plant.START_NS, plant.NOW_NS, told.append)
    with qtbot.waitSignal(bridge.forgotten) as forgotten:
        bridge.blindfold(on=True)
    assert forgotten.args[0].signals is session.signals
    with qtbot.waitSignal(bridge.frame_ready):  # the next frame is shown anew, whatever it holds
        pass
    qtbot.waitUntil(lambda: bridge.query.idle)
    assert told == []
    assert session.calls[-1] == ("blindfold", True)


def test_that_bookmarks_reach_the_session(bridge: Bridge, session: FakeSession) -> None:
    assert bridge.bookmark(5) == ""  # no line is open
    bridge.open(session)
    assert bridge.bookmark(5) == "b"
    bridge.reword_bookmark("b", "jam")
    bridge.remove_bookmark("b")
    assert session.calls[-3:] == [("bookmark", 5), ("reword_bookmark", "b", "jam"), ("remove_bookmark", "b")]
