"""The eye: project and unproject are inverses, and moves do what a hand expects."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.scene3d.camera import Camera

SIZE = (1280.0, 720.0)
CAMERAS = st.builds(
    Camera,
    focus=st.tuples(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 3)),
    azimuth_deg=st.floats(0, 360),
    elevation_deg=st.floats(5, 89),
    distance_m=st.floats(2, 200),
    field_deg=st.sampled_from((0.0, 5.0, 28.0)),
)


@given(CAMERAS, st.floats(0, 1280), st.floats(0, 720), st.floats(1, 100))
def test_that_a_point_on_a_pixels_sight_line_is_projected_back_to_that_pixel(camera: Camera, x: float, y: float, far: float) -> None:
    origin, direction = camera.ray(x, y, SIZE)
    seen = camera.project((origin + direction * far)[None], SIZE)[0]
    assert seen[:2] == pytest.approx((x, y), abs=1e-5)
    assert 0 < seen[2] <= far + 1e-6


@given(CAMERAS)
def test_that_the_focus_lies_in_the_middle_at_the_cameras_distance(camera: Camera) -> None:
    assert camera.project(np.array([camera.focus]), SIZE)[0] == pytest.approx((640, 360, camera.eye_m), abs=1e-6)


def test_that_a_point_behind_the_eye_has_negative_depth() -> None:
    camera = Camera()
    assert camera.project((camera.eye() + camera.axes()[2] * 5)[None], SIZE)[0, 2] < 0


@given(CAMERAS, st.lists(st.tuples(st.floats(-30, 30), st.floats(-30, 30), st.floats(0, 4)), min_size=1, max_size=30))
def test_that_a_fitted_eye_sees_all_points_and_wastes_no_more_than_its_margin(
    camera: Camera, points: list[tuple[float, float, float]]
) -> None:
    world = np.array(points)
    seen = camera.fitted(world, SIZE).project(world, SIZE)
    assert (seen[:, 2] > 0).all()
    assert (np.abs(seen[:, :2] - (640, 360)) <= (640.5, 360.5)).all()


def test_that_a_fitted_eye_has_points_near_two_opposite_edges() -> None:
    world = np.array([(x, y, z) for x in (0.0, 20) for y in (0.0, 2) for z in (0.0, 3)])
    camera = Camera().fitted(world, SIZE, margin=1.0)
    seen = camera.project(world, SIZE)
    assert np.ptp(seen[:, 0]) == pytest.approx(1280, abs=1)


@given(CAMERAS, st.floats(10, 1270), st.floats(10, 710), st.floats(0.5, 2))
def test_that_the_point_under_the_pointer_stays_there_while_zooming(camera: Camera, x: float, y: float, factor: float) -> None:
    under = camera.on_floor(x, y, SIZE, camera.focus[2])
    # At a flat angle the point may lie kilometres off, where rounding rules.
    if under is None or np.linalg.norm(under - camera.focus) > 1e4:
        return
    seen = camera.zoomed(factor, under).project(under[None], SIZE)[0]
    assert seen[:2] == pytest.approx((x, y), abs=0.01)


def test_that_looking_above_the_horizon_meets_no_floor() -> None:
    assert Camera(elevation_deg=5.0).on_floor(640, 0, SIZE) is None


def test_that_panning_moves_the_floor_with_the_pointer() -> None:
    camera = Camera(elevation_deg=89.0)
    under = camera.on_floor(640, 360, SIZE, camera.focus[2])
    assert under is not None
    seen = camera.panned(50, -30, SIZE).project(under[None], SIZE)[0]
    assert seen[:2] == pytest.approx((690, 330), abs=2)


def test_that_orbiting_never_turns_the_room_upside_down() -> None:
    assert Camera().orbited(0, 1e6).elevation_deg < 90
    assert Camera().orbited(0, -1e6).elevation_deg > 0


def test_that_a_flight_starts_here_ends_there_and_turns_the_short_way() -> None:
    start, goal = Camera(azimuth_deg=350.0), Camera((5, 6, 1), 10.0, 60.0, 8.0)
    assert start.towards(goal, 0.0).eye() == pytest.approx(start.eye())
    assert start.towards(goal, 1.0).eye() == pytest.approx(goal.eye())
    assert start.towards(goal, 0.5).azimuth_deg == pytest.approx(0.0, abs=1e-9)


def test_that_seen_from_above_north_is_up() -> None:
    camera = Camera((0, 0, 0)).from_above()
    seen = camera.project(np.array([(0.0, 1, 0), (1, 0, 0)]), SIZE)
    assert seen[0, 1] < 360
    assert seen[0, 0] == pytest.approx(640)
    assert seen[1, 0] > 640


def test_that_a_plan_is_to_scale_whatever_the_height() -> None:
    camera = Camera((0, 0, 0), distance_m=20.0).from_above()
    seen = camera.project(np.array([(0.0, 0, 0), (1, 0, 0), (0, 0, 4), (1, 0, 4)]), SIZE)
    # Half the picture's height, 360 px, shows 20 m x tan 14 degrees = 4.987 m.
    assert seen[1, 0] - seen[0, 0] == pytest.approx(360 / 4.98656, rel=1e-5)
    assert seen[3, 0] - seen[2, 0] == pytest.approx(seen[1, 0] - seen[0, 0])
    assert seen[2, :2] == pytest.approx(seen[0, :2])


def test_that_a_plan_and_the_eye_before_it_show_the_focus_at_the_same_size() -> None:
    far, near = Camera(distance_m=30.0), Camera(distance_m=30.0, field_deg=0.0)
    right = np.array([far.focus]) + far.axes()[0]
    assert far.project(right, SIZE)[0, :2] == pytest.approx(near.project(right, SIZE)[0, :2])
    assert Camera(distance_m=30.0, field_deg=3.0).project(right, SIZE)[0, :2] == pytest.approx(near.project(right, SIZE)[0, :2])


def test_that_a_far_flight_steps_back_on_its_way_and_a_short_one_hardly() -> None:
    start = Camera((0, 0, 0), distance_m=10.0)
    far, near = Camera((100, 0, 0), distance_m=10.0), Camera((0.5, 0, 0), distance_m=10.0)
    assert start.towards(far, 0.5).distance_m == pytest.approx(25.0)
    assert start.towards(near, 0.5).distance_m == pytest.approx(10.25)


def test_that_a_flight_to_a_plan_ends_with_parallel_sight_lines() -> None:
    start = Camera(distance_m=20.0)
    plan = start.from_above()
    assert start.towards(plan, 1.0) == plan
    assert not start.towards(plan, 0.5).parallel
    assert plan.fitted(np.array([(0.0, 0, 0), (10, 0, 0)]), SIZE).parallel
    assert start.towards(plan, 0.5).fitted(np.array([(0.0, 0, 0), (10, 0, 0)]), SIZE).field_deg == 28.0
