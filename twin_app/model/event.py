"""Something that happened at an instant and that one can step to. The words; whoever derives it finds it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """What may be stepped by."""

    STATE = "state"
    """A unit's state became another one, known, or unknown."""
    PART = "part"
    """A unit counted what it produces; of the line: one of the units that end it did."""
    ALARM = "alarm"
    """An alarm occurred, and nobody kept it from being shown."""


@dataclass(frozen=True, slots=True)
class Event:
    """One of them."""

    at_ns: int
    kind: EventKind
    unit: str
