"""Which instants a video shows: worked out by hand, on a grid that nothing shifts."""

from __future__ import annotations

import pytest

from twin_app.clock import SECOND_NS
from twin_app.errors import UsageError
from twin_app.export.film import film_of

T0 = 1_795_425_957 * SECOND_NS


def test_that_a_minute_at_twenty_times_is_three_seconds_of_thirty_pictures_and_one_for_the_end() -> None:
    film = film_of(T0, T0 + 60 * SECOND_NS, speed=20, rate_per_s=30)
    assert film.count == 91
    assert film.lasts_s == pytest.approx(91 / 30)
    assert [film.at_ns(k) - T0 for k in (0, 1, 3, 90)] == [0, 666_666_667, 2 * SECOND_NS, 60 * SECOND_NS]


def test_that_a_span_which_ends_between_two_pictures_is_not_left() -> None:
    film = film_of(T0, T0 + 1_999_999_999, speed=1, rate_per_s=2)
    assert film.count == 4
    assert film.at_ns(3) - T0 == 1_500_000_000


def test_that_nothing_adds_up_over_a_day_of_pictures() -> None:
    """A tenth is not a float: 10 hours at 0.1 times are 6,480,000 pictures at 18 a second, and the last shows the end to the nanosecond."""
    film = film_of(T0, T0 + 36_000 * SECOND_NS, speed=0.1, rate_per_s=18)
    assert film.count == 6_480_001
    assert film.at_ns(film.count - 1) == film.end_ns


def test_that_a_span_shorter_than_a_step_is_one_picture_of_its_start() -> None:
    film = film_of(T0, T0 + 1, speed=3600, rate_per_s=1)
    assert (film.count, film.at_ns(0)) == (1, T0)


@pytest.mark.parametrize(
    ("span_ns", "speed", "rate"),
    [(0, 1.0, 30), (-1, 1.0, 30), (1, 0.0, 30), (1, -20.0, 30), (1, float("nan"), 30), (1, 4000.0, 30), (1, 1.0, 0), (1, 1.0, 61)],
)
def test_that_what_no_player_shows_is_refused(span_ns: int, speed: float, rate: int) -> None:
    with pytest.raises(UsageError):
        film_of(T0, T0 + span_ns, speed=speed, rate_per_s=rate)
