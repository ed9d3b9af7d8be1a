"""The filler: the bottles step on by one, then all eight nozzles dip, fill a share and rise."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, X_AXIS, Z_AXIS, Belt, MachineType, Slide
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

FILLER = MachineType(
    key="filler",
    title=N_("Filler"),
    model="filler.glb",
    footprint_m=(3.3, 1.8),
    height_m=2.95,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="ProductTemperature", kind=SignalKind.MEASUREMENT, unit_of_measure="°C", title="Product temperature"),
        SignalSpec(name="TankLevel", kind=SignalKind.MEASUREMENT, unit_of_measure="%", title="Tank level"),
    ),
    motions=(
        Belt(node="bottles", axis=X_AXIS, pitch_m=0.25, end=0.4),
        Slide(node="nozzles", axis=Z_AXIS, travel_m=-0.16, begin=0.4),
    ),
    infeed_m=(-1.65, 0.0, 0.95),
    outfeed_m=(1.65, 0.0, 0.95),
    beacon_m=(1.15, -0.45, 2.28),
)
