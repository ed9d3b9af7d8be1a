"""Where shifts stand in a month, and where keys lead."""

from __future__ import annotations

from datetime import date

from twin_app.finding.slots import Slot
from twin_app.finding.summary import Summary, nothing
from twin_app.model.kpi import Kpi
from ui.finding.grid import oee_words
from ui.finding.month import Month, near


def shift(day: int, number: int) -> Summary:
    start = (day * 3 + number) * 100
    return nothing(Slot(start, start + 100, date(2026, 3, day), number, f"{number}"))


THREE = tuple(shift(day, number) for day in (2, 3, 31) for number in (1, 2, 3))


def test_that_march_2026_begins_on_a_sunday_and_has_six_weeks() -> None:
    weeks = Month.of(date(2026, 3, 15)).weeks
    assert (weeks[0][0], weeks[0][6], weeks[-1][6]) == (date(2026, 2, 23), date(2026, 3, 1), date(2026, 4, 5))
    assert len(weeks) == 6


def test_that_months_turn_over_the_year() -> None:
    december = Month.of(date(2026, 12, 9))
    assert (december.turned(1).first, december.turned(-12).first, december.after) == (date(2027, 1, 1), date(2025, 12, 1), date(2027, 1, 1))


def test_that_up_and_down_go_through_all_shifts_and_left_and_right_to_the_same_shift_of_the_nearest_day() -> None:
    month = Month.of(date(2026, 3, 2), THREE)
    assert month.beside(THREE[2], 1) is THREE[3]
    assert month.beside(THREE[0], -1) is THREE[0]
    assert month.across(THREE[1], 1) is THREE[4]
    assert month.across(THREE[4], 1) is THREE[7], "the 31st is the next day that has any"
    assert month.across(THREE[7], -1) is THREE[4]
    assert month.across(THREE[7], 1) is THREE[7]


def test_that_the_shift_nearest_to_an_instant_is_the_one_it_lies_in_or_the_last_before() -> None:
    assert near(THREE, THREE[4].slot.start_ns + 1) is THREE[4]
    assert near(THREE, THREE[6].slot.start_ns - 1) is THREE[5]
    assert near(THREE, 0) is THREE[0]
    assert near((), 0) is None


def test_that_an_oee_of_which_little_is_known_is_shown_by_its_bounds() -> None:
    assert oee_words(Kpi(oee_index=0.842, oee_low=0.84, oee_high=0.85)) == "84.2 %"
    assert oee_words(Kpi(oee_index=0.014, oee_low=0.0004, oee_high=0.976)) == "0–98 %"
    assert oee_words(Kpi()) == "–"
