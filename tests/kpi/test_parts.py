"""A window in parts. Expectations are reckoned by hand."""

from __future__ import annotations

from datetime import time
from math import isnan
from typing import Any

import pytest

from twin_app.kpi.detail import line_detail
from twin_app.kpi.figures import figures
from twin_app.kpi.parts import parts
from twin_app.model.equipment import Product, Shift
from twin_app.model.kpi import By, Loss, Part

A_AND_B = (
    Product(id="A", title="Alpha", ideal_cycle_s={"Press": 1.0, "Oven": 1.0}),
    Product(id="B", title="Beta", ideal_cycle_s={"Press": 2.0, "Oven": 1.0}),
)
SHIFTS = tuple(Shift(name=n, start=time(a), end=time(b), days=tuple(range(7))) for n, a, b in (("one", 0, 1), ("two", 2, 3)))


def taken_apart(made: Any, unit: str | None, by: By, start: float, end: float) -> list[Part]:
    whole = made.figures(start, end)
    return list(parts(made.line, made.plant, unit, by, whole.start_ns, whole.end_ns))


def there_and_back(shop: Any, **changes: Any) -> Any:
    """Order 1 of A, order 2 of B, order 1 again; the oven has each 100 s later than the press."""
    made = shop({"Press": 1.0, "Oven": 1.0}, products=A_AND_B, constraint="Press", **changes)
    for unit, late in (("Press", 0), ("Oven", 100)):
        made.states(unit, {0: "Execute", late + 900: "Held", late + 1000: "Execute"})
        for second, product, order, quantity in ((0, "A", "1", 1500.0), (late + 1000, "B", "2", 600.0), (late + 2000, "A", "1", 1500.0)):
            made.say(second, unit, "Product", product)
            made.say(second, unit, "Order", order)
            made.say(second, unit, "OrderQuantity", quantity)
        seconds = (0, 10, 900, 1000, 1000 + 4, 2000, 2010, 3000)
        made.counts(unit, {min(s + late, 3000): n for s, n in zip(seconds, (0, 8, 700, 700, 702, 1100, 1108, 1900), strict=True)}, {0: 0})
    return made


def test_that_an_order_that_comes_back_is_reckoned_with_all_its_spans(shop: Any) -> None:
    one, two = taken_apart(there_and_back(shop), "Press", By.ORDER, 0, 3000)
    assert [(p.name, p.product, p.quantity, len(p.spans)) for p in (one, two)] == [("1", "A", 1500, 2), ("2", "B", 600, 1)]
    assert (one.kpi.good, one.kpi.planned_busy_s, one.kpi.availability, one.kpi.oee_index) == (1500, 2000, 0.95, 0.75)
    assert (two.kpi.good, two.kpi.planned_busy_s, two.kpi.availability, two.kpi.effectiveness) == (400, 1000, 1.0, 0.8)
    start_ns = one.spans[0][0]
    assert [p.first_piece_ns for p in (one, two)] == [start_ns + 10 * 10**9, start_ns + 1004 * 10**9]


def test_that_parts_by_product_add_up_to_the_whole(shop: Any) -> None:
    made = there_and_back(shop)
    found = taken_apart(made, "Press", By.PRODUCT, 0, 3000)
    whole = made.figures(0, 3000).units["Press"].kpi
    assert [part.name for part in found] == ["A", "B"]
    assert sum(part.kpi.good for part in found) == whole.good
    assert sum(part.kpi.planned_busy_s for part in found) == whole.planned_busy_s
    assert sum(part.kpi.oee_index * part.kpi.planned_busy_s for part in found) == pytest.approx(whole.oee_index * whole.planned_busy_s)


def test_that_pieces_leave_the_line_for_the_product_that_its_last_unit_works_on(shop: Any) -> None:
    a, b = taken_apart(there_and_back(shop), None, By.PRODUCT, 0, 3000)
    # of B the press took 1000 s, and the oven gave its 400 pieces from 1100 to 2100
    assert (b.kpi.planned_busy_s, b.kpi.good, b.kpi.oee_index) == (1000, 400, 0.8)
    assert (a.kpi.planned_busy_s, a.kpi.availability) == (2000, 0.95)


def test_that_hours_follow_the_clock_of_the_line_and_shifts_its_calendar(shop: Any) -> None:
    made = shop({"Press": 1.0}, zone="Asia/Kolkata")  # five hours and a half ahead: midnight UTC is 5:30
    made.states("Press", {0: "Execute"})
    hours = taken_apart(made, "Press", By.HOUR, 0, 7200)
    assert [(p.name, p.kpi.production_s) for p in hours] == [
        ("2026-01-01T05:30+05:30", 1800), ("2026-01-01T06:00+05:30", 3600), ("2026-01-01T07:00+05:30", 1800),
    ]  # fmt: skip
    made = shop({"Press": 1.0}, shifts=SHIFTS)
    made.states("Press", {0: "Execute"})
    shifts = taken_apart(made, "Press", By.SHIFT, 1800, 9000)
    assert [(p.name, p.kpi.production_s) for p in shifts] == [("one", 1800), ("", 0), ("two", 1800)]


def test_that_a_part_without_order_and_one_of_which_nobody_tells_are_told_apart(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {0: "Execute", 500: "Idle"})
    made.say(100, "Press", "Order", "7")
    made.say(500, "Press", "Order", "No order")
    assert [(p.name, p.quantity) for p in taken_apart(made, "Press", By.ORDER, 0, 900)] == [(None, None), ("7", None), ("", None)]


def test_that_the_line_has_its_constraints_times_and_what_left_it(shop: Any) -> None:
    made = shop({"Press": 1.0, "Oven": 0.5}, constraint="Press", ratios={"Oven": 10.0})
    made.states("Press", {0: "Execute", 800: "Aborted", 1000: "Execute"})
    made.states("Oven", {0: "Execute"})
    made.counts("Press", {0: 0, 2000: 1500}, {0: 0, 2000: 50})
    made.counts("Oven", {0: 0, 2000: 145}, {0: 0, 2000: 5})
    whole = made.figures(0, 2000)
    found = line_detail(made.line, made.plant, whole.start_ns, whole.end_ns)
    assert (found.failures, found.mttr_s, found.times.production_s) == (1, 200, 1800)
    # 50 bottles of the press and 5 boxes of ten of the oven are thrown out beside 140 good boxes
    assert found.scrap_ratio == 100 / 1500
    assert found.throughput_per_h == 1450 * 3600 / 2000
    assert isnan(found.first_pass_yield)  # nobody says how many were reworked
    assert sum(found.losses_s.values()) + whole.line.good == found.times.planned_busy_s
    assert found.losses_s[Loss.SPEED] == 1800 - 1450


def test_that_the_first_pass_yield_of_the_line_counts_what_was_thrown_out_anywhere(shop: Any) -> None:
    from dataclasses import replace

    made = shop({"Press": 1.0, "Oven": 0.5}, constraint="Press", ratios={"Oven": 10.0})
    made.line = replace(made.line, units=tuple(replace(unit, reworks=False) for unit in made.line.units))
    for unit in ("Press", "Oven"):
        made.states(unit, {0: "Execute"})
    made.counts("Press", {0: 0, 2000: 1500}, {0: 0, 2000: 50})
    made.counts("Oven", {0: 0, 2000: 145}, {0: 0, 2000: 5})
    whole = made.figures(0, 2000)
    assert whole == figures(made.line, made.plant, whole.start_ns, whole.end_ns)
    assert line_detail(made.line, made.plant, whole.start_ns, whole.end_ns).first_pass_yield == 1400 / 1500
