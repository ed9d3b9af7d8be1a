"""A vertical machining centre: an enclosed cabin with a sliding door, the spindle on its column over the table inside, chip bin and control."""

from math import pi, tau

from models3d.machines.fittings import feet
from models3d.machines.mesh import Mesh, box, cylinder, joined, lathe, ring_of
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M, TOP_M = 2.5, 2.0, 2.3
FLOOR_M = 0.8
SPINDLE_Z_M = 1.5
DOOR_M = 1.1
_FRONT_M = -WIDTH_M / 2


def model() -> Model:
    """Return the mill; ``head`` goes down with the turning ``spindle``, ``table`` goes to and fro below it."""
    return Model(
        "cnc_mill",
        (
            Node("body"),
            Node("head", (-0.25, 0.1, SPINDLE_Z_M)),
            Node("spindle", (0, 0, 0), "head"),
            Node("table", (-0.25, 0.1, FLOOR_M)),
        ),
        (*_cabin(), *_door(), *_control(), *_inside(), *_head(), *_table()),
    )


def _cabin() -> tuple[Part, ...]:
    low = box((LENGTH_M, WIDTH_M, 0.66), (0, 0, 0.45), 0.04)
    left = box((0.35, WIDTH_M, TOP_M - 0.7), (-LENGTH_M / 2 + 0.175, 0, (TOP_M + 0.7) / 2), 0.04)
    right = box((0.8, WIDTH_M, TOP_M - 0.7), (LENGTH_M / 2 - 0.4, 0, (TOP_M + 0.7) / 2), 0.04)
    back = box((LENGTH_M - 1.15, 0.5, TOP_M - 0.72), (-0.225, WIDTH_M / 2 - 0.27, (TOP_M + 0.7) / 2), 0.03)
    brow = box((LENGTH_M - 1.0, 0.16, 0.26), (-0.22, _FRONT_M + 0.09, TOP_M - 0.13), 0.03)
    stripe = box((LENGTH_M + 0.01, WIDTH_M + 0.01, 0.12), (0, 0, 0.74), 0.02)
    motor_hood = box((0.7, 0.7, 0.35), (-0.25, 0.45, TOP_M + 0.14), 0.05)
    return (
        Part("body", "plinth", joined(feet(LENGTH_M, WIDTH_M), box((LENGTH_M - 0.2, WIDTH_M - 0.2, 0.08), (0, 0, 0.12)))),
        Part("body", "body", joined(low, motor_hood)),
        Part("body", "panel", joined(left, right, back, brow)),
        Part("body", "frame", stripe),
        *_chips(),
    )


def _chips() -> tuple[Part, ...]:
    """Return the chip conveyor that climbs out at the left, and the bin it drops into."""
    slope = box((1.0, 0.4, 0.2), (0, 0, 0), 0.03).turned("y", 0.75).at(-LENGTH_M / 2 - 0.25, 0.4, 0.7)
    spout = box((0.34, 0.42, 0.26), (-LENGTH_M / 2 - 0.62, 0.4, 1.02), 0.03)
    walls = joined(
        *(box((0.56, 0.02, 0.5), (-LENGTH_M / 2 - 0.62, 0.4 + s * 0.28, 0.36), 0.006) for s in (-1, 1)),
        *(box((0.02, 0.56, 0.5), (-LENGTH_M / 2 - 0.62 + s * 0.28, 0.4, 0.36), 0.006) for s in (-1, 1)),
        box((0.56, 0.56, 0.02), (-LENGTH_M / 2 - 0.62, 0.4, 0.11), 0.004),
    )
    return Part("body", "frame", joined(slope, spout)), Part("body", "dark", walls)


def _door() -> tuple[Part, ...]:
    """Return the sliding door with its large window, a hand's width open."""
    height, middle = TOP_M - 1.08, (TOP_M + 0.56) / 2
    frame = joined(
        *(box((0.1, 0.05, height), (-0.32 + s * DOOR_M / 2, _FRONT_M + 0.02, middle), 0.015) for s in (-1, 1)),
        *(box((DOOR_M, 0.05, 0.1), (-0.32, _FRONT_M + 0.02, middle + s * (height / 2 - 0.05)), 0.015) for s in (-1, 1)),
    )
    handle = box((0.04, 0.07, 0.5), (0.16, _FRONT_M - 0.04, middle), 0.015)
    pane = box((DOOR_M - 0.06, 0.012, height - 0.16), (-0.32, _FRONT_M + 0.02, middle), 0.003)
    return Part("body", "accent", frame), Part("body", "dark", handle), Part("body", "glass", pane)


def _control() -> tuple[Part, ...]:
    """Return the control: a screen over a sloping keyboard, hung on the right of the front."""
    case = box((0.5, 0.12, 0.72), (0.88, _FRONT_M - 0.1, 1.5), 0.025)
    desk = box((0.5, 0.2, 0.05), (0, 0, 0), 0.015).turned("x", 0.4).at(0.88, _FRONT_M - 0.22, 1.16)
    screen = box((0.4, 0.012, 0.3), (0.88, _FRONT_M - 0.162, 1.66), 0.003)
    keys = joined(
        *(box((0.05, 0.012, 0.035), (0.72 + 0.08 * i, _FRONT_M - 0.164, 1.4 - 0.055 * j), 0.003) for i in range(5) for j in range(3))
    )
    knob = cylinder(0.03, 0.03, 12).turned("x", pi / 2).at(1.06, _FRONT_M - 0.16, 1.25)
    return Part("body", "panel", joined(case, desk)), Part("body", "dark", joined(screen, keys)), Part("body", "cap", knob)


def _inside() -> tuple[Part, ...]:
    column = box((0.5, 0.36, 1.4), (-0.25, 0.58, 1.5), 0.02)
    ways = joined(*(box((0.06, 0.06, 1.3), (-0.25 + s * 0.18, 0.4, 1.5), 0.008) for s in (-1, 1)))
    return Part("body", "frame", column), Part("body", "steel", ways)


def _head() -> tuple[Part, ...]:
    block = joined(box((0.42, 0.4, 0.4), (0, 0.1, 0.42), 0.04), cylinder(0.13, 0.26, 24).at(z=0.02))
    nose = lathe([(0, -0.1), (0.05, -0.1), (0.09, 0.0), (0.11, 0.02), (0.11, 0.06), (0, 0.06)], 24)
    flats = ring_of(box((0.03, 0.04, 0.05), bevel=0.005), 4, 0.095).at(z=-0.02)
    tool = joined(
        cylinder(0.022, 0.2, 12).at(z=-0.28),
        *(box((0.03, 0.012, 0.12), (0.02, 0, -0.22), 0.002).turned("z", i * tau / 3) for i in range(3)),
    )
    return Part("head", "body", block), Part("spindle", "steel", joined(nose, tool)), Part("spindle", "dark", flats)


def _table() -> tuple[Part, ...]:
    top = joined(box((0.9, 0.46, 0.1), (0, 0, 0.12), 0.012), box((0.5, 0.56, 0.1), (0, 0, 0.03), 0.012))
    slots: Mesh = joined(*(box((0.9, 0.02, 0.01), (0, y, 0.17), 0.002) for y in (-0.14, 0, 0.14)))
    vice = joined(box((0.3, 0.16, 0.06), (0, 0, 0.2), 0.008), *(box((0.05, 0.16, 0.08), (s * 0.11, 0, 0.26), 0.008) for s in (-1, 1)))
    piece = box((0.16, 0.12, 0.07), (0, 0, 0.27), 0.006)
    return Part("table", "steel", joined(top, piece)), Part("table", "dark", slots), Part("table", "frame", vice)
