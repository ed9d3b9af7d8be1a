"""A small line and frames of it, hand-made from the model's own values, for tests of the window and for its pictures. Not a simulator."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import time
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from twin_app.clock import SECOND_NS
from twin_app.model.alarm import AlarmReport
from twin_app.model.equipment import Feed, Line, Product, Shift, SourceSpec, Targets, Unit
from twin_app.model.frame import ALL, Changes, Frame, Mode
from twin_app.model.historian import Latest, Series, Span
from twin_app.model.kpi import Account, By, Detail, Kpi, LineFigures, Part, Times, Trend, UnitFigures
from twin_app.model.message import RawMessage, SourceHealth, Status
from twin_app.model.overview import AlarmTicks, Overview
from twin_app.model.packml import CATEGORIES, Category, State
from twin_app.model.samples import NEVER, Kind, Quality, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable
from twin_app.model.timeline import Intervals, Ledger, UnitNow
from twin_app.model.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Collection

    from twin_app.model.event import Event, EventKind
    from twin_app.model.plan import ShiftSpan

# 2026-11-23 10:16:19 in Shanghai; the shift began at 06:00.
NOW_NS = 1_795_400_179 * SECOND_NS
START_NS = NOW_NS - (4 * 3600 + 16 * 60 + 19) * SECOND_NS
MINUTE_NS = 60 * SECOND_NS

CATEGORY_OF = {
    State.EXECUTE: Category.PRODUCTION, State.ABORTED: Category.FAILURE, State.HELD: Category.INTERNAL_STOP,
    State.SUSPENDED: Category.EXTERNAL, State.IDLE: Category.WAITING, State.STOPPED: Category.NO_ORDER, None: Category.BLIND,
}  # fmt: skip


def line(titles: tuple[str, ...] = ("Filler", "Capper", "Labeller"), *, target: float | None = 15_200) -> Line:
    """A bottling line of machines one behind the other; ideal 42 bottles a minute, the second machine is the constraint."""
    units = tuple(
        Unit(
            id=f"M{n}", title=title, type="filler", source="broker", unit_of_count="bottle",
            feeds=(Feed(to=f"M{n + 1}", buffer_capacity=60),) if n < len(titles) else (),
        )
        for n, title in enumerate(titles, 1)
    )  # fmt: skip
    return Line(
        path=Path("bottling_2.toml"), content_hash="0" * 64, id="bottling2", title="Bottling 2", enterprise="Acme", site="Suzhou", area="Packaging",
        zone="Asia/Shanghai", unit_of_count="bottles", constraint="M2", units=units,
        sources=(SourceSpec(id="broker", title="Hall broker", address="mqtt://plant:1883"),),
        products=(Product(id="p", title="Water 0.5 l", ideal_cycle_s={u.id: 60 / 42 for u in units}),),
        shifts=(Shift(name="early", start=time(6), end=time(14), days=(0, 1, 2, 3, 4, 5, 6)),), targets=Targets(good_per_shift=target),
    )  # fmt: skip


def signals(of: Line) -> SignalTable:
    """State and processed count of every unit."""
    table = SignalTable()
    for unit in of.units:
        for name, kind in (("State", SignalKind.STATE), ("Processed", SignalKind.COUNTER)):
            table.add(Signal(path=f"{of.site}/{of.area}/{of.title}/{unit.id}/{name}", unit=unit.id, name=name, kind=kind))
    return table


def health(**other: Any) -> SourceHealth:
    """A well broker that told 1,284 messages a second; `other` fields replace."""
    well = SourceHealth(
        source="broker", title="Hall broker", address="mqtt://plant:1883", live=True, status=Status.CONNECTED, since_ns=START_NS,
        received=19_741_204, per_second=1284.0, newest_ns=NOW_NS - 200_000_000,
    )  # fmt: skip
    return replace(well, **other)


def kpi(**other: Any) -> Kpi:
    """Figures whose product is right: 0.841 x 0.918 x 0.962 = 0.7427; `other` fields replace."""
    return Kpi(**{
        "availability": 0.841, "effectiveness": 0.918, "quality_ratio": 0.962, "oee_index": 0.841 * 0.918 * 0.962,
        "oee_low": 0.841 * 0.918 * 0.962, "oee_high": 0.841 * 0.918 * 0.962, "produced": 8744.0, "good": 8412.0, "scrap": 332.0, **other,
    })  # fmt: skip


def bare_detail(**known: Any) -> Detail:
    """Return the further figures of a window of which nothing is known but what is given."""
    seconds = Times(**dict.fromkeys(Times.__dataclass_fields__, 0.0))
    nothing = {name: nan for name in Detail.__dataclass_fields__ if name not in {"times", "failures", "losses_s", "energy"}}
    return Detail(**{"times": seconds, "failures": 0, "losses_s": {}, **nothing, **known})


def figures(of: Line, line_kpi: Kpi, at_ns: int = NOW_NS) -> LineFigures:
    """The same figures for the line and for every unit."""
    window = at_ns - START_NS
    ledger = Ledger(START_NS, at_ns, {Category.PRODUCTION: window}, {State.EXECUTE: window}, 0)
    return LineFigures(
        start_ns=START_NS,
        end_ns=at_ns,
        line=line_kpi,
        units={u.id: UnitFigures(ledger=ledger, counters={}, kpi=line_kpi) for u in of.units},
        thrown_out={u.id: line_kpi.scrap for u in of.units},
    )


def unit_now(unit: str, state: State | None, minutes: float = 17.65) -> UnitNow:
    """A unit that has been in a state for some minutes."""
    return UnitNow(unit, state, NOW_NS - round(minutes * MINUTE_NS), 1, CATEGORY_OF.get(state, Category.TRANSITION))


def frame(of: Line, states: dict[str, State | None] | None = None, *, line_kpi: Kpi | None = None, **other: Any) -> Frame:
    """The line at 10:16:19, live, every machine executing; `states` and `other` fields replace."""
    n = 2 * len(of.units)
    latest = Latest(
        np.full(n, NEVER), np.full(n, nan), np.full(n, Kind.NULL, np.uint8), np.full(n, Quality.UNKNOWN, np.uint8), np.full(n, -1),
    )  # fmt: skip
    shown = {u.id: unit_now(u.id, State.EXECUTE) for u in of.units}
    shown |= {unit: unit_now(unit, state, 4.2) for unit, state in (states or {}).items()}
    made = Frame(
        at_ns=NOW_NS, mode=Mode.LIVE, playing=True, speed=1.0, span=Span(START_NS, NOW_NS), shift_start_ns=START_NS, latest=latest, units=shown,
        figures=figures(of, line_kpi or kpi()), changes=ALL, health=(health(),),
        rates_per_min={u: (41.0 if now.state is State.EXECUTE else 0.0 if now.state is not None else nan) for u, now in shown.items()},
        cycles=dict.fromkeys(shown, 8744.0),
    )  # fmt: skip
    return replace(made, **other)


@dataclass
class FakeSession:
    """Plays frames that a test puts in; remembers what it was told."""

    line: Line
    frames: list[Frame]
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    advanced: int = 0
    fails: Exception | None = None
    instructor: Any = None
    desk: Any = None
    sight: int = 0
    lost: bool = False
    recordings: Path | None = None
    further: Detail = field(default_factory=bare_detail)

    def __post_init__(self) -> None:
        self.signals, self.texts = signals(self.line), TextTable()

    def health(self) -> tuple[SourceHealth, ...]:
        return self.frames[-1].health

    def advance(self, elapsed_ns: int) -> Frame:
        if self.fails:
            raise self.fails
        self.advanced += 1
        return self.frames.pop(0) if len(self.frames) > 1 else self.frames[0]

    def hold(self, frame_: Frame) -> None:
        """Show one frame from now on, of which nothing changes."""
        self.frames = [frame_, replace(frame_, changes=Changes())]

    def layouts(self) -> tuple[Any, ...]:
        return ()

    def relay(self, line: Line) -> bool:
        self.calls.append(("relay", line))
        return False

    def start(self) -> None:
        self.calls.append(("start",))

    def close(self) -> None:
        self.calls.append(("close",))

    def play(self) -> None:
        self.calls.append(("play",))

    def pause(self) -> None:
        self.calls.append(("pause",))

    def toggle(self) -> None:
        self.calls.append(("toggle",))

    def set_speed(self, speed: float) -> None:
        self.calls.append(("set_speed", speed))

    def seek(self, at_ns: int) -> None:
        self.calls.append(("seek", at_ns))

    def follow(self) -> None:
        self.calls.append(("follow",))

    def loop(self, start_ns: int | None, end_ns: int | None) -> None:
        self.calls.append(("loop", start_ns, end_ns))

    def skip_dead_time(self, *, on: bool) -> None:
        self.calls.append(("skip_dead_time", on))

    def train(self, attempt: str = "", *, trainee: str = "", hide_notes: bool = True) -> None:
        self.calls.append(("train", trainee))
        self.sight += 1

    def blindfold(self, *, on: bool, hide_notes: bool = True) -> None:
        self.calls.append(("blindfold", on))
        self.sight += 1

    @property
    def notes(self) -> FakeSession:
        return self

    @property
    def entries(self) -> Any:
        return None

    @property
    def training(self) -> Any:
        return None

    def bookmark(self, at_ns: int, text: str = "", *, end_ns: int | None = None, unit: str = "", who: str = "") -> str:
        self.calls.append(("bookmark", at_ns))
        return "b"

    def reword_bookmark(self, bookmark: str, text: str, *, who: str = "") -> None:
        self.calls.append(("reword_bookmark", bookmark, text))

    def remove_bookmark(self, bookmark: str, *, who: str = "") -> None:
        self.calls.append(("remove_bookmark", bookmark))

    def step(self, kinds: Collection[EventKind], unit: str | None, at_ns: int, direction: int) -> Event | None:
        return None

    def dead_time(self, start_ns: int, end_ns: int) -> list[tuple[int, int]]:
        return []

    def overview(self, start_ns: int, end_ns: int, pixels: int) -> Overview:
        shares = np.zeros((pixels, len(State) + 1), np.float32)
        shares[:, State.EXECUTE + 1] = 1
        return Overview(start_ns, end_ns, shares, shares, np.zeros(pixels, np.uint8))

    def alarm_ticks(self, start_ns: int, end_ns: int) -> AlarmTicks:
        return AlarmTicks(np.empty(0, np.int64), np.empty(0, np.uint8), ())

    def reason(self, unit: str, start_ns: int, end_ns: int) -> str:
        return ""

    def stops(self, start_ns: int, end_ns: int) -> list[Any]:
        return []

    def shifts(self, start_ns: int, end_ns: int) -> list[ShiftSpan]:
        return []

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        t = np.linspace(start_ns, end_ns, 50).astype(np.int64)
        return Series(t, 40 + 2 * np.sin(np.arange(50.0)), np.zeros(50, np.uint8), np.zeros(50, np.uint8), np.arange(50))

    def timeline(self, unit: str, start_ns: int, end_ns: int) -> Intervals:
        """Execute with a stop of every kind, at hand-picked instants."""
        states = [
            State.EXECUTE,
            State.STOPPED,
            State.EXECUTE,
            State.SUSPENDED,
            State.EXECUTE,
            State.HELD,
            State.EXECUTE,
            State.ABORTED,
            State.EXECUTE,
        ]
        starts = np.linspace(start_ns, end_ns, len(states) + 1)[:-1].astype(np.int64)
        category = np.array([CATEGORIES.index(CATEGORY_OF[s]) for s in states], np.uint8)
        return Intervals(starts, np.array(states, np.int16), np.ones(len(states), np.int16), category, end_ns)

    def events(self, unit: str | None, start_ns: int, end_ns: int) -> list[int]:
        return []

    def figures(self, start_ns: int, end_ns: int) -> LineFigures:
        return figures(self.line, kpi())

    def account(self, unit: str, start_ns: int, end_ns: int) -> Account:
        raise AssertionError(unit)  # nobody inspects it

    def detail(self, unit: str | None, start_ns: int, end_ns: int) -> Detail:
        return self.further

    def parts(self, unit: str | None, by: By, start_ns: int, end_ns: int) -> list[Part]:
        return []

    def trend(self, unit: str | None, start_ns: int, end_ns: int, points: int) -> Trend:
        t = [start_ns + (end_ns - start_ns) * i // points for i in range(1, points + 1)]
        return Trend(t, [0.74] * points, [0.84] * points, [0.92] * points, [0.96] * points, [41.0] * points)

    def alarm_report(self, start_ns: int, end_ns: int) -> AlarmReport:
        return AlarmReport(
            start_ns=start_ns, end_ns=end_ns, transitions=(), activations=0, by_priority=(0, 0, 0, 0), by_alarm=(), bins=(), floods=(),
            chattering=(), standing=(),
        )  # fmt: skip

    def usage(self, start_ns: int, at_ns: int) -> Usage:
        return Usage(at_ns=at_ns)

    def raw(self, unit: str | None, at_ns: int, count: int) -> list[RawMessage]:
        return []
