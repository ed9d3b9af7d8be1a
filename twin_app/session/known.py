"""What is known of a line, and every answer about it: store, plant and all that follows from their samples, folded in step. Not for time.

Whatever is derived from samples belongs in here, so that it holds for a look at the past as it was known then, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from twin_app.alarms import Alarms
from twin_app.analyse.buffers import Levels
from twin_app.analyse.story import Teller
from twin_app.history.envelope import series_of
from twin_app.kpi.against import against
from twin_app.kpi.detail import detail, line_detail, spent
from twin_app.kpi.figures import figures, trend, unit_figures
from twin_app.kpi.parts import parts
from twin_app.model.entry import EntryKind, in_force
from twin_app.model.historian import Span
from twin_app.model.kpi import Account
from twin_app.model.samples import Kind, Quality
from twin_app.plant.motion import Motion
from twin_app.plant.staleness import Staleness
from twin_app.plant.track import FAR_FUTURE
from twin_app.session.meters import line_energy, unit_energy, with_energy
from twin_app.session.reasons import EXPLAINED, in_short
from twin_app.session.usage import Meters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from twin_app.history.kept import Kept
    from twin_app.model.against import Against
    from twin_app.model.alarm import Action, AlarmPicture, AlarmReport
    from twin_app.model.buffer import BufferNow
    from twin_app.model.entry import Entry
    from twin_app.model.equipment import Line
    from twin_app.model.historian import Latest, Series
    from twin_app.model.kpi import By, Detail, LineFigures, Part, Spent, Trend
    from twin_app.model.samples import Samples, TextTable
    from twin_app.model.signal import SignalTable
    from twin_app.model.story import Story
    from twin_app.model.timeline import Intervals, UnitNow
    from twin_app.model.usage import Usage
    from twin_app.plant.plant import Plant


@dataclass(frozen=True, slots=True)
class Folded:
    """What folding brought."""

    first_ns: int = FAR_FUTURE
    """The earliest effective time among the new samples; the end of time where there were none."""
    late: bool = False
    """Whether something that was derived already is different now."""
    received_ns: int = -FAR_FUTURE
    """When the last of them was received."""

    def and_then(self, later: Folded) -> Folded:
        """Return both together."""
        return Folded(min(self.first_ns, later.first_ns), self.late or later.late, max(self.received_ns, later.received_ns))


class Known:
    """What is known. One thread folds, any thread asks.

    Attributes:
        until_ns: no answer reads beyond this instant, whatever it is asked for.
        actions: what people did to alarms, in the order in which it was told.
        told: what people said of orders, products and exceptions of the calendar, likewise.
    """

    def __init__(self, line: Line, signals: SignalTable, texts: TextTable, *, store: Kept, plant: Plant) -> None:
        """Know what `store` and `plant` do; what is in the store already is still to be folded."""
        self.line, self.signals, self.texts, self.store, self.plant = line, signals, texts, store, plant
        self.until_ns = FAR_FUTURE
        self._motion = Motion(line, signals, plant, store.range)
        self._staleness = Staleness(line, signals, plant)
        self.alarms = Alarms(line, signals, texts, plant)
        self._teller = Teller(line, plant)
        self._levels = Levels(line, plant)
        self._meters = Meters(self)
        self.actions: list[Action] = []
        self.told: tuple[Entry, ...] = ()
        store.expect(lambda: plant.needed() | self.alarms.needed(), self._motion.speeds)

    def fold(self, limit: int) -> Folded:
        """Take up to `limit` samples that wait in the store into all that follows from them."""
        batch: Samples = self.store.fold(limit)
        if not len(batch):
            return Folded()
        revision = self.plant.fold(batch)
        self._motion.fold(batch, revision.units, revision.first_ns)
        self.alarms.fold(batch)
        return Folded(int(batch.effective_ns.min()), revision.late_ns is not None, int(batch.received_ns[-1]))

    def span(self) -> Span | None:
        """Return from when to when anything is known; None before the first sample."""
        span = self.store.span()
        if span is None or span.start_ns > self.until_ns:
            return None
        return Span(span.start_ns, min(span.end_ns, self.until_ns))

    def latest(self, at_ns: int) -> Latest:
        """Return every signal's latest value at an instant; what was not refreshed since its source was away is STALE."""
        at_ns = min(at_ns, self.until_ns)
        latest = self.store.state_at(at_ns)
        self.plant.write_derived(latest, at_ns)
        self.age(latest, at_ns)
        return latest

    def age(self, latest: Latest, at_ns: int) -> None:
        """Set, in place, what was not refreshed by an instant since its source was away to STALE."""
        self._staleness.mark(latest, at_ns)

    def unit_now(self, unit: str, at_ns: int) -> UnitNow:
        """Return a unit's state at an instant."""
        return self.plant.now(unit, min(at_ns, self.until_ns))

    def cycles(self, unit: str, at_ns: int) -> float:
        """Return how far a unit has run by an instant, in machine cycles."""
        return self._motion.cycles(unit, min(at_ns, self.until_ns))

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        """Return a signal's samples of a span, or their envelope; of a derived one its changes."""
        whole = (*self._clipped(start_ns, end_ns), pixels)
        derived = self.plant.derived(signal, *whole[:2])
        return self.store.range(signal, *whole) if derived is None else series_of(derived, *whole)

    def timeline(self, unit: str, start_ns: int, end_ns: int) -> Intervals:
        """Return a unit's state intervals, clipped to the span; of their ends no more is told than is known."""
        found = self.plant.intervals(unit, *self._clipped(start_ns, end_ns))
        known = self.span()
        told = found.over_ns is None or (known is not None and found.over_ns <= known.end_ns)
        return found if told else replace(found, over_ns=None)

    def events(self, unit: str | None, start_ns: int, end_ns: int) -> Sequence[int]:
        """Return when states changed, of one unit or of all."""
        return list(self.plant.events(unit, *self._clipped(start_ns, end_ns)).tolist())

    def dead_time(self, start_ns: int, end_ns: int) -> list[tuple[int, int]]:
        """Return the stretches of a span in which no unit acts and none changes its state; ascending, apart."""
        return self.plant.dead(*self._clipped(start_ns, end_ns))

    def figures(self, start_ns: int, end_ns: int) -> LineFigures:
        """Return every figure of a window."""
        return figures(self.line, self.plant, *self._clipped(start_ns, end_ns))

    def story(self, at_ns: int, units: Mapping[str, UnitNow] | None = None) -> Story:
        """Return what ails the line at an instant; `units` are its units then, where they are known already."""
        at_ns = min(at_ns, self.until_ns)
        found = self._teller.story(at_ns, units)
        causes = tuple(
            replace(cause, reason=in_short(self, cause.unit, cause.since_ns, at_ns)) if cause.kind in EXPLAINED else cause
            for cause in found.causes
        )
        return replace(found, causes=causes) if causes else found

    def buffers(self, at_ns: int, units: Mapping[str, UnitNow], latest: Latest) -> tuple[BufferNow, ...]:
        """Return every buffer at an instant, along the flow; `units` and `latest` are what is known then."""
        measured = {key: float(latest.value[i]) for key, i in self._level_signals() if i < len(latest.value) and _is_good(latest, i)}
        return self._levels.now(min(at_ns, self.until_ns), units, measured)

    def _level_signals(self) -> Iterator[tuple[tuple[str, str], int]]:
        """Give the signals that tell a buffer's level, by feeding and fed unit."""
        for unit in self.line.units:
            for feed in unit.feeds:
                signal = self.signals.find(unit.id, feed.level_signal) if feed.level_signal else None
                if signal is not None:
                    yield (unit.id, feed.to), signal

    def usage(self, start_ns: int, at_ns: int) -> Usage:
        """Return when each unit gave its last part by an instant, and what it used of energy from `start_ns` on."""
        return self._meters.usage(*self._clipped(start_ns, at_ns))

    def detail(self, unit: str | None, start_ns: int, end_ns: int) -> Detail:
        """Return the further figures of a unit (None: of the line) in a window: times, ratios, failures, losses and energy."""
        window = self._clipped(start_ns, end_ns)
        if unit is None:
            found, energy = line_detail(self.line, self.plant, *window), line_energy(self, self.figures(*window))
        else:
            found = detail(self.line, self.plant, unit, *window)
            energy = unit_energy(self, unit, unit_figures(self.line, self.plant, unit, *window).kpi, *window)
        return replace(found, energy=energy)

    def parts(self, unit: str | None, by: By, start_ns: int, end_ns: int, *, energy: bool = False) -> Sequence[Part]:
        """Return the figures of a window by hour, shift, product or order, of a unit or of the line; with energy every reading is read."""
        window = self._clipped(start_ns, end_ns)
        found = parts(self.line, self.plant, unit, by, *window)
        return with_energy(self, unit, by, found, window) if energy else found

    def account(self, unit: str, start_ns: int, end_ns: int) -> Account:
        """Return all figures of a unit in a window with the intervals they are made of."""
        window = self._clipped(start_ns, end_ns)
        kpi = unit_figures(self.line, self.plant, unit, *window).kpi
        return Account(kpi=kpi, detail=self.detail(unit, *window), spent=self.spent(unit, *window))

    def spent(self, unit: str, start_ns: int, end_ns: int) -> Sequence[Spent]:
        """Return the intervals, with their counts, that a unit's figures of a window are made of."""
        return spent(self.line, self.plant, unit, *self._clipped(start_ns, end_ns))

    def trend(self, unit: str | None, start_ns: int, end_ns: int, points: int) -> Trend:
        """Return figures through a span, each counted from its start; unit None is the line."""
        return trend(self.line, self.plant, unit, *self._clipped(start_ns, end_ns), points)

    def act(self, actions: Sequence[Action]) -> None:
        """Take in what people did to alarms."""
        self.actions += actions
        self.alarms.act(actions)

    def against(self, unit: str | None, start_ns: int, at_ns: int) -> Against | None:
        """Return output against plan at an instant of the shift that begins at `start_ns`, of a unit or of the line; None where none does."""
        start_ns, at_ns = self._clipped(start_ns, at_ns)
        found = self.figures(start_ns, at_ns)
        return against(self.line, self.plant, unit, found.line if unit is None else found.units[unit].kpi, start_ns, at_ns)

    def tell(self, entries: Sequence[Entry]) -> None:
        """Take in what people say of orders, products and exceptions of the calendar."""
        self.told = (*self.told, *entries)
        if any(entry.kind is not EntryKind.REASON for entry in entries):
            self.plant.declare([entry for entry in in_force(self.told) if entry.kind is not EntryKind.REASON])

    def alarms_at(self, at_ns: int) -> AlarmPicture:
        """Return all alarms at an instant."""
        return self.alarms.at(min(at_ns, self.until_ns))

    def alarm_report(self, start_ns: int, end_ns: int) -> AlarmReport:
        """Return the journal of alarms of a span, and what is counted from it."""
        return self.alarms.report(*self._clipped(start_ns, end_ns))

    def _clipped(self, start_ns: int, end_ns: int) -> tuple[int, int]:
        """Return as much of a span as may be told of."""
        return min(start_ns, self.until_ns), min(end_ns, self.until_ns)


def _is_good(latest: Latest, signal: int) -> bool:
    """Tell whether a signal's latest value may be believed now."""
    return bool(latest.kind[signal] == Kind.NUMBER and latest.quality[signal] == Quality.GOOD)
