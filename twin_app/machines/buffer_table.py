"""The accumulation table: bottles pass on its belt while the wide chain takes in what the next machine cannot."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, X_AXIS, Belt, Carried, MachineType, Measure, Store
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

# Rows across the table, close together, from its far end on: every second row half a place aside.
_PLACES = tuple((1.2 - 0.108 * row, 0.95 - 0.125 * column - 0.0625 * (row % 2), 0.95) for row in range(22) for column in range(8))

BUFFER_TABLE = MachineType(
    key="buffer_table",
    title=N_("Accumulation table"),
    model="buffer_table.glb",
    footprint_m=(3.0, 1.7),
    height_m=1.25,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="Level", kind=SignalKind.MEASUREMENT, unit_of_measure="%", title="Filled share of the table"),
    ),
    motions=(Belt(node="flights", axis=X_AXIS, pitch_m=0.1, products_per_cycle=4.0),),
    carried=(Carried(path=((-1.5, -0.3, 0.95), (1.5, -0.3, 0.95))),),
    store=Store(signal="Level", measure=Measure.PERCENT, places=_PLACES),
    infeed_m=(-1.5, -0.3, 0.95),
    outfeed_m=(1.5, -0.3, 0.95),
    beacon_m=(1.28, 1.05, 1.03),
)
