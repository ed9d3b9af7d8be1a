"""A small plant that answers at once and for certain, for panels to be tested against: real model values, no session, no threads."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.ui.panels.notebook import Notebook
from twin_app.clock import SECOND_NS
from twin_app.kpi.detail import times_of
from twin_app.model.alarm import AlarmReport
from twin_app.model.equipment import Feed, Line, Product, SourceSpec, Unit
from twin_app.model.event import Event, EventKind
from twin_app.model.frame import ALL, Changes, Frame, Mode
from twin_app.model.historian import Latest, Series, Span
from twin_app.model.kpi import Account, By, Detail, Kpi, LineFigures, Loss, Part, Spent, Trend, UnitFigures
from twin_app.model.message import Message, RawMessage
from twin_app.model.overview import AlarmTicks, Overview
from twin_app.model.packml import CATEGORIES, TRANSIENT, Category, State
from twin_app.model.samples import NEVER, Kind, Quality, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable
from twin_app.model.timeline import BLIND_STATE, CounterReading, Intervals, Ledger, UnitNow
from twin_app.model.usage import Usage
from twin_app.settings import Settings
from ui.commands import Commands
from ui.context import Context, LineView, Selection, Theme

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from PySide6.QtWidgets import QWidget

    from twin_app.clock import Cuts
    from twin_app.model.plan import ShiftSpan
    from twin_app.model.reason import Stop

START_NS = 1_795_425_957_000_000_000
"""2026-11-23 09:25:57 UTC, 17:25:57 in Shanghai."""
ZONE = "Asia/Shanghai"
_CATEGORY = {
    None: Category.BLIND, State.EXECUTE: Category.PRODUCTION, State.HELD: Category.INTERNAL_STOP, State.SUSPENDED: Category.STARVED,
    State.ABORTED: Category.FAILURE, State.ABORTING: Category.FAILURE, State.STOPPED: Category.MINOR_STOP,
}  # fmt: skip

Sample = tuple[int, float, Kind, Quality]


def category(state: State | None) -> Category:
    """Return the time category of a state as the default map has it."""
    return _CATEGORY.get(state, Category.TRANSITION if state in TRANSIENT else Category.WAITING)


def at(seconds: float) -> int:
    """Return an instant so many seconds after the start."""
    return START_NS + round(seconds * SECOND_NS)


def make_line(*units: str, ideal_cycle_s: float = 0.6, zone: str = ZONE) -> Line:
    """Return a line of units in a row, each feeding the next."""
    made = tuple(
        Unit(id=u, title=u, type="generic", source="plc", unit_of_count="bottles", feeds=(Feed(to=n),) if n else ())
        for u, n in zip(units, (*units[1:], ""), strict=True)
    )
    return Line(
        path=Path("line.toml"), content_hash="0" * 64, id="bottling", title="Bottling", enterprise="Works", site="Plant A", area="Packaging",
        zone=zone, unit_of_count="bottles", constraint=units[0] if units else "", units=made, sources=(SourceSpec(id="plc", title="PLC"),),
        products=(Product(id="still", title="Still", ideal_cycle_s=dict.fromkeys(units, ideal_cycle_s)),),
    )  # fmt: skip


@dataclass
class Plant:
    """States as (seconds, state) a unit, samples a signal; everything else follows."""

    line: Line
    end_s: float
    states: dict[str, list[tuple[float, State | None]]]
    signals: SignalTable = field(default_factory=SignalTable)
    texts: TextTable = field(default_factory=TextTable)
    samples: dict[int, list[Sample]] = field(default_factory=dict)
    messages: list[RawMessage] = field(default_factory=list)
    start_s: float = 0.0
    alarms: list[tuple[float, str, int]] = field(default_factory=list)
    """Alarms that came: second, unit, priority."""
    dead: list[tuple[float, float]] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    shifts: list[ShiftSpan] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    entries: Any = None
    notes: Notebook = field(default_factory=Notebook)

    @property
    def view(self) -> LineView:
        return LineView(self.line, self.signals, self.texts, notes=self.notes, entries=self.entries)

    @property
    def span(self) -> Span:
        return Span(at(self.start_s), at(self.end_s))

    def say(
        self, unit: str, name: str, *values: tuple[float, float], kind: SignalKind = SignalKind.MEASUREMENT, unit_of_measure: str = ""
    ) -> int:
        """Add a signal's samples as (seconds, number)."""
        sid = self.signals.add(
            Signal(path=f"Plant A/Packaging/bottling/{unit}/{name}", unit=unit, name=name, kind=kind, unit_of_measure=unit_of_measure)
        )
        self.samples.setdefault(sid, []).extend((at(s), float(v), Kind.NUMBER, Quality.GOOD) for s, v in values)
        return sid

    def say_text(self, unit: str, name: str, *values: tuple[float, str]) -> int:
        """Add a text signal's samples."""
        sid = self.signals.add(Signal(path=f"Plant A/Packaging/bottling/{unit}/{name}", unit=unit, name=name, kind=SignalKind.TEXT))
        self.samples.setdefault(sid, []).extend((at(s), float(self.texts.code(v)), Kind.TEXT, Quality.GOOD) for s, v in values)
        return sid

    def hear(self, seconds: float, topic: str, payload: bytes, refused: str = "", *, retain: bool = False) -> None:
        """Add a raw message."""
        self.messages.append(RawMessage(Message(len(self.messages), "plc", topic, payload, at(seconds), retain=retain), refused))

    def intervals(self, unit: str, start_ns: int, end_ns: int) -> Intervals:
        """Return what the historian would: consecutive intervals clipped to the span, blind before the first state."""
        changes = [(at(self.start_s), None), *((at(s), state) for s, state in self.states[unit])]
        kept = [
            (max(t, start_ns), s)
            for (t, s), (n, _) in zip(changes, [*changes[1:], (end_ns, None)], strict=True)
            if n > start_ns and t < end_ns
        ]
        kept = [k for i, k in enumerate(kept) if i + 1 == len(kept) or kept[i + 1][0] > k[0]]
        return Intervals(
            np.array([t for t, _ in kept], np.int64), np.array([BLIND_STATE if s is None else s for _, s in kept], np.int16),
            np.ones(len(kept), np.int16), np.array([CATEGORIES.index(category(s)) for _, s in kept], np.uint8), end_ns,
            began_ns=max((t for t, _ in changes if t <= start_ns), default=None), over_ns=min((t for t, _ in changes if t >= end_ns), default=None),
        )  # fmt: skip

    def now(self, unit: str, at_ns: int) -> UnitNow:
        """Return a unit at an instant."""
        changes = [(at(self.start_s), None), *((at(s), state) for s, state in self.states[unit])]
        since, state = changes[max(bisect_right([t for t, _ in changes], at_ns) - 1, 0)]
        return UnitNow(unit, state, since, 1, category(state))

    def latest(self, at_ns: int) -> Latest:
        """Return the latest sample of each signal."""
        n = len(self.signals)
        unknown = np.full(n, Kind.NULL, np.uint8), np.full(n, Quality.UNKNOWN, np.uint8)
        made = Latest(np.full(n, NEVER, np.int64), np.full(n, nan), *unknown, np.full(n, -1, np.int64))
        for sid, samples in self.samples.items():
            heard = [s for s in samples if s[0] <= at_ns]
            if heard:
                made.effective_ns[sid], made.value[sid], made.kind[sid], made.quality[sid] = heard[-1]
        return made

    def frame(
        self,
        seconds: float,
        *,
        mode: Mode = Mode.REPLAY,
        playing: bool = False,
        speed: float = 1.0,
        changes: Changes = ALL,
        **other: object,
    ) -> Frame:
        """Return the frame at an instant."""
        at_ns = at(seconds)
        units = {u.id: self.now(u.id, at_ns) for u in self.line.units}
        figures = {u.id: self.figures(u.id, at_ns) for u in self.line.units} if at_ns > at(self.start_s) else {}
        made = Frame(
            at_ns=at_ns, mode=mode, playing=playing, speed=speed, span=self.span, shift_start_ns=at(self.start_s), latest=self.latest(at_ns), units=units,
            bookmarks=self.notes.kept, figures=LineFigures(start_ns=at(self.start_s), end_ns=at_ns, units=figures, line=figures[self.line.constraint].kpi) if figures else None,
            cycles={}, rates_per_min={u: nan if now.state is None else 35.0 if now.state is State.EXECUTE else 0.0 for u, now in units.items()}, health=(), changes=changes,
        )  # fmt: skip
        return replace(made, **other)  # type: ignore[arg-type]  # any field may be replaced

    def figures(self, unit: str, at_ns: int, start_ns: int | None = None) -> UnitFigures:
        """Return figures from the start to an instant: 701 good and 28 scrap, whenever asked."""
        start = at(self.start_s) if start_ns is None else start_ns
        running = self._execute_ns(unit, start, at_ns)
        ledger = Ledger(
            start,
            at_ns,
            {Category.PRODUCTION: running, Category.BLIND: at_ns - start - running},
            {State.EXECUTE: running},
            at_ns - start - running,
        )
        share = nan if self.now(unit, at_ns).state is None else running / (at_ns - start)
        kpi = Kpi(
            availability=share,
            effectiveness=0.9,
            quality_ratio=701 / 729,
            oee_index=share * 0.9 * 701 / 729,
            produced=729,
            good=701,
            scrap=28,
        )
        return UnitFigures(ledger=ledger, counters={"Processed": CounterReading(729, 729)}, kpi=kpi)

    def account(self, unit: str, start_ns: int, end_ns: int) -> Account:
        """Return the figures of a span with an interval for each state; everything was counted in Execute."""
        figures, intervals = self.figures(unit, end_ns), self.intervals(unit, start_ns, end_ns)
        ends = [*intervals.start_ns[1:].tolist(), end_ns]
        rows = [
            Spent(
                start, end, None if state < 0 else State(state), CATEGORIES[category],
                *((729.0, 701.0, 28.0) if state == State.EXECUTE else (0.0, 0.0, 0.0)),
            )
            for start, end, state, category in zip(intervals.start_ns.tolist(), ends, intervals.state.tolist(), intervals.category.tolist(), strict=True)
        ]  # fmt: skip
        nothing: Any = {name: nan for name in Detail.__dataclass_fields__ if name not in {"times", "failures", "losses_s", "energy"}}
        detail = Detail(times=times_of(figures.ledger), failures=1, losses_s=dict.fromkeys(Loss, 9.0), **nothing)
        return Account(kpi=figures.kpi, detail=detail, spent=rows)

    def _execute_ns(self, unit: str, start_ns: int, end_ns: int) -> int:
        intervals = self.intervals(unit, start_ns, end_ns)
        ends = np.append(intervals.start_ns[1:], end_ns)
        return int((ends - intervals.start_ns)[intervals.state == State.EXECUTE].sum())

    def trend(self, unit: str | None, start_ns: int, end_ns: int, points: int) -> Trend:
        """Return figures through a span: availability is the share of Execute so far, E and Q are constant."""
        times = [start_ns + (end_ns - start_ns) * i // points for i in range(1, points + 1)]
        name = unit or self.line.constraint
        a = [
            self._execute_ns(name, start_ns, t) / (t - start_ns) if t > start_ns and self.now(name, t).state is not None else nan
            for t in times
        ]
        rate = [nan if (state := self.now(name, t).state) is None else 92.0 if state is State.EXECUTE else 0.0 for t in times]
        return Trend(times, [x * 0.9 * 0.96 for x in a], a, [0.9] * points, [0.96] * points, rate)


class Answers:
    """A Query that answers before it returns, and counts what it was asked."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.asked: list[tuple[str, ...]] = []
        self.alarms: Callable[[int, int], AlarmReport] | None = None

    def range(self, key: str, signal: int, start_ns: int, end_ns: int, pixels: int, then: Callable[[Series], None]) -> None:
        self.asked.append(("range", key, str(signal)))
        samples = self.plant.samples.get(signal, [])
        before = [s for s in samples if s[0] <= start_ns][-1:]
        kept = before + [s for s in samples if start_ns < s[0] <= end_ns]
        columns = list(zip(*kept, strict=True)) if kept else [(), (), (), ()]
        times, values, kinds, qualities = (np.array(column) for column in columns)
        told = (times.astype(np.int64), values.astype(np.float64), kinds.astype(np.uint8), qualities.astype(np.uint8))
        then(Series(*told, np.arange(len(times))))

    def timeline(self, key: str, unit: str, start_ns: int, end_ns: int, then: Callable[[Intervals], None]) -> None:
        self.asked.append(("timeline", key, unit))
        then(self.plant.intervals(unit, start_ns, end_ns))

    def trend(self, key: str, unit: str | None, start_ns: int, end_ns: int, points: int, then: Callable[[Trend], None]) -> None:
        self.asked.append(("trend", key, unit or ""))
        then(self.plant.trend(unit, start_ns, end_ns, points))

    def detail(self, key: str, unit: str | None, start_ns: int, end_ns: int, then: Callable[[Detail], None]) -> None:
        self.asked.append(("detail", key, unit or ""))
        then(self.plant.account(unit or self.plant.line.constraint, start_ns, end_ns).detail)

    def parts(self, key: str, unit: str | None, by: By, start_ns: int, end_ns: int, then: Callable[[Sequence[Part]], None]) -> None:
        self.asked.append(("parts", key, str(by)))
        account = self.plant.account(unit or self.plant.line.constraint, start_ns, end_ns)
        then([Part(name="PO-1", spans=((start_ns, end_ns),), kpi=account.kpi, detail=account.detail, product="still", quantity=1000.0)])

    def account(self, key: str, unit: str, start_ns: int, end_ns: int, then: Callable[[Account], None]) -> None:
        self.asked.append(("account", key, unit))
        then(self.plant.account(unit, start_ns, end_ns))

    def figures(self, key: str, start_ns: int, end_ns: int, then: Callable[[LineFigures], None]) -> None:
        self.asked.append(("figures", key, f"{start_ns}-{end_ns}"))
        of = {u.id: self.plant.figures(u.id, end_ns, start_ns) for u in self.plant.line.units}
        then(LineFigures(start_ns=start_ns, end_ns=end_ns, units=of, line=of[self.plant.line.constraint].kpi))

    def step(
        self, key: str, kinds: Collection[EventKind], unit: str | None, at_ns: int, direction: int, then: Callable[[Event | None], None]
    ) -> None:
        self.asked.append(("step", key, unit or ""))
        changes = [(at(s), u) for u, states in self.plant.states.items() for s, _ in states] if EventKind.STATE in kinds else []
        alarms = [(at(s), u) for s, u, _ in self.plant.alarms] if EventKind.ALARM in kinds else []
        ahead = [(t, u) for t, u in (*changes, *alarms) if unit in {None, u} and (t - at_ns) * direction > 0]
        found = min(ahead, key=lambda one: one[0] * direction, default=None)
        then(Event(found[0], EventKind.STATE, found[1]) if found else None)

    def dead_time(self, key: str, start_ns: int, end_ns: int, then: Callable[[Cuts], None]) -> None:
        self.asked.append(("dead_time", key, ""))
        then([(at(a), at(b)) for a, b in self.plant.dead])

    def overview(self, key: str, start_ns: int, end_ns: int, pixels: int, then: Callable[[Overview], None]) -> None:
        self.asked.append(("overview", key, str(pixels)))
        shares = np.zeros((pixels, len(State) + 1), np.float32)
        shares[:, State.EXECUTE + 1] = 1
        shares[pixels // 2 : pixels * 3 // 4, State.EXECUTE + 1] = 0
        shares[pixels // 2 : pixels * 3 // 4, State.ABORTED + 1] = 1
        then(Overview(start_ns, end_ns, shares, shares, np.zeros(pixels, np.uint8)))

    def alarm_ticks(self, key: str, start_ns: int, end_ns: int, then: Callable[[AlarmTicks], None]) -> None:
        self.asked.append(("alarm_ticks", key, ""))
        seen = [one for one in self.plant.alarms if start_ns <= at(one[0]) <= end_ns]
        times, priorities = np.array([at(s) for s, _, _ in seen], np.int64), np.array([p for _, _, p in seen], np.uint8)
        then(AlarmTicks(times, priorities, tuple(u for _, u, _ in seen)))

    def reason(self, key: str, unit: str, start_ns: int, end_ns: int, then: Callable[[str], None]) -> None:
        self.asked.append(("reason", key, unit))
        then(self.plant.reasons.get(unit, ""))

    def stops(self, key: str, start_ns: int, end_ns: int, then: Callable[[Sequence[Stop]], None]) -> None:
        self.asked.append(("stops", key, ""))
        then([stop for stop in self.plant.stops if stop.end_ns > start_ns and stop.start_ns < end_ns])

    def shifts(self, key: str, start_ns: int, end_ns: int, then: Callable[[Sequence[ShiftSpan]], None]) -> None:
        self.asked.append(("shifts", key, ""))
        then([shift for shift in self.plant.shifts if shift.end_ns > start_ns and shift.start_ns < end_ns])

    def alarm_report(self, key: str, start_ns: int, end_ns: int, then: Callable[[AlarmReport], None]) -> None:
        self.asked.append(("alarm_report", key, ""))
        if self.alarms:
            then(self.alarms(start_ns, end_ns))

    def raw(self, key: str, unit: str | None, at_ns: int, count: int, then: Callable[[Sequence[RawMessage]], None]) -> None:
        self.asked.append(("raw", key, unit or ""))
        heard = [m for m in self.plant.messages if m.message.received_ns <= at_ns and (unit is None or f"/{unit}/" in m.message.topic)]
        then(heard[-count:][::-1])

    def usage(self, key: str, start_ns: int, at_ns: int, then: Callable[[Usage], None]) -> None:
        self.asked.append(("usage", key, ""))
        then(Usage(at_ns=at_ns))

    def count(self, kind: str) -> int:
        """Return how often a kind of question was asked."""
        return sum(1 for asked in self.asked if asked[0] == kind)


class Deck:
    """A Transport that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    def play(self) -> None:
        self.told.append(("play", 0))

    def pause(self) -> None:
        self.told.append(("pause", 0))

    def toggle(self) -> None:
        self.told.append(("toggle", 0))

    def set_speed(self, speed: float) -> None:
        self.told.append(("speed", speed))

    def seek(self, at_ns: int) -> None:
        self.told.append(("seek", at_ns))

    def follow(self) -> None:
        self.told.append(("follow", 0))

    def loop(self, start_ns: int | None, end_ns: int | None) -> None:
        self.told.append(("loop", None if start_ns is None or end_ns is None else (start_ns, end_ns)))

    def skip_dead_time(self, *, on: bool) -> None:
        self.told.append(("skip", on))

    def train(self, attempt: str = "", *, trainee: str = "", hide_notes: bool = True) -> None:
        self.told.append(("train", attempt))

    def blindfold(self, *, on: bool, hide_notes: bool = True) -> None:
        self.told.append(("blindfold", on))

    @property
    def sought_s(self) -> list[float]:
        """Return where it was told to go, in seconds after the start."""
        return [(ns - START_NS) / SECOND_NS for what, ns in self.told if what == "seek"]


@dataclass
class Stage:
    """All that a panel under test is connected to."""

    plant: Plant
    query: Answers
    deck: Deck
    context: Context
    window: QWidget
    """Kept here: without a reference it would be gone."""

    @classmethod
    def of(cls, plant: Plant, window: QWidget) -> Stage:
        """Connect a plant to a window's registry of commands."""
        query, deck = Answers(plant), Deck()
        context = Context(
            query=query, commands=Commands(window), transport=deck, selection=Selection(window), settings=Settings(), theme=Theme(window),
        )  # fmt: skip
        return cls(plant, query, deck, context, window)
