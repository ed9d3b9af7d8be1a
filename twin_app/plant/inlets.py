"""Which signal feeds what: the way of a sample into the unit it speaks of. Not for what follows from it: see `plant`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from twin_app.model.signal import (
    BLOCKED,
    CHANGEOVER,
    CONNECTED,
    MODE,
    ORDER,
    ORDER_QUANTITY,
    PRODUCT,
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
from twin_app.plant.reading import (
    Part,
    Reader,
    count_reader,
    mode_reader,
    order_flag_reader,
    read_flags,
    read_numbers,
    state_reader,
    text_reader,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from twin_app.model.samples import Samples, TextTable
    from twin_app.plant.counters import Span
    from twin_app.plant.facts import Connection
    from twin_app.plant.unit import UnitPast


class Link(Protocol):
    """Where the samples are kept that say whether a way is up."""

    @property
    def newest_ns(self) -> int:
        """Return the time of the newest sample."""
        ...

    def extend(self, times: NDArray[np.int64], values: NDArray[Any], messages: NDArray[np.int64], /) -> object:
        """Put samples where they belong."""
        ...


class Target(Link, Protocol):
    """Where samples of one signal are kept."""

    def rewrite(self, from_ns: int, times: NDArray[np.int64], values: NDArray[Any], messages: NDArray[np.int64], /) -> object:
        """Put samples, ascending in time, in place of all from an instant on."""
        ...


@dataclass(frozen=True, slots=True)
class Inlet:
    """The way of one signal's samples."""

    target: Target | Link
    read: Reader
    followers: tuple[UnitPast, ...] = ()
    """Units whose timeline follows from this signal."""
    turns: bool = False
    """The signal says whether a way of the followers is up."""
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

    def retake(self, part: Part, from_ns: int) -> None:
        """Keep what the signal said from an instant on in place of what was kept of it."""
        said = self.read(part)
        cast("Target", self.target).rewrite(from_ns, *said)


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
        self._read_unordered, self._read_names = order_flag_reader(texts), text_reader(texts)
        self._inlets: list[tuple[Inlet, ...]] = []
        self._wanted = self._turns = np.empty(0, bool)
        self._of_unit: dict[str, list[int]] = {}

    def follow(self) -> None:
        """Make inlets for signals that are new in the table."""
        if len(self._signals) > len(self._inlets):
            self._inlets += [tuple(self._of(self._signals[i])) for i in range(len(self._inlets), len(self._signals))]
            self._wanted = np.array([bool(inlets) for inlets in self._inlets])
            self._turns = np.array([any(inlet.turns for inlet in inlets) for inlets in self._inlets])
            self._of_unit = {unit: [] for unit in self._units}
            for i, may_be_sieved in enumerate(self.sieved):
                if may_be_sieved:
                    self._of_unit[self._signals[i].unit].append(i)

    @property
    def sieved(self) -> list[bool]:
        """Return, for every signal, whether samples that say again what holds may be left out: not those that tell of a way."""
        return [bool(sieved) for sieved in self._wanted & ~self._turns]

    def turned(self, samples: Samples, from_ns: Mapping[str, int]) -> dict[str, Span]:
        """Return the units whose ways turn in a batch, and from when to when; `from_ns` are those whose ways turned otherwise."""
        newest_ns = int(samples.effective_ns.max())
        spans = {unit: (first_ns, max(first_ns, newest_ns)) for unit, first_ns in from_ns.items()}
        for row in np.flatnonzero(self._turns[samples.signal]).tolist():
            instant = int(samples.effective_ns[row])
            for unit in (unit.id for inlet in self._inlets[samples.signal[row]] for unit in inlet.followers):
                first_ns, last_ns = spans.get(unit, (instant, instant))
                spans[unit] = min(first_ns, instant), max(last_ns, instant)
        return spans

    def heard_of(self, unit: str) -> list[int]:
        """Return the signals of a unit that are sieved."""
        return self._of_unit[unit]

    def wanted_ids(self) -> frozenset[int]:
        """Return which signals of the table concern the plant."""
        self.follow()
        return frozenset(np.flatnonzero(self._wanted).tolist())

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
            yield from self._work(unit, signal.name)

    def _link(self, link: Connection, units: tuple[UnitPast, ...], name: str) -> Iterator[Inlet]:
        """Give the inlet of a source's own signal: its link, or its way to one unit."""
        if name == CONNECTED:
            yield Inlet(link, read_flags, units, turns=True)
        elif unit := self._units.get(linked_unit(name)):
            yield Inlet(unit.facts.links.own(name), read_flags, (unit,), turns=True)

    def _fact(self, unit: UnitPast, name: str) -> Iterator[Inlet]:
        """Give the inlet of a signal that decides the unit's state or what the state costs."""
        facts = unit.facts
        ways: dict[str, tuple[Target, Reader]] = {
            STATE: (facts.state, self._read_states),
            MODE: (facts.mode, self._read_modes),
            STARVED: (facts.starved, read_flags),
            BLOCKED: (facts.blocked, read_flags),
            CHANGEOVER: (facts.changing, read_flags),
            ORDER: (facts.unordered, self._read_unordered),
        }
        if name in ways:
            yield Inlet(*ways[name], (unit,))

    def _work(self, unit: UnitPast, name: str) -> Iterator[Inlet]:
        """Give the inlet of a signal that tells what the unit works on."""
        work = unit.work
        ways: dict[str, tuple[Target, Reader]] = {
            PRODUCT: (work.product, self._read_names), ORDER: (work.order, self._read_names), ORDER_QUANTITY: (work.quantity, read_numbers),
        }  # fmt: skip
        if name in ways:
            yield Inlet(*ways[name])
