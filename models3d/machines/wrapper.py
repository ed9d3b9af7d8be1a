"""A ring stretch wrapper: a ring with the film reel turns around the pallet and travels up and down between four columns."""

from math import pi

from models3d.machines.fittings import operator_panel
from models3d.machines.loads import PALLET_M, ROLLER_TOP_M, guard, load_parts, roller_bed
from models3d.machines.mesh import box, cylinder, joined, lathe
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M = 3.4, 3.0
TOP_M = 3.1
RING_RADIUS_M = 1.08
RING_LOW_M = 0.75
LAYERS = 4


def model() -> Model:
    """Return the wrapper; ``frame`` travels up and down, ``ring`` on it turns with the film."""
    return Model(
        "wrapper",
        (Node("body"), Node("frame", (0, 0, RING_LOW_M)), Node("ring", (0, 0, 0), "frame")),
        (
            *roller_bed("body", -LENGTH_M / 2, LENGTH_M / 2, 0),
            *load_parts("body", (0, 0, ROLLER_TOP_M), LAYERS),
            *_film(),
            *_tower(),
            *_frame(),
            *_ring(),
            *guard("body", (-LENGTH_M / 2 + 0.1, WIDTH_M / 2 - 0.05), LENGTH_M - 0.2),
            *operator_panel("body", (1.2, -WIDTH_M / 2 + 0.2, 1.45)),
        ),
    )


def _film() -> tuple[Part, ...]:
    """Return the film around the lower layers."""
    length, width, height = PALLET_M
    return (Part("body", "glass", box((length + 0.03, width + 0.03, 0.62), (0, 0, ROLLER_TOP_M + height + 0.28), 0.03)),)


def _tower() -> tuple[Part, ...]:
    xs, ys = (-1.25, 1.25), (-1.05, 1.05)
    columns = joined(*(box((0.18, 0.18, TOP_M), (x, y, TOP_M / 2), 0.02) for x in xs for y in ys))
    top = joined(
        *(box((2.68, 0.16, 0.2), (0, y, TOP_M - 0.02), 0.02) for y in ys), *(box((0.16, 2.1, 0.2), (x, 0, TOP_M - 0.02), 0.02) for x in xs)
    )
    shoes = joined(*(box((0.34, 0.34, 0.03), (x, y, 0.015), 0.006) for x in xs for y in ys))
    press = joined(cylinder(0.05, 0.5, 14).at(0, 0, TOP_M - 0.6), box((0.9, 0.6, 0.05), (0, 0, TOP_M - 0.62), 0.012))
    tie = box((2.5, 0.2, 0.14), (0, 0, TOP_M), 0.02)
    cupboard = box((0.6, 0.4, 1.5), (1.25, -1.32, 0.8), 0.025)
    return (
        Part("body", "panel", joined(columns, top)),
        Part("body", "plinth", joined(shoes, box((0.56, 0.36, 0.06), (1.25, -1.32, 0.03)))),
        Part("body", "frame", joined(tie, press)),
        Part("body", "body", cupboard),
    )


def _frame() -> tuple[Part, ...]:
    """Return the square carriage that guides the ring along the columns."""
    bars = joined(
        *(box((2.3, 0.08, 0.1), (0, s * 1.16, 0.12), 0.012) for s in (-1, 1)),
        *(box((0.08, 2.0, 0.1), (s * 1.14, 0, 0.12), 0.012) for s in (-1, 1)),
    )
    guides = joined(*(box((0.1, 0.24, 0.3), (x, y, 0.12), 0.02) for x in (-1.12, 1.12) for y in (-1.05, 1.05)))
    motor = cylinder(0.09, 0.26, 16).at(-1.1, 0.4, 0.17)
    return Part("frame", "accent", bars), Part("frame", "dark", joined(guides, motor))


def _ring() -> tuple[Part, ...]:
    outer, inner = RING_RADIUS_M + 0.05, RING_RADIUS_M - 0.05
    ring = lathe([(inner, 0), (outer, 0), (outer, 0.07), (inner, 0.07), (inner, 0)], 40)
    hub = box((0.16, 0.5, 0.06), (RING_RADIUS_M - 0.06, 0, -0.02), 0.012)
    reel = joined(cylinder(0.1, 0.5, 22, 0.004), cylinder(0.04, 0.58, 12).at(z=-0.04)).at(RING_RADIUS_M - 0.1, -0.16, -0.58)
    rollers = joined(*(cylinder(0.035, 0.5, 14).at(RING_RADIUS_M - 0.12 - 0.05 * i, 0.04 + 0.1 * i, -0.58) for i in range(3)))
    counterweight = box((0.14, 0.3, 0.16), (-RING_RADIUS_M, 0, -0.06), 0.02)
    web = box((0.004, 0.62, 0.48), (0, 0, 0), 0.001).turned("z", pi / 4 + 0.2).at(RING_RADIUS_M - 0.42, 0.42, -0.33)
    return (
        Part("ring", "steel", joined(ring, rollers)),
        Part("ring", "dark", joined(hub, counterweight)),
        Part("ring", "label", reel),
        Part("ring", "glass", web),
    )
