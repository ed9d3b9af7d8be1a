"""What a simulated line does, as events: one row each, in the order of time. Not for messages: those tell of events, rightly or wrongly.

An event is a plain tuple `(t_ns, unit, kind, value, cause)`, for millions of them are made:
`t_ns` from the start of the run; `unit` an index into `Wiring.units`, or -1 for the line as a whole; `kind` a `Kind`;
`value` and `cause` as the kind says.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, TypeAlias

from twin_app.simulate.numbered import Numbered

if TYPE_CHECKING:
    from collections.abc import Iterable

Event: TypeAlias = tuple[int, int, int, float, int]
"""(t_ns, unit, kind, value, cause)."""

LINE = -1
"""The unit of events that concern the whole line."""


class Kind(Numbered):
    """What happened; the comment says what `value` is, and `cause` where it is not a `Cause`."""

    STATE = 0
    """PackML `State` entered."""
    MODE = 1
    """PackML `Mode` entered."""
    INTERLOCK = 2
    """1 starved, 2 blocked, 0 neither: told while suspended."""
    ENTER = 3
    """Serial of a part that came into being: raw material taken in, or parts merged or divided into it."""
    PART = 4
    """Serial of a part that the unit has processed (every one, the defective included)."""
    SCRAP = 5
    """Serial of the part, processed just before, that the unit threw out."""
    REWORK = 6
    """Serial of the part, processed just before, that the unit sent to be reworked."""
    LEAVE = 7
    """Serial of a part that ceased to be: left the line, was merged or divided, or found no room."""
    PRODUCT = 8
    """Index of the product that the unit is set up for from now on."""
    CREW = 9
    """1: the unit begins to wait for a crew; 0: the crew has come."""
    STOCK = 10
    """Products or parts in stock now."""
    TRIP = 11
    """Index of the unit that a vehicle drives to; `cause` is the unit it drives from."""
    BATTERY = 12
    """Charge of a vehicle, per cent."""
    SAMPLE = 13
    """Value of a measurement; `cause` is the index of the sensor in `Wiring.sensors[unit]`."""
    POWER = 14
    """Mean electrical power since the sample before, kW."""
    ENERGY = 15
    """Electrical energy since the start, kWh."""
    SPEED = 16
    """Speed now, the unit's own counts per minute."""
    ALARM = 17
    """Number of an alarm of the machine: n comes, -n goes."""
    FAULT = 18
    """Number n of a malfunction in `Simulation.faults`: n + 1 begins, -(n + 1) ends."""
    SHIFT = 19
    """1: planned time begins, 0: it ends."""
    ORDER = 20
    """Number of the order that the unit works on from now on, counted from 1; 0: none."""


class Cause(Numbered):
    """Why it happened. From `FAULT` on: malfunction number cause - FAULT."""

    NONE = 0
    FLOW = 1
    """The line runs as it should: a cycle ended, material came, a neighbour took it."""
    STARVED = 2
    BLOCKED = 3
    FAILURE = 4
    MICRO_STOP = 5
    CHANGEOVER = 6
    CALENDAR = 7
    NO_ORDER = 8
    CHARGING = 9
    QUALITY = 10
    """A part is bad: by chance, or found to be by an inspection."""
    FALSE_REJECT = 11
    """An inspection threw out a good part."""
    ESCAPED = 12
    """A bad part left the line unnoticed."""
    NO_ROOM = 13
    """The part found no room and was lost."""
    MERGED = 14
    """Parts went into one (bottles into a case)."""
    DIVIDED = 15
    SUPPLY = 16
    """There was no raw material."""
    DELIVERY = 17
    SHIPMENT = 18
    START = 19
    """The run began so."""
    TOO_MUCH = 20
    """Rework had no room."""
    FAULT = 100


def digest(events: Iterable[Event]) -> str:
    """Return the SHA-256 of an event log, hexadecimal: equal logs have equal digests on every platform."""
    sha = hashlib.sha256()
    for event in events:
        sha.update(json.dumps(event).encode())
    return sha.hexdigest()
