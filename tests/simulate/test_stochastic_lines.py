"""Lines whose throughput is known in closed form or from the solution of their Markov chain; four standard errors of batch means."""

from __future__ import annotations

import itertools
import statistics
from typing import TYPE_CHECKING

import pytest

from twin_app.simulate import Law, LawKind, Scenario, Simulation, UnitSpec

if TYPE_CHECKING:
    from tests.simulate.conftest import Row
    from twin_app.model.equipment import Line

SECOND = 1_000_000_000
BATCHES = 25
QUIET = 1e7
"""No unit says that it waits: it would only take time."""


def batch_means(line: Line, spec: dict[str, UnitSpec], seconds: float, seed: int = 11) -> tuple[Simulation, float, float]:
    run = Simulation(line, Scenario(units=spec), seed=seed)
    last = line.units[-1].id
    span = round(seconds / BATCHES * SECOND)
    run.run_until(span)  # warm: not counted
    counts = [run.made()[last]]
    for batch in range(2, BATCHES + 2):
        run.run_until(batch * span)
        counts.append(run.made()[last])
    rates = [(b - a) / span * SECOND for a, b in itertools.pairwise(counts)]
    return run, statistics.fmean(rates), statistics.stdev(rates) / len(rates) ** 0.5


EXPONENTIAL = UnitSpec(cycle_kind=LawKind.EXPONENTIAL, suspend_after_s=QUIET)
BALANCED = {
    (2, 0): 0.666667, (2, 1): 0.750000, (2, 2): 0.800000, (3, 0): 0.564103, (3, 1): 0.670466, (3, 2): 0.734017,
    (4, 0): 0.514775, (4, 1): 0.631153, (4, 2): 0.700713,
}  # fmt: skip


@pytest.mark.parametrize(("stations", "places"), BALANCED)
def test_that_a_balanced_exponential_line_has_the_throughput_of_its_markov_chain(in_a_row: Row, stations: int, places: int) -> None:
    line = in_a_row([1.0] * stations, [places] * (stations - 1))
    _, rate, error = batch_means(line, dict.fromkeys((u.id for u in line.units), EXPONENTIAL), 9000)
    assert abs(rate - BALANCED[stations, places]) < 4 * error
    assert error < 0.012


def test_that_an_unbalanced_exponential_line_has_the_throughput_and_the_parts_of_its_markov_chain(in_a_row: Row) -> None:
    line = in_a_row([1 / 1.0, 1 / 1.2, 1 / 0.9, 1 / 1.1], [2, 1, 3])
    spec = dict.fromkeys((u.id for u in line.units), EXPONENTIAL)
    _, rate, error = batch_means(line, spec, 20_000)
    assert abs(rate - 0.699792) < 4 * error
    inside = [Simulation(line, Scenario(units=spec), seed=seed) for seed in range(12)]
    for run in inside:
        run.run_until(2500 * SECOND)
    means = [run.mean_inside() for run in inside]
    assert abs(statistics.fmean(means) - 5.957187) < 4 * statistics.stdev(means) / len(means) ** 0.5


@pytest.mark.parametrize(("p2", "n", "expected"), [(0.02, 2, 0.76985), (0.02, 4, 0.77840), (0.02, 10, 0.79613), (0.01, 10, 0.85617)])
def test_that_two_unreliable_machines_of_equal_cycle_have_the_throughput_of_their_markov_chain(
    in_a_row: Row, p2: float, n: int, expected: float
) -> None:
    # Cycle 1, repair .1 a cycle, failure .01 and p2 a cycle, n = places + 2: both times geometric, only work wears.
    geometric = Law(kind=LawKind.GEOMETRIC)
    spec = {
        f"M{i}": UnitSpec(mttf_s=1 / p, failure=geometric, mttr_s=10.0, repair=geometric, suspend_after_s=QUIET)
        for i, p in ((1, 0.01), (2, p2))
    }
    _, rate, error = batch_means(in_a_row([1.0, 1.0], [n - 2]), spec, 50_000)
    assert abs(rate - expected) < 4 * error
    assert error < 0.01


def test_that_a_single_machine_is_up_for_the_share_its_means_say(in_a_row: Row) -> None:
    # Availability of one machine that only work wears: MTTF / (MTTF + MTTR) = 900 / 1000, whatever the laws.
    wear, repair = Law(kind=LawKind.WEIBULL, shape=2.0), Law(kind=LawKind.LOGNORMAL, cv=0.8)
    spec = {"M1": UnitSpec(mttf_s=900.0, failure=wear, mttr_s=100.0, repair=repair, suspend_after_s=QUIET)}
    _, rate, error = batch_means(in_a_row([10.0], []), spec, 1_500_000)
    assert abs(rate - 0.9 / 10.0) < 4 * error
    assert error < 0.002


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_that_more_room_never_costs_throughput(in_a_row: Row, seed: int) -> None:
    # Same seed: each machine draws the same cycles whatever its neighbours do, so that the order holds part by part.
    made = []
    for places in range(6):
        line = in_a_row([1.0] * 5, [places] * 4)
        run = Simulation(line, Scenario(units=dict.fromkeys((u.id for u in line.units), EXPONENTIAL)), seed=seed)
        run.run_until(1500 * SECOND)
        made.append(run.made()["M5"])
    assert made == sorted(made)
    assert made[0] < made[-1]
