"""The pair of legs that carries a conveyor of each kind; the room sets one every metre and a half."""

from models3d.machines.conveyor import BELT_WIDTH_M, ROLLERS_WIDTH_M
from models3d.machines.fittings import BELT_TOP_M
from models3d.machines.loads import ROLLER_TOP_M
from models3d.machines.mesh import box, joined
from models3d.machines.model import Model, Node, Part


def models() -> tuple[Model, ...]:
    """Return two legs with their cross bar and shoes for each, standing on the origin."""
    return (
        _legs("conveyor_legs", 0.24, BELT_TOP_M - 0.1),
        _legs("conveyor_belt_legs", BELT_WIDTH_M + 0.05, BELT_TOP_M - 0.1),
        _legs("conveyor_rollers_legs", ROLLERS_WIDTH_M, ROLLER_TOP_M - 0.1),
    )


def _legs(name: str, width: float, top: float) -> Model:
    uprights = joined(*(box((0.05, 0.05, top), (0, s * width / 2, top / 2), 0.008) for s in (-1, 1)))
    shoes = joined(*(box((0.14, 0.1, 0.02), (0, s * width / 2, 0.01), 0.004) for s in (-1, 1)))
    cross_bar = box((0.03, width, 0.04), (0, 0, top * 0.4), 0.006)
    return Model(name, (Node("legs"),), (Part("legs", "frame", joined(uprights, cross_bar)), Part("legs", "plinth", shoes)))
