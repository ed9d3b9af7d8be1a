"""An accumulation table: a wide chain conveyor on which bottles gather between two machines, with a belt in and a belt out along its edge."""

from math import pi

from models3d.machines.fittings import BELT_TOP_M, belt_parts
from models3d.machines.mesh import box, cylinder, joined, row_of
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M = 3.0, 1.7
BED_Y_M, BED_WIDTH_M, BED_LENGTH_M = 0.45, 1.2, 2.6


def model() -> Model:
    """Return the table; ``flights`` show the wide chain creeping. What stands on it, and what goes by in front, the room sets there."""
    return Model(
        "buffer_table",
        (Node("body"), Node("flights", (0, BED_Y_M, BELT_TOP_M))),
        (*_bed(), *_stand(), *belt_parts("body", LENGTH_M, -0.3)),
    )


def _bed() -> tuple[Part, ...]:
    bed = box((BED_LENGTH_M, BED_WIDTH_M, 0.05), (0, BED_Y_M, BELT_TOP_M - 0.03), 0.01)
    seams = row_of(box((0.008, BED_WIDTH_M - 0.04, 0.004), bevel=0.001), 26, 0.1).at(z=-0.003)
    rails = joined(
        box((BED_LENGTH_M + 0.08, 0.04, 0.2), (0, BED_Y_M + BED_WIDTH_M / 2, BELT_TOP_M - 0.02), 0.008),
        *(box((0.04, BED_WIDTH_M, 0.2), (s * (BED_LENGTH_M / 2 + 0.02), BED_Y_M, BELT_TOP_M - 0.02), 0.008) for s in (-1, 1)),
    )
    guide = joined(
        box((BED_LENGTH_M, 0.014, 0.04), (0, BED_Y_M + BED_WIDTH_M / 2 - 0.03, BELT_TOP_M + 0.18), 0.004),
        *(box((0.014, BED_WIDTH_M - 0.1, 0.04), (s * (BED_LENGTH_M / 2 - 0.01), BED_Y_M, BELT_TOP_M + 0.18), 0.004) for s in (-1, 1)),
        *(cylinder(0.012, 0.2, 8).at(x, BED_Y_M + BED_WIDTH_M / 2 - 0.03, BELT_TOP_M) for x in (-1.2, -0.4, 0.4, 1.2)),
    )
    return (
        Part("body", "belt", bed),
        Part("flights", "dark", seams),
        Part("body", "frame", rails),
        Part("body", "steel", guide),
    )


def _stand() -> tuple[Part, ...]:
    legs = joined(*(box((0.08, 0.08, 0.84), (x, y, 0.44), 0.01) for x in (-1.15, 0, 1.15) for y in (-0.35, 0.2, 0.95)))
    shoes = joined(*(cylinder(0.06, 0.025, 12).at(x, y) for x in (-1.15, 0, 1.15) for y in (-0.35, 0.2, 0.95)))
    stretchers = joined(*(box((0.05, 1.3, 0.05), (x, 0.3, 0.35), 0.008) for x in (-1.15, 0, 1.15)))
    drive = joined(cylinder(0.1, 0.32, 18).turned("x", pi / 2).at(1.28, 0.75, 0.72), box((0.2, 0.2, 0.2), (1.28, 0.35, 0.72), 0.02))
    box_of_switches = box((0.3, 0.16, 0.4), (-0.55, -0.5, 0.66), 0.015)
    return (
        Part("body", "frame", joined(legs, stretchers)),
        Part("body", "plinth", shoes),
        Part("body", "dark", drive),
        Part("body", "panel", box_of_switches),
    )
