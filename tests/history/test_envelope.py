"""A curve on few pixels: no peak is lost, nothing is invented."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.history.brute import Sample, columns, table
from twin_app.history.store import Store
from twin_app.model.historian import Series
from twin_app.model.samples import Kind, Quality, TextTable


def curve(rows: list[Sample], start_ns: int, end_ns: int, pixels: int) -> Series:
    store = Store(table(1), TextTable(), journal=None)
    store.append(columns(rows))
    store.fold()
    return store.range(0, start_ns, end_ns, pixels)


@settings(max_examples=25)
@given(st.lists(st.integers(-1000, 1000), min_size=50, max_size=300), st.integers(1, 40))
def test_that_every_pixel_gives_its_first_lowest_highest_and_last(heights: list[int], pixels: int) -> None:
    """Sample i at 10 i ns; a pixel is ceil(span / pixels) ns wide, counted from the start."""
    n = len(heights)
    span_ns = 10 * n
    got = curve([Sample(0, 10 * i, float(h)) for i, h in enumerate(heights)], 0, span_ns - 1, pixels)
    assert got.envelope == (len(got.value) < n)
    width_ns = math.ceil(span_ns / pixels)
    for pixel in range(pixels):
        inside = [i for i in range(n) if pixel * width_ns <= 10 * i < (pixel + 1) * width_ns]
        given_here = [
            (int(t) // 10, v) for t, v in zip(got.times_ns, got.value, strict=True) if pixel * width_ns <= t < (pixel + 1) * width_ns
        ]
        assert len(given_here) <= 4
        assert all(heights[i] == v for i, v in given_here)
        if inside:
            assert (given_here[0][0], given_here[-1][0]) == (inside[0], inside[-1])
            assert min(v for _, v in given_here) == min(heights[i] for i in inside)
            assert max(v for _, v in given_here) == max(heights[i] for i in inside)


@pytest.mark.parametrize("peak", [float("inf"), 1e300, -7.0])
def test_that_one_sample_in_a_hundred_thousand_is_still_seen(peak: float) -> None:
    rows = [Sample(0, i, 1.0) for i in range(100_000)]
    rows[54_321] = Sample(0, 54_321, peak)
    got = curve(rows, 0, 99_999, 800)
    assert len(got.value) <= 3200
    assert got.times_ns[got.value == peak].tolist() == [54_321]


def test_that_a_curve_says_whether_anything_was_left_out() -> None:
    """Of a hundred rising samples a column of two or of one keeps all; one of four its first and last, which are lowest and highest."""
    rows = [Sample(0, i, float(i)) for i in range(100)]
    for pixels, kept in ((100, 100), (99, 100), (25, 50), (0, 100)):
        got = curve(rows, 0, 99, pixels)
        assert (len(got.value), got.envelope) == (kept, kept < 100)


def test_that_a_value_nobody_believes_hides_no_peak_and_its_gap_is_not_hidden_either() -> None:
    rows = [Sample(0, i, 1.0 + (i == 40), quality=Quality.GOOD) for i in range(100)]
    rows[60] = Sample(0, 60, 9999.0, quality=Quality.BAD)
    rows[61] = Sample(0, 61, 9998.0, quality=Quality.BAD)
    assert curve(rows, 0, 99, 1).times_ns.tolist() == [0, 40, 60, 99]


def test_that_an_envelope_keeps_the_value_in_force_at_its_start() -> None:
    got = curve([Sample(0, i, float(i)) for i in range(0, 1000, 2)], 501, 999, 10)
    assert got.envelope
    assert (got.times_ns[0], got.value[0]) == (500, 500.0)


def test_that_not_a_number_hides_no_peak_and_is_not_hidden_where_it_is_all_there_is() -> None:
    rows = [Sample(0, i, float("nan") if i < 50 else float(i)) for i in range(100)]
    got = curve(rows, 0, 99, 2)
    assert got.times_ns.tolist() == [0, 49, 50, 99]
    assert np.isnan(got.value[:2]).all()


def test_that_codes_of_texts_are_not_compared() -> None:
    """A code of 900 is no peak: of texts each pixel gives the first and the last."""
    rows = [Sample(0, i, 900.0 if i == 30 else 1.0, kind=Kind.TEXT) for i in range(100)]
    assert curve(rows, 0, 99, 1).times_ns.tolist() == [0, 99]


def test_that_a_year_of_nanoseconds_does_not_overflow() -> None:
    year_ns = 365 * 86_400 * 10**9
    rows = [Sample(0, 10**18 + i * (year_ns // 1000), float(i)) for i in range(1000)]
    got = curve(rows, 10**18, 10**18 + year_ns, 100)
    assert got.envelope
    assert (got.value.min(), got.value.max()) == (0.0, 999.0)
    assert np.all(np.diff(got.times_ns) > 0)
