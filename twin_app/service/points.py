"""The point list of a line: what was heard of every signal while somebody listened, for commissioning. In memory as large as the list alone.

Messages go through the very intake and decoder of a line that is opened, but nothing is kept of them. Not for figures.
"""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.errors import SourceError, UsageError
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.message import Status
from twin_app.model.samples import Kind, Quality, TextTable
from twin_app.service.answers import value_of
from twin_app.service.expected import ANY_UNIT, expected
from twin_app.service.opening import address_of, requested
from twin_app.settings import load as load_settings
from twin_app.sources.base import Login
from twin_app.sources.intake import Intake
from twin_app.sources.kinds import kind_of
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from twin_app.model.equipment import Line
    from twin_app.model.message import RawMessage, SourceHealth
    from twin_app.model.samples import Samples
    from twin_app.model.signal import SignalTable
    from twin_app.sources.base import Source

POLL_S = 0.05
_NUMBERS = frozenset({Kind.NUMBER, Kind.BOOL})
_QUALITIES = {Quality.GOOD: "good", Quality.UNCERTAIN: "uncertain", Quality.RETAINED: "uncertain"}


@dataclass(slots=True)
class Heard:
    """What was heard of one signal."""

    samples: int = 0
    first_ns: int = 0
    """When it was received first and last, UTC ns."""
    last_ns: int = 0
    low: float | None = None
    high: float | None = None
    last: object = None
    """The last value as JSON can carry it."""
    good: int = 0
    uncertain: int = 0
    bad: int = 0
    quality: Quality = Quality.UNKNOWN
    """Of the last one."""
    topic: str = ""
    """On which it came last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One row of the list; `unit` is `ANY_UNIT` for a signal that a rule names and none of its units sent."""

    unit: str
    signal: str
    kind: str
    unit_of_measure: str
    mapped: bool
    """The layout itself names it: it is expected."""
    derived: bool
    """It follows from others and is never sent."""
    heard: Heard
    unknown_words: tuple[str, ...] = ()
    """States that no map names, with their counts."""

    @property
    def missing(self) -> bool:
        """Say whether it is expected and was never seen."""
        return self.mapped and not self.heard.samples


@dataclass(frozen=True, slots=True, kw_only=True)
class PointList:
    """The list, and what else is to be known of the time in which it was made."""

    line: Line
    points: tuple[Point, ...]
    seconds: float
    health: tuple[SourceHealth, ...]

    @property
    def missing(self) -> tuple[Point, ...]:
        """Return the points that are expected and were never seen."""
        return tuple(point for point in self.points if point.missing)


class Book:
    """Stands in for the store behind intakes: takes samples into account, and keeps none. Safe from any thread."""

    lasting = False
    waiting = 0

    def __init__(self, signals: SignalTable, texts: TextTable) -> None:
        """Start with nothing heard."""
        self.heard: dict[int, Heard] = {}
        self.raw = self
        self._signals, self._texts = signals, texts
        self._seq = itertools.count()
        self._taken = 0
        self._topics: dict[int, str] = {}
        self._lock = threading.Lock()

    def extend(self, messages: Iterable[RawMessage]) -> None:
        """Note the topics of messages; their samples come next."""
        with self._lock:
            self._topics = {raw.message.seq: raw.message.topic for raw in messages}

    def append(self, samples: Samples) -> int:
        """Take samples into account."""
        rows = zip(samples.signal.tolist(), samples.received_ns.tolist(), samples.value.tolist(), samples.kind.tolist(),
                   samples.quality.tolist(), samples.message.tolist(), strict=True)  # fmt: skip
        with self._lock:
            for signal, received_ns, value, kind, quality, message in rows:
                heard = self.heard.get(signal)
                if heard is None:
                    heard = self.heard[signal] = Heard(first_ns=received_ns)
                self._take(heard, received_ns, value, Kind(kind), Quality(quality))
                heard.topic = self._topics.get(message, heard.topic)
            self._taken += len(samples)
            return self._taken

    def _take(self, heard: Heard, received_ns: int, value: float, kind: Kind, quality: Quality) -> None:
        """Take one sample into account."""
        heard.samples += 1
        heard.last_ns, heard.quality = received_ns, quality
        name = _QUALITIES.get(quality, "bad")
        setattr(heard, name, getattr(heard, name) + 1)
        heard.last = value_of(value, kind, self._texts)
        if kind in _NUMBERS:
            heard.low = value if heard.low is None else min(heard.low, value)
            heard.high = value if heard.high is None else max(heard.high, value)

    def repeats_of(self, _signals: object) -> int:
        """Return 0: repeats are not told here."""
        return 0

    def next_seq(self) -> int:
        """Return the next message number."""
        return next(self._seq)

    def mark(self, _key: str, _value: str) -> None:
        """Save nothing."""

    def marked(self, _key: str) -> str:
        """Return nothing: nothing is saved."""
        return ""

    def commit(self) -> int:
        """Return how many samples were taken: they are as durable as they will ever be."""
        return self._taken


