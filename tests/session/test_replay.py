"""A file under the playhead: where it opens, how it moves, where it ends. With the real file source on the bundled capture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.session.plant import SECOND_NS, Bench, at, content
from twin_app.errors import UsageError
from twin_app.model.frame import Changes, Mode
from twin_app.model.message import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from twin_app.session import Session

FRAME_NS = 33_000_000


def seconds_in(session: Session) -> float:
    """Return how far from the file's start the playhead is."""
    span = session.span()
    assert span is not None
    return (session.clock.at_ns - span.start_ns) / SECOND_NS


def test_that_a_replay_begins_at_its_first_message_and_moves_with_wall_time(open_capture: Callable[..., Session]) -> None:
    session = open_capture()
    assert session.advance(FRAME_NS).mode is Mode.REPLAY
    assert seconds_in(session) == 0
    session.advance(FRAME_NS)
    session.set_speed(60)
    session.advance(FRAME_NS)
    assert seconds_in(session) == pytest.approx(61 * 0.033)


def test_that_a_sample_opens_where_it_is_told_to_and_runs_on_from_there(open_capture: Callable[..., Session]) -> None:
    session = open_capture(sample=True, begin_s=38.5)
    frame = session.advance(FRAME_NS)
    assert frame.mode is Mode.SAMPLE
    assert seconds_in(session) == pytest.approx(38.5)
    session.advance(2 * SECOND_NS)
    assert "Execute" not in {now.state.title for now in session.advance(0).units.values() if now.state}
    session.advance(1_100_000_000)  # the capture's README: the Capper executes at 41.4 s
    assert "Execute" in {now.state.title for now in session.advance(0).units.values() if now.state}


def test_that_the_sample_opens_there_as_soon_as_so_much_is_read(replay: Bench) -> None:
    session = replay.rooms.session(replay.source, sample=True, begin_ns=37 * SECOND_NS)
    replay.source.say(0, State="Idle")
    session.advance(FRAME_NS)
    replay.source.say(30, State="Idle")
    assert session.advance(5 * SECOND_NS).at_ns == at(0)
    replay.source.say(40, State="Execute")
    frame = session.advance(FRAME_NS)
    assert frame.at_ns == at(37)
    assert frame.changes.all
    assert session.advance(FRAME_NS).at_ns == at(37) + FRAME_NS


def test_that_a_sample_shorter_than_that_opens_at_its_start(replay: Bench) -> None:
    session = replay.rooms.session(replay.source, sample=True, begin_ns=37 * SECOND_NS)
    replay.source.say(0, State="Idle")
    replay.source.say(10, State="Held")
    replay.source.status = Status.COMPLETE
    assert session.advance(FRAME_NS).at_ns == at(0)
    assert session.advance(SECOND_NS).at_ns == at(1)


def test_that_the_sample_goes_round_at_its_end(open_capture: Callable[..., Session]) -> None:
    session = open_capture(sample=True, begin_s=38.5)
    opened_ns = session.advance(0).at_ns
    session.seek(2**62)
    frame = session.advance(FRAME_NS)
    assert frame.at_ns == opened_ns
    assert frame.playing
    assert frame.changes.all
    assert session.advance(FRAME_NS).at_ns == opened_ns + FRAME_NS


def test_that_a_replay_stops_at_its_end_and_plays_again_from_its_start(open_capture: Callable[..., Session]) -> None:
    session = open_capture()
    session.set_speed(60)
    session.advance(0)
    frame = session.advance(3600 * SECOND_NS)
    assert frame.span is not None
    assert not frame.playing
    assert frame.at_ns == frame.span.end_ns
    assert frame.figures is not None
    assert frame.figures.end_ns == frame.at_ns
    session.play()
    frame = session.advance(0)
    assert frame.playing
    assert frame.at_ns == frame.span.start_ns if frame.span else False
    assert frame.changes.all


def test_that_a_file_still_loading_does_not_end_the_replay(replay: Bench) -> None:
    replay.source.say(0, State="Execute")
    replay.frame()
    replay.source.say(1, State="Execute")
    frame = replay.frame(5)
    assert frame.playing
    assert frame.at_ns == at(1)
    replay.session.pause()
    replay.session.play()  # at the end of what is read, which is not the end of the file
    assert replay.frame().at_ns == at(1)
    replay.source.say(10, State="Execute")
    assert replay.frame(2).at_ns == at(3)
    replay.source.status = Status.COMPLETE
    frame = replay.frame(20)
    assert not frame.playing
    assert frame.at_ns == at(10)


