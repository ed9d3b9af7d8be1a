"""Half a metre of straight conveyor; the room lays as many in a row as the way between two machines needs."""

from models3d.machines.fittings import BELT_TOP_M, belt_parts
from models3d.machines.mesh import cylinder, row_of
from models3d.machines.model import Model, Node, Part

TILE_M = 0.5


def model() -> Model:
    """Return one tile of the conveyor, its middle above the origin."""
    roller = cylinder(0.03, 0.22, 10).at(z=-0.11).turned("x", 1.5707963)
    rollers = row_of(roller, 4, TILE_M / 4).at(z=BELT_TOP_M - 0.085)
    return Model("conveyor", (Node("bed"),), (*belt_parts("bed", TILE_M), Part("bed", "steel", rollers)))
