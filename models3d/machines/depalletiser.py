"""A sweep-off depalletiser: the pallet of glass is lifted layer by layer, and a frame sweeps each layer off over the table's edge."""

from math import pi

from models3d.machines.fittings import belt_parts, operator_panel
from models3d.machines.loads import PALLET_M, ROLLER_TOP_M, guard, pallet, roller_bed
from models3d.machines.mesh import Mesh, box, cylinder, joined, lathe, row_of
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M = 4.2, 2.3
PALLET_X_M, TABLE_X_M = -0.9, 0.75
TOP_M = 3.0
LAYER_M = 0.34
LAYERS = 4
SWEEP_M = ROLLER_TOP_M + PALLET_M[2] + LAYERS * LAYER_M


def model() -> Model:
    """Return the depalletiser; ``sweep`` pushes the top layer along +X, ``lift`` holds the sheet gripper above it."""
    return Model(
        "depalletiser",
        (Node("body"), Node("sweep", (PALLET_X_M, 0, SWEEP_M)), Node("lift", (PALLET_X_M, 0, TOP_M - 0.35))),
        (
            *roller_bed("body", -LENGTH_M / 2, PALLET_X_M + 0.8, 0),
            Part("body", "wood", pallet().at(PALLET_X_M, 0, ROLLER_TOP_M)),
            *_glass(),
            *_tower(),
            *_table(),
            *_sweep(),
            *_lift(),
            *guard("body", (-LENGTH_M / 2 + 0.05, WIDTH_M / 2 - 0.05), LENGTH_M - 0.1),
            *operator_panel("body", (1.2, -WIDTH_M / 2 + 0.42, 1.45)),
        ),
    )


def _glass() -> tuple[Part, ...]:
    """Return the layers as seen from outside: the bottles of the rim, and the sheets between the layers."""
    jar = lathe([(0.058, 0), (0.056, 0.2), (0.018, 0.32)], 6)
    columns, rows, pitch = 9, 6, 0.126
    rim = [(i, j) for i in range(columns) for j in range(rows) if i in {0, columns - 1} or j == 0]
    ring = joined(*(jar.at((i - (columns - 1) / 2) * pitch, (j - (rows - 1) / 2) * pitch) for i, j in rim))
    bottom = ROLLER_TOP_M + PALLET_M[2]
    core = box((7 * pitch, 4.6 * pitch, 0.2), (0.0, 0.04, 0.1), 0.01)
    levels = [bottom + level * LAYER_M for level in range(LAYERS)]
    sheets = joined(*(box((PALLET_M[0], PALLET_M[1], 0.012), (PALLET_X_M, 0, z - 0.006), 0.002) for z in [*levels[1:], SWEEP_M]))
    return (
        Part("body", "product", joined(*(joined(ring, core).at(PALLET_X_M, 0, z) for z in levels))),
        Part("body", "case", sheets),
    )


def _tower() -> tuple[Part, ...]:
    xs, ys = (PALLET_X_M - 0.85, PALLET_X_M + 0.85), (-0.75, 0.75)
    columns = joined(*(box((0.16, 0.16, TOP_M), (x, y, TOP_M / 2), 0.02) for x in xs for y in ys))
    top = joined(
        *(box((1.9, 0.14, 0.2), (PALLET_X_M, y, TOP_M - 0.02), 0.02) for y in ys),
        *(box((0.14, 1.5, 0.2), (x, 0, TOP_M - 0.02), 0.02) for x in xs),
    )
    chains = joined(
        *(box((0.03, 0.05, TOP_M - 0.4), (x * 0.9 + PALLET_X_M * 0.1, y, TOP_M / 2 + 0.1), 0.004) for x in xs for y in (-0.66, 0.66))
    )
    shoes = joined(*(box((0.32, 0.32, 0.03), (x, y, 0.015), 0.006) for x in xs for y in ys))
    drive = cylinder(0.12, 0.4, 18).turned("y", pi / 2).at(PALLET_X_M - 0.2, 0.5, TOP_M + 0.2)
    deck = box((0.9, 0.5, 0.05), (PALLET_X_M, 0.5, TOP_M + 0.08), 0.01)
    return (
        Part("body", "panel", joined(columns, top)),
        Part("body", "dark", joined(drive, chains)),
        Part("body", "frame", deck),
        Part("body", "plinth", shoes),
    )


