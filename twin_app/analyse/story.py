"""The story of a line at an instant: its causes, since when, and what they cost so far, from the plant's past. Not for wording."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite, nan
from typing import TYPE_CHECKING

from twin_app.analyse.cause import SLOW_SHARE, STANDS, Graph, by_weight, causes, effect, slow
from twin_app.kpi.made import pieces
from twin_app.model.packml import CATEGORIES, Category
from twin_app.model.story import Cause, CauseKind, Effect, Story

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.model.equipment import Line
    from twin_app.model.timeline import Ledger, UnitNow
    from twin_app.plant.plant import Plant

RECENT_NS = 300 * 10**9
"""Whether a line is slow is judged over so long."""
STEP_NS = 60 * 10**9
LOOK_BACK_NS = 12 * 3600 * 10**9
"""A stop is followed back no further than a long shift."""
SLOW_STEPS = 30
"""Since when a line is slow is followed back in as many steps."""
BUSY = 0.95
"""A line is judged only where at least this share of the recent time was busy and known."""
CYCLES = 20
"""A unit's pace is judged over at least so many of its ideal cycles."""
EXPLAINS = 0.1
"""Where somebody stood by itself for more than this share of the time, that is why the line was slow, and it is over."""
WAITS = (Category.STARVED, Category.BLOCKED, Category.EXTERNAL, Category.WAITING)
_PRODUCTION = CATEGORIES.index(Category.PRODUCTION)
_BUSY = (Category.PLANNED, Category.BLIND)


