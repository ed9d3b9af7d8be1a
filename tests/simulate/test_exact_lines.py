from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from twin_app.simulate import Blocked, Fault, FaultKind, Kind, LawKind, Order, Scenario, Simulation, UnitSpec

if TYPE_CHECKING:
    from tests.simulate.conftest import Row
    from twin_app.simulate import Event

SECOND = 1_000_000_000
FIXED_M3 = Path(__file__).parents[1] / "data" / "lines"


def times_s(events: list[Event], unit: int, kind: int) -> list[float]:
    return [t / SECOND for t, u, k, _, _ in events if (u, k) == (unit, kind)]


def test_that_a_stop_in_the_fourth_part_delays_the_departures_a_person_works_out(in_a_row: Row) -> None:
    # M1 ends its parts at 2, 4, 6; the fourth, begun at 6, stands from 7 to 17 and ends at 18, then 20, 22.
    # M2 (3 s): 5, 8, 11, then 18 + 3 = 21, 24, 27. M3 (1 s): one second after M2.
    orders = (Order(product="lid", quantity=6),)
    stop = Fault(kind=FaultKind.STOP, unit="M1", at_s=7, lasts_s=10)
    run = Simulation(in_a_row([2, 3, 1], [1, 1]), Scenario(orders=orders, repeat_orders=False, faults=(stop,)))
    events = run.run_until(100 * SECOND)
    assert times_s(events, 0, Kind.PART) == [2, 4, 6, 18, 20, 22]
    assert times_s(events, 1, Kind.PART) == [5, 8, 11, 21, 24, 27]
    assert times_s(events, 2, Kind.LEAVE) == [6, 9, 12, 22, 25, 28]


def test_that_a_blocked_machine_keeps_its_part_until_there_is_room(in_a_row: Row) -> None:
    # No place between: M1 (1 s) hands over only when M2 (3 s) is free, at 1, 4, 7.
    run = Simulation(in_a_row([1, 3], [0]))
    events = run.run_until(10 * SECOND)
    assert times_s(events, 1, Kind.PART) == [4, 7, 10]
    assert run.spent_ns()["M1"] == {"run": 4 * SECOND, "blocked": 6 * SECOND} | dict.fromkeys(
        ("starved", "down", "held", "setup", "acting", "off", "charging"), 0
    )


@pytest.mark.parametrize("places", [[0] * 4, [1, 2, 0, 3], [5] * 4])
def test_that_a_deterministic_line_obeys_its_recursion(in_a_row: Row, places: list[int]) -> None:
    # Departure of part n from machine k under blocking after service, the published recursion for tandem queues:
    # D[n,k] = max(max(D[n-1,k], C[n,k-1]) + cycle, the start of part n - places - 1 in k + 1), all in whole seconds.
    cycles = [3, 5, 4, 7, 2]
    parts = 60
    ends = [[0.0] * len(cycles) for _ in range(parts)]
    leaves = [[0.0] * len(cycles) for _ in range(parts)]
    for n in range(parts):
        for k, cycle in enumerate(cycles):
            free = leaves[n - 1][k] if n else 0.0
            ends[n][k] = max(free, leaves[n][k - 1] if k else 0.0) + cycle
            room = n - (places[k] if k < len(places) else 0) - 1
            leaves[n][k] = max(ends[n][k], leaves[room][k + 1]) if k + 1 < len(cycles) and room >= 0 else ends[n][k]
    events = Simulation(in_a_row(cycles, places)).run_until(round(ends[-1][-1]) * SECOND)
    for k in range(len(cycles)):
        assert times_s(events, k, Kind.PART)[:parts] == [ends[n][k] for n in range(parts)]


def test_that_another_programs_line_is_reproduced_to_the_second(in_a_row: Row) -> None:
    truth = json.loads((FIXED_M3 / "fixed_M3_truth.json").read_text())
    run = Simulation(in_a_row([float(cycle) for cycle in truth["cycle_times"]], [truth["buffer"]] * 4))
    events = run.run_until(truth["T"] * SECOND)
    assert run.made() == {unit: facts["parts"] for unit, facts in truth["summary"].items()}
    assert abs(len(times_s(events, 4, Kind.LEAVE)) - 957) <= 1
    for unit, facts in truth["summary"].items():
        spent = run.spent_ns()[unit]
        told = {"run": facts["RUNNING"], "starved": facts["STARVED"], "blocked": facts["BLOCKED"], "down": facts["DOWN"]}
        assert {name: spent[name] / SECOND for name in told} == told
    # DOMAIN: line OEE = ideal cycle of the constraint x good units out of the last / planned time.
    assert round(30 * run.made()["M5"] / truth["T"] * 100, 2) == 99.69


def test_that_the_slowest_machine_alone_is_the_bottleneck(in_a_row: Row) -> None:
    run = Simulation(in_a_row([20, 22, 30, 24, 21], [5] * 4))
    run.run_until(28_800 * SECOND)
    waits = {unit: (spent["starved"] + spent["blocked"]) / (28_800 * SECOND) for unit, spent in run.spent_ns().items()}
    assert min(waits, key=waits.__getitem__) == "M3"
    assert waits["M3"] == pytest.approx(0.0015, abs=5e-5)
    assert min(share for unit, share in waits.items() if unit != "M3") > 0.2


def test_that_mm1k_loses_what_finds_no_room_and_keeps_its_published_figures(in_a_row: Row) -> None:
    # M/M/1/5, lambda 0.9, mu 1: throughput .786580, mean number 2.194782. Batch means over 40 spans give the error.
    units = {
        "M1": UnitSpec(cycle_kind=LawKind.EXPONENTIAL, when_blocked=Blocked.LOSE, suspend_after_s=1e7),
        "M2": UnitSpec(cycle_kind=LawKind.EXPONENTIAL, suspend_after_s=1e7),
    }
    run = Simulation(in_a_row([1 / 0.9, 1.0], [4]), Scenario(units=units), seed=5)
    span = 1000
    made, numbers = [0], [0.0]
    for batch in range(1, 41):
        run.run_until(batch * span * SECOND)
        made.append(run.made()["M2"])
        numbers.append((run.mean_waiting("M2") + run.spent_ns()["M2"]["run"] / run.now_ns) * batch * span)
    for sums, expected in ((made, 0.786580), (numbers, 2.194782)):
        means = [(b - a) / span for a, b in itertools.pairwise(sums)]
        mean = sum(means) / len(means)
        error = (sum((value - mean) ** 2 for value in means) / (len(means) - 1) / len(means)) ** 0.5
        assert abs(mean - expected) < 4 * error
        assert error < 0.03 * expected
