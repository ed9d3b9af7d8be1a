"""One product on its way between machines."""

from models3d.machines.fittings import bottle_parts
from models3d.machines.model import Model, Node


def model() -> Model:
    """Return a single bottle that stands on the origin."""
    return Model("bottle", (Node("bottle"),), bottle_parts("bottle", ((0.0, 0.0, 0.0),)))
