"""An injection moulding machine: clamp with platens, tie bars and mould on the left, barrel with heater bands and hopper on the right."""

from math import pi

from models3d.machines.fittings import feet, operator_panel
from models3d.machines.mesh import Mesh, Vector, box, cylinder, joined, lathe, row_of
from models3d.machines.model import Model, Node, Part
from models3d.machines.sweeps import prism

LENGTH_M, WIDTH_M, BED_M = 5.2, 1.3, 0.92
AXIS_Z_M = 1.4
FIXED_X_M, MOVING_X_M, REAR_X_M = 0.1, -0.75, -2.1
PLATEN: Vector = (0.22, 0.96, 0.86)
_BARS = tuple((y, AXIS_Z_M + z) for y in (-0.38, 0.38) for z in (-0.33, 0.33))


def model() -> Model:
    """Return the machine; ``platen`` opens the mould with its half, ``pins`` push the part off it, ``unit`` presses the barrel on, ``screw`` turns."""
    return Model(
        "injection_moulder",
        (
            Node("body"),
            Node("platen", (MOVING_X_M, 0, AXIS_Z_M)),
            Node("pins", (0, 0, 0), "platen"),
            Node("unit", (FIXED_X_M + 0.3, 0, AXIS_Z_M)),
            Node("screw", (2.0, 0, 0), "unit"),
        ),
        (*_bed(), *_clamp(), *_moving(), *_covers(), *_injection(), *_chute()),
    )


def _bed() -> tuple[Part, ...]:
    frame = box((LENGTH_M, WIDTH_M, BED_M - 0.16), (0, 0, BED_M / 2 + 0.08), 0.03)
    toe = box((LENGTH_M - 0.2, WIDTH_M - 0.2, 0.1), (0, 0, 0.12), 0.01)
    doors = joined(*(box((0.9, 0.015, 0.5), (x, -WIDTH_M / 2 - 0.004, 0.5), 0.004) for x in (-1.95, 1.0, 2.0)))
    slots = joined(*(box((0.6, 0.012, 0.02), (x, -WIDTH_M / 2 - 0.014, 0.36 + 0.055 * i), 0.002) for x in (1.0, 2.0) for i in range(5)))
    stripe = box((LENGTH_M + 0.01, WIDTH_M + 0.01, 0.07), (0, 0, BED_M - 0.06), 0.01)
    rails = joined(*(box((LENGTH_M - 0.3, 0.1, 0.06), (0, s * 0.36, BED_M + 0.02), 0.01) for s in (-1, 1)))
    return (
        Part("body", "plinth", joined(feet(LENGTH_M, WIDTH_M), toe)),
        Part("body", "body", joined(frame, doors)),
        Part("body", "accent", stripe),
        Part("body", "dark", slots),
        Part("body", "steel", rails),
    )


def _clamp() -> tuple[Part, ...]:
    """Return what of the clamp stands still: the two outer platens, four tie bars with nuts, the clamping cylinder and the fixed half of the mould."""
    platens = joined(box(PLATEN, (FIXED_X_M, 0, AXIS_Z_M), 0.03), box(PLATEN, (REAR_X_M, 0, AXIS_Z_M), 0.03))
    length = FIXED_X_M - REAR_X_M + 0.3
    bars = joined(*(cylinder(0.055, length, 16).turned("y", pi / 2).at(REAR_X_M - 0.15, y, z) for y, z in _BARS))
    nuts = joined(
        *(cylinder(0.095, 0.08, 6).turned("y", pi / 2).at(x, y, z) for x in (REAR_X_M - 0.19, FIXED_X_M + 0.11) for y, z in _BARS)
    )
    ram = cylinder(0.24, 0.42, 28).turned("y", pi / 2).at(REAR_X_M - 0.46, 0, AXIS_Z_M)
    feet_of_platens = joined(*(box((0.26, 0.9, 0.14), (x, 0, BED_M + 0.06), 0.012) for x in (FIXED_X_M, REAR_X_M)))
    half = joined(
        box((0.2, 0.56, 0.6), (FIXED_X_M - 0.2, 0, AXIS_Z_M), 0.012), box((0.04, 0.66, 0.66), (FIXED_X_M - 0.12, 0, AXIS_Z_M), 0.006)
    )
    core = box((0.06, 0.3, 0.34), (FIXED_X_M - 0.32, 0, AXIS_Z_M), 0.02)
    return (
        Part("body", "body", joined(platens, feet_of_platens)),
        Part("body", "steel", joined(bars, core)),
        Part("body", "dark", joined(nuts, ram)),
        Part("body", "frame", half),
    )


def _moving() -> tuple[Part, ...]:
    """Return the moving platen on its shoes, the toggle behind it, its half of the mould, and the ejector pins in that."""
    platen = joined(box(PLATEN, (0, 0, 0), 0.03), box((0.34, 0.9, 0.14), (0, 0, BED_M + 0.07 - AXIS_Z_M), 0.012))
    half = joined(box((0.22, 0.56, 0.6), (0.22, 0, 0), 0.012), box((0.04, 0.66, 0.66), (0.13, 0, 0), 0.006))
    bushes = joined(*(cylinder(0.08, 0.3, 16).turned("y", pi / 2).at(-0.15, y, z - AXIS_Z_M) for y, z in _BARS))
    links = joined(
        *(box((0.62, 0.1, 0.12), (-0.42, y, 0.22 * s), 0.03) for y in (-0.2, 0.2) for s in (-1, 1)),
        box((0.12, 0.5, 0.12), (-0.7, 0, 0), 0.02),
    )
    pins = joined(*(cylinder(0.012, 0.08, 8).turned("y", pi / 2).at(0.29, y, z) for y in (-0.12, 0, 0.12) for z in (-0.12, 0.12)))
    return (
        Part("platen", "body", platen),
        Part("platen", "frame", half),
        Part("platen", "dark", bushes),
        Part("platen", "steel", links),
        Part("pins", "steel", pins),
    )


