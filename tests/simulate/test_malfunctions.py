"""What each malfunction does to the line or to what is told of it, and that its end undoes it."""

from __future__ import annotations

import itertools
import json
import statistics
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from twin_app.model.equipment import MapRule, SourceSpec
from twin_app.model.packml import State
from twin_app.simulate import Cause, Fault, FaultKind, Kind, Law, LawKind, Scenario, Sensor, Simulation, UnitSpec, When
from twin_app.simulate.emit import Emitter
from twin_app.simulate.post import Post
from twin_app.simulate.spec import DATA_FAULTS, SIZES
from twin_app.simulate.speech import Sent
from twin_app.simulate.telling import Report, Teller
from twin_app.simulate.truth import Truth

if TYPE_CHECKING:
    from tests.simulate.conftest import Row
    from twin_app.model.equipment import Line
    from twin_app.simulate import Event

SECOND = 1_000_000_000
HOUR = 3600 * SECOND


def parts(events: list[Event], u: int) -> list[float]:
    return [t / SECOND for t, unit, k, _, _ in events if (unit, k) == (u, Kind.PART)]


def states(events: list[Event], u: int) -> list[tuple[float, str, int]]:
    return [(t / SECOND, State(int(v)).title, c) for t, unit, k, v, c in events if (unit, k) == (u, Kind.STATE)]


def one(cycle_s: float, row: Row, spec: UnitSpec | None = None, *faults: Fault) -> Simulation:
    return Simulation(row([cycle_s], []), Scenario(units={"M1": spec or UnitSpec()}, faults=faults))


def test_that_every_malfunction_has_a_size_and_a_domain() -> None:
    assert set(SIZES) == set(FaultKind)
    assert len(DATA_FAULTS) == 11


def test_that_a_stop_waits_for_its_end_and_names_its_number_as_the_cause(in_a_row: Row) -> None:
    run = one(10.0, in_a_row, None, Fault(kind=FaultKind.STOP, unit="M1", at_s=13.0, lasts_s=20.0))
    events = run.run_until(60 * SECOND)
    assert parts(events, 0) == [10, 40, 50, 60]
    assert {c for t, _, c in states(events, 0) if t > 0} == {Cause.FAULT}
    assert run.spent_ns()["M1"]["down"] == 20 * SECOND


def test_that_a_stop_that_comes_while_the_machine_waits_outlasts_the_wait(in_a_row: Row) -> None:
    run = Simulation(in_a_row([10.0, 1.0], [5]), Scenario(faults=(Fault(kind=FaultKind.STOP, unit="M2", at_s=5.0, lasts_s=9.0),)))
    assert parts(run.run_until(30 * SECOND), 1) == [15, 21]


def test_that_a_machine_under_repair_stays_down_until_its_malfunction_is_cleared(in_a_row: Row) -> None:
    # Fails at 10, mended at 15; a stop from 12 to 30 keeps it down: the part of 10 s begun at 10 ends at 40.
    spec = UnitSpec(mttf_s=10.0, failure=Law(), mttr_s=5.0, repair=Law())
    run = one(10.0, in_a_row, spec, Fault(kind=FaultKind.STOP, unit="M1", at_s=12.0, lasts_s=18.0))
    events = run.run_until(40 * SECOND)
    assert parts(events, 0) == [10, 40]
    assert run.spent_ns()["M1"]["down"] == 20 * SECOND


def test_that_two_stops_at_once_hold_until_the_later_ends(in_a_row: Row) -> None:
    stops = (Fault(kind=FaultKind.STOP, unit="M1", at_s=1.0, lasts_s=5.0), Fault(kind=FaultKind.STOP, unit="M1", at_s=3.0, lasts_s=9.0))
    assert parts(one(4.0, in_a_row, None, *stops).run_until(20 * SECOND), 0) == [15, 19]


def test_that_a_hand_can_begin_and_end_a_malfunction(in_a_row: Row) -> None:
    run = one(10.0, in_a_row)
    run.run_until(15 * SECOND)
    number = run.trigger(Fault(kind=FaultKind.STOP, unit="M1"))
    assert run.active == (number,)
    assert parts(run.run_until(100 * SECOND), 0) == []
    run.clear(number)
    assert not run.active
    assert parts(run.run_until(120 * SECOND), 0) == [105, 115]


