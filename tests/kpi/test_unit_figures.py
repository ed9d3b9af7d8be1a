from datetime import time
from math import isnan, nan
from typing import Any

import pytest

from twin_app.model.equipment import Break, Product, Shift
from twin_app.model.packml import Category, State
from twin_app.model.timeline import Ledger

MINUTE = 60.0


def near(expected: float) -> Any:
    return pytest.approx(expected, abs=5e-7)


def test_vector_1_out_of_states_and_counts(shop: Any) -> None:
    # 480 min on site, 60 of them breaks; 47 min down in one piece; 19,271 pieces, 423 of them rejected
    day = Shift(name="day", start=time(8), end=time(16), days=tuple(range(7)), breaks=(Break(name="all", start=time(12), end=time(13)),))
    made = shop({"Press": 1.0}, shifts=(day,))
    start = 8 * 60 * MINUTE
    made.states("Press", {start: "Execute", start + 100 * MINUTE: "Aborted", start + 147 * MINUTE: "Execute"})
    made.counts("Press", {start: 0.0, start + 470 * MINUTE: 19271.0}, {start: 0.0, start + 470 * MINUTE: 423.0})
    kpi = made.figures(start, start + 480 * MINUTE).units["Press"].kpi
    assert kpi.availability == near(0.888095)
    assert kpi.effectiveness == near(0.861081)
    assert kpi.quality_ratio == near(0.978050)
    assert kpi.oee_index == near(0.747937)
    assert (kpi.planned_busy_s, kpi.production_s, kpi.blind_s) == (420 * MINUTE, 373 * MINUTE, 0)
    assert (kpi.produced, kpi.good, kpi.scrap) == (19271, 18848, 423)


def test_that_a_ledgers_categories_and_states_add_up_to_the_window_to_the_nanosecond(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {0.123456789: "Execute", 33.3: "Held", 39.999999999: "Execute"})
    ledger = made.figures(-1.000000001, 50.5).units["Press"].ledger
    assert sum(ledger.category_ns.values()) == sum(ledger.state_ns.values()) + ledger.blind_ns == 51_500_000_001
    assert ledger.category_ns[Category.MINOR_STOP] == 6_699_999_999


def test_that_a_ledger_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(AssertionError):
        Ledger(0, 10, {Category.PRODUCTION: 9}, {State.EXECUTE: 10}, 0)
    with pytest.raises(AssertionError):
        Ledger(0, 10, {Category.PRODUCTION: 10}, {State.EXECUTE: 9}, 0)


def test_that_where_processed_means_good_scrap_comes_on_top(shop: Any) -> None:
    made = shop({"Press": 1.0}, includes_defective=False)
    made.states("Press", {0: "Execute"})
    made.counts("Press", {0: 0.0, 90: 80.0}, {0: 0.0, 90: 20.0})
    kpi = made.figures(0, 200).units["Press"].kpi
    assert (kpi.produced, kpi.good, kpi.scrap) == (100, 80, 20)
    assert (kpi.effectiveness, kpi.quality_ratio, kpi.oee_index) == (0.5, 0.8, 0.4)


def test_that_minor_stops_are_no_production_and_move_no_index(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {0: "Execute", 50: "Idle", 60: "Execute"})
    made.counts("Press", {0: 0.0, 99: 45.0}, {0: 0.0})
    kpi = made.figures(0, 100).units["Press"].kpi
    assert (kpi.availability, kpi.effectiveness, kpi.oee_index) == (0.9, 0.5, 0.45)


def test_that_blind_time_is_left_out_and_shown_as_a_range(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {20: "Execute"})
    made.counts("Press", {20: 0.0, 100: 60.0}, {20: 0.0, 100: 20.0})
    kpi = made.figures(0, 100).units["Press"].kpi
    assert (kpi.blind_s, kpi.planned_busy_s, kpi.availability) == (20, 80, 1)
    assert kpi.oee_index == 40 / 80
    assert (kpi.oee_low, kpi.oee_high) == (40 / 100, (40 + 20) / 100)


def test_that_known_time_has_an_index_and_not_a_range(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {0: "Execute"})
    made.counts("Press", {0: 0.0, 100: 60.0}, {0: 0.0})
    kpi = made.figures(0, 100).units["Press"].kpi
    assert kpi.oee_low == kpi.oee_index == kpi.oee_high == 0.6


def test_that_pieces_made_while_the_link_was_down_do_not_flatter_the_time_it_was_up(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {0: "Execute", 60: "Execute"})
    made.say(40, "@plc", "Connected", 0.0)
    made.say(55, "@plc", "Connected", 1.0)
    made.counts("Press", {0: 0.0, 40: 20.0, 61: 500.0, 100: 539.0}, {0: 0.0, 61: 0.0})
    found = made.figures(0, 100).units["Press"]
    assert found.kpi.produced == 20 + 39
    assert found.kpi.effectiveness == 59 / 80
    assert found.counters["Processed"].total == 539
    assert (found.kpi.oee_low, found.kpi.oee_high) == (59 / 100, (59 + 20) / 100)


def test_that_a_unit_blind_all_the_time_may_have_been_anything(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.counts("Press", {0: 0.0}, {0: 0.0})
    kpi = made.figures(0, 100).units["Press"].kpi
    assert isnan(kpi.oee_index)
    assert isnan(kpi.availability)
    assert (kpi.oee_low, kpi.oee_high, kpi.blind_s) == (0, 1, 100)


def test_that_a_counter_never_heard_makes_unknown_what_needs_it_and_nothing_else(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {0: "Execute"})
    made.counts("Press", {0: 0.0, 100: 60.0})
    kpi = made.figures(0, 100).units["Press"].kpi
    assert (kpi.availability, kpi.effectiveness, kpi.produced) == (1, 0.6, 60)
    assert all(isnan(x) for x in (kpi.quality_ratio, kpi.oee_index, kpi.oee_low, kpi.good, kpi.scrap))


@pytest.mark.parametrize("ideals", [(), (1.0, 2.0)], ids=["no product", "two products, none named"])
def test_that_an_unknown_product_makes_performance_unknown_not_the_default(shop: Any, ideals: tuple[float, ...]) -> None:
    products = tuple(Product(id=str(i), title="", ideal_cycle_s={"Press": ideal}) for i, ideal in enumerate(ideals))
    made = shop({"Press": nan}, products=products)
    made.states("Press", {0: "Execute"})
    made.counts("Press", {0: 0.0, 100: 60.0}, {0: 0.0, 100: 6.0})
    kpi = made.figures(0, 100).units["Press"].kpi
    assert (kpi.availability, kpi.quality_ratio) == (1, 0.9)
    assert all(isnan(x) for x in (kpi.effectiveness, kpi.oee_index, kpi.oee_high))


def test_that_what_is_counted_outside_execute_shows_as_more_than_the_ideal(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {0: "Execute", 50: "Stopping", 60: "Stopped"})
    made.counts("Press", {0: 0.0, 60: 60.0}, {0: 0.0})
    assert made.figures(0, 100).units["Press"].kpi.effectiveness == 60 / 50


def test_that_a_machine_that_stands_all_day_has_no_effectiveness_but_an_index_of_zero(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {0: "Stopped"})
    made.counts("Press", {0: 7.0}, {0: 1.0})
    kpi = made.figures(0, 100).units["Press"].kpi
    assert (kpi.availability, kpi.oee_index) == (0, 0)
    assert isnan(kpi.effectiveness)