class Teller:
    """Tells the story of one line at any instant; the same facts give the same story."""

    def __init__(self, line: Line, plant: Plant) -> None:
        """Take the flow of the line and the past that is asked."""
        self._line, self._plant = line, plant
        self._graph = Graph.of(line)

    def story(self, at_ns: int, units: Mapping[str, UnitNow] | None = None) -> Story:
        """Return what ails the line at an instant (UTC ns); `units` are its units then, where they are known already."""
        units = units or {unit.id: self._plant.now(unit.id, at_ns) for unit in self._line.units}
        found = [replace(cause, since_ns=self._since(cause, at_ns)) for cause in causes(self._graph, units)]
        if not any(self._keeps(cause) for cause in found) and (sluggish := self._slow(units, at_ns)):
            found.append(sluggish)
        if not found:
            return self._calm(at_ns, units)
        told = by_weight(self._line, found)
        first = told[0]
        what = Effect.SLOWED if first.kind is CauseKind.SLOW else effect(self._line, first, units)
        return Story(at_ns=at_ns, causes=told, effect=what, lost=self._lost(first.since_ns, at_ns))

    def _calm(self, at_ns: int, units: Mapping[str, UnitNow]) -> Story:
        """Return the story of a line that nothing ails: it runs, or stands as planned."""
        if units[self._line.constraint].category is not Category.PLANNED:
            return Story(at_ns=at_ns)
        breaks = [pause for shift in self._plant.shifts(at_ns, at_ns + 1) for pause in shift.breaks]
        return Story(at_ns=at_ns, planned=True, pause=next((one for one in breaks if one.start_ns <= at_ns < one.end_ns), None))

    def _keeps(self, cause: Cause) -> bool:
        """Tell whether a cause keeps the constraint from running."""
        return self._line.constraint in (cause.unit, *cause.waiting)

    def _since(self, cause: Cause, at_ns: int) -> int:
        """Return since when a unit has not produced, through however many states; as long as it is known."""
        past = self._plant.intervals(cause.unit, at_ns - LOOK_BACK_NS, at_ns)
        standing = past.category != _PRODUCTION
        if cause.kind is CauseKind.SILENT or not len(past) or standing.all():
            return cause.since_ns
        last = int(standing.size - standing[::-1].argmin() - 1)  # the newest interval in which it produced
        return int(past.start_ns[last + 1]) if last + 1 < standing.size else at_ns  # it produced up to this very instant

    def _slow(self, units: Mapping[str, UnitNow], at_ns: int) -> Cause | None:
        """Return the unit the running line waits for, where it is slow."""
        share = self._share(at_ns)
        if not share < SLOW_SHARE:
            return None
        lately = {name: self._plant.ledger(name, at_ns - RECENT_NS, at_ns) for name in units}
        if any(_share_of(ledger, tuple(STANDS)) > EXPLAINS for ledger in lately.values()):
            return None
        waits = {name: _share_of(ledger, WAITS) for name, ledger in lately.items()}
        paces = {name: self._pace(name, at_ns) for name in units}
        room = {name: self._room(name, paces, at_ns) for name, pace in paces.items() if pace < SLOW_SHARE}
        name = slow(waits, paces, room, share)
        if name is None:
            return None
        since_ns = at_ns - RECENT_NS
        for _ in range(SLOW_STEPS):
            if not self._share(since_ns) < SLOW_SHARE:
                break
            since_ns -= STEP_NS
        starved = tuple(n for n in self._graph.order if n != name and units[n].category is Category.STARVED)
        blocked = tuple(n for n in self._graph.order if n != name and units[n].category is Category.BLOCKED)
        return Cause(unit=name, kind=CauseKind.SLOW, since_ns=since_ns, state=units[name].state, starved=starved, blocked=blocked)

    def _share(self, at_ns: int) -> float:
        """Return what the constraint made of its ideal rate in recent busy time, NaN where nobody knows, or where not nearly all of it was busy.

        After a break or a gap a line runs up: it is not slow, and who it waits for cannot be told yet.
        """
        name = self._line.constraint
        ledger = self._plant.ledger(name, at_ns - RECENT_NS, at_ns)
        cycle_s, busy_s = self._cycle_of(name, at_ns), _busy_ns(ledger) / 1e9
        return self._made(name, ledger) * cycle_s / busy_s if cycle_s and busy_s * 1e9 > BUSY * RECENT_NS else nan

    def _room(self, name: str, paces: Mapping[str, float], at_ns: int) -> float:
        """Return what a unit and those beside it could make at their paces (unknown: at the ideal), as a share of the constraint's ideal."""
        cycles_s = {n: self._cycle_of(n, at_ns) for n in self._graph.beside(name)}
        made = [
            (paces[n] if isfinite(paces[n]) else 1.0) * self._line.base_units(n) / cycle_s for n, cycle_s in cycles_s.items() if cycle_s
        ]
        return sum(made) * self._line_cycle_s(at_ns)

    def _pace(self, name: str, at_ns: int) -> float:
        """Return a unit's recent effectiveness, over enough cycles that one piece more or less does not matter; NaN where nobody knows."""
        cycle_s = self._cycle_of(name, at_ns)
        ledger = self._plant.ledger(name, at_ns - max(RECENT_NS, round(CYCLES * (cycle_s or 0.0) * 1e9)), at_ns)
        production_s = ledger.category_ns.get(Category.PRODUCTION, 0) / 1e9
        return self._made(name, ledger) * cycle_s / production_s if cycle_s and production_s else nan

    def _cycle_of(self, name: str, at_ns: int) -> float | None:
        """Return the ideal seconds a piece of a unit for what it works on, None where nobody knows."""
        return self._line.ideal_cycle_s(name, self._plant.task(name, at_ns).product)

    def _line_cycle_s(self, at_ns: int) -> float:
        """Return the ideal seconds a base unit of the line, NaN where nobody knows."""
        name = self._line.constraint
        cycle_s = self._cycle_of(name, at_ns)
        return nan if cycle_s is None else cycle_s / self._line.base_units(name, self._plant.task(name, at_ns).product)

    def _made(self, name: str, ledger: Ledger) -> float:
        """Return what a unit produced in a ledger's window while it was known, in its own count."""
        start_ns, end_ns = ledger.start_ns, ledger.end_ns
        counts = self._plant.known_counts(name, start_ns, end_ns, self._plant.blind(name, start_ns, end_ns))
        return pieces(self._line, name, counts).produced

    def _lost(self, since_ns: int, at_ns: int) -> float:
        """Return what the constraint has not made since an instant at its ideal rate, in base units, never below 0; NaN unknown."""
        name = self._line.constraint
        ledger = self._plant.ledger(name, since_ns, at_ns)
        lost = _busy_ns(ledger) / 1e9 / self._line_cycle_s(at_ns) - self._made(name, ledger) * self._line.base_units(name)
        return max(0.0, lost) if isfinite(lost) else nan


def _busy_ns(ledger: Ledger) -> int:
    """Return the known planned busy time of a ledger."""
    return ledger.end_ns - ledger.start_ns - sum(ledger.category_ns[category] for category in _BUSY)


def _share_of(ledger: Ledger, categories: tuple[Category, ...]) -> float:
    """Return what share of the known planned busy time was spent in some categories, NaN where there was none."""
    busy_ns = _busy_ns(ledger)
    return sum(ledger.category_ns.get(category, 0) for category in categories) / busy_ns if busy_ns else nan
