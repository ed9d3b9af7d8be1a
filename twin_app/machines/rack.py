"""The storage rack: the crane travels along the aisle, lifts, reaches into the rack and comes back, once for each pallet."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, X_AXIS, Y_AXIS, Z_AXIS, MachineType, Slide
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind

RACK = MachineType(
    key="rack",
    title="Storage rack with crane",
    model="rack.glb",
    footprint_m=(8.0, 3.2),
    height_m=4.95,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="Stock", kind=SignalKind.MEASUREMENT, title="Pallets in the rack"),
    ),
    motions=(
        Slide(node="crane", axis=X_AXIS, travel_m=5.5),
        Slide(node="carriage", axis=Z_AXIS, travel_m=2.85),
        Slide(node="forks", axis=Y_AXIS, travel_m=1.3, begin=0.42, end=0.58),
    ),
    infeed_m=(-4.0, 0.75, 0.95),
    outfeed_m=(4.0, 0.75, 0.95),
    beacon_m=(-3.7, -1.15, 1.72),
)
