"""A drop packer: bottles come in three lanes, a head with gripping bells lifts twelve and sets them into the case below."""

from models3d.machines.fittings import BELT_TOP_M, belt_parts, bottle, doors, feet, hood_parts, operator_panel, posts
from models3d.machines.mesh import Mesh, box, cylinder, joined, lathe, row_of
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M = 3.0, 1.9
ROOF_M = 2.3
LANES, ROWS = 3, 4
PITCH_M = 0.13
TABLE_Y_M, CASE_Y_M = 0.45, -0.35
HEAD_Z_M = 1.55


def model() -> Model:
    """Return the packer; ``bridge`` carries the ``head`` across from the bottles to the case, ``cases`` step on below."""
    return Model(
        "case_packer",
        (
            Node("body"),
            Node("bridge", (0, TABLE_Y_M, 2.06)),
            Node("head", (0, 0, HEAD_Z_M - 2.06), "bridge"),
            Node("cases", (0, CASE_Y_M, BELT_TOP_M - 0.28)),
        ),
        (*_housing(), *_table(), *_bridge(), *_head(), *_cases()),
    )


def _housing() -> tuple[Part, ...]:
    cabinet = box((LENGTH_M, WIDTH_M, 0.36), (0, 0, 0.32), 0.02)
    cupboard = box((0.8, 0.4, 0.5), (-0.8, 0.5, ROOF_M + 0.38), 0.02)
    return (
        Part("body", "plinth", joined(feet(LENGTH_M, WIDTH_M), box((LENGTH_M - 0.1, WIDTH_M - 0.1, 0.08), (0, 0, 0.15)))),
        Part("body", "body", joined(cabinet, cupboard)),
        *hood_parts("body", LENGTH_M, WIDTH_M, ROOF_M, 0.14),
        Part("body", "frame", posts(LENGTH_M, WIDTH_M, 0.45, ROOF_M)),
        *doors("body", LENGTH_M - 0.18, 0.52, ROOF_M - 0.01, -WIDTH_M / 2 + 0.03, 3),
        *doors("body", LENGTH_M - 0.18, 0.52, ROOF_M - 0.01, WIDTH_M / 2 - 0.03, 3),
        *operator_panel("body", (LENGTH_M / 2 - 0.2, -WIDTH_M / 2 - 0.22, 1.45)),
    )


def _table() -> tuple[Part, ...]:
    """Return the lanes on which the bottles gather, and the belt that brings them."""
    bed = box((LENGTH_M / 2 + 0.7, LANES * PITCH_M + 0.1, 0.06), (-LENGTH_M / 4 + 0.15, TABLE_Y_M, BELT_TOP_M - 0.03), 0.01)
    lane = box((LENGTH_M / 2 + 0.7, 0.01, 0.12), (-LENGTH_M / 4 + 0.15, 0, BELT_TOP_M + 0.1), 0.003)
    lanes = joined(*(lane.at(y=TABLE_Y_M + (i - LANES / 2) * PITCH_M) for i in range(LANES + 1)))
    legs = joined(*(box((0.08, 0.4, 0.5), (x, TABLE_Y_M, 0.7), 0.01) for x in (-1.3, 0.4)))
    bottles = joined(*(row_of(bottle(), 7, PITCH_M).at(-0.53, TABLE_Y_M + (i - 1) * PITCH_M, BELT_TOP_M) for i in range(LANES)))
    return (
        Part("body", "belt", bed),
        Part("body", "steel", lanes),
        Part("body", "frame", legs),
        Part("body", "product", bottles),
        *_infeed(),
    )


def _infeed() -> tuple[Part, ...]:
    stub = belt_parts("body", 0.55)
    return tuple(Part(part.node, part.material, part.mesh.at(s * (LENGTH_M / 2 + 0.02))) for s in (-1, 1) for part in stub)


def _bridge() -> tuple[Part, ...]:
    rails = joined(*(box((0.09, WIDTH_M - 0.2, 0.12), (s * 0.55, 0, 2.06), 0.01) for s in (-1, 1)))
    carriage = joined(box((1.3, 0.26, 0.12), (0, 0, 0.1), 0.02), box((0.3, 0.3, 0.22), (0, 0, 0.06), 0.02))
    return Part("body", "frame", rails), Part("bridge", "body", carriage)


def _head() -> tuple[Part, ...]:
    bell = lathe([(0, 0.13), (0.03, 0), (0.036, 0), (0.036, 0.09), (0.016, 0.11), (0.016, 0.2), (0, 0.2)][1:], 8)
    rods = joined(*(cylinder(0.022, 0.6, 12).at(x, 0, 0.24) for x in (-0.16, 0.16)))
    plate = box((ROWS * PITCH_M + 0.06, LANES * PITCH_M + 0.06, 0.06), (0, 0, 0.22), 0.012)
    bells = joined(*(row_of(bell, ROWS, PITCH_M).at(y=(i - 1) * PITCH_M) for i in range(LANES)))
    return Part("head", "cap", bells), Part("head", "dark", plate), Part("head", "steel", rods)


def _cases() -> tuple[Part, ...]:
    """Return open cases on their own belt: the packed ones, the one being filled, and those to come."""
    pitch = 0.75
    open_case = _tray(ROWS * PITCH_M + 0.06, LANES * PITCH_M + 0.06, 0.24)
    belt = box((LENGTH_M - 0.1, 0.5, 0.06), (0, CASE_Y_M, BELT_TOP_M - 0.33), 0.02)
    sides = joined(*(box((LENGTH_M - 0.1, 0.03, 0.12), (0, CASE_Y_M + s * 0.27, BELT_TOP_M - 0.34), 0.006) for s in (-1, 1)))
    return (
        Part("cases", "case", row_of(open_case, 4, pitch).at(-pitch / 2)),
        Part("body", "belt", belt),
        Part("body", "frame", sides),
    )


def _tray(length: float, width: float, height: float) -> Mesh:
    """Return an open case standing on the origin: bottom and four sides."""
    ends = joined(*(box((0.012, width, height), (s * length / 2, 0, height / 2), 0.003) for s in (-1, 1)))
    sides = joined(*(box((length, 0.012, height), (0, s * width / 2, height / 2), 0.003) for s in (-1, 1)))
    return joined(ends, sides, box((length, width, 0.012), (0, 0, 0.006), 0.002))
