"""The labeller: a carousel takes eight bottles round, the reel gives the labels and the take-up reel winds the empty web."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, Z_AXIS, MachineType, Spin
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

LABELLER = MachineType(
    key="labeller",
    title=N_("Labeller"),
    model="labeller.glb",
    footprint_m=(2.8, 2.2),
    height_m=2.5,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="LabelsLeft", kind=SignalKind.MEASUREMENT, unit_of_measure="%", title="Labels on the reel"),
        SignalSpec(name="WebTension", kind=SignalKind.MEASUREMENT, unit_of_measure="N", title="Web tension"),
    ),
    motions=(
        Spin(node="carousel", axis=Z_AXIS, products_per_turn=8.0),
        Spin(node="reel", axis=Z_AXIS, products_per_turn=-9.0),
        Spin(node="take_up", axis=Z_AXIS, products_per_turn=-5.0),
    ),
    infeed_m=(-1.4, -0.45, 0.95),
    outfeed_m=(1.4, -0.45, 0.95),
    beacon_m=(-1.05, 0.68, 2.48),
)
