"""The press: one stroke of the ram for each part, the flywheel turning all the while."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, Y_AXIS, Z_AXIS, MachineType, Slide, Spin
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

PRESS = MachineType(
    key="press",
    title=N_("Press"),
    model="press.glb",
    footprint_m=(3.1, 2.1),
    height_m=3.75,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="Force", kind=SignalKind.MEASUREMENT, unit_of_measure="kN", title="Force of the stroke"),
    ),
    motions=(
        Slide(node="ram", axis=Z_AXIS, travel_m=-0.45, begin=0.2, end=0.8),
        Spin(node="flywheel", axis=Y_AXIS, products_per_turn=0.25),
    ),
    infeed_m=(-1.55, 0.0, 0.95),
    outfeed_m=(1.5, 0.0, 0.95),
    beacon_m=(-0.9, -0.5, 3.6),
)
