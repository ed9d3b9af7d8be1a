"""A line of a filler and a capper that speak JSON with their own clock, sources a test can play, and the bits of an answer."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from typing_extensions import override

from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.equipment import Feed, Line, MapRule, Product, SourceSpec, Unit
from twin_app.model.message import SourceHealth, Status
from twin_app.model.samples import Quality, Samples, TextTable
from twin_app.plant.plant import Plant
from twin_app.session import Opened, Session
from twin_app.session.action_log import ActionLog
from twin_app.sources.intake import Intake

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from twin_app.model.frame import Frame
    from twin_app.model.signal import SignalTable
    from twin_app.sources.base import Source

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "models3d/lines/packaging.toml"
CAPTURE = ROOT / "sample_streams/packaging.jsonl"
NOON_NS = 1_795_435_200 * 10**9  # 2026-11-23T12:00:00Z, a Monday
SECOND_NS = 10**9
UNITS = ("Filler", "Capper")
LINE = Line(
    path=Path("line.toml"), content_hash="", id="L1", title="Line 1", enterprise="E", site="S", area="A", zone="UTC", unit_of_count="bottle",
    constraint="Filler", units=tuple(Unit(id=u, title=u, type=u.lower(), source="plc") for u in UNITS),
    sources=(SourceSpec(id="plc", title="PLC", rules=(MapRule(topic="L1/{unit}", dialect="json_flat", time_field="t", time_unit="ms"),)),),
    products=(Product(id="bottle", title="", ideal_cycle_s={"Filler": 0.5, "Capper": 1.0}),),
)  # fmt: skip
LINE = replace(LINE, units=(replace(LINE.units[0], feeds=(Feed(to="Capper"),)), LINE.units[1]))


def at(second: float) -> int:
    """Return an instant, UTC ns, quantised to 1 ms."""
    return NOON_NS + round(second * 1000) * 10**6


class Remembering(Store):
    """The store, and all it was ever given."""

    def __init__(self, signals: SignalTable, texts: TextTable) -> None:
        super().__init__(signals, texts, journal=None)
        self.given: list[Samples] = []

    @override
    def append(self, samples: Samples) -> int:
        self.given.append(samples)
        return super().append(samples)


class Rooms:
    """Everything below a session: tables, store and plant of one line."""

    def __init__(self, line: Line, store: Store | None = None, signals: SignalTable | None = None, texts: TextTable | None = None) -> None:
        self.line = line
        self.signals = signal_table(line) if signals is None else signals
        self.texts = TextTable() if texts is None else texts
        self.store = Remembering(self.signals, self.texts) if store is None else store
        self.plant = Plant(line, self.signals, self.texts)

    def intake(self, now: Callable[[], int] | None = None) -> Intake:
        """Return the door of the line's first source."""
        source = self.line.sources[0]
        own = {"now": now} if now else {}
        return Intake(self.line, source, store=self.store, signals=self.signals, texts=self.texts, **own)

    def session(
        self, *sources: Source, sample: bool = False, begin_ns: int = 0, now: Callable[[], int] | None = None, actions: ActionLog | None = None,
        entries: Path | None = None,
    ) -> Session:  # fmt: skip
        """Return the session over these rooms."""
        opened = Opened(
            self.line, self.signals, self.texts, self.store, self.plant, sources, sample=sample, begin_ns=begin_ns, entries=entries
        )
        opened = replace(opened, actions=actions) if actions else opened
        return Session(opened, now=now) if now else Session(opened)


