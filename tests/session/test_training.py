"""A trainee acts in a blind replay as if it were live: kept in a file of their own, exact wherever the playhead goes, and compared afterwards."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.session.plant import LINE, SECOND_NS, Played, Rooms, at, bits
from twin_app.errors import UsageError
from twin_app.history.store import Store
from twin_app.layout.signals import signal_table
from twin_app.model.alarm import AlarmState, Why
from twin_app.model.alarm_rule import AlarmRule
from twin_app.model.entry import EntryKind
from twin_app.model.frame import Mode
from twin_app.model.samples import TextTable
from twin_app.session.action_log import ActionLog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twin_app.model.alarm import AlarmPicture
    from twin_app.session import Session

JAM, WEB = "Filler/Jam", "Filler/Web"
ALARMED = replace(LINE, alarms=(
    AlarmRule(signal="Jam", priority=2, shelve_max_s=600.0), AlarmRule(signal="Web", latching=True, shelve_max_s=600.0),
))  # fmt: skip
Said = tuple[float, dict[str, Any]]
SHIFT: list[Said] = [
    (0.0, {"State": "Execute", "Jam": False, "Web": False}), (10.0, {"Jam": True}), (40.0, {"Jam": False}), (60.0, {"Web": True}),
    (70.0, {"Web": False}), (90.0, {"Jam": True}), (120.0, {"State": "Execute"}),
]  # fmt: skip


def line(said: list[Said], *, live: bool, folder: Path | None = None) -> tuple[Session, Played]:
    """Return a session over what a filler said, live at its first instant or recorded, with the side files of a folder."""
    signals, texts = signal_table(ALARMED), TextTable()
    rooms = Rooms(ALARMED, Store.temporary(signals, texts), signals, texts)
    source = Played(rooms, live=live)
    log = ActionLog(folder / "alarm_actions.jsonl" if folder else None, writes=live)
    session = rooms.session(source, now=lambda: source.now_ns, actions=log, entries=folder / "entries.jsonl" if folder else None)
    if not live:
        for second, what in said:
            source.now_ns = at(second)
            source.say(second, **what)
        rooms.store.commit()
        source.status = source.status.COMPLETE
        source.now_ns = at(100_000)
        session.advance(0)
        session.pause()
    return session, source


def go(session: Session, second: float) -> AlarmPicture:
    """Put the playhead to an instant; return the alarms there."""
    session.seek(at(second))
    return session.advance(0).alarms


def state(session: Session, second: float, alarm: str = JAM) -> AlarmState:
    """Return an alarm's state with the playhead at an instant."""
    picture = go(session, second)
    return next((now.state for now in (*picture.listed, *picture.hidden) if now.alarm.key == alarm), AlarmState.NORMAL)


@pytest.fixture
def shift(tmp_path: Path) -> Iterator[Session]:
    """A shift in which an operator acknowledged the first jam after 20 s, replayed blind by Anna."""
    with closing(line(SHIFT, live=True, folder=tmp_path)[0]) as live:
        source = live._sources[0]
        assert isinstance(source, Played)
        for second, what in SHIFT[:2]:
            source.now_ns = at(second)
            source.say(second, **what)
            live.advance(0)
        source.now_ns = at(30)
        live.advance(0)
        live.desk.act(Why.ACKNOWLEDGE, [JAM], who="p1")
    session, _ = line(SHIFT, live=False, folder=tmp_path)
    session.train(trainee="anna")
    yield session
    session.close()


def own_file(folder: Path) -> Path:
    """Return the one file of a trainee."""
    (found,) = folder.glob("*.blind-*.jsonl")
    return found


def test_that_a_trainee_acknowledges_as_if_it_were_live_and_what_was_recorded_stays_hidden(shift: Session, tmp_path: Path) -> None:
    recorded = (tmp_path / "alarm_actions.jsonl").read_bytes()
    assert state(shift, 35) is AlarmState.UNACKNOWLEDGED  # the recorded acknowledgement of 30 s is not told
    assert state(shift, 15) is AlarmState.UNACKNOWLEDGED
    assert shift.desk.refusal(Why.ACKNOWLEDGE, JAM) == ""
    shift.desk.act(Why.ACKNOWLEDGE, [JAM], who="anna", note="a bottle lay across")
    seen = {second: state(shift, second) for second in (20, 14.999, 15, 45, 95, 20)}
    assert seen == {
        20: AlarmState.ACKNOWLEDGED, 14.999: AlarmState.UNACKNOWLEDGED, 15: AlarmState.ACKNOWLEDGED, 45: AlarmState.NORMAL,
        95: AlarmState.UNACKNOWLEDGED,
    }  # fmt: skip
    assert (tmp_path / "alarm_actions.jsonl").read_bytes() == recorded
    shift.blindfold(on=False)
    assert state(shift, 20) is AlarmState.UNACKNOWLEDGED
    assert state(shift, 35) is AlarmState.ACKNOWLEDGED
    head, deed, *_ = map(json.loads, own_file(tmp_path).read_text().splitlines())
    assert (head["trainee"], head["wall_ns"], head["hid"]) == ("anna", at(100_000), True)
    assert (deed["action"], deed["who"], deed["effective_ns"], deed["wall_ns"]) == ("acknowledge", "anna", at(15), at(100_000))


