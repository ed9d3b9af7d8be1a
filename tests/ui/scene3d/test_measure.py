"""Measuring: spots hold on to machines where they are near, and distances are those of the hall."""

import numpy as np
import pytest

from ui.scene3d.camera import Camera
from ui.scene3d.measure import Hold, Measure, Spot, spot_at, words
from ui.scene3d.scene import Scene, SceneUnit

SIZE = (1000.0, 800.0)
PLAN = Camera((2.0, 0.0, 0.0), distance_m=30.0).from_above()
SCENE = Scene((SceneUnit("a", "A", "machine", None, 1.0, 0, 0, 0, 0), SceneUnit("b", "B", "machine", None, 1.0, 5, 0, 0, 90)), (), "")
BOXES, BASES = np.array([[(-1.0, -0.5, 0), (1, 0.5, 2)]] * 2), SCENE.bases()


def spot(x: float, y: float, *, aside_px: float = 0.0, camera: Camera = PLAN) -> Spot | None:
    """Return the spot under the pixel where a point of the floor is seen, or some pixels aside of it."""
    at = camera.project(np.array([(x, y, 0.0)]), SIZE)[0]
    return spot_at(at[0] + aside_px, at[1], camera, SIZE, BOXES, BASES)


@pytest.mark.parametrize("camera", [PLAN, Camera((2.0, 0.0, 0.5), 25, 40, 20)])
def test_that_a_spot_holds_on_to_middles_corners_and_edges(camera: Camera) -> None:
    assert spot(5, 0, aside_px=6, camera=camera) == Spot(5, 0, 0, Hold.MIDDLE, 1)
    corner = spot(1, 0.5, aside_px=-5, camera=camera)
    assert corner is not None
    assert (corner.hold, corner.row) == (Hold.CORNER, 0)
    assert corner.place() == pytest.approx((1, 0.5, 0))
    # The second machine is turned by a right angle: its long side lies at x = 5.5.
    edge = spot(5.52, 0.6, camera=camera)
    assert edge is not None
    assert (edge.hold, edge.row) == (Hold.EDGE, 1)
    assert edge.place() == pytest.approx((5.5, 0.6, 0), abs=0.03)


def test_that_the_floor_between_is_itself() -> None:
    found = spot(2.7, 1.9)
    assert found is not None
    assert found.hold is Hold.FLOOR
    assert found.place() == pytest.approx((2.7, 1.9, 0.0), abs=1e-6)


def test_that_above_the_horizon_there_is_no_spot() -> None:
    assert spot_at(500, 0, Camera(elevation_deg=5.0), SIZE, BOXES, BASES) is None
    assert spot_at(500, 400, PLAN, SIZE, np.empty((0, 2, 3)), np.empty((0, 4, 4))) == Spot(2.0, 0.0, 0.0)


def test_that_a_distance_is_told_with_its_parts() -> None:
    assert words(Spot(0, 0, 0), Spot(3, -4, 0)) == ("5.00 m", "Δx 3.00 m · Δy -4.00 m")
    assert words(Spot(0, 0, 0), Spot(0, 0, 1.5))[1].endswith("Δz 1.50 m")


def test_that_a_third_click_begins_anew_and_a_click_beside_the_floor_is_none() -> None:
    tool = Measure()
    tool.start()
    one, two, three = Spot(0, 0, 0), Spot(1, 0, 0), Spot(2, 0, 0)
    tool.click(None)
    assert tool.ends() == ()
    tool.click(one)
    tool.pointer = three
    assert tool.ends() == (one, three)
    tool.click(two)
    assert tool.ends() == (one, two)
    tool.click(three)
    assert tool.spots == (three,)
    tool.stop()
    assert tool.ends() == ()
