"""The table of a stretch against a count by brute force: over holes, changes of the clocks, midnight, and both ends of what is known."""

from __future__ import annotations

import contextlib
import csv
import io
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from tests.finding.shifts import HOUR_NS, LINE, MINUTE_NS, SECOND_NS, local, record
from twin_app.clock import MILLISECOND_NS
from twin_app.finding.reading import reading
from twin_app.model.packml import State
from twin_app.text import clock_span
from ui.timeline.span_rows import cells, csv_text, span_rows, states_of, time_tips

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.finding.shifts import Said
    from twin_app.model.equipment import Line
    from twin_app.session.known import Known
    from ui.timeline.span_rows import SpanRow

WORDS = {"Execute": State.EXECUTE, "Aborted": State.ABORTED, "Stopped": State.STOPPED, "Held": State.HELD, "Idle": State.IDLE}
SPRING = "Europe/Berlin", "2026-03-28T22:00", "2026-03-29T06:00", 7
AUTUMN = "Europe/Berlin", "2026-10-24T22:00", "2026-10-25T06:00", 9
SHANGHAI = "Asia/Shanghai", "2026-11-23T22:00", "2026-11-24T06:00", 8


class Night(NamedTuple):
    """A night of the filler in two runs of the recorder, and what was said in it."""

    line: Line
    known: Known
    runs: tuple[list[Said], list[Said]]
    start_ns: int
    end_ns: int


