"""The ways that vehicles came, on the floor: where the strips lie, how they fade, and that they are seen."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ui.scene3d import DARK, LIGHT, SceneUnit
from ui.scene3d.camera import Camera
from ui.scene3d.request import Request
from ui.scene3d.scene import Look, Scene
from ui.scene3d.trails import POINTS, WIDTH_M, blank, gathered, strips

if TYPE_CHECKING:
    from ui.scene3d.renderer import SceneRenderer

WAY = np.array([(0.0, 0, 0.2), (4, 0, 0.6), (np.nan, np.nan, np.nan), (9, 9, 0.8), (9, 10, 1.0)])


def test_that_a_strip_is_as_wide_as_it_is_and_follows_the_way() -> None:
    corners, opacity = strips(gathered({"a": WAY}, ["b", "a"]), 0.01)
    corners, opacity = corners.reshape(2, POINTS - 1, 4, 3), opacity.reshape(2, POINTS - 1, 4)
    assert not opacity[0].any()
    first = corners[1, 0]
    assert first[:, :2].tolist() == [[0, -WIDTH_M / 2], [4, -WIDTH_M / 2], [4, WIDTH_M / 2], [0, WIDTH_M / 2]]
    assert (corners[..., 2] == 0.01).all()
    assert opacity[1, 0].tolist() == [20, 61, 61, 20]
    # Nothing joins the parts that do not hang together.
    assert not opacity[1, 1:3].any()
    assert opacity[1, 3, 1] == 102
    assert not opacity[1, 4:].any()


def test_that_more_points_than_are_kept_lose_the_oldest() -> None:
    long = np.column_stack([np.arange(POINTS + 40.0), np.zeros(POINTS + 40), np.ones(POINTS + 40)])
    assert gathered({"a": long}, ["a"])[0, 0, 0] == 40.0
    assert gathered({}, []).shape == (0, POINTS, 3)
    assert len(blank(0, LIGHT).positions) == 0


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_that_a_trail_is_seen_on_the_floor_and_gone_with_time(
    renderer: "SceneRenderer", ask: Callable[..., Request], theme: object
) -> None:
    scene = Scene((SceneUnit("v", "V", "agv", None, 1.0, 0, 0, 0, 0),), (), "")
    camera = Camera((3.0, 0, 0), distance_m=20.0).from_above()
    pictures = []
    for fresh in (1.0, 0.3, None):
        way = {} if fresh is None else {"v": np.array([(2.5, 0, fresh), (6, 0, fresh)])}
        request = ask(scene=scene, theme=theme, camera=camera, looks=(Look.RUNNING,), phases=np.zeros(1), trails=gathered(way, ["v"]))
        pictures.append(renderer.render(request).pixels[..., :3].astype(int))
    x, y, _ = camera.project(np.array([(4.3, 0.0, 0.0)]), (480.0, 270.0))[0]
    new, old, none = (picture[round(y), round(x)] for picture in pictures)
    assert np.abs(new - none).sum() > np.abs(old - none).sum() > 10
    aside = camera.project(np.array([(4.3, 1.3, 0.0)]), (480.0, 270.0))[0]
    assert (pictures[0][round(aside[1]), round(aside[0])] == pictures[2][round(aside[1]), round(aside[0])]).all()
