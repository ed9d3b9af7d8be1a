"""How fast a unit produces: whole reports over the time in which they came to be, however seldom a machine reports."""

from __future__ import annotations

import random
from itertools import pairwise
from math import isnan
from typing import Any

import pytest

from tests.plant.conftest import at
from twin_app.model.equipment import Product, SourceSpec

SLOW = (Product(id="p", title="", ideal_cycle_s={"Filler": 150.0}),)
"""0.4 a minute."""


def counts(bench: Any, said: dict[float, float], name: str = "Processed") -> None:
    for second, value in said.items():
        bench.say(second, name, value)
    bench.fold()


def rate(bench: Any, second: float, unit: str = "Filler") -> float:
    return float(bench.plant.rate_per_min(unit, at(second)))


def test_that_reports_are_divided_by_the_time_in_which_they_came_to_be(bench: Any) -> None:
    bench.states({0: "Execute"})
    counts(bench, {0: 0.0, 30: 50.0, 60: 150.0, 90: 180.0})
    # Reports come every 30 s, three of them take 90 s. At 60 s only one lies between two reports that counted: 100 in 30 s.
    assert rate(bench, 60) == 200.0
    assert rate(bench, 75) == 200.0, "the next is not due before 90 s"
    assert rate(bench, 90) == 120.0  # 180 in 90 s
    # From 10 s on, of the report at 30 s two thirds: 33.33 + 100 + 30 in the 80 s up to 90 s; at 130 s from 40 s on 66.67 + 30 in 70 s,
    # for by 10 s the report of 120 s is overdue, and 20 s are taken to be over.
    assert rate(bench, 100) == pytest.approx((100 / 3 + 130) * 60 / 80)
    assert rate(bench, 130) == pytest.approx((200 / 3 + 30) * 60 / 70)
    assert rate(bench, 200) == 0.0


@pytest.mark.parametrize("second", [111, 112, 130, 147.9, 148, 160, 184, 500, 3000.5])
def test_that_a_report_that_falls_into_the_minute_makes_a_machine_no_faster(bench: Any, second: float) -> None:
    """74 every 37 s are 120 a minute, though 148 were told within some minutes."""
    bench.states({0: "Execute"})
    counts(bench, {37.0 * n: 74.0 * n for n in range(90)})
    assert rate(bench, second) == pytest.approx(120.0)


@pytest.mark.parametrize(("second", "told"), [(299.9, None), (300, 0.4), (310, 0.4), (449, 0.4), (600, 0.4), (749.9, 0.4), (2000, 0.4)])
def test_that_a_machine_that_makes_one_in_two_and_a_half_minutes_has_a_rate_from_its_second_on(
    make_bench: Any, second: float, told: float | None
) -> None:
    bench = make_bench(products=SLOW)
    bench.states({0: "Execute"})
    counts(bench, {150.0 * n: float(n) for n in range(15)})
    assert isnan(rate(bench, second)) if told is None else rate(bench, second) == pytest.approx(told)


def test_that_a_slow_machine_that_has_made_nothing_yet_stands_only_once_three_cycles_are_over(make_bench: Any) -> None:
    bench = make_bench(products=SLOW)
    bench.states({0: "Execute"})
    counts(bench, {0: 0.0})
    assert isnan(rate(bench, 449))
    assert rate(bench, 450) == 0.0
    ordinary = make_bench()
    ordinary.states({0: "Execute"})
    counts(ordinary, {0: 0.0})
    assert isnan(rate(ordinary, 59.9))
    assert rate(ordinary, 60) == 0.0


