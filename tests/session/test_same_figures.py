"""The same samples in, the same figures out, bit for bit: whatever the playhead did, however they came, in whatever order."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.session.plant import SECOND_NS, Bench, Fed, Played, Rooms, asked, at, bits, content, folded, past, sample_line
from twin_app.model.message import Status
from twin_app.model.samples import Samples
from twin_app.session import Session
from twin_app.sources.capture import Captured

MOVES = st.one_of(
    st.tuples(st.just("advance"), st.integers(0, 20 * SECOND_NS)),
    st.tuples(st.just("seek"), st.floats(-0.1, 1.1)),
    st.tuples(st.just("set_speed"), st.sampled_from([-3600.0, -60.0, -1.0, 0.1, 1.0, 20.0, 60.0, 3600.0])),
    st.tuples(st.sampled_from(["play", "pause", "toggle", "follow"]), st.none()),
    st.tuples(st.just("give"), st.integers(1, 900)),
)


def do(session: Session, source: Fed | None, what: str, how: Any) -> None:
    """Do one thing to a session."""
    span = session.span()
    if what == "give":
        if source:
            source.give(how)
    elif what == "seek":
        session.seek(span.start_ns + round((span.end_ns - span.start_ns) * how) if span else 0)
    elif how is None:
        getattr(session, what)()
    else:
        getattr(session, what)(how)


@given(moves=st.lists(MOVES, max_size=25), where=st.floats(0, 1))
@settings(max_examples=30)
def test_that_a_replay_moved_about_at_random_shows_what_a_fresh_one_does(
    capture: tuple[Rooms, Samples], moves: list[tuple[str, Any]], where: float
) -> None:
    rooms, samples = Rooms(capture[0].line, signals=capture[0].signals, texts=capture[0].texts), capture[1]
    source = Fed(rooms.store, samples)
    session = rooms.session(source)
    for what, how in moves:
        do(session, source, what, how)
        frame = session.advance(33_000_000)
        assert frame.span is None or frame.span.start_ns <= frame.at_ns <= frame.span.end_ns
    source.give(len(samples))
    session.pause()
    session.set_speed(1.0)
    session.advance(0)
    fresh = folded(rooms, samples)
    there = session.clock.at_ns
    assert content(session.advance(0)) == content(asked(fresh, there))
    start_ns, end_ns = int(samples.effective_ns.min()), int(samples.effective_ns.max())
    elsewhere = start_ns + round((end_ns - start_ns) * where)
    assert content(asked(session, elsewhere)) == content(asked(folded(rooms, samples), elsewhere))
    assert past(session, elsewhere, end_ns) == past(fresh, elsewhere, end_ns)


@given(cuts=st.lists(st.integers(0, 1807), max_size=30), looks=st.lists(st.floats(0, 1), min_size=1, max_size=4))
@settings(max_examples=10)
def test_that_a_line_heard_live_in_random_batches_shows_what_the_replay_of_its_recording_does(
    capture: tuple[Rooms, Samples], messages: list[Captured], cuts: list[int], looks: list[float]
) -> None:
    rooms = sample_line()
    source = Played(rooms, live=True)
    session = rooms.session(source, now=lambda: source.now_ns)
    source.intake.connected(messages[0].received_ns)
    for number, message in enumerate(messages):
        source.intake.receive(message.topic, message.payload, received_ns=message.received_ns)
        if number in cuts:
            source.now_ns = message.received_ns
            source.intake.flush()
            session.advance(33_000_000)
    source.intake.finish()
    source.now_ns = messages[-1].received_ns
    session.advance(33_000_000)
    replay = folded(rooms, capture[1])
    span = replay.span()
    assert span == session.span()
    assert span is not None
    for look in looks:
        there = span.start_ns + round((span.end_ns - span.start_ns) * look)
        assert content(asked(session, there)) == content(asked(replay, there))
    assert past(session, span.start_ns, span.end_ns) == past(replay, span.start_ns, span.end_ns)
    session.close()


WORDS = st.one_of(
    st.builds(lambda word: {"State": word}, st.sampled_from(["Execute", "Held", "Suspended", "Idle", "Holding", "Aborted"])),
    st.builds(lambda count: {"Processed": count}, st.integers(0, 500)),
    st.builds(lambda count: {"Defective": count}, st.integers(0, 50)),
    st.builds(lambda speed: {"CurMachSpeed": speed}, st.sampled_from([0.0, 60.0, 117.3])),
    st.builds(lambda degrees: {"Temperature": degrees}, st.floats(60, 80)),
)
EVENTS = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(["Filler", "Capper"]), WORDS, st.floats(0, 30)),
    st.tuples(st.just("link"), st.booleans(), st.none(), st.floats(0, 15)),
    st.tuples(st.just("look"), st.floats(0, 1), st.none(), st.none()),
    st.tuples(st.just("live"), st.none(), st.none(), st.none()),
)


@given(events=st.lists(EVENTS, min_size=1, max_size=40), look=st.floats(0, 1))
@settings(max_examples=60)
def test_that_late_samples_and_backdated_disconnects_end_in_what_a_fresh_session_shows(events: list[Any], look: float) -> None:
    bench = Bench(live=True)
    bench.source.link(0, up=True)
    bench.frame()
    second = 0.0
    for what, first, words, late_s in events:
        second += 1.7
        bench.now(second)
        if what == "say":
            bench.source.say(second - late_s, first, said_at=second, **words)
        elif what == "link":
            bench.source.link(second if first else second - late_s, up=first)
        elif what == "look":
            span = bench.session.span()
            assert span is not None
            bench.session.seek(span.start_ns + round((span.end_ns - span.start_ns) * first))
        else:
            bench.session.follow()
        bench.frame(0.033)
    span = bench.session.span()
    assert span is not None
    there = span.start_ns + round((span.end_ns - span.start_ns) * look)
    fresh = bench.again()
    fresh_span = fresh.span()
    assert fresh_span is not None
    there = min(there, fresh_span.end_ns)
    assert content(asked(bench.session, there)) == content(asked(fresh, there))
    assert past(bench.session, span.start_ns, there) == past(fresh, span.start_ns, there)


@given(seed=st.integers(0, 2**32), cut=st.integers(60, 900))
@settings(max_examples=6)
def test_that_the_order_and_the_batches_samples_came_in_leave_no_trace(capture: tuple[Rooms, Samples], seed: int, cut: int) -> None:
    rooms, samples = Rooms(capture[0].line, signals=capture[0].signals, texts=capture[0].texts), capture[1]
    source = Fed(rooms.store, samples.take(np.random.default_rng(seed).permutation(len(samples))))
    session = rooms.session(source)
    for _ in range(0, len(samples), cut):
        source.give(cut)
        session.advance(SECOND_NS)
    start_ns, end_ns = int(samples.effective_ns.min()), int(samples.effective_ns.max())
    fresh = folded(rooms, samples)
    for there in range(start_ns, end_ns, (end_ns - start_ns) // 7):
        assert content(asked(session, there)) == content(asked(fresh, there))
    assert past(session, start_ns, end_ns) == past(fresh, start_ns, end_ns)


def test_that_a_difference_of_one_bit_would_be_seen() -> None:
    one = Bench(live=False)
    one.source.say(0, State="Execute", CurMachSpeed=60.0)
    other = Bench(live=False)
    other.source.say(0, State="Execute", CurMachSpeed=float(np.nextafter(60.0, 61.0)))
    for bench in (one, other):
        bench.source.say(10, State="Execute")
        bench.source.status = Status.COMPLETE
    assert content(asked(one.session, at(10))) != content(asked(other.session, at(10)))
    assert bits(float("nan")) == bits(float("nan"))
