"""An automated guided vehicle: a low carrier with a roller deck, bumpers all round and a laser scanner at two corners. Drives along +X."""

from math import pi

from models3d.machines.mesh import Mesh, box, cylinder, joined, lathe, row_of
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M = 1.7, 1.05
DECK_M = 0.5


def model() -> Model:
    """Return the vehicle; nothing on it moves by itself, the room puts it where it reports to be."""
    hull = box((LENGTH_M - 0.1, WIDTH_M - 0.06, 0.28), (0, 0, 0.26), 0.05)
    waist = box((LENGTH_M - 0.06, WIDTH_M - 0.02, 0.07), (0, 0, 0.3), 0.015)
    skirt = box((LENGTH_M - 0.16, WIDTH_M - 0.1, 0.1), (0, 0, 0.1), 0.02)
    bumper = joined(*(box((0.09, WIDTH_M - 0.04, 0.12), (s * (LENGTH_M / 2 - 0.045), 0, 0.13), 0.035) for s in (-1, 1)))
    return Model(
        "agv",
        (Node("body"),),
        (
            Part("body", "panel", hull),
            Part("body", "body", box((LENGTH_M - 0.12, WIDTH_M - 0.08, 0.05), (0, 0, 0.4), 0.02)),
            Part("body", "accent", waist),
            Part("body", "dark", joined(bumper, _scanners(), skirt)),
            Part("body", "belt", _wheels()),
            Part("body", "lamp", _arrow()),
            *_deck(),
            *_column(),
        ),
    )


def _wheels() -> Mesh:
    wheel = cylinder(0.11, 0.07, 20, 0.015).at(z=-0.035).turned("x", pi / 2)
    return joined(*(wheel.at(x, y, 0.11) for x in (-0.55, 0, 0.55) for y in (-WIDTH_M / 2 + 0.12, WIDTH_M / 2 - 0.12)))


def _scanners() -> Mesh:
    scanner = lathe([(0, 0), (0.075, 0), (0.075, 0.05), (0.06, 0.055), (0.06, 0.085), (0.075, 0.09), (0.075, 0.13), (0, 0.14)], 16)
    return joined(scanner.at(LENGTH_M / 2 - 0.06, -WIDTH_M / 2 + 0.06, 0.2), scanner.at(-LENGTH_M / 2 + 0.06, WIDTH_M / 2 - 0.06, 0.2))


def _deck() -> tuple[Part, ...]:
    roller = cylinder(0.035, 0.8, 12).at(z=-0.4).turned("x", pi / 2)
    rails = joined(*(box((1.3, 0.05, 0.09), (-0.1, y, DECK_M - 0.04), 0.01) for y in (-0.44, 0.44)))
    stops = joined(*(box((0.03, 0.1, 0.1), (-0.77, y, DECK_M + 0.02), 0.006) for y in (-0.3, 0.3)))
    return Part("body", "steel", row_of(roller, 9, 0.14).at(-0.1, 0, DECK_M - 0.036)), Part("body", "frame", joined(rails, stops))


def _column() -> tuple[Part, ...]:
    """Return the column at the front with its screen and stop buttons."""
    column = box((0.16, 0.7, 0.62), (LENGTH_M / 2 - 0.17, 0, 0.71), 0.04)
    screen = box((0.012, 0.26, 0.16), (0, 0, 0), 0.004).turned("y", 0.0).at(LENGTH_M / 2 - 0.088, 0, 0.88)
    slot = box((0.012, 0.52, 0.04), (LENGTH_M / 2 - 0.088, 0, 0.66), 0.004)
    stop = cylinder(0.035, 0.03, 12)
    return (
        Part("body", "body", column),
        Part("body", "dark", joined(screen, slot)),
        Part("body", "cap", joined(*(stop.at(LENGTH_M / 2 - 0.17, y, 1.02) for y in (-0.27, 0.27)))),
    )


def _arrow() -> Mesh:
    """Return the strip of light across the nose that shows which way it drives."""
    return box((0.02, 0.7, 0.025), (LENGTH_M / 2 - 0.045, 0, 0.33), 0.006)
