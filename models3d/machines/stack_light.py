"""The beacon on every machine: a pole with one lamp that the room colours by state."""

from models3d.machines.mesh import cylinder, joined, lathe
from models3d.machines.model import Model, Node, Part


def model() -> Model:
    """Return the stack light, standing on the origin; node ``lamp`` takes the colour of the state."""
    foot = joined(cylinder(0.07, 0.03, 16), cylinder(0.022, 0.3, 12))
    lamp = lathe([(0, 0), (0.075, 0), (0.085, 0.015), (0.085, 0.2), (0.07, 0.23), (0, 0.24)], 20)
    lid = lathe([(0, 0.2395), (0.06, 0.2395), (0.05, 0.265), (0, 0.268)], 16)
    return Model(
        "stack_light",
        (Node("pole"), Node("lamp", (0, 0, 0.3))),
        (Part("pole", "frame", foot), Part("pole", "plinth", lid.at(z=0.3)), Part("lamp", "lamp", lamp)),
    )
