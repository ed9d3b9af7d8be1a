"""The beacon on every machine: a pole with three lamps one over the other. Which one shines tells the state without any colour."""

from models3d.machines.mesh import Mesh, cylinder, joined, lathe
from models3d.machines.model import Model, Node, Part

POLE_M, LAMP_M, GAP_M = 0.2, 0.115, 0.012
RADIUS_M = 0.075
LAMPS = ("low", "middle", "high")


def lamp_z(number: int) -> float:
    """Return where a lamp begins above the foot, the lowest being 0."""
    return POLE_M + 0.02 + number * (LAMP_M + GAP_M)


def model() -> Model:
    """Return the stack light, standing on the origin; nodes ``low``, ``middle`` and ``high`` are its lamps."""
    foot = joined(cylinder(0.07, 0.03, 16), cylinder(0.022, POLE_M, 12), _collar().at(z=POLE_M))
    collars = joined(*(_collar().at(z=lamp_z(number) - GAP_M) for number in (1, 2)))
    lid = lathe([(0, 0), (RADIUS_M, 0), (RADIUS_M, 0.012), (0.05, 0.03), (0, 0.034)], 18).at(z=lamp_z(3) - GAP_M)
    lamp = lathe(
        [(0, 0), (RADIUS_M - 0.004, 0), (RADIUS_M, 0.012), (RADIUS_M, LAMP_M - 0.012), (RADIUS_M - 0.004, LAMP_M), (0, LAMP_M)], 18
    )
    return Model(
        "stack_light",
        (Node("pole"), *(Node(name, (0, 0, lamp_z(number))) for number, name in enumerate(LAMPS))),
        (
            Part("pole", "frame", foot),
            Part("pole", "plinth", joined(collars, lid)),
            *(Part(name, f"lamp_{name}", lamp) for name in LAMPS),
        ),
    )


def _collar() -> Mesh:
    radius = RADIUS_M - 0.015
    return lathe([(0, 0), (radius, 0), (radius, 0.02), (0, 0.02)], 18)
