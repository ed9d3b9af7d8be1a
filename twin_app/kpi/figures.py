"""All figures of a line in a window, from ledgers and counters. Not for the formulas (`iso22400`) nor for showing figures.

KPIs are given over known time: what was counted while nobody knew the state is left out of them, as that time is, and the
OEE index comes with the range that counts the blind time as lost or as ideal. Counter readings are whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING

from twin_app.kpi import iso22400
from twin_app.kpi.made import UNKNOWN, Made, left, made, together
from twin_app.model.kpi import Kpi, LineFigures, Trend, UnitFigures
from twin_app.model.packml import CATEGORIES, Category
from twin_app.model.signal import DEFECTIVE, PROCESSED
from twin_app.model.timeline import Ledger

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.plant.plant import Plant

_SECOND_NS = 1e9
Spans = Sequence[tuple[int, int]]
"""Spans of time, UTC ns, ascending and apart."""
SpansOf = Callable[[str], Spans]
"""The spans of each unit."""


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
    kpi = line_kpi(line, plant, constraint.ledger, constraint.kpi, line_gaps(line, plant, start_ns, end_ns))
    return LineFigures(start_ns=start_ns, end_ns=end_ns, units=units, line=kpi, thrown_out=thrown_out(line, plant, units, end_ns))


def thrown_out(line: Line, plant: Plant, units: Mapping[str, UnitFigures], at_ns: int) -> dict[str, float]:
    """Return the scrap of every unit that counts pieces, in base units of what is made at `at_ns`; NaN where it does not tell."""
    return {
        unit: found.kpi.scrap * line.base_units(unit, plant.task(unit, at_ns).product)
        for unit, found in units.items()
        if found.counters.keys() & {PROCESSED, DEFECTIVE}
    }


def trend(line: Line, plant: Plant, unit: str | None, start_ns: int, end_ns: int, points: int) -> Trend:
    """Return the figures at `points` instants evenly over (start_ns, end_ns], each counted from `start_ns` and as known then.

    `unit` None: the line's, with the rate of its last unit(s) in base units. An empty window has no instants.
    """
    steps = range(1, points + 1) if end_ns > start_ns else ()
    times = [start_ns + (end_ns - start_ns) * step // points for step in steps]
    gaps = line_gaps(line, plant, start_ns, end_ns) if unit is None and times else []
    kpis = [_kpi_at(line, plant, unit, (start_ns, at_ns), gaps) for at_ns in times]
    return Trend(
        times,
        [kpi.oee_told for kpi in kpis],
        [kpi.availability for kpi in kpis],
        [kpi.effectiveness for kpi in kpis],
        [kpi.quality_ratio for kpi in kpis],
        [_rate_at(line, plant, unit, at_ns) for at_ns in times],
        [kpi.good for kpi in kpis],
        [kpi.planned_busy_s + kpi.blind_s for kpi in kpis],
    )


def unit_kpi(line: Line, plant: Plant, unit: str, ledger: Ledger) -> Kpi:
    """Return the KPIs of a unit in the ledger's window, over known time, in the unit's own count."""
    blind = ledger.category_ns[Category.BLIND]
    gaps = plant.blind(unit, ledger.start_ns, ledger.end_ns) if blind else []
    return kpi_of(
        made(line, plant, unit, ledger.start_ns, ledger.end_ns, gaps), ledger, blind_s=blind / _SECOND_NS, planned=planned_of(line)
    )


def line_kpi(line: Line, plant: Plant, ledger: Ledger, constraint: Kpi, gaps: Spans) -> Kpi:
    """Return the KPIs of the line, in its base units, from the constraint's ledger and KPIs.

    OEE = ideal cycle of the constraint * good units out of the last unit(s) / PBT (DOMAIN section 3), over the time in which
    the constraint and the last units are known: outside of `gaps`. Availability, effectiveness, quality and APT are the constraint's own: their
    product is not the line's OEE, because between the constraint and the end of the line pieces wait and are rejected.
    Where no unit feeds another nobody knows what leaves the line: its output and OEE are unknown.
    """
    last = line.last_units
    known = (
        [left(line, plant, u.id, ledger.start_ns, ledger.end_ns, gaps) for u in last] if line.flow_is_known else [Made(((nan, UNKNOWN),))]
    )
    kpi = kpi_of(together(known), ledger, blind_s=sum(end - start for start, end in gaps) / _SECOND_NS, planned=planned_of(line))
    factors = {name: getattr(constraint, name) for name in ("availability", "effectiveness", "quality_ratio")}
    return replace(kpi, **factors)


def line_gaps(line: Line, plant: Plant, start_ns: int, end_ns: int) -> list[tuple[int, int]]:
    """Return the spans of a window in which the constraint or a last unit is not known; ascending, apart."""
    return _merged(gap for u in {line.constraint, *(u.id for u in line.last_units)} for gap in plant.blind(u, start_ns, end_ns))


def summed(plant: Plant, unit: str, spans: Spans, known_to_ns: int) -> Ledger:
    """Return a unit's time over several spans as one ledger, as long as they are together; see `Plant.ledger`."""
    ledgers = [plant.ledger(unit, start_ns, end_ns, known_to_ns=known_to_ns) for start_ns, end_ns in spans]
    if len(ledgers) == 1:
        return ledgers[0]
    states = {state for ledger in ledgers for state in ledger.state_ns}
    return Ledger(
        0,
        sum(ledger.end_ns - ledger.start_ns for ledger in ledgers),
        {category: sum(ledger.category_ns[category] for ledger in ledgers) for category in CATEGORIES},
        {state: sum(ledger.state_ns.get(state, 0) for ledger in ledgers) for state in states},
        sum(ledger.blind_ns for ledger in ledgers),
    )


