"""What the end of a line handles, and what carries it: cases, pallets, loads of cases, roller beds and guard panels."""

from math import pi

from models3d.machines.mesh import Mesh, Vector, box, joined, lathe, row_of
from models3d.machines.model import Part

CASE_M: Vector = (0.4, 0.3, 0.34)
PALLET_M: Vector = (1.2, 0.8, 0.144)
LAYER_CASES = (3, 3)
# Low enough for a pallet to be driven on by a truck.
ROLLER_TOP_M = 0.5


def case() -> Mesh:
    """Return a closed case standing on the origin, its long side along X."""
    return box(CASE_M, (0, 0, CASE_M[2] / 2), 0.008)


def tape() -> Mesh:
    """Return the strip of tape over the top of a case that stands on the origin."""
    return box((CASE_M[0] + 0.004, 0.05, 0.12), (0, 0, CASE_M[2] - 0.058), 0.002)


def pallet() -> Mesh:
    """Return a pallet of 1.2 m by 0.8 m standing on the origin: deck, nine blocks, three skids."""
    length, _, height = PALLET_M
    boards = joined(*(box((length, 0.13, 0.022), (0, y, height - 0.011), 0.003) for y in (-0.335, -0.168, 0, 0.168, 0.335)))
    skids = joined(*(box((length, 0.1, 0.022), (0, y, 0.011), 0.003) for y in (-0.35, 0, 0.35)))
    blocks = joined(*(box((0.14, 0.1, 0.1), (x, y, 0.07), 0.003) for x in (-0.53, 0, 0.53) for y in (-0.35, 0, 0.35)))
    return joined(boards, skids, blocks)


def layer() -> Mesh:
    """Return one layer of cases that fills a pallet, standing on the origin."""
    columns, rows = LAYER_CASES
    block = box((CASE_M[0] - 0.006, PALLET_M[1] / rows - 0.006, CASE_M[2] - 0.004), (0, 0, CASE_M[2] / 2), 0.012)
    return joined(*(row_of(block, columns, CASE_M[0]).at(y=(i - (rows - 1) / 2) * PALLET_M[1] / rows) for i in range(rows)))


def load_parts(node: str, at: Vector, layers: int) -> tuple[Part, ...]:
    """Return a pallet with layers of cases, standing at a point."""
    x, y, z = at
    parts = [Part(node, "wood", pallet().at(x, y, z))]
    if layers:
        stack = joined(*(layer().at(x, y, z + PALLET_M[2] + i * CASE_M[2]) for i in range(layers)))
        parts.append(Part(node, "case", stack))
    return tuple(parts)


def roller_bed(node: str, x0: float, x1: float, y: float, width: float = 0.95, top: float = ROLLER_TOP_M) -> tuple[Part, ...]:
    """Return a driven roller conveyor along X between two places, its rollers' tops at the given height."""
    length, middle = x1 - x0, (x0 + x1) / 2
    count = max(2, round(length / 0.16))
    span = width - 0.06
    roller = lathe([(0, 0), (0.04, 0), (0.04, span), (0, span)], 10).at(z=-span / 2).turned("x", pi / 2)
    rails = joined(*(box((length, 0.06, 0.16), (middle, y + s * width / 2, top - 0.07), 0.008) for s in (-1, 1)))
    uprights = (
        box((0.09, 0.07, top - 0.1), (x, y + s * width / 2, (top - 0.1) / 2), 0.008) for x in (x0 + 0.12, x1 - 0.12) for s in (-1, 1)
    )
    return (
        Part(node, "steel", row_of(roller, count, length / count).at(middle, y, top - 0.04)),
        Part(node, "frame", joined(rails, *uprights)),
    )


def guard(node: str, start: tuple[float, float], length: float, *, along: str = "x", height: float = 2.0) -> tuple[Part, ...]:
    """Return a run of guard fence from a point on the floor: posts on shoes, and panels of wire that one sees through."""
    count = max(1, round(length / 1.3))
    width = length / count
    post = joined(box((0.06, 0.06, height), (0, 0, height / 2), 0.008), box((0.14, 0.14, 0.02), (0, 0, 0.01), 0.004))
    bars = joined(*(box((width - 0.08, 0.025, 0.03), (0, 0, z), 0.005) for z in (0.17, height / 2, height - 0.03)))
    wires = joined(*(box((0.008, 0.008, height - 0.2), (x, 0, height / 2 + 0.07), 0.0) for x in _between(width, 0.22)))
    pane = box((width - 0.06, 0.004, height - 0.2), (0, 0, height / 2 + 0.07), 0.001)
    meshes = (row_of(post, count + 1, width), row_of(joined(bars, wires), count, width), row_of(pane, count, width))
    turn = pi / 2 if along == "y" else 0.0
    x, y = (start[0] + length / 2, start[1]) if along == "x" else (start[0], start[1] + length / 2)
    return tuple(
        Part(node, material, mesh.turned("z", turn).at(x, y)) for material, mesh in zip(("frame", "dark", "mesh"), meshes, strict=True)
    )


def _between(width: float, pitch: float) -> list[float]:
    count = max(1, round(width / pitch))
    return [(i - (count - 1) / 2) * width / count for i in range(count)]
