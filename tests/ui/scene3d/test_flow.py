"""Conveyors between machines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.scene3d import flow
from ui.scene3d.scene import Scene, SceneLink, SceneUnit

# From the first cabinet's outfeed at x = 1.2 to the second's infeed at 6.2 - 1.2 = 5.0: 3.8 m.
UNITS = (SceneUnit("a", "", "machine", None, 1.0, 0, 0, 0, 0), SceneUnit("b", "", "machine", None, 1.0, 6.2, 0, 0, 0))
LINE = Scene(UNITS, (SceneLink("a", "b"),), "")


def test_that_a_conveyor_reaches_from_outfeed_to_infeed() -> None:
    laid = flow.lay(LINE)
    assert np.allclose(laid.starts, [(1.2, 0, 0.95)])
    assert np.allclose(laid.ways, [(3.8, 0, 0)])
    assert (laid.tiles.sizes[:, 0] * flow.TILE_M).sum() == pytest.approx(3.8)


def test_that_bottles_move_one_pitch_with_each_product_and_then_look_as_before() -> None:
    laid = flow.lay(LINE)
    now, half, next_one = (laid.bottles(np.array([phase, 0.0])) for phase in (3.0, 3.5, 4.0))
    pitch = 3.8 / 15
    assert len(now) == 15
    assert np.allclose(half[:, 0] - now[:, 0], pitch / 2)
    assert np.allclose(next_one, now)
    assert np.allclose(np.diff(now[:, 0]), pitch)


@given(st.floats(0, 1e5))
def test_that_no_bottle_leaves_its_conveyor(phase: float) -> None:
    points = flow.lay(LINE).bottles(np.array([phase, 0.0]))
    assert (points[:, 0] >= 1.2 - 1e-9).all()
    assert (points[:, 0] <= 5.0 + 1e-9).all()


def test_that_bottles_of_a_source_with_unknown_phase_stand_still() -> None:
    laid = flow.lay(LINE)
    assert np.allclose(laid.bottles(np.array([np.nan, 0.0])), laid.bottles(np.zeros(2)))


def test_that_a_conveyor_turns_with_its_machines() -> None:
    units = (SceneUnit("a", "", "machine", None, 1.0, 0, 0, 0, 90), SceneUnit("b", "", "machine", None, 1.0, 0, 6.2, 0, 90))
    laid = flow.lay(Scene(units, (SceneLink("a", "b"),), ""))
    assert np.allclose(laid.ways, [(0, 3.8, 0)])
    assert np.allclose(laid.tiles.transforms[:, :3, 0], (0, 1, 0))


@pytest.mark.parametrize("link", [SceneLink("a", "nobody"), SceneLink("nobody", "b"), SceneLink("a", "a")])
def test_that_a_link_that_leads_nowhere_lays_nothing(link: SceneLink) -> None:
    laid = flow.lay(Scene(UNITS, (link,), ""))
    assert len(laid.sources) == 0
    assert laid.bottles(np.zeros(2)).shape == (0, 3)


def test_that_a_very_long_way_is_not_paved_with_bottles() -> None:
    far = (UNITS[0], SceneUnit("b", "", "machine", None, 1.0, 50_000, 0, 0, 0))
    assert flow.lay(Scene(far, (SceneLink("a", "b"),), "")).counts.sum() <= flow.MAX_BOTTLES
