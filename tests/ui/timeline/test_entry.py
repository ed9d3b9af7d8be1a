"""Times as a person types them into the timeline."""

from zoneinfo import ZoneInfo

import pytest

from twin_app.errors import UsageError
from twin_app.model.historian import Span
from ui.timeline.entry import parse

S = 1_000_000_000
START = 1_795_425_957 * S  # 2026-11-23 17:25:57 in Shanghai
SPAN = Span(START, START + 8 * 3600 * S)
ZONE = ZoneInfo("Asia/Shanghai")


def seconds(typed: str, span: Span = SPAN) -> float:
    return (parse(typed, at_ns=START + 60 * S, span=span, zone=ZONE) - START) / S


@pytest.mark.parametrize(
    ("typed", "after_s"),
    [
        ("17:26:10", 13), ("17:26:10.5", 13.5), ("17:26", 3), (" 18:25:57 ", 3600), ("2026-11-23 17:26:00", 3), ("2026-11-24T00:00:00", 6 * 3600 + 34 * 60 + 3),
        ("+90s", 90), ("+1h30min", 5400), ("-2min", 8 * 3600 - 120), ("−30s", 8 * 3600 - 30), ("2026-11-23T10:25:57+01:00", 0),
    ],
)  # fmt: skip
def test_that_a_time_is_understood(typed: str, after_s: float) -> None:
    assert seconds(typed) == pytest.approx(after_s)


def test_that_a_time_of_day_behind_midnight_is_found_on_the_next_day() -> None:
    assert seconds("01:00:00") == 7 * 3600 + 34 * 60 + 3


def test_that_a_time_of_day_that_is_not_known_at_all_is_todays() -> None:
    assert seconds("03:00:00") == -(14 * 3600 + 25 * 60 + 57)


@pytest.mark.parametrize("typed", ["", "soon", "25:00:00", "17:60", "2026-02-30 12:00:00", "+90", "17:26:10 tomorrow", "1e99"])
def test_that_nonsense_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(UsageError, match=r"14:03:10.*\+90s"):
        seconds(typed)


def test_that_the_hour_that_comes_twice_is_the_first_one() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = 1_792_879_200 * S  # 2026-10-25 00:00 in Berlin
    span = Span(before, before + 10 * 3600 * S)
    assert (parse("02:30:00", at_ns=before, span=span, zone=berlin) - before) / S == 2.5 * 3600
    assert (parse("02:30 UTC+1", at_ns=before, span=span, zone=berlin) - before) / S == 3.5 * 3600
    assert (parse("2026-10-25 02:30:00+01:00", at_ns=before, span=span, zone=berlin) - before) / S == 3.5 * 3600


def test_that_who_stands_in_the_second_of_two_hours_stays_in_it() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = 1_792_879_200 * S
    span = Span(before, before + 10 * 3600 * S)
    second = before + 3 * 3600 * S + 45 * 60 * S  # 02:45 for the second time
    assert (parse("02:30", at_ns=second, span=span, zone=berlin) - before) / S == 3.5 * 3600
    assert (parse("01:30", at_ns=second, span=span, zone=berlin) - before) / S == 1.5 * 3600
    assert (parse("03:30", at_ns=before, span=span, zone=berlin) - before) / S == 4.5 * 3600


def test_that_a_time_over_which_the_clocks_went_forward_is_none() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    midnight = 1_774_738_800 * S  # 2026-03-29 00:00 in Berlin
    span = Span(midnight, midnight + 10 * 3600 * S)
    for typed in ("02:30", "2026-03-29 02:00:00"):
        with pytest.raises(UsageError, match="clocks went forward"):
            parse(typed, at_ns=midnight, span=span, zone=berlin)
    assert (parse("01:59:59", at_ns=midnight, span=span, zone=berlin) - midnight) / S == 2 * 3600 - 1
    assert (parse("03:00", at_ns=midnight, span=span, zone=berlin) - midnight) / S == 2 * 3600


@pytest.mark.parametrize("typed", ["02:30+25:00", "02:30 UTC", "02:30+1:"])
def test_that_a_zone_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="not a time"):
        seconds(typed)
