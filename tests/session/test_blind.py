"""Blind replay: nothing is told that was not known at the playhead; and what was known at an instant, asked for later."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.session.plant import LINE, SECOND_NS, Played, Rooms, at, bits, content, past
from twin_app.errors import UsageError
from twin_app.history.store import Store
from twin_app.layout.signals import signal_table
from twin_app.model.event import EventKind
from twin_app.model.frame import Mode
from twin_app.model.message import Status
from twin_app.model.packml import State
from twin_app.model.samples import TextTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from twin_app.model.equipment import Line
    from twin_app.session import Session

BEATING = replace(LINE, units=(replace(LINE.units[0], heartbeat_s=7.0), LINE.units[1]))
Said = tuple[float, float, str, dict[str, Any]]
"""Received at, late by, who, what."""


class Recorded:
    """A recording of some messages, opened as a replay that is read to its end."""

    def __init__(self, messages: Iterable[Said], line: Line = LINE) -> None:
        signals, texts = signal_table(line), TextTable()
        self.rooms = Rooms(line, Store.temporary(signals, texts), signals, texts)
        self.source = Played(self.rooms, live=False)
        for received, late, unit, what in messages:
            self.source.now_ns = at(received)
            if unit == "link":
                self.source.link(received - late, up=what["up"])
            else:
                self.source.say(received - late, unit, said_at=received, **what)
        self.rooms.store.commit()
        self.source.status = Status.COMPLETE
        self.session = self.rooms.session(self.source)
        self.session.advance(0)
        self.session.pause()

    def blind_at(self, second: float) -> Session:
        """Put on the blindfold and go to an instant."""
        self.session.blindfold(on=True)
        self.session.seek(at(second))
        self.session.advance(0)
        return self.session

    def close(self) -> None:
        self.session.close()


@pytest.fixture
def late() -> Iterator[Recorded]:
    """The filler runs from 0 s, is held from 10 s, which becomes known at 20 s, and aborts at 30 s."""
    made = Recorded([
        (0.0, 0.0, "Filler", {"State": "Execute"}), (20.0, 10.0, "Filler", {"State": "Held"}), (30.0, 0.0, "Filler", {"State": "Aborted", "Surprise": 4.0}),
    ])  # fmt: skip
    yield made
    made.close()


WORDS = st.one_of(
    st.builds(lambda word: {"State": word}, st.sampled_from(["Execute", "Held", "Suspended", "Idle", "Holding", "Aborted"])),
    st.builds(lambda count: {"Processed": count}, st.integers(0, 500)),
    st.builds(lambda name, degrees: {name: degrees}, st.sampled_from(["Warm", "Odd1", "Odd2"]), st.floats(60, 80)),
)
EVENTS = st.one_of(
    st.tuples(st.floats(0.1, 6), st.sampled_from([0.0, 0.0, 0.5, 3.0, 12.0]), st.sampled_from(["Filler", "Capper"]), WORDS),
    st.tuples(st.floats(0.1, 6), st.sampled_from([0.0, 2.0]), st.just("link"), st.just({"up": False})),
    st.tuples(st.floats(0.1, 6), st.just(0.0), st.just("link"), st.just({"up": True})),
)


def told(session: Session, second: float) -> dict[str, object]:
    """Return the bits of all that a session tells, to whoever asks of far ahead."""
    frame, far = session.advance(0), at(10**6)
    span = session.span()
    start_ns = span.start_ns if span else at(0)
    steps = [session.step(set(EventKind), unit, at(second), way) for unit in (None, "Filler") for way in (1, -1)]
    raw = [raw.message.payload for raw in session.raw(None, far, 1000)]
    return {
        **content(frame), "span": bits(span), "health": bits(frame.health), "raw": raw, "names": [signal.path for signal in session.signals],
        **{str(n): part for n, part in enumerate(past(session, start_ns, far))}, "dead": session.dead_time(start_ns, far), "steps": steps,
        "overview": bits(session.overview(start_ns, start_ns + 10**12, 7)), "ticks": bits(session.alarm_ticks(start_ns, far)),
        "reason": session.reason("Filler", start_ns, far), "report": bits(session.alarm_report(start_ns, far)), "alarms": bits(session.alarms(far)),
        "ahead": bits(session.latest(far)), "unit": bits(session.unit_now("Filler", far)),
    }  # fmt: skip


@given(
    events=st.lists(EVENTS, min_size=1, max_size=30),
    cut=st.floats(0.05, 0.95),
    moves=st.lists(st.floats(0, 1), max_size=4),
    run=st.booleans(),
)
@settings(max_examples=25)
def test_that_no_answer_of_a_blind_replay_differs_when_the_future_is_deleted(
    events: list[tuple[float, float, str, dict[str, Any]]], cut: float, moves: list[float], run: bool
) -> None:
    clock = 13.0
    messages: list[Said] = [(clock, 0.0, "Capper", {"State": "Idle"})]
    for after, late_s, who, what in events:
        clock += after
        messages.append((clock, late_s, who, what))
    known_to = round(messages[0][0] + cut * (clock + 1 - messages[0][0]), 3)
    whole = [*messages, (known_to, 0.0, "Capper", {"Processed": 1})]  # something is there at the playhead, so that both can go there
    whole.sort(key=lambda message: message[0])
    with closing(Recorded(whole, BEATING)) as all_of_it, closing(Recorded([m for m in whole if m[0] <= known_to], BEATING)) as no_future:
        everything, nothing_more = all_of_it.session, no_future.session
        everything.blindfold(on=True)
        for share in moves:  # wherever it was before, ahead or back
            everything.seek(at(clock * share))
            everything.advance(0)
        if run:
            everything.seek(at(max(known_to - 3, 0)))
            everything.advance(0)
            everything.play()
            for _ in range(30):
                everything.advance(SECOND_NS // 10)
            everything.pause()
        everything.seek(at(known_to))
        nothing_more.blindfold(on=True)
        nothing_more.seek(at(known_to))
        everything.advance(0)
        shown, only = told(everything, known_to), told(nothing_more, known_to)
        assert [name for name in shown if shown[name] != only[name]] == []


def test_that_a_late_sample_appears_when_it_became_known(late: Recorded) -> None:
    assert late.blind_at(19.9).advance(0).units["Filler"].state is State.EXECUTE
    assert late.blind_at(20.0).advance(0).units["Filler"].state is State.HELD
    assert late.session.unit_now("Filler", at(12)).state is State.HELD
    late.session.blindfold(on=False)
    late.session.seek(at(15))
    assert late.session.advance(0).units["Filler"].state is State.HELD


def test_that_neither_the_end_nor_the_counts_nor_the_names_of_what_lies_ahead_are_told(late: Recorded) -> None:
    session = late.blind_at(25)
    frame = session.advance(0)
    assert frame.mode is Mode.BLIND
    assert frame.span is not None
    assert frame.span.end_ns == at(25)
    assert [(health.received, health.hidden) for health in frame.health] == [(0, True)]
    assert session.signals.find("Filler", "Surprise") is None
    assert session.figures(at(0), at(30)).end_ns == at(25)
    late.session.seek(at(30))
    session.advance(0)
    assert session.signals.find("Filler", "Surprise") is not None


def test_that_a_long_recording_is_looked_at_without_a_frame_that_waits_for_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin_app.session.arrivals.PAGE", 10)
    monkeypatch.setattr("twin_app.session.moving.REVEAL_BUDGET_S", 0.0)  # a page a frame
    with closing(Recorded([(float(second), 0.0, "Filler", {"Processed": second}) for second in range(60)])) as long:
        long.session.blindfold(on=True)
        long.session.seek(at(59))
        behind = [long.session.advance(0).behind_s]
        while behind[-1] > 0:
            behind.append(long.session.advance(0).behind_s)
        assert len(behind) >= 6
        assert behind[0] == 59.0
        assert bits(long.session.advance(0).units) == bits(long.blind_at(59).advance(0).units)


def test_that_no_notice_tells_what_lies_ahead(late: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "notices", lambda _store: ("What the filler said from 28 s to 30 s is lost.",))
    assert late.session.advance(0).notices
    assert not late.blind_at(25).advance(0).notices
    late.session.blindfold(on=False)
    assert late.session.advance(0).notices


def test_that_going_back_forgets_and_says_so(late: Recorded) -> None:
    session = late.blind_at(25)
    sight = session.sight
    session.seek(at(26))
    assert session.sight == sight
    session.seek(at(15))
    assert session.sight == sight + 1
    assert session.unit_now("Filler", at(25)).state is not State.HELD  # not even before the next frame


def test_that_a_blind_replay_goes_on_into_what_was_hidden_and_ends_where_the_recording_does(late: Recorded) -> None:
    session = late.blind_at(19)
    session.play()
    assert session.advance(2 * SECOND_NS).units["Filler"].state is State.HELD
    session.follow()
    assert session.advance(0).at_ns == at(21)
    session.advance(60 * SECOND_NS)
    frame = session.advance(0)
    assert (frame.at_ns, frame.playing, frame.units["Filler"].state) == (at(30), False, State.ABORTED)


def test_that_a_blind_replay_neither_runs_backwards_nor_skips(late: Recorded) -> None:
    session = late.blind_at(1)
    with pytest.raises(UsageError, match="does not run backwards"):
        session.set_speed(-1)
    session.skip_dead_time(on=True)
    session.play()
    assert session.advance(SECOND_NS).at_ns == at(2)


def test_that_a_live_line_hides_nothing() -> None:
    rooms = Rooms(LINE)
    with pytest.raises(UsageError, match="hides nothing"):
        rooms.session(Played(rooms, live=True)).blindfold(on=True)


def test_that_figures_as_known_at_an_instant_leave_out_what_came_later(late: Recorded) -> None:
    session = late.session
    assert session.figures(at(0), at(15)).units["Filler"].ledger.state_ns == {State.EXECUTE: 10 * SECOND_NS, State.HELD: 5 * SECOND_NS}
    session.as_known_at(at(15))
    assert session.figures(at(0), at(15)).units["Filler"].ledger.state_ns == {State.EXECUTE: 15 * SECOND_NS}
    assert session.figures(at(0), at(30)).end_ns == at(15)
