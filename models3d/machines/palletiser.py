"""A layer palletiser: cases gather on the layer table, a gripper on a portal carries each layer over to the pallet."""

from models3d.machines.fittings import belt_parts, feet, operator_panel
from models3d.machines.loads import CASE_M, PALLET_M, ROLLER_TOP_M, guard, layer, load_parts, roller_bed
from models3d.machines.mesh import box, cylinder, joined
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M = 4.4, 2.6
TABLE_X_M, PALLET_X_M = -1.05, 0.85
TABLE_TOP_M = 0.95
BEAM_M = 2.75
LAYERS_DONE = 3
HEAD_M = 1.9


def model() -> Model:
    """Return the palletiser; ``carriage`` runs along the portal, ``gripper`` on it goes down and up."""
    return Model(
        "palletiser",
        (Node("body"), Node("carriage", (TABLE_X_M, 0, BEAM_M)), Node("gripper", (0, 0, HEAD_M - BEAM_M), "carriage")),
        (
            *_table(),
            *_portal(),
            *roller_bed("body", PALLET_X_M - 0.75, LENGTH_M / 2, 0),
            *load_parts("body", (PALLET_X_M, 0, ROLLER_TOP_M), LAYERS_DONE),
            *_carriage(),
            *_gripper(),
            *guard("body", (-LENGTH_M / 2 + 0.1, WIDTH_M / 2 - 0.05), LENGTH_M - 0.2),
            *operator_panel("body", (-LENGTH_M / 2 + 0.5, -WIDTH_M / 2 + 0.35, 1.45)),
        ),
    )


def _table() -> tuple[Part, ...]:
    """Return the infeed and the table where a layer is put together."""
    table = box((1.5, 1.1, 0.08), (TABLE_X_M, 0, TABLE_TOP_M - 0.045), 0.01)
    cabinet = box((1.4, 1.0, 0.7), (TABLE_X_M, 0, 0.5), 0.03)
    fence = joined(*(box((1.5, 0.03, 0.16), (TABLE_X_M, s * 0.5, TABLE_TOP_M + 0.08), 0.006) for s in (-1, 1)))
    stand = box((0.16, 0.16, 1.2), (-LENGTH_M / 2 + 0.5, -WIDTH_M / 2 + 0.55, 0.85), 0.02)
    belt = tuple(Part(part.node, part.material, part.mesh.at(-LENGTH_M / 2 + 0.15)) for part in belt_parts("body", 0.7))
    return (
        Part("body", "plinth", feet(1.4, 1.0).at(TABLE_X_M)),
        Part("body", "body", joined(cabinet, stand)),
        Part("body", "steel", table),
        Part("body", "frame", fence),
        Part("body", "case", layer().at(TABLE_X_M, 0, TABLE_TOP_M)),
        *belt,
    )


def _portal() -> tuple[Part, ...]:
    xs, ys = (-1.95, 1.75), (-0.85, 0.85)
    columns = joined(*(box((0.2, 0.2, BEAM_M), (x, y, BEAM_M / 2), 0.02) for x in xs for y in ys))
    shoes = joined(*(box((0.36, 0.36, 0.03), (x, y, 0.015), 0.006) for x in xs for y in ys))
    beams = joined(*(box((4.0, 0.18, 0.26), (-0.1, y, BEAM_M + 0.05), 0.02) for y in ys))
    ties = joined(*(box((0.14, 1.6, 0.16), (x, 0, BEAM_M + 0.05), 0.02) for x in xs))
    rails = joined(*(box((3.7, 0.05, 0.04), (-0.1, y, BEAM_M + 0.2), 0.006) for y in ys))
    return (
        Part("body", "panel", joined(columns, beams)),
        Part("body", "frame", ties),
        Part("body", "steel", rails),
        Part("body", "plinth", shoes),
    )


def _carriage() -> tuple[Part, ...]:
    bridge = box((0.5, 1.9, 0.14), (0, 0, 0.29), 0.02)
    drive = box((0.3, 0.3, 0.3), (0, 0.3, 0.48), 0.03)
    # The mast is fixed to the gripper in truth; here it guides it, long enough for the deepest place.
    sleeve = box((0.34, 0.34, 0.4), (0, 0, 0.16), 0.02)
    return Part("carriage", "accent", joined(bridge, sleeve)), Part("carriage", "dark", drive)


def _gripper() -> tuple[Part, ...]:
    mast = box((0.2, 0.2, 1.35), (0, 0, 0.75), 0.015)
    frame = box((PALLET_M[0] + 0.12, PALLET_M[1] + 0.12, 0.1), (0, 0, 0.06), 0.015)
    jaws = joined(*(box((0.03, PALLET_M[1] - 0.1, CASE_M[2] - 0.04), (s * (PALLET_M[0] / 2 + 0.05), 0, -0.13), 0.008) for s in (-1, 1)))
    cheeks = joined(*(box((PALLET_M[0] - 0.1, 0.03, CASE_M[2] - 0.04), (0, s * (PALLET_M[1] / 2 + 0.05), -0.13), 0.008) for s in (-1, 1)))
    cylinders = joined(*(cylinder(0.035, 0.3, 12).turned("y", 1.5707963).at(s * 0.3 - 0.15, 0, 0.16) for s in (-1, 1)))
    return (
        Part("gripper", "frame", joined(mast, frame)),
        Part("gripper", "steel", joined(jaws, cheeks)),
        Part("gripper", "dark", cylinders),
    )
