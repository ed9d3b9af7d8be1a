"""What travels over the line besides bottles: a taped case, a part in its carrier, and a pallet with its load."""

from models3d.machines.loads import CASE_M, LAYER_CASES, PALLET_M, case, pallet, tape
from models3d.machines.mesh import box, cylinder, joined, row_of
from models3d.machines.model import Model, Node, Part

LOAD_LAYERS = 3


def models() -> tuple[Model, ...]:
    """Return the models, each standing on the origin."""
    return _case(), _part(), _pallet_load()


def _case() -> Model:
    return Model("case", (Node("case"),), (Part("case", "case", case()), Part("case", "label", tape())))


def _part() -> Model:
    carrier = joined(box((0.34, 0.26, 0.03), (0, 0, 0.015), 0.006), *(box((0.03, 0.26, 0.03), (s * 0.12, 0, 0.045), 0.0) for s in (-1, 1)))
    piece = joined(box((0.22, 0.16, 0.09), (0, 0, 0.1), 0.02), cylinder(0.05, 0.05, 14).at(0.03, 0, 0.14))
    return Model("part", (Node("part"),), (Part("part", "dark", carrier), Part("part", "steel", piece)))


def _pallet_load() -> Model:
    columns, rows = LAYER_CASES
    width = PALLET_M[1] / rows
    block = box((CASE_M[0] - 0.008, width - 0.008, CASE_M[2] - 0.006), (0, 0, CASE_M[2] / 2), 0.0)
    layer = joined(*(row_of(block, columns, CASE_M[0]).at(y=(i - (rows - 1) / 2) * width) for i in range(rows)))
    stack = joined(*(layer.at(z=PALLET_M[2] + i * CASE_M[2]) for i in range(LOAD_LAYERS)))
    return Model("pallet_load", (Node("load"),), (Part("load", "wood", pallet()), Part("load", "case", stack)))
