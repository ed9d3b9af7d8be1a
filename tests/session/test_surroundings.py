"""What stands beside the states: the overview of a recording, when alarms came, why a unit stood, and what the calendar plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.session.plant import LINE, SECOND_NS, Bench, at
from twin_app.model.alarm_rule import AlarmRule
from twin_app.model.equipment import Break, Shift
from twin_app.model.event import Event, EventKind
from twin_app.model.packml import State
from twin_app.model.plan import BreakSpan, ShiftSpan

ALARMED = replace(
    LINE, alarms=(AlarmRule(signal="Jam", priority=2, text="Jam at the infeed"), AlarmRule(signal="Hot", priority=1, text="Too hot"))
)
PLANNED = replace(
    LINE, shifts=(Shift(name="Early", start=time(6), end=time(14), days=(0, 1, 2, 3, 4), breaks=(Break(name="Lunch", start=time(12), end=time(12, 30)),)),)
)  # fmt: skip


@pytest.fixture
def stop() -> Bench:
    """The filler runs from 0 to 60 s, jams at 58 s and is aborted from 60 to 90 s; the capper is starved in the second half of it."""
    bench = Bench(ALARMED, live=False)
    for second, unit, said in (
        (0, "Filler", {"State": "Execute", "Jam": False, "Hot": False}), (0, "Capper", {"State": "Execute"}), (58, "Filler", {"Jam": True}),
        (60, "Filler", {"State": "Aborted", "StopReason": "Infeed"}), (75, "Capper", {"State": "Suspended", "Starved": True}),
        (90, "Filler", {"State": "Execute", "Jam": False, "StopReason": "None"}), (95, "Filler", {"Hot": True}), (100, "Capper", {"State": "Execute"}),
    ):  # fmt: skip
        bench.source.say(second, unit, **said)
    bench.frame()
    return bench


def test_that_the_overview_gives_each_column_the_share_of_time_the_units_spent(stop: Bench) -> None:
    found = stop.session.overview(at(0), at(100), 4)  # columns of 25 s
    shares = {state: found.shares[:, state + 1].tolist() for state in (State.EXECUTE, State.ABORTED, State.SUSPENDED)}
    assert shares[State.EXECUTE] == pytest.approx([1.0, 1.0, 35 / 50, 10 / 50], abs=1e-6)
    assert shares[State.ABORTED] == pytest.approx([0.0, 0.0, 15 / 50, 15 / 50], abs=1e-6)
    assert shares[State.SUSPENDED] == pytest.approx([0.0, 0.0, 0.0, 25 / 50], abs=1e-6)
    filler = found.constraint[:, State.ABORTED + 1].tolist()
    assert filler == pytest.approx([0.0, 0.0, 15 / 25, 15 / 25], abs=1e-6)
    assert found.alarms.tolist() == [0, 0, 1, 1]  # the abort is one of its own, graver than the jam


@given(cuts=st.lists(st.integers(0, 10_000), max_size=25), pixels=st.integers(1, 60))
@settings(max_examples=25)
def test_that_the_columns_of_an_overview_add_up_to_the_time_that_is_known(cuts: list[int], pixels: int) -> None:
    bench = Bench(live=False)
    for number, second in enumerate(sorted(cuts)):
        bench.source.say(second / 100, "Filler", State=("Execute", "Held", "Idle", "Aborted")[number % 4])
    bench.source.say(101, "Filler", State="Idle")
    bench.frame()
    found = bench.session.overview(at(0), at(101), pixels)
    begin = min([*(second / 100 for second in cuts), 101.0])
    spent_s = float(found.constraint.sum()) * 101 / pixels
    assert spent_s == pytest.approx(101.0 if begin == 0 else spent_s, rel=1e-4)
    assert np.all(found.shares <= 1 + 1e-5)
    assert float(found.constraint.sum(axis=1).max()) <= 1 + 1e-5


def test_that_alarms_that_came_are_ticks_and_can_be_stepped_to(stop: Bench) -> None:
    ticks = stop.session.alarm_ticks(at(0), at(120))
    assert ((ticks.times_ns - at(0)) // SECOND_NS).tolist() == [58, 60, 95]
    assert ticks.priority.tolist() == [2, 1, 1]
    assert set(ticks.units) == {"Filler"}
    alarms = {EventKind.ALARM}
    assert stop.session.step(alarms, None, at(0), 1) == Event(at(58), EventKind.ALARM, "Filler")
    assert stop.session.step(alarms, "Filler", at(60), 1) == Event(at(95), EventKind.ALARM, "Filler")
    assert stop.session.step(alarms, None, at(95), -1) == Event(at(60), EventKind.ALARM, "Filler")
    assert stop.session.step(alarms, "Capper", at(0), 1) is None
    assert stop.session.step(alarms, None, at(58), -1) is None


def test_that_an_alarm_hours_away_is_found_too() -> None:
    bench = Bench(ALARMED, live=False)
    for second, jam in ((0, False), (50_000, True), (90_000, False)):
        bench.source.say(second, "Filler", State="Execute", Jam=jam)
    bench.frame()
    found = bench.session.step({EventKind.ALARM}, None, at(1), 1)
    assert found == Event(at(50_000), EventKind.ALARM, "Filler")
    assert bench.session.step({EventKind.ALARM}, None, at(90_000), -1) == found


@pytest.mark.parametrize(
    ("unit", "start", "end", "why"),
    [
        ("Filler", 60, 90, "Jam at the infeed · Infeed"),  # the alarm came two seconds before the state did
        ("Filler", 90, 100, "Too hot"), ("Capper", 75, 100, ""), ("Filler", 0, 50, ""),
    ],
)  # fmt: skip
def test_that_a_unit_says_why_it_was_in_a_state(stop: Bench, unit: str, start: float, end: float, why: str) -> None:
    assert stop.session.reason(unit, at(start), at(end)) == why


def test_that_the_calendar_gives_shifts_and_breaks_past_and_to_come() -> None:
    bench = Bench(PLANNED, live=False)
    hour = 3600  # `at(0)` is Monday noon
    assert bench.session.shifts(at(0), at(30 * hour)) == (
        ShiftSpan("Early", at(-6 * hour), at(2 * hour), (BreakSpan("Lunch", at(0), at(hour / 2)),)),
        ShiftSpan("Early", at(18 * hour), at(26 * hour), (BreakSpan("Lunch", at(24 * hour), at(24.5 * hour)),)),
    )
    assert Bench(live=False).session.shifts(at(0), at(hour)) == ()
