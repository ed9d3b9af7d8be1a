"""A panel of guard fence, a metre and a half of it; the room sets as many in a row as a fence is long."""

from models3d.machines.loads import guard
from models3d.machines.mesh import box
from models3d.machines.model import Model, Node, Part

PANEL_M = 1.5


def model() -> Model:
    """Return one panel along X between two posts, its middle over the origin, with a kick plate below."""
    plate = box((PANEL_M - 0.1, 0.02, 0.1), (0, 0, 0.1), 0.0)
    return Model("fence", (Node("panel"),), (*guard("panel", (-PANEL_M / 2, 0.0), PANEL_M), Part("panel", "accent", plate)))
