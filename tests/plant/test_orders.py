"""What a unit works on and what that costs. Expectations are reckoned on the clock; rules are those of DOMAIN section 3."""

from __future__ import annotations

from typing import Any

import pytest

from twin_app.model.signal import CHANGEOVER, ORDER, ORDER_QUANTITY, PRODUCT
from twin_app.model.work import Run, Task

MIDNIGHT_NS = 1_767_225_600 * 10**9


def ns(second: float) -> int:
    return MIDNIGHT_NS + round(second * 1e9)


def test_that_a_changeover_told_by_its_mode_is_set_up_and_never_a_wait_or_a_minor_stop(bench: Any) -> None:
    bench.states({0: "Execute", 100: "Completing", 102: "Idle", 160: "Starting", 162: "Execute"})
    bench.say(100, "Mode", "Changeover")
    bench.say(162, "Mode", "Production")
    assert bench.spent(0, 300) == {"production": 238, "setup": 62}


@pytest.mark.parametrize("word", ["Setup", "CHANGEOVER", "Change-over"])
def test_that_a_machine_whose_word_for_its_state_means_a_changeover_is_set_up_and_not_blind(bench: Any, word: str) -> None:
    bench.states({0: "Execute", 100: word, 400: "Execute"})
    assert bench.spent(0, 500) == {"production": 200, "setup": 300}


def test_that_a_changeover_of_a_machine_that_nobody_hears_is_blind(bench: Any) -> None:
    bench.states({0: "Execute", 100: "Idle", 400: "Execute"})
    bench.say(100, CHANGEOVER, 1.0)
    bench.link(0, up=True)
    bench.link(200, up=False)
    bench.link(250, up=True)
    bench.say(400, CHANGEOVER, 0.0)
    assert bench.spent(0, 500) == {"production": 200, "setup": 100, "blind": 200}


def test_that_a_failure_in_a_changeover_is_a_failure(bench: Any) -> None:
    bench.states({0: "Execute", 100: "Idle", 300: "Aborted", 500: "Idle", 600: "Execute"})
    bench.say(100, CHANGEOVER, 1.0)
    bench.say(600, CHANGEOVER, 0.0)
    assert bench.spent(0, 700) == {"production": 200, "setup": 300, "failure": 200}


def test_that_time_without_an_order_is_down_and_no_delay_whatever_the_machine_does_then(bench: Any) -> None:
    bench.states({0: "Execute", 100: "Idle", 200: "Aborted", 400: "Suspended", 500: "Execute", 600: "Idle"})
    bench.say(0, ORDER, "PO-1")
    bench.say(100, ORDER, "No order")
    # what it produces without an order is production all the same
    assert bench.spent(0, 900) == {"production": 200, "no_order": 700}
    bench.say(700, ORDER, 4711.0)
    assert bench.spent(0, 900) == {"production": 200, "no_order": 500, "waiting": 200}


def test_that_runs_follow_what_was_told_whenever_it_came(bench: Any) -> None:
    bench.say(500, PRODUCT, "still")
    bench.say(500, ORDER, "")
    bench.say(100, PRODUCT, "fizzy")
    bench.say(90, ORDER, " PO-2 ")
    bench.say(90, ORDER_QUANTITY, 1200.0)
    bench.fold()
    two = Task("fizzy", "PO-2", 1200.0)
    assert bench.plant.runs("Filler", ns(0), ns(900)) == [
        Run(ns(0), ns(90), Task()), Run(ns(90), ns(100), Task(None, "PO-2", 1200.0)), Run(ns(100), ns(500), two),
        Run(ns(500), ns(900), Task("still", "", 1200.0)),
    ]  # fmt: skip
    assert bench.plant.runs("Filler", ns(200), ns(400)) == [Run(ns(200), ns(400), two)]
    assert bench.plant.now("Filler", ns(300)).task == two


def test_that_a_unit_that_tells_nothing_works_on_what_the_layout_says_who_tells(make_bench: Any) -> None:
    bench = make_bench(orders_from="Filler")
    bench.say(100, PRODUCT, "fizzy", unit="Filler")
    bench.fold()
    assert bench.plant.task("Capper", ns(200)) == Task("fizzy")
    bench.say(300, PRODUCT, "still", unit="Capper")
    bench.fold()
    assert bench.plant.task("Capper", ns(400)) == Task("still")
    assert bench.plant.task("Capper", ns(200)) == Task("fizzy")
