"""Units that drive about stand where they say they are, with ring, shadow and beacon."""

from collections.abc import Callable
from dataclasses import replace
from math import nan, pi
from typing import TYPE_CHECKING

import numpy as np

from ui.scene3d.camera import Camera
from ui.scene3d.flow import lay
from ui.scene3d.request import Request
from ui.scene3d.scene import Look, Pose, Scene, SceneLink, SceneUnit, UnitLook

if TYPE_CHECKING:
    from ui.scene3d.renderer import SceneRenderer

SIZE = (480, 270)


def unit(number: int, kind: str, heading_deg: float = 0.0) -> SceneUnit:
    return SceneUnit(f"u{number}", f"M{number}", kind, None, 1.0, number * 5.0, 0.0, 0.0, heading_deg)


HALL = Scene((unit(0, "filler"), unit(1, "agv", 90.0)), (), "")


def told(pose: Pose | None) -> UnitLook:
    return UnitLook(Look.RUNNING, "", "", "", 0.0, pose)


def test_that_a_vehicle_stands_where_it_reports_and_every_other_unit_on_its_base() -> None:
    stands = HALL.standing((told(None), told(Pose(-3.0, 7.0, pi))))
    assert np.array_equal(stands[0], HALL.bases()[0])
    assert np.allclose(stands[1] @ (1, 0, 0, 1), (-4.0, 7.0, 0.0, 1.0))
    assert np.allclose(stands[1] @ (0, 1, 0, 1), (-3.0, 6.0, 0.0, 1.0))


def test_that_a_vehicle_of_unknown_heading_keeps_the_one_the_layout_gave_it() -> None:
    stands = HALL.standing((told(None), told(Pose(2.0, 3.0, nan))))
    assert np.allclose(stands[1] @ (1, 0, 0, 1), (2.0, 4.0, 0.0, 1.0))


def test_that_a_vehicle_that_drove_on_makes_another_picture_and_one_that_stands_does_not(ask: Callable[..., Request]) -> None:
    here, there = (HALL.standing((told(None), told(Pose(x, 0.0, 0.0)))) for x in (1.0, 1.01))
    request = ask(scene=HALL, stands=here)
    assert replace(request, stands=here.copy()).same_picture(request)
    assert not replace(request, stands=there).same_picture(request)
    assert not replace(request, stands=None).same_picture(request)


def test_that_no_conveyor_is_built_to_what_drives_about() -> None:
    linked = Scene((*HALL.units, unit(2, "capper")), (SceneLink("u0", "u1"), SceneLink("u0", "u2")), "")
    (laid,) = lay(linked)
    assert laid.sources.tolist() == [0]
    assert laid.targets.tolist() == [2]


def test_that_body_ring_and_beacon_of_a_vehicle_go_along(renderer: "SceneRenderer", ask: Callable[..., Request]) -> None:
    camera = Camera(focus=(5.0, 0.0, 0.0), distance_m=26.0, elevation_deg=50.0)
    home = ask(scene=HALL, camera=camera, looks=(Look.RUNNING, Look.ABORTED))
    stands = HALL.standing((told(None), told(Pose(9.0, -2.0, 0.0))))
    away = replace(home, stands=stands)
    places = camera.project(np.array([(5.0, 0.0, 0.3), (9.0, -2.0, 0.3)]), SIZE)[:, :2].round().astype(int)

    def reds(request: Request) -> list[int]:
        pixels = renderer.render(request).pixels.astype(int)
        red = (pixels[..., 0] - pixels[..., 1]) > 60
        return [int(red[y - 14 : y + 14, x - 22 : x + 22].sum()) for x, y in places]

    many, few = 60, 2
    before, after = reds(home), reds(away)
    assert before[0] > many
    assert before[1] <= few
    assert after[1] > many
    assert after[0] <= few
    assert reds(home) == before
    # The beacon of the type stands 0.68 m ahead of the middle.
    assert np.allclose(renderer.render(away).beacons[1, :2], (9.68, -2.0))


def test_that_a_vehicle_far_from_the_floor_is_still_drawn(renderer: "SceneRenderer", ask: Callable[..., Request]) -> None:
    stands = HALL.standing((told(None), told(Pose(0.0, 150.0, 0.0))))
    camera = Camera(focus=(0.0, 150.0, 0.5), distance_m=8.0)
    shown = ask(scene=HALL, camera=camera, stands=stands, looks=(Look.RUNNING, Look.ABORTED))
    gone = replace(shown, stands=None)
    assert not np.array_equal(renderer.render(shown).pixels, renderer.render(gone).pixels)