def _table() -> tuple[Part, ...]:
    """Return the discharge table up at the layer's height, and the chute of belts that brings the bottles down to the line."""
    table = box((1.4, 1.1, 0.08), (TABLE_X_M, 0, SWEEP_M - 0.05), 0.01)
    sides = joined(*(box((1.4, 0.03, 0.2), (TABLE_X_M, s * 0.54, SWEEP_M + 0.08), 0.006) for s in (-1, 1)))
    legs = joined(
        *(box((0.1, 0.1, SWEEP_M - 0.1), (TABLE_X_M + x, y, (SWEEP_M - 0.1) / 2), 0.012) for x in (-0.6, 0.6) for y in (-0.48, 0.48))
    )
    cabinet = box((0.5, 0.9, 1.2), (TABLE_X_M - 0.1, 0, 0.72), 0.03)
    jar = lathe([(0.058, 0), (0.056, 0.2), (0.018, 0.32)], 6)
    loose = joined(*(row_of(jar, 4, 0.13).at(TABLE_X_M + 0.2 - 0.04 * (j % 2), (j - 2.5) * 0.13, SWEEP_M - 0.01) for j in range(6)))
    return (
        Part("body", "belt", table),
        Part("body", "steel", sides),
        Part("body", "frame", legs),
        Part("body", "body", cabinet),
        Part("body", "product", loose),
        *_descent(),
    )


def _descent() -> tuple[Part, ...]:
    fall = SWEEP_M - 0.95
    slope = box((1.12, 0.22, 0.06), (0, 0, 0), 0.02).turned("y", fall / 0.75).at(TABLE_X_M + 0.98, 0, (SWEEP_M + 0.95) / 2 - 0.05)
    walls = joined(
        *(
            box((1.12, 0.02, 0.2), (0, s * 0.12, 0.06), 0.004).turned("y", fall / 0.75).at(TABLE_X_M + 0.98, 0, (SWEEP_M + 0.95) / 2 - 0.05)
            for s in (-1, 1)
        )
    )
    stub = tuple(Part(part.node, part.material, part.mesh.at(LENGTH_M / 2 - 0.25)) for part in belt_parts("body", 0.8))
    return Part("body", "belt", slope), Part("body", "steel", walls), *stub


def _sweep() -> tuple[Part, ...]:
    """Return the frame that lies around the top layer and pushes it off."""
    bars = joined(
        box((0.05, 1.06, 0.22), (-0.66, 0, 0.14), 0.01),
        *(box((1.3, 0.05, 0.16), (0, s * 0.52, 0.14), 0.01) for s in (-1, 1)),
    )
    runners = joined(*(box((0.3, 0.1, 0.14), (x, s * 0.62, 0.16), 0.015) for x in (-0.5, 0.5) for s in (-1, 1)))
    return Part("sweep", "steel", bars), Part("sweep", "dark", runners)


def _lift() -> tuple[Part, ...]:
    """Return the suction head that takes the sheet off each layer."""
    beam: Mesh = box((0.14, 1.36, 0.12), (0, 0, 0.1), 0.015)
    frame = joined(*(box((1.0, 0.06, 0.06), (0, y, 0), 0.01) for y in (-0.28, 0.28)))
    cups = joined(*(lathe([(0.045, 0), (0.02, 0.05), (0.02, 0.12)], 10).at(x, y, -0.12) for x in (-0.42, 0.42) for y in (-0.28, 0.28)))
    return Part("lift", "accent", beam), Part("lift", "frame", frame), Part("lift", "dark", cups)