def _covers() -> tuple[Part, ...]:
    """Return the guards: a hood over the toggle, and the front gate with its large window over the mould."""
    outline = ((-WIDTH_M / 2, BED_M), (WIDTH_M / 2, BED_M), (WIDTH_M / 2, 2.02), (-0.35, 2.02), (-WIDTH_M / 2, 1.78))
    hood = prism(outline, 0.9).at(-LENGTH_M / 2 + 0.45)
    slots = joined(*(box((0.5, 0.012, 0.022), (-LENGTH_M / 2 + 0.45, -WIDTH_M / 2 - 0.004, 1.4 + 0.06 * i), 0.002) for i in range(5)))
    y, bottom, top, left, right = -WIDTH_M / 2 - 0.02, BED_M - 0.02, 1.98, -1.68, 0.34
    height, width, x = top - bottom, right - left, (left + right) / 2
    gate = joined(
        *(box((0.12, 0.05, height), (side, y, (top + bottom) / 2), 0.012) for side in (left + 0.06, x, right - 0.06)),
        *(box((width, 0.05, 0.12), (x, y, z), 0.012) for z in (bottom + 0.06, top - 0.06)),
    )
    pane = box((width - 0.2, 0.01, height - 0.2), (x, y, (top + bottom) / 2), 0.003)
    rail = box((width + 0.5, 0.08, 0.06), (x, y, top + 0.04), 0.01)
    handle = box((0.05, 0.06, 0.4), (x - 0.12, y - 0.05, 1.45), 0.015)
    back = box((width, 0.04, height), (x, WIDTH_M / 2, (top + bottom) / 2), 0.008)
    return (
        Part("body", "panel", joined(hood, back)),
        Part("body", "accent", gate),
        Part("body", "glass", pane),
        Part("body", "frame", rail),
        Part("body", "dark", joined(handle, slots)),
        *operator_panel("body", (0.66, -WIDTH_M / 2 - 0.14, 1.55)),
    )


def _injection() -> tuple[Part, ...]:
    """Return the injection unit on its sledge: barrel with heater bands, hopper above, drive behind."""
    barrel = cylinder(0.12, 1.2, 24).turned("y", pi / 2).at(0.05, 0, 0)
    nozzle = lathe([(0.1, 0), (0.04, 0.14), (0.02, 0.22), (0, 0.22)], 18).turned("y", -pi / 2).at(0.06, 0, 0)
    bands = joined(*(cylinder(0.15, 0.14, 24).turned("y", pi / 2).at(0.16 + 0.19 * i, 0, 0) for i in range(5)))
    throat = joined(box((0.36, 0.42, 0.44), (1.34, 0, 0.0), 0.03), box((0.22, 0.22, 0.12), (1.34, 0, 0.26), 0.015))
    hopper = lathe([(0.0, 0.0), (0.08, 0.0), (0.27, 0.34), (0.27, 0.62), (0.24, 0.64), (0.0, 0.64)], 26).at(1.34, 0, 0.32)
    lid = lathe([(0.0, 0.0), (0.1, 0.0), (0.1, 0.18), (0.07, 0.24), (0.0, 0.24)], 20).at(1.34, 0, 0.96)
    drive = joined(box((0.62, 0.6, 0.56), (1.9, 0, 0.02), 0.05), box((1.5, 0.82, 0.16), (1.4, 0, BED_M + 0.13 - AXIS_Z_M), 0.015))
    cylinders = joined(*(cylinder(0.06, 1.15, 14).turned("y", pi / 2).at(0.3, s * 0.32, -0.1) for s in (-1, 1)))
    wheel: Mesh = joined(
        lathe([(0.0, 0), (0.16, 0), (0.16, 0.06), (0.05, 0.09), (0, 0.09)], 24),
        row_of(box((0.05, 0.26, 0.03), (0, 0, 0.07), 0.004), 1, 1.0),
    )
    return (
        Part("unit", "steel", joined(barrel, nozzle, hopper, cylinders)),
        Part("unit", "dark", bands),
        Part("unit", "frame", joined(throat, lid)),
        Part("unit", "panel", drive),
        Part("screw", "plinth", wheel.turned("y", pi / 2).at(0.22)),
    )


def _chute() -> tuple[Part, ...]:
    """Return the short belt on which the parts leave under the mould, towards the front, and the box they fall into."""
    slope = box((0.5, 0.7, 0.03), (0, 0, 0), 0.006).turned("x", 0.45).at(-0.25, -WIDTH_M / 2 - 0.1, 0.66)
    crate = joined(
        *(box((0.6, 0.02, 0.34), (-0.25, -WIDTH_M / 2 - 0.5 + s * 0.2, 0.19), 0.004) for s in (-1, 1)),
        *(box((0.02, 0.42, 0.34), (-0.25 + s * 0.3, -WIDTH_M / 2 - 0.5, 0.19), 0.004) for s in (-1, 1)),
        box((0.6, 0.42, 0.02), (-0.25, -WIDTH_M / 2 - 0.5, 0.03), 0.004),
    )
    return Part("body", "steel", slope), Part("body", "cap", crate)
