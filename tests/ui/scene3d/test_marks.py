"""Rings on the floor: one for each look, told apart without colour too. Colours: see test_palettes."""

import numpy as np

from ui.scene3d.marks import LAMPS, STYLES, lamp_colour, mark, selection_mark
from ui.scene3d.scene import ABNORMAL, Look, Scene
from ui.scene3d.theme import LIGHT


def test_that_every_look_has_a_style() -> None:
    assert set(STYLES) == set(Look)


def test_that_the_looks_of_one_colour_differ_in_width_strength_or_dashes() -> None:
    shapes = [(style.thin, style.wide, style.ground, style.dashed) for style in STYLES.values() if style.colour in {"running", "neutral"}]
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
