"""The operator's station: a workpiece goes over the bench from the left to the right and back, once for each product."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, X_AXIS, MachineType, Slide
from twin_app.text import N_

OPERATOR_STATION = MachineType(
    key="operator_station",
    title=N_("Operator station"),
    model="operator_station.glb",
    footprint_m=(2.0, 1.7),
    height_m=2.16,
    signals=PACKML_SIGNALS,
    motions=(Slide(node="work", axis=X_AXIS, travel_m=0.9),),
    infeed_m=(-1.0, 0.4, 0.95),
    outfeed_m=(1.0, 0.4, 0.95),
    beacon_m=(0.92, 0.76, 2.14),
)
