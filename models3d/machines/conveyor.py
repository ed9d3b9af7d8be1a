"""Half a metre of straight conveyor and its pair of legs; the room lays as many in a row as the way between two machines needs."""

from models3d.machines.fittings import BELT_TOP_M, belt_parts
from models3d.machines.mesh import box, cylinder, joined, row_of
from models3d.machines.model import Model, Node, Part

TILE_M = 0.5


def model() -> Model:
    """Return the conveyor; the nodes ``bed`` and ``legs`` are placed separately."""
    roller = cylinder(0.03, 0.22, 10).at(z=-0.11).turned("x", 1.5707963)
    upright = joined(*(box((0.05, 0.05, 0.84), (0, y, 0.44), 0.008) for y in (-0.12, 0.12)))
    shoes = joined(*(box((0.14, 0.1, 0.02), (0, y, 0.01), 0.004) for y in (-0.12, 0.12)))
    return Model(
        "conveyor",
        (Node("bed"), Node("legs")),
        (
            *belt_parts("bed", TILE_M),
            Part("bed", "steel", row_of(roller, 4, TILE_M / 4).at(z=BELT_TOP_M - 0.085)),
            Part("legs", "frame", joined(upright, box((0.03, 0.24, 0.04), (0, 0, 0.3), 0.006))),
            Part("legs", "plinth", shoes),
        ),
    )
