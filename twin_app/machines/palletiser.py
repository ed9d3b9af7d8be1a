"""The palletiser: a gripper takes layer after layer from the table to the pallet; five layers are a pallet."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, X_AXIS, Z_AXIS, MachineType, Slide
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind

_LAYER = 1 / 5

PALLETISER = MachineType(
    key="palletiser",
    title="Palletiser",
    model="palletiser.glb",
    footprint_m=(4.6, 2.7),
    height_m=3.5,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="Layer", kind=SignalKind.MEASUREMENT, title="Layers on the pallet"),
    ),
    motions=(
        Slide(node="carriage", axis=X_AXIS, travel_m=1.9, products_per_cycle=_LAYER),
        Slide(node="gripper", axis=Z_AXIS, travel_m=-0.18, products_per_cycle=_LAYER, begin=0.36, end=0.64),
    ),
    infeed_m=(-2.35, 0.0, 0.95),
    outfeed_m=(2.25, 0.0, 0.95),
    beacon_m=(-1.95, -0.85, 2.93),
)
