"""The rinser: a wheel of ten grippers turns the bottles over the spray nozzles."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, Z_AXIS, MachineType, Spin
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

RINSER = MachineType(
    key="rinser",
    title=N_("Rinser"),
    model="rinser.glb",
    footprint_m=(2.6, 2.4),
    height_m=2.3,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="WaterPressure", kind=SignalKind.MEASUREMENT, unit_of_measure="bar", title="Rinsing water"),
    ),
    motions=(Spin(node="wheel", axis=Z_AXIS, products_per_turn=10.0),),
    infeed_m=(-1.3, -0.4, 0.95),
    outfeed_m=(1.3, -0.4, 0.95),
    beacon_m=(0.85, -0.65, 2.32),
)
