"""A storage rack with its stacker crane: empty places for pallets, the crane's mast travels the aisle and its carriage goes up and down."""

from models3d.machines.fittings import operator_panel
from models3d.machines.loads import roller_bed
from models3d.machines.mesh import Mesh, box, cylinder, joined
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M = 8.0, 3.4
BAYS, LEVELS = 4, 3
BAY_M, LEVEL_M, FIRST_M = 1.5, 1.45, 0.55
TOP_M = 4.8
RACK_X_M, RACK_Y_M = 0.5, 1.05
AISLE_Y_M = -0.45
LOW_M = 0.62
CRANE_X_M = -2.75


def model() -> Model:
    """Return the rack; ``crane`` travels along the aisle, ``carriage`` on it goes up, ``forks`` on that reach into the rack."""
    return Model(
        "rack",
        (
            Node("body"),
            Node("crane", (CRANE_X_M, AISLE_Y_M, 0)),
            Node("carriage", (0, 0, LOW_M), "crane"),
            Node("forks", (0, 0, 0), "carriage"),
        ),
        (
            *_rack(),
            *_aisle(),
            *_crane(),
            *_carriage(),
            *roller_bed("body", -LENGTH_M / 2, -LENGTH_M / 2 + 0.95, RACK_Y_M - 0.3),
            *operator_panel("body", (-LENGTH_M / 2 + 0.2, -WIDTH_M / 2 + 0.3, 1.45)),
        ),
    )


def _bay(number: int) -> float:
    return RACK_X_M + (number - (BAYS - 1) / 2) * BAY_M


def _rack() -> tuple[Part, ...]:
    xs = [_bay(0) + (i - 0.5) * BAY_M for i in range(BAYS + 1)]
    uprights = joined(*(box((0.1, 0.09, TOP_M), (x, RACK_Y_M + y, TOP_M / 2), 0.01) for x in xs for y in (-0.5, 0.5)))
    rungs = joined(*(box((0.04, 1.0, 0.04), (x, RACK_Y_M, 0.5 + i * 1.0), 0.004) for x in xs for i in range(5)))
    length = BAYS * BAY_M
    beams = joined(
        *(
            box((length, 0.05, 0.12), (RACK_X_M, RACK_Y_M + y, FIRST_M + i * LEVEL_M - 0.06), 0.008)
            for y in (-0.48, 0.48)
            for i in range(LEVELS)
        )
    )
    shoes = joined(*(box((0.2, 0.2, 0.02), (x, RACK_Y_M + y, 0.01), 0.004) for x in xs for y in (-0.5, 0.5)))
    return Part("body", "frame", joined(uprights, rungs, shoes)), Part("body", "accent", beams)


def _aisle() -> tuple[Part, ...]:
    floor_rail = joined(
        box((LENGTH_M - 0.1, 0.16, 0.02), (0, AISLE_Y_M, 0.01), 0.004), box((LENGTH_M - 0.1, 0.05, 0.07), (0, AISLE_Y_M, 0.045), 0.006)
    )
    head_rail = box((LENGTH_M - 0.1, 0.06, 0.1), (0, AISLE_Y_M, TOP_M + 0.12), 0.01)
    ties = joined(
        *(
            box((0.06, 1.9, 0.06), (_bay(0) + (i - 0.5) * BAY_M, (AISLE_Y_M + RACK_Y_M) / 2 + 0.1, TOP_M + 0.02), 0.006)
            for i in range(0, BAYS + 1, 2)
        )
    )
    buffers = joined(*(box((0.1, 0.2, 0.3), (s * (LENGTH_M / 2 - 0.05), AISLE_Y_M, 0.16), 0.012) for s in (-1, 1)))
    cupboard = box((0.5, 0.5, 1.7), (-LENGTH_M / 2 + 0.3, -WIDTH_M / 2 + 0.3 + 0.25, 0.87), 0.025)
    return (
        Part("body", "steel", joined(floor_rail, head_rail)),
        Part("body", "frame", ties),
        Part("body", "dark", buffers),
        Part("body", "panel", cupboard),
    )


def _crane() -> tuple[Part, ...]:
    base = box((1.9, 0.24, 0.26), (0, 0, 0.24), 0.03)
    masts = joined(*(box((0.2, 0.2, TOP_M - 0.2), (s * 0.78, 0, TOP_M / 2 + 0.12), 0.02) for s in (-1, 1)))
    head = box((1.9, 0.16, 0.16), (0, 0, TOP_M + 0.02), 0.02)
    cupboard = box((0.3, 0.42, 1.1), (-1.03, 0, 0.95), 0.02)
    drive = cylinder(0.12, 0.4, 16).at(0.98, 0, 0.3)
    wheels: Mesh = joined(*(cylinder(0.13, 0.06, 18).at(z=-0.03).turned("x", 1.5707963).at(s * 0.8, 0, 0.2) for s in (-1, 1)))
    return Part("crane", "panel", joined(base, masts, head)), Part("crane", "body", cupboard), Part("crane", "dark", joined(drive, wheels))


def _carriage() -> tuple[Part, ...]:
    frame = joined(box((1.34, 0.5, 0.1), (0, 0, -0.1), 0.015), *(box((0.1, 0.3, 0.7), (s * 0.62, 0, 0.2), 0.015) for s in (-1, 1)))
    forks = joined(*(box((0.14, 1.0, 0.06), (x, 0, -0.02), 0.01) for x in (-0.27, 0.27)))
    return Part("carriage", "frame", frame), Part("forks", "steel", forks)
