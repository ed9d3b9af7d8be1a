"""Lines of any shape whose units say states and counts. Times are seconds after a fixed midnight."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from twin_app.kpi.figures import figures, trend
from twin_app.model.equipment import Feed, Line, Product, SourceSpec, Unit
from twin_app.model.kpi import LineFigures, Trend
from twin_app.model.samples import Kind, SampleColumns, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable
from twin_app.plant.plant import Plant

MIDNIGHT_NS = 1_767_225_600 * 10**9  # 2026-01-01T00:00:00Z
KINDS = dict.fromkeys(("State", "Connected", "Starved", "Blocked"), SignalKind.STATE) | dict.fromkeys(
    ("Product", "Order", "OrderQuantity"), SignalKind.TEXT
)


def at(second: float) -> int:
    """Return an instant, UTC ns."""
    return MIDNIGHT_NS + round(second * 1e9)


class Shop:
    """A chain of units, each feeding the next, whose source says what a test lets it say."""

    def __init__(
        self, cycles_s: dict[str, float], *, constraint: str = "", ratios: dict[str, float] | None = None,
        products: tuple[Product, ...] | None = None, includes_defective: bool = True, **changes: Any,
    ) -> None:  # fmt: skip
        names = list(cycles_s)
        feeds = {a: (Feed(to=b),) for a, b in pairwise(names)}
        units = tuple(
            Unit(id=n, title="", type="filler", source="plc", feeds=feeds.get(n, ()), base_units_per_count=(ratios or {}).get(n, 1.0))
            for n in names
        )
        only = (Product(id="p", title="", ideal_cycle_s=cycles_s),)
        said: dict[str, Any] = {
            "path": Path("line.toml"), "content_hash": "", "id": "L", "title": "", "enterprise": "", "site": "", "area": "", "zone": "UTC",
            "unit_of_count": "bottle", "constraint": constraint or names[0], "units": units,
            "sources": (SourceSpec(id="plc", title="", processed_includes_defective=includes_defective),),
            "products": only if products is None else products,
        }  # fmt: skip
        self.line = Line(**(said | changes))
        self.signals, self.texts = SignalTable(), TextTable()
        self.plant = Plant(self.line, self.signals, self.texts)
        self._columns = SampleColumns()

    def say(self, second: float, unit: str, name: str, value: float | str) -> None:
        """Let a unit say something."""
        signal = self.signals.add(Signal(path=f"{unit}/{name}", unit=unit, name=name, kind=KINDS.get(name, SignalKind.COUNTER)))
        kind = Kind.TEXT if isinstance(value, str) else Kind.NUMBER
        code = self.texts.code(value) if isinstance(value, str) else value
        self._columns.append(signal, effective_ns=at(second), received_ns=at(second), value=code, kind=kind)

    def states(self, unit: str, said: dict[float, str]) -> None:
        """Let a unit say its states, by second."""
        for second, word in said.items():
            self.say(second, unit, "State", word)

    def counts(self, unit: str, processed: dict[float, float], defective: dict[float, float] | None = None) -> None:
        """Let a unit say its counts, by second."""
        for name, said in (("Processed", processed), ("Defective", defective or {})):
            for second, value in said.items():
                self.say(second, unit, name, value)

    def figures(self, start: float, end: float) -> LineFigures:
        """Return the figures of a window."""
        self.plant.fold(self._columns.take_all())
        return figures(self.line, self.plant, at(start), at(end))

    def trend(self, unit: str | None, start: float, end: float, points: int) -> Trend:
        """Return a trend over a window."""
        self.plant.fold(self._columns.take_all())
        return trend(self.line, self.plant, unit, at(start), at(end), points)


@pytest.fixture(scope="session")
def shop() -> type[Shop]:
    """Return the maker of shops."""
    return Shop
