"""When a reader rests, by hand on a clock of seconds."""

from twin_app.sources.leisure import Leisure

S = 10**9
T0 = 1_795_425_957 * S


def test_that_as_far_as_the_first_frames_need_a_file_is_read_in_haste() -> None:
    leisure = Leisure(120 * S)
    assert [leisure.rest_s(T0 + i * S, 10.0 + i * 0.1) for i in range(120)] == [0.0] * 120


def test_that_a_reader_at_leisure_rests_twice_as_long_as_it_has_read() -> None:
    leisure = Leisure(0)
    assert leisure.rest_s(T0, 10.0) == 0.0
    assert leisure.rest_s(T0, 10.004) == 0.0
    assert round(leisure.rest_s(T0, 10.006), 9) == 0.012
    assert leisure.rest_s(T0, 10.020) == 0.0  # read for 2 ms since it woke at 10.018
    assert round(leisure.rest_s(T0, 10.024), 9) == 0.012


def test_that_once_the_window_stands_the_rest_is_read_in_haste() -> None:
    leisure = Leisure(0)
    leisure.rest_s(T0, 10.0)
    assert leisure.rest_s(T0, 15.99) > 0
    assert leisure.rest_s(T0, 16.01) == 0.0
    assert leisure.rest_s(T0, 20.0) == 0.0
