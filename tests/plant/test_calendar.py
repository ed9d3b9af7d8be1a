from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from twin_app.model.equipment import Break, Shift
from twin_app.plant.calendar import Calendar

EVERY_DAY = tuple(range(7))
HOUR_NS = 3_600 * 10**9
NIGHT = Shift(name="night", start=time(22), end=time(6), days=EVERY_DAY, breaks=(Break(name="meal", start=time(1), end=time(1, 30)),))
EARLY = Shift(
    name="early", start=time(6), end=time(14), days=(0, 1, 2, 3, 4),
    breaks=(Break(name="coffee", start=time(8), end=time(8, 15)), Break(name="lunch", start=time(11, 30), end=time(12))),
)  # fmt: skip
LATE = Shift(name="late", start=time(14), end=time(22), days=(0, 1, 2, 3, 4))


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 10**9


def calendar(make_bench: Any, *shifts: Shift, zone: str = "UTC") -> Calendar:
    return Calendar(make_bench(shifts=shifts, zone=zone).line)


def busy(made: Calendar, start: str, end: str) -> list[tuple[int, int]]:
    bounds = made.bounds(utc(start), utc(end)).tolist()
    return list(zip(bounds[::2], bounds[1::2], strict=True))


def test_that_breaks_interrupt_a_shift_and_shifts_that_touch_are_one_busy_span(make_bench: Any) -> None:
    found = busy(calendar(make_bench, EARLY, LATE), "2026-01-05 05:00", "2026-01-05 23:00")  # a Monday
    assert found == [
        (utc("2026-01-05 06:00"), utc("2026-01-05 08:00")),
        (utc("2026-01-05 08:15"), utc("2026-01-05 11:30")),
        (utc("2026-01-05 12:00"), utc("2026-01-05 22:00")),
    ]


def test_that_days_without_a_shift_are_not_busy(make_bench: Any) -> None:
    made = calendar(make_bench, EARLY)
    assert busy(made, "2026-01-03 00:00", "2026-01-04 23:00") == []  # a weekend
    assert made.shift_start(utc("2026-01-03 07:00")) is None


@pytest.mark.parametrize(
    ("evening", "hours"), [("2026-03-28 21:30", 7), ("2026-10-24 20:30", 9), ("2026-06-10 20:30", 8)], ids=["spring", "autumn", "summer"]
)
def test_that_a_night_over_the_change_of_clocks_has_seven_or_nine_hours(make_bench: Any, evening: str, hours: int) -> None:
    made = calendar(make_bench, NIGHT, zone="Europe/Berlin")
    start = made.shift_start(utc(evening))
    assert start is not None
    assert datetime.fromtimestamp(start // 10**9, ZoneInfo("Europe/Berlin")).hour == 22
    assert made.shift_start(start + hours * HOUR_NS - 1) == start
    assert made.shift_start(start + hours * HOUR_NS) is None
    spans = [(a, b) for a, b in busy(made, evening, evening[:10] + " 23:59") if start <= a < start + hours * HOUR_NS]
    assert sum(b - a for a, b in spans) == hours * HOUR_NS - HOUR_NS // 2


def test_that_a_break_after_midnight_belongs_to_the_night_that_began_before(make_bench: Any) -> None:
    found = busy(calendar(make_bench, NIGHT), "2026-01-05 22:00", "2026-01-06 05:59")
    assert found == [(utc("2026-01-05 22:00"), utc("2026-01-06 01:00")), (utc("2026-01-06 01:30"), utc("2026-01-06 06:00"))]


def test_that_a_shift_of_a_whole_day_ends_where_it_starts(make_bench: Any) -> None:
    made = calendar(make_bench, Shift(name="all", start=time(6), end=time(6), days=EVERY_DAY))
    assert made.shift_start(utc("2026-01-06 05:59")) == utc("2026-01-05 06:00")
    assert made.shift_start(utc("2026-01-06 06:00")) == utc("2026-01-06 06:00")


def test_that_of_overlapping_shifts_the_one_that_started_last_is_in_force(make_bench: Any) -> None:
    made = calendar(make_bench, EARLY, Shift(name="handover", start=time(13), end=time(15), days=EVERY_DAY))
    assert made.shift_start(utc("2026-01-05 13:30")) == utc("2026-01-05 13:00")
    assert busy(made, "2026-01-05 12:00", "2026-01-05 20:00")[2:] == [(utc("2026-01-05 12:00"), utc("2026-01-05 15:00"))]


def test_that_zones_east_and_west_place_the_same_wall_clock_apart(make_bench: Any) -> None:
    shanghai = calendar(make_bench, EARLY, zone="Asia/Shanghai").shift_start(utc("2026-01-05 01:00"))
    chicago = calendar(make_bench, EARLY, zone="America/Chicago").shift_start(utc("2026-01-05 14:00"))
    assert (shanghai, chicago) == (utc("2026-01-04 22:00"), utc("2026-01-05 12:00"))


def test_that_a_line_without_shifts_has_no_shift_in_force(bench: Any) -> None:
    assert bench.plant.shift_start(utc("2026-01-05 07:00")) is None


# The bench's midnight is a Thursday: shift from 100 s to 1000 s of the day, break from 400 s to 500 s.
MORNING = Shift(
    name="short", start=time(0, 1, 40), end=time(0, 16, 40), days=EVERY_DAY,
    breaks=(Break(name="pause", start=time(0, 6, 40), end=time(0, 8, 20)),),
)  # fmt: skip


def test_that_time_outside_the_shift_is_planned_whatever_is_known(make_bench: Any) -> None:
    bench = make_bench(shifts=(MORNING,))
    bench.states({200: "Execute"})
    assert bench.spent(0, 1200) == {"planned": 100 + 100 + 200, "blind": 100, "production": 200 + 500}
    assert bench.in_states(0, 1200) == {"blind": 200, "Execute": 1000}


def test_that_state_goes_on_through_a_break(make_bench: Any) -> None:
    bench = make_bench(shifts=(MORNING,))
    bench.states({200: "Execute"})
    bench.fold()
    night = bench.plant.now("Filler", 1_767_225_600 * 10**9 + 450 * 10**9)
    assert (night.category, night.since_ns) == ("planned", 1_767_225_800 * 10**9)


def test_that_a_stop_is_cut_by_a_break_and_its_pieces_judged_apart(make_bench: Any) -> None:
    bench = make_bench(shifts=(MORNING,))
    bench.states({50: "Execute", 300: "Held", 590: "Execute"})
    assert bench.spent(100, 600) == {"production": 210, "planned": 100, "minor_stop": 100 + 90}
    assert bench.spent(100, 399) == {"production": 200, "internal_stop": 99}


def test_that_days_later_the_calendar_still_turns_without_a_word_from_the_plant(make_bench: Any) -> None:
    bench = make_bench(shifts=(MORNING,))
    bench.states({0: "Execute"})
    day = 86_400
    assert bench.spent(0, 10) == {"planned": 10}
    assert bench.spent(40 * day, 41 * day) == {"production": 800, "planned": day - 800}
    assert bench.spent(-30 * day, -29 * day) == {"blind": 800, "planned": day - 800}
    assert bench.spent(0, 41 * day) == {"production": 41 * 800, "planned": 41 * (day - 800)}
