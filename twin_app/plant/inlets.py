"""Which signal feeds what: the way of a sample into the unit it speaks of. Not for what follows from it: see `plant`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from twin_app.model.signal import CONNECTED, MODE, STATE, STATE_NUMBER, Signal, SignalKind, SignalTable, linked_unit, source_unit
from twin_app.plant.counters import Counter
from twin_app.plant.reading import Part, Reader, count_reader, mode_reader, read_flags, read_numbers, state_reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.model.samples import TextTable
    from twin_app.plant.facts import Connection
    from twin_app.plant.unit import UnitPast

STARVED = "Starved"
BLOCKED = "Blocked"
"""BOOL signals of a unit that say which neighbour suspended it (PackTags Status.EquipmentInterlock)."""


class Target(Protocol):
    """Where samples of one signal are kept."""

    @property
    def newest_ns(self) -> int:
        """Return the time of the newest sample."""
        ...

    def extend(self, times: NDArray[np.int64], values: NDArray[Any], messages: NDArray[np.int64], /) -> object:
        """Put samples where they belong."""
        ...


@dataclass(frozen=True, slots=True)
class Inlet:
    """The way of one signal's samples."""

    target: Target
    read: Reader
    followers: tuple[UnitPast, ...] = ()
    """Units whose timeline follows from this signal."""
    compared: tuple[UnitPast, ...] = ()
    """Units that only compare this signal with another."""

    def take(self, part: Part) -> int | None:
        """Keep what samples of the signal say; return their earliest instant, None where they say nothing."""
        said = self.read(part)
        if not len(said.times):
            return None
        self.target.extend(*said)
        return int(said.times.min())


class Inlets:
    """The inlets of a line's signals by id; follows the signal table as it grows."""

    def __init__(
        self,
        signals: SignalTable,
        texts: TextTable,
        *,
        connections: Mapping[str, Connection],
        followers: Mapping[str, tuple[UnitPast, ...]],
    ) -> None:
        """`connections` and `followers` are the link of each source and the units it feeds, by source id."""
        self._signals = signals
        self._connections = {source_unit(source): (link, followers[source]) for source, link in connections.items()}
        self._units = {unit.id: unit for units in followers.values() for unit in units}
        self._read_states, self._read_modes, self._read_counts = state_reader(texts), mode_reader(texts), count_reader(texts)
        self._inlets: list[Inlet | None] = []
        self._wanted = np.empty(0, bool)

    def follow(self) -> None:
        """Make inlets for signals that are new in the table."""
        if len(self._signals) > len(self._inlets):
            self._inlets += [self._inlet(self._signals[i]) for i in range(len(self._inlets), len(self._signals))]
            self._wanted = np.array([inlet is not None for inlet in self._inlets])

    def wanted(self, signal: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Tell which samples of a batch concern the plant, shape (n,), from their signal ids."""
        self.follow()
        return self._wanted[signal]

    def __getitem__(self, signal: int) -> Inlet:
        """Return the inlet of a wanted signal."""
        inlet = self._inlets[signal]
        if inlet is None:
            raise KeyError(signal)
        return inlet

    def _inlet(self, signal: Signal) -> Inlet | None:
        """Return where a signal leads, None where the plant does not follow it."""
        if signal.unit in self._connections:
            return self._link(*self._connections[signal.unit], signal.name)
        unit = self._units.get(signal.unit)
        if unit is None:
            return None
        if signal.kind == SignalKind.COUNTER:
            return Inlet(unit.counters.setdefault(signal.name, Counter()), self._read_counts)
        if signal.name == STATE_NUMBER:
            return Inlet(unit.number, read_numbers, compared=(unit,))
        return self._fact(unit, signal.name)

    def _link(self, link: Connection, units: tuple[UnitPast, ...], name: str) -> Inlet | None:
        """Return the inlet of a source's own signal: its link, or its way to one unit."""
        if name == CONNECTED:
            return Inlet(link, read_flags, units)
        unit = self._units.get(linked_unit(name))
        return Inlet(unit.facts.links.own(name), read_flags, (unit,)) if unit else None

    def _fact(self, unit: UnitPast, name: str) -> Inlet | None:
        """Return the inlet of a signal that decides the unit's state or what the state costs."""
        facts = unit.facts
        ways: dict[str, tuple[Target, Reader]] = {
            STATE: (facts.state, self._read_states),
            MODE: (facts.mode, self._read_modes),
            STARVED: (facts.starved, read_flags),
            BLOCKED: (facts.blocked, read_flags),
        }
        way = ways.get(name)
        return Inlet(*way, (unit,)) if way else None
