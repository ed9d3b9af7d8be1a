"""ISO 22400-2 figures as values. NaN is unknown. `kpi` computes them."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from twin_app.model.timeline import CounterReading, Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """Availability A, effectiveness E, quality ratio Q and OEE index over known time, with OEE's range when some time was blind."""

    availability: float = nan
    effectiveness: float = nan
    quality_ratio: float = nan
    oee_index: float = nan
    oee_low: float = nan
    """The blind time counted as lost."""
    oee_high: float = nan
    """The blind time counted as ideal."""
    produced: float = nan
    """PQ in the unit's own count (base units for the line)."""
    good: float = nan
    scrap: float = nan
    planned_busy_s: float = nan
    """PBT over known time, seconds."""
    production_s: float = nan
    """APT, seconds."""
    blind_s: float = 0.0
    """Blind time within planned time, seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFigures:
    """All figures of one unit in a window."""

    ledger: Ledger
    counters: Mapping[str, CounterReading]
    kpi: Kpi


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFigures:
    """All figures of a line in a window [start_ns, end_ns]."""

    start_ns: int
    end_ns: int
    units: Mapping[str, UnitFigures]
    line: Kpi


@dataclass(frozen=True, slots=True)
class Trend:
    """Figures of a unit (or the line) at n instants, each counted from the same start. Length n each, NaN unknown."""

    times_ns: Sequence[int]
    oee_index: Sequence[float]
    availability: Sequence[float]
    effectiveness: Sequence[float]
    quality_ratio: Sequence[float]
    rate_per_min: Sequence[float]
    """Over the minute before each instant, in the unit's own count."""
