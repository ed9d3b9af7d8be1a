"""A line of two machines and a hand that feeds its decoder."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from twin_app.codec.decoder import Decoder
from twin_app.errors import DecodeError
from twin_app.model.equipment import Line, MapRule, SourceSpec, Unit
from twin_app.model.message import Message
from twin_app.model.samples import NEVER, Kind, Quality, SampleColumns, TextTable
from twin_app.model.signal import Signal, SignalTable

NOON_NS = 1_795_425_957_000 * 1_000_000


class Sample(NamedTuple):
    """One sample with its codes resolved, times as ms from noon."""

    unit: str
    name: str
    value: float | str | None
    at_ms: int
    quality: Quality
    kind: Kind
    message: int
    source_ms: int | None


class Bench:
    """A decoder with its tables; `say` feeds it, `samples` tells what came of it."""

    def __init__(self, source: SourceSpec, declared: tuple[Signal, ...] = ()) -> None:
        units = tuple(Unit(id=name, title=name, type="filler", source="plant") for name in ("Filler", "Capper"))
        self.line = Line(
            path=Path("line.toml"), content_hash="", id="L1", title="", enterprise="E", site="S", area="A", zone="UTC", unit_of_count="bottle",
            constraint="Filler", units=units, sources=(source,), products=(),
        )  # fmt: skip
        self.signals, self.texts, self.columns = SignalTable(declared), TextTable(), SampleColumns()
        self.decoder = Decoder(self.line, source, self.signals, self.texts)
        self.tally = self.decoder.tally
        self._seq = 0

    def say(self, topic: str, payload: bytes, at_ms: int = 0, *, retain: bool = False) -> str:
        """Feed one message and return the reason it was refused for, or an empty text."""
        message = Message(self._seq, "plant", topic, payload, NOON_NS + at_ms * 1_000_000, 0, retain)
        self._seq += 1
        try:
            self.decoder.decode(message, self.columns)
        except DecodeError as error:
            return str(error.arguments["reason"])
        return ""

    def settle(self, at_ms: int) -> None:
        """Let receive time pass."""
        self.decoder.settle(NOON_NS + at_ms * 1_000_000, self.columns)

    def samples(self) -> list[Sample]:
        """Return everything decoded since the last call."""
        return list(self._resolved())

    def values(self, name: str) -> list[Any]:
        """Return one signal's values decoded since the last call."""
        return [sample.value for sample in self.samples() if sample.name == name]

    def _resolved(self) -> Iterator[Sample]:
        columns = self.columns.take_all()
        rows = zip(
            columns.signal,
            columns.value,
            columns.kind,
            columns.quality,
            columns.effective_ns,
            columns.source_ns,
            columns.message,
            strict=True,
        )
        for signal, value, kind, quality, at, source, message in rows:
            known = self.signals[int(signal)]
            found: float | str | None = float(value)
            if kind in {Kind.TEXT, Kind.BIG_INT}:
                found = self.texts.text(int(value))
            elif kind == Kind.NULL:
                found = None
            source_ms = None if source == NEVER else (int(source) - NOON_NS) // 1_000_000
            yield Sample(
                known.unit, known.name, found, (int(at) - NOON_NS) // 1_000_000, Quality(quality), Kind(kind), int(message), source_ms
            )


@pytest.fixture
def packml() -> Callable[..., Bench]:
    """Return a maker of benches whose source speaks plain PackTags under `plant/{unit}/...`."""

    def make(
        *, signals: dict[str, str] | None = None, units: dict[str, str] | None = None, declared: tuple[Signal, ...] = (), **settings: Any
    ) -> Bench:
        rule = MapRule(topic="plant/{unit}/{tag...}", dialect="packml_tags", signals=signals or {}, units=units or {})
        return Bench(SourceSpec(id="plant", title="", rules=(rule,), **settings), declared)

    return make


@pytest.fixture
def json_flat() -> Callable[..., Bench]:
    """Return a maker of benches whose source sends one JSON object a message under `plant/{unit}`."""

    def make(
        *, signals: dict[str, str] | None = None, declared: tuple[Signal, ...] = (), time_field: str = "", time_unit: str = "iso8601"
    ) -> Bench:
        rule = MapRule(topic="plant/{unit}", dialect="json_flat", signals=signals or {}, time_field=time_field, time_unit=time_unit)
        return Bench(SourceSpec(id="plant", title="", rules=(rule,)), declared)

    return make


@pytest.fixture
def by_rule() -> Callable[..., Bench]:
    """Return a maker of benches whose source has one rule, given key by key."""

    def make(*, declared: tuple[Signal, ...] = (), **rule: Any) -> Bench:
        return Bench(SourceSpec(id="plant", title="", rules=(MapRule(**rule),)), declared)

    return make
