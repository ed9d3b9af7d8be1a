"""The outline of the selected machine follows what is seen of it, in both finishes; the one under the pointer has a thinner one."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from ui.scene3d.camera import Camera
from ui.scene3d.renderer import SceneRenderer
from ui.scene3d.request import Picture, Profile, Request
from ui.scene3d.scene import Look
from ui.scene3d.theme import DARK, LIGHT, SceneTheme, rgb

Ask = Callable[..., Request]
RUNNING = (Look.RUNNING,) * 3


def line_of(picture: Picture, theme: SceneTheme = LIGHT) -> NDArray[np.bool_]:
    """Return which pixels have the colour of the selection."""
    apart = np.abs(picture.pixels[..., :3] / 255.0 - rgb(theme.selection)).max(axis=-1)
    return np.asarray(apart < 0.02)


@pytest.mark.parametrize("profile", [Profile.LOW, Profile.HIGH])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda one: one.name)
def test_that_the_outline_follows_the_machine_not_its_box(renderer: SceneRenderer, ask: Ask, theme: SceneTheme, profile: Profile) -> None:
    picture = renderer.render(ask(selected=1, theme=theme, profile=profile))
    line = line_of(picture, theme)
    rows, columns = np.nonzero(line)
    assert len(rows) > 200
    # Of a capper seen at an angle no straight side runs along a row or a column of the picture for most of its size.
    assert line.sum(axis=1).max() < np.ptp(columns) * 0.6
    assert line.sum(axis=0).max() < np.ptp(rows) * 0.6
    # Inside the line is the machine, in its own colours.
    middle = line[int(rows.mean()) - 5 : int(rows.mean()) + 5, int(columns.mean()) - 5 : int(columns.mean()) + 5]
    assert not middle.any()


def test_that_the_line_around_what_is_pointed_at_is_thinner(renderer: SceneRenderer, ask: Ask) -> None:
    selected, hovered = renderer.render(ask(selected=1)), renderer.render(ask(hovered=1))
    assert 50 < line_of(hovered).sum() < 0.85 * line_of(selected).sum()


def test_that_a_selected_machine_behind_another_is_outlined_through_it(renderer: SceneRenderer, ask: Ask) -> None:
    along = replace(ask().camera, azimuth_deg=88.0, elevation_deg=8.0)
    plain = renderer.render(ask(camera=along))
    found = renderer.render(ask(camera=along, selected=0))
    assert line_of(plain).sum() == 0
    assert line_of(found).sum() > 100


def test_that_the_outline_moves_with_what_moves_and_goes_with_the_selection(renderer: SceneRenderer, ask: Ask) -> None:
    first, later = (renderer.render(ask(selected=1, phases=np.full(3, phase), running=True)) for phase in (0.0, 0.1))
    assert line_of(first).any()
    assert line_of(later).any()
    assert np.array_equal(renderer.render(ask()).pixels, renderer.render(ask()).pixels)
    assert not line_of(renderer.render(ask())).any()


def test_that_a_selected_machine_outside_the_picture_has_no_outline(renderer: SceneRenderer, ask: Ask) -> None:
    aside = Camera(focus=(-2.0, 0.0, 0.8), azimuth_deg=0.0, distance_m=6.0)
    assert not line_of(renderer.render(ask(camera=aside, selected=2))).any()
