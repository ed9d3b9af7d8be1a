from datetime import time
from math import isnan
from typing import Any

import pytest

from twin_app.kpi.detail import detail, spent, times_of
from twin_app.model.equipment import Break, Shift
from twin_app.model.kpi import Detail, Loss, Spent
from twin_app.model.packml import CATEGORIES, Category, State
from twin_app.model.timeline import Ledger

BREAK = Shift(name="day", start=time(0), end=time(1), days=tuple(range(7)), breaks=(Break(name="tea", start=time(0, 10), end=time(0, 20)),))


def of(made: Any, start: float, end: float, unit: str = "Press") -> Detail:
    figures = made.figures(start, end)
    return detail(made.line, made.plant, unit, figures.start_ns, figures.end_ns)


def rows(made: Any, start: float, end: float) -> list[Spent]:
    figures = made.figures(start, end)
    return list(spent(made.line, made.plant, "Press", figures.start_ns, figures.end_ns))


def test_vector_6_out_of_a_ledger() -> None:
    # DOMAIN V6: POT 480, PBT 450, APT 350, AUST 40, ADET 35, ADOT 25 minutes
    minutes = {
        Category.PRODUCTION: 350,
        Category.SETUP: 40,
        Category.FAILURE: 20,
        Category.MINOR_STOP: 15,
        Category.NO_ORDER: 25,
        Category.PLANNED: 30,
    }
    ns = {category: minutes.get(category, 0) * 60 * 10**9 for category in CATEGORIES}
    times = times_of(Ledger(0, 480 * 60 * 10**9, ns, {State.EXECUTE: 480 * 60 * 10**9}, 0))
    assert (times.planned_busy_s, times.processing_s, times.busy_s, times.down_s) == (450 * 60, 390 * 60, 425 * 60, 25 * 60)
    assert (times.delay_s, times.planned_down_s, times.blind_s) == (35 * 60, 30 * 60, 0)


def test_that_one_stay_in_the_failed_states_is_one_failure_however_many_of_them_it_passes(shop: Any) -> None:
    made = shop({"Press": 1.0})
    said = {0: "Execute", 100: "Aborting", 101: "Aborted", 340: "Clearing", 350: "Stopped", 360: "Execute", 500: "Aborted", 700: "Execute"}
    made.states("Press", said)
    found = of(made, 0, 1000)
    # production 100 + 140 + 300; failed 250 + 200 s
    assert (found.failures, found.mtbf_s, found.mttr_s) == (2, 540 / 2, 450 / 2)


def test_that_a_failure_that_began_before_the_window_is_none_of_its_events_but_costs_its_time(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {0: "Execute", 100: "Aborted", 400: "Execute"})
    found = of(made, 200, 1000)
    assert found.failures == 0
    assert isnan(found.mtbf_s)
    assert isnan(found.mttr_s)
    assert found.losses_s[Loss.FAILURE] == 200


def test_that_a_machine_found_failed_when_it_is_first_heard_began_no_failure(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {100: "Clearing", 110: "Stopped", 200: "Execute", 500: "Aborted", 560: "Execute"})
    found = of(made, 0, 1000)
    # One began, at 500 s; the time from 100 to 110 s is a failure's whose beginning nobody saw: (10 + 60) s to restore, (300 + 440) s of production.
    assert (found.failures, found.mttr_s, found.mtbf_s) == (1, 70, 740)
    assert of(made, 0, 400).failures == 0
    assert isnan(of(made, 0, 400).mttr_s)


