"""The depalletiser: a frame sweeps the top layer of bottles off the pallet, then the suction head takes the sheet below it away."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, X_AXIS, Z_AXIS, MachineType, Slide
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

DEPALLETISER = MachineType(
    key="depalletiser",
    title=N_("Depalletiser"),
    model="depalletiser.glb",
    footprint_m=(4.4, 2.4),
    height_m=3.3,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="LayersLeft", kind=SignalKind.MEASUREMENT, title="Layers left on the pallet"),
    ),
    motions=(
        Slide(node="sweep", axis=X_AXIS, travel_m=1.5, end=0.7),
        Slide(node="lift", axis=Z_AXIS, travel_m=-0.42, begin=0.7),
    ),
    infeed_m=(-2.15, 0.0, 0.5),
    outfeed_m=(2.25, 0.0, 0.95),
    beacon_m=(-1.75, -0.75, 3.08),
)
