"""Aisles and fences: where their lines, names, panels and openings lie, in metres, and that they are seen."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from twin_app.model.premises import Aisle, Fence, Gate
from ui.scene3d import DARK, LIGHT, SceneUnit
from ui.scene3d.camera import Camera
from ui.scene3d.premises import gaps, lanes, name_places, panels, reach, runs, spine
from ui.scene3d.request import Request
from ui.scene3d.scene import Look, Scene
from ui.scene3d.theme import SceneTheme

if TYPE_CHECKING:
    from ui.scene3d.renderer import SceneRenderer

UNIT = SceneUnit("a", "A", "machine", None, 1.0, 0, 0, 0, 0)
SQUARE = Fence(
    line=((0.0, 0.0), (4.0, 0.0), (4.0, 3.0), (0.0, 3.0)), closed=True, gates=(Gate(at_m=2.0, width_m=1.0), Gate(at_m=13.0, width_m=1.0))
)


def scene(*, aisles: tuple[Aisle, ...] = (), fences: tuple[Fence, ...] = ()) -> Scene:
    name = np.full((10, 40), 255, dtype=np.uint8)
    return Scene((UNIT,), (), "", aisles=aisles, names=(name,) * len(aisles), fences=fences)


def test_that_a_rectangle_is_an_aisle_along_its_longer_side() -> None:
    points, width = spine(Aisle(name="A", rectangle=((0, 9), (30, 6))))
    assert points.tolist() == [[0, 7.5], [30, 7.5]]
    assert width == 3
    points, width = spine(Aisle(name="A", rectangle=((2, 0), (0, 8))))
    assert points.tolist() == [[1, 0], [1, 8]]
    assert width == 2


def test_that_the_edges_of_a_bent_aisle_keep_their_distance() -> None:
    painted = lanes(scene(aisles=(Aisle(name="A", line=((0, 0), (10, 0), (10, 10)), width_m=2.0),)), 0.0, LIGHT)
    ground = painted.positions[:8, :2].reshape(2, 4, 2)
    # Right and left of the first stretch, one metre aside, meeting the second's in the corner.
    assert ground[0].tolist() == [[0, -1], [11, -1], [9, 1], [0, 1]]
    assert ground[1].tolist() == [[11, -1], [11, 10], [9, 10], [9, 1]]


def test_that_names_are_written_along_the_aisle_to_be_read_from_the_front() -> None:
    towards = name_places(Aisle(name="A", line=((10, 0), (0, 0)), width_m=2.0), 4.0, 0.0)
    assert len(towards) == 1
    # 0.8 m high, four times as wide, in the middle, from left to right.
    assert towards[0][:, :2] == pytest.approx(np.array([(3.4, -0.4), (6.6, -0.4), (6.6, 0.4), (3.4, 0.4)]))
    assert len(name_places(Aisle(name="A", line=((0, 0), (55, 0)), width_m=2.0), 4.0, 0.0)) == 3
    narrow = name_places(Aisle(name="A long name", line=((0, 0), (3, 0)), width_m=1.0), 20.0, 0.0)
    assert np.ptp(narrow[0][:, 0]) <= 3.0 + 1e-9


def test_that_a_fence_stands_but_for_its_gates() -> None:
    standing = [(start.tolist(), end.tolist()) for start, end in runs(SQUARE)]
    assert standing == [
        ([0, 0], [1.5, 0]), ([2.5, 0], [4, 0]), ([4, 0], [4, 3]), ([4, 3], [0, 3]), ([0, 3], [0, 1.5]), ([0, 0.5], [0, 0]),
    ]  # fmt: skip
    assert [(start.tolist(), end.tolist()) for start, end in gaps(SQUARE)] == [([1.5, 0], [2.5, 0]), ([0, 1.5], [0, 0.5])]


def test_that_a_gate_round_a_corner_opens_both_sides() -> None:
    fence = Fence(line=((0, 0), (4, 0), (4, 4)), gates=(Gate(at_m=4.0, width_m=2.0),))
    assert [(start.tolist(), end.tolist()) for start, end in gaps(fence)] == [([3, 0], [4, 0]), ([4, 0], [4, 1])]


def test_that_panels_fill_each_run_from_end_to_end() -> None:
    placed = panels((Fence(line=((0, 0), (0, 4))),), 0.5)
    # Three panels of a metre and a third each.
    assert placed.transforms[:, :3, 3] == pytest.approx(np.array([(0, 4 / 6, 0.5), (0, 2, 0.5), (0, 20 / 6, 0.5)]))
    assert placed.sizes[:, 0] == pytest.approx([4 / 4.5] * 3)
    assert placed.transforms[0, :2, 0] == pytest.approx((0, 1))
    assert len(panels((), 0.0).sizes) == 0


def test_that_the_floor_reaches_as_far_as_aisles_and_fences_do() -> None:
    assert reach(scene(aisles=(Aisle(name="A", line=((0, 0), (80, 0))),), fences=(SQUARE,))).max() == 80
    assert reach(scene()).shape == (0, 2)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_that_a_fence_and_an_aisle_with_its_name_are_seen(
    renderer: "SceneRenderer", ask: Callable[..., Request], theme: SceneTheme
) -> None:
    camera = Camera((0.0, 4.0, 0.5), azimuth_deg=0.0, elevation_deg=40.0, distance_m=24.0)
    aisle, fence = Aisle(name="A", line=((-4, 6), (4, 6)), width_m=2.0), Fence(line=((-4, 3), (4, 3)), gates=(Gate(at_m=4.0, width_m=2.0),))
    pictures = []
    for room in (scene(), scene(aisles=(aisle,)), scene(fences=(fence,))):
        request = ask(scene=room, theme=theme, camera=camera, looks=(Look.RUNNING,), phases=np.zeros(1))
        pictures.append(renderer.render(request).pixels[..., :3].astype(int))

    def changed(picture: int, x: float, y: float, z: float) -> int:
        seen = camera.project(np.array([(x, y, z)]), (480.0, 270.0))[0]
        rows, columns = slice(round(seen[1]) - 3, round(seen[1]) + 4), slice(round(seen[0]) - 3, round(seen[0]) + 4)
        return int(np.abs(pictures[picture][rows, columns] - pictures[0][rows, columns]).sum())

    assert changed(1, 0.0, 6.0, 0.0) > 200, "the name"
    assert changed(1, 3.5, 7.0, 0.0) > 100, "the edge"
    assert changed(2, -2.5, 3.0, 1.9) > 100, "a panel"
    assert changed(2, 0.0, 3.0, 1.0) == 0, "the gate's opening"