class Played:
    """A source that does what a test tells it to: a broker, or a file that is still being read."""

    def __init__(self, rooms: Rooms, *, live: bool) -> None:
        self.live = live
        self.now_ns = NOON_NS
        self.status = Status.CONNECTED if live else Status.LOADING
        self.intake = rooms.intake(lambda: self.now_ns)
        self.stopped = False

    @property
    def id(self) -> str:
        return self.intake.source.id

    def start(self) -> None:
        """Nothing runs by itself."""

    def stop(self) -> None:
        self.stopped = True

    def health(self) -> SourceHealth:
        return self.intake.health(address="test", live=self.live, status=self.status, since_ns=NOON_NS)

    def unit_of(self, topic: str) -> str | None:
        return self.intake.unit_of(topic)

    def link(self, second: float, *, up: bool) -> None:
        """Let the source come (now) or be gone (since a last proof of life)."""
        (self.intake.connected if up else self.intake.disconnected)(at(second))
        self.intake.flush()

    def say(self, second: float, unit: str = "Filler", *, said_at: float | None = None, retain: bool = False, **fields_: Any) -> None:
        """Let a unit say something at a second of its own clock; it is received `said_at`, or at once."""
        payload = json.dumps({"t": at(second) // 10**6, **fields_}).encode()
        received_ns = at(second if said_at is None else said_at)
        self.intake.receive(f"L1/{unit}", payload, received_ns=received_ns, retain=retain)
        self.intake.flush()


class Fed:
    """A file of samples that are known already: handed over as fast as a test wants."""

    live = False
    id = "plant"

    def __init__(self, store: Store, samples: Samples) -> None:
        self._store, self._samples, self._given = store, samples, 0

    def start(self) -> None:
        """Nothing runs by itself."""

    def stop(self) -> None:
        """Nothing ran."""

    def give(self, count: int) -> None:
        """Hand over the next samples."""
        part = self._samples.take(slice(self._given, self._given + count))
        if len(part):
            self._given += len(part)
            self._store.append(part)

    def health(self) -> SourceHealth:
        status = Status.COMPLETE if self._given >= len(self._samples) else Status.LOADING
        return SourceHealth(source="plant", title="", address="", live=False, status=status, since_ns=0)

    def unit_of(self, topic: str) -> str | None:
        return None


class Bench:
    """The line with one played source, and a session over it whose clock is the test's."""

    def __init__(self, line: Line = LINE, *, live: bool) -> None:
        self.rooms = Rooms(line)
        self.source = Played(self.rooms, live=live)
        self.session = self.rooms.session(self.source, now=lambda: self.source.now_ns)

    def now(self, second: float) -> None:
        """Let wall time be."""
        self.source.now_ns = at(second)

    def frame(self, elapsed_s: float = 0.0) -> Frame:
        """Advance by wall time."""
        return self.session.advance(round(elapsed_s * SECOND_NS))

    def shown(self, frame: Frame, name: str, unit: str = "Filler") -> tuple[float, str]:
        """Return value and quality of a signal in a frame."""
        signal = self.rooms.signals.find(unit, name)
        assert signal is not None
        return float(frame.latest.value[signal]), Quality(frame.latest.quality[signal]).name

    def again(self) -> Session:
        """Return a fresh session over the same samples, all of them folded at once."""
        assert isinstance(self.rooms.store, Remembering)
        return folded(self.rooms, Samples.concatenate(self.rooms.store.given))


def folded(of: Rooms, samples: Samples) -> Session:
    """Return a headless session over samples, folded in one go, with nothing seen before."""
    rooms = Rooms(of.line, signals=of.signals, texts=of.texts)
    source = Fed(rooms.store, samples)
    source.give(len(samples))
    session = rooms.session(source)
    session.fold()
    return session


def asked(session: Session, at_ns: int) -> Frame:
    """Return what a session shows, paused, at an instant."""
    session.pause()
    session.advance(0)
    session.seek(at_ns)
    return session.advance(0)


def sample_line() -> Rooms:
    """Return the rooms of the bundled line, its store on a temporary disk."""
    line = load(LAYOUT)
    signals, texts = signal_table(line), TextTable()
    return Rooms(line, Store.temporary(signals, texts), signals, texts)


def bits(value: object) -> object:
    """Return something that is equal where every bit is: arrays by their bytes, floats by their digits (unknown equals unknown)."""
    if isinstance(value, np.ndarray):
        return (value.dtype.str, value.shape, value.tobytes())
    if is_dataclass(value):
        names = ["message" if f.name == "numbers" else f.name for f in fields(value)]  # those are fetched when they are asked for
        return tuple((name, bits(getattr(value, name))) for name in names)
    if isinstance(value, dict):
        return {key: bits(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [bits(v) for v in value]
    return repr(value)


def content(frame: Frame) -> Mapping[str, object]:
    """Return the bits of all that a frame says about the plant at its instant."""
    names = ("at_ns", "shift_start_ns", "latest", "units", "figures", "rates_per_min", "cycles", "alarms")
    return {name: bits(getattr(frame, name)) for name in names}


def past(session: Session, start_ns: int, end_ns: int) -> list[object]:
    """Return the bits of all that a session answers about a span."""
    units = [unit.id for unit in session.line.units]
    return [
        bits(session.figures(start_ns, end_ns)),
        bits(session.alarm_report(start_ns, end_ns)),
        [bits(session.timeline(unit, start_ns, end_ns)) for unit in units],
        [bits(session.trend(unit, start_ns, end_ns, 7)) for unit in (None, *units)],
        [bits(session.range(signal, start_ns, end_ns, 50)) for signal in range(len(session.signals))],
        bits(session.events(None, start_ns, end_ns)),
    ]
