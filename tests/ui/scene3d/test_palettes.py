"""Both palettes in both themes, as people with and without all their cones see them: what needs a person stands out, by shape too."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.ui.vision import VISIONS, contrast, luminances
from twin_app.model.packml import Category, State
from ui.palette import ANDON, EVERY_PALETTE, Palette, state_color
from ui.scene3d.cards import machine_rects
from ui.scene3d.marks import LAMPS, STYLES, colour_of, lamp_colour
from ui.scene3d.renderer import SceneRenderer
from ui.scene3d.request import Picture, Request
from ui.scene3d.scene import ABNORMAL, Look
from ui.scene3d.theme import THEMES, SceneTheme
from ui.timeline.lane_image import class_color
from ui.timeline.raster import LaneClass

Ask = Callable[..., Request]
NORMAL = sorted(set(Look) - ABNORMAL)
palettes = pytest.mark.parametrize("palette", EVERY_PALETTE, ids=lambda one: f"{one.scheme}-{one.name}")
visions = pytest.mark.parametrize("vision", VISIONS)


def shape(look: Look, theme: SceneTheme) -> tuple[object, ...]:
    """Return all that tells a look but its colour: the ring's bands and dashes, and which lamp shines."""
    style = STYLES[look]
    shining = [lamp for lamp in LAMPS if lamp_colour(look, lamp, theme) != theme.grid]
    return style.wide > 0, style.ground > 0, style.glow, style.dashed, tuple(shining)


@palettes
@visions
def test_that_every_abnormal_colour_has_three_to_one_against_floor_and_panel(palette: Palette, vision: str) -> None:
    theme = THEMES[palette]
    found = {look: min(contrast(colour_of(look, theme), ground, vision) for ground in (theme.floor, palette.panel)) for look in ABNORMAL}
    assert {look: ratio for look, ratio in found.items() if ratio < 3.0} == {}


@palettes
@visions
def test_that_the_abnormal_differs_from_the_normal_by_three_to_one_or_in_shape(palette: Palette, vision: str) -> None:
    theme = THEMES[palette]
    for look, calm in product(sorted(ABNORMAL), NORMAL):
        bright = contrast(colour_of(look, theme), colour_of(calm, theme), vision) >= 3.0
        assert bright or shape(look, theme) != shape(calm, theme), (look, calm)


@palettes
def test_that_only_what_needs_a_person_is_coloured_and_in_andon_what_runs_besides(palette: Palette) -> None:
    theme = THEMES[palette]
    spread = {look: np.ptp([int(colour_of(look, theme)[i : i + 2], 16) for i in (1, 3, 5)]) / 255 for look in Look}
    coloured = {look for look, each in spread.items() if each > 0.25}
    running = {Look.RUNNING} if palette.scheme == ANDON else set()
    assert coloured == {Look.ABORTED, Look.HELD, Look.SUSPENDED} | running


@palettes
def test_that_ring_lamp_card_and_lane_have_one_colour_for_one_state(palette: Palette) -> None:
    theme = THEMES[palette]
    for look, state, category, lane in (
        (Look.RUNNING, State.EXECUTE, Category.PRODUCTION, LaneClass.RUNNING),
        (Look.STOPPED, State.STOPPED, Category.INTERNAL_STOP, LaneClass.STOPPED),
        (Look.HELD, State.HELD, Category.INTERNAL_STOP, LaneClass.HELD),
        (Look.SUSPENDED, State.SUSPENDED, Category.STARVED, LaneClass.STARVED),
        (Look.ABORTED, State.ABORTED, Category.FAILURE, LaneClass.ABORTED),
        (Look.UNKNOWN, None, Category.BLIND, LaneClass.BLIND),
    ):
        colours = {colour_of(look, theme), state_color(palette, state, category), class_color(palette, lane)}
        colours |= {lamp_colour(look, lamp, theme) for lamp in LAMPS} - {theme.grid}
        assert len(colours) == 1, (look, colours)


def brightness(picture: Picture, vision: str) -> NDArray[np.float64]:
    return luminances(picture.pixels[..., :3] / 255.0, vision)


def box_of(picture: Picture, row: int) -> tuple[slice, slice]:
    """Return where one machine and its ring lie in the picture."""
    request = picture.request
    rect = machine_rects(request.bases(), picture.boxes, request.camera, request.size)[row]
    assert rect is not None
    edge = 8
    return slice(int(rect.y) - edge, int(rect.y + rect.height) + edge), slice(int(rect.x) - edge, int(rect.x + rect.width) + edge)


@palettes
def test_that_a_machine_in_aborted_looks_so_to_everybody(renderer: SceneRenderer, ask: Ask, palette: Palette) -> None:
    """Around it, as bright as they see it, there is a wide ring of three to one against the floor; around a running one there is none."""
    theme = THEMES[palette]
    calm = renderer.render(ask(theme=theme))
    aborted = renderer.render(ask(theme=theme, looks=(Look.RUNNING, Look.ABORTED, Look.RUNNING)))
    where = box_of(calm, 1)
    differs = np.abs(calm.pixels[..., :3].astype(int) - aborted.pixels[..., :3]).max(axis=-1) > 8
    for vision in VISIONS:
        floor = float(luminances(np.array([int(theme.floor[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0, vision))
        ratios = []
        for picture in (calm, aborted):
            seen = brightness(picture, vision)[where][differs[where]]
            ratio = np.maximum(seen + 0.05, floor + 0.05) / np.minimum(seen + 0.05, floor + 0.05)
            ratios.append(int((ratio >= 2.9).sum()))
        assert ratios[1] > 150, vision
        assert ratios[1] > 1.5 * ratios[0], vision


@palettes
def test_that_a_stale_machine_is_hatched_to_everybody(renderer: SceneRenderer, ask: Ask, palette: Palette) -> None:
    """Stripes run down to the right: along that diagonal neighbours are as bright, across it they are not."""
    stale = renderer.render(ask(theme=THEMES[palette], looks=(Look.UNKNOWN, Look.RUNNING, Look.RUNNING)))
    for vision in VISIONS:
        hatched = brightness(stale, vision)[box_of(stale, 0)]
        along, across = (np.abs(hatched[2:, 2:] - hatched[:-2, :-2]).mean(), np.abs(hatched[2:, :-2] - hatched[:-2, 2:]).mean())
        assert across > 1.4 * along, vision
