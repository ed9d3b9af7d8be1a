"""Everything known about one unit: facts, timeline, counters, and the state number that is only compared. Not for routing: see `plant`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin_app.layout.signals import derived_specs
from twin_app.model.entry import Entry
from twin_app.model.equipment import Line, Unit
from twin_app.model.packml import CATEGORIES, STATE_BY_NAME, State
from twin_app.model.samples import TextTable
from twin_app.model.signal import DEFECTIVE, PROCESSED, STATE, SignalKind
from twin_app.model.timeline import BLIND_STATE, CounterReading, UnitNow
from twin_app.model.work import Task
from twin_app.plant.calendar import Calendar
from twin_app.plant.counters import Counter, Span
from twin_app.plant.declared import duties, tasks
from twin_app.plant.derived import Derived
from twin_app.plant.facts import Connection, Facts
from twin_app.plant.outlets import Outlets, Told
from twin_app.plant.pace import rate_per_min
from twin_app.plant.timeline import Timeline
from twin_app.plant.track import FAR_PAST, Track
from twin_app.plant.work import Work

CONFLICT_NS = 1_000_000_000
"""Name and number of a state come in two messages: only a disagreement that lasts this long is one."""


class UnitPast:
    """One unit's past: what was said and what follows from it."""

    def __init__(self, line: Line, unit: Unit, connection: Connection, *, calendar: Calendar, texts: TextTable) -> None:
        """Start with nothing said; `connection` is shared by all units of the source."""
        source = line.source(unit.source)
        self.id, self._line = unit.id, line
        self.facts = Facts(connection)
        self.timeline = Timeline(self.facts, calendar, round(line.minor_stop_s * 1e9))
        self.number = Track(np.float64)
        self.work = Work(texts)
        self.counters: dict[str, Counter] = {}
        self.derived = Derived(unit, self.facts.links, texts, line.ideal_cycle_s(unit.id))
        self._rolls_over_at = {spec.name: spec.rolls_over_at for spec in unit.signals}
        counted = [spec.name for spec in derived_specs(unit) if spec.kind == SignalKind.COUNTER]
        self._outlets = Outlets(self.facts, self.work, {name: self.counter(name) for name in counted}, texts)
        self._state_by_number = {number: STATE_BY_NAME.get(name.casefold()) for number, name in source.state_numbers.items()}
        self._produced = (PROCESSED,) if source.processed_includes_defective else (PROCESSED, DEFECTIVE)

    def counter(self, name: str) -> Counter:
        """Return the counter of that name, new where it was not met before."""
        return self.counters.setdefault(name, Counter(self._rolls_over_at.get(name)))

    def declare(self, entries: Sequence[Entry]) -> int | None:
        """Take in what people say of it; return from when on anything differs, None where nothing does."""
        starts, said = duties(entries, self.id)
        differs_ns = self.facts.declared.rewrite(
            FAR_PAST, np.array(starts, np.int64), np.array([np.nan if duty is None else float(duty) for duty in said])
        )
        found = [instant for instant in (differs_ns, self.work.declare(*tasks(entries, self.id))) if instant is not None]
        return min(found, default=None)

    def derive(self, linked_ns: int) -> Told:
        """Derive what follows from what was heard, and from links that changed from `linked_ns` on; tell what differs."""
        return self._outlets.tell(self.derived.signals, self.derived.derive(linked_ns), linked_ns)

    def now(self, at_ns: int, first_ns: int, task: Task) -> UnitNow:
        """Return the unit at an instant, working on `task`; who never spoke is blind since `first_ns`, the first anyone did."""
        self.timeline.reach(at_ns, at_ns)
        rows = self.timeline.rows
        row = rows.row_at(at_ns)
        code, since_ns = int(rows.state[row]), int(rows.since[row])
        state = None if code == BLIND_STATE else State(code)
        return UnitNow(
            self.id,
            state,
            min(first_ns, at_ns) if since_ns == FAR_PAST else since_ns,
            int(rows.mode[row]),
            CATEGORIES[rows.own[row]],
            self._conflict(state, since_ns, at_ns) if state else "",
            bool(rows.inferred[row]),
            STATE in self.derived.signals,
            task,
        )

    def _conflict(self, state: State, since_ns: int, at_ns: int) -> str:
        """Return `name/number` where both were in force together for `CONFLICT_NS` and name different states."""
        row, first = self.number.row_at(at_ns), self.number.row_at(at_ns - CONFLICT_NS)
        if first < 0 or since_ns > at_ns - CONFLICT_NS:
            return ""
        number = float(self.number.values[row])
        if (self.number.values[first:row] != number).any() or self._named(number) == state:
            return ""
        return f"{state.title}/{number:g}"

    def _named(self, number: float) -> State | None:
        """Return the state a number means to the source, else to the PackTags, None where to neither."""
        if number in self._state_by_number:
            return self._state_by_number[int(number)]
        return State(int(number)) if number in State._value2member_map_ else None

    def readings(self, start_ns: int, end_ns: int) -> dict[str, CounterReading]:
        """Return every counter's reading in a window."""
        return {name: counter.reading(start_ns, end_ns) for name, counter in self.counters.items()}

    def known_counts(self, start_ns: int, end_ns: int, gaps: Sequence[Span]) -> dict[str, float]:
        """Return what every counter is known to have counted in a window outside of `gaps`, see `Counter.known_total`."""
        lost = self.facts.links.lost(start_ns, end_ns)
        return {name: counter.known_total(start_ns, end_ns, gaps, lost) for name, counter in self.counters.items()}

    def next_part(self, at_ns: int, direction: int) -> int | None:
        """Return when it next counted what it produces after (direction 1) or last before (-1) an instant, None where it did not."""
        found = [self.counters[name].next_rise(at_ns, direction) for name in self._produced if name in self.counters]
        return min((at for at in found if at is not None), key=lambda at: at * direction, default=None)

    def flowed(self, start_ns: int, end_ns: int) -> dict[str, tuple[float, int]]:
        """Return about what every counter counted from an instant on, and up to when, see `Counter.flowed`."""
        return {name: counter.flowed(start_ns, end_ns) for name, counter in self.counters.items()}

    def rate_per_min(self, at_ns: int, product: str | None) -> float:
        """Return counts of a product a minute before an instant, see `plant.pace`."""
        counters = [self.counters[name] for name in self._produced if name in self.counters]
        return rate_per_min(counters, at_ns, self._line.ideal_cycle_s(self.id, product), self.timeline.unknown, self.facts.links.lost)
