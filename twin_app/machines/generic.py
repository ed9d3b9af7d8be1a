"""The machine of a kind nobody described: a cabinet whose fan shows whether it runs."""

from __future__ import annotations

from twin_app.machines.base import Z_AXIS, MachineType, Spin
from twin_app.text import N_

GENERIC = MachineType(
    key="machine",
    title=N_("Machine"),
    model="cabinet.glb",
    footprint_m=(2.4, 1.9),
    height_m=2.3,
    motions=(Spin(node="fan", axis=Z_AXIS, products_per_turn=2.0),),
    beacon_m=(0.8, -0.5, 2.12),
)
