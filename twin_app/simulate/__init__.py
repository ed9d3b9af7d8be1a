"""A line, simulated: the twin's twin, with everything known about it. Not for messages, and never for what the plant itself said."""

from __future__ import annotations

from twin_app.simulate.engine import Simulation
from twin_app.simulate.events import LINE, Cause, Event, Kind, digest
from twin_app.simulate.laws import Law, LawKind
from twin_app.simulate.spec import Blocked, Fault, FaultKind, Order, Scenario, Sensor, Stock, UnitSpec, Vehicle, When
from twin_app.simulate.state import Phase

__all__ = [
    "LINE", "Blocked", "Cause", "Event", "Fault", "FaultKind", "Kind", "Law", "LawKind", "Order", "Phase", "Scenario", "Sensor",
    "Simulation", "Stock", "UnitSpec", "Vehicle", "When", "digest",
]  # fmt: skip
