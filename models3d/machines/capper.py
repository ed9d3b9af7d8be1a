"""A rotary capper: a turret of capping heads over a star wheel of bottles, with the cap hopper and its chute above."""

from models3d.machines.fittings import BELT_TOP_M, belt_parts, bottle_parts, feet, hood_parts, operator_panel, posts
from models3d.machines.mesh import Mesh, box, cylinder, joined, lathe, ring_of, rotation
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M = 1.9, 1.5
HEADS = 8
TURRET_RADIUS_M = 0.46
# The turret's circle touches the belt line, as the star wheel takes the bottles over there.
TURRET_Y_M = 0.26
ROOF_M = 2.25


def model() -> Model:
    """Return the capper; ``turret`` turns with bottles and heads, ``heads`` strokes down on it, ``hopper`` stirs the caps."""
    return Model(
        "capper",
        (
            Node("body"),
            Node("turret", (0, TURRET_Y_M, BELT_TOP_M)),
            Node("heads", (0, 0, 0.42), "turret"),
            Node("hopper", (0.2, TURRET_Y_M + 0.1, ROOF_M + 0.2)),
        ),
        (*_housing(), *_turret(), *_hopper()),
    )


def _housing() -> tuple[Part, ...]:
    cabinet = box((LENGTH_M, WIDTH_M, 0.6), (0, 0, 0.46), 0.02)
    table = box((LENGTH_M - 0.04, WIDTH_M - 0.04, 0.03), (0, 0, 0.775), 0.008)
    return (
        Part("body", "plinth", joined(feet(LENGTH_M, WIDTH_M), box((LENGTH_M - 0.1, WIDTH_M - 0.1, 0.08), (0, 0, 0.15)))),
        Part("body", "body", cabinet),
        Part("body", "steel", table),
        *hood_parts("body", LENGTH_M, WIDTH_M, ROOF_M, 0.14),
        Part("body", "frame", posts(LENGTH_M, WIDTH_M, 0.76, ROOF_M)),
        Part("body", "glass", _panes()),
        *belt_parts("body", LENGTH_M + 0.4, -0.2),
        *operator_panel("body", (LENGTH_M / 2 - 0.2, -WIDTH_M / 2 - 0.22, 1.45)),
    )


def _panes() -> Mesh:
    height, middle = ROOF_M - 0.8, (ROOF_M + 0.8) / 2
    front = joined(*(box((LENGTH_M - 0.2, 0.008, height), (0, y, middle), 0.002) for y in (-WIDTH_M / 2 + 0.04, WIDTH_M / 2 - 0.04)))
    # The ends stay open below, where the belt passes.
    ends = joined(
        *(box((0.008, WIDTH_M - 0.2, height - 0.6), (x, 0, middle + 0.3), 0.002) for x in (-LENGTH_M / 2 + 0.04, LENGTH_M / 2 - 0.04))
    )
    return joined(front, ends)


def _turret() -> tuple[Part, ...]:
    drum = lathe([(0, 0.98), (0.17, 0.98), (0.24, 1.02), (0.24, 1.28), (0, 1.28)], 28)
    column = joined(cylinder(0.11, 1.0, 24), drum)
    star = cylinder(TURRET_RADIUS_M - 0.04, 0.04, 32).at(z=0.1)
    heads = lathe([(0, 0), (0.03, 0), (0.042, 0.03), (0.042, 0.13), (0.02, 0.14), (0.02, 0.32), (0.05, 0.33), (0.05, 0.46), (0, 0.46)], 10)
    carrier = lathe(
        [(0, 0.3), (TURRET_RADIUS_M + 0.07, 0.3), (TURRET_RADIUS_M + 0.09, 0.32), (TURRET_RADIUS_M + 0.09, 0.4), (0.14, 0.46), (0, 0.46)],
        32,
    )
    marks = ring_of(box((0.1, 0.05, 0.012), bevel=0.003), HEADS, TURRET_RADIUS_M - 0.18).at(z=0.147)
    places = tuple(_around(i) for i in range(HEADS))
    return (
        Part("turret", "frame", column),
        Part("turret", "panel", star),
        Part("turret", "dark", marks),
        *bottle_parts("turret", places, capped=True),
        Part("heads", "steel", ring_of(heads, HEADS, TURRET_RADIUS_M)),
        Part("heads", "body", carrier),
    )


def _around(head: int) -> tuple[float, float, float]:
    x, y, _ = rotation("z", head * 6.283185307 / HEADS) @ (TURRET_RADIUS_M, 0.0, 0.0)
    return float(x), float(y), 0.0


def _hopper() -> tuple[Part, ...]:
    bowl = lathe([(0, 0), (0.2, 0), (0.36, 0.2), (0.4, 0.22), (0.4, 0.3), (0.37, 0.3), (0.34, 0.22), (0, 0.14)], 32)
    loose = ring_of(cylinder(0.03, 0.03, 8, 0.004).turned("x", 0.4), 9, 0.24).at(z=0.22)
    inner = ring_of(cylinder(0.03, 0.03, 8, 0.004).turned("y", 0.5), 5, 0.12).at(z=0.27)
    heap = lathe([(0.345, 0.2), (0.2, 0.255), (0, 0.29)], 20)
    stand = cylinder(0.12, 0.1, 20).at(0.2, TURRET_Y_M + 0.1, ROOF_M + 0.12)
    chute = box((0.62, 0.09, 0.05), (0, 0, 0), 0.01).turned("y", 0.75).at(-0.33, TURRET_Y_M + 0.1, ROOF_M + 0.22)
    return (
        Part("hopper", "steel", bowl),
        Part("hopper", "cap", joined(heap, loose, inner)),
        Part("body", "frame", joined(stand, chute)),
    )
