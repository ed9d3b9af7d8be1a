"""Half a metre of straight conveyor of each kind; the room lays as many in a row as the way between two machines needs."""

from models3d.machines.fittings import BELT_TOP_M, belt_parts
from models3d.machines.loads import ROLLER_TOP_M
from models3d.machines.mesh import box, cylinder, joined, lathe, row_of
from models3d.machines.model import Model, Node, Part

TILE_M = 0.5
BELT_WIDTH_M, ROLLERS_WIDTH_M = 0.5, 1.0
_QUARTER = 1.5707963


def models() -> tuple[Model, ...]:
    """Return a tile of each, its middle above the origin."""
    return _chain(), _belt(), _rollers()


def _chain() -> Model:
    roller = cylinder(0.03, 0.22, 10).at(z=-0.11).turned("x", _QUARTER)
    rollers = row_of(roller, 4, TILE_M / 4).at(z=BELT_TOP_M - 0.085)
    return Model("conveyor", (Node("bed"),), (*belt_parts("bed", TILE_M), Part("bed", "steel", rollers)))


def _belt() -> Model:
    side = BELT_WIDTH_M / 2 + 0.025
    rails = joined(*(box((TILE_M, 0.035, 0.14), (0, s * side, BELT_TOP_M - 0.06), 0.006) for s in (-1, 1)))
    guides = joined(*(box((TILE_M, 0.012, 0.03), (0, s * (side - 0.03), BELT_TOP_M + 0.1), 0.0) for s in (-1, 1)))
    return Model(
        "conveyor_belt",
        (Node("bed"),),
        (
            Part("bed", "belt", box((TILE_M, BELT_WIDTH_M, 0.03), (0, 0, BELT_TOP_M - 0.015), 0.0)),
            Part("bed", "panel", rails),
            Part("bed", "steel", guides),
        ),
    )


def _rollers() -> Model:
    span = ROLLERS_WIDTH_M - 0.06
    roller = lathe([(0, 0), (0.04, 0), (0.04, span), (0, span)], 10).at(z=-span / 2).turned("x", _QUARTER)
    rails = joined(*(box((TILE_M, 0.06, 0.16), (0, s * ROLLERS_WIDTH_M / 2, ROLLER_TOP_M - 0.07), 0.008) for s in (-1, 1)))
    return Model(
        "conveyor_rollers",
        (Node("bed"),),
        (Part("bed", "steel", row_of(roller, 3, TILE_M / 3).at(z=ROLLER_TOP_M - 0.04)), Part("bed", "frame", rails)),
    )
