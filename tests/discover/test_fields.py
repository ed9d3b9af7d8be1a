"""What is seen of one field: types, range, words, times, paces; bounded whatever comes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.discover.plant import NOON_NS, SECOND_NS
from twin_app.codec.json_flat import Unfit
from twin_app.discover.fields import MAX_WORDS, FieldProfile, Kind, clock_of, merged, typed


def seen(*values: object, every_s: float = 1.0, fresh: bool = True) -> FieldProfile:
    found = FieldProfile()
    for i, value in enumerate(values):
        found.take(value, NOON_NS + round(i * every_s * SECOND_NS), fresh=fresh)  # type: ignore[arg-type]  # hostile values too
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("21.5", 21.5), ("-3", -3), ("1e3", 1000.0), ("true", True), ("FALSE", False), ("Execute", "Execute"), ("null", None), ("None", None),
        ("0x1F", "0x1F"), ("on", "on"), ("9223372036854775808", 9223372036854775808),
    ],
)  # fmt: skip
def test_that_a_scalar_is_what_it_is_written_as(text: str, value: object) -> None:
    assert (typed(text), type(typed(text))) == (value, type(value))


def test_that_a_number_has_its_range_and_what_it_rose_over_a_restart() -> None:
    found = seen(10, 12, 15, 0, 4)
    assert (found.kind, found.low, found.high, found.whole, found.last) == (Kind.NUMBER, 0, 15, True, 4)
    assert (found.rises, found.falls, found.risen) == (3, 1, 2 + 3 + 4)
    assert not found.counts  # one fall in three rises is no counter


def test_that_a_counter_may_restart_now_and_then_and_a_temperature_is_none() -> None:
    assert seen(*range(20), *range(5)).counts
    assert not seen(20.1, 20.3, 20.2, 20.4, 20.1).counts
    assert not seen(-3, -2, -1).counts


def test_that_words_are_listed_until_there_are_too_many() -> None:
    assert seen("Idle", "Execute", "Idle").words == {"Idle": 2, "Execute": 1}
    free = seen(*(f"order {i}" for i in range(100)))
    assert (len(free.words), free.more_words) == (MAX_WORDS, True)


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (NOON_NS // 10**9, "s"), (NOON_NS // 10**9 + 0.25, "s"), (NOON_NS // 10**6, "ms"), (NOON_NS // 1000, "us"), (NOON_NS, "ns"),
        ("2026-11-23T09:25:57Z", "iso8601"), ("2026-11-23T17:25:57.123456+08:00", "iso8601"), (f"/Date({NOON_NS // 10**6})/", "iso8601"),
        ("2026-11-23 09:25:57", "local"), ("2019-01-01T00:00:00Z", ""), (21.5, ""), (1_600_000_000, ""), ("2026", ""), (True, ""), (None, ""), ("x" * 50, ""),
    ],
)  # fmt: skip
def test_that_a_time_is_one_only_near_its_receipt(value: object, unit: str) -> None:
    assert clock_of(value, NOON_NS) == unit  # type: ignore[arg-type]  # as above


def test_that_a_field_is_a_time_only_where_nearly_all_of_its_values_are() -> None:
    assert seen(*(NOON_NS // 10**9 + i for i in range(20))).clock() == "s"
    assert seen(*(NOON_NS // 10**9 + i for i in range(10)), *range(10)).clock() == ""


def test_that_the_fastest_pace_is_measured_over_ten_seconds_and_five_counts() -> None:
    slow_then_fast = [*range(20), *range(20, 120, 5)]
    assert seen(*slow_then_fast).pace_per_s == pytest.approx(5.0)
    assert seen(0, 4, every_s=60).pace_per_s == 0.0  # four counts say nothing
    assert seen(*range(100), fresh=False).pace_per_s == 0.0  # kept by the broker: of unknown age


def test_that_fields_of_one_name_add_up() -> None:
    whole = merged([seen(1, 2, 3), seen(10, 11), seen("x")])
    assert (whole.count, whole.numbers, whole.texts, whole.low, whole.high, whole.risen) == (6, 5, 1, 1, 11, 3)
    assert whole.words == {"1": 1, "2": 1, "3": 1, "10": 1, "11": 1, "x": 1}


@given(st.lists(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=40) | st.just(Unfit("[3]"))))
def test_that_no_value_is_too_odd(values: list[object]) -> None:
    found = seen(*values)
    assert found.count == len(values)
    assert len(found.words) <= MAX_WORDS
    assert found.example.isprintable()
    assert not math.isnan(found.low)
    merged([found, found])
