"""Nobody is lost in the hall: the eye stays over its floor, near its line, and knows when it does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.scene3d.bounds import Bounds
from ui.scene3d.camera import Camera

LINE = Bounds.around(np.array([(0.0, 0, 0), (30, 0, 0), (30, 4, 2)]))
ANYWHERE = st.builds(
    Camera,
    focus=st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)),
    azimuth_deg=st.floats(0, 360),
    elevation_deg=st.floats(0.5, 90),
    distance_m=st.floats(1e-3, 1e6),
)


@given(ANYWHERE)
def test_that_the_eye_is_never_below_the_floor_nor_far_from_the_line(camera: Camera) -> None:
    kept = LINE.kept(camera)
    assert kept.eye()[2] >= 0.25 - 1e-6
    assert LINE.holds(kept)
    assert 1.5 <= kept.distance_m <= 4 * np.hypot(np.hypot(30, 4), 2) + 1e-6


def test_that_an_eye_within_is_left_alone() -> None:
    camera = Camera((3, 1, 1), 40, 30, 12)
    assert LINE.kept(camera) == camera


def test_that_an_eye_somewhere_else_is_lost() -> None:
    assert LINE.holds(Camera((15, 2, 1)))
    # Half of what the line reaches, 15.2 m, is still its surroundings.
    assert LINE.holds(Camera((-15.1, 2, 1)))
    assert not LINE.holds(Camera((-15.4, 2, 1)))
    assert not LINE.holds(Camera((float("nan"), 2, 1)))


def test_that_an_eye_flat_over_the_floor_is_raised() -> None:
    kept = LINE.kept(Camera((3, 1, 0), 0, 1.0, 2.0))
    assert kept.eye()[2] == pytest.approx(0.25)


def test_that_an_empty_hall_has_bounds_too() -> None:
    assert Bounds.around(np.empty((0, 3))).kept(Camera((1e9, 0, 0))).focus[0] == pytest.approx(8.0)
