"""Pieces several machines share: feet, belts, bottles, posts, doors and the operator's panel."""

from models3d.machines.mesh import Mesh, Vector, box, cylinder, joined, lathe, row_of
from models3d.machines.model import Part

BELT_TOP_M = 0.95
BELT_WIDTH_M = 0.20
BOTTLE_PITCH_M = 0.25


def bottle_parts(node: str, place: tuple[Vector, ...], *, capped: bool = False) -> tuple[Part, ...]:
    """Return bottles standing at the given points, as one part of glass and, when capped, one of caps."""
    glass = Part(node, "product", joined(*(bottle().at(*point) for point in place)))
    if not capped:
        return (glass,)
    return glass, Part(node, "cap", joined(*(cap().at(*point) for point in place)))


def bottle() -> Mesh:
    """Return a large bottle, 0.33 m high, standing on the origin."""
    return lathe([(0.056, 0), (0.056, 0.19), (0.048, 0.235), (0.022, 0.28), (0.019, 0.33), (0, 0.33)], sides=10)


def cap() -> Mesh:
    """Return the cap of a bottle that stands on the origin."""
    return lathe([(0.024, 0.31), (0.024, 0.345), (0, 0.348)], sides=8)


def feet(length: float, width: float) -> Mesh:
    """Return machine feet under a body of the given size, from the floor to 0.12 m."""
    foot = joined(cylinder(0.05, 0.025, sides=12), cylinder(0.022, 0.12, sides=10))
    inset = 0.14
    corners = [(x * (length / 2 - inset), y * (width / 2 - inset)) for x in (-1, 1) for y in (-1, 1)]
    return joined(*(foot.at(x, y) for x, y in corners))


def belt_parts(node: str, length: float, y: float = 0.0) -> tuple[Part, ...]:
    """Return a belt along X with its side rails and guide rails, top at the line's belt height."""
    side = BELT_WIDTH_M / 2 + 0.02
    rails = joined(*(box((length, 0.03, 0.13), (0, y + s * side, BELT_TOP_M - 0.055), 0.006) for s in (-1, 1)))
    guides = joined(*(box((length, 0.012, 0.03), (0, y + s * 0.1, BELT_TOP_M + 0.12), 0.004) for s in (-1, 1)))
    return (
        Part(node, "belt", box((length, BELT_WIDTH_M, 0.05), (0, y, BELT_TOP_M - 0.025), 0.02)),
        Part(node, "frame", rails),
        Part(node, "steel", guides),
    )


def hood_parts(node: str, length: float, width: float, bottom: float, height: float) -> tuple[Part, ...]:
    """Return a cabin's roof: a slab with a coloured edge, two hatches and a grille on it."""
    slab = box((length + 0.06, width + 0.06, height - 0.05), (0, 0, bottom + height / 2 + 0.025), 0.02)
    edge = box((length + 0.02, width + 0.02, 0.07), (0, 0, bottom + 0.035), 0.006)
    top = bottom + height
    hatches = joined(*(box((length * 0.36, width * 0.62, 0.012), (s * length * 0.22, 0, top + 0.004), 0.004) for s in (-1, 1)))
    slits = joined(*(box((0.02, width * 0.36, 0.012), (length / 2 - 0.1 - 0.05 * i, 0, top + 0.004), 0.0) for i in range(5)))
    return Part(node, "panel", slab), Part(node, "accent", edge), Part(node, "body", hatches), Part(node, "dark", slits)


def posts(length: float, width: float, bottom: float, top: float, thickness: float = 0.09) -> Mesh:
    """Return four upright corner posts."""
    x, y = (length - thickness) / 2, (width - thickness) / 2
    post = box((thickness, thickness, top - bottom), (0, 0, (top + bottom) / 2))
    return joined(*(post.at(sx * x, sy * y) for sx in (-1, 1) for sy in (-1, 1)))


def doors(node: str, length: float, bottom: float, top: float, y: float, count: int) -> tuple[Part, ...]:
    """Return a row of glass doors in dark frames along X, in the plane at ``y``."""
    width = length / count
    height, middle = top - bottom, (top + bottom) / 2
    bar = 0.035
    upright = box((bar, 0.03, height), (0, 0, middle), 0.006)
    uprights = joined(*(upright.at(x * (width - bar) / 2) for x in (-1, 1)))
    rails = joined(*(box((width, 0.03, bar), (0, 0, z), 0.006) for z in (bottom + bar / 2, top - bar / 2)))
    handle = box((0.025, 0.05, 0.28), (width / 2 - 0.09, -0.03 if y < 0 else 0.03, middle), 0.01)
    pane = box((width - 2 * bar, 0.008, height - 2 * bar), (0, 0, middle), 0.002)
    return (
        Part(node, "frame", row_of(joined(uprights, rails), count, width).at(y=y)),
        Part(node, "dark", row_of(handle, count, width).at(y=y)),
        Part(node, "glass", row_of(pane, count, width).at(y=y)),
    )


def operator_panel(node: str, at: Vector) -> tuple[Part, ...]:
    """Return a screen on an arm, facing -Y; ``at`` is the middle of the screen."""
    x, y, z = at
    case = box((0.34, 0.07, 0.26), (x, y, z), 0.015)
    arm = box((0.05, 0.22, 0.05), (x, y + 0.13, z - 0.04), 0.01)
    screen = box((0.27, 0.012, 0.18), (x, y - 0.037, z + 0.015), 0.003)
    return Part(node, "panel", case), Part(node, "frame", arm), Part(node, "dark", screen)
