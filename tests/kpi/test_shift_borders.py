"""Figures of shifts that a break cuts, that go over midnight or over a change of clocks, and of days without one. Reckoned by hand."""

from __future__ import annotations

from datetime import datetime, time
from math import isnan
from typing import Any

import pytest

from tests.kpi.conftest import MIDNIGHT_NS
from twin_app.kpi.detail import detail
from twin_app.kpi.parts import parts
from twin_app.model.equipment import Break, Shift
from twin_app.model.kpi import By, Kpi
from twin_app.model.packml import Category

WEEKDAYS, EVERY_DAY = (0, 1, 2, 3, 4), tuple(range(7))
EARLY = Shift(name="early", start=time(6), end=time(14), days=WEEKDAYS, breaks=(Break(name="lunch", start=time(10), end=time(10, 30)),))
NIGHT = Shift(name="night", start=time(22), end=time(6), days=EVERY_DAY, breaks=(Break(name="meal", start=time(1), end=time(1, 30)),))
IN_THE_GAP = Shift(
    name="night", start=time(22), end=time(6), days=EVERY_DAY, breaks=(Break(name="meal", start=time(2, 15), end=time(2, 45)),)
)
WINTER, SUMMER = "+01:00", "+02:00"


def second(text: str) -> float:
    """Return an instant with its offset as the shop counts."""
    return datetime.fromisoformat(text).timestamp() - MIDNIGHT_NS / 1e9


def at_work(shop: Any, shift: Shift, start: float, end: float, pieces: int, stop: tuple[float, float] | None = None) -> Any:
    """Return a press of one piece a second that executes from start to end but for a stop, and counts its pieces at the end."""
    made = shop({"Press": 1.0}, zone="Europe/Berlin", shifts=(shift,))
    made.states("Press", {start: "Execute"} | ({stop[0]: "Aborted", stop[1]: "Execute"} if stop else {}))
    made.counts("Press", {start: 0, end - 1: pieces}, {start: 0, end - 1: 0})
    return made


def spent(made: Any, start: float, end: float) -> tuple[dict[str, float], Kpi]:
    """Return the press's ledger in seconds, and its figures."""
    found = made.figures(start, end).units["Press"]
    return {str(category): ns / 1e9 for category, ns in found.ledger.category_ns.items() if ns}, found.kpi


def test_that_a_stop_over_a_break_costs_what_lies_outside_of_it_and_is_one_failure(shop: Any) -> None:
    start, end = second(f"2026-01-08T06:00{WINTER}"), second(f"2026-01-08T14:00{WINTER}")  # a Thursday
    stop = second(f"2026-01-08T09:57{WINTER}"), second(f"2026-01-08T10:33{WINTER}")
    made = at_work(shop, EARLY, start, end, 13_500, stop)
    ledger, kpi = spent(made, start, end)
    assert ledger == {"production": 28_800 - 1800 - 360, "failure": 180 + 180, "planned": 1800}
    assert (kpi.planned_busy_s, kpi.availability, kpi.oee_index) == (27_000, 26_640 / 27_000, 0.5)
    more = detail(made.line, made.plant, "Press", *made_window(start, end))
    assert (more.failures, more.mtbf_s, more.mttr_s) == (1, 26_640, 360)
    ledger, _ = spent(made, start - 3600, end + 3600)  # an hour more at either side is planned, not lost
    assert ledger["planned"] == 1800 + 2 * 3600
    assert ledger["production"] == 26_640


def test_that_a_break_begins_and_ends_to_the_nanosecond(shop: Any) -> None:
    start, end = second(f"2026-01-08T06:00{WINTER}"), second(f"2026-01-08T14:00{WINTER}")
    made = at_work(shop, EARLY, start, end, 1)
    lunch_ns = made_window(second(f"2026-01-08T10:00{WINTER}"), second(f"2026-01-08T10:30{WINTER}"))
    made.figures(start, end)
    found = made.plant.ledger("Press", lunch_ns[0] - 1, lunch_ns[1] + 1).category_ns
    assert {category: ns for category, ns in found.items() if ns} == {Category.PRODUCTION: 2, Category.PLANNED: 1800 * 10**9}


