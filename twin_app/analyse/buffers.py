"""How full each buffer is and when it will be full or empty: measured, counted from the last certain instant, or unknown.

Between two units that exchange with nobody else, what went in is what the first passed on, and what went out is what the second
took. While the second is starved the buffer is empty, while the first is blocked it is full: from the end of the newest such wait
on the counters tell the rest. Where a flow parts or joins, nobody counts its branches: they are taken together, and each is said to
be as full as all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite, nan
from typing import TYPE_CHECKING

import numpy as np

from twin_app.analyse.cause import STANDS, Graph
from twin_app.kpi.made import pieces
from twin_app.model.buffer import Basis, BufferNow
from twin_app.model.packml import CATEGORIES, Category
from twin_app.model.signal import PROCESSED

if TYPE_CHECKING:
    from twin_app.model.equipment import Feed, Line
    from twin_app.model.timeline import Ledger, UnitNow
    from twin_app.plant.plant import Plant

LOOK_BACK_NS = 12 * 3600 * 10**9
"""A wait longer ago than this says nothing about now."""
SHORT_NS = 600 * 10**9
RECENT_NS = 180 * 10**9
"""How fast a unit goes is judged over so long."""
STILL_PER_S = 1e-3
"""A level that changes by less than so many base units a second does not change."""
_STARVED, _BLOCKED = CATEGORIES.index(Category.STARVED), CATEGORIES.index(Category.BLOCKED)
Rates = Mapping[str, tuple[float, float]]
"""By unit what it takes and what it gives as it runs now, base units a second; NaN unknown."""


@dataclass(frozen=True, slots=True)
class Group:
    """Buffers whose levels can only be told together: all between these sources and these targets."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    feeds: tuple[tuple[str, Feed], ...]

    @property
    def capacity(self) -> float:
        """Return how much fits into all of them, NaN where one's capacity is not known."""
        return sum(nan if feed.buffer_capacity is None else feed.buffer_capacity for _, feed in self.feeds)


def groups(line: Line) -> tuple[Group, ...]:
    """Return the buffers of a line, those that share a source or a target together, along the flow."""
    names = {unit.id for unit in line.units}
    left = {(unit.id, feed.to): feed for unit in line.flow_order for feed in unit.feeds if feed.to in names}
    found = []
    while left:
        keys: list[tuple[str, str]] = []
        first = next(iter(left))
        sources, targets = {first[0]}, {first[1]}
        while more := [key for key in left if key not in keys and (key[0] in sources or key[1] in targets)]:
            keys += more
            sources |= {source for source, _ in more}
            targets |= {target for _, target in more}
        feeds = tuple((source, left.pop((source, target))) for source, target in keys)
        found.append(Group(tuple(dict.fromkeys(s for s, _ in keys)), tuple(dict.fromkeys(t for _, t in keys)), feeds))
    return tuple(found)


