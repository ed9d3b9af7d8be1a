"""Which class of state a pixel shows, and what the shares add up to."""

from dataclasses import replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from twin_app.model.historian import Span
from twin_app.model.packml import CATEGORIES, Category, State
from twin_app.model.timeline import BLIND_STATE, Intervals
from ui.timeline.raster import (
    LaneClass,
    bar,
    classes,
    interval_at,
    lane_class,
    shares,
    worst_per_pixel,
)

MS = 1_000_000
B, R, X, H, A, E = LaneClass.BLIND, LaneClass.RUNNING, LaneClass.STOPPED, LaneClass.HELD, LaneClass.ABORTED, LaneClass.EXTERNAL
N = LaneClass.NOTHING


def intervals(*parts: tuple[int, State | None, Category], end: int) -> Intervals:
    """Return intervals from (start in ms, state, category)."""
    return Intervals(
        np.array([ms * MS for ms, _, _ in parts], np.int64),
        np.array([BLIND_STATE if s is None else s for _, s, _ in parts], np.int16),
        np.ones(len(parts), np.int16),
        np.array([CATEGORIES.index(c) for _, _, c in parts], np.uint8),
        end * MS,
    )


RUN, STOP, HELD = (State.EXECUTE, Category.PRODUCTION), (State.STOPPED, Category.MINOR_STOP), (State.HELD, Category.INTERNAL_STOP)
ABORT, DARK = (State.ABORTED, Category.FAILURE), (None, Category.BLIND)


def test_that_each_pixel_shows_the_state_it_lies_in() -> None:
    lane = intervals((0, *RUN), (500, *STOP), end=1000)
    assert worst_per_pixel(lane, 0, 1000 * MS, 4).tolist() == [R, R, X, X]