def test_that_a_failure_nobody_saw_begin_is_one_if_the_machine_ran_before_nobody_knew(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.say(0, "@plc", "Connected", 1)
    made.states("Press", {0: "Execute"})
    made.say(300, "@plc", "Connected", 0)
    made.say(400, "@plc", "Connected", 1)
    made.states("Press", {410: "Aborted", 500: "Execute", 600: "Aborted"})
    made.say(700, "@plc", "Connected", 0)
    made.say(800, "@plc", "Connected", 1)
    made.states("Press", {810: "Clearing", 820: "Execute"})
    # It broke down between 300 and 410 s, in whatever part of the window that lies; from 600 to 820 s it is one and the same.
    assert [of(made, start, end).failures for start, end in ((0, 400), (350, 550), (405, 550), (650, 1000), (750, 1000))] == [0, 1, 1, 0, 0]
    assert of(made, 0, 1000).failures == 2


def test_that_a_failure_in_a_break_is_an_event_and_no_restoration_time(shop: Any) -> None:
    made = shop({"Press": 1.0}, shifts=(BREAK,))
    made.states("Press", {0: "Execute", 500: "Aborted", 1500: "Execute"})
    # the break is 600 to 1200 s: 400 s of the failure are busy time
    assert (of(made, 0, 3600).failures, of(made, 0, 3600).mttr_s) == (1, 400)


def test_that_losses_and_the_ideal_time_of_good_pieces_add_up_to_the_planned_busy_time(shop: Any) -> None:
    made = shop({"Press": 2.0}, shifts=(BREAK,))
    made.states(
        "Press",
        {0: "Starting", 20: "Execute", 300: "Held", 330: "Execute", 1200: "Suspended", 1400: "Execute", 2000: "Aborted", 2400: "Execute"},
    )
    made.counts("Press", {0: 0.0, 10: 4.0, 299: 104.0, 1900: 500.0, 3590: 900.0}, {0: 0.0, 10: 4.0, 299: 14.0, 3590: 24.0})
    found = of(made, 0, 3600)
    lost = found.losses_s
    assert lost[Loss.STARTUP] == 4 * 2.0
    assert lost[Loss.DEFECTS] == 20 * 2.0
    assert lost[Loss.MINOR_STOPS] == 30  # Held for half a minute
    assert lost[Loss.OTHER_STOPS] == 20  # Starting: what was before it nobody knows
    assert lost[Loss.FAILURE] == 400
    assert lost[Loss.NEIGHBOURS] == 200
    assert lost[Loss.SPEED] == found.times.production_s - 2.0 * 900
    assert sum(lost.values()) + 2.0 * (900 - 24) == pytest.approx(found.times.planned_busy_s, abs=1e-6)
    assert found.times.planned_busy_s == 3000


def test_that_without_a_counter_of_reworked_pieces_nobody_knows_the_first_pass_yield(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {0: "Execute"})
    made.counts("Press", {0: 0.0, 100: 100.0}, {0: 0.0, 100: 5.0})
    assert isnan(of(made, 0, 100).first_pass_yield)
    made.say(0, "Press", "Reworked", 0.0)
    made.say(90, "Press", "Reworked", 10.0)
    found = of(made, 0, 100)
    assert (found.first_pass_yield, found.rework_ratio, found.scrap_ratio) == (0.85, 0.10, 0.05)


def test_that_blind_time_is_in_no_time_but_its_own(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {40: "Execute"})
    times = of(made, 0, 100).times
    assert (times.blind_s, times.planned_busy_s, times.busy_s) == (40, 60, 60)


def test_that_the_intervals_behind_the_figures_add_up_to_them(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {10: "Execute", 200: "Aborted", 500: "Execute"})
    made.counts("Press", {10: 0.0, 110: 80.0, 600: 160.0}, {10: 0.0, 110: 8.0, 600: 10.0})
    found = rows(made, 0, 700)
    assert [(r.state, r.category) for r in found] == [
        (None, Category.BLIND), (State.EXECUTE, Category.PRODUCTION), (State.ABORTED, Category.FAILURE), (State.EXECUTE, Category.PRODUCTION)
    ]  # fmt: skip
    assert [(r.end_ns - r.start_ns) / 1e9 for r in found] == [10, 190, 300, 200]
    assert [(r.produced, r.scrap) for r in found[1:]] == [(80, 8), (0, 0), (80, 2)]
    kpi = made.figures(0, 700).units["Press"].kpi
    assert sum(r.good for r in found[1:]) == kpi.good


def test_that_a_unit_that_counts_nothing_has_unknown_losses_of_speed_and_known_ones_of_time(shop: Any) -> None:
    made = shop({"Press": 1.0})
    made.states("Press", {0: "Execute", 100: "Aborted", 400: "Execute"})
    lost = of(made, 0, 500).losses_s
    assert isnan(lost[Loss.SPEED])
    assert isnan(lost[Loss.DEFECTS])
    assert lost[Loss.FAILURE] == 300
