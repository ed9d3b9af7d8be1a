"""What holds of every run: times add up, parts are kept, streams are apart, and a run can be taken up anywhere."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from twin_app.model.packml import State
from twin_app.simulate import LINE, Cause, Fault, FaultKind, Kind, LawKind, Scenario, Simulation, UnitSpec, digest

if TYPE_CHECKING:
    from tests.simulate.conftest import Row
    from twin_app.model.equipment import Line

SECOND = 1_000_000_000
HOUR = 3600 * SECOND

LEGAL = {
    State.IDLE: {State.STARTING}, State.STARTING: {State.EXECUTE}, State.COMPLETING: {State.COMPLETE}, State.COMPLETE: {State.RESETTING},
    State.EXECUTE: {State.COMPLETING, State.HOLDING, State.SUSPENDING}, State.RESETTING: {State.IDLE}, State.HOLDING: {State.HELD},
    State.HELD: {State.UNHOLDING}, State.UNHOLDING: {State.EXECUTE}, State.SUSPENDING: {State.SUSPENDED},
    State.SUSPENDED: {State.UNSUSPENDING}, State.UNSUSPENDING: {State.EXECUTE}, State.STOPPING: {State.STOPPED},
    State.STOPPED: {State.RESETTING}, State.ABORTING: {State.ABORTED}, State.ABORTED: {State.CLEARING}, State.CLEARING: {State.STOPPED},
}  # fmt: skip
"""DOMAIN section 2, but for Stop and Abort, which are below."""
NOT_STOPPED_FROM = {State.STOPPING, State.STOPPED, State.ABORTING, State.ABORTED, State.CLEARING}
NOT_ABORTED_FROM = {State.ABORTING, State.ABORTED}


def is_legal(before: State, after: State) -> bool:
    stop = after is State.STOPPING and before not in NOT_STOPPED_FROM
    abort = after is State.ABORTING and before not in NOT_ABORTED_FROM
    return stop or abort or after in LEGAL[before]


@pytest.mark.parametrize("seed", range(6))
def test_that_every_change_of_state_is_one_packml_allows(busy_line: Line, busy: Scenario, seed: int) -> None:
    run = Simulation(busy_line, busy, seed=seed)
    changes: Counter[tuple[State, State]] = Counter()
    current: dict[int, State] = {}
    for _, unit, kind, value, _ in run.run_until(2 * HOUR):
        if kind == Kind.STATE:
            if unit in current:
                changes[current[unit], State(int(value))] += 1
            current[unit] = State(int(value))
    assert [f"{a.title} > {b.title}" for a, b in changes if not is_legal(a, b)] == []
    assert {State.ABORTED, State.HELD, State.SUSPENDED, State.IDLE} <= {b for _, b in changes}


def test_that_acting_states_last_as_long_as_the_scenario_says(busy_line: Line, busy: Scenario) -> None:
    run = Simulation(busy_line, busy, seed=3)
    since: dict[int, tuple[int, int]] = {}
    lasted: dict[str, set[int]] = {}
    for t, unit, kind, value, _ in run.run_until(HOUR):
        if kind == Kind.STATE:
            if unit in since:
                lasted.setdefault(State(since[unit][1]).title, set()).add(t - since[unit][0])
            since[unit] = (t, int(value))
    assert lasted["Unholding"] == {SECOND // 2}
    assert lasted["Starting"] == {2 * SECOND}
    assert lasted["Unsuspending"] == {SECOND // 2}


def test_that_the_times_of_each_unit_add_up_to_the_time_run(busy_line: Line, busy: Scenario) -> None:
    run = Simulation(busy_line, busy, seed=2)
    for t in (1, 12_345_678_901, HOUR // 3, 2 * HOUR):
        run.run_until(t)
        assert {sum(spent.values()) for spent in run.spent_ns().values()} == {t}


def test_that_littles_law_holds_on_the_path(busy_line: Line, busy: Scenario) -> None:
    # From the events alone: the mean number of parts times the span is the sum of the times that parts were there.
    run = Simulation(busy_line, busy, seed=4)
    events = run.run_until(2 * HOUR)
    born, lived = {}, 0
    inside, level_ns, before = 0, 0, 0
    for t, _, kind, serial, _ in events:
        if kind in (Kind.ENTER, Kind.LEAVE):
            level_ns += inside * (t - before)
            before = t
            inside += 1 if kind == Kind.ENTER else -1
        if kind == Kind.ENTER:
            born[serial] = t
        elif kind == Kind.LEAVE:
            lived += t - born.pop(serial)
    level_ns += inside * (2 * HOUR - before)
    lived += sum(2 * HOUR - t for t in born.values())
    assert level_ns == lived
    assert run.inside() == inside == len(born)
    assert run.mean_inside() == pytest.approx(level_ns / (2 * HOUR), rel=1e-9)


def test_that_no_part_is_lost_and_none_is_in_two_places(busy_line: Line, busy: Scenario) -> None:
    run = Simulation(busy_line, busy, seed=9)
    inside = set()
    for t in range(600, 7201, 600):
        for _, _, kind, serial, _ in run.run_until(t * SECOND):
            if kind == Kind.ENTER:
                assert serial not in inside
                inside.add(serial)
            elif kind == Kind.LEAVE:
                inside.remove(serial)
        state = json.loads(run.snapshot())
        held = [part[0] for machine in state["machines"] for part in (*machine[-5], *machine[-4])]
        queued = [part[0] for buffer in state["buffers"] for part in buffer[0]]
        assert sorted(held + queued) == sorted(inside)


def test_that_the_same_seed_gives_the_same_events_and_another_seed_others(busy_line: Line, busy: Scenario) -> None:
    one, same, other = (digest(Simulation(busy_line, busy, seed=seed).run_until(HOUR)) for seed in (7, 7, 8))
    assert one == same != other


def test_that_events_are_in_the_order_of_time_and_none_is_lost_between_two_calls(busy_line: Line, busy: Scenario) -> None:
    whole = Simulation(busy_line, busy, seed=7).run_until(HOUR)
    assert all(a[0] <= b[0] for a, b in pairwise(whole))
    run = Simulation(busy_line, busy, seed=7)
    pieces = [event for t in range(0, 3601, 17) for event in run.run_until(t * SECOND)]
    pieces += run.run_until(HOUR)
    assert digest(pieces) == digest(whole)


@pytest.mark.parametrize("at_s", [0, 59, 601, 1203, 1500, 2503, 3599])
def test_that_a_run_taken_up_from_a_snapshot_goes_on_as_if_nothing_had_been(busy_line: Line, busy: Scenario, at_s: int) -> None:
    run = Simulation(busy_line, busy, seed=5)
    run.run_until(at_s * SECOND)
    snapshot = run.snapshot()
    rest = digest(run.run_until(4500 * SECOND))
    fresh = Simulation(busy_line, busy, seed=5)
    fresh.run_until(100 * SECOND)
    for taker in (fresh, run):  # into a new run, and back-track in the same one
        taker.restore(snapshot)
        assert taker.now_ns == at_s * SECOND
        assert taker.snapshot() == snapshot
        assert digest(taker.run_until(4500 * SECOND)) == rest


def test_that_a_malfunction_triggered_by_hand_is_part_of_the_snapshot(busy_line: Line, busy: Scenario) -> None:
    run = Simulation(busy_line, busy, seed=5)
    run.run_until(300 * SECOND)
    run.trigger(Fault(kind=FaultKind.STOP, unit="Check", lasts_s=60))
    snapshot = run.snapshot()
    rest = digest(run.run_until(1000 * SECOND))
    fresh = Simulation(busy_line, busy, seed=5)
    fresh.restore(snapshot)
    assert fresh.active == (3,)
    assert digest(fresh.run_until(1000 * SECOND)) == rest


def test_that_a_snapshot_and_going_back_take_less_than_a_millisecond_each(in_a_row: Row) -> None:
    line = in_a_row([10.0] * 12, [5] * 11)
    spec = UnitSpec(cycle_kind=LawKind.LOGNORMAL, mttf_s=900.0, mttr_s=60.0, micro_stop_every_s=200.0, scrap=0.01, sample_s=10.0)
    run = Simulation(line, Scenario(units={u.id: spec for u in line.units}))
    run.run_until(HOUR)
    took = []
    for _ in range(30):
        start = time.perf_counter()
        snapshot = run.snapshot()
        middle = time.perf_counter()
        run.restore(snapshot)
        took.append((middle - start, time.perf_counter() - middle))
    assert min(save for save, _ in took) < 1e-3
    assert min(back for _, back in took) < 1e-3


def test_that_stepping_goes_from_one_instant_at_which_something_happens_to_the_next(in_a_row: Row) -> None:
    run = Simulation(in_a_row([2, 3], [1]))
    run.run_until(0)
    instants = []
    while run.now_ns < 11 * SECOND:
        assert run.step()
        instants.append(run.now_ns // SECOND)
    assert instants == [2, 4, 5, 6, 8, 10, 11]


def test_that_one_machines_trouble_leaves_the_draws_of_the_others_alone(in_a_row: Row) -> None:
    # M2 breaks down in one run and not in the other: the n-th cycle of M1 and of M3 lasts as long in both.
    line = in_a_row([1.0, 1.0, 1.0], [100_000, 100_000])
    calm = {unit: UnitSpec(cycle_kind=LawKind.EXPONENTIAL) for unit in ("M1", "M2", "M3")}
    rough = {**calm, "M2": replace(calm["M2"], mttf_s=20.0, mttr_s=5.0, micro_stop_every_s=7.0, scrap=0.1)}
    ends = []
    for units in (calm, rough):
        events = Simulation(line, Scenario(units=units), seed=3).run_until(500 * SECOND)
        ends.append([t for t, unit, kind, _, _ in events if (unit, kind) == (0, Kind.PART)])
    assert ends[0] == ends[1]


def test_that_a_renamed_neighbour_changes_nothing_for_a_machine_of_the_same_name(in_a_row: Row) -> None:
    line = in_a_row([1.0, 1.0], [5])
    other = replace(line, units=(line.units[0], replace(line.units[1], id="Z")))
    other = replace(other, units=(replace(other.units[0], feeds=(replace(other.units[0].feeds[0], to="Z"),)), other.units[1]))
    first = []
    for which in (line, other):
        run = Simulation(which, Scenario(units={"M1": UnitSpec(cycle_kind=LawKind.EXPONENTIAL)}), seed=3)
        first.append(next(t for t, unit, kind, _, _ in run.run_until(100 * SECOND) if (unit, kind) == (0, Kind.PART)))
    assert first[0] == first[1]


def test_that_a_run_begins_by_saying_where_everybody_stands(in_a_row: Row) -> None:
    events = Simulation(in_a_row([2, 3], [1])).run_until(0)
    assert events[0] == (0, LINE, Kind.SHIFT, 1, Cause.START)
    assert [(u, v) for _, u, k, v, c in events if k == Kind.STATE and c == Cause.START] == [(0, State.EXECUTE), (1, State.EXECUTE)]