def test_that_a_day_without_a_shift_is_planned_and_has_no_figure(shop: Any) -> None:
    start, end = second(f"2026-01-10T06:00{WINTER}"), second(f"2026-01-10T14:00{WINTER}")  # a Saturday
    made = at_work(shop, EARLY, start, end, 100)
    ledger, kpi = spent(made, start, end)
    assert ledger == {"planned": 28_800}
    assert kpi.planned_busy_s == 0
    assert isnan(kpi.availability)
    assert isnan(kpi.oee_index)
    assert [(part.name, part.kpi.planned_busy_s) for part in parts(made.line, made.plant, "Press", By.SHIFT, *made_window(start, end))] == [
        ("", 0)
    ]


def test_that_a_night_is_one_shift_over_midnight_and_its_hours_are_cut_there(shop: Any) -> None:
    start, end = second(f"2026-01-08T22:00{WINTER}"), second(f"2026-01-09T06:00{WINTER}")
    stop = second(f"2026-01-08T23:55{WINTER}"), second(f"2026-01-09T00:10{WINTER}")
    made = at_work(shop, NIGHT, start, end, 13_500, stop)
    ledger, kpi = spent(made, start, end)
    assert ledger == {"production": 28_800 - 1800 - 900, "failure": 900, "planned": 1800}
    assert kpi.oee_index == 0.5
    (shift,) = parts(made.line, made.plant, "Press", By.SHIFT, *made_window(start, end))
    assert (shift.name, shift.kpi.production_s) == ("night", 26_100)
    hours = parts(made.line, made.plant, "Press", By.HOUR, *made_window(start, end))
    assert [part.kpi.production_s for part in hours] == [3600, 3300, 3000, 1800, 3600, 3600, 3600, 3600]
    assert [part.kpi.planned_busy_s for part in hours] == [3600, 3600, 3600, 1800, 3600, 3600, 3600, 3600]


@pytest.mark.parametrize(
    ("start", "end", "hours", "shift"),
    [
        (f"2026-03-28T22:00{WINTER}", f"2026-03-29T06:00{SUMMER}", 7, NIGHT),
        (f"2026-10-24T22:00{SUMMER}", f"2026-10-25T06:00{WINTER}", 9, NIGHT),
        (f"2026-03-28T22:00{WINTER}", f"2026-03-29T06:00{SUMMER}", 7, IN_THE_GAP),
        (f"2026-10-24T22:00{SUMMER}", f"2026-10-25T06:00{WINTER}", 9, IN_THE_GAP),
    ],
    ids=["spring", "autumn", "a break in the hour that is left out", "a break in the hour that comes twice"],
)
def test_that_a_night_over_a_change_of_clocks_is_measured_by_its_real_time(
    shop: Any, start: str, end: str, hours: int, shift: Shift
) -> None:
    first, last = second(start), second(end)
    assert last - first == hours * 3600
    busy_s = hours * 3600 - 1800  # the break lasts half an hour, whatever the clocks do in it
    made = at_work(shop, shift, first, last, busy_s // 2)
    ledger, kpi = spent(made, first, last)
    assert ledger == {"production": busy_s, "planned": 1800}
    assert (kpi.planned_busy_s, kpi.availability, kpi.oee_index) == (busy_s, 1.0, 0.5)
    (whole,) = parts(made.line, made.plant, "Press", By.SHIFT, *made_window(first, last))
    assert whole.kpi.planned_busy_s == busy_s
    told = [str(part.name)[11:] for part in parts(made.line, made.plant, "Press", By.HOUR, *made_window(first, last))]
    at_night = [f"02:00{SUMMER}", f"02:00{WINTER}"] if hours == 9 else []
    assert len(told) == hours
    assert [name for name in told if name.startswith("02:")] == at_night


def made_window(start: float, end: float) -> tuple[int, int]:
    """Return a window in UTC ns."""
    return MIDNIGHT_NS + round(start * 1e9), MIDNIGHT_NS + round(end * 1e9)
