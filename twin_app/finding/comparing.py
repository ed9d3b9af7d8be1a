"""Two windows of a line beside each other: every figure of both and how they differ. Not for showing them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite, nan
from typing import TYPE_CHECKING, Literal, Protocol

from twin_app.model.kpi import LOSS_WORDS
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from twin_app.model.equipment import Line
    from twin_app.model.kpi import Detail, Kpi, LineFigures

Kind = Literal["share", "count", "seconds"]
KPI_WORDS: Mapping[str, tuple[str, Kind]] = {
    "availability": (N_("Availability"), "share"), "effectiveness": (N_("Effectiveness"), "share"), "quality_ratio": (N_("Quality"), "share"),
    "oee_index": (N_("OEE"), "share"), "good": (N_("Good"), "count"), "produced": (N_("Produced"), "count"), "scrap": (N_("Scrap"), "count"),
    "planned_busy_s": (N_("Planned busy time"), "seconds"), "production_s": (N_("Production time"), "seconds"), "blind_s": (N_("Blind"), "seconds"),
}  # fmt: skip
"""Catalogue words and kinds of the figures of a `Kpi`, in the order they are shown in."""
FAILURES = ("failures", N_("Failures"))


class Asked(Protocol):
    """Whoever knows a line: `session.known.Known`, or a session."""

    line: Line

    def figures(self, start_ns: int, end_ns: int) -> LineFigures:
        """Return every figure of a window."""
        ...

    def detail(self, unit: str, start_ns: int, end_ns: int) -> Detail:
        """Return the further figures of a unit in a window."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """One of the two: all figures of a stretch of time."""

    name: str
    """The shift's name with its date; empty: it is a stretch somebody chose."""
    figures: LineFigures
    details: Mapping[str, Detail]
    """By unit."""

    @property
    def start_ns(self) -> int:
        """Return when it starts, UTC ns."""
        return self.figures.start_ns

    @property
    def end_ns(self) -> int:
        """Return when it ends."""
        return self.figures.end_ns


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of both windows. NaN unknown."""

    unit: str
    """Id of the unit; empty: the line's."""
    measure: str
    """What scripts call it, `oee_index`."""
    words: str
    """The same as a catalogue sentence."""
    kind: Kind
    this: float
    other: float

    @property
    def difference(self) -> float:
        """Return this less the other; NaN where one of them is unknown."""
        return self.this - self.other if isfinite(self.this) and isfinite(self.other) else nan


def window(known: Asked, start_ns: int, end_ns: int, name: str = "") -> Window:
    """Return all figures of [start_ns, end_ns]: the same that are shown of it anywhere."""
    details = {unit.id: known.detail(unit.id, start_ns, end_ns) for unit in known.line.flow_order}
    return Window(name, known.figures(start_ns, end_ns), details)


def differences(units: Sequence[str], this: Window, other: Window) -> tuple[Difference, ...]:
    """Return every figure of the line, then of each unit, in both windows."""
    found = list(_of_kpi("", *(replace(one.figures.line, scrap=one.figures.scrapped) for one in (this, other))))
    for unit in units:
        found += _of_kpi(unit, this.figures.units[unit].kpi, other.figures.units[unit].kpi)
        found += _of_detail(unit, this.details[unit], other.details[unit])
    return tuple(found)


def _of_kpi(unit: str, this: Kpi, other: Kpi) -> Iterator[Difference]:
    """Yield the figures of a `Kpi`."""
    for measure, (words, kind) in KPI_WORDS.items():
        yield Difference(unit, measure, words, kind, getattr(this, measure), getattr(other, measure))


def _of_detail(unit: str, this: Detail, other: Detail) -> Iterator[Difference]:
    """Yield failures and losses."""
    measure, words = FAILURES
    yield Difference(unit, measure, words, "count", float(this.failures), float(other.failures))
    for loss in this.losses_s:
        yield Difference(unit, str(loss), LOSS_WORDS[loss], "seconds", this.losses_s[loss], other.losses_s[loss])
