"""The robots' pick cycles: joint angles in, the place of their fingers out, by chaining the nodes of their models."""

import numpy as np
import pytest

from models3d.machines import robot6, scara
from models3d.machines.fittings import BELT_TOP_M
from models3d.machines.model import Model
from models3d.machines.robot6 import TOOL_M
from twin_app.machines import MachineType, machine_type
from twin_app.machines.motion import transforms

MODELS = {"robot6": robot6.model(), "scara": scara.model()}
ROBOT, SCARA = machine_type("robot6"), machine_type("scara")
Frame = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def chained(model: Model, kind: MachineType, joints: tuple[str, ...], phase: float) -> Frame:
    """Return the frame of the last joint, from the floor up: joint after joint."""
    nodes = {node.name: node for node in model.nodes}
    moved = {motion.node: matrix for motion, matrix in zip(kind.motions, transforms(kind.motions, np.array([phase]))[0], strict=True)}
    frame = np.eye(4)
    for name in joints:
        step = np.eye(4)
        step[:3, 3] = nodes[name].at
        frame = frame @ step @ moved.get(name, np.eye(4))
    return frame


def wrist_at(phase: float) -> Frame:
    return chained(MODELS["robot6"], ROBOT, ("j1", "j2", "j3", "j4", "j5"), phase)


def gripper_at(phase: float) -> Frame:
    return chained(MODELS["scara"], SCARA, ("j1", "j2", "quill", "j4"), phase)


@pytest.mark.parametrize(
    ("phase", "place"),
    [(0.0, (-0.5, 0.2, 1.32)), (0.12, (-0.5, 0.2, 1.26)), (0.5, (0.1, -0.4, 1.32)), (0.62, (0.1, -0.4, 1.3)), (0.74, (0.1, -0.4, 1.32))],
)
def test_that_the_scara_dips_over_the_tray_and_over_the_belt_with_its_gripper_in_line(phase: float, place: tuple[float, ...]) -> None:
    frame = gripper_at(phase)
    assert np.allclose(frame[:3, 3], place, atol=2e-3)
    assert np.allclose(frame[:3, :3], np.eye(3), atol=1e-3)


def test_that_the_scara_never_turns_its_arm_through_the_screen_behind_it() -> None:
    assert max(float(gripper_at(phase)[1, 3]) for phase in np.linspace(0, 1, 101)) < scara.WIDTH_M / 2 - 0.2


@pytest.mark.parametrize(
    ("phase", "place"),
    [
        (0.0, (0.0, -0.35, 1.45)),
        (0.15, (-0.75, -0.75, 1.35)),
        (0.25, (-0.75, -0.75, BELT_TOP_M + 0.06)),
        (0.6, (0.75, -0.75, 1.35)),
        (0.7, (0.75, -0.75, BELT_TOP_M + 0.06)),
    ],
)
def test_that_the_fingers_point_down_at_the_belt_where_the_cycle_picks_and_places(phase: float, place: tuple[float, float, float]) -> None:
    wrist = wrist_at(phase)
    tip = wrist @ (0, 0, -TOOL_M, 1)
    assert np.allclose(tip[:3], place, atol=2e-3)
    assert np.allclose(wrist[:3, :3] @ (0, 0, 1), (0, 0, 1), atol=1e-3)


def test_that_the_fingers_never_reach_into_the_belt() -> None:
    heights = [float((wrist_at(phase) @ (0, 0, -TOOL_M, 1))[2]) for phase in np.linspace(0, 1, 101)]
    assert min(heights) == pytest.approx(BELT_TOP_M + 0.06, abs=2e-3)


def test_that_every_joint_of_the_path_has_as_many_angles_as_instants_and_rising_ones() -> None:
    for motion in ROBOT.motions:
        at, angles = motion.at, motion.angles_deg  # type: ignore[union-attr]  # the robot's motions are joint paths alone
        assert len(at) == len(angles)
        assert at[0] == 0
        assert list(at) == sorted(set(at))
        assert at[-1] < 1
