"""People act on live alarms: what is allowed, what is kept, and that a restart in any state changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.session.plant import LINE, Bench, Played, Rooms, asked, at, bits
from twin_app.errors import RecordingError, UsageError
from twin_app.history.store import Store
from twin_app.layout.signals import signal_table
from twin_app.model.alarm import AlarmState, Why
from twin_app.model.alarm_rule import AlarmRule
from twin_app.model.frame import Frame
from twin_app.model.samples import TextTable
from twin_app.session import Session
from twin_app.session.action_log import ActionLog

JAM, WEB = "Filler/Jam", "Filler/Web"
ALARMED = replace(LINE, alarms=(
    AlarmRule(signal="Jam", priority=2), AlarmRule(signal="Web", latching=True, suppressed_by="Clean", shelve_max_s=600.0),
    AlarmRule(signal="Fixed", shelve_max_s=0.0),
))  # fmt: skip


class Station:
    """A live line that is recorded on a disk, and that may be restarted."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.second = 0.0
        self._open()

    def _open(self) -> None:
        signals, texts = signal_table(ALARMED), TextTable()
        store = Store.reopen(self.folder / "line.twinrec", signals=signals, texts=texts)
        rooms = Rooms(ALARMED, store, signals, texts)
        self.source = Played(rooms, live=True)
        log = ActionLog(self.folder / "alarm_actions.jsonl", writes=True)
        self.session: Session = rooms.session(self.source, now=lambda: at(self.second), actions=log)

    def say(self, second: float, **fields: Any) -> None:
        self.second = second
        self.source.now_ns = at(second)
        self.source.say(second, **fields)
        self.frame()

    def do(self, second: float, what: Why, alarm: str = JAM, *, until: float = 0.0, one_shot: bool = False, note: str = "because") -> None:
        self.second = second
        self.frame()
        self.session.desk.act(what, [alarm], who="p1", note=note, lasts_ns=at(until) - at(second) if until else 0, one_shot=one_shot)

    def frame(self, second: float | None = None) -> Frame:
        self.second = self.second if second is None else second
        return self.session.advance(0)

    def state(self, alarm: str = JAM) -> str:
        listed = self.frame().alarms
        return next((now.state.letter for now in (*listed.listed, *listed.hidden) if now.alarm.key == alarm), "A")

    def restart(self) -> None:
        self.session.close()
        self._open()
        self.frame()

    def close(self) -> None:
        self.session.close()


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path)
    yield made
    made.close()


def bring(station: Station, letter: str) -> str:
    """Bring an alarm into a state; return its key."""
    for name in ("Jam", "Web", "Clean"):
        station.say(0, **{name: False})
    alarm = WEB if letter in "EFH" else JAM
    name = alarm.partition("/")[2]
    if letter not in "AGI":
        station.say(10, **{name: True})
    if letter in "CF":
        station.do(11, Why.ACKNOWLEDGE, alarm)
    if letter in "DEF":
        station.say(12, **{name: False})
    if letter == "G":
        station.do(13, Why.SHELVE, alarm, until=1000)
    if letter == "H":
        station.say(13, Clean=True)
    if letter == "I":
        station.do(13, Why.OUT_OF_SERVICE, alarm)
    return alarm


@pytest.mark.parametrize("letter", list("ABCDEFGHI"))
def test_that_a_restart_finds_an_alarm_in_the_state_it_was_in(station: Station, letter: str) -> None:
    alarm = bring(station, letter)
    before = station.frame(20)
    assert station.state(alarm) == letter
    report = station.session.alarm_report(at(0), at(20))
    station.restart()
    assert station.state(alarm) == letter
    assert bits(station.frame(20).alarms) == bits(before.alarms)
    assert bits(station.session.alarm_report(at(0), at(20))) == bits(report)


