"""The injection moulder: the mould closes, the barrel comes up and the screw doses, the mould opens and pins push the part off."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, X_AXIS, MachineType, Slide, SlidePath, Spin
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

INJECTION_MOULDER = MachineType(
    key="injection_moulder",
    title=N_("Injection moulder"),
    model="injection_moulder.glb",
    footprint_m=(5.4, 2.1),
    height_m=2.65,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="MouldTemperature", kind=SignalKind.MEASUREMENT, unit_of_measure="°C", title="Mould temperature"),
        SignalSpec(name="InjectionPressure", kind=SignalKind.MEASUREMENT, unit_of_measure="bar", title="Injection pressure"),
    ),
    motions=(
        # Rest is closed, as far as the mould halves meet; open from three quarters of the cycle on.
        SlidePath(node="platen", axis=X_AXIS, metres=(0.2, 0.2, -0.35, -0.35), at=(0.0, 0.72, 0.8, 0.92)),
        Slide(node="pins", axis=X_AXIS, travel_m=0.06, begin=0.81, end=0.9),
        SlidePath(node="unit", axis=X_AXIS, metres=(0.12, 0.0, 0.0, 0.12), at=(0.0, 0.08, 0.6, 0.66)),
        Spin(node="screw", axis=X_AXIS, products_per_turn=1 / 12),
    ),
    infeed_m=(-2.7, 0.0, 0.95),
    outfeed_m=(2.7, 0.0, 0.95),
    beacon_m=(-2.3, 0.3, 2.02),
)
