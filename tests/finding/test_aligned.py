"""Another shift told at this one's times: moved by what lies between them, cut to its own stretch, and unknown beyond it."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import pytest

from tests.finding.shifts import HOUR_NS, LINE, MINUTE_NS, local, record, running
from twin_app.finding.aligned import Aligned
from twin_app.finding.reading import reading
from twin_app.model.packml import State

if TYPE_CHECKING:
    from collections.abc import Iterator

START = local("2026-03-02T06:00")
DAY_NS = 24 * HOUR_NS


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aligned]:
    """Tuesday's first two hours, standing at Monday's: the filler stops in the second hour for ten minutes, and is 40 degrees from there on."""
    begin = START + DAY_NS
    stop = begin + HOUR_NS
    said = [*running(begin, stop), (stop, "Filler", {"State": "Aborted", "Temp": 40}), (begin, "Filler", {"Temp": 20})]
    said += running(stop + 10 * MINUTE_NS, begin + 4 * HOUR_NS, made=3600)
    folder = record(tmp_path_factory.mktemp("tuesday"), LINE, said)
    with reading(LINE, folder) as known:
        yield Aligned(known, "Tuesday", begin, begin + 2 * HOUR_NS, DAY_NS)


def test_that_it_stands_where_it_was_put(other: Aligned) -> None:
    assert (other.span.start_ns, other.span.end_ns) == (START, START + 2 * HOUR_NS)
    assert other.at(0).span.start_ns == START + DAY_NS


def test_that_its_states_are_told_at_this_ones_times_and_not_beyond_its_own_stretch(other: Aligned) -> None:
    found = other.timeline("Filler", START - HOUR_NS, START + 9 * HOUR_NS)
    assert found.start_ns.tolist() == [START, START + HOUR_NS, START + 70 * MINUTE_NS]
    assert found.state.tolist() == [State.EXECUTE, State.ABORTED, State.EXECUTE]
    assert found.end_ns == START + 2 * HOUR_NS
    now = other.unit_now("Filler", START + 65 * MINUTE_NS)
    assert now is not None
    assert (now.state, now.since_ns) == (State.ABORTED, START + HOUR_NS)
    assert other.unit_now("Filler", START + 2 * HOUR_NS + 1) is None


def test_that_a_value_is_unknown_behind_its_own_stretch(other: Aligned) -> None:
    signal = other.known.signals.find("Filler", "Temp")
    assert signal is not None
    found = other.range(signal, START, START + 4 * HOUR_NS, 0)
    assert found.times_ns.tolist() == [START, START + HOUR_NS, START + 2 * HOUR_NS + 1]
    assert found.value.tolist()[:2] == [20.0, 40.0]
    assert isnan(found.value[2])
    within = other.range(signal, START, START + HOUR_NS, 0)
    assert within.times_ns.tolist() == [START, START + HOUR_NS]


def test_that_figures_count_from_its_own_start_up_to_where_the_playhead_stands(other: Aligned) -> None:
    trend = other.trend("Filler", START, START + HOUR_NS, 2)
    assert list(trend.times_ns) == [START + 30 * MINUTE_NS, START + HOUR_NS]
    assert other.window().figures.end_ns == START + DAY_NS + 2 * HOUR_NS
    half = other.window(START + 65 * MINUTE_NS)
    assert half.figures.units["Filler"].kpi.production_s == 3600.0
    assert half.details["Filler"].losses_s["equipment_failure"] == 300.0  # type: ignore[index] # its word
    assert other.window(START - HOUR_NS).figures.end_ns == other.start_ns


def test_that_its_longest_stops_are_told_on_its_own_clock(other: Aligned) -> None:
    (stop,) = other.longest_stops()
    assert (stop.unit, stop.start_ns, stop.end_ns) == ("Filler", START + DAY_NS + HOUR_NS, START + DAY_NS + 70 * MINUTE_NS)
