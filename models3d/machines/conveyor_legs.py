"""The pair of legs that carries a conveyor; the room sets one every metre and a half."""

from models3d.machines.mesh import box, joined
from models3d.machines.model import Model, Node, Part


def model() -> Model:
    """Return two legs with their cross bar and shoes, standing on the origin."""
    uprights = joined(*(box((0.05, 0.05, 0.84), (0, y, 0.44), 0.008) for y in (-0.12, 0.12)))
    shoes = joined(*(box((0.14, 0.1, 0.02), (0, y, 0.01), 0.004) for y in (-0.12, 0.12)))
    cross_bar = box((0.03, 0.24, 0.04), (0, 0, 0.3), 0.006)
    return Model(
        "conveyor_legs",
        (Node("legs"),),
        (Part("legs", "frame", joined(uprights, cross_bar)), Part("legs", "plinth", shoes)),
    )