def run(start_ns: int, end_ns: int, random: Random) -> list[Said]:
    """Return states at random milliseconds, and pieces, a few of them scrap, in between; the last word at the end."""
    times = sorted(random.sample(range(start_ns // MILLISECOND_NS, end_ns // MILLISECOND_NS), 150))
    said: list[Said] = []
    made = bad = 0
    for at_ms in (start_ns // MILLISECOND_NS, *times, end_ns // MILLISECOND_NS):
        made, bad = made + random.randrange(40), bad + random.randrange(3)
        state = {"State": random.choice(tuple(WORDS))} if random.random() < 0.7 or not said else {}
        said.append((at_ms * MILLISECOND_NS, "Filler", {**state, "Mode": "Production", "Processed": made, "Defective": bad}))
    return said


@pytest.fixture(scope="module", params=[SPRING, AUTUMN, SHANGHAI], ids=["clocks go on", "clocks go back", "Shanghai"])
def night(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    zone, first, last, hours = request.param
    line = replace(LINE, zone=zone, shifts=(), units=(replace(LINE.units[0], feeds=()), LINE.units[1]))
    start_ns, end_ns, random = local(first, zone), local(last, zone), Random(zone + first)
    assert end_ns - start_ns == hours * HOUR_NS
    hole = start_ns + 3 * HOUR_NS + 1_234 * MILLISECOND_NS
    runs = run(start_ns, hole, random), run(hole + 47 * MINUTE_NS, end_ns, random)
    folder: Path = tmp_path_factory.mktemp("night")
    for said in runs:
        record(folder, line, said)
    with contextlib.closing(contextlib.ExitStack()) as opened:
        yield Night(line, opened.enter_context(reading(line, folder)), runs, start_ns, end_ns)


def by_brute_force(night: Night, start_ns: int, end_ns: int) -> tuple[dict[State | None, int], int, int]:
    """Return ns by state, pieces and good ones, word by word: what was said holds to the next word of its run, a nanosecond behind its last."""
    times: dict[State | None, int] = {}
    made = good = 0
    for said in night.runs:
        changes = [(at_ns, WORDS[what["State"]]) for at_ns, _, what in said if "State" in what]
        last_ns = said[-1][0] + (1 if said is night.runs[0] else night.end_ns)
        for (at_ns, state), until_ns in zip(changes, [at_ns for at_ns, _ in changes[1:]] + [last_ns], strict=True):
            if lasted := max(min(until_ns, end_ns) - max(at_ns, start_ns), 0):
                times[state] = times.get(state, 0) + lasted
        for (_, _, before), (at_ns, _, what) in pairwise(said):
            if start_ns < at_ns <= end_ns:
                made += what["Processed"] - before["Processed"]
                good += what["Processed"] - before["Processed"] - what["Defective"] + before["Defective"]
    nobody = end_ns - start_ns - sum(times.values())
    return ({**times, None: nobody} if nobody else times), made, good


def spans(night: Night) -> Iterator[tuple[int, int]]:
    """Give stretches from before the first word to the last, at random milliseconds, and within the hole."""
    random, hole = Random(4), night.runs[0][-1][0]
    yield night.start_ns - HOUR_NS, night.end_ns
    yield night.start_ns, night.start_ns + 1
    yield hole - SECOND_NS, hole + 47 * MINUTE_NS + SECOND_NS
    yield hole + MINUTE_NS, hole + 2 * MINUTE_NS
    for _ in range(40):
        first, last = sorted(random.sample(range(night.start_ns // MILLISECOND_NS, night.end_ns // MILLISECOND_NS), 2))
        yield first * MILLISECOND_NS, last * MILLISECOND_NS


def filler(night: Night, start_ns: int, end_ns: int) -> SpanRow:
    return span_rows(night.line, night.known.figures(start_ns, end_ns))[0]


def test_that_states_output_and_oee_of_any_stretch_are_those_counted_word_by_word(night: Night) -> None:
    for start_ns, end_ns in spans(night):
        times, made, good = by_brute_force(night, start_ns, end_ns)
        row = filler(night, start_ns, end_ns)
        assert row.state_ns == times, (start_ns, end_ns)
        assert sum(row.state_ns.values()) == end_ns - start_ns
        if not end_ns > night.runs[0][0][0] or times.get(None) == end_ns - start_ns:
            continue
        known_s = (end_ns - start_ns - times.get(None, 0)) / SECOND_NS
        assert (row.kpi.produced, row.kpi.good) == (made, good), (start_ns, end_ns)
        assert row.kpi.oee_index == pytest.approx(0.5 * good / known_s)
        assert row.kpi.oee_low == pytest.approx(0.5 * good / ((end_ns - start_ns) / SECOND_NS))


def test_that_the_seconds_of_the_csv_add_up_to_the_stretch_to_the_nanosecond(night: Night) -> None:
    figures = night.known.figures(night.start_ns - 30 * 24 * HOUR_NS - 7, night.end_ns)
    rows = list(csv.reader(io.StringIO(csv_text(span_rows(night.line, figures), figures))))
    seconds = [cell for head, cell in zip(rows[1], rows[2], strict=True) if head.endswith("_s")]
    assert sum(map(Decimal, seconds)) * SECOND_NS == figures.end_ns - figures.start_ns


def test_that_time_nobody_knows_is_a_column_of_its_own_that_is_told_to_the_digit(night: Night) -> None:
    hole = night.runs[0][-1][0]
    row = filler(night, hole - SECOND_NS, hole + 47 * MINUTE_NS + SECOND_NS)
    states = states_of([row])
    assert states[-1] is None
    place = [state for state in states if state is not State.STARTING].index(None)
    assert cells(row, states)[1 + place] == "47 min 00 s"
    assert time_tips(row, states)[place] == "No data: 2819.999999999 s (99.9 %)"


@pytest.mark.parametrize(
    ("zone", "start", "hours", "told"),
    [
        ("Europe/Berlin", "2026-03-29T01:30", 1, "2026-03-29 01:30:00.0 UTC+1 – 03:30:00.0 UTC+2"),
        ("Europe/Berlin", "2026-10-25T02:30", 1, "2026-10-25 02:30:00.0 UTC+2 – 02:30:00.0 UTC+1"),
        ("Europe/Berlin", "2026-10-24T22:00", 9, "2026-10-24 22:00:00.0 UTC+2 – 2026-10-25 06:00:00.0 UTC+1"),
        ("Asia/Shanghai", "2026-11-23T22:00", 8, "2026-11-23 22:00:00.0 – 2026-11-24 06:00:00.0 UTC+8"),
        ("Asia/Shanghai", "2026-11-23T22:00", 1, "2026-11-23 22:00:00.0 – 23:00:00.0 UTC+8"),
    ],
)  # fmt: skip
def test_that_a_stretch_is_told_with_both_dates_and_offsets_where_they_differ(zone: str, start: str, hours: int, told: str) -> None:
    start_ns = local(start, zone)
    assert clock_span(start_ns, start_ns + hours * HOUR_NS, ZoneInfo(zone), digits=1) == told


def test_that_for_a_list_the_seconds_and_an_offset_that_nobody_doubts_are_left_away() -> None:
    zone, at_ns = ZoneInfo("Europe/Berlin"), local("2026-10-25T02:30")
    assert clock_span(at_ns, at_ns + MINUTE_NS, zone, minutes=True, short=True) == "2026-10-25 02:30 – 02:31"
    assert clock_span(at_ns, at_ns + HOUR_NS, zone, minutes=True, short=True) == "2026-10-25 02:30 UTC+2 – 02:30 UTC+1"
