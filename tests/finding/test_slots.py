"""The slots that a span falls into: nights over midnight, nights of seven and nine hours, days of 23 and 25, and what lies outside of shifts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from tests.finding.shifts import HOUR_NS, LINE, MINUTE_NS, SHANGHAI, SHIFTS, local
from twin_app.finding.slots import slot_at, slots


def told(line_slots: object) -> list[tuple[str, str, float]]:
    return [(slot.key, slot.name, (slot.end_ns - slot.start_ns) / HOUR_NS) for slot in line_slots]  # type: ignore[attr-defined] # slots


def test_that_the_night_of_shanghai_belongs_to_the_day_on_which_it_starts() -> None:
    """02:00 on 3 March in China is 18:00 UTC on the 2nd: the night of the 2nd, which is two to ten in the evening by UTC."""
    night = slot_at(SHANGHAI, local("2026-03-03T02:00", "Asia/Shanghai"))
    assert (night.key, night.name) == ("2026-03-02/3", "Night")
    assert (night.start_ns, night.end_ns) == (local("2026-03-02T14:00", "UTC"), local("2026-03-02T22:00", "UTC"))


def test_that_the_night_in_which_berlin_sets_its_clocks_forward_has_seven_hours() -> None:
    assert told(slots(LINE, local("2026-03-28T22:00"), local("2026-03-29T06:00"))) == [("2026-03-28/3", "Night", 7.0)]


def test_that_the_night_in_which_berlin_sets_its_clocks_back_has_nine_hours() -> None:
    assert told(slots(LINE, local("2026-10-24T22:00"), local("2026-10-25T06:00"))) == [("2026-10-24/3", "Night", 9.0)]


def test_that_without_a_calendar_days_have_23_24_and_25_hours() -> None:
    line = replace(LINE, shifts=())
    assert told(slots(line, local("2026-03-28T12:00"), local("2026-03-30T00:00"))) == [
        ("2026-03-28/0", "", 24.0),
        ("2026-03-29/0", "", 23.0),
    ]
    assert told(slots(line, local("2026-10-25T00:00"), local("2026-10-25T23:59"))) == [("2026-10-25/0", "", 25.0)]


def test_that_what_lies_outside_of_shifts_is_a_slot_too_and_all_together_cover_the_span() -> None:
    """An early shift alone, on weekdays: Friday 6 to 14, then nothing until Monday."""
    line = replace(LINE, shifts=(replace(SHIFTS[0], days=(0, 1, 2, 3, 4)),))
    start, end = local("2026-03-06T05:00"), local("2026-03-09T07:00")
    found = slots(line, start, end)
    assert told(found) == [
        ("2026-03-06/0", "", 6.0), ("2026-03-06/1", "Early", 8.0), ("2026-03-06/0", "", 10.0), ("2026-03-07/0", "", 24.0),
        ("2026-03-08/0", "", 24.0), ("2026-03-09/0", "", 6.0), ("2026-03-09/1", "Early", 8.0),
    ]  # fmt: skip
    assert all(one.end_ns == other.start_ns for one, other in pairwise(found))
    assert found[0].start_ns <= start < end <= found[-1].end_ns


def test_that_a_span_of_no_length_has_none_and_a_border_belongs_to_the_shift_that_begins() -> None:
    border = local("2026-03-02T14:00")
    assert slots(LINE, border, border) == ()
    assert slot_at(LINE, border).name == "Late"
    assert slot_at(LINE, border - MINUTE_NS).name == "Early"
