"""A straight-side press: crown with its flywheel on four uprights, the ram between them, die set on the bolster, light guards in front."""

from math import pi

from models3d.machines.fittings import operator_panel
from models3d.machines.mesh import box, cylinder, joined, lathe, ring_of
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M, TOP_M = 2.4, 1.9, 3.6
BED_M, CROWN_M = 0.8, 2.7
RAM_Z_M = 1.75


def model() -> Model:
    """Return the press; ``ram`` strikes down once a part, ``flywheel`` turns beside the crown."""
    return Model(
        "press",
        (Node("body"), Node("ram", (0, 0, RAM_Z_M)), Node("flywheel", (0.5, WIDTH_M / 2 - 0.1, 3.15))),
        (*_frame(), *_bolster(), *_ram(), *_flywheel(), *operator_panel("body", (LENGTH_M / 2 - 0.1, -WIDTH_M / 2 - 0.1, 1.45))),
    )


def _frame() -> tuple[Part, ...]:
    uprights = joined(*(box((0.42, 0.36, CROWN_M - 0.1), (x, y, CROWN_M / 2 + 0.05), 0.03) for x in (-0.9, 0.9) for y in (-0.6, 0.6)))
    sides = joined(*(box((0.16, 0.9, 0.5), (s * 0.92, 0, 2.4), 0.02) for s in (-1, 1)))
    crown = box((LENGTH_M, 1.6, TOP_M - CROWN_M), (0, 0, (TOP_M + CROWN_M) / 2), 0.06)
    bed = box((LENGTH_M, 1.6, BED_M - 0.06), (0, 0, BED_M / 2 + 0.03), 0.04)
    rods = joined(*(cylinder(0.07, 0.14, 6).at(x, y, TOP_M - 0.01) for x in (-0.9, 0.9) for y in (-0.6, 0.6)))
    plates = joined(*(box((0.5, 0.02, 0.3), (x, -0.806, 3.15), 0.008) for x in (-0.6, 0.6)))
    curtains = joined(*(box((0.08, 0.08, 1.2), (x, -0.88, 1.5), 0.012) for x in (-0.66, 0.66)))
    eyes = joined(*(box((0.02, 0.02, 1.05), (s * 0.615, -0.88, 1.5), 0.003) for s in (-1, 1)))
    cupboard = box((0.4, 1.0, 1.8), (-LENGTH_M / 2 - 0.22, 0.3, 0.96), 0.025)
    return (
        Part("body", "body", joined(uprights, sides, bed)),
        Part("body", "accent", crown),
        Part("body", "panel", cupboard),
        Part("body", "frame", joined(rods, plates)),
        Part("body", "cap", curtains),
        Part("body", "dark", eyes),
        Part(
            "body",
            "plinth",
            joined(box((LENGTH_M + 0.1, 1.7, 0.06), (0, 0, 0.03)), box((0.36, 0.96, 0.06), (-LENGTH_M / 2 - 0.22, 0.3, 0.03))),
        ),
    )


def _bolster() -> tuple[Part, ...]:
    plate = box((1.3, 1.1, 0.14), (0, 0, BED_M + 0.07), 0.015)
    die = box((0.8, 0.6, 0.16), (0, 0, BED_M + 0.22), 0.015)
    pillars = joined(*(cylinder(0.04, 0.5, 14).at(x, y, BED_M + 0.3) for x in (-0.33, 0.33) for y in (-0.23, 0.23)))
    strip = box((3.0, 0.3, 0.006), (0.0, 0, BED_M + 0.31), 0.001)
    return Part("body", "steel", joined(plate, pillars, strip)), Part("body", "frame", die)


def _ram() -> tuple[Part, ...]:
    slide = box((1.3, 1.0, 0.5), (0, 0, 0.35), 0.03)
    upper_die = box((0.8, 0.6, 0.2), (0, 0, 0.0), 0.015)
    gibs = joined(*(box((0.06, 0.3, 0.6), (s * 0.66, y, 0.35), 0.01) for s in (-1, 1) for y in (-0.3, 0.3)))
    links = joined(*(cylinder(0.11, 0.7, 20).at(x, 0, 0.58) for x in (-0.35, 0.35)))
    return Part("ram", "panel", slide), Part("ram", "frame", upper_die), Part("ram", "steel", joined(gibs, links))


def _flywheel() -> tuple[Part, ...]:
    rim = lathe([(0.38, 0), (0.48, 0), (0.48, 0.16), (0.38, 0.16), (0.38, 0)], 36).turned("x", pi / 2)
    spokes = ring_of(box((0.34, 0.09, 0.06), bevel=0.015), 5, 0.24).at(z=0.08).turned("x", pi / 2)
    hub = cylinder(0.1, 0.24, 20).at(z=-0.06).turned("x", pi / 2)
    turned = tuple(mesh.at(y=0.2) for mesh in (rim, joined(spokes, hub)))
    return Part("flywheel", "frame", turned[0]), Part("flywheel", "dark", turned[1])
