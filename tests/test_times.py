"""Instants and durations as people type them."""

import pytest

from twin_app.errors import UsageError
from twin_app.times import iso_utc, parse_duration_ns, parse_instant_ns

START_NS = 1_795_425_957_481_000_000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("5min", 300), ("5m", 300), ("8h", 28_800), ("1h30min", 5400), ("250ms", 0.25), ("1.5 h", 5400), ("2d", 172_800)],
)
def test_that_a_duration_is_read_with_its_unit(text: str, seconds: float) -> None:
    assert parse_duration_ns(text) == seconds * 1e9


@pytest.mark.parametrize("text", ["", "90", "h", "5 parsecs", "-3s", "1h,2min"])
def test_that_a_duration_without_a_unit_is_refused_with_its_cure(text: str) -> None:
    with pytest.raises(UsageError, match="8h"):
        parse_duration_ns(text)


@pytest.mark.parametrize("text", ["40000d", "9" * 400 + "h"])
def test_that_a_duration_with_digits_too_many_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="century"):
        parse_duration_ns(text)
    with pytest.raises(UsageError, match="century"):
        parse_instant_ns(f"+{text}", START_NS)


def test_that_an_offset_counts_from_the_start() -> None:
    assert parse_instant_ns("+90s", START_NS) == START_NS + 90_000_000_000


def test_that_the_same_instant_is_read_in_any_zone() -> None:
    assert parse_instant_ns("1970-01-01T08:00:01+08:00", 0) == parse_instant_ns("1970-01-01T00:00:01Z", 0) == 1_000_000_000


def test_that_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(UsageError, match="zone"):
        parse_instant_ns("2026-11-23T10:16:19", 0)


@pytest.mark.parametrize("text", ["2026-11-23", "2026-02-30T10:00:00Z", "10000-01-01T00:00:00Z", "+", ""])
def test_that_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_instant_ns(text, START_NS)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00Z", "1823-01-01T00:00:00Z", "2117-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "+36500d"]
)
def test_that_a_time_no_recording_reaches_is_refused_before_a_column_overflows(text: str) -> None:
    with pytest.raises(UsageError, match="1823"):
        parse_instant_ns(text, START_NS)


def test_that_nonsense_is_refused_with_an_example() -> None:
    with pytest.raises(UsageError, match=r"\+90s"):
        parse_instant_ns("yesterday", 0)


def test_that_printed_instants_read_back_to_the_microsecond() -> None:
    assert iso_utc(START_NS) == "2026-11-23T09:25:57.481Z"
    assert iso_utc(START_NS + 123_000) == "2026-11-23T09:25:57.481123Z"
    assert parse_instant_ns(iso_utc(START_NS + 123_000), 0) == START_NS + 123_000
