"""The capper: a turret of eight heads turns with the bottles and presses as it goes."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, Z_AXIS, MachineType, Slide, Spin
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

CAPPER = MachineType(
    key="capper",
    title=N_("Capper"),
    model="capper.glb",
    footprint_m=(2.3, 2.0),
    height_m=2.75,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="Torque", kind=SignalKind.MEASUREMENT, unit_of_measure="N m", title="Closing torque"),
        SignalSpec(name="CapLevel", kind=SignalKind.MEASUREMENT, unit_of_measure="%", title="Caps in the hopper"),
    ),
    motions=(
        Spin(node="turret", axis=Z_AXIS, products_per_turn=-8.0),
        Slide(node="heads", axis=Z_AXIS, travel_m=-0.06, products_per_cycle=1.0),
        Spin(node="hopper", axis=Z_AXIS, products_per_turn=20.0),
    ),
    infeed_m=(-1.15, -0.2, 0.95),
    outfeed_m=(1.15, -0.2, 0.95),
    beacon_m=(0.72, -0.55, 2.39),
)
