"""The story told of a simulated shift, held against the simulator's truth record."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from twin_app.analyse.wording import others, sentence, told
from twin_app.model.buffer import BufferNow
from twin_app.model.packml import State
from twin_app.model.story import Cause, CauseKind, Effect, Story
from twin_app.service.opening import open_line, read_through
from twin_app.session import Session

ROOT = Path(__file__).resolve().parents[2]
SHIFT = ROOT / "sample_streams" / "eventful_shift"
SECOND_NS = 10**9
OWN = {"failure", "micro_stop", "malfunction"}
"""Causes of a stop that are the machine's own."""


@pytest.fixture(scope="module")
def shift() -> Iterator[Session]:
    session = open_line(ROOT / "models3d" / "lines" / "bottling.toml", [f"{SHIFT}.jsonl.gz"], record=False)
    read_through(session, None)
    yield session
    session.close()


@pytest.fixture(scope="module")
def truth() -> list[dict[str, Any]]:
    with gzip.open(f"{SHIFT}.truth.jsonl.gz", "rt", encoding="utf-8") as rows:
        return [json.loads(row) for row in rows]


def test_that_a_line_in_its_break_stands_as_planned_and_ails_nothing(shift: Session) -> None:
    """Lunch is from 10:00 to 10:30 of the plant (UTC+8), and the shift begins at 06:00."""
    span = shift.span()
    assert span is not None
    for second, planned in ((4 * 3600 - 60, False), (4 * 3600 + 460, True), (4 * 3600 + 1700, True), (4 * 3600 + 1860, False)):
        story = shift.story(span.start_ns + second * SECOND_NS)
        assert (story.planned, story.pause.name if story.pause else "") == (planned, "Lunch" if planned else "")
        assert not (story.planned and story.causes)


def stops(truth: list[dict[str, Any]]) -> list[tuple[int, int, str]]:
    """Return from when to when which machine stood by itself, UTC ns."""
    start_ns, found, since = truth[0]["start_ns"], [], dict[str, tuple[int, str]]()
    for row in truth:
        unit = row.get("unit")
        if row.get("event") != "state" or not unit:
            continue
        if row["state"] in {"Aborting", "Holding", "Stopping"}:
            since.setdefault(unit, (row["t_ns"], row["cause"]))
        elif row["state"] == "Execute" and unit in since:
            began_ns, cause = since.pop(unit)
            found += [(start_ns + began_ns, start_ns + row["t_ns"], unit)] if cause in OWN else []
    return found


def test_that_who_stops_is_named_within_two_seconds(shift: Session, truth: list[dict[str, Any]]) -> None:
    asked = [(began, unit) for began, ended, unit in stops(truth) if ended - began >= 3 * SECOND_NS]
    named = [unit in {cause.unit for cause in shift.story(began + 2 * SECOND_NS).causes} for began, unit in asked]
    assert len(named) > 150
    assert sum(named) == len(named)


def test_that_the_one_machine_that_stands_is_the_first_cause_in_nineteen_of_twenty_stops(
    shift: Session, truth: list[dict[str, Any]]
) -> None:
    told = stops(truth)
    right = []
    for began, ended, unit in told:
        middle = (began + ended) // 2
        if ended - began >= 3 * SECOND_NS and sum(b <= middle < e for b, e, _ in told) == 1:
            causes = shift.story(middle).causes
            right.append(bool(causes) and causes[0].unit == unit)
    assert len(right) > 120
    assert sum(right) >= 0.95 * len(right)


def test_that_the_drifting_labeller_and_then_the_palletiser_are_who_the_slow_line_waits_for(
    shift: Session, truth: list[dict[str, Any]]
) -> None:
    # labeller A gets slower from 7,200 s on for 5,400 s, the palletiser from 20,100 s on for 3,000 s
    def slow_within(begin_s: int, end_s: int) -> list[str]:
        stories = [shift.story(truth[0]["start_ns"] + second * SECOND_NS) for second in range(begin_s, end_s, 60)]
        return [cause.unit for story in stories for cause in story.causes if cause.kind is CauseKind.SLOW]

    assert set(slow_within(9_000, 12_600)) == {"LabellerA"}
    assert set(slow_within(22_900, 23_700)) == {"Palletiser"}
    assert slow_within(1_200, 7_200) == []


def test_that_a_stop_of_the_constraint_costs_what_it_would_have_made_meanwhile(shift: Session, truth: list[dict[str, Any]]) -> None:
    # the filler (a bottle in 0.5 s at best) stops at 24,640 s for 200 s
    at_ns = truth[0]["start_ns"] + 24_740 * SECOND_NS
    story = shift.story(at_ns)
    assert (story.causes[0].unit, story.causes[0].kind, story.effect) == ("Filler", CauseKind.FAILED, Effect.SLOWED)
    since_s = (at_ns - story.causes[0].since_ns) / SECOND_NS
    assert since_s == pytest.approx(100, abs=0.1)
    assert story.lost == pytest.approx(2 * since_s, abs=2)
    said = sentence(shift.line, story)
    assert said.startswith(
        "Line slowed since 12:50:40: Filler aborted (Emergency stop), Capper, Fill inspector starved, Depalletiser, Rinser blocked, ~"
    )


def test_that_a_line_of_which_nothing_ails_says_nothing(flow_line: Any) -> None:
    assert sentence(flow_line({"A": ()}, "A"), Story(at_ns=0)) == ""


def test_that_many_who_wait_are_named_by_the_first_and_the_last(flow_line: Any) -> None:
    line = flow_line(dict.fromkeys("ABCDE", ()), "A")
    first = Cause(unit="A", kind=CauseKind.STOPPED, since_ns=3661 * SECOND_NS, state=State.HELD, starved=("B", "C", "D", "E"), reason="jam")
    second = Cause(unit="B", kind=CauseKind.SILENT, since_ns=0)
    story = Story(at_ns=0, causes=(first, second), effect=Effect.BUFFERED)
    words = told(line, story)
    assert words.head == "A machine held (jam) since 01:01:01"
    assert words.rest == "B machine – E machine (4) starved, the line runs on out of its buffers"
    assert others(line, story) == ["no data from B machine since 00:00:00"]


def test_that_where_room_is_short_who_waits_next_outlives_that_buffers_hide_it(flow_line: Any) -> None:
    line = flow_line(dict.fromkeys("ABC", ()), "C")
    cause = Cause(unit="A", kind=CauseKind.FAILED, since_ns=0, state=State.ABORTED)
    buffer = BufferNow(unit="A", to="B", capacity=60.0, level=30.0, empty_in_s=72.0)
    words = told(line, Story(at_ns=SECOND_NS, causes=(cause,), effect=Effect.BUFFERED), buffers=[buffer])
    assert words.rest == "B machine starves in 1 min 12 s, the line runs on out of its buffers"
    assert words.shorter == ("B machine starves in 1 min 12 s", "the line runs on out of its buffers")
