"""Motions against their closed forms: a pose is a function of how many products were made, and of nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_app.machines import Belt, CurvedBelt, JointPath, Motion, Slide, SlidePath, Spin, Swing
from twin_app.machines.motion import transforms

X, Y, Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
PHASES = st.floats(min_value=0, max_value=1e6, allow_nan=False)


def at(motion: Motion, *phases: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return transforms([motion], np.array(phases))[:, 0]


def test_that_a_slide_is_home_at_the_ends_of_its_stroke_and_out_by_its_travel_in_the_middle() -> None:
    moved = at(Slide(node="ram", axis=Z, travel_m=-0.2), 0.0, 0.25, 0.5, 0.75, 1.0)
    assert np.allclose(moved[:, 2, 3], [0.0, -0.1, -0.2, -0.1, 0.0])


def test_that_a_slide_rests_outside_its_window() -> None:
    moved = at(Slide(node="ram", axis=X, travel_m=1.0, begin=0.4, end=0.8), 0.1, 0.4, 0.6, 0.8, 0.95)
    assert np.allclose(moved[:, 0, 3], [0.0, 0.0, 1.0, 0.0, 0.0])


def test_that_a_spin_makes_a_quarter_turn_in_a_quarter_of_its_products_and_is_home_after_a_full_one() -> None:
    moved = at(Spin(node="wheel", axis=Z, products_per_turn=8), 0.0, 2.0, 8.0)
    assert np.allclose(moved[1, :3, :3] @ X, Y)
    assert np.allclose(moved[2], moved[0])
    assert np.allclose(moved[0], np.eye(4))


def test_that_a_spin_with_negative_products_turns_the_other_way() -> None:
    assert np.allclose(at(Spin(node="wheel", axis=Z, products_per_turn=-4), 1.0)[0, :3, :3] @ X, (0, -1, 0))


def test_that_a_swing_reaches_its_angle_in_the_middle_of_the_cycle() -> None:
    moved = at(Swing(node="flap", axis=Y, angle_deg=90.0, products_per_cycle=2), 1.0, 2.0)
    assert np.allclose(moved[0, :3, :3] @ Z, X)
    assert np.allclose(moved[1], np.eye(4))


def test_that_a_steady_belt_moves_evenly_and_a_stepping_one_stands_after_its_step() -> None:
    assert np.allclose(at(Belt(node="row", axis=X, pitch_m=0.2), 0.25, 0.5, 1.0)[:, 0, 3], [0.05, 0.1, 0.0])
    assert np.allclose(at(Belt(node="row", axis=X, pitch_m=0.2, end=0.4), 0.2, 0.4, 0.9)[:, 0, 3], [0.1, 0.2, 0.2])


def test_that_a_joint_passes_each_angle_at_its_share_of_the_cycle_and_half_the_way_midway_between() -> None:
    path = JointPath(node="j1", axis=Z, angles_deg=(0.0, 90.0, 90.0, -30.0), at=(0.0, 0.2, 0.4, 0.8), products_per_cycle=2.0)
    turned = at(path, 0.0, 0.2, 0.4, 0.6, 0.8, 1.6, 1.8, 2.0)
    assert np.allclose(np.degrees(np.arctan2(turned[:, 1, 0], turned[:, 0, 0])), [0, 45, 90, 90, 90, -30, -15, 0])


def test_that_a_joint_starts_and_arrives_without_a_jolt() -> None:
    path = JointPath(node="j1", axis=Z, angles_deg=(0.0, 60.0), at=(0.0, 0.5))
    near = at(path, 0.0005, 0.4995)[:, 1, 0]
    # Smoothstep leaves as 3 p^2: a thousandth of the way in time is three millionths of the way in angle.
    assert near[0] == pytest.approx(np.radians(60.0) * 3e-6, rel=0.01)
    assert near[1] == pytest.approx(np.sin(np.radians(60.0)), abs=1e-5)


def test_that_a_sliding_path_passes_each_place_at_its_share_and_rests_between_equal_ones() -> None:
    path = SlidePath(node="carriage", axis=X, metres=(0.0, 1.5, 1.5, 0.5), at=(0.0, 0.2, 0.4, 0.6), products_per_cycle=2.0)
    assert np.allclose(at(path, 0.0, 0.2, 0.4, 0.7, 0.8, 1.2, 1.6, 2.0)[:, 0, 3], [0.0, 0.75, 1.5, 1.5, 1.5, 0.5, 0.25, 0.0])


def test_that_a_curved_belt_turns_by_its_pitch_over_a_cycle_and_then_looks_as_before() -> None:
    turned = at(CurvedBelt(node="seams", axis=Z, pitch_deg=8.0, products_per_cycle=0.5), 0.0, 0.125, 0.25, 0.5)
    assert np.allclose(np.degrees(np.arctan2(turned[:, 1, 0], turned[:, 0, 0])), [0.0, 2.0, 4.0, 0.0])


def test_that_a_machine_of_unknown_phase_rests() -> None:
    assert np.allclose(at(Spin(node="wheel", axis=Z, products_per_turn=8), np.nan, np.inf), np.eye(4))


@pytest.mark.parametrize(
    ("motion", "period"),
    [
        (Slide(node="a", axis=X, travel_m=0.3, products_per_cycle=2.0), 2.0),
        (Spin(node="a", axis=(1.0, 1.0, 0.0), products_per_turn=8.0), 8.0),
        (Swing(node="a", axis=Z, angle_deg=40.0, products_per_cycle=4.0), 4.0),
        (Belt(node="a", axis=Y, pitch_m=0.5, end=0.5), 1.0),
        (JointPath(node="a", axis=Z, angles_deg=(10.0, -80.0, 30.0), at=(0.0, 0.3, 0.5), products_per_cycle=3.0), 3.0),
        (SlidePath(node="a", axis=Y, metres=(0.1, 0.9, -0.3), at=(0.0, 0.3, 0.5), products_per_cycle=1.5), 1.5),
    ],
)
@given(phase=PHASES)
def test_that_a_pose_comes_back_after_each_period_and_is_rigid(motion: Motion, period: float, phase: float) -> None:
    now, later = at(motion, phase, phase + 3 * period)
    assert np.allclose(now[:3, :3] @ now[:3, :3].T, np.eye(3))
    assert np.linalg.det(now[:3, :3]) == pytest.approx(1.0)
    # A belt's row looks the same one pitch on: where it wraps, the two may differ by just that.
    apart = np.abs(now - later).max()
    assert apart == pytest.approx(0.0, abs=1e-6) or (isinstance(motion, Belt) and apart == pytest.approx(motion.pitch_m, abs=1e-6))


def test_that_all_machines_at_once_move_as_each_alone() -> None:
    motions: list[Motion] = [Slide(node="a", axis=X, travel_m=0.3), Spin(node="b", axis=Z, products_per_turn=8)]
    phases = np.linspace(0, 20, 37)
    together = transforms(motions, phases)
    assert together.shape == (37, 2, 4, 4)
    alone = np.concatenate([transforms(motions, phases[i : i + 1]) for i in range(37)])
    assert np.array_equal(together, alone)
