"""A rotary rinser: grippers on a wheel turn the bottles neck down over the spray nozzles and bring them upright again."""

from math import pi, tau

from models3d.machines.fittings import BELT_TOP_M, belt_parts, bottle, feet, hood_parts, operator_panel, posts
from models3d.machines.mesh import Mesh, box, cylinder, joined, lathe, ring_of
from models3d.machines.model import Model, Node, Part

LENGTH_M, WIDTH_M = 2.2, 1.8
GRIPPERS = 10
WHEEL_RADIUS_M = 0.6
WHEEL_Y_M = 0.2
ROOF_M = 2.2


def model() -> Model:
    """Return the rinser; ``wheel`` turns with its grippers and the bottles that hang neck down on it."""
    return Model("rinser", (Node("body"), Node("wheel", (0, WHEEL_Y_M, BELT_TOP_M))), (*_housing(), *_basin(), *_wheel()))


def _housing() -> tuple[Part, ...]:
    cabinet = box((LENGTH_M, WIDTH_M, 0.5), (0, 0, 0.4), 0.02)
    height, middle = ROOF_M - 0.7, (ROOF_M + 0.7) / 2
    panes = joined(*(box((LENGTH_M - 0.2, 0.008, height), (0, s * (WIDTH_M / 2 - 0.04), middle), 0.002) for s in (-1, 1)))
    ends = joined(*(box((0.008, WIDTH_M - 0.2, height - 0.6), (s * (LENGTH_M / 2 - 0.04), 0, middle + 0.3), 0.002) for s in (-1, 1)))
    bars = joined(*(box((0.05, 0.05, height), (x, s * (WIDTH_M / 2 - 0.04), middle), 0.008) for x in (-0.36, 0.36) for s in (-1, 1)))
    return (
        Part("body", "plinth", joined(feet(LENGTH_M, WIDTH_M), box((LENGTH_M - 0.1, WIDTH_M - 0.1, 0.06), (0, 0, 0.14)))),
        Part("body", "body", cabinet),
        *hood_parts("body", LENGTH_M, WIDTH_M, ROOF_M, 0.12),
        Part("body", "frame", joined(posts(LENGTH_M, WIDTH_M, 0.64, ROOF_M), bars)),
        Part("body", "glass", joined(panes, ends)),
        *belt_parts("body", LENGTH_M + 0.4, WHEEL_Y_M - WHEEL_RADIUS_M),
        *operator_panel("body", (LENGTH_M / 2 - 0.2, -WIDTH_M / 2 - 0.22, 1.45)),
    )


def _basin() -> tuple[Part, ...]:
    """Return the water basin below the wheel with its ring of spray nozzles, the drain and the pipes with their pump."""
    basin = lathe([(0, 0.66), (0.8, 0.66), (0.86, 0.7), (0.86, 0.8), (0.83, 0.8), (0.8, 0.72), (0, 0.69)], 32).at(y=WHEEL_Y_M - 0.02)
    nozzles = ring_of(lathe([(0, 0), (0.018, 0), (0.018, 0.1), (0.008, 0.16), (0, 0.16)], 8), 7, WHEEL_RADIUS_M, 0.25).at(
        0, WHEEL_Y_M, 0.72
    )
    main = joined(
        cylinder(0.05, 0.9, 14).turned("y", pi / 2).at(-0.5, WIDTH_M / 2 + 0.12, 0.42),
        cylinder(0.05, 0.5, 14).at(-0.5, WIDTH_M / 2 + 0.12, 0.4),
        cylinder(0.05, 0.2, 14).turned("x", pi / 2).at(-0.5, WIDTH_M / 2 + 0.14, 0.87),
    )
    pump = joined(
        cylinder(0.13, 0.24, 20).turned("y", pi / 2).at(0.42, WIDTH_M / 2 + 0.14, 0.42),
        box((0.5, 0.3, 0.06), (0.5, WIDTH_M / 2 + 0.14, 0.2), 0.01),
    )
    motor = cylinder(0.1, 0.3, 18).turned("y", pi / 2).at(0.62, WIDTH_M / 2 + 0.14, 0.42)
    legs = joined(*(cylinder(0.025, 0.2, 8).at(x, WIDTH_M / 2 + 0.14, 0) for x in (0.3, 0.7)))
    return (
        Part("body", "steel", joined(basin, nozzles, main)),
        Part("body", "frame", joined(pump, legs)),
        Part("body", "dark", motor),
    )


def _wheel() -> tuple[Part, ...]:
    column = joined(
        cylinder(0.14, 1.16, 24).at(z=-0.2), lathe([(0, 0.5), (0.3, 0.5), (0.34, 0.54), (0.34, 0.6), (0.16, 0.68), (0, 0.68)], 28)
    )
    rim = lathe([(0.42, 0.42), (0.5, 0.42), (0.5, 0.5), (0.42, 0.5), (0.42, 0.42)], 36)
    spokes = ring_of(box((0.34, 0.05, 0.04), bevel=0.008), GRIPPERS, 0.28).at(z=0.52)
    jaw = joined(
        box((0.12, 0.06, 0.09), (-0.07, 0, 0.32), 0.012),
        box((0.1, 0.02, 0.05), (-0.03, 0.045, 0.3), 0.004),
        box((0.1, 0.02, 0.05), (-0.03, -0.045, 0.3), 0.004),
    )
    pendulum = box((0.04, 0.05, 0.16), (-0.12, 0, 0.4), 0.008)
    return (
        Part("wheel", "frame", joined(column, spokes)),
        Part("wheel", "panel", rim),
        Part("wheel", "dark", ring_of(joined(jaw, pendulum), GRIPPERS, WHEEL_RADIUS_M)),
        Part("wheel", "product", _bottles()),
    )


def _bottles() -> Mesh:
    """Return the bottles on the wheel: neck down all round, as the belt's side is where they are taken and given back."""
    hanging = bottle().turned("x", pi).at(z=0.33)
    return joined(*(hanging.at(WHEEL_RADIUS_M).turned("z", tau * i / GRIPPERS).at(z=0.02) for i in range(GRIPPERS)))
