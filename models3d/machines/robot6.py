"""A six-axis robot on its pedestal, taking parts from the belt before it over to a table; every joint is a node."""

from math import pi

from models3d.machines.fittings import belt_parts
from models3d.machines.loads import guard
from models3d.machines.mesh import Mesh, Vector, box, cylinder, joined, lathe
from models3d.machines.model import Model, Node, Part

# Lengths of the arm, from joint to joint: what `twin_app/machines/robot6.py` computes its joint angles with.
ROBOT_Y_M = 0.35
SHOULDER: Vector = (0.2, 0.0, 0.4)
PEDESTAL_M = 0.55
UPPER_M = 0.8
FOREARM: Vector = (0.85, 0.0, 0.12)
TOOL_M = 0.3
LENGTH_M = 3.0
_ROLL_AT_M = 0.32


def model() -> Model:
    """Return the robot, upper arm upright and forearm along +X; joints ``j1`` (base) to ``j6`` (flange) turn."""
    return Model(
        "robot6",
        (
            Node("body"),
            Node("j1", (0, ROBOT_Y_M, PEDESTAL_M)),
            Node("j2", SHOULDER, "j1"),
            Node("j3", (0, 0, UPPER_M), "j2"),
            Node("j4", (_ROLL_AT_M, 0, FOREARM[2]), "j3"),
            Node("j5", (FOREARM[0] - _ROLL_AT_M, 0, 0), "j4"),
            Node("j6", (0, 0, -0.1), "j5"),
        ),
        (*_place(), *_turret(), *_upper_arm(), *_elbow(), *_wrist(), *_gripper()),
    )


def _place() -> tuple[Part, ...]:
    """Return the pedestal, the belt, the controller's cupboard and the fence behind."""
    foot = joined(
        box((0.7, 0.7, 0.04), (0, ROBOT_Y_M, 0.02), 0.008),
        lathe([(0, 0), (0.27, 0), (0.22, 0.06), (0.22, 0.5), (0.28, 0.52), (0.28, 0.55), (0, 0.55)], 28).at(y=ROBOT_Y_M),
    )
    legs = joined(*(box((0.07, 0.07, 0.84), (x, -0.75 + y, 0.43), 0.008) for x in (-1.2, 0, 1.2) for y in (-0.12, 0.12)))
    cupboard = box((0.7, 0.45, 1.0), (1.0, 0.98, 0.56), 0.025)
    vents = joined(*(box((0.4, 0.012, 0.018), (1.0, 0.755, 0.3 + 0.05 * i), 0.003) for i in range(5)))
    return (
        Part("body", "plinth", joined(foot, box((0.66, 0.41, 0.08), (1.0, 0.98, 0.04)))),
        Part("body", "frame", legs),
        Part("body", "panel", cupboard),
        Part("body", "dark", vents),
        *belt_parts("body", LENGTH_M, -0.75),
        *guard("body", (-LENGTH_M / 2 + 0.05, 1.3), LENGTH_M - 0.1, height=1.8),
    )


def _turret() -> tuple[Part, ...]:
    x, _, z = SHOULDER
    body = joined(
        lathe([(0, 0), (0.25, 0), (0.25, 0.12), (0.2, 0.2), (0, 0.2)], 28),
        box((0.36, 0.14, 0.42), (x - 0.09, 0.16, z - 0.1), 0.04),
        box((0.3, 0.3, 0.2), (x - 0.14, 0.0, 0.2), 0.04),
    )
    motor = joined(_drum(0.13, 0.1).at(x, 0.26, z), cylinder(0.08, 0.22, 20).at(-0.16, 0, 0.18))
    return Part("j1", "panel", body), Part("j1", "dark", motor)


def _upper_arm() -> tuple[Part, ...]:
    arm = box((0.2, 0.15, UPPER_M + 0.02), (0, 0, UPPER_M / 2), 0.045)
    ends = joined(_drum(0.15, 0.2), _drum(0.125, 0.2).at(z=UPPER_M))
    return Part("j2", "accent", joined(arm, ends)), Part("j2", "frame", joined(_drum(0.08, 0.24), _drum(0.07, 0.24).at(z=UPPER_M)))


def _elbow() -> tuple[Part, ...]:
    head = box((0.34, 0.2, 0.24), (0.05, -0.2, FOREARM[2] - 0.02), 0.05)
    pivot = _drum(0.12, 0.12).at(y=-0.15)
    bearing = box((0.22, 0.3, 0.2), (0.2, -0.08, FOREARM[2]), 0.05)
    motor = cylinder(0.075, 0.2, 18).turned("y", -pi / 2).at(-0.1, -0.2, FOREARM[2])
    return Part("j3", "panel", joined(head, pivot, bearing)), Part("j3", "dark", motor)


def _wrist() -> tuple[Part, ...]:
    reach = FOREARM[0] - _ROLL_AT_M
    tube = lathe([(0, 0), (0.1, 0), (0.1, 0.06), (0.075, 0.14), (0.065, reach - 0.1), (0, reach - 0.1)], 22).turned("y", pi / 2)
    fork = joined(*(box((0.2, 0.035, 0.11), (reach - 0.03, s * 0.07, 0), 0.015) for s in (-1, 1)))
    knuckle = joined(_drum(0.055, 0.11), cylinder(0.05, 0.1, 18).at(z=-0.1))
    return Part("j4", "accent", joined(tube, fork)), Part("j5", "frame", knuckle)


def _gripper() -> tuple[Part, ...]:
    """Return the flange with a gripper whose finger tips lie TOOL_M below the wrist."""
    below = TOOL_M - 0.1
    palm = joined(cylinder(0.06, 0.03, 20).at(z=-0.03), box((0.24, 0.12, 0.06), (0, 0, -0.06), 0.012))
    fingers = joined(*(box((0.02, 0.09, below - 0.08), (s * 0.105, 0, -0.08 - (below - 0.08) / 2), 0.005) for s in (-1, 1)))
    return Part("j6", "dark", palm), Part("j6", "steel", fingers)


def _drum(radius: float, width: float) -> Mesh:
    """Return a drum about the Y axis, centred on the origin: the housing of a joint."""
    return cylinder(radius, width, 24, 0.012).at(z=-width / 2).turned("x", pi / 2)
