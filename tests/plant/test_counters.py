import itertools
import random
from math import fsum, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_app.plant.counters import Counter

Reading = tuple[int, float]


def counter(*readings: Reading, start: Counter | None = None) -> Counter:
    """Return a counter that was read at those instants, in that order of arrival."""
    made = start or Counter()
    for message, (at, value) in enumerate(readings):
        made.extend(np.array([at]), np.array([value]), np.array([message]))
    return made


def test_that_a_counter_never_heard_has_no_value_and_no_total() -> None:
    reading = Counter().reading(0, 100)
    assert (reading.last, reading.total, reading.resets) == (None, 0.0, 0)
    assert isnan(Counter().known_total(0, 100, []))


def test_that_the_value_in_force_at_the_start_is_the_baseline() -> None:
    made = counter((10, 100.0), (20, 130.0), (30, 150.0))
    assert made.reading(15, 30).total == 50.0
    assert made.reading(20, 29).total == 0.0


def test_that_without_one_the_first_value_inside_is_the_baseline() -> None:
    assert counter((10, 100.0), (20, 130.0)).reading(0, 30).total == 30.0


def test_that_adjacent_windows_add_up() -> None:
    made = counter((0, 1.0), (5, 3.0), (10, 8.0), (15, 9.0))
    assert made.reading(0, 10).total + made.reading(10, 15).total == made.reading(0, 15).total == 8.0


def test_that_a_restart_counts_on_and_never_backwards() -> None:
    made = counter((0, 10.0), (1, 12.0), (2, 0.0), (3, 5.0), (4, 1.0), (5, 4.0))
    reading = made.reading(0, 5)
    assert (reading.last, reading.total, reading.resets) == (4.0, 2.0 + 5.0 + 3.0, 2)
    assert made.reading(2, 5).resets == 1


def test_that_what_a_counter_shows_when_it_restarts_is_not_counted() -> None:
    assert counter((0, 100.0), (1, 7.0), (2, 9.0)).reading(0, 2).total == 2.0


def test_that_a_single_run_is_exact_to_the_bit() -> None:
    values = [0.1 * n for n in range(1, 1000)]
    made = counter(*enumerate(values))
    assert made.reading(0, 998).total == values[-1] - values[0]
    assert made.reading(313, 777).total == values[777] - values[313]


def test_that_the_last_value_is_that_of_the_windows_end() -> None:
    made = counter((10, 100.0), (20, 130.0))
    assert made.reading(12, 19).last == 100.0
    assert made.reading(0, 9).last is None


def test_that_counts_within_a_gap_are_left_out() -> None:
    made = counter((0, 0.0), (10, 10.0), (20, 30.0), (30, 60.0))
    assert made.known_total(0, 30, [(10, 20)]) == 10.0 + 30.0
    assert made.known_total(0, 30, [(5, 12), (20, 25)]) == 60.0 - 10.0


def test_that_a_slow_counter_loses_nothing_to_a_gap_in_which_it_stood_still() -> None:
    made = counter((0, 0.0), (80, 1.0), (90, 2.0))
    assert made.known_total(0, 90, [(0, 5)]) == 2.0


def test_that_what_was_counted_over_a_lost_link_is_nobodys() -> None:
    made = counter((0, 0.0), (10, 10.0), (41, 500.0), (50, 509.0))
    assert made.known_total(0, 50, [(10, 40)], lost=[10]) == 10.0 + 9.0
    assert made.known_total(20, 50, [(20, 40)], lost=[10]) == 9.0  # the window starts while the link is down
    assert made.known_total(41, 50, [], lost=[10]) == 9.0
    assert made.known_total(0, 50, [(10, 20)], lost=[10, 15, 30]) == 10.0 + 9.0
    assert made.reading(0, 50).total == 509.0


def test_that_a_reading_in_the_instant_of_the_loss_was_still_heard() -> None:
    made = counter((0, 0.0), (10, 10.0), (20, 25.0))
    assert made.known_total(0, 20, [], lost=[10]) == 10.0


readings = st.lists(
    st.tuples(st.integers(0, 40), st.one_of(st.integers(0, 9).map(float), st.floats(0, 100, allow_subnormal=False))),
    min_size=1,
    max_size=24,
)


@given(readings, st.randoms(use_true_random=False))
def test_that_late_readings_give_the_same_bits_as_punctual_ones(said: list[Reading], rng: random.Random) -> None:
    ordered = sorted(range(len(said)), key=lambda i: (said[i][0], i))
    punctual = Counter()
    columns = [np.array([f(i) for i in ordered]) for f in (lambda i: said[i][0], lambda i: said[i][1], lambda i: i)]
    punctual.extend(*columns)
    late, arrival = Counter(), list(range(len(said)))
    rng.shuffle(arrival)
    while arrival:
        batch, arrival = arrival[: (size := rng.randint(1, 5))], arrival[size:]
        late.extend(np.array([said[i][0] for i in batch]), np.array([said[i][1] for i in batch]), np.array(batch))
    for start, end in itertools.combinations(range(-1, 42, 3), 2):
        assert late.reading(start, end) == punctual.reading(start, end)


@given(readings, st.integers(-1, 41), st.integers(0, 30), st.lists(st.integers(0, 40), max_size=3), st.integers(0, 40), st.integers(0, 9))
def test_that_totals_are_the_sum_of_the_single_steps(
    said: list[Reading], start: int, length: int, lost: list[int], gap_start: int, gap_length: int
) -> None:
    end, gap = start + length, (gap_start, gap_start + gap_length)
    made = counter(*said)
    inside = sorted(enumerate(said), key=lambda r: (r[1][0], r[0]))
    before = [r for _, r in inside if r[0] <= start][-1:]
    seen = before + [r for _, r in inside if start < r[0] <= end]
    steps = [(a[0], b[0], max(b[1] - a[1], 0.0)) for a, b in itertools.pairwise(seen)]
    assert made.reading(start, end).total == pytest.approx(fsum(step for _, _, step in steps), abs=1e-9)
    known = [
        step for t0, t1, step in steps
        if not any(t0 <= t < t1 for t in lost) and not gap[0] < t1 <= gap[1]
    ]  # fmt: skip
    found = made.known_total(start, end, [gap], sorted(lost))
    assert found == pytest.approx(fsum(known), abs=1e-9) if seen else isnan(found)
