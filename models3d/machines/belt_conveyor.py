"""A belt conveyor as a machine of its own: four metres of belt between drums, drive, legs, guides and light barriers."""

from math import pi

from models3d.machines.fittings import BELT_TOP_M
from models3d.machines.mesh import Mesh, box, cylinder, joined, lathe, row_of
from models3d.machines.model import Model, Node, Part

LENGTH_M, BELT_WIDTH_M = 4.0, 0.5
SEAM_PITCH_M = 0.125


def model() -> Model:
    """Return the conveyor; ``belt`` holds the seams that show it running. What it carries, the room sets on it."""
    seams = row_of(box((0.012, BELT_WIDTH_M - 0.02, 0.004), bevel=0.0), round(LENGTH_M / SEAM_PITCH_M) - 1, SEAM_PITCH_M)
    return Model(
        "belt_conveyor",
        (Node("body"), Node("belt", (-SEAM_PITCH_M / 2, 0, BELT_TOP_M + 0.001))),
        (
            Part("body", "belt", box((LENGTH_M - 0.12, BELT_WIDTH_M, 0.012), (0, 0, BELT_TOP_M - 0.006), 0.0)),
            Part("belt", "plinth", seams),
            *_bed(),
            *_legs(),
            *_drive(),
            *_barriers(),
        ),
    )


def _bed() -> tuple[Part, ...]:
    side = BELT_WIDTH_M / 2 + 0.03
    rails = joined(*(box((LENGTH_M, 0.04, 0.16), (0, s * side, BELT_TOP_M - 0.07), 0.01) for s in (-1, 1)))
    drum = lathe([(0, 0), (0.06, 0), (0.06, BELT_WIDTH_M), (0, BELT_WIDTH_M)], 18).at(z=-BELT_WIDTH_M / 2).turned("x", pi / 2)
    drums = joined(*(drum.at(s * (LENGTH_M / 2 - 0.06), 0, BELT_TOP_M - 0.062) for s in (-1, 1)))
    under = box((LENGTH_M - 0.3, BELT_WIDTH_M - 0.02, 0.03), (0, 0, BELT_TOP_M - 0.12), 0.004)
    guides = joined(*(box((LENGTH_M - 0.1, 0.014, 0.035), (0, s * (side - 0.04), BELT_TOP_M + 0.13), 0.004) for s in (-1, 1)))
    brackets = joined(
        *(box((0.03, 0.016, 0.2), (x, s * (side + 0.005), BELT_TOP_M + 0.06), 0.003) for s in (-1, 1) for x in (-1.6, -0.55, 0.55, 1.6))
    )
    return Part("body", "panel", rails), Part("body", "steel", joined(drums, guides)), Part("body", "frame", joined(under, brackets))


def _legs() -> tuple[Part, ...]:
    xs, y = (-1.6, 0.0, 1.6), BELT_WIDTH_M / 2 + 0.03
    uprights = joined(*(box((0.07, 0.05, BELT_TOP_M - 0.16), (x, s * y, (BELT_TOP_M - 0.1) / 2), 0.008) for x in xs for s in (-1, 1)))
    bars = joined(*(box((0.04, 2 * y, 0.04), (x, 0, 0.34), 0.006) for x in xs))
    shoes = joined(*(lathe([(0, 0), (0.07, 0), (0.07, 0.015), (0.02, 0.04), (0, 0.04)], 12).at(x, s * y) for x in xs for s in (-1, 1)))
    return Part("body", "frame", joined(uprights, bars)), Part("body", "plinth", shoes)


def _drive() -> tuple[Part, ...]:
    """Return motor and gearbox under the belt's end, and the box with its switches."""
    gear = box((0.16, 0.16, 0.16), (1.7, -0.16, BELT_TOP_M - 0.24), 0.02)
    motor = cylinder(0.085, 0.3, 20).turned("x", -pi / 2).at(1.7, -0.1, BELT_TOP_M - 0.24)
    fins = joined(
        *(
            lathe([(0.085, 0), (0.095, 0), (0.095, 0.012), (0.085, 0.012)], 18).turned("x", -pi / 2).at(1.7, y, BELT_TOP_M - 0.24)
            for y in (-0.02, 0.04, 0.1, 0.16)
        )
    )
    switches = box((0.26, 0.14, 0.34), (1.15, -BELT_WIDTH_M / 2 - 0.12, 0.62), 0.015)
    stop = cylinder(0.03, 0.03, 12).turned("x", pi / 2).at(1.15, -BELT_WIDTH_M / 2 - 0.19, 0.72)
    return (
        Part("body", "accent", joined(motor, fins)),
        Part("body", "dark", gear),
        Part("body", "panel", switches),
        Part("body", "cap", stop),
    )


def _barriers() -> tuple[Part, ...]:
    """Return a light barrier near each end: an eye and its mirror on stalks."""
    eyes: list[Mesh] = []
    for x in (-1.75, 1.75):
        for s in (-1, 1):
            y = s * (BELT_WIDTH_M / 2 + 0.07)
            eyes += [box((0.02, 0.02, 0.22), (x, y, BELT_TOP_M + 0.02), 0.0), box((0.05, 0.04, 0.07), (x, y, BELT_TOP_M + 0.14), 0.008)]
    return (Part("body", "dark", joined(*eyes)),)
