"""Samples to curves: steps, gaps and ranges, by hand."""

from math import isnan, nan

import numpy as np
import pytest

from twin_app.model.historian import Series
from twin_app.model.packml import CATEGORIES, Category, State
from twin_app.model.samples import Kind, Quality
from twin_app.model.timeline import BLIND_STATE, Intervals
from ui.plots.shapes import axis_end, blind_spans, known_values, seconds, spread, steps, top_of, value_at

S = 1_000_000_000
MIN, HOUR = 60 * S, 3600 * S


def corners(x: list[float], y: list[float], start: float, end: float) -> list[tuple[float, float]]:
    return [(float(a), float(b)) for a, b in zip(*steps(np.array(x), np.array(y), start, end), strict=True)]


def test_that_a_value_is_held_until_the_next_and_the_last_until_the_end() -> None:
    assert corners([1, 3], [10, 20], 0, 5) == [(1, 10), (3, 10), (3, 20), (5, 20)]


def test_that_the_value_in_force_at_the_start_is_drawn_from_the_start() -> None:
    assert corners([-100, 2], [7, 8], 0, 4) == [(0, 7), (2, 7), (2, 8), (4, 8)]


def test_that_what_is_behind_the_end_is_left_out() -> None:
    assert corners([1, 9], [10, 20], 0, 5) == [(1, 10), (5, 10)]


def test_that_no_samples_are_no_line() -> None:
    assert corners([], [], 0, 5) == []


def test_that_a_step_narrower_than_a_pixel_has_one_corner_and_a_long_hold_keeps_both() -> None:
    x, y = steps(np.array([0.0, 0.4, 0.8, 9.0]), np.array([1.0, 5.0, 2.0, 3.0]), 0.0, 9.5, pixel=1.0)
    assert list(zip(x.tolist(), y.tolist(), strict=True)) == [(0, 1), (0.4, 5), (0.8, 2), (9, 2), (9, 3), (9.5, 3)]


def test_that_an_unknown_value_stays_a_gap() -> None:
    _, y = steps(np.array([0.0, 1.0, 2.0]), np.array([5.0, nan, 6.0]), 0, 3)
    assert [isnan(v) for v in y] == [False, False, True, True, False, False]


def test_that_only_numbers_of_good_or_uncertain_quality_are_known() -> None:
    kinds = [Kind.NUMBER, Kind.BOOL, Kind.TEXT, Kind.NULL, Kind.NUMBER, Kind.NUMBER, Kind.NUMBER]
    qualities = [Quality.GOOD, Quality.GOOD, Quality.GOOD, Quality.GOOD, Quality.UNCERTAIN, Quality.STALE, Quality.BAD]
    series = Series(np.arange(7), np.arange(7.0), np.array(kinds, np.uint8), np.array(qualities, np.uint8), np.arange(7))
    assert [None if isnan(v) else v for v in known_values(series)] == [0, 1, None, None, 4, None, None]


def test_that_seconds_from_an_origin_keep_the_nanosecond() -> None:
    origin = 1_795_425_957_000_000_000
    assert seconds([origin, origin + 1, origin + 8 * HOUR + 1], origin).tolist() == [0.0, 1e-9, 28_800.000000001]


@pytest.mark.parametrize(
    ("elapsed", "final", "length"),
    [
        (10 * S, None, 30 * S),
        (30 * S, None, 30 * S),
        (31 * S, None, MIN),
        (3 * HOUR, None, 4 * HOUR),
        (3 * HOUR, 197 * MIN, 197 * MIN),
        (50 * S, 55 * S, 55 * S),
    ],
)
def test_that_an_axis_grows_in_round_steps_and_ends_with_a_replay(elapsed: int, final: int | None, length: int) -> None:
    assert axis_end(7 * S, 7 * S + elapsed, None if final is None else 7 * S + final) == 7 * S + length


def test_that_an_axis_has_a_length_even_at_the_very_start() -> None:
    assert axis_end(0, 0, 0) == S


def test_that_an_effectiveness_above_one_is_not_cut_off() -> None:
    assert top_of([np.array([50.0, nan, 140.0])], 105.0) == pytest.approx(147.0)
    assert top_of([np.array([50.0, nan])], 105.0) == 105.0
    assert top_of([], 105.0) == 105.0


def test_that_the_value_at_an_instant_is_the_one_in_force() -> None:
    times, values = [10, 20, 30], [1.0, nan, 3.0]
    assert [value_at(times, values, t) for t in (10, 19, 30, 99)] == [1.0, 1.0, 3.0, 3.0]
    assert isnan(value_at(times, values, 9))
    assert isnan(value_at(times, values, 25))
    assert isnan(value_at([], [], 25))


def test_that_neighbouring_blind_intervals_are_one_band() -> None:
    states = [BLIND_STATE, BLIND_STATE, State.EXECUTE, BLIND_STATE]
    blind = CATEGORIES.index(Category.BLIND)
    intervals = Intervals(
        np.array([0, 5, 10, 20], np.int64), np.array(states, np.int16), np.ones(4, np.int16), np.full(4, blind, np.uint8), 30
    )
    assert blind_spans(intervals) == [(0, 10), (20, 30)]


def test_that_nothing_is_hatched_where_nothing_is_known_yet() -> None:
    nothing = Intervals(np.empty(0, np.int64), np.empty(0, np.int16), np.empty(0, np.int16), np.empty(0, np.uint8), 30)
    assert blind_spans(nothing) == []


def test_that_names_of_levels_stand_above_their_lines_at_the_right_while_they_have_room() -> None:
    assert spread([(50.0, 40.0), (150.0, 60.0)], (300.0, 200.0), 12.0) == [(300.0, False), (300.0, False)]


def test_that_of_two_close_levels_the_lower_is_named_below_its_line_and_a_third_further_left() -> None:
    assert spread([(100.0, 40.0), (104.0, 40.0)], (300.0, 200.0), 12.0) == [(300.0, False), (300.0, True)]
    assert spread([(104.0, 40.0), (100.0, 40.0)], (300.0, 200.0), 12.0) == [(300.0, True), (300.0, False)]
    assert spread([(100.0, 40.0), (102.0, 40.0), (104.0, 40.0)], (300.0, 200.0), 12.0) == [(300.0, False), (300.0, True), (260.0, False)]


def test_that_no_name_leaves_the_plot_and_where_nothing_fits_it_is_still_written() -> None:
    assert spread([(5.0, 40.0)], (300.0, 200.0), 12.0) == [(300.0, True)]
    assert spread([(198.0, 40.0)], (300.0, 200.0), 12.0) == [(300.0, False)]
    assert spread([(5.0, 400.0), (6.0, 400.0)], (300.0, 14.0), 12.0) == [(300.0, False), (300.0, False)]
