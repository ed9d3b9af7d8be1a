"""Time to pixels and back, in closed form."""

import pytest

from ui.timeline.scale import LONGEST_NS, SHORTEST_NS, TimeScale, fitted, kept_within

S = 1_000_000_000
T0 = 1_795_425_957 * S


def view(seconds: int = 100, left: int = 200, width: int = 1000) -> TimeScale:
    return TimeScale(T0, T0 + seconds * S, left, width)


@pytest.mark.parametrize(("second", "pixel"), [(0, 200), (50, 700), (100, 1200), (-10, 100), (150, 1700)])
def test_that_an_instant_has_its_pixel_in_proportion(second: int, pixel: int) -> None:
    assert view().x(T0 + second * S) == pytest.approx(pixel)


def test_that_a_pixel_gives_back_its_instant_to_the_nanosecond() -> None:
    assert view().at(337) == T0 + 13_700_000_000


def test_that_zooming_keeps_the_instant_under_the_cursor() -> None:
    closer = view().zoomed(4, 450)
    assert closer.span_ns == 25 * S
    assert closer.at(450) == view().at(450) == T0 + 25 * S


def test_that_zooming_beside_the_lanes_keeps_the_edge() -> None:
    assert view().zoomed(2, 0).start_ns == T0


def test_that_zoom_ends_at_twenty_milliseconds_and_four_hundred_days() -> None:
    assert view().zoomed(1e9, 700).span_ns == SHORTEST_NS == 20_000_000
    assert view().zoomed(1e-9, 700).span_ns == LONGEST_NS == 400 * 86_400 * S


def test_that_dragging_the_content_to_the_right_brings_earlier_time() -> None:
    dragged = view().panned(100)
    assert (dragged.start_ns, dragged.end_ns) == (T0 - 10 * S, T0 + 90 * S)


def test_that_a_view_stands_still_while_the_playhead_is_well_inside() -> None:
    assert view().holding(T0 + 90 * S) == view()


def test_that_a_playhead_running_out_to_the_right_comes_to_stand_at_four_fifths() -> None:
    moved = view().holding(T0 + 97 * S)
    assert moved.x(T0 + 97 * S) == pytest.approx(1000)
    assert moved.span_ns == view().span_ns


def test_that_a_playhead_running_backwards_comes_to_stand_at_one_fifth() -> None:
    assert view().holding(T0 + 1 * S).x(T0 + 1 * S) == pytest.approx(400)


def test_that_a_live_line_keeps_room_for_what_is_to_come() -> None:
    start, end = fitted(T0, T0 + 92 * S, live=True)
    assert (start, end) == (T0, T0 + 100 * S)


def test_that_a_live_line_starts_with_more_than_a_minute_on_the_axis() -> None:
    start, end = fitted(T0, T0 + 1, live=True)
    assert end - start == pytest.approx(60 * S / 0.92, abs=1)


def test_that_a_replay_is_shown_from_end_to_end_with_a_hair_beside() -> None:
    assert fitted(T0, T0 + 1000 * S, live=False) == (T0 - 6 * S, T0 + 1006 * S)


@pytest.mark.parametrize("dx_px", [1e7, -1e7])
def test_that_nobody_can_pan_so_far_that_nothing_known_is_left_in_view(dx_px: float) -> None:
    kept = kept_within(view().panned(dx_px), T0, T0 + 100 * S)
    overlap = min(kept.end_ns, T0 + 100 * S) - max(kept.start_ns, T0)
    assert overlap == 10 * S


def test_that_a_stretch_shorter_than_the_nearest_zoom_is_shown_in_its_middle() -> None:
    shown = view().showing(T0, T0)
    assert (shown.start_ns, shown.end_ns) == (T0 - 10_000_000, T0 + 10_000_000)
