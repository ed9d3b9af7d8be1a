"""Lanes share the room, and scroll where it is short."""

import pytest

from ui.timeline.rows import Rows


def rows(count: int, height: int = 160, scroll: int = 0) -> Rows:
    return Rows.fitting(count, top_px=30, height_px=height, text_px=13, scroll_px=scroll)


@pytest.mark.parametrize(("count", "pitch"), [(3, 30), (8, 20), (10, 16), (200, 15)])
def test_that_lanes_are_as_high_as_the_room_allows_within_reason(count: int, pitch: int) -> None:
    assert rows(count).pitch_px == pitch


def test_that_lanes_grow_with_the_text() -> None:
    assert Rows.fitting(100, top_px=0, height_px=100, text_px=24, scroll_px=0).pitch_px == 26


def test_that_two_hundred_units_scroll() -> None:
    assert rows(200).most_scroll_px == 200 * 15 - 160
    assert list(rows(200, scroll=1500).visible) == list(range(100, 111))
    assert list(rows(200, scroll=9_999_999).visible)[-1] == 199


def test_that_a_lane_is_found_under_the_mouse_also_when_scrolled() -> None:
    scrolled = rows(200, scroll=20)
    assert [scrolled.at(y) for y in (29, 30, 39, 40, 189, 190)] == [None, 1, 1, 2, 11, None]


def test_that_below_the_last_lane_there_is_none() -> None:
    assert rows(2).at(30 + 2 * 30) is None


def test_that_revealing_a_lane_scrolls_no_further_than_needed() -> None:
    scrolled = rows(200, scroll=150)
    assert scrolled.revealing(12) == 150
    assert scrolled.revealing(3) == 45
    assert scrolled.revealing(50) == 51 * 15 - 160


def test_that_no_units_is_a_room_without_lanes() -> None:
    assert list(rows(0).visible) == []
    assert rows(0).at(50) is None