def planned_of(line: Line) -> tuple[Category, ...]:
    """Return what of the ledger is outside of the planned busy time."""
    return (Category.PLANNED, Category.NO_ORDER) if line.no_order_is_planned else (Category.PLANNED,)


def kpi_of(made: Made, ledger: Ledger, *, blind_s: float, planned: tuple[Category, ...] = (Category.PLANNED,)) -> Kpi:
    """Return the KPIs from what was made over known time, and the ledger of the window, of which some is `planned` stops."""
    planned_s = (ledger.end_ns - ledger.start_ns - sum(ledger.category_ns.get(category, 0) for category in planned)) / _SECOND_NS
    busy_s = planned_s - blind_s
    production_s = ledger.category_ns[Category.PRODUCTION] / _SECOND_NS
    output, ideal_s = made.output, made.ideal_s("good")
    return Kpi(
        availability=iso22400.availability(production_s, busy_s),
        effectiveness=iso22400.effectiveness(made.ideal_s("produced"), 1.0, production_s),
        quality_ratio=made.quality_ratio,
        oee_index=iso22400.oee_index(ideal_s, 1.0, busy_s),
        oee_low=ideal_s / planned_s if planned_s else nan,
        oee_high=(ideal_s + blind_s) / planned_s if planned_s else nan,
        produced=output.produced,
        good=output.good,
        scrap=output.scrap,
        planned_busy_s=busy_s,
        production_s=production_s,
        blind_s=blind_s,
        ideal_good_s=ideal_s,
        grain_s=made.grain_s,
    )


def _merged(gaps: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans as ascending ones that lie apart."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(gaps):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _kpi_at(line: Line, plant: Plant, unit: str | None, window: tuple[int, int], gaps: Spans) -> Kpi:
    """Return the KPIs of a window, those of the line where `unit` is None, whose `gaps` may go on behind the window."""
    named = line.constraint if unit is None else unit
    ledger = plant.ledger(named, *window)
    kpi = unit_kpi(line, plant, named, ledger)
    if unit is not None:
        return kpi
    end_ns = window[1]
    return line_kpi(line, plant, ledger, kpi, [(start, min(end, end_ns)) for start, end in gaps if start < end_ns])


def _rate_at(line: Line, plant: Plant, unit: str | None, at_ns: int) -> float:
    """Return pieces a minute before one instant."""
    if unit is not None:
        return plant.rate_per_min(unit, at_ns)
    if not line.flow_is_known:
        return nan
    return sum(
        plant.rate_per_min(last.id, at_ns) * line.base_units(last.id, plant.task(last.id, at_ns).product) for last in line.last_units
    )
