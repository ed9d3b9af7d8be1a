"""A SCARA pick-and-place cell: a bench with a belt along its front, the robot on its column behind, a tray it empties, clear screens around."""

from math import pi

from models3d.machines.fittings import belt_parts, feet, operator_panel
from models3d.machines.mesh import Mesh, box, cylinder, joined
from models3d.machines.model import Model, Node, Part
from models3d.machines.sweeps import bend_ring

LENGTH_M, WIDTH_M, TOP_M = 2.0, 1.5, 1.9
BENCH_M = 0.86
BELT_Y_M = -0.4
# What `twin_app/machines/scara.py` computes its joint angles with: where the column stands, and the lengths of both arms.
BASE = (0.0, 0.28)
UPPER_M, FORE_M = 0.38, 0.36
SHOULDER_Z_M = 1.32


def model() -> Model:
    """Return the cell with both arms stretched along +X; ``j1`` and ``j2`` turn, ``quill`` goes down and up and ``j4`` turns on it."""
    return Model(
        "scara",
        (
            Node("body"),
            Node("j1", (*BASE, SHOULDER_Z_M)),
            Node("j2", (UPPER_M, 0, 0), "j1"),
            Node("quill", (FORE_M, 0, 0), "j2"),
            Node("j4", (0, 0, 0), "quill"),
        ),
        (*_bench(), *_frame(), *_column(), *_arms(), *_tray()),
    )


def _bench() -> tuple[Part, ...]:
    cabinet = box((LENGTH_M - 0.1, WIDTH_M - 0.35, BENCH_M - 0.14), (0, 0.15, BENCH_M / 2 + 0.06), 0.025)
    plate = box((LENGTH_M - 0.06, WIDTH_M - 0.3, 0.03), (0, 0.15, BENCH_M), 0.006)
    fronts = joined(*(box((0.84, 0.015, 0.5), (s * 0.46, -0.43, 0.46), 0.004) for s in (-1, 1)))
    handles = joined(*(box((0.02, 0.03, 0.16), (s * 0.1, -0.45, 0.5), 0.006) for s in (-1, 1)))
    legs = joined(*(box((0.06, 0.06, 0.84), (x, BELT_Y_M - 0.08, 0.43), 0.008) for x in (-0.92, 0.92)))
    return (
        Part("body", "plinth", feet(LENGTH_M - 0.1, WIDTH_M - 0.35).at(y=0.15)),
        Part("body", "body", joined(cabinet, fronts)),
        Part("body", "steel", plate),
        Part("body", "frame", legs),
        Part("body", "dark", handles),
        *belt_parts("body", LENGTH_M + 0.2, BELT_Y_M),
    )


def _frame() -> tuple[Part, ...]:
    """Return the clear screens at the back and the sides in a frame of profiles, and the light over the bench."""
    x, back, front = LENGTH_M / 2 - 0.05, WIDTH_M / 2 - 0.04, -0.1
    ups = joined(*(box((0.05, 0.05, TOP_M - BENCH_M), (s * x, y, (TOP_M + BENCH_M) / 2), 0.006) for s in (-1, 1) for y in (front, back)))
    beams = joined(
        *(box((LENGTH_M - 0.1, 0.05, 0.05), (0, back, z), 0.006) for z in (BENCH_M + 0.06, TOP_M - 0.03)),
        *(box((0.05, back - front, 0.05), (s * x, (back + front) / 2, TOP_M - 0.03), 0.006) for s in (-1, 1)),
    )
    sides = joined(
        *(
            box((0.008, back - front - 0.06, TOP_M - BENCH_M - 0.12), (s * x, (back + front) / 2, (TOP_M + BENCH_M) / 2), 0.0)
            for s in (-1, 1)
        )
    )
    back_pane = box((LENGTH_M - 0.18, 0.008, TOP_M - BENCH_M - 0.14), (0, back, (TOP_M + BENCH_M) / 2), 0.0)
    lamp = joined(
        box((1.2, 0.1, 0.05), (0, back - 0.12, TOP_M - 0.04), 0.01),
        *(box((0.04, 0.14, 0.03), (x0, back - 0.06, TOP_M - 0.03), 0.0) for x0 in (-0.5, 0.5)),
    )
    return (
        Part("body", "frame", joined(ups, beams)),
        Part("body", "glass", joined(sides, back_pane)),
        Part("body", "label", lamp),
        *operator_panel("body", (LENGTH_M / 2 - 0.2, -0.42, 1.3)),
    )


