"""Which signal feeds what: the way of a sample into the unit it speaks of. Not for what follows from it: see `plant`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from twin_app.model.signal import (
    BLOCKED,
    CONNECTED,
    MODE,
    STARVED,
    STATE,
    STATE_NUMBER,
    Signal,
    SignalKind,
    SignalTable,
    linked_unit,
    source_unit,
)
from twin_app.plant.heard import read_anything
from twin_app.plant.reading import Part, Reader, count_reader, mode_reader, read_flags, read_numbers, state_reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from twin_app.model.samples import TextTable
    from twin_app.plant.facts import Connection
    from twin_app.plant.unit import UnitPast


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
    derives: tuple[UnitPast, ...] = ()
    """Units that derive others from this signal."""

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
        self._inlets: list[tuple[Inlet, ...]] = []
        self._wanted = np.empty(0, bool)

    def follow(self) -> None:
        """Make inlets for signals that are new in the table."""
        if len(self._signals) > len(self._inlets):
            self._inlets += [tuple(self._of(self._signals[i])) for i in range(len(self._inlets), len(self._signals))]
            self._wanted = np.array([bool(inlets) for inlets in self._inlets])

    def wanted(self, signal: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Tell which samples of a batch concern the plant, shape (n,), from their signal ids."""
        self.follow()
        return self._wanted[signal]

    def __getitem__(self, signal: int) -> tuple[Inlet, ...]:
        """Return the inlets of a signal."""
        return self._inlets[signal]

    def _of(self, signal: Signal) -> Iterator[Inlet]:
        """Give where a signal leads; a signal that the layout derives is not taken from outside."""
        if signal.unit in self._connections:
            yield from self._link(*self._connections[signal.unit], signal.name)
        unit = self._units.get(signal.unit)
        if unit is None or signal.name in unit.derived.signals:
            return
        if heard := unit.derived.heard.get(signal.name):
            yield Inlet(heard, read_anything, derives=(unit,))
        if signal.kind == SignalKind.COUNTER:
            yield Inlet(unit.counter(signal.name), self._read_counts)
        elif signal.name == STATE_NUMBER:
            yield Inlet(unit.number, read_numbers, compared=(unit,))
        else:
            yield from self._fact(unit, signal.name)

    def _link(self, link: Connection, units: tuple[UnitPast, ...], name: str) -> Iterator[Inlet]:
        """Give the inlet of a source's own signal: its link, or its way to one unit."""
        if name == CONNECTED:
            yield Inlet(link, read_flags, units)
        elif unit := self._units.get(linked_unit(name)):
            yield Inlet(unit.facts.links.own(name), read_flags, (unit,))

    def _fact(self, unit: UnitPast, name: str) -> Iterator[Inlet]:
        """Give the inlet of a signal that decides the unit's state or what the state costs."""
        facts = unit.facts
        ways: dict[str, tuple[Target, Reader]] = {
            STATE: (facts.state, self._read_states),
            MODE: (facts.mode, self._read_modes),
            STARVED: (facts.starved, read_flags),
            BLOCKED: (facts.blocked, read_flags),
        }
        if name in ways:
            yield Inlet(*ways[name], (unit,))