DEEDS = {
    "acknowledge": Why.ACKNOWLEDGE, "reset": Why.RESET, "shelve": Why.SHELVE, "unshelve": Why.UNSHELVE, "out": Why.OUT_OF_SERVICE,
    "in": Why.IN_SERVICE,
}  # fmt: skip
EVENTS = ("occurs", "returns", "expires", "suppress", "unsuppress", *DEEDS)
NEXT = {
    "A": {"occurs": "B", "shelve": "G", "out": "I"},
    "B": {"returns": "D", "acknowledge": "C", "shelve": "G", "out": "I"},
    "C": {"returns": "A", "shelve": "G", "out": "I"},
    "D": {"occurs": "B", "acknowledge": "A", "shelve": "G", "out": "I"},
    "E": {"occurs": "B", "acknowledge": "F", "shelve": "G", "out": "I", "suppress": "H"},
    "F": {"occurs": "C", "reset": "A", "shelve": "G", "out": "I", "suppress": "H"},
    "G": {"unshelve": "A", "expires": "A", "out": "I"},
    "H": {"unsuppress": "B", "out": "I"},
    "I": {"in": "A"},
}
"""Where each event leads from each state, by ISA-18.2, as `bring` leaves them: E, F and H latch, H is active, G and I are not. Else it stays."""


def happen(station: Station, event: str, alarm: str) -> None:
    """Let something happen to an alarm at second 30; what means nothing in its state is refused."""
    name = alarm.partition("/")[2]
    if event in DEEDS:
        try:
            station.do(30, DEEDS[event], alarm, until=100 if event == "shelve" else 0.0)
        except UsageError:
            return
    elif event == "expires":
        station.frame(1100)
    elif event in {"suppress", "unsuppress"}:
        station.say(30, Clean=event == "suppress")
    else:
        station.say(30, **{name: event == "occurs"})


@pytest.mark.parametrize("letter", list("ABCDEFGHI"))
def test_that_each_event_leads_on_from_each_state_as_the_standard_says_restarted_there_or_not(tmp_path: Path, letter: str) -> None:
    for event in EVENTS:
        pictures = []
        for restarted in (False, True) if event in NEXT[letter] else (True,):
            station = Station(tmp_path / f"{event}-{restarted}")
            alarm = bring(station, letter)
            if restarted:
                station.restart()
            happen(station, event, alarm)
            assert station.state(alarm) == NEXT[letter].get(event, letter), event
            pictures.append((bits(station.frame().alarms), bits(station.session.alarm_report(at(0), at(1200)))))
            station.close()
        assert pictures[0] == pictures[-1], event


@pytest.mark.parametrize(("letter", "what", "second"), [("C", Why.ACKNOWLEDGE, 11), ("G", Why.SHELVE, 13), ("I", Why.OUT_OF_SERVICE, 13)])
def test_that_who_did_what_when_why_and_until_when_is_still_there_after_a_restart(
    station: Station, letter: str, what: Why, second: int
) -> None:
    bring(station, letter)
    station.restart()
    picture = station.frame(20).alarms
    (now,) = [now for now in (*picture.listed, *picture.hidden) if now.alarm.key == JAM]
    assert now.action is not None
    assert (now.action.what, now.action.who, now.action.effective_ns, now.action.note) == (what, "p1", at(second), "because")
    assert now.action.until_ns == (at(1000) if letter == "G" else 0)


def test_that_life_goes_on_after_a_restart_where_it_stood(station: Station) -> None:
    bring(station, "G")
    station.restart()
    station.say(500, Jam=True)
    assert station.state() == "G"
    station.frame(1000)
    assert station.state() == "B"
    station.restart()
    station.do(1001, Why.ACKNOWLEDGE, note="seen")
    now = station.frame().alarms.listed[0]
    assert (now.state, now.action and (now.action.who, now.action.note)) == (AlarmState.ACKNOWLEDGED, ("p1", "seen"))


@pytest.mark.parametrize(("still", "expected"), [(True, "B"), (False, "D")])
def test_that_a_shelf_that_ends_while_the_program_is_down_has_ended_when_it_is_back(station: Station, still: bool, expected: str) -> None:
    station.say(0, Jam=False)
    station.say(10, Jam=True)
    station.do(20, Why.SHELVE, until=100)
    station.session.close()
    station.second = 500  # nobody was there when it ended, at 100 s
    station._open()
    assert station.state() == "B"  # what is known of the machine is from before: in alarm, and shelved no longer
    expired = [row.at_ns for row in station.session.alarm_report(at(0), at(500)).transitions if row.why is Why.SHELF_EXPIRES]
    assert expired == [at(100)]
    station.say(501, Jam=still)
    assert station.state() == expected
    station.restart()
    assert station.state() == expected


