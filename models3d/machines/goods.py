"""What travels over the line besides bottles: cans, boxes, crates, a taped case, a part in its carrier, and a pallet with its load."""

from models3d.machines.loads import CASE_M, LAYER_CASES, PALLET_M, case, pallet, tape
from models3d.machines.mesh import box, cylinder, joined, lathe, row_of
from models3d.machines.model import Model, Node, Part

LOAD_LAYERS = 3


def models() -> tuple[Model, ...]:
    """Return the models, each standing on the origin."""
    return _case(), _part(), _pallet_load(), _can(), _box(), _crate()


def _can() -> Model:
    """Return a beverage can of 0.17 m, drawn in at both ends, with its ring on the lid."""
    body = lathe([(0.036, 0), (0.045, 0.012), (0.045, 0.145), (0.037, 0.162), (0.037, 0.168), (0.033, 0.165), (0, 0.165)], sides=12)
    band = lathe([(0.0453, 0.035), (0.0453, 0.12)], sides=12)
    ring = box((0.03, 0.014, 0.003), (0.006, 0, 0.1665), 0.0)
    return Model("can", (Node("can"),), (Part("can", "steel", joined(body, ring)), Part("can", "product", band)))


def _box() -> Model:
    """Return a folding box of 0.28 by 0.18 m with its flap and a label on the side."""
    body = box((0.28, 0.18, 0.12), (0, 0, 0.06), 0.004)
    flap = box((0.276, 0.004, 0.03), (0, -0.0905, 0.102), 0.0)
    label = joined(*(box((0.12, 0.002, 0.06), (0, s * 0.0905, 0.055), 0.0) for s in (-1, 1)))
    return Model("box", (Node("box"),), (Part("box", "case", joined(body, flap)), Part("box", "label", label)))


def _crate() -> Model:
    """Return an open crate of 0.4 by 0.3 m with grips, holding a dozen necks."""
    length, width, high, wall = 0.4, 0.3, 0.26, 0.014
    long = (box((length, wall, high), (0, s * (width - wall) / 2, high / 2), 0.004) for s in (-1, 1))
    lower, upper = (box((wall, width, part), (0, 0, middle), 0.003) for part, middle in ((0.17, 0.085), (0.04, high - 0.02)))
    grips = (end.at(s * (length - wall) / 2) for s in (-1, 1) for end in (lower, upper))
    posts = (box((wall, 0.09, high), (x * (length - wall) / 2, y * (width - 0.09) / 2, high / 2), 0.003) for x in (-1, 1) for y in (-1, 1))
    floor = box((length, width, 0.012), (0, 0, 0.006), 0.0)
    neck = lathe([(0.04, 0.012), (0.04, 0.17), (0.016, 0.23), (0.016, 0.275), (0, 0.277)], sides=8)
    bottles = joined(*(neck.at((column - 1.5) * 0.092, (row - 1) * 0.09) for column in range(4) for row in range(3)))
    frame = joined(floor, *long, *grips, *posts)
    return Model("crate", (Node("crate"),), (Part("crate", "accent", frame), Part("crate", "product", bottles)))


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
