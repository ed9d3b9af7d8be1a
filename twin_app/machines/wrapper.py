"""The stretch wrapper: the ring with the film turns twelve times around each pallet while it travels up and down once."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, Z_AXIS, MachineType, Slide, Spin
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

WRAPPER = MachineType(
    key="wrapper",
    title=N_("Stretch wrapper"),
    model="wrapper.glb",
    footprint_m=(3.4, 3.0),
    height_m=3.1,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="FilmTension", kind=SignalKind.MEASUREMENT, unit_of_measure="N", title="Film tension"),
    ),
    motions=(
        Slide(node="frame", axis=Z_AXIS, travel_m=1.5),
        Spin(node="ring", axis=Z_AXIS, products_per_turn=1 / 12),
    ),
    infeed_m=(-1.7, 0.0, 0.5),
    outfeed_m=(1.7, 0.0, 0.5),
    beacon_m=(1.25, -1.05, 3.08),
)
