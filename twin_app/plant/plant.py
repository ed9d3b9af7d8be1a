"""The plant: samples of a line folded into timelines and counters, and every question about them. Not for KPIs: see `kpi`."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin_app.model.samples import Samples, TextTable
from twin_app.plant.calendar import Calendar
from twin_app.plant.dead import dead_time
from twin_app.plant.facts import Connection
from twin_app.plant.flow import Flow
from twin_app.plant.heartbeat import Pulse
from twin_app.plant.inlets import Inlets
from twin_app.plant.noted import Noted, Turns, way_turns
from twin_app.plant.reading import part_of, parts
from twin_app.plant.shown import Showing
from twin_app.plant.sieve import Sieve
from twin_app.plant.track import FAR_FUTURE, FAR_PAST
from twin_app.plant.unit import UnitPast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from twin_app.model.entry import Entry
    from twin_app.model.equipment import Line
    from twin_app.model.historian import Latest, Series
    from twin_app.model.plan import ShiftSpan
    from twin_app.model.signal import SignalTable
    from twin_app.model.timeline import CounterReading, Intervals, Ledger, UnitNow
    from twin_app.model.work import Run, Task
    from twin_app.plant.inlets import Inlet
    from twin_app.plant.noted import Changes
    from twin_app.plant.steps import Steps
    from twin_app.plant.work import Work

Past: TypeAlias = "Callable[[int, int, int, int], Series]"


@dataclass(frozen=True, slots=True)
class Revision:
    """What a batch of samples changed."""

    units: frozenset[str] = frozenset()
    """Units with a state, mode, category or state number that differs at some instant."""
    late_ns: int | None = None
    """The earliest instant before the newest sample folded earlier from which an interval differs, or before which
    a counter had already been read; None: nothing that was derived already is different now."""
    first_ns: int = FAR_FUTURE
    """The earliest instant from which some unit's intervals differ: before the first sample where a silence ended."""


