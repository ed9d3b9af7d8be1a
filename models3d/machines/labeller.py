"""A rotary labeller: a carousel turns the bottles past a label station with its big reel, dispensing plate and take-up reel."""

from math import atan2, hypot, pi

from models3d.machines.fittings import BELT_TOP_M, belt_parts, bottle_parts, feet, operator_panel
from models3d.machines.mesh import Mesh, box, cylinder, joined, lathe, ring_of, rotation
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M = 2.4, 1.7
PLATES = 8
CAROUSEL_RADIUS_M = 0.5
CAROUSEL_Y_M = 0.12
STATION_Y_M = 0.98


def model() -> Model:
    """Return the labeller; ``carousel``, ``reel`` and ``take_up`` turn."""
    return Model(
        "labeller",
        (
            Node("body"),
            Node("carousel", (-0.35, CAROUSEL_Y_M, BELT_TOP_M)),
            Node("reel", (0.62, 0.42, 1.62)),
            Node("take_up", (0.98, 0.02, 1.4)),
        ),
        (*_base(), *_gantry(), *_carousel(), *_reels(), *_station()),
    )


def _base() -> tuple[Part, ...]:
    cabinet = box((LENGTH_M, WIDTH_M, 0.62), (0, 0, 0.47), 0.03)
    table = box((LENGTH_M - 0.04, WIDTH_M - 0.04, 0.04), (0, 0, 0.8), 0.01)
    grille = joined(*(box((0.5, 0.012, 0.022), (-0.7, -WIDTH_M / 2, 0.34 + 0.055 * i), 0.004) for i in range(6)))
    return (
        Part("body", "plinth", joined(feet(LENGTH_M, WIDTH_M), box((LENGTH_M - 0.1, WIDTH_M - 0.1, 0.08), (0, 0, 0.15)))),
        Part("body", "body", cabinet),
        Part("body", "steel", table),
        Part("body", "dark", grille),
        *belt_parts("body", LENGTH_M + 0.4, -0.45),
        *operator_panel("body", (LENGTH_M / 2 - 0.2, -WIDTH_M / 2 - 0.22, 1.45)),
    )


def _gantry() -> tuple[Part, ...]:
    """Return the open portal over the carousel that holds the centring head's drive."""
    column = box((0.16, 0.16, 1.5), (0, 0, 1.55), 0.02)
    columns = joined(column.at(-1.05, 0.68), column.at(0.35, 0.68))
    beam = box((1.64, 0.22, 0.2), (-0.35, 0.68, 2.38), 0.03)
    arm = box((0.3, 0.8, 0.16), (-0.35, 0.32, 2.38), 0.03)
    guard = box((1.24, 0.008, 1.2), (-0.35, 0.72, 1.5), 0.002)
    return (
        Part("body", "panel", joined(columns, beam)),
        Part("body", "accent", arm),
        Part("body", "glass", guard),
    )


def _carousel() -> tuple[Part, ...]:
    places = tuple(_on_circle(i) for i in range(PLATES))
    plate = lathe([(0.085, 0), (0.085, 0.02), (0, 0.02)], 12)
    plates = joined(*(plate.at(x, y, -0.02) for x, y, _ in places))
    table = cylinder(CAROUSEL_RADIUS_M + 0.12, 0.09, 32).at(z=-0.11)
    bells = joined(*(lathe([(0, 0.34), (0.034, 0.34), (0.034, 0.4), (0.018, 0.42), (0.018, 0.62)], 8).at(x, y) for x, y, _ in places))
    head = lathe(
        [(0, 0.6), (CAROUSEL_RADIUS_M + 0.1, 0.6), (CAROUSEL_RADIUS_M + 0.1, 0.72), (0.3, 0.84), (0.12, 0.86), (0.12, 1.36), (0, 1.36)], 32
    )
    marks = ring_of(box((0.12, 0.05, 0.012), bevel=0.003), PLATES, 0.2).at(z=0.0)
    labels = joined(*(lathe([(0.058, 0.05), (0.058, 0.16)], 10).at(x, y) for x, y, _ in places))
    return (
        Part("carousel", "frame", joined(table, cylinder(0.1, 0.62, 20))),
        Part("carousel", "steel", joined(plates, bells)),
        Part("carousel", "body", head),
        Part("carousel", "dark", marks),
        *bottle_parts("carousel", places, capped=True),
        Part("carousel", "label", labels),
    )


def _on_circle(plate: int) -> tuple[float, float, float]:
    x, y, _ = rotation("z", plate * 2 * pi / PLATES) @ (CAROUSEL_RADIUS_M, 0.0, 0.0)
    return float(x), float(y), 0.0


def _reels() -> tuple[Part, ...]:
    return (*_reel("reel", 0.36, 0.3), *_reel("take_up", 0.2, 0.13))


def _reel(node: str, flange: float, paper: float) -> tuple[Part, ...]:
    """Return a lying reel: paper between two flanges, with dark spokes that make its turning visible."""
    flanges = joined(cylinder(flange, 0.014, 28, 0.002).at(z=-0.08), cylinder(paper * 0.45, 0.014, 20).at(z=0.082))
    spokes = ring_of(box((paper * 0.42, 0.035, 0.012), bevel=0.003), 3, paper * 0.22).at(z=0.1)
    hub = cylinder(0.05, 0.24, 16).at(z=-0.1)
    return (
        Part(node, "frame", joined(flanges, hub)),
        Part(node, "label", cylinder(paper, 0.14, 28, 0.004).at(z=-0.066)),
        Part(node, "dark", spokes),
    )


def _station() -> tuple[Part, ...]:
    mast = joined(box((0.14, 0.14, 0.75), (0.62, 0.42, 1.17), 0.02), box((0.1, 0.1, 0.55), (0.98, 0.02, 1.07), 0.02))
    tray = box((0.95, 0.75, 0.03), (0.72, 0.2, 1.02), 0.01)
    # The dispensing plate: a thin wedge whose edge almost touches the bottles on the carousel.
    plate = box((0.34, 0.02, 0.17), (0, 0, 0), 0.005).turned("z", -0.35).at(0.4, -0.02, 1.14)
    rollers = joined(*(cylinder(0.03, 0.3, 14).at(x, y, 1.04) for x, y in ((0.36, 0.2), (0.6, 0.02), (0.82, -0.1))))
    return (
        Part("body", "frame", joined(mast, rollers)),
        Part("body", "panel", tray),
        Part("body", "steel", plate),
        Part("body", "label", _web()),
    )


def _web() -> Mesh:
    """Return the strip of labels from the reel over the rollers to the dispensing plate."""
    runs = (((0.36, 0.55), (0.33, 0.2)), ((0.33, 0.2), (0.26, 0.03)), ((0.56, -0.09), (0.98, -0.12)))
    return joined(*(_strip(*start, *end) for start, end in runs))


def _strip(x0: float, y0: float, x1: float, y1: float) -> Mesh:
    """Return an upright strip of label web between two points seen from above."""
    strip = box((hypot(x1 - x0, y1 - y0), 0.006, 0.11), bevel=0.001)
    return strip.turned("z", atan2(y1 - y0, x1 - x0)).at((x0 + x1) / 2, (y0 + y1) / 2, 1.2)
