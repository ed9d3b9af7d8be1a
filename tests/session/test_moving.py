"""How the playhead moves: loops, dead time, steps by event, and where it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.session.plant import LINE, SECOND_NS, Bench, at
from twin_app.clock import Clock, passed
from twin_app.errors import UsageError
from twin_app.model.event import Event, EventKind
from twin_app.model.frame import Mode
from twin_app.model.historian import Span
from twin_app.model.message import Status
from twin_app.session import Opened, Session

if TYPE_CHECKING:
    from collections.abc import Callable

FRAME_NS = SECOND_NS // 30


@pytest.fixture
def replay(make_bench: Callable[..., Bench]) -> Bench:
    """Four minutes: both run, all stands from 60 to 180 s, the capper jams at 100 s, and at 240 s it ends."""
    bench = make_bench()
    for second, unit, state in (
        (0, "Filler", "Execute"), (0, "Capper", "Execute"), (60, "Filler", "Stopped"), (60, "Capper", "Idle"), (100, "Capper", "Aborted"),
        (180, "Filler", "Execute"), (181, "Capper", "Execute"), (240, "Filler", "Held"),
    ):  # fmt: skip
        bench.source.say(second, unit, State=state)
    for second, count in ((5, 10), (20, 10), (30, 11), (200, 12)):
        bench.source.say(second, "Filler", Processed=count)
        bench.source.say(second + 1, "Capper", Processed=count)
    bench.source.status = Status.COMPLETE
    bench.frame()
    return bench


def second_of(bench: Bench) -> float:
    return (bench.session.clock.at_ns - at(0)) / SECOND_NS


@pytest.mark.parametrize("speed", [0.1, 1.0, 7.3, 3600.0])
def test_that_a_loop_is_played_round_at_any_speed_without_drifting(replay: Bench, speed: float) -> None:
    replay.session.loop(at(10), at(13))
    replay.session.seek(at(10))
    replay.session.set_speed(speed)
    run_ns = 0
    for _ in range(200):
        frame = replay.session.advance(FRAME_NS)
        run_ns += round(FRAME_NS * speed)
        assert at(10) <= frame.at_ns <= at(13)
    assert (replay.session.clock.at_ns - at(10) - run_ns) % (3 * SECOND_NS) in {0, 3 * SECOND_NS}


def test_that_a_loop_holds_whoever_runs_into_it_and_nobody_else(replay: Bench) -> None:
    replay.session.loop(at(10), at(20))
    replay.session.seek(at(5))
    replay.session.set_speed(60)
    assert replay.frame(0.5).at_ns == at(15)
    assert replay.frame(0.1).at_ns == at(21) - 10 * SECOND_NS
    assert replay.session.advance(0).playing
    replay.session.seek(at(30))
    assert replay.frame(0.1).at_ns == at(36)
    replay.session.set_speed(-60)
    assert replay.frame(0.4).at_ns == at(12)
    assert replay.frame(0.1).at_ns == at(16)
    assert replay.session.advance(0).changes.all is False
    replay.session.loop(None, None)
    assert replay.frame(0.2).at_ns == at(4)
    with pytest.raises(UsageError):
        replay.session.loop(at(5), at(5))


def test_that_dead_time_is_where_no_unit_acts_and_none_changes(replay: Bench) -> None:
    assert replay.session.dead_time(at(0), at(240)) == [(at(63), at(97)), (at(103), at(177))]
    assert replay.session.dead_time(at(70), at(96)) == []  # less than half a minute is no cut


@pytest.mark.parametrize(("speed", "start", "end"), [(1.0, 62.0, 98.0), (-1.0, 178.0, 102.0), (60.0, 61.0, 196.0)])
def test_that_dead_time_is_passed_over_and_the_frame_says_so(replay: Bench, speed: float, start: float, end: float) -> None:
    replay.session.skip_dead_time(on=True)
    replay.session.seek(at(start))
    replay.session.set_speed(speed)
    frame = replay.frame(2.0 if abs(speed) == 1 else 0.45)
    assert frame.at_ns == at(end)
    assert frame.changes.all
    assert frame.passed in {Span(at(63), at(97)), Span(at(103), at(177))}
    assert replay.session.advance(0).passed is None
    replay.session.skip_dead_time(on=False)
    replay.session.seek(at(start))
    assert replay.frame(1.0).at_ns == min(at(start) + round(speed) * SECOND_NS, at(240))


def test_that_a_paused_playhead_may_stand_in_dead_time(replay: Bench) -> None:
    replay.session.skip_dead_time(on=True)
    replay.session.pause()
    replay.session.seek(at(120))
    assert replay.frame(1.0).at_ns == at(120)


@pytest.mark.parametrize(
    ("at_s", "ran_s", "there_s"),
    [(0, 5, 5), (0, 10, 20), (0, 11, 21), (15, 1, 21), (30, -9, 21), (30, -10, 10), (30, -15, 5), (0, 95, 135)],
)
def test_that_cuts_take_no_time(at_s: int, ran_s: int, there_s: int) -> None:
    assert passed(at_s, ran_s, [(10, 20), (50, 80)])[0] == there_s


def test_that_a_clock_without_a_loop_or_cut_does_not_leap() -> None:
    assert not Clock(at_ns=0, playing=True).advance(5, 0, 10)


@pytest.mark.parametrize(
    ("kinds", "unit", "start", "way", "found"),
    [
        ({EventKind.STATE}, "Filler", 70.0, 1, (180.0, "Filler")), ({EventKind.STATE}, "Filler", 70.0, -1, (60.0, "Filler")),
        ({EventKind.STATE}, None, 70.0, 1, (100.0, "Capper")), ({EventKind.STATE}, None, 180.0, 1, (181.0, "Capper")),
        ({EventKind.STATE}, "Filler", 240.0, 1, None), ({EventKind.STATE}, "Filler", 0.0, -1, None),
        ({EventKind.PART}, "Filler", 0.0, 1, (30.0, "Filler")), ({EventKind.PART}, "Filler", 240.0, -1, (200.0, "Filler")),
        ({EventKind.PART}, None, 40.0, 1, (201.0, "Capper")), ({EventKind.PART}, "Filler", 30.0, -1, None),
        ({EventKind.PART, EventKind.STATE}, "Filler", 182.0, 1, (200.0, "Filler")), (set(), None, 70.0, 1, None),
    ],
)  # fmt: skip
def test_that_one_steps_to_the_neighbouring_event(
    replay: Bench, kinds: set[EventKind], unit: str | None, start: float, way: int, found: tuple[float, str] | None
) -> None:
    event = replay.session.step(kinds, unit, at(start), way)
    assert event == (None if found is None else Event(at(found[0]), event.kind if event else EventKind.STATE, found[1]))


def opened(bench: Bench, *, begin_s: float, paused: bool = False) -> Session:
    rooms = bench.rooms
    there = Opened(
        rooms.line, rooms.signals, rooms.texts, rooms.store, rooms.plant, (bench.source,), begin_at_ns=at(begin_s), paused=paused
    )  # fmt: skip
    return Session(there, now=lambda: bench.source.now_ns)


def test_that_a_replay_opens_at_an_instant_as_soon_as_so_much_is_read() -> None:
    bench = Bench(LINE, live=False)
    session = opened(bench, begin_s=50, paused=True)
    bench.source.say(0, State="Execute")
    assert session.advance(FRAME_NS).at_ns == at(0)
    bench.source.say(60, State="Held")
    bench.source.status = Status.COMPLETE
    for _ in range(2):
        frame = session.advance(FRAME_NS)
        assert (frame.at_ns, frame.playing) == (at(50), False)


def test_that_a_replay_that_does_not_reach_so_far_opens_at_its_end() -> None:
    bench = Bench(LINE, live=False)
    session = opened(bench, begin_s=500)
    bench.source.say(0, State="Execute")
    bench.source.say(60, State="Held")
    bench.source.status = Status.COMPLETE
    session.advance(FRAME_NS)
    assert session.advance(FRAME_NS).at_ns == at(60)


def test_that_a_live_line_opens_looking_back_and_one_opened_ahead_of_time_is_live() -> None:
    bench = Bench(LINE, live=True)
    bench.source.say(0, State="Execute")
    bench.now(100)
    session = opened(bench, begin_s=40)
    frame = session.advance(FRAME_NS)
    assert (frame.at_ns, frame.mode, frame.playing) == (at(40), Mode.LOOK_BACK, True)
    assert session.advance(SECOND_NS).at_ns == at(41)
    ahead = opened(Bench(LINE, live=True), begin_s=40)
    assert ahead.advance(FRAME_NS).mode is Mode.LOOK_BACK
    bench = Bench(LINE, live=True)
    bench.source.say(0, State="Execute")
    bench.now(20)
    session = opened(bench, begin_s=40)
    session.advance(FRAME_NS)
    assert session.advance(FRAME_NS).mode is Mode.LIVE


def aborted(bench: Bench, frames: int) -> bool:
    """Let some frames pass; return whether the capper's alarm is told."""
    for _ in range(frames):
        frame = bench.session.advance(FRAME_NS)
    return any(now.alarm.unit == "Capper" for now in frame.alarms.listed)


def test_that_alarms_are_told_some_times_a_second_where_time_is_fast_and_at_once_where_it_stands(replay: Bench) -> None:
    replay.session.set_speed(100)  # 3.3 s with every frame: the capper aborts at 100 s
    replay.session.seek(at(90))
    replay.session.play()
    assert not aborted(replay, frames=5)
    assert aborted(replay, frames=3)  # a fifth of a second after the jump
    replay.session.seek(at(90))
    assert not aborted(replay, frames=5)
    replay.session.pause()
    assert aborted(replay, frames=1)
    replay.session.seek(at(90))
    replay.session.set_speed(50)
    replay.session.play()
    assert not aborted(replay, frames=5)
    assert aborted(replay, frames=2)
