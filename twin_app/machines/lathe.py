"""The lathe: the chuck turns with the bar, four cuts along it for each part, and the turret changes tools between them."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, X_AXIS, JointPath, MachineType, Slide, SlidePath, Spin
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

_TOOLS_AT = (0.0, 0.05, 0.25, 0.3, 0.5, 0.55, 0.75, 0.8)
"""Each tool stays for a cut; then the disc turns on, and at last all the way back."""

LATHE = MachineType(
    key="lathe",
    title=N_("Lathe"),
    model="lathe.glb",
    footprint_m=(5.4, 2.0),
    height_m=2.05,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="SpindleLoad", kind=SignalKind.MEASUREMENT, unit_of_measure="%", title="Spindle load"),
        SignalSpec(name="FeedOverride", kind=SignalKind.MEASUREMENT, unit_of_measure="%", title="Feed override"),
    ),
    motions=(
        Spin(node="chuck", axis=X_AXIS, products_per_turn=-1 / 60),
        Slide(node="carriage", axis=X_AXIS, travel_m=-0.36, products_per_cycle=1 / 4),
        SlidePath(node="cross", axis=(0.0, -0.87, -0.48), metres=(0.0, 0.1, 0.1), at=(0.0, 0.15, 0.8), products_per_cycle=1 / 4),
        JointPath(node="turret", axis=X_AXIS, angles_deg=(0.0, 60.0, 60.0, 120.0, 120.0, 60.0, 60.0, 0.0), at=_TOOLS_AT),
    ),
    infeed_m=(-2.7, 0.0, 0.95),
    outfeed_m=(2.7, 0.0, 0.95),
    beacon_m=(1.45, 0.5, 1.9),
)
