"""A belt conveyor that turns to the left by a quarter: it takes goods along +X and gives them along +Y."""

from math import pi

from models3d.machines.belt_conveyor import BELT_WIDTH_M
from models3d.machines.fittings import BELT_TOP_M
from models3d.machines.mesh import Mesh, Vector, box, cylinder, joined, lathe
from models3d.machines.model import Model, Node, Part
from models3d.machines.sweeps import bend, bend_ring

RADIUS_M = 1.1
CENTRE: Vector = (-RADIUS_M / 2, RADIUS_M / 2, 0.0)
SEAM_PITCH_DEG = 7.5
_FROM, _TO = -pi / 2, 0.0
_INNER, _OUTER = RADIUS_M - BELT_WIDTH_M / 2, RADIUS_M + BELT_WIDTH_M / 2


def model() -> Model:
    """Return the bend around ``belt``, whose seams turn about the middle of the bend."""
    return Model(
        "belt_bend",
        (Node("body", CENTRE), Node("belt", (CENTRE[0], CENTRE[1], BELT_TOP_M + 0.001))),
        (*_bed(), *_seams(), *_legs(), *_drive()),
    )


def _bar(inner: float, outer: float, low: float, high: float) -> Mesh:
    return bend(((inner, low), (inner, high), (outer, high), (outer, low)), _FROM, _TO, 12)


def _bed() -> tuple[Part, ...]:
    belt = _bar(_INNER, _OUTER, BELT_TOP_M - 0.014, BELT_TOP_M)
    rails = joined(
        _bar(_INNER - 0.05, _INNER - 0.01, BELT_TOP_M - 0.15, BELT_TOP_M + 0.01),
        _bar(_OUTER + 0.01, _OUTER + 0.05, BELT_TOP_M - 0.15, BELT_TOP_M + 0.01),
    )
    guides = joined(*(bend_ring(radius, 0.02, _FROM, _TO, BELT_TOP_M + 0.13) for radius in (_INNER + 0.01, _OUTER - 0.01)))
    under = _bar(_INNER, _OUTER, BELT_TOP_M - 0.13, BELT_TOP_M - 0.1)
    angles = [_FROM + (i + 0.5) * (_TO - _FROM) / 4 for i in range(4)]
    brackets = joined(
        *(
            box((0.016, 0.03, 0.2), (radius, 0, BELT_TOP_M + 0.06), 0.0).turned("z", a)
            for a in angles
            for radius in (_INNER - 0.02, _OUTER + 0.02)
        )
    )
    return (
        Part("body", "belt", belt),
        Part("body", "panel", rails),
        Part("body", "steel", guides),
        Part("body", "frame", joined(under, brackets)),
    )


def _seams() -> tuple[Part, ...]:
    """Return the seams as they lie when the belt has moved by half a pitch: both ends stay covered while it turns."""
    count = round(90 / SEAM_PITCH_DEG) - 1
    seam = box((BELT_WIDTH_M - 0.02, 0.012, 0.004), (RADIUS_M, 0, 0), 0.0)
    start = _FROM + SEAM_PITCH_DEG / 2 * pi / 180
    return (Part("belt", "plinth", joined(*(seam.turned("z", start + i * SEAM_PITCH_DEG * pi / 180) for i in range(count)))),)


def _legs() -> tuple[Part, ...]:
    angles = (_FROM + 0.12, (_FROM + _TO) / 2, _TO - 0.12)
    upright = box((0.05, 0.07, BELT_TOP_M - 0.14), (0, 0, (BELT_TOP_M - 0.1) / 2), 0.008)
    shoe = lathe([(0, 0), (0.07, 0), (0.07, 0.015), (0.02, 0.04), (0, 0.04)], 12)
    radii = (_INNER - 0.03, _OUTER + 0.03)
    bars = joined(*(box((radii[1] - radii[0], 0.04, 0.04), (RADIUS_M, 0, 0.34), 0.006).turned("z", a) for a in angles))
    return (
        Part("body", "frame", joined(bars, *(upright.at(r).turned("z", a) for a in angles for r in radii))),
        Part("body", "plinth", joined(*(shoe.at(r).turned("z", a) for a in angles for r in radii))),
    )


def _drive() -> tuple[Part, ...]:
    """Return the motor outside the bend, standing upright, and its switches."""
    a = -0.5
    gear = box((0.18, 0.18, 0.16), (_OUTER + 0.14, 0, BELT_TOP_M - 0.1), 0.02).turned("z", a)
    motor = cylinder(0.085, 0.3, 20).at(_OUTER + 0.14, 0, BELT_TOP_M - 0.46).turned("z", a)
    switches = box((0.14, 0.26, 0.34), (_OUTER + 0.11, 0, 0.6), 0.015).turned("z", -1.1)
    stop = cylinder(0.03, 0.03, 12).turned("y", pi / 2).at(_OUTER + 0.18, 0, 0.68).turned("z", -1.1)
    return Part("body", "dark", gear), Part("body", "accent", motor), Part("body", "panel", switches), Part("body", "cap", stop)
