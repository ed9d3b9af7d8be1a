"""Shapes and colours of the states: told apart at one pixel, in grey, and against the ground."""

from itertools import combinations

import numpy as np
import pytest

from ui.palette import DARK, LIGHT, Palette
from ui.timeline.lane_image import Look, argb, class_color, lane_pixels, rows_of
from ui.timeline.raster import LaneClass

SHOWN = [kind for kind in LaneClass if kind is not LaneClass.NOTHING]
SOLID = [kind for kind in SHOWN if kind not in {LaneClass.BLIND, LaneClass.UNDEFINED}]


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("pitch", [15, 16, 22, 30])
def test_that_every_solid_class_has_a_shape_of_its_own_even_one_pixel_wide(pitch: int) -> None:
    for one, other in combinations(SOLID, 2):
        assert not np.array_equal(rows_of(one, pitch), rows_of(other, pitch)), (one, other, pitch)


def test_that_an_aborted_machine_is_the_tallest_mark_and_a_running_one_lower_than_a_stopped() -> None:
    height = {kind: int(rows_of(kind, 20).sum()) for kind in SOLID}
    assert height[LaneClass.ABORTED] == 19
    assert height[LaneClass.ABORTED] > height[LaneClass.STOPPED] > height[LaneClass.RUNNING] > height[LaneClass.STARVED] >= 1


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda p: p.name)
def test_that_every_mark_stands_out_from_its_ground(palette: Palette) -> None:
    """At least 3:1 against the ground, to the digit the palette was computed to (running in the light theme: 3.0)."""
    assert {
        kind: round(contrast(class_color(palette, kind), palette.panel), 1)
        for kind in SHOWN
        if contrast(class_color(palette, kind), palette.panel) < 2.95
    } == {}


def test_that_an_abort_of_a_single_pixel_fills_its_lane_but_the_line_to_the_next() -> None:
    columns = np.full(50, LaneClass.RUNNING, np.int8)
    columns[17] = LaneClass.ABORTED
    pixels = lane_pixels(columns, Look(16, 1.0, LIGHT))
    assert pixels.shape == (16, 50)
    assert np.argwhere(pixels == argb(LIGHT.priority[0])).tolist() == [[row, 17] for row in range(15)]


def test_that_blind_time_is_hatched_not_filled() -> None:
    pixels = lane_pixels(np.full(60, LaneClass.BLIND, np.int8), Look(16, 1.0, DARK))
    inked = np.count_nonzero(pixels == argb(DARK.dim)) / pixels.size
    assert 0.05 < inked < 0.4
    assert np.count_nonzero(pixels) == np.count_nonzero(pixels == argb(DARK.dim))


def test_that_hatching_is_as_wide_in_logical_pixels_on_a_fine_screen() -> None:
    coarse = lane_pixels(np.full(120, LaneClass.BLIND, np.int8), Look(16, 1.0, LIGHT))[8]
    fine = lane_pixels(np.full(240, LaneClass.BLIND, np.int8), Look(32, 2.0, LIGHT))[16]
    assert np.diff(np.flatnonzero(coarse)).max() * 2 == pytest.approx(np.diff(np.flatnonzero(fine)).max(), abs=2)


def test_that_what_is_not_known_is_left_unpainted() -> None:
    assert not lane_pixels(np.full(5, LaneClass.NOTHING, np.int8), Look(16, 1.0, LIGHT)).any()
