"""The storage rack: the crane travels along the aisle, lifts, reaches into the rack and comes back, once for each pallet."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, X_AXIS, Y_AXIS, Z_AXIS, MachineType, Measure, Slide, SlidePath, Store
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

_AT = (0.0, 0.15, 0.42, 0.68)
"""At the infeed while the forks reach in, at the place in the rack while they do again, and back."""

# Four bays of three levels, from the bottom up: where models3d/machines/rack.py has its beams.
_PLACES = tuple((0.5 + (bay - 1.5) * 1.5, 1.05, 0.55 + 1.45 * level) for level in range(3) for bay in range(4))

RACK = MachineType(
    key="rack",
    title=N_("Storage rack with crane"),
    model="rack.glb",
    footprint_m=(8.0, 3.2),
    height_m=4.95,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="Stock", kind=SignalKind.MEASUREMENT, title="Pallets in the rack"),
    ),
    motions=(
        SlidePath(node="crane", axis=X_AXIS, metres=(0.0, 0.0, 4.0, 4.0), at=_AT),
        SlidePath(node="carriage", axis=Z_AXIS, metres=(0.0, 0.0, 1.45, 1.45), at=_AT),
        Slide(node="forks", axis=Y_AXIS, travel_m=1.2, begin=0.0, end=0.15),
        Slide(node="forks", axis=Y_AXIS, travel_m=1.3, begin=0.42, end=0.68),
    ),
    store=Store(signal="Stock", measure=Measure.COUNT, places=_PLACES, item="pallet"),
    infeed_m=(-4.0, 0.75, 0.5),
    outfeed_m=(4.0, 0.75, 0.5),
    beacon_m=(-3.7, -1.15, 1.72),
)