def test_that_a_one_shot_shelf_ends_with_its_alarm_after_a_restart_too(station: Station) -> None:
    station.say(0, Jam=False)
    station.say(10, Jam=True)
    station.do(20, Why.SHELVE, until=1000, one_shot=True)
    station.restart()
    assert station.state() == "G"
    station.say(30, Jam=False)
    assert station.state() == "A"
    station.restart()
    station.say(40, Jam=True)
    assert station.state() == "B"


def test_that_an_alarm_out_of_service_over_a_restart_is_recorded_and_comes_back_latched(station: Station) -> None:
    station.say(0, Web=False)
    station.do(5, Why.OUT_OF_SERVICE, WEB)
    station.restart()
    station.say(10, Web=True)
    station.say(20, Web=False)
    station.restart()
    assert station.state(WEB) == "I"
    assert [row.why for row in station.session.alarm_report(at(6), at(25)).transitions] == [Why.OCCURS, Why.RETURNS]
    station.do(30, Why.IN_SERVICE, WEB)
    assert station.state(WEB) == "E"  # it was in alarm, and nobody has seen it


def test_that_the_same_said_again_is_no_second_alarm_and_the_same_done_again_is_refused(station: Station) -> None:
    for second in (0, 10, 11, 12):
        station.say(second, Jam=second >= 10)
    assert station.session.alarm_report(at(0), at(20)).activations == 1
    station.do(20, Why.ACKNOWLEDGE)
    with pytest.raises(UsageError):  # another window was quicker
        station.do(21, Why.ACKNOWLEDGE)
    station.say(22, Jam=True)
    assert station.state() == "C"
    rows = station.session.alarm_report(at(0), at(30)).transitions
    assert [row.why for row in rows] == [Why.OCCURS, Why.ACKNOWLEDGE]


def test_that_an_acknowledgement_after_the_clock_was_set_back_is_kept_and_replayed_as_it_was_shown(station: Station) -> None:
    station.say(0, Jam=False)
    station.say(100, Jam=True)
    station.second = 60  # the computer's clock is put right
    station.session.desk.act(Why.ACKNOWLEDGE, [JAM], who="p1", note="seen")
    assert station.state() == "C"
    report = station.session.alarm_report(at(0), at(120))
    station.second = 130
    station.restart()
    assert station.state() == "C"
    assert bits(station.session.alarm_report(at(0), at(120))) == bits(report)


def test_that_live_looked_back_at_and_replayed_alarms_are_the_same(station: Station, tmp_path: Path) -> None:
    bring(station, "C")
    station.do(15, Why.SHELVE, until=60)
    station.say(30, Jam=False)
    station.say(70, Jam=True)
    live = {second: bits(station.session.alarms(at(second))) for second in (5, 10, 11, 20, 59, 61, 70)}
    back = {second: bits(asked(station.session, at(second)).alarms) for second in live}
    station.session.close()
    signals, texts = signal_table(ALARMED), TextTable()
    rooms = Rooms(ALARMED, Store.reopen(tmp_path / "line.twinrec", signals=signals, texts=texts), signals, texts)
    kept = (tmp_path / "alarm_actions.jsonl").read_bytes()
    replay = rooms.session(actions=ActionLog(tmp_path / "alarm_actions.jsonl", writes=False))
    replay.fold()
    assert {second: bits(asked(replay, at(second)).alarms) for second in live} == back == live
    assert (tmp_path / "alarm_actions.jsonl").read_bytes() == kept
    replay.close()
    station._open()


def test_that_only_live_alarms_are_acted_on(station: Station, replay: Bench) -> None:
    bring(station, "B")
    station.session.seek(at(10))
    station.session.pause()
    with pytest.raises(UsageError, match="not live"):
        station.session.desk.act(Why.ACKNOWLEDGE, [JAM])
    station.session.follow()
    station.frame(21)
    station.session.desk.act(Why.ACKNOWLEDGE, [JAM])
    assert station.state() == "C"
    assert "not live" in replay.session.desk.refusal(Why.ACKNOWLEDGE, JAM)


