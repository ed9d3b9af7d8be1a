"""A line of a filler that feeds a capper that feeds a packer, with alarms, and a mouth to speak for its signals."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from twin_app.alarms import Alarms
from twin_app.model.alarm import Action, AlarmNow, AlarmPicture, Why
from twin_app.model.alarm_rule import AlarmRule
from twin_app.model.equipment import Feed, Limits, Line, SignalSpec, SourceSpec, Unit
from twin_app.model.samples import Kind, Quality, SampleColumns, Samples, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable
from twin_app.plant.plant import Plant

MIDNIGHT_NS = 1_767_225_600 * 10**9  # 2026-01-01T00:00:00Z, a Thursday
TEMPERATURE = SignalSpec(name="Temp", kind=SignalKind.MEASUREMENT, limits=Limits(low=10.0, high=80.0, high_high=90.0, deadband=2.0))


def at(second: float) -> int:
    """Return an instant, UTC ns."""
    return MIDNIGHT_NS + round(second * 1e9)


LINE = Line(
    path=Path("line.toml"), content_hash="", id="L1", title="", enterprise="E", site="S", area="A", zone="UTC", unit_of_count="bottle",
    constraint="Filler",
    units=(
        Unit(id="Filler", title="Filler", type="filler", source="plc", feeds=(Feed(to="Capper"),), signals=(TEMPERATURE,)),
        Unit(id="Capper", title="Capper", type="capper", source="plc", feeds=(Feed(to="Packer"),)),
        Unit(id="Packer", title="Packer", type="case_packer", source="plc"),
    ),
    sources=(SourceSpec(id="plc", title="PLC"),), products=(),
)  # fmt: skip


class Bench:
    """Plant and alarms of a line, and what is said to them and asked of them."""

    def __init__(self, *alarms: AlarmRule, **changes: Any) -> None:
        self.line = dataclasses.replace(LINE, **{"alarms": alarms, **changes})
        self.signals, self.texts = SignalTable(), TextTable()
        self.plant = Plant(self.line, self.signals, self.texts)
        self.alarms = Alarms(self.line, self.signals, self.texts, self.plant)
        self._said = SampleColumns()
        self._message = 0

    def say(
        self, second: float, name: str, value: float | str | None, *, unit: str = "Filler", quality: Quality = Quality.GOOD,
    ) -> None:  # fmt: skip
        """Let a unit say something."""
        kind = Kind.TEXT if isinstance(value, str) else Kind.NULL if value is None else Kind.NUMBER
        code = self.texts.code(value) if isinstance(value, str) else float("nan") if value is None else value
        signal_kind = SignalKind.STATE if name == "State" else SignalKind.MEASUREMENT
        signal = self.signals.add(Signal(path=f"S/A/L1/{unit}/{name}", unit=unit, name=name, kind=signal_kind))
        self._message += 1
        self._said.append(
            signal, effective_ns=at(second), received_ns=at(second), value=code, kind=kind, quality=quality, message=self._message
        )

    def pulse(self, *seconds: float, name: str = "Jam", unit: str = "Filler", lasts: float = 1.0) -> None:
        """Let a yes come at seconds, each for a moment."""
        for second in seconds:
            self.say(second, name, 1.0, unit=unit)
            self.say(second + lasts, name, 0.0, unit=unit)

    def link(self, second: float, *, up: bool) -> None:
        """Let the source say whether it is connected."""
        self.say(second, "Connected", float(up), unit="@plc")

    def take(self) -> Samples:
        """Return what was said since the last call."""
        return self._said.take_all()

    def fold(self, samples: Samples | None = None) -> None:
        """Fold what was said since the last call, or some samples."""
        samples = self.take() if samples is None else samples
        if len(samples):
            self.plant.fold(samples)
            self.alarms.fold(samples)

    def act(
        self, second: float, what: Why, key: str = "Filler/Jam", *, until: float = 0.0, one_shot: bool = False, who: str = "p1"
    ) -> None:
        """Let a person do something."""
        until_ns = at(until) if until else 0
        self.fold()
        self.alarms.act(
            [Action(what=what, alarm=key, effective_ns=at(second), known_ns=at(second), who=who, until_ns=until_ns, one_shot=one_shot)]
        )

    def picture(self, second: float) -> AlarmPicture:
        """Return all alarms at an instant."""
        self.fold()
        return self.alarms.at(at(second))

    def now(self, second: float, key: str = "Filler/Jam") -> AlarmNow | None:
        """Return one alarm at an instant, None where it is normal."""
        picture = self.picture(second)
        return next((now for now in (*picture.listed, *picture.hidden) if now.alarm.key == key), None)

    def state(self, second: float, key: str = "Filler/Jam") -> str:
        """Return the letter of an alarm's state at an instant."""
        self.fold()
        return self.alarms.state(key, at(second)).letter

    def listed(self, second: float) -> list[str]:
        """Return the keys of the listed alarms, the most urgent first."""
        return [now.alarm.key for now in self.picture(second).listed]

    def course(self, key: str = "Filler/Jam", end: float = 1e6) -> list[tuple[float, str]]:
        """Return when an alarm moved and how, such as (12.0, "A>B occurs")."""
        self.fold()
        rows = [row for row in self.alarms.transitions(at(0), at(end)) if row.alarm.key == key]
        return [((row.at_ns - MIDNIGHT_NS) / 1e9, f"{row.before.letter}>{row.after.letter} {row.why}") for row in rows]


@pytest.fixture(scope="session")
def make_bench() -> type[Bench]:
    """Return the maker of benches."""
    return Bench
