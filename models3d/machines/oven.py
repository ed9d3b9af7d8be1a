"""A tunnel oven: a long insulated tunnel over a chain belt, burners and fans on the roof, the exhaust stack, doors to look in along the side."""

from math import pi

from models3d.machines.fittings import BELT_TOP_M, feet, operator_panel
from models3d.machines.mesh import box, cylinder, joined, lathe, ring_of, row_of
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M = 5.0, 1.7
TUNNEL_M, TOP_M = 4.0, 1.95
BELT_WIDTH_M = 0.9
ZONES = 3
PITCH_M = 0.25


def model() -> Model:
    """Return the oven; the ``trays`` go through with the belt, ``fan0`` to ``fan2`` on the roof turn."""
    fans = tuple(Node(f"fan{i}", (_zone(i) - 0.3, 0.25, TOP_M + 0.36)) for i in range(ZONES))
    return Model("oven", (Node("body"), Node("trays", (0, 0, BELT_TOP_M)), *fans), (*_tunnel(), *_belt(), *_roof(), *_trays()))


def _zone(number: int) -> float:
    return (number - (ZONES - 1) / 2) * TUNNEL_M / ZONES


def _tunnel() -> tuple[Part, ...]:
    low = box((TUNNEL_M, WIDTH_M, 0.66), (0, 0, 0.5), 0.03)
    walls = joined(*(box((TUNNEL_M, 0.36, TOP_M - 0.8), (0, s * (WIDTH_M / 2 - 0.18), (TOP_M + 0.8) / 2), 0.03) for s in (-1, 1)))
    lid = box((TUNNEL_M - 0.02, WIDTH_M - 0.1, 0.55), (0, 0, TOP_M - 0.25), 0.04)
    mouths = joined(*(box((0.06, BELT_WIDTH_M + 0.2, 0.16), (s * (TUNNEL_M / 2 + 0.02), 0, 1.36), 0.015) for s in (-1, 1)))
    seams = joined(
        *(
            box((0.02, WIDTH_M + 0.01, TOP_M - 0.2), (_zone(0) + (i + 0.5) * TUNNEL_M / ZONES, 0, TOP_M / 2 + 0.1), 0.003)
            for i in range(ZONES - 1)
        )
    )
    doors = joined(*(box((0.8, 0.05, 0.62), (_zone(i), -WIDTH_M / 2 - 0.01, 1.38), 0.02) for i in range(ZONES)))
    panes = joined(*(box((0.36, 0.02, 0.14), (_zone(i), -WIDTH_M / 2 - 0.035, 1.45), 0.006) for i in range(ZONES)))
    handles = joined(*(box((0.04, 0.06, 0.26), (_zone(i) + 0.32, -WIDTH_M / 2 - 0.05, 1.38), 0.012) for i in range(ZONES)))
    vents = joined(
        *(box((0.5, 0.012, 0.02), (_zone(i), -WIDTH_M / 2 - 0.004, 0.36 + 0.05 * j), 0.003) for i in range(ZONES) for j in range(5))
    )
    return (
        Part("body", "plinth", feet(TUNNEL_M, WIDTH_M).at(z=0.06)),
        Part("body", "body", low),
        Part("body", "panel", joined(walls, lid)),
        Part("body", "accent", doors),
        Part("body", "frame", seams),
        Part("body", "dark", joined(panes, handles, vents, mouths)),
        *operator_panel("body", (TUNNEL_M / 2 - 0.25, -WIDTH_M / 2 - 0.22, 1.45)),
    )


def _belt() -> tuple[Part, ...]:
    belt = box((LENGTH_M, BELT_WIDTH_M, 0.04), (0, 0, BELT_TOP_M - 0.02), 0.008)
    sides = joined(*(box((LENGTH_M, 0.04, 0.16), (0, s * (BELT_WIDTH_M / 2 + 0.03), BELT_TOP_M - 0.06), 0.008) for s in (-1, 1)))
    drums = joined(
        *(
            cylinder(0.07, BELT_WIDTH_M, 18).at(z=-BELT_WIDTH_M / 2).turned("x", pi / 2).at(s * (LENGTH_M / 2 - 0.07), 0, BELT_TOP_M - 0.07)
            for s in (-1, 1)
        )
    )
    legs = joined(*(box((0.07, 0.07, 0.86), (x, y, 0.43), 0.008) for x in (-LENGTH_M / 2 + 0.2, LENGTH_M / 2 - 0.2) for y in (-0.42, 0.42)))
    return Part("body", "belt", belt), Part("body", "frame", joined(sides, legs)), Part("body", "steel", drums)


def _roof() -> tuple[Part, ...]:
    """Return burners, fan housings and the exhaust duct with its stack."""
    housing = lathe([(0, 0), (0.3, 0), (0.3, 0.2), (0.26, 0.24), (0.26, 0.34), (0.22, 0.34), (0.22, 0.26), (0, 0.26)], 24)
    housings = joined(*(housing.at(_zone(i) - 0.3, 0.25, TOP_M - 0.02) for i in range(ZONES)))
    burner = joined(box((0.36, 0.3, 0.3), (0, 0, 0.15), 0.03), cylinder(0.1, 0.24, 18).turned("x", pi / 2).at(0, -0.13, 0.16))
    burners = joined(*(burner.at(_zone(i) + 0.3, -0.35, TOP_M - 0.02) for i in range(ZONES)))
    duct = box((TUNNEL_M - 0.6, 0.26, 0.22), (0.1, 0.66, TOP_M + 0.12), 0.02)
    gas = joined(
        cylinder(0.035, TUNNEL_M - 0.8, 12).turned("y", pi / 2).at(-TUNNEL_M / 2 + 0.4, -0.66, TOP_M + 0.2),
        *(cylinder(0.025, 0.24, 10).at(_zone(i) + 0.3, -0.66, TOP_M - 0.02) for i in range(ZONES)),
    )
    stack = joined(
        cylinder(0.16, 1.0, 22).at(TUNNEL_M / 2 - 0.5, 0.66, TOP_M + 0.1),
        lathe([(0.16, 0), (0.24, 0.08), (0.02, 0.2)], 22).at(TUNNEL_M / 2 - 0.5, 0.66, TOP_M + 1.14),
    )
    blades = ring_of(box((0.16, 0.08, 0.012), bevel=0.003).turned("x", 0.45), 5, 0.12)
    return (
        Part("body", "steel", joined(housings, duct, stack)),
        Part("body", "dark", burners),
        Part("body", "frame", gas),
        *(Part(f"fan{i}", "dark", joined(blades, cylinder(0.045, 0.04, 12).at(z=-0.02))) for i in range(ZONES)),
    )


def _trays() -> tuple[Part, ...]:
    """Return rows of loaves across the belt; one row more than shows, as the tunnel's mouth gives the next."""
    loaf = lathe([(0.07, 0), (0.085, 0.03), (0.07, 0.07), (0.03, 0.09), (0, 0.095)], 8)
    rows = row_of(joined(*(loaf.at(y=y) for y in (-0.3, -0.1, 0.1, 0.3))), 3, PITCH_M)
    return (Part("trays", "case", joined(rows.at(-LENGTH_M / 2 + 0.15), rows.at(LENGTH_M / 2 - 0.4))),)
