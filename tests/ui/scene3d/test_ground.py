"""Floor, grid, shadows and outlines as plain arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.scene3d import flow, ground
from ui.scene3d.outlines import CELLS, band, outline, quads
from ui.scene3d.scene import Scene
from ui.scene3d.sign import letters
from ui.scene3d.theme import DARK, LIGHT, SceneTheme, rgb


@given(st.floats(0.5, 10), st.floats(0.5, 10), st.floats(0, 1), st.floats(0.05, 0.5))
def test_that_an_outline_keeps_its_distance_from_the_box(length: float, width: float, offset: float, radius: float) -> None:
    points = outline((0.0, 0.0), (length, width), offset, radius)
    assert points.shape == (CELLS, 2)
    assert points.min() >= -offset - 1e-9
    assert (points.max(axis=0) <= np.array((length, width)) + offset + 1e-9).all()


@given(st.floats(1.0, 10), st.floats(1.0, 10))
def test_that_the_cells_of_a_band_close_a_ring_without_gaps(length: float, width: float) -> None:
    cells = band(outline((0.0, 0.0), (length, width), 0.1, 0.2), outline((0.0, 0.0), (length, width), 0.3, 0.4))
    assert np.allclose(cells[:, 1], np.roll(cells[:, 0], -1, axis=0))
    assert np.allclose(cells[:, 2], np.roll(cells[:, 3], -1, axis=0))


def test_that_two_triangles_make_a_cell() -> None:
    assert quads(2).tolist() == [[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_that_the_floor_is_full_in_the_middle_and_gone_at_its_rim(theme: SceneTheme) -> None:
    place = ground.extent(np.array([(-5.0, -2, 0), (5, 2, 3)]))
    painted = ground.floor(place, theme)
    distance = np.linalg.norm(painted.positions[:, :2], axis=1)
    assert (painted.colours[distance < 0.2 * place.radius, 3] == 255).all()
    assert (painted.colours[distance > 0.999 * place.radius, 3] == 0).all()
    assert (painted.colours[:, :3] == np.round(rgb(theme.floor) * 255)).all()


def test_that_grid_lines_lie_on_whole_metres_and_every_fifth_is_stronger() -> None:
    painted = ground.grid(ground.extent(np.array([(-5.0, -2, 0), (5, 2, 3)])), LIGHT)
    ends = painted.positions[painted.cells][:, :, :2]
    fixed = np.where(np.isclose(ends[:, 0, 0], ends[:, 1, 0]), ends[:, 0, 0], ends[:, 0, 1])
    assert np.allclose(fixed, np.round(fixed))
    middle = np.linalg.norm(ends[:, 0], axis=1) < 6
    strength = painted.colours[painted.cells[:, 0], 3].astype(int)
    fifth = np.isclose(np.mod(fixed, 5), 0)
    assert strength[middle & fifth].min() > strength[middle & ~fifth].max()


def test_that_a_whole_plant_gets_a_coarse_grid() -> None:
    painted = ground.grid(ground.extent(np.array([(-80.0, -40, 0), (80, 40, 3)])), LIGHT)
    ends = painted.positions[painted.cells][:, :, :2]
    fixed = np.where(np.isclose(ends[:, 0, 0], ends[:, 1, 0]), ends[:, 0, 0], ends[:, 0, 1])
    assert np.allclose(np.mod(fixed, 5), 0)


def test_that_a_shadow_lies_under_its_machine_and_fades_outwards(line: Scene) -> None:
    box = line.boxes()[0]
    patch = ground.shadow(box)
    assert (patch.positions[:, :2] > box[0, :2] - 0.4).all()
    assert (patch.positions[:, :2] < box[1, :2] + 0.4).all()
    inside = (np.abs(patch.positions[:, :2]) < box[1, :2] - 0.2).all(axis=1)
    assert (patch.opacity[inside] == 1).all()
    rim = patch.opacity == 0
    assert (np.abs(patch.positions[rim, :2]) > box[1, :2]).any(axis=1).all()


def test_that_the_shadow_of_a_conveyor_lies_between_its_machines_and_fades_to_both_sides(line: Scene) -> None:
    painted = ground.belt_shadows(flow.lay(line), LIGHT)
    assert painted.positions[:, 0].min() >= 1.1
    assert painted.positions[:, 0].max() <= 8.9
    assert painted.colours[:, 3].max() == round(LIGHT.shadow_strength * 0.8 * 255)
    assert painted.colours[:, 3].min() == 0


def test_that_aisles_and_the_sign_stay_clear_of_the_machines() -> None:
    place = ground.extent(np.array([(-5.0, -2, 0), (5, 2, 3)]))
    aisles = ground.aisles(place, LIGHT).positions
    assert (np.abs(aisles[:, 1]) > 3).all()
    sign = ground.sign_corners(place, 5.0)
    assert sign[:, 1].max() < -2.5
    assert np.ptp(sign[:, 0]) == pytest.approx(5 * np.ptp(sign[:, 1]))


def test_that_a_line_along_y_has_its_aisles_and_sign_along_y() -> None:
    place = ground.extent(np.array([(-2.0, -5, 0), (2, 5, 3)]))
    assert (np.abs(ground.aisles(place, LIGHT).positions[:, 0]) > 3).all()
    sign = ground.sign_corners(place, 5.0)
    assert sign[:, 0].min() > 2.5


@pytest.mark.usefixtures("qapp")
def test_that_a_name_becomes_letters_and_an_empty_one_nothing() -> None:
    assert letters("Bottling 2").max() == 255
    assert letters("灌装线").shape[1] > 100
    assert letters("  ").tolist() == [[0]]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@given(colour=st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)))
def test_that_toning_keeps_colours_in_range_and_never_adds_saturation(theme: SceneTheme, colour: tuple[float, float, float]) -> None:
    toned = theme.tone(np.array(colour))
    assert ((toned >= 0) & (toned <= 1)).all()
    black, white = rgb(theme.machine_black), rgb(theme.machine_white)
    assert np.ptp(toned) <= np.ptp(np.array(colour)) + np.ptp(black) + np.ptp(white)


def test_that_the_palettes_machine_grey_stays_itself_in_light_and_becomes_the_dark_machine_in_dark() -> None:
    grey = rgb("#B9BFC5")
    assert np.abs(LIGHT.tone(grey) - grey).max() < 0.04
    assert np.abs(DARK.tone(grey) - rgb("#565E67")).max() < 0.12