def test_that_the_rate_falls_evenly_once_a_machine_stands_and_grows_once_it_runs_again(bench: Any) -> None:
    bench.states({0: "Execute"})
    counts(bench, {float(n): float(n) for n in range(301)} | {float(n): n - 299.0 for n in range(600, 700)})
    assert rate(bench, 301) == 60.0, "the next may still come"
    assert rate(bench, 301.5) == pytest.approx(60 * 58.5 / 59.5)  # 58.5 of 241.5 to 300 s, up to 301 s, for half of a cycle is overdue
    assert rate(bench, 330) == 30.0  # 30 of 270 to 300 s
    assert rate(bench, 360) == 0.0
    # 11 came from 600 s on; the first took 300 s, of which 50 lie behind 550 s.
    assert rate(bench, 610) == pytest.approx(10 + 50 / 300)
    assert rate(bench, 670) == 60.0


@pytest.mark.parametrize("seed", range(8))
def test_that_a_rate_lies_between_those_of_its_slowest_and_its_fastest_report(bench: Any, seed: int) -> None:
    dice = random.Random(seed)
    times, value = [0.0], 0.0
    while len(times) < 60:
        times.append(times[-1] + dice.uniform(10, 60))
    bench.states({0: "Execute"})
    said = {}
    for second in times:
        said[second] = value
        value += 7.0
    counts(bench, said)
    for _ in range(40):
        second = dice.uniform(times[8], times[-1])
        last = max(i for i, t in enumerate(times) if t <= second)
        gaps = [b - a for a, b in pairwise(times[: last + 1])][-20:]
        # While the next is due or less overdue than a report usually takes, the mean lies among those of the reports.
        assert 7 * 60 / (max(*gaps, second - times[last]) * 2) <= rate(bench, second) <= 7 * 60 / min(gaps) + 1e-9


def test_that_a_counter_that_starts_again_at_nought_makes_no_negative_rate(bench: Any) -> None:
    bench.states({0: "Execute"})
    counts(bench, {0: 0.0, 20: 20.0, 40: 40.0, 41: 0.0, 60: 19.0, 80: 39.0})
    # 20 to 80 s: 20, nothing of what the restart took, 19 and 20, in 60 s.
    assert rate(bench, 80) == 59.0


def test_that_a_unit_that_nobody_sees_or_that_counts_nothing_has_no_rate(bench: Any) -> None:
    bench.states({0: "Execute"})
    bench.states({0: "Execute"}, unit="Capper")
    counts(bench, {0: 0.0, 15: 15.0, 30: 30.0})
    bench.link(40, up=False)
    bench.fold()
    assert rate(bench, 40) == 60.0
    assert isnan(rate(bench, 41))
    assert isnan(rate(bench, 30, "Capper"))


def test_that_pieces_of_a_blind_time_do_not_make_a_rate(bench: Any) -> None:
    bench.states({0: "Execute"})
    bench.link(20, up=False)
    bench.link(40, up=True)
    bench.states({40: "Execute"})
    counts(bench, {0: 0.0, 20: 20.0, 41: 500.0, 51: 520.0, 60: 538.0})
    # Reports counted at 20, 41, 51 and 60 s: usually 10 s apart, so the last minute; 20 s of it nobody saw.
    assert rate(bench, 60) == pytest.approx((20 + 38) * 60 / 40)


def test_that_scrap_is_produced_too_where_the_machine_publishes_good_pieces_only(make_bench: Any) -> None:
    bench = make_bench(sources=(SourceSpec(id="plc", title="", processed_includes_defective=False),))
    bench.states({0: "Execute"})
    counts(bench, {0: 0.0, 30: 25.0, 60: 50.0})
    assert rate(bench, 60) == 50.0
    counts(bench, {0: 0.0, 60: 10.0}, "Defective")
    assert rate(bench, 60) == 60.0, "half of the ten lie behind 30 s"


def test_that_what_a_machine_that_stands_will_count_later_is_not_taken_off_its_rate(bench: Any) -> None:
    bench.states({0: "Execute", 60: "Aborted", 500: "Execute"})
    counts(bench, {0: 0.0, 30: 50.0, 60: 100.0, 520: 150.0, 550: 200.0})
    assert [rate(bench, second) for second in (170, 300, 500)] == [0.0, 0.0, 0.0]  # as it was live, when nobody knew of 520 s
