"""Conveyors that are machines of their own, straight and as a bend: the belt goes on by a pitch for each product."""

from __future__ import annotations

from math import cos, pi, sin

from twin_app.machines.base import PACKML_SIGNALS, X_AXIS, Z_AXIS, Belt, Carried, CurvedBelt, MachineType
from twin_app.text import N_

# A quarter circle of 1.1 m about (-0.55, 0.55), from the left to the far side.
_ARC = tuple((-0.55 + 1.1 * sin(i * pi / 16), 0.55 - 1.1 * cos(i * pi / 16), 0.95) for i in range(9))

CONVEYOR = MachineType(
    key="conveyor",
    title=N_("Conveyor"),
    model="belt_conveyor.glb",
    footprint_m=(4.0, 0.95),
    height_m=1.15,
    signals=PACKML_SIGNALS,
    motions=(Belt(node="belt", axis=X_AXIS, pitch_m=0.125, products_per_cycle=0.25),),
    carried=(Carried(path=((-2.0, 0.0, 0.95), (2.0, 0.0, 0.95))),),
    infeed_m=(-2.0, 0.0, 0.95),
    outfeed_m=(2.0, 0.0, 0.95),
    beacon_m=(1.55, -0.42, 0.95),
)
CONVEYOR_BEND = MachineType(
    key="conveyor_bend",
    title=N_("Conveyor bend"),
    model="belt_bend.glb",
    footprint_m=(1.5, 1.5),
    height_m=1.15,
    signals=PACKML_SIGNALS,
    motions=(CurvedBelt(node="belt", axis=Z_AXIS, pitch_deg=7.5, products_per_cycle=0.25),),
    carried=(Carried(path=_ARC),),
    infeed_m=(-0.55, -0.55, 0.95),
    outfeed_m=(0.55, 0.55, 0.95),
    beacon_m=(0.758, -0.164, 0.93),
)
