"""Orders followed through the line: what their constraint made of them, whatever left under their name. Expectations are reckoned by hand."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from typing import Any

import pytest

from tests.kpi.conftest import at
from twin_app.kpi.parts import parts
from twin_app.model.equipment import Feed, Product, Targets, Unit
from twin_app.model.kpi import By, Part

ONE_CYCLE = (Product(id="A", title="Alpha", ideal_cycle_s={"Press": 1.0, "Oven": 0.5}),)


def two_orders(shop: Any, **changes: Any) -> Any:
    """The press (the constraint) makes order 1 for 1000 s and order 2 for the next 1000 s; the oven gets order 2 at 1200 s.

    At the start 300 pieces lie between them; the oven, too, says that they are of order 1. Of order 1 the press makes 900, 10 of them scrap,
    and the oven throws out 20; of order 2 it makes 950, 5 of them scrap, and the oven throws out 15 by 2000 s.
    """
    made = shop({"Press": 1.0, "Oven": 0.5}, products=ONE_CYCLE, constraint="Press", targets=Targets(oee_index=0.8), **changes)
    for unit in ("Press", "Oven"):
        made.states(unit, {0: "Execute"})
        made.say(0, unit, "Product", "A")
        made.say(0, unit, "Order", "1")
        made.say(0, unit, "OrderQuantity", 1000.0)
    for unit, second in (("Press", 1000), ("Oven", 1200)):
        made.say(second, unit, "Order", "2")
        made.say(second, unit, "OrderQuantity", 2000.0)
    made.counts("Press", {0: 0, 10: 9, 1000: 900, 2000: 1850}, {0: 0, 1000: 10, 2000: 15})
    made.counts("Oven", {0: 0, 10: 20, 1200: 1190, 2000: 1950}, {0: 0, 1200: 20, 2000: 35})
    made.figures(0, 2000)
    return made


def orders(made: Any, start: float = 0, end: float = 2000) -> list[Part]:
    """Return the line's orders."""
    return list(parts(made.line, made.plant, None, By.ORDER, at(start), at(end)))


def test_that_pieces_begun_before_an_order_make_it_no_better_than_its_constraint_was(shop: Any) -> None:
    one, _ = orders(two_orders(shop))
    assert (one.kpi.good, one.kpi.scrap) == (1170, 30)  # 1190 - 20 left under its name; 10 + 20 were thrown out
    assert one.begun_before == 300  # 890 were passed on, 20 of these thrown out, 870 can have left, and 1170 did
    assert one.in_process == 0
    assert (one.kpi.availability, one.kpi.effectiveness) == (1.0, 0.9)
    assert one.kpi.oee_index == 0.87  # (900 - 10 - 20) x 1 s / 1000 s; by what left it would be 1.17
    assert one.kpi.availability * one.kpi.effectiveness * one.kpi.quality_ratio == pytest.approx(one.kpi.oee_index)
    assert sum(one.detail.losses_s.values()) + 870 == pytest.approx(one.detail.times.planned_busy_s)


def test_that_pieces_on_their_way_count_for_the_order_that_they_were_made_for(shop: Any) -> None:
    _, two = orders(two_orders(shop))
    assert (two.kpi.good, two.kpi.scrap) == (745, 20)  # 1950 - 1190 processed, 15 of these scrap
    assert two.in_process == 185  # 945 passed on, 15 thrown out, 745 left
    assert two.begun_before == 0
    assert two.kpi.oee_index == 0.93  # (950 - 5 - 15) x 1 s / 1000 s; by what left 0.745


def test_that_an_orders_course_is_told_from_its_beginning_to_its_end(shop: Any) -> None:
    one, two = (part.course for part in orders(two_orders(shop)))
    assert one is not None
    assert two is not None
    assert (one.began_ns, one.began_earlier, one.ended_ns, one.open) == (at(0), True, at(1200), False)
    assert (one.good, one.to_go) == (1170, 0)
    assert one.ahead_s == pytest.approx(870 / 0.8 - 1000)  # 870 pieces take 1087.5 s at 80 % OEE
    assert (two.began_ns, two.began_earlier, two.ended_ns) == (at(1000), False, None)
    assert two.to_go == 2000 - 930
    assert two.to_go_s == pytest.approx(1070 * 1000 / 930)


def test_that_an_order_goes_on_over_the_border_of_a_window(shop: Any) -> None:
    made = two_orders(shop)
    _, two = orders(made, 500, 2000)
    (late,) = [part for part in orders(made, 1500, 2000) if part.name == "2"]
    assert late.course == two.course  # whatever window is asked for
    assert late.kpi.planned_busy_s == 500


def test_that_an_order_that_ended_without_its_quantity_says_what_it_lacks(shop: Any) -> None:
    made = two_orders(shop)
    made.say(0.5, "Press", "OrderQuantity", 1500.0)
    made.say(0.5, "Oven", "OrderQuantity", 1500.0)
    made.figures(0, 2000)
    one, _ = orders(made)
    assert one.course is not None
    assert one.course.to_go == 1500 - 1170


def test_that_of_a_unit_its_own_pieces_count(shop: Any) -> None:
    made = two_orders(shop)
    one, two = parts(made.line, made.plant, "Oven", By.ORDER, at(0), at(2000))
    assert (one.kpi.good, two.kpi.good) == (1170, 745)
    assert isnan(one.begun_before)
    assert one.course is not None
    assert isnan(one.course.ahead_s)  # the oven has no target of its own


def test_that_a_parallel_way_leaves_an_order_measured_by_what_left(shop: Any) -> None:
    made = shop({"Press": 1.0, "Twin": 1.0, "Oven": 0.5}, products=ONE_CYCLE, constraint="Press")
    oven = (Feed(to="Oven"),)
    units: tuple[Unit, ...] = tuple(replace(unit, feeds=() if unit.id == "Oven" else oven) for unit in made.line.units)
    made.line = replace(made.line, units=units)
    for unit in ("Press", "Twin", "Oven"):
        made.states(unit, {0: "Execute"})
        made.say(0, unit, "Order", "1")
        made.counts(unit, {0: 0, 1000: 500 if unit != "Oven" else 990}, {0: 0, 1000: 0})
    made.figures(0, 1000)
    (one,) = orders(made, 0, 1000)
    assert one.kpi.good == 990
    assert isnan(one.begun_before)
    assert one.kpi.oee_index == 0.99


def test_that_a_machine_behind_that_does_not_count_scrap_leaves_it_so_too(shop: Any) -> None:
    quiet = shop({"Press": 1.0, "Oven": 0.5}, products=ONE_CYCLE, constraint="Press")
    for unit in ("Press", "Oven"):
        quiet.states(unit, {0: "Execute"})
        quiet.say(0, unit, "Order", "1")
    quiet.counts("Press", {0: 0, 1000: 500}, {0: 0, 1000: 0})
    quiet.counts("Oven", {0: 0, 1000: 400})
    quiet.figures(0, 1000)
    (one,) = orders(quiet, 0, 1000)
    assert isnan(one.begun_before)