@pytest.mark.parametrize(
    ("fault", "begins_s"),
    [
        # M1 (1 s) feeds M2 (3 s) through two places: M2 ends at 4, 7, 10; parts wait from 2 on, three of them never.
        (Fault(kind=FaultKind.STOP, unit="M2", when=When.PARTS, reaches=3), [10]),
        (Fault(kind=FaultKind.STOP, unit="M2", when=When.LEVEL, reaches=1), [2]),
        (Fault(kind=FaultKind.STOP, unit="M2", when=When.LEVEL, reaches=3), []),
        # The places are full at 3, M1 ends another part at 4, when M2 takes one, and at 5, which stays.
        (Fault(kind=FaultKind.STOP, unit="M1", when=When.STATE, state="Suspended"), [5]),
    ],
    ids=["parts", "level", "never", "state"],
)
def test_that_a_malfunction_begins_when_its_condition_comes_true(in_a_row: Row, fault: Fault, begins_s: list[float]) -> None:
    events = Simulation(in_a_row([1.0, 3.0], [2]), Scenario(faults=(fault,))).run_until(60 * SECOND)
    assert [t / SECOND for t, _, k, _, _ in events if k == Kind.FAULT] == begins_s


def test_that_cycles_drift_by_their_share_an_hour_and_are_as_before_when_it_ends(in_a_row: Row) -> None:
    run = one(10.0, in_a_row, None, Fault(kind=FaultKind.CYCLE_DRIFT, unit="M1", at_s=0.0, lasts_s=7200.0, size=0.5))
    ends = parts(run.run_until(3 * HOUR), 0)
    lasted = {a: b - a for a, b in itertools.pairwise(ends)}
    at_an_hour = min(lasted, key=lambda t: abs(t - 3600))
    assert lasted[at_an_hour] == pytest.approx(10 * (1 + 0.5 * at_an_hour / 3600), abs=1e-6)
    assert lasted[max(lasted)] == pytest.approx(10.0)