def test_that_a_trainee_shelves_for_a_time_of_the_playhead_and_is_refused_what_means_nothing(shift: Session) -> None:
    go(shift, 12)
    shift.desk.act(Why.SHELVE, [JAM], note="known", lasts_ns=20 * SECOND_NS)
    assert state(shift, 31) is AlarmState.SHELVED
    assert state(shift, 32) is AlarmState.UNACKNOWLEDGED
    go(shift, 5)
    with pytest.raises(UsageError, match="means nothing"):
        shift.desk.act(Why.ACKNOWLEDGE, [JAM])
    go(shift, 12)
    with pytest.raises(UsageError, match="Say why"):
        shift.desk.act(Why.OUT_OF_SERVICE, [JAM])
    with pytest.raises(UsageError, match="no alarm"):
        shift.desk.act(Why.ACKNOWLEDGE, ["Filler/Nobody"])


def test_that_nothing_is_acted_on_while_what_was_known_is_still_being_learned(shift: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin_app.session.arrivals.PAGE", 1)
    monkeypatch.setattr("twin_app.session.moving.REVEAL_BUDGET_S", 0.0)
    shift.train()
    shift.seek(at(15))
    assert shift.advance(0).behind_s > 0
    assert "learned anew" in shift.desk.refusal(Why.ACKNOWLEDGE, JAM)
    with pytest.raises(UsageError, match="learned anew"):
        shift.desk.act(Why.ACKNOWLEDGE, [JAM])


DEEDS = st.tuples(
    st.integers(1, 129), st.sampled_from([Why.ACKNOWLEDGE, Why.RESET, Why.SHELVE, Why.UNSHELVE, Why.OUT_OF_SERVICE, Why.IN_SERVICE]),
    st.sampled_from([JAM, WEB]), st.integers(1, 60), st.booleans(),
)  # fmt: skip


@given(
    turns=st.lists(
        st.tuples(st.integers(1, 120), st.sampled_from(["Jam", "Web"]), st.booleans()), max_size=8, unique_by=lambda one: one[0]
    ),
    deeds=st.lists(DEEDS, max_size=8, unique_by=lambda deed: deed[0]),
    looks=st.lists(st.integers(0, 130), min_size=1, max_size=6),
)
@settings(max_examples=20, deadline=None)
def test_that_the_alarms_at_any_playhead_are_those_of_a_live_line_on_which_the_same_was_done_then(
    turns: list[tuple[int, str, bool]], deeds: list[tuple[int, Why, str, int, bool]], looks: list[int]
) -> None:
    said: list[Said] = [
        (0.0, {"Jam": False, "Web": False}),
        *((float(s), {name: on}) for s, name, on in sorted(turns)),
        (130.0, {"Jam": False}),
    ]
    done = []
    with closing(line(said, live=False)[0]) as session:
        session.train()
        for deed in deeds:  # in no order of time: whoever goes back acts before what they did later
            second, what, alarm, lasts_s, once = deed
            go(session, second)
            if not session.desk.refusal(what, alarm):
                session.desk.act(what, [alarm], note="so", lasts_ns=lasts_s * SECOND_NS, one_shot=once)
                done.append(deed)
        shown = {second: bits(go(session, second)) for second in (*looks, *looks[::-1], 130)}
    live, source = line(said, live=True)
    with closing(live):
        for second in sorted({*(int(one) for one, _ in said), *(deed[0] for deed in done)}):
            source.now_ns = at(second)
            for _, fields in (one for one in said if one[0] == second):
                source.say(second, **fields)
            live.advance(0)
            for _, why, alarm, lasts_s, once in (deed for deed in done if deed[0] == second):
                if not live.desk.refusal(why, alarm):  # else an earlier deed left it nothing to do
                    live.desk.act(why, [alarm], note="so", lasts_ns=lasts_s * SECOND_NS, one_shot=once)
        live.advance(0)
        assert {second: bits(live.alarms(at(second))) for second in shown} == shown


def test_that_reasons_and_bookmarks_of_a_trainee_lie_in_the_same_file_with_both_times(shift: Session, tmp_path: Path) -> None:
    go(shift, 50)
    shift.notes.bookmark(at(48), "here it began", who="anna")
    shift.entries.enter(EntryKind.CLEANING, at(40), end_ns=at(45), who="anna")
    lines = [json.loads(text) for text in own_file(tmp_path).read_text().splitlines()]
    assert [(one["what"], one.get("known_ns"), one["wall_ns"]) for one in lines[1:]] == [
        ("bookmark", at(50), at(100_000)), ("work entry", at(50), at(100_000)),
    ]  # fmt: skip
    assert {one["by"] for one in lines[1:]} == {"anna"}


def test_that_an_attempt_is_gone_on_with_and_a_new_one_knows_nothing_of_it(
    shift: Session, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    go(shift, 15)
    shift.desk.act(Why.ACKNOWLEDGE, [JAM], who="anna")
    shift.notes.bookmark(at(14), "mine", who="anna")
    first = shift.advance(0).attempt
    assert first is not None
    shift.train(trainee="bert")
    assert state(shift, 20) is AlarmState.UNACKNOWLEDGED
    assert shift.advance(0).bookmarks == ()
    shift.desk.act(Why.SHELVE, [JAM], who="bert", note="later", lasts_ns=SECOND_NS)
    again, _ = line(SHIFT, live=False, folder=tmp_path)
    request.addfinalizer(again.close)
    assert [(one.trainee, one.deeds) for one in again.training.attempts()] == [("bert", 1), ("anna", 2)]
    again.train(first.name)
    assert state(again, 20) is AlarmState.ACKNOWLEDGED
    shown = again.advance(0)
    assert [note.text for note in shown.bookmarks] == ["mine"]
    assert shown.attempt is not None
    assert shown.attempt.trainee == "anna"
    assert shown.mode is Mode.BLIND


@pytest.mark.parametrize("name", ["nobody", "../entries", "blind-1/../../x"])
def test_that_an_attempt_that_is_not_there_is_refused_and_nothing_is_shown_of_what_was_hidden(shift: Session, name: str) -> None:
    with pytest.raises(UsageError, match="no attempt"):
        shift.train(name)
    assert shift.advance(0).mode is Mode.BLIND
    assert state(shift, 35) is AlarmState.UNACKNOWLEDGED


def test_that_a_trainer_sees_what_was_answered_when_beside_what_was_recorded(shift: Session) -> None:
    go(shift, 15)
    shift.desk.act(Why.ACKNOWLEDGE, [JAM], who="anna")
    go(shift, 65)
    shift.desk.act(Why.SHELVE, [WEB], who="anna", note="a known one", lasts_ns=10 * SECOND_NS)
    go(shift, 110)
    name = shift.training.attempts()[0].name
    with pytest.raises(UsageError, match="not told"):
        shift.training.review(name)
    shift.blindfold(on=False)
    found = shift.training.review(name)
    answers = [
        (one.at_ns, one.alarm.key, one.recorded and (one.recorded.why, one.recorded.at_ns, one.recorded.who),
         one.trained and (one.trained.why, one.trained.at_ns, one.trained.who)) for one in found.answered
    ]  # fmt: skip
    assert answers == [
        (at(10), JAM, (Why.ACKNOWLEDGE, at(30), "p1"), (Why.ACKNOWLEDGE, at(15), "anna")),
        (at(60), WEB, None, (Why.SHELVE, at(65), "anna")),
        (at(90), JAM, None, None),
    ]
    assert [(one.at_ns, one.who) for one in found.done] == [(at(15), "anna"), (at(65), "anna")]
    assert found.attempt.seen_ns == (at(15), at(110))  # so the alarm of 10 s was seen standing


def test_that_alarms_that_came_after_a_trainee_had_left_count_for_nothing(shift: Session) -> None:
    go(shift, 0)
    go(shift, 61)
    shift.blindfold(on=False)
    (attempt,) = shift.training.attempts()
    assert attempt.deeds == 0
    assert [one.alarm.key for one in shift.training.review(attempt.name).answered] == [JAM, WEB]


def test_that_a_look_of_a_moment_leaves_no_file_and_a_damaged_line_costs_no_other(shift: Session, tmp_path: Path) -> None:
    go(shift, 10)
    go(shift, 50)
    shift.blindfold(on=False)
    assert shift.training.attempts() == ()
    shift.train(trainee="anna")
    go(shift, 15)
    shift.desk.act(Why.ACKNOWLEDGE, [JAM], who="anna")
    with own_file(tmp_path).open("ab") as file:
        file.write(b'{"schema": 1, "what": "alarm action", "seen_ns": "x"}\nnonsense\n')
    shift.train(shift.training.attempts()[0].name)
    assert state(shift, 20) is AlarmState.ACKNOWLEDGED