def test_that_what_a_finished_file_left_to_fold_is_not_its_end(replay: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    replay.source.say(0, State="Execute")
    replay.source.say(1, State="Execute")
    replay.frame()
    monkeypatch.setattr("twin_app.session.session.FOLD_BUDGET_S", 0.0)  # no time for anything
    replay.source.say(10, State="Execute")
    replay.source.status = Status.COMPLETE
    frame = replay.frame(5)
    assert frame.playing
    assert frame.at_ns == at(1)
    monkeypatch.undo()
    assert replay.frame(2).at_ns == at(3)


def test_that_a_file_can_be_watched_while_it_is_read(open_capture: Callable[..., Session]) -> None:
    session = open_capture(read=False)
    session.start()
    while session.loading:
        frame = session.advance(FRAME_NS)
        assert frame.playing
    session.pause()
    session.advance(0)
    session.seek(2**62)
    whole = open_capture()
    whole.fold()
    whole.advance(0)
    whole.pause()
    whole.seek(2**62)
    assert content(session.advance(0)) == content(whole.advance(0))


def test_that_time_runs_backwards_to_the_start_and_stands_there(open_capture: Callable[..., Session]) -> None:
    session = open_capture()
    session.advance(0)
    session.seek(session.clock.at_ns + 100 * SECOND_NS)
    there = content(session.advance(0))
    session.set_speed(1)
    session.advance(10 * SECOND_NS)
    session.set_speed(-10)
    assert session.advance(SECOND_NS).speed == -10
    session.pause()
    assert content(session.advance(0)) == there
    session.play()
    frame = session.advance(60 * SECOND_NS)
    assert frame.span is not None
    assert frame.at_ns == frame.span.start_ns
    assert not frame.playing


def test_that_the_end_of_a_replay_is_gone_to_and_stood_at(open_capture: Callable[..., Session]) -> None:
    session = open_capture(sample=True)
    session.advance(0)
    session.follow()
    frame = session.advance(FRAME_NS)
    assert frame.span is not None
    assert frame.at_ns == frame.span.end_ns
    assert not frame.playing
    assert frame.mode is Mode.SAMPLE


def test_that_toggling_stops_time_and_lets_it_run(open_capture: Callable[..., Session]) -> None:
    session = open_capture()
    session.advance(0)
    session.toggle()
    at_ns = session.advance(SECOND_NS).at_ns
    session.toggle()
    assert session.advance(SECOND_NS).at_ns == at_ns + SECOND_NS


@pytest.mark.parametrize("speed", [0.0, float("nan"), float("inf")])
def test_that_what_is_no_speed_is_refused_with_the_cure(open_capture: Callable[..., Session], speed: float) -> None:
    with pytest.raises(UsageError, match=r"0\.5"):
        open_capture(read=False).set_speed(speed)


@given(steps=st.lists(st.tuples(st.floats(-60, 60).filter(bool), st.integers(0, 10**12), st.integers(-(2**62), 2**62)), max_size=12))
@settings(max_examples=25)
def test_that_the_playhead_never_leaves_what_is_known(steps: list[tuple[float, int, int]]) -> None:
    replay = Bench(live=False)
    for number, (speed, elapsed_ns, seek_ns) in enumerate(steps):
        replay.source.say(number, State="Execute")
        replay.session.set_speed(speed)
        replay.session.play()
        if number % 2:
            replay.session.seek(seek_ns)
        frame = replay.session.advance(elapsed_ns)
        assert at(0) <= frame.at_ns <= at(number)


def test_that_a_missing_file_is_a_failed_source_with_its_sentence_and_never_the_sample(
    open_capture: Callable[..., Session], tmp_path: Path
) -> None:
    session = open_capture(path=tmp_path / "nowhere.jsonl", read=False)
    session.start()
    while session.loading:
        pass
    frame = session.advance(SECOND_NS)
    (health,) = frame.health
    assert health.status is Status.FAILED
    assert "nowhere.jsonl" in health.error
    assert frame.mode is Mode.REPLAY
    assert frame.span is None
    assert frame.figures is None
    assert {now.state for now in frame.units.values()} == {None}
    again = session.advance(SECOND_NS)
    assert not frame.playing
    assert again.at_ns == frame.at_ns  # no time passes where nothing is known
    assert again.changes == Changes(health=again.changes.health)
