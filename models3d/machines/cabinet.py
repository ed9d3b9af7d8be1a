"""The machine of an unknown kind: a closed cabinet with a window, an operator's panel and a fan that shows whether it runs."""

from models3d.machines.fittings import belt_parts, feet, operator_panel
from models3d.machines.mesh import box, cylinder, joined, lathe, ring_of
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M, TOP_M = 2.0, 1.5, 2.05


def model() -> Model:
    """Return the cabinet; node ``fan`` on its roof turns."""
    shell = box((LENGTH_M, WIDTH_M, TOP_M - 0.5), (0, 0, (TOP_M + 0.5) / 2), 0.035)
    roof = box((LENGTH_M + 0.05, WIDTH_M + 0.05, 0.07), (0, 0, TOP_M + 0.035), 0.02)
    band = box((LENGTH_M + 0.012, WIDTH_M + 0.012, 0.12), (0, 0, TOP_M - 0.1), 0.006)
    base = box((LENGTH_M + 0.02, WIDTH_M + 0.02, 0.38), (0, 0, 0.31), 0.03)
    frame = box((1.16, 0.03, 0.92), (-0.25, -WIDTH_M / 2, 1.45), 0.01)
    window = box((1.04, 0.04, 0.8), (-0.25, -WIDTH_M / 2 - 0.002, 1.45), 0.008)
    handle = box((0.03, 0.06, 0.5), (0.26, -WIDTH_M / 2 - 0.04, 1.45), 0.012)
    collar = lathe([(0.24, 0), (0.34, 0), (0.34, 0.12), (0.31, 0.12), (0.31, 0.02), (0.24, 0.02)], 28).at(-0.45, 0.1, TOP_M + 0.07)
    blades = ring_of(box((0.22, 0.1, 0.015), bevel=0.004).turned("x", 0.45), 5, 0.16)
    return Model(
        "cabinet",
        (Node("body"), Node("fan", (-0.45, 0.1, TOP_M + 0.13))),
        (
            Part("body", "plinth", joined(feet(LENGTH_M, WIDTH_M), base)),
            Part("body", "body", shell),
            Part("body", "panel", roof),
            Part("body", "accent", band),
            Part("body", "frame", joined(frame, collar)),
            Part("body", "dark", joined(window, handle)),
            *belt_parts("body", LENGTH_M + 0.4),
            *operator_panel("body", (LENGTH_M / 2 - 0.25, -WIDTH_M / 2 - 0.2, 1.45)),
            Part("fan", "dark", joined(blades, cylinder(0.06, 0.05, 16).at(z=-0.02))),
        ),
    )
