"""The automated guided vehicle: it carries its place in the hall in its signals, and stands in the room where it says it is."""

from __future__ import annotations

from twin_app.machines.base import MachineType, Measure, Store
from twin_app.model import signal as names
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

_MEASUREMENT, _TEXT = SignalKind.MEASUREMENT, SignalKind.TEXT

AGV = MachineType(
    key="agv",
    title=N_("Automated guided vehicle"),
    model="agv.glb",
    footprint_m=(1.7, 1.05),
    height_m=1.05,
    mobile=True,
    signals=(
        SignalSpec(name=names.STATE, kind=SignalKind.STATE, title="State"),
        SignalSpec(name=names.MODE, kind=_TEXT, title="Mode"),
        SignalSpec(name="X", kind=_MEASUREMENT, unit_of_measure="m", title="Position along the hall"),
        SignalSpec(name="Y", kind=_MEASUREMENT, unit_of_measure="m", title="Position across the hall"),
        SignalSpec(name="Heading", kind=_MEASUREMENT, unit_of_measure="rad", title="Heading, counter-clockwise"),
        SignalSpec(name="Speed", kind=_MEASUREMENT, unit_of_measure="m/s", title="Speed"),
        SignalSpec(name="Battery", kind=_MEASUREMENT, unit_of_measure="%", title="Battery charge"),
        SignalSpec(name="Charging", kind=_MEASUREMENT, title="Charging"),
        SignalSpec(name="Driving", kind=_MEASUREMENT, title="Driving or turning"),
        SignalSpec(name="Paused", kind=_MEASUREMENT, title="Paused"),
        SignalSpec(name="Load", kind=_TEXT, title="Load"),
        SignalSpec(name="ErrorLevel", kind=_TEXT, title="Gravest error"),
        SignalSpec(name="Errors", kind=_TEXT, title="Errors"),
        SignalSpec(name=names.CONNECTION_STATE, kind=_TEXT, title="Connection"),
    ),
    store=Store(signal="Load", measure=Measure.ANY, places=((-0.1, 0.0, 0.5),), item="pallet"),
    infeed_m=(-0.85, 0.0, 0.5),
    outfeed_m=(0.85, 0.0, 0.5),
    beacon_m=(0.68, 0.0, 1.02),
)
