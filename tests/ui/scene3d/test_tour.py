"""The walk along the line: where it is after how long, where it stays, and that it goes round."""

import numpy as np
import pytest

from ui.scene3d.camera import Camera
from ui.scene3d.tour import OVERVIEW_S, STAY_S, TURN_S, WALK_M_S, Tour, walk_order

OVERVIEW = Camera((10, 0, 0), distance_m=40.0)
PLACES = np.array([(0.0, 0, 0), (20, 0, 0), (10, 0, 0)])
TO_THE_WAY_S = TURN_S + OVERVIEW_S + TURN_S
STEP_S = 0.05


def close(row: int) -> Camera:
    return Camera((float(PLACES[row, 0]), 0, 1), 0.0, 15.0, 5.0)


def tour() -> Tour:
    return Tour(PLACES, OVERVIEW, close, start=Camera())


def after(walk: Tour, seconds: float, abnormal: tuple[int, ...] = (), *, jump: bool = False) -> Camera:
    camera = Camera()
    for _ in range(round(seconds / STEP_S)):
        camera = walk.step(STEP_S, abnormal, jump=jump)
    return camera


def test_that_machines_are_passed_in_the_order_in_which_they_stand() -> None:
    assert walk_order(PLACES[:, :2]) == [0, 2, 1]
    assert walk_order(np.array([(0.0, 0.0)])) == [0]


def test_that_it_begins_with_the_whole_line() -> None:
    assert after(tour(), TURN_S + OVERVIEW_S / 2) == OVERVIEW


def test_that_it_walks_slowly_along() -> None:
    walk = tour()
    after(walk, TO_THE_WAY_S)
    # From the way's first place on the eye looks at the mean of three metres before and after: 10 m on, at the middle of them.
    camera = after(walk, 10 / WALK_M_S)
    assert camera.focus[0] == pytest.approx(10.0, abs=0.3)
    assert camera.focus[1:] == pytest.approx((0.0, 1.0))


def test_that_it_stays_at_a_machine_that_needs_somebody_and_then_goes_on() -> None:
    walk = tour()
    camera = after(walk, TO_THE_WAY_S + 10 / WALK_M_S + TURN_S + 1.0, (2,))
    assert camera == close(2)
    assert after(walk, STAY_S - 1.5, (2,)) == close(2)
    camera = after(walk, 0.5 + TURN_S + 5 / WALK_M_S, (2,))
    assert camera.focus[0] == pytest.approx(15.0, abs=0.6)
    assert camera.distance_m == pytest.approx(14.0)


def test_that_it_goes_round_with_the_whole_line_in_between() -> None:
    walk = tour()
    once = TURN_S + OVERVIEW_S + TURN_S + 20 / WALK_M_S
    assert after(walk, once + TURN_S + OVERVIEW_S / 2) == OVERVIEW
    assert after(walk, OVERVIEW_S / 2 + TURN_S + 10 / WALK_M_S).focus[0] == pytest.approx(10.0, abs=0.6)


def test_that_without_motion_it_jumps_between_the_whole_and_what_needs_somebody() -> None:
    walk = tour()
    seen = {camera.focus[0] for camera in (after(walk, 1.0, (1,), jump=True) for _ in range(60))}
    assert seen == {10.0, 20.0}
    assert [after(walk, 1.0, (), jump=True) for _ in range(30)] == [OVERVIEW] * 30


def test_that_a_single_machine_is_walked_around_too() -> None:
    walk = Tour(np.zeros((1, 3)), OVERVIEW, close, start=Camera())
    assert np.isfinite(after(walk, 60.0, (0,)).focus).all()