class Levels:
    """Tells the buffers of one line at any instant; the same facts give the same levels."""

    def __init__(self, line: Line, plant: Plant) -> None:
        """Take the flow of the line and the past that is asked."""
        self._line, self._plant = line, plant
        self._groups = groups(line)
        self._order = Graph.of(line).order

    def now(self, at_ns: int, units: Mapping[str, UnitNow], measured: Mapping[tuple[str, str], float]) -> tuple[BufferNow, ...]:
        """Return every buffer at an instant (UTC ns), along the flow.

        `units` are the units then, `measured` the levels that the plant says, by feeding and fed unit, in base units.
        """
        lately = {name: self._plant.ledger(name, at_ns - RECENT_NS, at_ns) for name in self._order}
        paces = {name: self._pace(name, at_ns, lately[name]) for name in self._order}
        rates = {name: _rates(units[name], paces[name], lately[name]) for name in self._order}
        levels = (self._estimate(group, at_ns, paces) for group in self._groups)
        return tuple(b for group, level in zip(self._groups, levels, strict=True) for b in self._buffers(group, level, rates, measured))

    def _buffers(self, group: Group, level: float, rates: Rates, measured: Mapping[tuple[str, str], float]) -> Iterable[BufferNow]:
        """Yield the buffers of a group."""
        told = [measured.get((source, feed.to), nan) for source, feed in group.feeds]
        share = level / group.capacity if group.capacity > 0 else nan
        net_per_s = sum(rates[s][1] for s in group.sources) - sum(rates[t][0] for t in group.targets)
        known = sum(told) if all(map(isfinite, told)) else share * group.capacity
        full_in_s = (group.capacity - known) / net_per_s if net_per_s > STILL_PER_S else nan
        empty_in_s = known / -net_per_s if net_per_s < -STILL_PER_S else nan
        for (source, feed), own in zip(group.feeds, told, strict=True):
            capacity = nan if feed.buffer_capacity is None else feed.buffer_capacity
            basis = Basis.MEASURED if isfinite(own) else Basis.ESTIMATED if isfinite(share) else Basis.UNKNOWN
            yield BufferNow(
                unit=source, to=feed.to, capacity=capacity, level=own if isfinite(own) else share * capacity, basis=basis,
                full_in_s=full_in_s, empty_in_s=empty_in_s,
            )  # fmt: skip

    def _estimate(self, group: Group, at_ns: int, paces: Rates) -> float:
        """Return how much is in a group's buffers: what the newest wait showed, and what was counted since; NaN without one."""
        empty_ns, full_ns = self._newest(group.targets, _STARVED, at_ns), self._newest(group.sources, _BLOCKED, at_ns)
        since_ns = max(empty_ns, full_ns)
        if since_ns <= at_ns - LOOK_BACK_NS or not isfinite(group.capacity):
            return nan
        level = group.capacity if full_ns > empty_ns else 0.0
        if since_ns < at_ns:
            level += sum(self._flow(name, since_ns, at_ns, paces[name])[1] for name in group.sources)
            level -= sum(self._flow(name, since_ns, at_ns, paces[name])[0] for name in group.targets)
        return min(max(level, 0.0), group.capacity) if isfinite(level) else nan

    def _newest(self, names: tuple[str, ...], side: int, at_ns: int) -> int:
        """Return the newest instant at which all of these units waited on a side together, `at_ns` where they do now."""
        for back_ns in (SHORT_NS, LOOK_BACK_NS):  # most often the first is enough, and far cheaper
            spans = [(at_ns - back_ns, at_ns)]
            for name in names:
                past = self._plant.intervals(name, at_ns - back_ns, at_ns)
                ends = np.append(past.start_ns[1:], at_ns)
                waits = past.category == side
                spans = _both(spans, list(zip(past.start_ns[waits].tolist(), ends[waits].tolist(), strict=True)))
            if spans:
                return spans[-1][1]
        return at_ns - LOOK_BACK_NS

    def _flow(self, name: str, start_ns: int, end_ns: int, pace: tuple[float, float] = (0.0, 0.0)) -> tuple[float, float]:
        """Return about what a unit took and gave from `start_ns` to `end_ns`, base units; NaN where nobody counts.

        It takes what it produces (in what unit it counts what it consumes no standard says), and gives its good pieces. What it
        has not reported yet is reckoned from its `pace` (base units a second of production).
        """
        told = self._plant.flowed(name, start_ns, end_ns)
        made = pieces(self._line, name, {counter: total for counter, (total, _) in told.items()})
        ratio, since_ns = self._line.base_units(name), told.get(PROCESSED, (nan, start_ns))[1]
        unreported_s = self._produced_s(name, since_ns, end_ns) if any(pace) else 0.0
        scrap = made.scrap if isfinite(made.scrap) else 0.0
        return made.produced * ratio + pace[0] * unreported_s, (made.produced - scrap) * ratio + pace[1] * unreported_s

    def _produced_s(self, name: str, start_ns: int, end_ns: int) -> float:
        """Return how long a unit produced in a span, seconds."""
        return _production_s(self._plant.ledger(name, start_ns, end_ns))

    def _pace(self, name: str, at_ns: int, lately: Ledger) -> tuple[float, float]:
        """Return what a unit takes and gives a second while it produces, as it did `lately`, else as is ideal; NaN unknown."""
        produced_s = _production_s(lately)
        taken, given = self._flow(name, lately.start_ns, at_ns)
        if produced_s * 6e9 > RECENT_NS and taken > 0 and given > 0:
            return taken / produced_s, given / produced_s
        cycle_s = self._line.ideal_cycle_s(name, self._plant.task(name, at_ns).product)
        ideal = self._line.base_units(name) / cycle_s if cycle_s else nan
        return ideal, ideal


def _rates(now: UnitNow, pace: tuple[float, float], lately: Ledger) -> tuple[float, float]:
    """Return what a unit takes and gives a second as it runs now: nothing while it stands, else its pace for as much as it produced."""
    if now.category is Category.BLIND:
        return nan, nan
    if now.category in STANDS or now.category is Category.PLANNED:
        return 0.0, 0.0
    return pace[0] * _share(lately, Category.STARVED), pace[1] * _share(lately, Category.BLOCKED)


def _production_s(ledger: Ledger) -> float:
    """Return the seconds of production of a span."""
    return ledger.category_ns.get(Category.PRODUCTION, 0) / 1e9


def _share(ledger: Ledger, side: Category) -> float:
    """Return for how much of the time a unit produces while it neither stands nor has to wait on one side; NaN unknown."""
    apart_ns = sum(ledger.category_ns.get(category, 0) for category in (*STANDS, Category.PLANNED, side))
    ran_ns = ledger.end_ns - ledger.start_ns - apart_ns
    return ledger.category_ns.get(Category.PRODUCTION, 0) / ran_ns if ran_ns else nan


def _both(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where two ascending lists of spans overlap."""
    found, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        start, end = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if start < end:
            found.append((start, end))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return found
