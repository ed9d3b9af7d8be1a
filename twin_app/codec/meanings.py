"""What a name means to the engine: how its values are read. Not for where the name comes from: see the dialects."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from twin_app.model import signal as names
from twin_app.model.signal import SignalKind


class Role(StrEnum):
    """How the values of a field are read."""

    STATE = "state"
    """A state's name or number, whichever comes."""
    STATE_NAME = "state name"
    STATE_NUMBER = "state number"
    """Compared with the names; it is the state only where no names come."""
    MODE = "mode"
    MODE_NAME = "mode name"
    MODE_NUMBER = "mode number"
    COUNTER = "counter"
    MEASUREMENT = "measurement"
    FLAG = "flag"
    TEXT = "text"
    FOUND = "found"
    """Nobody said what it is: the first value decides between measurement and text."""
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A signal's name, how its values are read, and their unit of measure."""

    name: str
    role: Role
    unit_of_measure: str = ""


IGNORED = Meaning("", Role.IGNORED)
"""Known and of no interest: counted, never called unmapped."""

PER_MINUTE = "1/min"
COUNTS = {"Consumed": names.CONSUMED, "Processed": names.PROCESSED, "Defective": names.DEFECTIVE}
SINCE_RESET = "SinceReset"

_KNOWN = (
    Meaning(names.STATE, Role.STATE),
    Meaning(names.STATE_NUMBER, Role.STATE_NUMBER),
    Meaning(names.MODE, Role.MODE),
    Meaning(names.MODE_NUMBER, Role.MODE_NUMBER),
    *(Meaning(name, Role.COUNTER) for name in COUNTS.values()),
    *(Meaning(name + SINCE_RESET, Role.COUNTER) for name in COUNTS.values()),
    Meaning("MachSpeed", Role.MEASUREMENT, PER_MINUTE),
    Meaning(names.SPEED, Role.MEASUREMENT, PER_MINUTE),
    Meaning("MachDesignSpeed", Role.MEASUREMENT, PER_MINUTE),
    Meaning("Starved", Role.FLAG),
    Meaning("Blocked", Role.FLAG),
    Meaning(names.PRODUCT, Role.TEXT),
    Meaning(names.ORDER, Role.TEXT),
    Meaning(names.ORDER_QUANTITY, Role.MEASUREMENT),
)
_BY_NAME = {meaning.name: meaning for meaning in _KNOWN}

_ROLE_OF_KIND = {
    SignalKind.COUNTER: Role.COUNTER,
    SignalKind.MEASUREMENT: Role.MEASUREMENT,
    SignalKind.TEXT: Role.TEXT,
    SignalKind.STATE: Role.TEXT,
}
_KIND_OF_ROLE = {
    Role.STATE: SignalKind.STATE,
    Role.STATE_NAME: SignalKind.STATE,
    Role.COUNTER: SignalKind.COUNTER,
    Role.MODE: SignalKind.TEXT,
    Role.MODE_NAME: SignalKind.TEXT,
    Role.TEXT: SignalKind.TEXT,
}


def meaning_of(name: str) -> Meaning:
    """Return what a signal's name means; a name the engine does not know is `FOUND`."""
    return _BY_NAME.get(name) or Meaning(name, Role.FOUND)


def role_of_kind(kind: SignalKind) -> Role:
    """Return how the values of a signal that the layout declares are read."""
    return _ROLE_OF_KIND[kind]


def kind_of_role(role: Role) -> SignalKind:
    """Return the kind of a signal that appears at run time; numbers and flags are measurements."""
    return _KIND_OF_ROLE.get(role, SignalKind.MEASUREMENT)
