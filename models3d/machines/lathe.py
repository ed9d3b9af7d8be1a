"""A CNC lathe with a slant bed: sloped cover with a large window, chuck, turret and tailstock inside, bar feeder on the left, chips to the right."""

from math import pi, tau

from models3d.machines.fittings import feet
from models3d.machines.mesh import Mesh, box, cylinder, joined, lathe, ring_of
from models3d.machines.model import Model, Node, Part
from models3d.machines.sweeps import prism

LENGTH_M, WIDTH_M, TOP_M = 3.0, 1.7, 1.9
BASE_M = 0.78
AXIS_Y_M, AXIS_Z_M = -0.12, 1.22
CHUCK_X_M, TURRET_X_M = -0.52, 0.42
SHIFT_M = 0.275
"""The lathe itself stands off the middle of its place: the bar feeder needs more room than the chips."""
_FRONT_M = -WIDTH_M / 2
# The side view of the cover: upright at the front, sloped to the roof, upright at the back.
_COVER = ((_FRONT_M + 0.06, BASE_M), (0.82, BASE_M), (0.82, TOP_M), (0.1, TOP_M), (_FRONT_M + 0.3, 1.62), (_FRONT_M + 0.06, 1.02))


def model() -> Model:
    """Return the lathe; ``chuck`` turns with the bar, ``turret`` feeds along it on its ``cross`` slide and indexes about its axis."""
    return Model(
        "lathe",
        (
            Node("body", (SHIFT_M, 0, 0)),
            Node("chuck", (CHUCK_X_M + SHIFT_M, AXIS_Y_M, AXIS_Z_M)),
            Node("carriage", (TURRET_X_M + SHIFT_M, AXIS_Y_M, AXIS_Z_M)),
            Node("cross", (0, 0.36, 0.2), "carriage"),
            Node("turret", (0, 0, 0), "cross"),
        ),
        (*_base(), *_cover(), *_door(), *_control(), *_inside(), *_chuck(), *_turret(), *_bar_feeder(), *_chips()),
    )


def _base() -> tuple[Part, ...]:
    low = box((LENGTH_M, WIDTH_M - 0.04, BASE_M - 0.14), (0, 0, BASE_M / 2 + 0.07), 0.03)
    toe = box((LENGTH_M - 0.16, WIDTH_M - 0.2, 0.1), (0, 0, 0.11), 0.01)
    sill = box((LENGTH_M + 0.01, 0.06, 0.05), (0, _FRONT_M + 0.03, BASE_M), 0.01)
    hatch = box((0.9, 0.02, 0.42), (-0.75, _FRONT_M + 0.012, 0.42), 0.006)
    slots = joined(*(box((0.5, 0.012, 0.02), (-0.75, _FRONT_M - 0.002, 0.3 + 0.055 * i), 0.002) for i in range(5)))
    tray = box((0.9, 0.14, 0.1), (0.55, _FRONT_M + 0.03, 0.24), 0.02)
    return (
        Part("body", "plinth", joined(feet(LENGTH_M, WIDTH_M), toe)),
        Part("body", "body", joined(low, hatch)),
        Part("body", "frame", joined(sill, tray)),
        Part("body", "dark", slots),
    )


def _cover() -> tuple[Part, ...]:
    """Return headstock and tail end, closed; the work room between them is open to the window."""
    head = prism(_COVER, 0.86).at(-LENGTH_M / 2 + 0.43)
    tail = prism(_COVER, 0.5).at(LENGTH_M / 2 - 0.25)
    back = box((LENGTH_M - 1.3, 0.14, TOP_M - BASE_M), (0.18, 0.75, (TOP_M + BASE_M) / 2), 0.01)
    roof = box((LENGTH_M - 1.3, 0.74, 0.05), (0.18, 0.46, TOP_M - 0.03), 0.01)
    ribs = joined(*(box((0.02, 0.62, 0.02), (-LENGTH_M / 2 + 0.2 + 0.16 * i, 0.46, TOP_M + 0.008), 0.004) for i in range(4)))
    fan = lathe([(0.0, 0.0), (0.14, 0.0), (0.14, 0.05), (0.11, 0.06), (0.0, 0.06)], 22).at(-LENGTH_M / 2 + 0.45, 0.45, TOP_M)
    name = box((0.5, 0.012, 0.09), (0, 0, 0), 0.003).turned("x", -0.28).at(-LENGTH_M / 2 + 0.43, _FRONT_M + 0.14, 1.34)
    return (
        Part("body", "panel", joined(head, tail, roof)),
        Part("body", "body", back),
        Part("body", "frame", joined(ribs, fan)),
        Part("body", "accent", name),
    )


