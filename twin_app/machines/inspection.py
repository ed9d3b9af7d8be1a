"""The inspection station: what the line makes passes the cameras one after the other and is pushed off where it fails."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, Carried, MachineType
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

INSPECTION = MachineType(
    key="inspection",
    title=N_("Inspection station"),
    model="inspection.glb",
    footprint_m=(2.9, 1.6),
    height_m=2.0,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="FillLevel", kind=SignalKind.MEASUREMENT, unit_of_measure="mm", title="Fill level"),
    ),
    carried=(Carried(path=((-1.45, 0.0, 0.95), (1.45, 0.0, 0.95))),),
    infeed_m=(-1.45, 0.0, 0.95),
    outfeed_m=(1.45, 0.0, 0.95),
    beacon_m=(-0.45, -0.3, 2.0),
)
