"""The case packer: a head of gripping bells carries twelve bottles across, sets them into a case, and the cases step on."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, X_AXIS, Y_AXIS, Z_AXIS, Belt, MachineType, Slide
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

CASE_PACKER = MachineType(
    key="case_packer",
    title=N_("Case packer"),
    model="case_packer.glb",
    footprint_m=(3.6, 2.3),
    height_m=3.0,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="CasesLeft", kind=SignalKind.MEASUREMENT, unit_of_measure="%", title="Cases in the magazine"),
    ),
    motions=(
        Slide(node="bridge", axis=Y_AXIS, travel_m=-0.8, end=0.8),
        Slide(node="head", axis=Z_AXIS, travel_m=-0.5, begin=0.3, end=0.5),
        Slide(node="head", axis=Z_AXIS, travel_m=-0.26, begin=0.82, end=0.98),
        Belt(node="cases", axis=X_AXIS, pitch_m=0.75, begin=0.8),
    ),
    infeed_m=(-1.8, 0.0, 0.95),
    outfeed_m=(1.8, 0.0, 0.95),
    beacon_m=(1.25, -0.6, 2.44),
)
