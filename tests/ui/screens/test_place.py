from __future__ import annotations

import pytest
from PySide6.QtCore import QRect

from twin_app.arranged import Further
from ui.screens.place import first_spot, kept_spot

DESK, WALL = QRect(0, 0, 1920, 1040), QRect(1920, 0, 3840, 2160)
BOTH = {"desk": DESK, "wall": WALL}


def test_that_a_new_window_takes_the_screen_that_the_main_window_is_not_on() -> None:
    assert first_spot(BOTH, "desk", 1).rect == WALL
    assert first_spot(BOTH, "wall", 1).rect == DESK


def test_that_several_windows_share_out_the_other_screens() -> None:
    third = QRect(-1280, 0, 1280, 1024)
    screens = {**BOTH, "left": third}
    assert [first_spot(screens, "desk", number).rect for number in (1, 2, 3)] == [WALL, third, WALL]


def test_that_on_a_single_screen_a_new_window_leaves_the_main_one_in_sight() -> None:
    first, second = (first_spot({"desk": DESK}, "desk", number).rect for number in (1, 2))
    assert DESK.contains(first)
    assert DESK.contains(second)
    assert first.width() * 10 == DESK.width() * 7
    assert first.topLeft() != second.topLeft()


def test_that_a_window_stands_where_it_stood_and_fills_the_wall_again() -> None:
    kept = Further(screen="wall", place=(2000, 100, 1600, 900), full=True)
    assert kept_spot(kept, BOTH, "desk", 1) == (QRect(2000, 100, 1600, 900), True)


def test_that_a_window_of_a_screen_that_is_gone_is_seen_and_covers_nothing_whole() -> None:
    kept = Further(screen="wall", place=(2000, 100, 1600, 900), full=True)
    spot = kept_spot(kept, {"desk": DESK}, "desk", 1)
    assert DESK.contains(spot.rect)
    assert not spot.full


@pytest.mark.parametrize("place", [(9000, 9000, 1600, 900), (-4000, -20, 1600, 900), (2000, 100, 90_000, 90_000), (2000, 100, 0, -5)])
def test_that_a_place_that_is_not_on_its_screen_is_put_right(place: tuple[int, int, int, int]) -> None:
    assert WALL.contains(kept_spot(Further(screen="wall", place=place), BOTH, "desk", 1).rect)
