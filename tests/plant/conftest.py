"""A line of a filler that feeds a capper, and a mouth to speak for its signals. Times are seconds after a fixed midnight."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from twin_app.history.store import Store
from twin_app.model.equipment import Feed, Line, SourceSpec, Unit
from twin_app.model.packml import Category
from twin_app.model.samples import Kind, Quality, SampleColumns, Samples, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable
from twin_app.plant.plant import Plant, Revision

MIDNIGHT_NS = 1_767_225_600 * 10**9  # 2026-01-01T00:00:00Z, a Thursday
COUNTERS = ("Processed", "Defective", "Consumed")


def at(second: float) -> int:
    """Return an instant, UTC ns."""
    return MIDNIGHT_NS + round(second * 1e9)


LINE = Line(
    path=Path("line.toml"),
    content_hash="",
    id="L1",
    title="",
    enterprise="E",
    site="S",
    area="A",
    zone="UTC",
    unit_of_count="bottle",
    constraint="Filler",
    units=(
        Unit(id="Filler", title="", type="filler", source="plc", feeds=(Feed(to="Capper"),)),
        Unit(id="Capper", title="", type="capper", source="plc"),
    ),
    sources=(SourceSpec(id="plc", title=""),),
    products=(),
)


class Bench:
    """A plant, and what is said to it and asked of it."""

    def __init__(self, *, remembers: bool = True, **changes: Any) -> None:
        """With `remembers` there is a history behind the plant, as in the product, so that it need not keep what repeats."""
        self.line = dataclasses.replace(LINE, **changes)
        self.signals, self.texts = SignalTable(), TextTable()
        self.history = Store(self.signals, self.texts, journal=None)
        self.past = self.history.range if remembers else None
        self.plant = Plant(self.line, self.signals, self.texts, self.past)
        self._said = SampleColumns()
        self._message = 0

    def signal(self, name: str, unit: str = "Filler") -> int:
        """Return a signal's id."""
        kind = SignalKind.COUNTER if name in COUNTERS else SignalKind.STATE if name == "State" else SignalKind.MEASUREMENT
        return self.signals.add(Signal(path=f"S/A/L1/{unit}/{name}", unit=unit, name=name, kind=kind))

    def say(
        self, second: float, name: str, value: float | str | None, *, unit: str = "Filler",
        quality: Quality = Quality.GOOD, message: int | None = None,
    ) -> None:  # fmt: skip
        """Let a unit say something; messages count up."""
        code = self.texts.code(value) if isinstance(value, str) else value
        kind = Kind.TEXT if isinstance(value, str) else Kind.NULL if value is None else Kind.NUMBER
        self._message += 1
        self._said.append(
            self.signal(name, unit), effective_ns=at(second), received_ns=at(second), value=float("nan") if code is None else code,
            kind=kind, quality=quality, message=self._message if message is None else message,
        )  # fmt: skip

    def states(self, said: dict[float, str], unit: str = "Filler") -> None:
        """Let a unit say its states, by second."""
        for second, word in said.items():
            self.say(second, "State", word, unit=unit)

    def link(self, second: float, *, up: bool) -> None:
        """Let the source say whether it is connected."""
        self.say(second, "Connected", float(up), unit="@plc")

    def fold(self) -> Revision:
        """Fold what was said since the last call."""
        return self.plant.fold(self.remembered())

    def remembered(self, samples: Samples | None = None) -> Samples:
        """Return what was said since the last call, or what is given; the history has it from now on."""
        self.history.append(self._said.take_all() if samples is None else samples)
        return self.history.fold()

    def spent(self, start: float, end: float, *, known_to: float | None = None) -> dict[str, float]:
        """Return seconds by category, those that are not zero."""
        self.fold()
        ledger = self.plant.ledger("Filler", at(start), at(end), known_to_ns=None if known_to is None else at(known_to))
        return {str(category): ns / 1e9 for category, ns in ledger.category_ns.items() if ns}

    def in_states(self, start: float, end: float) -> dict[str, float]:
        """Return seconds by state, blind ones under `blind`."""
        self.fold()
        ledger = self.plant.ledger("Filler", at(start), at(end))
        found = {state.title: ns / 1e9 for state, ns in ledger.state_ns.items()}
        return found | ({"blind": ledger.blind_ns / 1e9} if ledger.blind_ns else {})

    def category(self, second: float) -> Category:
        """Return what the filler's time costs at an instant."""
        self.fold()
        return self.plant.now("Filler", at(second)).category


@pytest.fixture
def bench() -> Bench:
    """Return a bench whose short stops are shorter than 120 s, with no calendar."""
    return Bench()


@pytest.fixture(scope="session")
def make_bench() -> type[Bench]:
    """Return the maker of benches whose line differs in some fields."""
    return Bench
