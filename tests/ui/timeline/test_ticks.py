"""Round local times on an axis, also where the clocks change."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from ui.timeline.ticks import step_for, ticks

S = 1_000_000_000
SHANGHAI, BERLIN, KATHMANDU = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu")


def utc(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * S


@pytest.mark.parametrize(
    ("span_s", "width", "step_s"),
    [(200, 1000, 10), (200, 500, 30), (8 * 3600, 1200, 1800), (8 * 3600, 500, 3600), (0.5, 1000, 0.05), (100 * 86_400, 1000, 7 * 86_400)],
)
def test_that_the_step_is_the_shortest_round_one_with_room_for_its_text(span_s: float, width: int, step_s: float) -> None:
    """A text of 50 px: 200 s on 1000 px are 10 s a text, on 500 px 20 s; 8 h on 1200 px 20 min; 100 days 5 days."""
    assert step_for(round(span_s * S), width, 50) == round(step_s * S)


def test_that_ticks_stand_at_round_local_times_not_at_round_utc() -> None:
    start = utc("2026-11-23 09:25:57")
    assert [t.text for t in ticks(start, start + 30 * 60 * S, 600 * S, KATHMANDU)] == ["15:20", "15:30", "15:40"]


def test_that_midnight_carries_the_date() -> None:
    found = ticks(utc("2026-11-23 15:30:00"), utc("2026-11-23 16:30:00"), 1800 * S, SHANGHAI)
    assert [(t.text, t.major) for t in found] == [("23:30", False), ("2026-11-24", True), ("00:30", False)]


def test_that_short_steps_show_seconds_and_shorter_ones_their_fraction() -> None:
    start = utc("2026-11-23 09:26:00")
    assert [t.text for t in ticks(start, start + 10 * S, 5 * S, SHANGHAI)] == ["17:26:00", "17:26:05", "17:26:10"]
    assert [t.text for t in ticks(start, start + S // 5, 100_000_000, SHANGHAI)] == ["17:26:00.0", "17:26:00.1", "17:26:00.2"]
    assert ticks(start, start + S // 100, 5_000_000, SHANGHAI)[1].text == "17:26:00.005"


def test_that_the_lost_hour_in_spring_has_no_tick_of_its_own() -> None:
    found = ticks(utc("2026-03-28 23:00:00"), utc("2026-03-29 04:00:00"), 3600 * S, BERLIN)
    assert [t.text for t in found] == ["2026-03-29", "01:00", "03:00", "04:00", "05:00", "06:00"]


def test_that_the_doubled_hour_in_autumn_is_ticked_twice() -> None:
    found = ticks(utc("2026-10-24 23:00:00"), utc("2026-10-25 03:00:00"), 3600 * S, BERLIN)
    assert [t.text for t in found] == ["01:00", "02:00", "02:00", "03:00", "04:00"]
    assert {b.at_ns - a.at_ns for a, b in pairwise(found)} == {3600 * S}


def test_that_a_coarse_step_over_the_change_of_clocks_stays_on_round_times() -> None:
    found = ticks(utc("2026-03-28 12:00:00"), utc("2026-03-30 00:00:00"), 6 * 3600 * S, BERLIN)
    assert [t.text for t in found] == ["18:00", "2026-03-29", "06:00", "12:00", "18:00", "2026-03-30"]


def test_that_days_are_ticked_at_local_midnight() -> None:
    found = ticks(utc("2026-03-28 00:00:00"), utc("2026-03-30 12:00:00"), 86_400 * S, BERLIN)
    assert [(t.text, t.at_ns) for t in found] == [("2026-03-29", utc("2026-03-28 23:00:00")), ("2026-03-30", utc("2026-03-29 22:00:00"))]


def test_that_panning_does_not_shift_ticks_of_several_days() -> None:
    one = ticks(utc("2026-03-01 00:00:00"), utc("2026-03-30 00:00:00"), 7 * 86_400 * S, SHANGHAI)
    other = ticks(utc("2026-03-03 00:00:00"), utc("2026-04-05 00:00:00"), 7 * 86_400 * S, SHANGHAI)
    assert set(one) & set(other) == {t for t in one if t.at_ns >= utc("2026-03-03 00:00:00")}