class Plant:
    """What the units of one line did, by effective time. One thread folds; any thread asks.

    The same samples give the same answers to the bit, in whatever order and in whatever batches they were folded.
    """

    def __init__(self, line: Line, signals: SignalTable, texts: TextTable, past: Past | None = None) -> None:
        """Start with nothing heard. `signals` and `texts` may go on growing.

        `past` is `Historian.range` of a history that has everything before it is folded here. With it samples that say again
        what holds are not kept (see `sieve`); the answers are the same to the bit.
        """
        self._lock = Lock()
        self._calendar = Calendar(line)
        self._first_ns, self._newest_ns = FAR_FUTURE, FAR_PAST
        self._connections = connections = {source.id: Connection() for source in line.sources}
        self._units = {unit.id: UnitPast(line, unit, connections[unit.source], calendar=self._calendar, texts=texts) for unit in line.units}
        self._last_units = tuple(unit.id for unit in line.last_units)
        self._orders_from = line.orders_from
        self._pulse = Pulse(line, signals, self._units)
        self._flow = Flow(line, self._units)
        followers = {source.id: tuple(self._units[u.id] for u in line.units if u.source == source.id) for source in line.sources}
        self._showing = Showing(line, signals, self._units)
        self._inlets = Inlets(signals, texts, connections=connections, followers=followers)
        self._noted = Noted()
        self._past_of, self._sieve = past, Sieve() if past is not None else None

    def needed(self) -> frozenset[int]:
        """Return the signals of the table whose samples it must be given."""
        with self._lock:
            return self._inlets.wanted_ids() | self._pulse.wanted_ids()

    def fold(self, samples: Samples) -> Revision:
        """Take in samples in any order; uncertain and retained ones open nothing and count nothing."""
        if not len(samples):
            return Revision()
        with self._lock:
            self._first_ns = min(self._first_ns, int(samples.effective_ns.min()))
            revision = self._fold(samples)
            self._newest_ns = max(self._newest_ns, int(samples.effective_ns.max()))
            return revision

    def _fold(self, samples: Samples) -> Revision:
        """Take in the samples that concern some unit."""
        from_ns = self._pulse.hear(samples)
        late_ns: list[int] = []
        changed: set[str] = set()
        deriving: set[str] = set()
        self._tell_sieve(samples, from_ns)
        for inlet, first_ns, late in self._taken(samples):
            late_ns += [first_ns] if late and not (inlet.followers or inlet.derives) else []
            _note(from_ns, {unit.id: first_ns for unit in inlet.followers})
            changed.update(unit.id for unit in inlet.compared)
            deriving.update(unit.id for unit in inlet.derives)
        late_ns += self._derive(deriving, from_ns)
        derived = {unit: instant for unit, instant in from_ns.items() if self._units[unit].timeline.derive(instant)}
        late_ns += [instant for instant in derived.values() if instant < self._newest_ns]
        return Revision(frozenset(changed.union(derived)), min(late_ns, default=None), min(derived.values(), default=FAR_FUTURE))

    def declare(self, entries: Sequence[Entry]) -> Revision:
        """Take in what people say of the units: all of it that counts, in the order in which it was told, in place of what they said before."""
        with self._lock:
            changed = {name: instant for name, unit in self._units.items() if (instant := unit.declare(entries)) is not None}
            derived = {unit: instant for unit, instant in changed.items() if self._units[unit].timeline.derive(instant)}
            self._noted.units(derived)
            first_ns = min(changed.values(), default=None)
            return Revision(frozenset(changed), first_ns, min(derived.values(), default=FAR_FUTURE))

    def _tell_sieve(self, samples: Samples, from_ns: Mapping[str, int]) -> None:
        """Tell the sieve of new signals, and of ways that went up or down: what is said again after that is news."""
        if self._sieve is not None:
            self._inlets.follow()
            self._sieve.grow(self._inlets.sieved)
            for unit, span in self._inlets.turned(samples, from_ns).items():
                self._sieve.turn(self._inlets.heard_of(unit), span)

    def _taken(self, samples: Samples) -> Iterator[tuple[Inlet, int, bool]]:
        """Keep what the samples say; give where it led, from when on that differs, and whether this is before what was known."""
        for part in parts(samples, self._inlets.wanted(samples.signal), self._sieve):
            for inlet in self._inlets[part.signal]:
                newest_ns, first_ns = inlet.target.newest_ns, inlet.take(part)
                if first_ns is not None:
                    yield inlet, first_ns, first_ns < newest_ns
        for signal, from_ns in self._sieve.overtaken().items() if self._sieve is not None else ():
            assert self._past_of is not None  # noqa: S101 - without it there is no sieve
            part = part_of(signal, self._past_of(signal, from_ns, FAR_FUTURE, 0), from_ns)
            for inlet in self._inlets[signal]:
                inlet.retake(part, from_ns)
                yield inlet, from_ns, True

    def _derive(self, deriving: set[str], from_ns: dict[str, int]) -> list[int]:
        """Derive signals of units that heard something or whose facts changed from `from_ns` on, which is brought up to date.

        Returns:
            The instants before the newest sample folded earlier from which counters differ.
        """
        late_ns: list[int] = []
        changed: dict[Steps, int] = {}
        for unit in sorted(deriving.union(from_ns)):
            told = self._units[unit].derive(from_ns.get(unit, FAR_FUTURE))
            _note(from_ns, {unit: told.facts_ns} if told.facts_ns < FAR_FUTURE else {})
            late_ns += [told.counts_ns] if told.counts_ns < self._newest_ns else []
            changed |= told.changed
            self._noted.derived(unit, told.named)
        _note(from_ns, self._flow.follow(from_ns, changed))
        self._noted.units(from_ns)
        return late_ns

    def _past(self, unit: str, to_ns: int) -> UnitPast:
        """Return a unit of which all is known that silence up to an instant means."""
        self._reach(to_ns)
        return self._units[unit]

    def _reach(self, to_ns: int) -> None:
        """Follow who fell silent up to an instant that is asked for: no sample tells of it."""
        from_ns = self._pulse.reach(to_ns)
        if from_ns:
            self._derive(set(), from_ns)
            for unit, instant in from_ns.items():
                self._units[unit].timeline.derive(instant)

    def now(self, unit: str, at_ns: int) -> UnitNow:
        """Return a unit at an instant; KeyError where the line has no such unit, here and below."""
        with self._lock:
            return self._past(unit, at_ns).now(at_ns, self._first_ns, self._teller(unit, at_ns).at(at_ns))

    def intervals(self, unit: str, start_ns: int, end_ns: int) -> Intervals:
        """Return a unit's intervals clipped to [start_ns, end_ns), categories as they were known at `end_ns`."""
        with self._lock:
            return self._past(unit, end_ns).timeline.intervals(start_ns, end_ns)

    def ledger(self, unit: str, start_ns: int, end_ns: int, *, known_to_ns: int | None = None) -> Ledger:
        """Return a unit's time in a window; a stop that ends after `known_to_ns` (the window's end) keeps its own categories.

        Raises:
            ValueError: the window ends before it starts.
        """
        with self._lock:
            known_to_ns = end_ns if known_to_ns is None else known_to_ns
            return self._past(unit, max(end_ns, known_to_ns)).timeline.ledger(start_ns, end_ns, known_to_ns)

    def blind(self, unit: str, start_ns: int, end_ns: int) -> list[tuple[int, int]]:
        """Return the spans of planned busy time in which nobody knows the unit's state: the ledger's `blind`, in pieces."""
        with self._lock:
            return self._past(unit, end_ns).timeline.blind(start_ns, end_ns)

    def counters(self, unit: str, start_ns: int, end_ns: int) -> dict[str, CounterReading]:
        """Return every counter of a unit: its value at `end_ns`, and what it counted in (start_ns, end_ns]."""
        with self._lock:
            self._inlets.follow()
            return self._past(unit, end_ns).readings(start_ns, end_ns)

    def known_counts(self, unit: str, start_ns: int, end_ns: int, gaps: Sequence[tuple[int, int]]) -> dict[str, float]:
        """Return what each counter of a unit is known to have counted in (start_ns, end_ns] outside of `gaps` (ascending, apart).

        What was counted over a broken link, nobody knows when, is left out too. NaN where a counter was never heard.
        """
        with self._lock:
            return self._past(unit, end_ns).known_counts(start_ns, end_ns, gaps)

    def flowed(self, unit: str, start_ns: int, end_ns: int) -> dict[str, tuple[float, int]]:
        """Return about what each counter of a unit counted from an instant to its newest reading by another, and when that was read.

        For levels between units, not for figures: readings are spread over the time between them.
        """
        with self._lock:
            return self._past(unit, end_ns).flowed(start_ns, end_ns)

    def runs(self, unit: str, start_ns: int, end_ns: int) -> list[Run]:
        """Return what a unit worked on in [start_ns, end_ns], one run behind the other; of who tells nothing, as the layout says who tells it."""
        with self._lock:
            return self._teller(unit, end_ns).runs(start_ns, end_ns)

    def products(self, unit: str, start_ns: int, end_ns: int) -> list[tuple[int, str | None]]:
        """Return the products that a unit works on in [start_ns, end_ns), each with the instant from which on it does."""
        with self._lock:
            return self._teller(unit, end_ns).products(start_ns, end_ns)

    def task(self, unit: str, at_ns: int) -> Task:
        """Return what a unit works on at an instant."""
        with self._lock:
            return self._teller(unit, at_ns).at(at_ns)

    def _teller(self, unit: str, at_ns: int) -> Work:
        """Return whose word counts for what a unit works on."""
        own = self._units[unit].work
        return self._units[self._orders_from].work if self._orders_from and not own.told(at_ns) else own

    def rate_per_min(self, unit: str, at_ns: int) -> float:
        """Return what a unit produced a minute, in its own count, over the last minute before an instant or as long as three reports take.

        NaN where nobody can tell; see `plant.pace` for what it is made of, and how far it may be off.
        """
        with self._lock:
            return self._past(unit, at_ns).rate_per_min(at_ns, self._teller(unit, at_ns).at(at_ns).product)

    def known_from(self, source: str, at_ns: int) -> int:
        """Return from when on (UTC ns) what a source said still holds at an instant; KeyError where the line has no such source.

        `FAR_PAST` where its link never broke, `FAR_FUTURE` while it is down.
        """
        with self._lock:
            return int(self._connections[source].valid_from(np.array([at_ns]))[0])

    def unit_known_from(self, unit: str, at_ns: int) -> int:
        """Return from when on (UTC ns) what a unit said still holds at an instant: as `known_from`, of every way it is heard by."""
        with self._lock:
            return int(self._units[unit].facts.links.valid_from(np.array([at_ns]))[0])

    def write_derived(self, latest: Latest, at_ns: int) -> None:
        """Write every derived signal's value at an instant into `latest`, in place; it must have room for all signals of the table."""
        with self._lock:
            self._reach(at_ns)
            self._showing.write(latest, at_ns, self._first_ns)

    def derived(self, signal: int, start_ns: int, end_ns: int) -> Samples | None:
        """Return the changes of a derived signal in [start_ns, end_ns], before them the one in force at the start.

        None where the signal is one that was sent.
        """
        with self._lock:
            self._reach(end_ns)
            return self._showing.samples(signal, start_ns, end_ns)

    def changes(self, at_ns: int) -> Changes:
        """Return what differs since the last call, all known that silence up to an instant means; for the one who follows the plant."""
        with self._lock:
            self._reach(at_ns)
            return self._noted.take()

    def facts_from(self, unit: str, from_ns: int) -> Turns:
        """Return a unit's state and mode, shape (n, 2), at every instant from one on at which something was said of it; BLIND_STATE unknown."""
        with self._lock:
            facts = self._units[unit].facts
            tracks = (facts.state, facts.mode, *facts.links.tracks)
            at = np.unique(np.concatenate([track.times[track.times.searchsorted(from_ns, "left") :] for track in tracks]))
            return Turns(at, np.stack((facts.state_at(at), facts.mode_at(at)), axis=1))

    def way_from(self, unit: str, from_ns: int) -> Turns:
        """Return whether some way to a unit of its own is down, shape (n,), from an instant on; not that of its whole source."""
        with self._lock:
            return way_turns(self._units[unit].facts.links.own_ways, from_ns)

    def source_from(self, source: str, from_ns: int) -> Turns:
        """Return whether a source is away, shape (n,), from an instant on."""
        with self._lock:
            return way_turns((self._connections[source], *self._pulse.of_source(source)), from_ns)

    def derived_from(self, unit: str, name: str, from_ns: int) -> Turns:
        """Return a derived signal's values, shape (n,), at its changes from an instant on; NaN unknown. KeyError: it is none."""
        with self._lock:
            steps = self._units[unit].derived.signals[name]
            row = int(steps.times.searchsorted(from_ns, "left"))
            return Turns(steps.times[row:].copy(), steps.values[row:].copy())

    def last_told(self, unit: str) -> int:
        """Return when a unit's state is last told, which for a derived one may be the end of a delay that runs yet."""
        with self._lock:
            return self._units[unit].facts.state.newest_ns

    def heard_until(self, unit: str, at_ns: int) -> int:
        """Return an instant, or where a unit's heartbeat broke before it and was not heard since, when it did."""
        with self._lock:
            return self._pulse.heard_until(unit, at_ns)

    def shift_start(self, at_ns: int) -> int | None:
        """Return the start of the shift in force, None outside of all shifts or without a calendar."""
        with self._lock:
            return self._calendar.shift_start(at_ns) if self._calendar else None

    def dead(self, start_ns: int, end_ns: int) -> list[tuple[int, int]]:
        """Return the stretches of a span in which no unit acts and none changes its state, see `dead_time`; ascending, apart."""
        with self._lock:
            return dead_time([self._past(name, end_ns).timeline for name in self._units], start_ns, end_ns)

    def next_change(self, unit: str | None, at_ns: int, direction: int, start_ns: int, end_ns: int) -> tuple[int, str] | None:
        """Return the nearest change of state after (direction 1) or before (-1) an instant within [start_ns, end_ns], and whose it is.

        None where there is none; `unit` None asks for the nearest of any.
        """
        with self._lock:
            found = [(self._past(name, end_ns).timeline.next_change(at_ns, direction), name) for name in self._named(unit)]
        return _nearest(found, direction, start_ns, end_ns)

    def next_part(self, unit: str | None, at_ns: int, direction: int, start_ns: int, end_ns: int) -> tuple[int, str] | None:
        """Return the nearest reading at which a unit had produced more, as `next_change`; `unit` None: of those that end the line."""
        with self._lock:
            names = self._last_units if unit is None else self._named(unit)
            found = [(self._past(name, end_ns).next_part(at_ns, direction), name) for name in names]
        return _nearest(found, direction, start_ns, end_ns)

    def _named(self, unit: str | None) -> Iterable[str]:
        """Return the ids of the units that are meant."""
        return self._units if unit is None else (unit,)

    def shifts(self, start_ns: int, end_ns: int) -> tuple[ShiftSpan, ...]:
        """Return the calendar's shifts that touch a span, in order of their start; none without a calendar."""
        with self._lock:
            return self._calendar.shifts(start_ns, end_ns)

    def events(self, unit: str | None, start_ns: int, end_ns: int) -> NDArray[np.int64]:
        """Return when the state of a unit (None: of any) changed, became known or unknown, in [start_ns, end_ns]; shape (n,)."""
        with self._lock:
            units = [self._past(name, end_ns) for name in (self._units if unit is None else [unit])]
            return np.unique(np.concatenate([u.timeline.changes(start_ns, end_ns) for u in units]))


def _nearest(found: Iterable[tuple[int | None, str]], direction: int, start_ns: int, end_ns: int) -> tuple[int, str] | None:
    """Return the earliest (direction 1) or latest (-1) of instants within a span; of two at once the first named."""
    within = [(at, name) for at, name in found if at is not None and start_ns <= at <= end_ns]
    return min(within, key=lambda one: one[0] * direction, default=None)


def _note(from_ns: dict[str, int], more: Mapping[str, int]) -> None:
    """Note from when on units differ, the earlier of two instants."""
    from_ns |= {unit: min(instant, from_ns.get(unit, FAR_FUTURE)) for unit, instant in more.items()}