def _door() -> tuple[Part, ...]:
    """Return the sliding door over the work room: sloped frame, large window, upright handle; a hand's width open."""
    height, width, middle = 0.98, 1.42, 0.1
    frame = joined(
        *(box((0.12, 0.05, height), (middle + s * (width - 0.12) / 2, 0, 0), 0.012) for s in (-1, 1)),
        *(box((width, 0.05, 0.12), (middle, 0, s * (height - 0.12) / 2), 0.012) for s in (-1, 1)),
    )
    pane = box((width - 0.22, 0.012, height - 0.22), (middle, 0.005, 0), 0.003)
    handle = box((0.05, 0.07, 0.52), (middle + width / 2 - 0.06, -0.055, -0.02), 0.018)
    placed = [mesh.turned("x", -0.37).at(0, _FRONT_M + 0.27, 1.3) for mesh in (frame, pane, handle)]
    return Part("body", "accent", placed[0]), Part("body", "glass", placed[1]), Part("body", "dark", placed[2])


def _control() -> tuple[Part, ...]:
    """Return the control at the right of the front, tilted towards whoever stands there."""
    case = box((0.46, 0.12, 0.78), (0, 0, 0.02), 0.03)
    screen = box((0.36, 0.012, 0.28), (0, -0.064, 0.2), 0.004)
    keys = joined(*(box((0.045, 0.014, 0.03), (-0.15 + 0.06 * i, -0.064, -0.04 - 0.05 * j), 0.002) for i in range(6) for j in range(3)))
    knobs = joined(*(cylinder(0.03, 0.03, 14).turned("x", pi / 2).at(x, -0.06, -0.26) for x in (-0.1, 0.08)))
    stop = cylinder(0.035, 0.045, 14).turned("x", pi / 2).at(0.16, -0.06, 0.36)
    placed = [mesh.turned("x", -0.18).at(LENGTH_M / 2 - 0.3, _FRONT_M - 0.02, 1.34) for mesh in (case, joined(screen, keys), knobs, stop)]
    return (
        Part("body", "panel", placed[0]),
        Part("body", "dark", joined(placed[1], placed[2])),
        Part("body", "cap", placed[3]),
    )


def _inside() -> tuple[Part, ...]:
    """Return the slanted bed with its ways, the headstock's nose and the tailstock with its quill."""
    bed = box((1.72, 0.9, 0.2), (0, 0, 0), 0.02).turned("x", 0.62).at(0.15, 0.2, 1.02)
    ways = joined(*(box((1.66, 0.07, 0.07), (0, y, 0.13), 0.01) for y in (-0.26, 0.26))).turned("x", 0.62).at(0.15, 0.2, 1.02)
    nose = cylinder(0.2, 0.16, 26).turned("y", pi / 2).at(CHUCK_X_M - 0.18, AXIS_Y_M, AXIS_Z_M)
    tail = joined(
        box((0.3, 0.32, 0.3), (0.86, AXIS_Y_M + 0.06, AXIS_Z_M - 0.02), 0.04),
        cylinder(0.06, 0.2, 18).turned("y", -pi / 2).at(0.73, AXIS_Y_M, AXIS_Z_M),
    )
    point = lathe([(0.035, 0), (0.035, 0.05), (0, 0.12)], 14).turned("y", -pi / 2).at(0.54, AXIS_Y_M, AXIS_Z_M)
    return Part("body", "frame", joined(bed, tail)), Part("body", "steel", joined(ways, nose, point))


