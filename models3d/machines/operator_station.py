"""An operator's workplace: a workbench with a screen, bins of small parts, a light above and a mat to stand on."""

from math import pi

from models3d.machines.mesh import box, cylinder, joined, lathe, row_of
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M = 2.0, 1.75
TOP_M, TABLE_Y_M = 0.92, 0.4


def model() -> Model:
    """Return the workplace; the ``work`` on the bench's slide is taken on and comes back once a product."""
    return Model(
        "operator_station",
        (Node("body"), Node("work", (-0.55, TABLE_Y_M - 0.18, TOP_M))),
        (*_bench(), *_back(), *_stool(), *_work()),
    )


def _bench() -> tuple[Part, ...]:
    top = box((LENGTH_M, 0.8, 0.05), (0, TABLE_Y_M, TOP_M - 0.025), 0.012)
    legs = joined(
        *(box((0.07, 0.07, TOP_M - 0.05), (x, TABLE_Y_M + y, (TOP_M - 0.05) / 2), 0.01) for x in (-0.92, 0.92) for y in (-0.33, 0.33))
    )
    feet = joined(*(box((0.09, 0.8, 0.05), (x, TABLE_Y_M, 0.025), 0.01) for x in (-0.92, 0.92)))
    drawers = box((0.5, 0.62, 0.5), (0.6, TABLE_Y_M + 0.03, 0.62), 0.015)
    fronts = joined(*(box((0.46, 0.015, 0.13), (0.6, TABLE_Y_M - 0.285, 0.45 + 0.16 * i), 0.005) for i in range(3)))
    handles = joined(*(box((0.16, 0.02, 0.018), (0.6, TABLE_Y_M - 0.3, 0.48 + 0.16 * i), 0.004) for i in range(3)))
    mat = box((1.5, 0.7, 0.02), (-0.1, -0.5, 0.01), 0.006)
    slide = joined(*(box((1.5, 0.02, 0.02), (-0.1, TABLE_Y_M - 0.18 + y, TOP_M + 0.01), 0.003) for y in (-0.1, 0.1)))
    return (
        Part("body", "panel", top),
        Part("body", "frame", joined(legs, feet)),
        Part("body", "body", joined(drawers, fronts)),
        Part("body", "dark", joined(handles, mat)),
        Part("body", "steel", slide),
    )


def _back() -> tuple[Part, ...]:
    """Return the uprights with bins, the arm with the screen, and the light over the bench."""
    uprights = joined(*(box((0.06, 0.06, 1.25), (x, TABLE_Y_M + 0.36, TOP_M + 0.62), 0.008) for x in (-0.92, 0.92)))
    rails = joined(*(box((LENGTH_M - 0.16, 0.03, 0.06), (0, TABLE_Y_M + 0.36, TOP_M + z), 0.006) for z in (0.28, 0.56)))
    arms = joined(*(box((0.05, 0.6, 0.05), (x, TABLE_Y_M + 0.09, 2.14), 0.008) for x in (-0.92, 0.92)))
    lamp = box((LENGTH_M - 0.1, 0.16, 0.06), (0, TABLE_Y_M - 0.15, 2.11), 0.015)
    tube = box((LENGTH_M - 0.3, 0.1, 0.012), (0, TABLE_Y_M - 0.15, 2.076), 0.004)
    tray = joined(
        box((0.2, 0.26, 0.012), (0, 0, 0), 0.002),
        *(box((0.012, 0.26, 0.12), (s * 0.1, 0, 0.06), 0.002) for s in (-1, 1)),
        box((0.2, 0.012, 0.14), (0, 0.13, 0.07), 0.002),
        box((0.2, 0.012, 0.07), (0, -0.13, 0.035), 0.002),
    ).turned("x", 0.25)
    bins = joined(
        row_of(tray, 5, 0.23).at(-0.35, TABLE_Y_M + 0.22, TOP_M + 0.2), row_of(tray, 5, 0.23).at(-0.35, TABLE_Y_M + 0.22, TOP_M + 0.48)
    )
    screen = box((0.56, 0.05, 0.36), (0.55, TABLE_Y_M + 0.2, TOP_M + 0.42), 0.012)
    glass = box((0.5, 0.01, 0.3), (0.55, TABLE_Y_M + 0.172, TOP_M + 0.42), 0.003)
    return (
        Part("body", "frame", joined(uprights, rails, arms)),
        Part("body", "panel", joined(lamp, screen)),
        Part("body", "label", tube),
        Part("body", "cap", bins),
        Part("body", "dark", glass),
    )


def _stool() -> tuple[Part, ...]:
    seat = lathe([(0, 0.62), (0.16, 0.62), (0.19, 0.65), (0.19, 0.69), (0.16, 0.71), (0, 0.71)], 22).at(-0.35, -0.55)
    stem = cylinder(0.03, 0.6, 12).at(-0.35, -0.55, 0.05)
    foot = lathe([(0, 0), (0.22, 0), (0.22, 0.03), (0.05, 0.07), (0, 0.07)], 22).at(-0.35, -0.55, 0.02)
    ring = lathe([(0.15, 0.28), (0.17, 0.28), (0.17, 0.3), (0.15, 0.3), (0.15, 0.28)], 22).at(-0.35, -0.55)
    spokes = joined(*(box((0.32, 0.02, 0.015), (0, 0, 0.29), 0.003).turned("z", i * pi / 3) for i in range(3))).at(-0.35, -0.55)
    return Part("body", "dark", seat), Part("body", "steel", joined(stem, foot, ring, spokes))


def _work() -> tuple[Part, ...]:
    carrier = box((0.26, 0.22, 0.03), (0, 0, 0.036), 0.006)
    piece = joined(box((0.16, 0.12, 0.06), (0, 0, 0.08), 0.01), cylinder(0.03, 0.05, 14).at(0.03, 0, 0.105))
    return Part("work", "frame", carrier), Part("work", "steel", piece)
