"""Time stamps in the forms that publishers use; every form below says 2026-11-23 09:25:57.250 UTC, as `date -u -d @1795425957` does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_app.codec.times import source_time_ns

AT_NS = 1_795_425_957_250 * 1_000_000


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("iso8601", "2026-11-23T09:25:57.250Z"),
        ("iso8601", "2026-11-23T09:25:57.250000000Z"),
        ("iso8601", "2026-11-23 09:25:57,250+00:00"),
        ("iso8601", "20261123T092557.250Z"),
        ("iso8601", " 2026-11-23T10:25:57.25+01:00 "),
        ("iso8601", "/Date(1795425957250)/"),
        ("iso8601", "/Date(1795425957250+0100)/"),
        ("iso8601", r"\/Date(1795425957250)\/"),
        ("iso8601", "2026-11-23T09:25:57.25z"),
        ("iso8601", "2026-11-23 09:25:57.250 UTC"),
        ("iso8601", "2026/11/23 09:25:57.250Z"),
        ("iso8601", "2026-11-23T10:25:57.250+01:00[Europe/Berlin]"),
        ("iso8601", "DT#2026-11-23-09:25:57.250Z"),
        ("%d.%m.%Y %H:%M:%S.%f%z", "23.11.2026 10:25:57.250+0100"),
        ("%Y%m%d%H%M%S%f%z", " 20261123092557250Z "),
        ("s", 1795425957.25),
        ("s", "1795425957.25"),
        ("ms", 1795425957250),
        ("ms", 1795425957250.0),
        ("ms", " 1795425957250 "),
        ("us", 1795425957250000),
        ("ns", 1795425957250000000),
        ("ns", "1795425957250000000"),
        ("auto", 1795425957.25),
        ("auto", "1.79542595725e9"),
        ("auto", 1795425957250),
        ("auto", "1795425957250"),
        ("auto", 1795425957250000),
        ("auto", 1795425957250000000),
        ("auto", "2026-11-23T09:25:57.250Z"),
        ("auto", "/Date(1795425957250)/"),
    ],
)
def test_that_one_instant_is_read_from_any_of_its_forms(unit: str, value: str | float) -> None:
    assert source_time_ns(value, unit) == AT_NS


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("UTC", "2026-11-23T09:25:57.250"),
        ("Europe/Berlin", "2026-11-23T10:25:57.250"),
        ("Asia/Shanghai", "2026-11-23 17:25:57.250"),
        ("Asia/Shanghai", "2026-11-23T10:25:57.250+01:00"),
        ("Asia/Shanghai", "DT#2026-11-23-17:25:57.250"),
    ],
)
def test_that_a_date_without_a_zone_is_in_the_zone_of_its_rule_and_one_with_a_zone_in_its_own(zone: str, written: str) -> None:
    assert source_time_ns(written, "iso8601", zone) == AT_NS


def test_that_a_pattern_without_a_zone_is_in_the_zone_of_its_rule() -> None:
    assert source_time_ns("23.11.2026 10:25:57.250", "%d.%m.%Y %H:%M:%S.%f", "Europe/Berlin") == AT_NS
    assert source_time_ns("23.11.2026 10:25:57.250", "%d.%m.%Y %H:%M:%S.%f") is None
    assert source_time_ns("23.11.2026", "%d.%m.%Y %H:%M:%S.%f", "Europe/Berlin") is None
    assert source_time_ns(1795425957250, "%d.%m.%Y %H:%M:%S.%f", "Europe/Berlin") is None


def test_that_a_date_as_e_mail_has_it_is_read_to_the_second() -> None:
    assert source_time_ns("Mon, 23 Nov 2026 09:25:57 GMT", "iso8601") == AT_NS - 250_000_000
    assert source_time_ns("Mon, 23 Nov 2026 10:25:57 +0100", "auto") == AT_NS - 250_000_000


@pytest.mark.parametrize(("digits", "beyond_ns"), [("250123456", 123_456), ("2501234", 123_400), ("25012345678", 123_456)])
def test_that_nanoseconds_are_kept(digits: str, beyond_ns: int) -> None:
    assert source_time_ns(f"2026-11-23T09:25:57.{digits}Z", "iso8601") == AT_NS + beyond_ns


def test_that_an_hour_that_comes_twice_is_taken_for_the_first() -> None:
    first = source_time_ns("2026-10-25T00:30:00Z", "iso8601")
    assert source_time_ns("2026-10-25T02:30:00", "iso8601", "Europe/Berlin") == first


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("iso8601", "2026-11-23T09:25:57"),
        ("iso8601", 1795425957250),
        ("iso8601", "1795425957250"),
        ("iso8601", "/Date(soon)/"),
        ("ms", "2026-11-23T09:25:57Z"),
        ("auto", "2026-13-01T00:00:00Z"),
        ("auto", "tomorrow"),
        ("auto", "Mon, 23 Nov"),
        ("iso8601", "Mon, 99 Nov 2026 09:25:57 GMT"),
        ("iso8601", "23.11.2026 09:25:57"),
        ("auto", True),
        ("auto", None),
        ("auto", ""),
        ("auto", float("nan")),
        ("auto", float("inf")),
        ("auto", 10**400),
        ("ns", "9" * 5000),
        ("s", 4_700_000_000),
    ],
)
def test_that_what_is_no_time_is_none(unit: str, value: str | float | None) -> None:
    assert source_time_ns(value, unit) is None


@given(
    st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.none(), st.booleans()),
    st.sampled_from(["auto", "iso8601", "s", "ns", "%d.%m.%Y %H:%M"]),
)
def test_that_nothing_breaks_the_reading_of_times(value: str | float | None, unit: str) -> None:
    found = source_time_ns(value, unit, "Europe/Berlin")
    assert found is None or abs(found) < 2**62
