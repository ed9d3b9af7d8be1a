"""What is shown of machines that run too fast for the pictures: they may seem slow, never backwards and never still."""

import numpy as np
import pytest

from ui.scene3d.stride import Stride


def told(stride: Stride, *phases: float) -> list[float]:
    return [float(stride.shown(np.array([phase]), running=True)[0]) for phase in phases]


def test_that_a_machine_slow_enough_for_the_pictures_is_shown_as_it_is() -> None:
    assert told(Stride(np.array([1.0])), 3.0, 3.3, 3.65, 3.7) == [3.0, 3.3, 3.65, 3.7]


def test_that_nine_tenths_of_a_cycle_a_picture_move_forward_not_a_tenth_back() -> None:
    shown = told(Stride(np.array([1.0])), 0.0, 0.9, 1.8, 2.7, 3.6)
    assert np.diff(shown).tolist() == pytest.approx([0.4, 0.4, 0.4, 0.4])


def test_that_a_whole_cycle_a_picture_does_not_stand() -> None:
    assert told(Stride(np.array([1.0])), 0.0, 1.0, 2.0) == pytest.approx([0.0, 0.4, 0.8])


def test_that_a_replay_backwards_runs_backwards() -> None:
    assert told(Stride(np.array([1.0])), 5.0, 4.1, 3.2) == pytest.approx([5.0, 4.6, 4.2])


def test_that_a_ring_of_twelve_turns_a_product_is_held_to_its_own_turn() -> None:
    assert told(Stride(np.array([1 / 12])), 0.0, 0.1) == pytest.approx([0.0, 0.4 / 12])


def test_that_a_machine_that_stopped_stands_where_it_stands() -> None:
    assert told(Stride(np.array([1.0])), 0.0, 0.9, 1.8, 1.8)[-1] == 1.8


def test_that_a_picture_of_its_own_shows_the_very_phase() -> None:
    stride = Stride(np.array([1.0]))
    told(stride, 0.0, 0.9)
    assert stride.shown(np.array([7.77]), running=False).tolist() == [7.77]


def test_that_a_phase_nobody_knows_stays_unknown_and_holds_up_no_other() -> None:
    stride = Stride(np.array([1.0, 1.0]))
    stride.shown(np.array([0.0, np.nan]), running=True)
    shown = stride.shown(np.array([0.2, np.nan]), running=True)
    assert shown[0] == 0.2
    assert np.isnan(shown[1])
