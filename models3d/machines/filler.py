"""A linear filler: product tank on top, a bank of eight nozzles that dips into the bottles, glass doors, the belt running through."""

from models3d.machines.fittings import BELT_TOP_M, BOTTLE_PITCH_M, belt_parts, bottle_parts, doors, feet, hood_parts, operator_panel, posts
from models3d.machines.mesh import Mesh, box, cylinder, joined, lathe, row_of
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M = 2.8, 1.3
NOZZLES = 8
ROOF_M = 2.12
# The nozzles' resting height leaves a hand's width above the bottle mouths; the stroke is the motion's travel.
NOZZLE_TIP_M = BELT_TOP_M + 0.33 + 0.09


def model() -> Model:
    """Return the filler; node ``nozzles`` moves down to fill, node ``bottles`` moves along the belt."""
    return Model(
        "filler",
        (Node("body"), Node("nozzles", (0, 0, NOZZLE_TIP_M)), Node("bottles", (0, 0, BELT_TOP_M))),
        (*_housing(), *_tank(), *_nozzles(), *_bottles()),
    )


def _housing() -> tuple[Part, ...]:
    cabinet = box((LENGTH_M, WIDTH_M, 0.6), (0, 0, 0.46), 0.02)
    table = box((LENGTH_M - 0.04, WIDTH_M - 0.04, 0.03), (0, 0, 0.775), 0.008)
    seams = joined(*(box((0.012, WIDTH_M + 0.004, 0.48), (x, 0, 0.46), 0.002) for x in (-0.7, 0, 0.7)))
    return (
        Part("body", "plinth", joined(feet(LENGTH_M, WIDTH_M), box((LENGTH_M - 0.1, WIDTH_M - 0.1, 0.08), (0, 0, 0.15)))),
        Part("body", "body", cabinet),
        Part("body", "steel", table),
        *hood_parts("body", LENGTH_M, WIDTH_M, ROOF_M, 0.16),
        Part("body", "frame", joined(posts(LENGTH_M, WIDTH_M, 0.76, ROOF_M), seams)),
        *belt_parts("body", LENGTH_M + 0.5),
        *doors("body", LENGTH_M - 0.18, 0.8, ROOF_M - 0.01, -WIDTH_M / 2 + 0.03, 3),
        *doors("body", LENGTH_M - 0.18, 0.8, ROOF_M - 0.01, WIDTH_M / 2 - 0.03, 3),
        *operator_panel("body", (LENGTH_M / 2 - 0.2, -WIDTH_M / 2 - 0.22, 1.45)),
    )


def _tank() -> tuple[Part, ...]:
    shell = [(0, -0.78), (0.16, -0.775), (0.25, -0.74), (0.29, -0.68), (0.29, 0.68), (0.25, 0.74), (0.16, 0.775), (0, 0.78)]
    tank = lathe(shell, 28).turned("y", 1.5707963).at(-0.2, 0.12, ROOF_M + 0.52)
    bands = joined(*(cylinder(0.297, 0.04, 28).turned("y", 1.5707963).at(x, 0.12, ROOF_M + 0.52) for x in (-0.72, -0.22, 0.28)))
    saddles = joined(*(box((0.08, 0.42, 0.2), (x, 0.12, ROOF_M + 0.25)) for x in (-0.7, 0.3)))
    hatch = cylinder(0.12, 0.08, 20).at(-0.2, 0.12, ROOF_M + 0.79)
    return (
        Part("body", "steel", joined(tank, hatch)),
        Part("body", "frame", joined(bands, saddles, _pipe())),
    )


def _pipe() -> Mesh:
    """Return the product pipe that leads from the tank's end down to the roof."""
    level = cylinder(0.045, 0.34, 14).turned("y", 1.5707963).at(0.55, 0.12, ROOF_M + 0.52)
    down = cylinder(0.045, 0.42, 14).at(0.87, 0.12, ROOF_M + 0.13)
    return joined(
        level, down, cylinder(0.08, 0.03, 16).at(0.87, 0.12, ROOF_M + 0.16), cylinder(0.06, 0.09, 14).at(0.87, 0.12, ROOF_M + 0.475)
    )


def _nozzles() -> tuple[Part, ...]:
    nozzle = lathe([(0, 0), (0.012, 0), (0.016, 0.05), (0.016, 0.16), (0.032, 0.17), (0.032, 0.3), (0, 0.3)], 12)
    length = NOZZLES * BOTTLE_PITCH_M
    manifold = box((length, 0.13, 0.1), (0, 0, 0.34), 0.02)
    rods = joined(*(cylinder(0.022, 0.34, 12).at(x, 0, 0.38) for x in (-0.7, 0.7)))
    return (
        Part("nozzles", "steel", joined(row_of(nozzle, NOZZLES, BOTTLE_PITCH_M), rods)),
        Part("nozzles", "dark", manifold),
    )


def _bottles() -> tuple[Part, ...]:
    # One more at the infeed: while the row moves on by a pitch, its last bottle comes in from there.
    places = tuple(((i - (NOZZLES - 1) / 2) * BOTTLE_PITCH_M, 0.0, 0.0) for i in range(-2, NOZZLES + 1))
    return bottle_parts("bottles", places)
