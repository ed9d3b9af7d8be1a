"""A line of two machines, a store in memory, and an intake between them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twin_app.history.store import Store
from twin_app.layout.signals import signal_table
from twin_app.model.equipment import Line, MapRule, SourceSpec, Unit
from twin_app.model.samples import Kind, Quality, TextTable
from twin_app.sources.intake import Intake

RULES = (MapRule(topic="plant/{unit}/{tag...}", dialect="packml_tags"), MapRule(topic="json/{unit}", dialect="json_flat"))


class Bench:
    """An intake with all that stands behind it."""

    def __init__(self, path: Path, **settings: Any) -> None:
        self.source = SourceSpec(**{"id": "plant", "title": "Plant", "rules": RULES, **settings})
        units = tuple(Unit(id=name, title=name, type="filler", source="plant") for name in ("Filler", "Capper"))
        self.line = Line(
            path=path / "line.toml", content_hash="", id="L1", title="", enterprise="E", site="S", area="A", zone="UTC", unit_of_count="bottle",
            constraint="Filler", units=units, sources=(self.source,), products=(),
        )  # fmt: skip
        self.signals, self.texts = signal_table(self.line), TextTable()
        self.store = Store(self.signals, self.texts, journal=None)
        self.now_ns = 1_795_425_957_000_000_000
        self.intake = Intake(self.line, self.source, store=self.store, signals=self.signals, texts=self.texts, now=lambda: self.now_ns)

    def rows(self, unit: str, name: str) -> list[tuple[int, float | str, Quality]]:
        """Fold what came and return one signal's samples: ms since the bench's first instant, value, quality."""
        self.store.fold()
        signal = self.signals.find(unit, name)
        assert signal is not None
        series = self.store.range(signal, 0, 2**62, 0)
        return [
            ((int(at) - 1_795_425_957_000_000_000) // 1_000_000, self.texts.text(int(v)) if kind == Kind.TEXT else float(v), Quality(q))
            for at, v, kind, q in zip(series.times_ns, series.value, series.kind, series.quality, strict=True)
        ]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def make_bench(tmp_path: Path) -> Callable[..., Bench]:
    return lambda **settings: Bench(tmp_path, **settings)
