"""Parts to counters, and the beat at which units speak unasked. Not for what of it is told: see `telling`.

A line makes far more parts than messages: counters are told on a beat, where they have changed, and whenever the state
does. What is told of them goes the way of all events, so that malfunctions of data take hold of it, too.
"""

from __future__ import annotations

from heapq import heapify, heapreplace
from typing import TYPE_CHECKING, Any

from twin_app.model.packml import State
from twin_app.simulate.events import LINE, Kind
from twin_app.simulate.spec import FaultKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from twin_app.simulate.engine import Simulation
    from twin_app.simulate.events import Event

COUNT = 100
"""Kind of an event made here: `value` is a counter's, `cause` says which (an index into `COUNTERS`)."""
BEAT = 101
"""Kind of an event made here: the unit says everything it knows."""
LINK = 103
"""Kind of an event made here, which no malfunction touches: `value` 0, the unit is cut off; 1, it is back."""
COUNTERS = ("Consumed", "Processed", "Defective", "ConsumedSinceReset", "ProcessedSinceReset", "DefectiveSinceReset")
_TOLD = frozenset({
    Kind.STATE, Kind.MODE, Kind.INTERLOCK, Kind.PRODUCT, Kind.CREW, Kind.STOCK, Kind.TRIP, Kind.BATTERY, Kind.SAMPLE, Kind.POWER,
    Kind.ENERGY, Kind.SPEED, Kind.ALARM, Kind.FAULT, Kind.ORDER,
})  # fmt: skip
"""What goes on as it is; of parts only their number is told."""
_PART, _SCRAP, _REWORK, _STATE, _FAULT = Kind.PART, Kind.SCRAP, Kind.REWORK, Kind.STATE, Kind.FAULT
_RESETTING = int(State.RESETTING)


class Counting:
    """The counters of all units of one simulation."""

    def __init__(self, simulation: Simulation, *, beat_ns: int, good_only: Callable[[int], bool]) -> None:
        """Start with zeros.

        Args:
            simulation: whose events come.
            beat_ns: how often a unit speaks unasked; the units take turns within it.
            good_only: says of a unit, by its number, whether what it calls processed is without the defective.
        """
        self._simulation = simulation
        units = range(len(simulation.wiring.units))
        self._beat_ns = beat_ns
        self._need = [m.need[0] for m in simulation.wiring.machines]
        self._good_only = [good_only(u) for u in units]
        self._made = [0 for _ in units]
        self._bad = [0 for _ in units]
        self._base = [(0, 0) for _ in units]
        self._told: list[list[int]] = [[-1] * len(COUNTERS) for _ in units]
        self._due = [(beat_ns * (u + 1) // len(units), u) for u in units]

    def count(self, events: Iterable[Event], until_ns: int) -> Iterator[Event]:
        """Give what there is to tell of the events, and every beat up to and including `until_ns`, in the order of time."""
        made, bad, due = self._made, self._bad, self._due
        for event in events:
            t_ns, unit, kind, _, _ = event
            while due[0][0] < t_ns:
                yield from self._beat()
            if kind == _PART:
                made[unit] += 1
            elif kind in (_SCRAP, _REWORK):
                bad[unit] += 1
            elif kind in _TOLD and unit != LINE:
                yield from self._turning(event)
        while due[0][0] <= until_ns:
            yield from self._beat()

    def state(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        return {"made": self._made, "bad": self._bad, "base": self._base, "told": self._told, "due": self._due}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a state of the same simulation."""
        self._made, self._bad = list(state["made"]), list(state["bad"])
        self._base = [(a, b) for a, b in state["base"]]
        self._told = [list(told) for told in state["told"]]
        self._due = [(t, u) for t, u in state["due"]]
        heapify(self._due)

    def tell_all(self) -> None:
        """Tell every counter again, whether it has changed or not."""
        self._told = [[-1] * len(COUNTERS) for _ in self._told]

    def _turning(self, event: Event) -> Iterator[Event]:
        """Give an event, with the counters it ends at before it where it is a change of state."""
        t_ns, unit, kind, value, _ = event
        if kind == _STATE:
            yield from self._changed(t_ns, unit)
            if value == _RESETTING:
                self._base[unit] = (self._made[unit], self._bad[unit])
        if kind == _FAULT:
            yield from self._around_fault(event)
        else:
            yield event

    def _around_fault(self, event: Event) -> Iterator[Event]:
        """Give the beginning or end of a malfunction, with what follows for the link."""
        t_ns, unit, _, value, _ = event
        kind = self._simulation.faults[int(abs(value)) - 1].kind
        if kind is not FaultKind.COMMUNICATION_LOSS:
            yield event
            return
        yield (t_ns, unit, LINK, int(value < 0), 0)
        yield event
        if value < 0:
            self._told[unit] = [-1] * len(COUNTERS)
            yield from self._changed(t_ns, unit)

    def _beat(self) -> Iterator[Event]:
        """Give what the next unit in turn says unasked."""
        t_ns, unit = self._due[0]
        heapreplace(self._due, (t_ns + self._beat_ns, unit))
        yield from self._changed(t_ns, unit)
        yield (t_ns, unit, BEAT, 0, 0)

    def _changed(self, t_ns: int, unit: int) -> Iterator[Event]:
        """Give the counters of a unit that differ from what it said last."""
        told = self._told[unit]
        made, bad = self._made[unit], self._bad[unit]
        before_made, before_bad = self._base[unit]
        for i, value in enumerate((*self._counters(unit, made, bad), *self._counters(unit, made - before_made, bad - before_bad))):
            if value != told[i]:
                told[i] = value
                yield (t_ns, unit, COUNT, value, i)

    def _counters(self, unit: int, made: int, bad: int) -> tuple[int, int, int]:
        """Return consumed, processed and defective of so many parts."""
        return made * self._need[unit], made - bad if self._good_only[unit] else made, bad