def _column() -> tuple[Part, ...]:
    x, y = BASE
    foot = box((0.3, 0.28, 0.04), (x, y + 0.02, BENCH_M + 0.03), 0.01)
    column = joined(
        box((0.22, 0.22, SHOULDER_Z_M - BENCH_M - 0.1), (x, y, (SHOULDER_Z_M + BENCH_M) / 2 - 0.04), 0.04),
        cylinder(0.12, 0.1, 26).at(x, y, SHOULDER_Z_M - 0.11),
    )
    plug = box((0.14, 0.1, 0.16), (x, y + 0.13, BENCH_M + 0.16), 0.015)
    return Part("body", "plinth", foot), Part("body", "accent", column), Part("body", "dark", plug)


def _arms() -> tuple[Part, ...]:
    """Return upper arm and forearm as flat boxes between drums, the hose that arches over both, and the quill with its gripper."""
    upper = joined(_drum(0.105, 0.13), _drum(0.095, 0.13).at(UPPER_M), box((UPPER_M, 0.16, 0.12), (UPPER_M / 2, 0, 0.065), 0.03))
    fore = joined(
        _drum(0.09, 0.1).at(z=0.13),
        box((FORE_M, 0.15, 0.12), (FORE_M / 2, 0, 0.2), 0.03),
        _drum(0.085, 0.12).at(FORE_M, 0, 0.13),
        box((0.24, 0.15, 0.22), (0.13, 0, 0.31), 0.045),
    )
    rings = joined(_drum(0.108, 0.02).at(z=0.13), _drum(0.098, 0.02).at(UPPER_M, 0, 0.13))
    # From the column's top behind the shoulder in an arch to the forearm's hood; it lies in one plane only while both arms do.
    hose = bend_ring(0.17, 0.036, 0.0, pi, 0.0).turned("x", pi / 2).at(-0.04, 0, 0.4)
    screw = cylinder(0.026, 0.62, 16).at(z=-0.24)
    top = cylinder(0.045, 0.05, 18).at(z=0.36)
    palm = joined(cylinder(0.05, 0.03, 20).at(z=-0.26), box((0.14, 0.06, 0.03), (0, 0, -0.265), 0.008))
    fingers = joined(*(box((0.015, 0.05, 0.07), (s * 0.055, 0, -0.31), 0.004) for s in (-1, 1)))
    return (
        Part("j1", "panel", upper),
        Part("j1", "accent", rings),
        Part("j2", "panel", fore),
        Part("j2", "dark", hose),
        Part("quill", "steel", screw),
        Part("quill", "dark", top),
        Part("j4", "frame", palm),
        Part("j4", "steel", fingers),
    )


def _tray() -> tuple[Part, ...]:
    """Return the tray at the left of the bench with a grid of parts in their nests."""
    tray = box((0.5, 0.36, 0.04), (-0.5, 0.2, BENCH_M + 0.035), 0.008)
    nests = joined(
        *(box((0.09, 0.07, 0.012), (-0.5 + 0.12 * i, 0.2 + 0.1 * j, BENCH_M + 0.06), 0.002) for i in (-1, 0, 1) for j in (-1, 0, 1))
    )
    piece: Mesh = joined(box((0.07, 0.05, 0.05), (0, 0, 0.025), 0.008), cylinder(0.018, 0.02, 12).at(z=0.05))
    placed = joined(*(piece.at(-0.5 + 0.12 * i, 0.2 + 0.1 * j, BENCH_M + 0.066) for i, j in ((-1, -1), (-1, 0), (-1, 1), (0, 1), (0, 0))))
    return Part("body", "frame", tray), Part("body", "dark", nests), Part("body", "case", placed)


def _drum(radius: float, height: float) -> Mesh:
    return cylinder(radius, height, 24, 0.01)