def test_that_a_stop_of_one_millisecond_in_a_shift_still_has_its_pixel() -> None:
    shift_ms = 8 * 3_600_000
    lane = intervals((0, *RUN), (12_345_678, *ABORT), (12_345_679, *RUN), end=shift_ms)
    columns = worst_per_pixel(lane, 0, shift_ms * MS, 300)
    assert np.flatnonzero(columns == A).tolist() == [12_345_678 * 300 // shift_ms]
    assert np.count_nonzero(columns == R) == 299


def test_that_of_many_states_in_one_pixel_the_worst_is_shown() -> None:
    lane = intervals((0, *RUN), (10, *HELD), (20, *STOP), (30, *DARK), (40, *RUN), end=100)
    assert worst_per_pixel(lane, 0, 100 * MS, 1).tolist() == [H]


def test_that_nothing_is_shown_outside_of_what_is_known() -> None:
    lane = intervals((200, *RUN), end=600)
    assert worst_per_pixel(lane, 0, 1000 * MS, 10).tolist() == [N, N, R, R, R, R, N, N, N, N]


def test_that_a_state_ending_on_the_edge_of_a_pixel_is_not_in_the_next() -> None:
    lane = intervals((0, *STOP), (250, *RUN), end=1000)
    assert worst_per_pixel(lane, 0, 1000 * MS, 4).tolist() == [X, R, R, R]


def test_that_a_bar_lasts_as_long_as_its_state_did_and_not_as_what_was_asked_for() -> None:
    """A stop from 100 to 900 ms over a planned break, of which 300 to 700 ms were asked for; then one that goes on."""
    known, planned = Span(150 * MS, 5000 * MS), (State.STOPPED, Category.PLANNED)
    lane = replace(intervals((300, *STOP), (400, *planned), (500, *STOP), end=700), began_ns=100 * MS, over_ns=900 * MS)
    assert [bar(lane, index, known) for index in range(3)] == [(150 * MS, 900 * MS)] * 3
    assert bar(replace(lane, over_ns=None), 2, known) == (150 * MS, None)
    assert bar(replace(lane, over_ns=6000 * MS), 2, known) == (150 * MS, None)
    lane = replace(intervals((300, *RUN), (400, *ABORT), (500, *RUN), end=700), began_ns=200 * MS, over_ns=800 * MS)
    assert [bar(lane, index, known) for index in range(3)] == [(200 * MS, 400 * MS), (400 * MS, 500 * MS), (500 * MS, 800 * MS)]


def test_that_a_lane_without_intervals_shows_nothing() -> None:
    assert worst_per_pixel(intervals(end=1000), 0, 1000 * MS, 3).tolist() == [N, N, N]


def test_that_the_raster_agrees_with_looking_at_every_interval() -> None:
    """Brute force over 300 random lanes, zooms and pans."""
    random = Random(7)
    for _ in range(300):
        starts = sorted(random.sample(range(1000), random.randint(1, 12)))
        lane = intervals(*((s, *random.choice([RUN, STOP, HELD, ABORT, DARK])) for s in starts), end=random.randint(starts[-1] + 1, 1100))
        v0, pixels = random.randint(-200, 900), random.randint(1, 40)
        v1 = v0 + random.randint(pixels, 1500)
        kind, ends = classes(lane), [*lane.start_ns[1:].tolist(), lane.end_ns]
        edges = [v0 * MS + i * ((v1 - v0) * MS) // pixels for i in range(pixels + 1)]
        expected = [
            max((int(k) for k, s, e in zip(kind, lane.start_ns, ends, strict=True) if s < right and e > left), default=int(N))
            for left, right in pairwise(edges)
        ]
        assert worst_per_pixel(lane, v0 * MS, v1 * MS, pixels).tolist() == expected


def test_that_a_suspended_unit_stands_on_the_side_it_waits_for() -> None:
    assert lane_class(State.SUSPENDED, Category.STARVED) is LaneClass.STARVED
    assert lane_class(State.SUSPENDED, Category.BLOCKED) is LaneClass.BLOCKED
    assert lane_class(State.SUSPENDED, Category.EXTERNAL) is LaneClass.EXTERNAL


def test_that_every_state_has_a_class_and_blindness_beats_the_state() -> None:
    assert {lane_class(s, Category.WAITING) for s in State} >= {R, X, H, A, LaneClass.WAITING, LaneClass.TRANSITION, LaneClass.UNDEFINED}
    assert lane_class(State.EXECUTE, Category.BLIND) is lane_class(None, Category.PRODUCTION) is B


def test_that_a_stopped_machine_in_its_break_is_still_shown_stopped() -> None:
    assert lane_class(State.STOPPED, Category.PLANNED) is X


def test_that_shares_add_up_to_a_hundred() -> None:
    third = intervals((0, *RUN), (1, *STOP), (2, *DARK), end=3)
    assert sorted(shares(third, 0, 3 * MS) or ()) == [0, 33, 33, 34]


@pytest.mark.parametrize("blind_ms", [1, 20, 400])
def test_that_four_seconds_of_blindness_never_read_as_none(blind_ms: int) -> None:
    lane = intervals((0, *RUN), (99_000, *DARK), (99_000 + blind_ms, *RUN), end=100_000)
    assert shares(lane, 0, 100_000 * MS) == (99, 0, 0, 1)


def test_that_shares_count_only_the_visible_part() -> None:
    lane = intervals((0, *STOP), (500, *RUN), end=1000)
    assert shares(lane, 500 * MS, 1000 * MS) == (100, 0, 0, 0)
    assert shares(lane, 400 * MS, 600 * MS) == (50, 0, 50, 0)
    assert shares(lane, 2000 * MS, 3000 * MS) is None


def test_that_the_interval_at_an_instant_is_the_one_that_began_last() -> None:
    lane = intervals((0, *STOP), (500, *RUN), end=1000)
    assert [interval_at(lane, ms * MS) for ms in (-1, 0, 499, 500, 1000, 1001)] == [None, 0, 0, 1, 1, None]
