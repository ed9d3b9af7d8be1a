"""An inspection station over the belt: a camera looks across the belt at a lit panel, a second one looks down through a ring light."""

from math import pi

from models3d.machines.fittings import BELT_TOP_M, belt_parts, feet, operator_panel
from models3d.machines.mesh import Mesh, box, cylinder, joined, lathe, row_of
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M = 1.3, 1.1
ROOF_M = 1.95
REJECT_X_M = 0.95


def model() -> Model:
    """Return the station; what passes it the room sets on its belt, what is rejected leaves over the chute behind."""
    return Model(
        "inspection",
        (Node("body"),),
        (
            *_housing(),
            *_optics(),
            *_reject(),
        ),
    )


def _housing() -> tuple[Part, ...]:
    cabinet = box((LENGTH_M, WIDTH_M, 0.62), (0, 0, 0.45), 0.03)
    roof = box((LENGTH_M + 0.04, WIDTH_M + 0.04, 0.1), (0, 0, ROOF_M), 0.025)
    back = box((LENGTH_M, 0.3, ROOF_M - 0.8), (0, WIDTH_M / 2 - 0.15, (ROOF_M + 0.72) / 2), 0.02)
    front = box((LENGTH_M, 0.2, 0.28), (0, -WIDTH_M / 2 + 0.1, 0.86), 0.02)
    columns = joined(*(box((0.09, 0.09, ROOF_M - 0.95), (x, -WIDTH_M / 2 + 0.06, (ROOF_M + 0.95) / 2), 0.01) for x in (-0.6, 0.6)))
    hood = joined(*(box((0.02, WIDTH_M - 0.4, 0.36), (s * (LENGTH_M / 2 - 0.01), -0.05, ROOF_M - 0.22), 0.004) for s in (-1, 1)))
    pane = box((LENGTH_M - 0.2, 0.008, ROOF_M - 1.05), (0, -WIDTH_M / 2 + 0.05, (ROOF_M + 0.98) / 2), 0.002)
    return (
        Part("body", "plinth", feet(LENGTH_M, WIDTH_M)),
        Part("body", "body", joined(cabinet, front)),
        Part("body", "panel", joined(roof, back)),
        Part("body", "frame", joined(columns, hood)),
        Part("body", "glass", pane),
        *belt_parts("body", 2.9),
        *_trestles(),
        *operator_panel("body", (0.4, -WIDTH_M / 2 - 0.2, 1.62)),
    )


def _trestles() -> tuple[Part, ...]:
    leg = box((0.06, 0.06, 0.84), (0, 0, 0.43), 0.008)
    return (Part("body", "frame", joined(*(leg.at(x, y) for x in (-1.25, 1.25) for y in (-0.12, 0.12)))),)


def _optics() -> tuple[Part, ...]:
    """Return the lit panel behind the belt, the camera facing it, and the camera above with its ring light."""
    panel = box((0.62, 0.02, 0.5), (0, 0.235, BELT_TOP_M + 0.27), 0.006)
    bezel = box((0.7, 0.03, 0.58), (0, 0.25, BELT_TOP_M + 0.27), 0.01)
    across = _camera().turned("x", -pi / 2).at(0, -0.42, BELT_TOP_M + 0.25)
    down = _camera().turned("x", pi).at(0, 0, ROOF_M - 0.1)
    ring = lathe([(0.075, 0), (0.15, 0), (0.15, 0.035), (0.075, 0.035), (0.075, 0)], 28).at(0, 0, ROOF_M - 0.45)
    glow = lathe([(0.145, 0), (0.08, 0), (0.08, 0.004)][::-1], 28).at(0, 0, ROOF_M - 0.456)
    stalks = joined(*(cylinder(0.012, 0.4, 8).at(x, 0, ROOF_M - 0.43) for x in (-0.13, 0.13)))
    bracket = box((0.06, 0.05, 0.5), (0, -0.44, BELT_TOP_M - 0.02), 0.008)
    return (
        Part("body", "label", panel),
        Part("body", "dark", joined(bezel, across, down, ring)),
        Part("body", "steel", joined(stalks, bracket)),
        Part("body", "label", glow),
    )


def _camera() -> Mesh:
    """Return a camera with its lens, looking along +Z from the origin."""
    housing = box((0.09, 0.09, 0.12), (0, 0, 0.0), 0.012)
    lens = lathe([(0, 0.05), (0.035, 0.05), (0.035, 0.12), (0.042, 0.13), (0.042, 0.17), (0.03, 0.17), (0.026, 0.15), (0, 0.15)], 18)
    return joined(housing, lens)


def _reject() -> tuple[Part, ...]:
    """Return the pusher past the cameras, and the chute into the bin for what it pushes off."""
    pusher = joined(
        box((0.1, 0.26, 0.1), (REJECT_X_M, -0.32, BELT_TOP_M + 0.1), 0.012), box((0.05, 0.1, 0.5), (REJECT_X_M, -0.36, 0.85), 0.008)
    )
    rod = joined(
        cylinder(0.014, 0.12, 10).turned("x", -pi / 2).at(REJECT_X_M, -0.2, BELT_TOP_M + 0.1),
        box((0.09, 0.015, 0.07), (REJECT_X_M, -0.12, BELT_TOP_M + 0.1), 0.004),
    )
    chute = box((0.3, 0.42, 0.015), (0, 0, 0), 0.004).turned("x", -0.5).at(REJECT_X_M, 0.3, BELT_TOP_M - 0.12)
    walls = row_of(box((0.012, 0.42, 0.09), (0, 0, 0.04), 0.003).turned("x", -0.5), 2, 0.3).at(REJECT_X_M, 0.3, BELT_TOP_M - 0.12)
    bin_walls = joined(
        *(box((0.5, 0.02, 0.6), (REJECT_X_M, 0.62 + s * 0.22, 0.34), 0.006) for s in (-1, 1)),
        *(box((0.02, 0.44, 0.6), (REJECT_X_M + s * 0.25, 0.62, 0.34), 0.006) for s in (-1, 1)),
        box((0.5, 0.44, 0.02), (REJECT_X_M, 0.62, 0.06), 0.004),
    )
    return Part("body", "frame", pusher), Part("body", "steel", joined(rod, chute, walls)), Part("body", "body", bin_walls)
