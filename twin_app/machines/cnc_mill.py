"""The machining centre: the spindle turns, the head dips and the table goes to and fro, eight cuts for each part."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, X_AXIS, Z_AXIS, MachineType, Slide, Spin
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

CNC_MILL = MachineType(
    key="cnc_mill",
    title=N_("CNC mill"),
    model="cnc_mill.glb",
    footprint_m=(3.4, 2.4),
    height_m=2.62,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="SpindleLoad", kind=SignalKind.MEASUREMENT, unit_of_measure="%", title="Spindle load"),
        SignalSpec(name="FeedOverride", kind=SignalKind.MEASUREMENT, unit_of_measure="%", title="Feed override"),
    ),
    motions=(
        Slide(node="head", axis=Z_AXIS, travel_m=-0.12, end=0.9),
        Spin(node="spindle", axis=Z_AXIS, products_per_turn=-1 / 60),
        Slide(node="table", axis=X_AXIS, travel_m=0.28, products_per_cycle=1 / 8),
    ),
    infeed_m=(-1.7, 0.0, 0.95),
    outfeed_m=(1.7, 0.0, 0.95),
    beacon_m=(0.95, 0.0, 2.28),
)