def _chuck() -> tuple[Part, ...]:
    """Return the three-jaw chuck and the turned bar it holds, along +X from the origin."""
    body = lathe([(0, -0.02), (0.21, -0.02), (0.21, 0.14), (0.18, 0.17), (0.06, 0.17), (0.06, 0.15), (0, 0.15)], 30)
    jaw = joined(box((0.13, 0.07, 0.09), (0.0, 0, 0.2), 0.008), box((0.06, 0.07, 0.07), (-0.03, 0, 0.27), 0.008))
    jaws = ring_of(jaw, 3, 0.115)
    marks = ring_of(box((0.02, 0.02, 0.1), (0, 0, 0.06), 0.002), 6, 0.206)
    work: Mesh = lathe([(0.05, 0.15), (0.05, 0.48), (0.042, 0.5), (0.042, 0.7), (0.03, 0.72), (0.03, 0.86), (0, 0.87)], 22)
    along = [mesh.turned("y", pi / 2) for mesh in (body, joined(jaws, marks), work)]
    return Part("chuck", "frame", along[0]), Part("chuck", "dark", along[1]), Part("chuck", "steel", along[2])


def _turret() -> tuple[Part, ...]:
    """Return the saddle, the cross slide, and the twelve-station disc with its tools."""
    saddle = box((0.44, 0.62, 0.12), (0, 0, 0), 0.02).turned("x", 0.62).at(0, 0.34, -0.02)
    slide = box((0.34, 0.42, 0.16), (0.06, 0.1, -0.02), 0.03)
    disc = lathe([(0, -0.08), (0.2, -0.08), (0.22, -0.06), (0.22, 0.05), (0.2, 0.07), (0, 0.07)], 12).turned("y", pi / 2)
    holder = joined(box((0.08, 0.06, 0.07), (-0.02, 0, 0.235), 0.006), cylinder(0.014, 0.13, 8).turned("y", -pi / 2).at(-0.04, 0, 0.25))
    tools = joined(*(holder.turned("x", tau * i / 6) for i in range(6)))
    return (
        Part("carriage", "frame", saddle),
        Part("cross", "body", slide),
        Part("turret", "steel", disc),
        Part("turret", "dark", tools),
    )


def _bar_feeder() -> tuple[Part, ...]:
    """Return the magazine that pushes bars through the spindle: a long cover on two stands."""
    x = -LENGTH_M / 2 - 0.75
    trough = prism(((-0.2, 0), (0.2, 0), (0.2, 0.2), (0.06, 0.32), (-0.2, 0.32)), 1.4).at(x, AXIS_Y_M, AXIS_Z_M - 0.16)
    stands = joined(*(box((0.16, 0.3, AXIS_Z_M - 0.16), (x + s * 0.55, AXIS_Y_M, (AXIS_Z_M - 0.16) / 2), 0.015) for s in (-1, 1)))
    shoes = joined(*(box((0.3, 0.46, 0.03), (x + s * 0.55, AXIS_Y_M, 0.015), 0.006) for s in (-1, 1)))
    neck = cylinder(0.06, 0.16, 16).turned("y", pi / 2).at(-LENGTH_M / 2 - 0.1, AXIS_Y_M, AXIS_Z_M)
    bars = joined(
        *(cylinder(0.024, 1.3, 10).turned("y", pi / 2).at(x - 0.65, AXIS_Y_M - 0.26 - 0.05 * i, AXIS_Z_M - 0.1) for i in range(3))
    )
    rests = joined(*(box((0.04, 0.2, 0.03), (x + s * 0.5, AXIS_Y_M - 0.28, AXIS_Z_M - 0.14), 0.005) for s in (-1, 1)))
    return (
        Part("body", "panel", trough),
        Part("body", "frame", joined(stands, rests)),
        Part("body", "plinth", shoes),
        Part("body", "steel", joined(neck, bars)),
    )


def _chips() -> tuple[Part, ...]:
    """Return the chip conveyor that climbs out at the right, and the bin it drops into."""
    x = LENGTH_M / 2
    slope = box((0.95, 0.4, 0.2), (0, 0, 0), 0.03).turned("y", -0.85).at(x + 0.22, 0.35, 0.62)
    spout = box((0.34, 0.42, 0.26), (x + 0.6, 0.35, 0.98), 0.03)
    walls = joined(
        *(box((0.56, 0.02, 0.5), (x + 0.62, 0.35 + s * 0.28, 0.32), 0.005) for s in (-1, 1)),
        *(box((0.02, 0.56, 0.5), (x + 0.62 + s * 0.28, 0.35, 0.32), 0.005) for s in (-1, 1)),
        box((0.56, 0.56, 0.02), (x + 0.62, 0.35, 0.08), 0.004),
    )
    return Part("body", "frame", joined(slope, spout)), Part("body", "plinth", walls)