def test_that_a_live_alarm_is_acknowledged_while_the_past_is_looked_at_and_the_past_stays_as_it_was(
    station: Station, replay: Bench
) -> None:
    bring(station, "B")
    station.frame(20)
    station.session.pause()
    station.session.seek(at(10.5))
    frame = station.frame(30)
    assert frame.live_alarms is not None
    assert [now.state.letter for now in frame.live_alarms.listed] == ["B"]
    assert "not live" in station.session.desk.refusal(Why.ACKNOWLEDGE, JAM)
    assert station.session.desk.live_refusal(Why.ACKNOWLEDGE, JAM) == ""
    station.session.desk.act_live(Why.ACKNOWLEDGE, [JAM], who="p1")
    with pytest.raises(UsageError, match="means nothing"):
        station.session.desk.act_live(Why.ACKNOWLEDGE, [JAM], who="p1")
    frame = station.frame(31)
    assert frame.live_alarms is not None
    (live,), (past,) = frame.live_alarms.listed, frame.alarms.listed
    assert (live.state.letter, live.action and live.action.effective_ns) == ("C", at(30))
    assert (past.state.letter, frame.at_ns) == ("B", at(10.5))
    station.restart()
    assert station.state() == "C"
    assert "not live" in replay.session.desk.live_refusal(Why.ACKNOWLEDGE, JAM)


def test_that_what_means_nothing_or_lacks_its_reason_is_refused(station: Station) -> None:
    bring(station, "C")
    desk = station.session.desk
    assert desk.refusal(Why.ACKNOWLEDGE, JAM)
    assert desk.refusal(Why.RESET, JAM)
    assert desk.refusal(Why.UNSHELVE, JAM)
    assert desk.refusal(Why.ACKNOWLEDGE, "Filler/Nothing")
    assert not desk.refusal(Why.SHELVE, JAM)
    with pytest.raises(UsageError, match="Say why"):
        station.do(20, Why.SHELVE, until=100, note=" ")
    with pytest.raises(UsageError, match="Say why"):
        station.do(20, Why.OUT_OF_SERVICE, note="")
    assert station.state() == "C"


def test_that_a_shelf_has_an_end_and_the_layout_bounds_it(station: Station) -> None:
    bring(station, "B")
    station.say(20, Web=True, Fixed=True)
    for until in (0.0, 10.0, 621.0):
        with pytest.raises(UsageError, match="at most"):
            station.do(20, Why.SHELVE, WEB, until=until)
    station.do(20, Why.SHELVE, WEB, until=620.0)
    assert station.state(WEB) == "G"
    assert "may not be shelved" in station.session.desk.refusal(Why.SHELVE, "Filler/Fixed")


def test_that_an_action_that_cannot_be_kept_does_not_count(station: Station, tmp_path: Path) -> None:
    bring(station, "B")
    (tmp_path / "alarm_actions.jsonl").unlink(missing_ok=True)
    (tmp_path / "alarm_actions.jsonl").mkdir()
    with pytest.raises(RecordingError, match="could not be kept"):
        station.do(20, Why.ACKNOWLEDGE)
    assert station.state() == "B"


def test_that_what_was_not_known_yet_was_not_done_yet_either(station: Station) -> None:
    bring(station, "C")
    station.say(30, Jam=False)
    station.session.as_known_at(at(10.5))
    assert [now.state.letter for now in station.session.alarms(at(10.5)).listed] == ["B"]
    station.session.as_known_at(at(11))
    assert [now.state.letter for now in station.session.alarms(at(11)).listed] == ["C"]


def test_that_a_damaged_line_of_the_record_is_said_and_costs_only_itself(station: Station, tmp_path: Path) -> None:
    bring(station, "C")
    path = tmp_path / "alarm_actions.jsonl"
    path.write_bytes(path.read_bytes() + b'{"what":"alarm action"}\n')
    station.restart()
    assert station.state() == "C"
    assert any("alarm_actions.jsonl" in notice for notice in station.frame().notices)
