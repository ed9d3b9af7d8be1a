"""Stops with reasons: found as the machine tells, explained by people, split, joined, taken back; nothing that was recorded changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.session.plant import SECOND_NS, at
from tests.session.test_entries import Line
from twin_app.errors import UsageError
from twin_app.model.entry import EntryKind
from twin_app.model.packml import State
from twin_app.model.reason import ORDINARY, Reason, Stop, path_of, proposed, reason_words

WHY = EntryKind.REASON


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    """The filler aborts from 210 to 240 s, executes, and is held from 300 s on, until 340 s at least."""
    made = Line(tmp_path / "entries.jsonl")
    for second, state in ((200, "Execute"), (210, "Aborted"), (240, "Execute"), (300, "Held"), (340, "Held")):
        made.source.say(second, "Filler", State=state)
    made.now(340)
    yield made
    made.session.close()


def stops(line: Line) -> list[Stop]:
    return [stop for stop in line.session.stops(at(200), at(340)) if stop.unit == "Filler"]


def spans(line: Line) -> list[tuple[float, float, str]]:
    return [((s.start_ns - at(0)) / SECOND_NS, (s.end_ns - at(0)) / SECOND_NS, s.reason) for s in stops(line)]


def test_that_stops_are_found_and_nobody_explained_them_yet(line: Line) -> None:
    assert spans(line) == [(210, 240, ""), (300, 340, "")]
    assert [stop.state for stop in stops(line)] == [State.ABORTED, State.HELD]


def test_that_a_reason_is_said_taken_back_and_changes_no_figure(line: Line) -> None:
    before = line.session.figures(at(200), at(340)).units["Filler"].ledger
    said = line.session.entries.enter(WHY, at(210), end_ns=at(240), unit="Filler", reason="jam", note="cap in the chute", who="p7")
    assert spans(line) == [(210, 240, "jam"), (300, 340, "")]
    assert (stops(line)[0].note, stops(line)[0].who, stops(line)[0].part) == ("cap in the chute", "p7", False)
    assert line.session.reason("Filler", at(210), at(240)) == "Machine / Jam"
    assert line.session.figures(at(200), at(340)).units["Filler"].ledger == before
    assert line.now(340).entries == (), "it is no order and no exception of the calendar"
    line.session.entries.undo(said, who="p8")
    assert spans(line) == [(210, 240, ""), (300, 340, "")]
    assert [entry.who for entry in line.session.entries.history(said)] == ["p7", "p8"]


def test_that_the_sentence_says_why_in_the_words_of_the_machine_until_a_person_knows_better(line: Line) -> None:
    def why(second: float) -> str:
        return next((cause.reason for cause in line.session.story(at(second)).causes if cause.unit == "Filler"), "")

    assert why(235) == ""
    line.source.say(341, "Filler", State="Execute")
    line.source.say(342, "Filler", State="Held", StopReason="Cap chute empty")
    line.source.say(350, "Filler", State="Held")
    line.now(350)
    assert (why(341.9), why(345)) == ("", "Cap chute empty")
    said = line.session.entries.enter(WHY, at(342), unit="Filler", reason="material")
    assert why(345) == "Cap chute empty", "the person agrees, and the machine says it closer"
    line.session.entries.undo(said)
    line.session.entries.enter(WHY, at(342), unit="Filler", reason="jam", note="a cap across")
    assert why(345) == "Jam"


def test_that_a_stop_is_split_by_saying_something_of_a_part_of_it(line: Line) -> None:
    line.session.entries.enter(WHY, at(210), end_ns=at(240), unit="Filler", reason="jam")
    line.session.entries.enter(WHY, at(225), end_ns=at(240), unit="Filler", reason="people")
    assert spans(line) == [(210, 225, "jam"), (225, 240, "people"), (300, 340, "")]
    assert [stop.part for stop in stops(line)] == [True, True, False]


def test_that_one_reason_joins_several_stops(line: Line) -> None:
    line.session.entries.enter(WHY, at(210), end_ns=at(340), unit="Filler", reason="material")
    assert spans(line) == [(210, 240, "material"), (300, 340, "material")]
    assert len({stop.entry for stop in stops(line)}) == 1


def test_that_the_reason_of_a_stop_that_goes_on_holds_until_it_ends(line: Line) -> None:
    line.session.entries.enter(WHY, at(300), unit="Filler", reason="drive")
    line.source.say(390, "Filler", State="Execute")
    line.source.say(400, "Filler", State="Aborted")
    line.source.say(450, "Filler", State="Aborted")
    line.now(450)
    found = [s for s in line.session.stops(at(200), at(450)) if s.unit == "Filler"]
    assert [((s.start_ns - at(0)) // SECOND_NS, (s.end_ns - at(0)) // SECOND_NS, s.reason) for s in found] == [
        (210, 240, ""), (300, 390, "drive"), (400, 450, ""),
    ]  # fmt: skip


def test_that_reasons_are_there_in_the_replay(line: Line) -> None:
    line.session.entries.enter(WHY, at(210), end_ns=at(240), unit="Filler", reason="jam")
    again = line.recorded()
    again.advance(0)
    assert [stop.reason for stop in again.stops(at(200), at(340)) if stop.unit == "Filler"] == ["jam", ""]
    again.close()


@pytest.mark.parametrize(("unit", "reason"), [("Filler", "gremlins"), ("", "jam"), ("Nobody", "jam"), ("Filler", "")])
def test_that_a_reason_there_is_not_is_refused(line: Line, unit: str, reason: str) -> None:
    with pytest.raises(UsageError):
        line.session.entries.enter(WHY, at(210), end_ns=at(240), unit=unit, reason=reason)
    assert [reason for *_, reason in spans(line)] == ["", ""]


def test_that_what_the_machine_says_proposes_a_reason() -> None:
    assert proposed(ORDINARY, "Product jam") == "jam"
    assert proposed(ORDINARY, "Safety door open") == "safety"
    assert proposed(ORDINARY, "") == ""
    own = (Reason(id="x", title="Cap chute", matches=("*CHUTE*",)), Reason(id="y", title="Any", matches=("*",)))
    assert [proposed(own, words) for words in ("the chute is full", "else", "")] == ["x", "y", ""]
    assert reason_words(ORDINARY, "jam") == "Machine / Jam"
    loop = (Reason(id="a", title="A", below="b"), Reason(id="b", title="B", below="a"))
    assert {one.id for one in path_of(loop, "a")} == {"a", "b"}
    assert replace(own[0], below="nowhere").below == "nowhere"