@dataclass(slots=True)
class _Sitting:
    """One listening."""

    line: Line
    sources: list[Source] = field(default_factory=list)
    _listening: tuple[SourceHealth, ...] = ()
    """How they were when it ended: that it was ended is no failure of theirs."""

    def run(self, listen_s: float | None, progress: Callable[[float, Sequence[SourceHealth]], None]) -> float:
        """Let every source speak: files to their end, brokers for so long; return the seconds it took."""
        began_s = time.monotonic()
        for source in self.sources:
            source.start()
        try:
            while self._goes_on(began_s, listen_s):
                time.sleep(POLL_S)
                progress(time.monotonic() - began_s, self.health())
        except KeyboardInterrupt:  # who ends it early has the list until then
            pass
        finally:
            listening = self.health()
            for source in self.sources:
                source.stop()
            self._listening = listening
        return time.monotonic() - began_s

    def health(self) -> tuple[SourceHealth, ...]:
        """Return how every source is."""
        now = tuple(source.health() for source in self.sources)
        if not self._listening:
            return now
        return tuple(replace(one, status=was.status, error=was.error) for one, was in zip(now, self._listening, strict=True))

    def _goes_on(self, began_s: float, listen_s: float | None) -> bool:
        """Say whether a broker is still to be listened to, or a file still read."""
        reading = any(not source.live and source.health().status not in {Status.COMPLETE, Status.FAILED} for source in self.sources)
        live = any(source.live for source in self.sources)
        return reading or (live and time.monotonic() - began_s < (listen_s or 0.0))


def points(
    layout: Path, sources: Sequence[str], *, listen_s: float | None, progress: Callable[[float, Sequence[SourceHealth]], None] | None = None
) -> PointList:  # fmt: skip
    """Listen to a line's sources and return its point list.

    Args:
        layout: the line.
        sources: addresses as the command line has them; the layout's own hold for those not given.
        listen_s: how long a broker is listened to.
        progress: told a few times a second how many seconds have passed and how the sources are.

    Raises:
        LayoutError: the layout is wrong.
        SourceError: no address, a source that cannot be used, or that was never reached.
        UsageError: a live source without a time to listen.
    """
    request = requested(layout, sources, load_settings().settings)
    line = load(layout)
    signals, texts = signal_table(line), TextTable()
    book = Book(signals, texts)
    sitting = _Sitting(line)
    for spec in line.sources:
        address = address_of(line, spec, request.addresses)
        if address:
            intake = Intake(line, spec, store=book, signals=signals, texts=texts)
            sitting.sources.append(kind_of(address).make(intake, address, request.logins.get(spec.id, Login())))
    _check(sitting, listen_s)
    seconds = sitting.run(listen_s, progress or _nobody)
    health = sitting.health()
    _raise_failure(health)
    live = any(source.live for source in sitting.sources)
    spans = [heard.last_ns for heard in book.heard.values()], [heard.first_ns for heard in book.heard.values()]
    heard_s = seconds if live or not spans[0] else (max(spans[0]) - min(spans[1])) / SECOND_NS
    return PointList(line=line, points=_listed(line, signals, book, health), seconds=heard_s, health=health)


def _check(sitting: _Sitting, listen_s: float | None) -> None:
    """Refuse what could never give a list."""
    if not sitting.sources:
        raise SourceError(
            N_("{layout} names no address for its sources."), tip=N_("Give one: --source FILE or --source mqtt://host:port, or address = in the layout."),
            layout=sitting.line.path.name,
        )  # fmt: skip
    if listen_s is None and any(source.live for source in sitting.sources):
        raise UsageError(N_("A live source has no end."), tip=N_("Say how long to listen, such as --live 10min."))


def _raise_failure(health: Sequence[SourceHealth]) -> None:
    """Raise what a source failed of, where it never gave anything."""
    for one in health:
        if one.status is Status.FAILED or (one.live and not one.received and one.error):
            raise SourceError(N_("{error}"), error=one.error)


def _listed(line: Line, signals: SignalTable, book: Book, health: Sequence[SourceHealth]) -> tuple[Point, ...]:
    """Return the rows: unit by unit, the expected and the heard ones."""
    wanted = expected(line, [one.source for one in health], lambda unit, name: _was_heard(signals, book, unit, name))
    words = _unknown_words(health)
    rows = []
    for unit in line.units:
        for i in signals.of_unit(unit.id):
            signal = signals[i]
            heard = book.heard.get(i, Heard())
            mapped = (unit.id, signal.name) in wanted
            rows.append(
                Point(
                    unit=unit.id, signal=signal.name, kind=signal.kind.value, unit_of_measure=signal.unit_of_measure, mapped=mapped, derived=signal.derived,
                    heard=heard, unknown_words=words.get(unit.id, ()) if signal.kind.value == "state" else (),
                )
            )  # fmt: skip
    known = {(row.unit, row.signal) for row in rows}
    rows += [
        Point(unit=unit, signal=name, kind="", unit_of_measure="", mapped=True, derived=False, heard=Heard())
        for unit, name in wanted
        if (unit, name) not in known
    ]
    order = {unit.id: i for i, unit in enumerate(line.units)}
    return tuple(sorted(rows, key=lambda row: order.get(row.unit, len(order))))


def _was_heard(signals: SignalTable, book: Book, unit: str, name: str) -> bool:
    """Say whether a unit's signal was heard."""
    found = signals.find(unit, name)
    return found is not None and found in book.heard


def _unknown_words(health: Sequence[SourceHealth]) -> dict[str, tuple[str, ...]]:
    """Return the states that no map names, by unit, each with its count."""
    found: dict[str, list[str]] = {}
    for one in health:
        for key, count in one.unknown_states.items():
            unit, _, word = key.partition(": ")
            found.setdefault(unit, []).append(f"{word} ({count})")
    return {unit: tuple(words) for unit, words in found.items()}


def _nobody(_seconds: float, _health: Sequence[SourceHealth]) -> None:
    """Tell nobody."""


__all__ = ["ANY_UNIT", "Heard", "Point", "PointList", "points"]
