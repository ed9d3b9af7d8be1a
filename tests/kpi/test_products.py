"""Figures over products of different ideal cycles. Expectations are published (DOMAIN V7) or reckoned by hand."""

from __future__ import annotations

from math import isnan
from typing import Any

import pytest

from twin_app.kpi.detail import detail
from twin_app.model.equipment import Product
from twin_app.model.kpi import Loss

A_AND_B = (
    Product(id="A", title="Alpha", ideal_cycle_s={"Press": 30.0, "Oven": 10.0}),
    Product(id="B", title="Beta", ideal_cycle_s={"Press": 72.0, "Oven": 10.0}),
)
MIN = 60.0


def vector_7(shop: Any) -> Any:
    """PBT 400 min, run 330 min; A: 300 at 0.5 min, 290 good; B: 120 at 1.2 min, 118 good."""
    made = shop({"Press": 1.0}, products=A_AND_B)
    made.states("Press", {0: "Execute", 200 * MIN: "Held", 270 * MIN: "Execute"})
    made.say(0, "Press", "Product", "A")
    made.say(200 * MIN, "Press", "Product", "B")
    made.counts("Press", {0: 0, 200 * MIN: 300, 400 * MIN: 420}, {0: 0, 200 * MIN: 10, 400 * MIN: 12})
    return made


def test_vector_7_of_two_products_in_one_window(shop: Any) -> None:
    kpi = vector_7(shop).figures(0, 400 * MIN).units["Press"].kpi
    found = (kpi.availability, kpi.effectiveness, kpi.quality_ratio, kpi.oee_index)
    assert found == pytest.approx((0.825, 0.890909, 0.974830, 0.7165), abs=5e-7)
    assert (kpi.produced, kpi.good, kpi.scrap) == (420, 408, 12)


def test_that_the_losses_of_two_products_add_up_to_the_planned_busy_time(shop: Any) -> None:
    made = vector_7(shop)
    figures = made.figures(0, 400 * MIN)
    found = detail(made.line, made.plant, "Press", figures.start_ns, figures.end_ns)
    ideal_of_good_s = 290 * 30.0 + 118 * 72.0
    assert sum(found.losses_s.values()) + ideal_of_good_s == pytest.approx(400 * MIN)
    assert found.losses_s[Loss.SPEED] == pytest.approx(330 * MIN - 300 * 30.0 - 120 * 72.0)
    assert found.losses_s[Loss.DEFECTS] == pytest.approx(10 * 30.0 + 2 * 72.0)


def test_that_a_product_of_no_table_makes_performance_unknown_and_not_the_default(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {0: "Execute"})
    made.counts("Press", {0: 0, 500: 100, 1000: 200}, {0: 0, 1000: 20})
    assert made.figures(0, 1000).units["Press"].kpi.effectiveness == 0.2
    made.say(500, "Press", "Product", "who knows")
    kpi = made.figures(0, 1000).units["Press"].kpi
    assert isnan(kpi.effectiveness)
    assert isnan(kpi.oee_index)
    assert (kpi.availability, kpi.quality_ratio, kpi.good) == (1.0, 0.9, 180)
    assert made.figures(0, 500).units["Press"].kpi.effectiveness == 0.2


def test_that_an_unknown_product_of_which_nothing_was_made_leaves_performance_known(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {0: "Execute"})
    made.counts("Press", {0: 0, 500: 100, 1000: 100}, {0: 0})
    made.say(500, "Press", "Product", "who knows")
    assert made.figures(0, 1000).units["Press"].kpi.effectiveness == 0.1


def test_that_a_plant_may_call_a_product_by_its_title(shop: Any) -> None:
    made = shop({"Press": 1.0}, products=A_AND_B)
    made.states("Press", {0: "Execute"})
    made.say(0, "Press", "Product", "Beta")
    made.counts("Press", {0: 0, 720: 9}, {0: 0})
    assert made.figures(0, 720).units["Press"].kpi.effectiveness == 0.9


def test_that_the_line_reckons_each_product_by_the_cycle_of_the_constraint(shop: Any) -> None:
    made = shop({"Press": 1.0, "Oven": 1.0}, products=A_AND_B, constraint="Press")
    for unit, second in (("Press", 1000), ("Oven", 1200)):  # the last A leaves the oven later
        made.states(unit, {0: "Execute"})
        made.say(0, unit, "Product", "A")
        made.say(second, unit, "Product", "B")
    made.counts("Press", {0: 0, 1000: 30, 3000: 50}, {0: 0})
    made.counts("Oven", {0: 0, 1200: 28, 3000: 48}, {0: 0})
    line = made.figures(0, 3000).line
    assert line.good == 48
    assert line.oee_index == (28 * 30.0 + 20 * 72.0) / 3000


def test_that_time_without_an_order_is_planned_busy_time_unless_the_layout_plans_for_it(shop: Any) -> None:
    for planned, expected in ((False, (0.5, 1000, 400)), (True, (500 / 600, 600, 0))):
        made = shop({"Press": 1.0}, no_order_is_planned=planned)
        made.states("Press", {0: "Execute", 500: "Held", 600: "Idle"})
        made.say(600, "Press", "Order", "No order")
        made.counts("Press", {0: 0, 500: 500}, {0: 0})
        figures = made.figures(0, 1000)
        kpi, found = figures.units["Press"].kpi, detail(made.line, made.plant, "Press", figures.start_ns, figures.end_ns)
        assert (kpi.availability, found.times.planned_busy_s, found.losses_s[Loss.NO_ORDER]) == expected
        assert kpi.oee_index == kpi.availability
        assert sum(found.losses_s.values()) + 500 == found.times.planned_busy_s
