"""Rings on the floor: one for each look, told apart without colour too, in both themes."""

import numpy as np
import pytest

from ui.scene3d.marks import LAMPS, STYLES, colour_of, lamp_colour, mark, selection_mark
from ui.scene3d.scene import ABNORMAL, Look, Scene
from ui.scene3d.theme import DARK, LIGHT, SceneTheme, rgb


def luminance(colour: str) -> float:
    linear = np.where(rgb(colour) <= 0.04045, rgb(colour) / 12.92, ((rgb(colour) + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_that_every_look_has_a_style() -> None:
    assert set(STYLES) == set(Look)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("look", sorted(ABNORMAL))
def test_that_an_abnormal_ring_stands_out_from_the_floor(look: Look, theme: SceneTheme) -> None:
    assert contrast(colour_of(look, theme), theme.floor) >= 2.9


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_that_only_abnormal_looks_are_saturated(theme: SceneTheme) -> None:
    spread = {look: float(np.ptp(rgb(colour_of(look, theme)))) for look in Look}
    assert all(spread[look] > 0.4 for look in (Look.ABORTED, Look.HELD, Look.SUSPENDED))
    assert all(spread[look] < 0.1 for look in (Look.RUNNING, Look.TRANSITION, Look.IDLE, Look.STOPPED, Look.UNKNOWN))


def test_that_the_looks_of_one_colour_differ_in_width_strength_or_dashes() -> None:
    shapes = [(style.thin, style.wide, style.ground, style.dashed) for style in STYLES.values() if style.colour == "running"]
    assert len(set(shapes)) == len(shapes)


def test_that_a_consequence_is_outlined_and_its_cause_is_filled() -> None:
    assert STYLES[Look.SUSPENDED].ground == STYLES[Look.SUSPENDED].wide == 0
    assert STYLES[Look.ABORTED].ground > 0


def test_that_a_ring_lies_around_its_machine_and_is_as_opaque_as_its_style(line: Scene) -> None:
    box = line.boxes()[0]
    patch = mark(box, STYLES[Look.RUNNING])
    assert (np.abs(patch.positions[:, :2]) > box[1, :2] - 0.2).any(axis=1).all()
    assert (np.abs(patch.positions[:, :2]) < box[1, :2] + 0.3).all()
    assert set(patch.opacity) == {STYLES[Look.RUNNING].thin}


def test_that_a_glow_fades_outwards_and_dashes_leave_gaps(line: Scene) -> None:
    box = line.boxes()[0]
    glowing = mark(box, STYLES[Look.ABORTED])
    farthest = np.abs(glowing.positions[:, 0]).argmax()
    assert glowing.opacity[farthest] == 0
    plain, dashed = mark(box, STYLES[Look.RUNNING]), mark(box, STYLES[Look.TRANSITION])
    assert len(dashed.cells) == len(plain.cells) / 2


def test_that_the_selections_mark_is_dashed_and_outside_the_ring(line: Scene) -> None:
    box = line.boxes()[0]
    ring, chosen = mark(box, STYLES[Look.STOPPED]), selection_mark(box)
    assert np.abs(chosen.positions[:, 0]).max() > np.abs(ring.positions[:, 0]).max()
    assert len(chosen.cells) < len(ring.cells)


# How people without red or green cones see linear light (Viénot, Brettel and Mollon 1999, for displays).
BLINDNESS = {
    "protanopia": np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]),
    "deuteranopia": np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]),
}


def seen(colour: str, blindness: str) -> float:
    """Return how bright a colour is to somebody, in WCAG's linear terms."""
    linear = np.where(rgb(colour) <= 0.04045, rgb(colour) / 12.92, ((rgb(colour) + 0.055) / 1.055) ** 2.4)
    return float(np.clip(BLINDNESS[blindness] @ linear, 0.0, 1.0) @ (0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("look", sorted(ABNORMAL))
def test_that_an_abnormal_ring_stands_out_without_red_or_green_cones_too(look: Look, theme: SceneTheme, blindness: str) -> None:
    light, dark = sorted((seen(colour_of(look, theme), blindness), seen(theme.floor, blindness)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 2.75


def test_that_no_two_abnormal_looks_are_told_apart_by_colour_alone() -> None:
    shapes = {look: (STYLES[look].wide > 0, STYLES[look].glow, STYLES[look].dashed, _lamp(look)) for look in ABNORMAL}
    assert len(set(shapes.values())) == len(ABNORMAL)


def _lamp(look: Look) -> str:
    """Return which lamp of the beacon shines, found by asking for its colours."""
    return next((lamp for lamp in LAMPS if lamp_colour(look, lamp, LIGHT) != LIGHT.grid), "none")


def test_that_the_lamps_say_the_state_by_their_height() -> None:
    assert [_lamp(look) for look in (Look.RUNNING, Look.SUSPENDED, Look.HELD, Look.ABORTED, Look.STOPPED, Look.UNKNOWN)] == [
        "low", "middle", "middle", "high", "none", "none",
    ]  # fmt: skip
