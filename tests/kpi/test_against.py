"""Output against plan. Expectations are reckoned by hand."""

from __future__ import annotations

from datetime import time
from math import isnan
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from twin_app.kpi.against import against
from twin_app.kpi.plan_words import ahead_told, projection_told
from twin_app.model.against import Against
from twin_app.model.entry import Entry, EntryKind
from twin_app.model.equipment import Break, Shift, Targets

HOUR = Shift(name="one", start=time(0), end=time(1), days=tuple(range(7)), breaks=(Break(name="tea", start=time(0, 40), end=time(0, 50)),))
UTC = ZoneInfo("UTC")


def planned(made: Any, second: float, unit: str | None = None) -> Against | None:
    found = made.figures(0, second)
    return against(made.line, made.plant, unit, found.line if unit is None else found.units[unit].kpi, found.start_ns, found.end_ns)


def half_speed(shop: Any, **changes: Any) -> Any:
    """Half a piece a second against one ideal; 50 minutes of the hour are planned busy."""
    given = {"shifts": (HOUR,), "targets": Targets(good_per_shift=2000, oee_index=0.8), **changes}
    made = shop({"Press": 1.0}, **given)
    made.states("Press", {0: "Execute"})
    made.counts("Press", {0: 0, 1500: 750, 2400: 1200, 3000: 1200, 3600: 1500}, {0: 0})
    return made


def test_that_the_plan_is_spread_over_the_planned_busy_time_and_the_rate_goes_on(shop: Any) -> None:
    found = planned(half_speed(shop), 1500)
    assert found is not None
    assert (found.due, found.good, found.ahead, found.left_s) == (1000, 750, -250, 1500)
    assert (found.projected, found.projected_low, found.projected_high) == (1500, 1500, 1500)
    assert found.oee_target == 0.8
    assert ahead_told(found) == "250 behind plan"
    assert projection_told(found, UTC) == "projected 1\u2009500 by 01:00"


def test_that_nothing_is_due_in_a_break_and_all_at_the_end(shop: Any) -> None:
    made = half_speed(shop)
    for second, expected in ((2400, (1600, 600)), (2700, (1600, 600)), (3600, (2000, 0))):
        found = planned(made, second)
        assert found is not None
        assert (found.due, found.left_s) == expected
    assert found is not None
    assert projection_told(found, UTC) == ""


def test_that_a_break_that_is_entered_moves_the_plan(shop: Any) -> None:
    made = half_speed(shop)
    made.figures(0, 1500)
    start_ns = made.figures(0, 1500).start_ns
    cleaning = Entry(id="1", kind=EntryKind.CLEANING, start_ns=start_ns, end_ns=start_ns + 300 * 10**9, known_ns=0)
    made.plant.declare([cleaning])
    found = planned(made, 1500)
    assert found is not None
    assert (found.gone_s, found.left_s, found.due) == (1200, 1500, 2000 * 1200 / 2700)


def test_that_blind_time_makes_the_projection_a_range(shop: Any) -> None:
    made = shop({"Press": 1.0}, shifts=(HOUR,), targets=Targets(good_per_shift=2000))
    made.states("Press", {0: "Execute", 700: "Execute"})
    made.counts("Press", {0: 0, 600: 300, 700: 350, 1000: 500}, {0: 0})
    made.say(0, "@plc", "Connected", 1.0)
    made.say(600, "@plc", "Connected", 0.0)
    made.say(700, "@plc", "Connected", 1.0)
    found = planned(made, 1000)
    assert found is not None
    # 300 + 150 known pieces in 900 known seconds; 100 s blind; 2000 s left
    assert (found.good, found.gone_s, found.left_s) == (450, 1000, 2000)
    assert found.projected == pytest.approx(450 + 0.5 * 2000)
    assert found.projected_low == pytest.approx(450 + 0.45 * 2000)
    assert found.projected_high == pytest.approx(550 + 0.55 * 2000)
    assert projection_told(found, UTC) == "projected 1\u2009350–1\u2009650 by 01:00"


def test_that_without_a_target_there_is_no_plan_and_still_a_projection(shop: Any) -> None:
    found = planned(half_speed(shop, targets=Targets()), 1500)
    assert found is not None
    assert found.target is None
    assert isnan(found.due)
    assert isnan(found.ahead)
    assert (ahead_told(found), found.projected) == ("no plan", 1500)


def test_that_without_a_shift_there_is_nothing_to_plan(shop: Any) -> None:
    assert planned(half_speed(shop, shifts=()), 1500) is None


def test_that_an_oee_is_told_once_ten_counts_fit_into_the_planned_time(shop: Any) -> None:
    made = shop(
        {"Press": 1.0, "Packer": 60.0}, ratios={"Packer": 60.0}, constraint="Press", shifts=(HOUR,), targets=Targets(good_per_shift=50)
    )
    for unit in ("Press", "Packer"):
        made.states(unit, {0: "Execute"})
    made.counts("Press", {0: 0, 599: 599, 600: 600}, {0: 0})
    made.counts("Packer", {0: 0, 30: 1, 90: 2, 590: 10}, {0: 0})
    early, told = made.figures(0, 599).line, made.figures(0, 600).line
    assert made.figures(0, 60).line.oee_index == 1.0
    assert (early.grain_s, early.early, told.early) == (60, True, False)
    assert isnan(early.oee_told)
    assert told.oee_told == told.oee_index == 1.0
    assert not made.figures(0, 599).units["Press"].kpi.early
    found = planned(made, 599)
    assert found is not None
    assert isnan(found.projected)
    assert projection_told(found, UTC) == "too early for a projection"
    assert list(made.trend(None, 0, 600, 2).oee_index)[1] == 1.0
    assert isnan(made.trend(None, 0, 600, 2).oee_index[0])
