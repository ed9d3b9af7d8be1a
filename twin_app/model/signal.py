"""Signals: what a unit says, as typed names with local integer ids. Not for values."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class SignalKind(StrEnum):
    """How a signal's values are to be read."""

    STATE = "state"
    COUNTER = "counter"
    MEASUREMENT = "measurement"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One signal of one unit. `path` is `site/area/line/unit/name`; a source's own signals stand under `unit = "@source-id"`."""

    path: str
    unit: str
    name: str
    kind: SignalKind
    unit_of_measure: str = ""
    derived: bool = False
    """Whether it was never sent: it follows from others as the layout says."""


STATE = "State"
STATE_NUMBER = "StateNumber"
MODE = "Mode"
MODE_NUMBER = "ModeNumber"
CONSUMED = "Consumed"
PROCESSED = "Processed"
DEFECTIVE = "Defective"
REWORKED = "Reworked"
SPEED = "CurMachSpeed"
"""Names with a meaning to the engine. A number signal exists only where the same unit also sends names: it is kept, and compared, and never opens an interval."""
PRODUCT = "Product"
ORDER = "Order"
ORDER_QUANTITY = "OrderQuantity"
"""What a unit works on: texts, and how much is ordered in base units of the line."""
NO_ORDER = "No order"
"""What a unit tells as its order that has none."""
NO_ORDER_WORDS = frozenset({"", "0", "-", "none", "null", "no order", "no_order"})
"""All that means so, case-folded."""
CHANGEOVER = "Changeover"
"""A unit's BOOL signal: it is set up for another product."""
STARVED = "Starved"
BLOCKED = "Blocked"
"""BOOL signals of a unit that say which neighbour suspended it (PackTags Status.EquipmentInterlock)."""

CONNECTED = "Connected"
"""A source's own BOOL signal: 1 from the moment it is connected, 0 from its last proof of life on."""
UNIT_LINK = f"{CONNECTED}/"
"""`Connected/<unit>`, with whatever behind another `/`: a source's BOOL signal of one way by which it hears that unit.

Where there are several ways (two edge nodes that speak for one machine) all must be up for the unit to be known. Quality
UNCERTAIN says that the way is up but something was missed on it: what it had said before may no longer hold.
"""


def alarm(index: int) -> str:
    """Return the BOOL signal of one of a unit's alarms (PackTags Admin.Alarm[#].Trigger); `.ID`, `.Message` and `.Category` stand beside it."""
    return f"Alarm[{index}]"


CONNECTION_STATE = "ConnectionState"
"""A unit's TEXT signal in which it (or its last will) says in its own words whether it is there: true above all when it is not."""


def linked_unit(name: str) -> str:
    """Return the unit that a source's signal of such a name is a way to, empty where it is none."""
    return name.removeprefix(UNIT_LINK).partition("/")[0] if name.startswith(UNIT_LINK) else ""


def source_unit(source_id: str) -> str:
    """Return the pseudo unit under which a source's own signals stand."""
    return f"@{source_id}"


class SignalTable:
    """All signals of one line with ids 0..n-1; ids are local to a run or a file, paths are for ever."""

    def __init__(self, signals: Sequence[Signal] = ()) -> None:
        """Number the signals in their order."""
        self._signals = list(signals)
        self._ids = {(s.unit, s.name): i for i, s in enumerate(self._signals)}
        self._adding = threading.Lock()  # every source's thread may meet a new signal

    def add(self, signal: Signal) -> int:
        """Return the id of a signal, giving it the next one if it is new (unknown names appear at run time)."""
        key = (signal.unit, signal.name)
        with self._adding:
            if key not in self._ids:
                self._signals.append(signal)
                self._ids[key] = len(self._signals) - 1
            return self._ids[key]

    def find(self, unit: str, name: str) -> int | None:
        """Return the id of a unit's signal, None where there is none."""
        return self._ids.get((unit, name))

    def of_unit(self, unit: str) -> list[int]:
        """Return the ids of one unit's signals, in order of appearance."""
        return [i for i, s in enumerate(self._signals) if s.unit == unit]

    def __getitem__(self, signal_id: int) -> Signal:
        """Return the signal with that id."""
        return self._signals[signal_id]

    def __len__(self) -> int:
        """Return how many signals there are."""
        return len(self._signals)

    def __iter__(self) -> Iterator[Signal]:
        """Iterate in order of id."""
        return iter(tuple(self._signals))
