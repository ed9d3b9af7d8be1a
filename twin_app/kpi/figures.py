"""All figures of a line in a window, from ledgers and counters. Not for the formulas (`iso22400`) nor for showing figures.

KPIs are given over known time: what was counted while nobody knew the state is left out of them, as that time is, and the
OEE index comes with the range that counts the blind time as lost or as ideal. Counter readings are whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING

from twin_app.kpi import iso22400
from twin_app.model.kpi import Kpi, LineFigures, Trend, UnitFigures
from twin_app.model.packml import Category
from twin_app.model.signal import DEFECTIVE, PROCESSED

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.model.timeline import Ledger
    from twin_app.plant.plant import Plant

_SECOND_NS = 1e9
Gaps = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Output:
    """What came out: pieces produced, good and scrap. NaN unknown."""

    produced: float
    good: float
    scrap: float

    def times(self, ratio: float) -> Output:
        """Return the same in another unit of count."""
        return Output(self.produced * ratio, self.good * ratio, self.scrap * ratio)


_UNKNOWN = Output(nan, nan, nan)


def figures(line: Line, plant: Plant, start_ns: int, end_ns: int, *, known_to_ns: int | None = None) -> LineFigures:
    """Return the figures of every unit and of the line in [start_ns, end_ns].

    `known_to_ns` (the window's end): a stop that ends after it is unfinished, see `Plant.ledger`.
    """
    units = {unit.id: unit_figures(line, plant, unit.id, start_ns, end_ns, known_to_ns=known_to_ns) for unit in line.units}
    return line_figures(line, plant, units, start_ns, end_ns)


def unit_figures(line: Line, plant: Plant, unit: str, start_ns: int, end_ns: int, *, known_to_ns: int | None = None) -> UnitFigures:
    """Return the figures of one unit in [start_ns, end_ns]."""
    ledger = plant.ledger(unit, start_ns, end_ns, known_to_ns=known_to_ns)
    return UnitFigures(ledger=ledger, counters=plant.counters(unit, start_ns, end_ns), kpi=unit_kpi(line, plant, unit, ledger))


def line_figures(line: Line, plant: Plant, units: Mapping[str, UnitFigures], start_ns: int, end_ns: int) -> LineFigures:
    """Return the figures of the line from those of all its units in the same window."""
    constraint = units[line.constraint]
    return LineFigures(start_ns=start_ns, end_ns=end_ns, units=units, line=line_kpi(line, plant, constraint.ledger, constraint.kpi))


def trend(line: Line, plant: Plant, unit: str | None, start_ns: int, end_ns: int, points: int) -> Trend:
    """Return the figures at `points` instants evenly over (start_ns, end_ns], each counted from `start_ns` and as known then.

    `unit` None: the line's, with the rate of its last unit(s) in base units. An empty window has no instants.
    """
    steps = range(1, points + 1) if end_ns > start_ns else ()
    times = [start_ns + (end_ns - start_ns) * step // points for step in steps]
    kpis = [_kpi_at(line, plant, unit, start_ns, at_ns) for at_ns in times]
    return Trend(
        times,
        [kpi.oee_index for kpi in kpis],
        [kpi.availability for kpi in kpis],
        [kpi.effectiveness for kpi in kpis],
        [kpi.quality_ratio for kpi in kpis],
        [_rate_at(line, plant, unit, at_ns) for at_ns in times],
    )


def unit_kpi(line: Line, plant: Plant, unit: str, ledger: Ledger) -> Kpi:
    """Return the KPIs of a unit in the ledger's window, over known time, in the unit's own count."""
    blind = ledger.category_ns[Category.BLIND]
    gaps = plant.blind(unit, ledger.start_ns, ledger.end_ns) if blind else []
    return _kpi(output(line, plant, unit, ledger, gaps), ideal_cycle_s(line, unit), ledger, blind_s=blind / _SECOND_NS)


def line_kpi(line: Line, plant: Plant, ledger: Ledger, constraint: Kpi) -> Kpi:
    """Return the KPIs of the line, in its base units, from the constraint's ledger and KPIs.

    OEE = ideal cycle of the constraint * good units out of the last unit(s) / PBT (DOMAIN section 3), over the time in which
    the constraint and the last units are known. Availability, effectiveness, quality and APT are the constraint's own: their
    product is not the line's OEE, because between the constraint and the end of the line pieces wait and are rejected.
    Where no unit feeds another nobody knows what leaves the line: its output and OEE are unknown.
    """
    last = line.last_units
    gaps = _merged(gap for u in {line.constraint, *(u.id for u in last)} for gap in plant.blind(u, ledger.start_ns, ledger.end_ns))
    outputs = [output(line, plant, u.id, ledger, gaps).times(line.base_units(u.id)) for u in last] if line.flow_is_known else [_UNKNOWN]
    total = Output(sum(o.produced for o in outputs), sum(o.good for o in outputs), sum(o.scrap for o in outputs))
    cycle_s = ideal_cycle_s(line, line.constraint) / line.base_units(line.constraint)
    kpi = _kpi(total, cycle_s, ledger, blind_s=sum(end - start for start, end in gaps) / _SECOND_NS)
    return Kpi(
        availability=constraint.availability,
        effectiveness=constraint.effectiveness,
        quality_ratio=constraint.quality_ratio,
        oee_index=kpi.oee_index,
        oee_low=kpi.oee_low,
        oee_high=kpi.oee_high,
        produced=kpi.produced,
        good=kpi.good,
        scrap=kpi.scrap,
        planned_busy_s=kpi.planned_busy_s,
        production_s=kpi.production_s,
        blind_s=kpi.blind_s,
    )


def output(line: Line, plant: Plant, unit: str, ledger: Ledger, gaps: Gaps) -> Output:
    """Return what a unit made in the ledger's window outside of `gaps`, in its own count.

    Whether `Processed` is the total (ISA-TR88) or the good pieces only is a setting of the source. A counter
    that was never heard is unknown, and so is what needs it.
    """
    return pieces(line, unit, plant.known_counts(unit, ledger.start_ns, ledger.end_ns, gaps))


def pieces(line: Line, unit: str, counts: Mapping[str, float]) -> Output:
    """Return what a unit's counts say of pieces, by the setting of its source."""
    processed, defective = counts.get(PROCESSED, nan), counts.get(DEFECTIVE, nan)
    if line.source(line.unit(unit).source).processed_includes_defective:
        return Output(processed, processed - defective, defective)
    return Output(processed + defective, processed, defective)


def _kpi(made: Output, ideal_cycle_s: float, ledger: Ledger, *, blind_s: float) -> Kpi:
    """Return the KPIs from an output over known time, an ideal cycle in seconds a piece, and the ledger of the window."""
    planned_s = (ledger.end_ns - ledger.start_ns - ledger.category_ns[Category.PLANNED]) / _SECOND_NS
    busy_s = planned_s - blind_s
    production_s = ledger.category_ns[Category.PRODUCTION] / _SECOND_NS
    ideal_s = ideal_cycle_s * made.good
    return Kpi(
        availability=iso22400.availability(production_s, busy_s),
        effectiveness=iso22400.effectiveness(made.produced, ideal_cycle_s, production_s),
        quality_ratio=iso22400.quality_ratio(made.good, made.produced),
        oee_index=iso22400.oee_index(made.good, ideal_cycle_s, busy_s),
        oee_low=ideal_s / planned_s if planned_s else nan,
        oee_high=(ideal_s + blind_s) / planned_s if planned_s else nan,
        produced=made.produced,
        good=made.good,
        scrap=made.scrap,
        planned_busy_s=busy_s,
        production_s=production_s,
        blind_s=blind_s,
    )


def ideal_cycle_s(line: Line, unit: str) -> float:
    """Return the ideal seconds a piece of a unit, NaN where the product or its cycle is unknown."""
    cycle_s = line.ideal_cycle_s(unit)
    return nan if cycle_s is None else cycle_s


def _merged(gaps: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans as ascending ones that lie apart."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(gaps):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _kpi_at(line: Line, plant: Plant, unit: str | None, start_ns: int, at_ns: int) -> Kpi:
    """Return the KPIs from the window's start to one instant."""
    named = line.constraint if unit is None else unit
    ledger = plant.ledger(named, start_ns, at_ns)
    kpi = unit_kpi(line, plant, named, ledger)
    return line_kpi(line, plant, ledger, kpi) if unit is None else kpi


def _rate_at(line: Line, plant: Plant, unit: str | None, at_ns: int) -> float:
    """Return pieces a minute before one instant."""
    if unit is not None:
        return plant.rate_per_min(unit, at_ns)
    if not line.flow_is_known:
        return nan
    return sum(plant.rate_per_min(last.id, at_ns) * line.base_units(last.id) for last in line.last_units)
