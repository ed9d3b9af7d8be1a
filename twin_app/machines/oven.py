"""The tunnel oven: rows of goods go through with the belt, and a fan in each zone moves the hot air."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, X_AXIS, Z_AXIS, Belt, MachineType, Spin
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

OVEN = MachineType(
    key="oven",
    title=N_("Tunnel oven"),
    model="oven.glb",
    footprint_m=(5.2, 2.1),
    height_m=3.3,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="Temperature", kind=SignalKind.MEASUREMENT, unit_of_measure="°C", title="Temperature of the hottest zone"),
    ),
    motions=(
        Belt(node="trays", axis=X_AXIS, pitch_m=0.25),
        *(Spin(node=f"fan{zone}", axis=Z_AXIS, products_per_turn=0.5) for zone in range(3)),
    ),
    infeed_m=(-2.55, 0.0, 0.95),
    outfeed_m=(2.55, 0.0, 0.95),
    beacon_m=(-1.8, -0.6, 1.93),
)