def test_that_quality_drifts_to_its_share_in_an_hour(in_a_row: Row) -> None:
    run = one(1.0, in_a_row, None, Fault(kind=FaultKind.QUALITY_DRIFT, unit="M1", at_s=0.0, size=0.2))
    scrapped = [t for t, _, k, _, _ in run.run_until(HOUR) if k == Kind.SCRAP]
    assert abs(len(scrapped) - 360) < 4 * 18  # the mean share over the hour is 10 %
    assert sum(t < HOUR // 2 for t in scrapped) / len(scrapped) == pytest.approx(0.25, abs=4 * 0.023)


def test_that_short_stops_come_as_often_as_they_are_said_to_and_no_more_after(in_a_row: Row) -> None:
    fault = Fault(kind=FaultKind.SHORT_STOPS, unit="M1", at_s=0.0, lasts_s=3600.0, size=30.0)
    events = one(1.0, in_a_row, None, fault).run_until(2 * HOUR)
    held = [t for t, s, _ in states(events, 0) if s == "Held"]
    assert 60 < len(held) < 100  # 3600 / (30 + 15) = 80
    assert max(held) <= 3600


def test_that_a_jam_starves_behind_and_blocks_before(in_a_row: Row) -> None:
    fault = Fault(kind=FaultKind.BUFFER_JAM, unit="M2", at_s=10.5, lasts_s=100.0)
    run = Simulation(in_a_row([2.0, 2.0], [50]), Scenario(faults=(fault,)))
    run.run_until(110 * SECOND)
    assert run.made() == {"M1": 6, "M2": 5}
    assert [run.spent_ns()[unit][why] // SECOND for unit, why in (("M1", "blocked"), ("M2", "starved"))] == [98, 98 + 2]
    run.run_until(120 * SECOND)
    assert run.made()["M1"] > 9


def test_that_a_shortage_starves_the_first_machine(in_a_row: Row) -> None:
    fault = Fault(kind=FaultKind.SUPPLY_SHORTAGE, unit="M1", at_s=5.0, lasts_s=20.0)
    assert parts(one(2.0, in_a_row, None, fault).run_until(30 * SECOND), 0) == [2, 4, 6, 27, 29]


def test_that_energy_rises_by_its_share_and_falls_back(in_a_row: Row) -> None:
    spec = UnitSpec(running_kw=10.0, sample_s=60.0)
    run = one(1.0, in_a_row, spec, Fault(kind=FaultKind.ENERGY_RISE, unit="M1", at_s=1800.0, lasts_s=1800.0, size=0.4))
    power = {t // SECOND: v for t, _, k, v, _ in run.run_until(2 * HOUR) if k == Kind.POWER}
    assert (power[1800], power[1860], power[3600], power[3660]) == (10.0, 14.0, 14.0, 10.0)


def told(run: Simulation, seconds: float) -> list[Report]:
    return Teller(run).tell(run.run_until(round(seconds * SECOND)), round(seconds * SECOND))


def heat(reports: list[Report]) -> dict[int, float]:
    return {r.t_ns // SECOND: r.value for r in reports if r.kind == Kind.SAMPLE}


SENSING = UnitSpec(sensors=(Sensor(name="Heat", rest=20.0, running=80.0, settle_s=100.0),), sample_s=10.0)


def test_that_without_malfunctions_of_data_the_truth_is_told(busy_line: Line, busy: Scenario) -> None:
    run = Simulation(busy_line, busy, seed=4)
    events = run.run_until(HOUR)
    reports = Teller(run).tell(events, HOUR)
    told = [(r.t_ns, r.unit, r.kind, r.value, r.cause if r.kind != Kind.ALARM else 0) for r in reports]
    assert told == [event if event[2] != Kind.ALARM else (*event[:4], 0) for event in events if event[2] != Kind.FAULT]
    assert all(r.t_ns == r.told_ns for r in reports)


def test_that_malfunctions_of_data_leave_the_line_as_it_is(busy_line: Line, busy: Scenario) -> None:
    wrong = tuple(Fault(kind=kind, unit="Check", at_s=100.0, lasts_s=900.0, state="Execute") for kind in sorted(DATA_FAULTS))
    both = [Simulation(busy_line, replace(busy, faults=faults), seed=4).run_until(HOUR) for faults in ((), wrong)]
    assert both[0] == [event for event in both[1] if event[2] != Kind.FAULT]


def test_that_a_frozen_sensor_shows_its_last_value_until_it_thaws(in_a_row: Row) -> None:
    fault = Fault(kind=FaultKind.SENSOR_FREEZE, unit="M1", at_s=35.0, lasts_s=50.0, sensor="Heat")
    true, shown = heat(told(one(1.0, in_a_row, SENSING), 200)), heat(told(one(1.0, in_a_row, SENSING, fault), 200))
    assert {t: v for t, v in shown.items() if t < 35 or t > 85} == {t: v for t, v in true.items() if t < 35 or t > 85}
    assert {shown[t] for t in (40, 50, 60, 70, 80)} == {true[40]}


def test_that_a_biased_sensor_is_off_by_its_size_and_a_silent_one_says_nothing(in_a_row: Row) -> None:
    true = heat(told(one(1.0, in_a_row, SENSING), 100))
    bias = Fault(kind=FaultKind.SENSOR_BIAS, unit="M1", at_s=55.0, size=-3.5)
    assert heat(told(one(1.0, in_a_row, SENSING, bias), 100))[80] == pytest.approx(true[80] - 3.5, abs=1e-3)
    silent = Fault(kind=FaultKind.SENSOR_DROPOUT, unit="M1", at_s=55.0)
    assert max(heat(told(one(1.0, in_a_row, SENSING, silent), 100))) == 50


def test_that_false_noise_has_the_deviation_it_is_said_to_have(in_a_row: Row) -> None:
    noise = Fault(kind=FaultKind.SENSOR_NOISE, unit="M1", at_s=0.0, size=2.0)
    shown = list(heat(told(one(1.0, in_a_row, SENSING, noise), 10_000)).values())[100:]
    assert statistics.stdev(shown) == pytest.approx(2.0, rel=0.1)


def test_that_nothing_is_told_while_the_line_is_cut_and_what_lasts_is_told_again_after(in_a_row: Row) -> None:
    fault = Fault(kind=FaultKind.COMMUNICATION_LOSS, unit="M1", at_s=12.0, lasts_s=30.0)
    run = one(10.0, in_a_row, None, fault, Fault(kind=FaultKind.STOP, unit="M1", at_s=25.0))
    reports = [r for r in told(run, 60) if r.unit == 0]
    assert not [r for r in reports if 12 * SECOND <= r.t_ns < 42 * SECOND]
    again = {r.kind: r.value for r in reports if r.t_ns == 42 * SECOND}
    assert again == {Kind.MODE: 1, Kind.STATE: State.ABORTED, Kind.PRODUCT: 0, Kind.ALARM: 2}


def test_that_a_wrong_state_is_told_and_the_true_one_when_it_ends(in_a_row: Row) -> None:
    fault = Fault(kind=FaultKind.WRONG_STATE, unit="M1", at_s=12.0, lasts_s=30.0, state="Execute")
    run = one(10.0, in_a_row, None, fault, Fault(kind=FaultKind.STOP, unit="M1", at_s=25.0))
    reports = [(r.t_ns // SECOND, State(int(r.value)).title) for r in told(run, 60) if (r.unit, r.kind) == (0, Kind.STATE)]
    assert {state for t, state in reports if t < 42} == {"Execute"}
    assert reports[-1] == (42, "Aborted")


def test_that_messages_come_twice_late_or_out_of_order_as_often_as_said(in_a_row: Row) -> None:
    rule = MapRule(topic="raw/{unit}/{tag...}", dialect="umh")
    line = replace(in_a_row([1.0], []), sources=(SourceSpec(id="plc", title="", rules=(rule,)),))
    spec = UnitSpec(sensors=(Sensor(name="Heat", noise=1.0),), sample_s=1.0)

    def heats(kind: FaultKind, size: float) -> list[tuple[int, int]]:
        """Return when each reading came and when it was told, ms."""
        fault = Fault(kind=kind, unit="M1", at_s=0.0, size=size)
        run = Simulation(line, Scenario(units={"M1": spec}, faults=(fault,)), seed=2)
        sent = Emitter(run, beat_ns=HOUR).word(run.run_until(2000 * SECOND), 2000 * SECOND)
        return [(m.at_ns // 10**6, json.loads(m.payload)["timestamp_ms"]) for m in sent if m.topic.endswith("/Heat")]

    twice = heats(FaultKind.DUPLICATE, 0.25)
    assert abs(len(twice) - 2000 - 500) < 4 * 20
    assert len({told for _, told in twice}) == 2000
    assert {came - told for came, told in heats(FaultKind.LATE, 7.0)} == {7000}
    mixed = heats(FaultKind.OUT_OF_ORDER, 3.0)
    assert [told for _, told in mixed] != sorted(told for _, told in mixed)
    assert [came for came, _ in mixed] == sorted(came for came, _ in mixed)
    assert 2900 < max(came - told for came, told in mixed) < 3000


def test_that_what_is_on_its_way_is_part_of_a_snapshot(in_a_row: Row) -> None:
    faults = tuple(Fault(kind=kind, unit="M1") for kind in (FaultKind.LATE, FaultKind.DUPLICATE, FaultKind.OUT_OF_ORDER))
    run = one(1.0, in_a_row, None, *faults)
    posts = Post(run, lambda t_ns: t_ns), Post(run, lambda t_ns: t_ns)
    said = [Sent(0, f"raw/{i}", bytes([i, 255])) for i in range(40)]
    assert posts[0].send(said[:20], 0, 0, (0, 1, 2)) == []
    posts[1].restore(json.loads(json.dumps(posts[0].state())))
    found = [post.send(said[20:], SECOND, 0, (0, 1, 2)) + post.due(20 * SECOND) for post in posts]
    assert found[0] == found[1]
    assert len(found[0]) > 40
    assert {message.payload for message in found[0]} == {message.payload for message in said}


def test_that_a_clock_that_is_ahead_tells_times_that_are_ahead(in_a_row: Row) -> None:
    fault = Fault(kind=FaultKind.CLOCK_SKEW, unit="M1", at_s=5.5, size=-40.0)
    ends = [r for r in told(one(1.0, in_a_row, None, fault), 10) if r.kind == Kind.PART]
    assert {(r.told_ns - r.t_ns) // SECOND for r in ends if r.t_ns > 6 * SECOND} == {-40}


def test_that_a_burst_is_of_as_many_alarms_as_said_within_a_minute(in_a_row: Row) -> None:
    run = one(1.0, in_a_row, None, Fault(kind=FaultKind.ALARM_BURST, unit="M1", at_s=100.0, size=15))
    alarms = [r for r in told(run, 300) if r.kind == Kind.ALARM]
    assert sum(r.value > 0 for r in alarms) == sum(r.value < 0 for r in alarms) == 15
    assert all(100 * SECOND <= r.t_ns <= 163 * SECOND for r in alarms)


def test_that_a_teller_can_be_taken_up_anywhere(busy_line: Line, busy: Scenario) -> None:
    wrong = tuple(Fault(kind=kind, unit="Check", at_s=100.0, lasts_s=900.0, state="Held") for kind in sorted(DATA_FAULTS))
    run = Simulation(busy_line, replace(busy, faults=wrong), seed=4)
    teller = Teller(run)
    teller.tell(run.run_until(500 * SECOND), 500 * SECOND)
    state = json.dumps([run.snapshot(), teller.state()])
    rest = teller.tell(run.run_until(HOUR), HOUR)
    snapshot, telling = json.loads(state)
    run.restore(snapshot)
    other = Teller(run)
    other.restore(telling)
    assert other.tell(run.run_until(HOUR), HOUR) == rest


def test_that_the_truth_record_names_every_event_and_its_cause_and_tells_machine_from_data(in_a_row: Row) -> None:
    faults = (
        Fault(kind=FaultKind.STOP, unit="M2", at_s=5.0, lasts_s=10.0),
        Fault(kind=FaultKind.SENSOR_BIAS, unit="M1", at_s=6.0, sensor="Heat"),
    )
    run = Simulation(in_a_row([2.0, 3.0], [1]), Scenario(units={"M1": SENSING}, faults=faults), seed=9)
    truth = Truth(run)
    head = json.loads(truth.head())
    assert (head["simulated"], head["seed"], head["units"]) == (True, 9, ["M1", "M2"])
    assert [(m["kind"], m["domain"]) for m in head["malfunctions"]] == [("stop", "machine"), ("sensor_bias", "data")]
    rows = [json.loads(row) for row in truth.rows(run.run_until(30 * SECOND))]
    assert all(row["cause"] for row in rows)
    down = next(row for row in rows if row["event"] == "state" and row["state"] == "Aborted")
    assert down == {"t_ns": 5 * SECOND, "unit": "M2", "event": "state", "state": "Aborted", "cause": "malfunction", "malfunction": 0}
    assert {row["cause"] for row in rows if row["event"] == "state" and row.get("state") == "Suspended"} == {"blocked", "starved"}
    begun = next(row for row in rows if row["event"] == "fault" and row["t_ns"] == 6 * SECOND)
    assert (begun["begins"], begun["kind"], begun["domain"], begun["size"]) == (True, "sensor_bias", "data", 10.0)
    foot = json.loads(truth.foot())
    assert foot["end_ns"] == 30 * SECOND
    assert foot["made"] == run.made()
    assert sum(foot["spent_ns"]["M2"].values()) == 30 * SECOND


def test_that_measurements_belong_to_the_truth_only_where_they_are_asked_for(in_a_row: Row) -> None:
    run = one(1.0, in_a_row, SENSING)
    events = run.run_until(30 * SECOND)
    assert "sample" not in "".join(Truth(run).rows(events))
    rows = [json.loads(row) for row in Truth(run, measurements=True).rows(events)]
    assert [row["sensor"] for row in rows if row["event"] == "sample"] == ["Heat"] * 3


def test_that_the_truths_states_cover_all_of_the_time_that_was_lost(in_a_row: Row) -> None:
    # The sums in the foot follow from the rows alone: the time in Aborted is what M1 was down.
    spec = UnitSpec(cycle_kind=LawKind.EXPONENTIAL, mttf_s=100.0, mttr_s=30.0)
    run = one(1.0, in_a_row, spec)
    rows = [json.loads(row) for row in Truth(run).rows(run.run_until(HOUR))]
    times = [(row["t_ns"], row["state"]) for row in rows if row["event"] == "state"] + [(HOUR, "")]
    aborted = sum(b[0] - a[0] for a, b in itertools.pairwise(times) if a[1] == "Aborted")
    assert aborted == run.spent_ns()["M1"]["down"] > 0
