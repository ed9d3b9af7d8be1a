"""The palletiser: a gripper takes layer after layer from the table to the pallet; five layers are a pallet."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, X_AXIS, Z_AXIS, MachineType, SlidePath
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

_LAYER = 1 / 5
_AT = (0.0, 0.2, 0.55, 0.7)
"""Down at the table, up with a layer, over the pallet, down there."""

PALLETISER = MachineType(
    key="palletiser",
    title=N_("Palletiser"),
    model="palletiser.glb",
    footprint_m=(4.6, 2.7),
    height_m=3.5,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="Layer", kind=SignalKind.MEASUREMENT, title="Layers on the pallet"),
    ),
    motions=(
        SlidePath(node="carriage", axis=X_AXIS, metres=(0.0, 0.0, 1.9, 1.9), at=_AT, products_per_cycle=_LAYER),
        SlidePath(node="gripper", axis=Z_AXIS, metres=(-0.58, 0.0, 0.0, -0.12), at=_AT, products_per_cycle=_LAYER),
    ),
    infeed_m=(-2.35, 0.0, 0.95),
    outfeed_m=(2.25, 0.0, 0.5),
    beacon_m=(-1.95, -0.85, 2.93),
)
