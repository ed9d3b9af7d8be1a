"""The JSON that `kpi` and `state` print: stable, because scripts rely on it. Keys may be added, never changed."""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING

from twin_app.model.packml import CATEGORIES
from twin_app.model.samples import NEVER, Kind, Quality
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from twin_app.model.kpi import Kpi, LineFigures, UnitFigures
    from twin_app.model.samples import TextTable
    from twin_app.session import Session

SECOND_NS = 1e9


def known(value: float | None) -> float | None:
    """Return the figure, or None (JSON null) where it is unknown."""
    return None if value is None or not math.isfinite(value) else value


def kpi_answer(figures: LineFigures) -> dict[str, object]:
    """Return the object that `twin-app kpi --json` prints."""
    return {
        "from": iso_utc(figures.start_ns),
        "to": iso_utc(figures.end_ns),
        "units": {unit_id: _unit(unit) for unit_id, unit in figures.units.items()},
        "line": {**_ratios(figures.line), "good": known(figures.line.good), "produced": known(figures.line.produced)},
    }


def _unit(unit: UnitFigures) -> dict[str, object]:
    """Return one unit's part of the answer; only states that were seen are listed."""
    ledger = unit.ledger
    return {
        "state_s": {state.title: ns / SECOND_NS for state, ns in sorted(ledger.state_ns.items()) if ns},
        "category_s": {str(c): ledger.category_ns.get(c, 0) / SECOND_NS for c in CATEGORIES},
        "blind_s": ledger.blind_ns / SECOND_NS,
        "counters": {
            name: {"last": known(reading.last), "total": known(reading.total), "resets": reading.resets}
            for name, reading in unit.counters.items()
        },
        "kpi": _ratios(unit.kpi),
    }


def _ratios(kpi: Kpi) -> dict[str, float | None]:
    """Return the ratios of one KPI value, unknown as None."""
    names = ("availability", "effectiveness", "quality_ratio", "oee_index", "oee_low", "oee_high", "planned_busy_s", "production_s", "blind_s")
    return {name: known(getattr(kpi, name)) for name in names}


def state_answer(session: Session, at_ns: int) -> dict[str, object]:
    """Return the object that `twin-app state --json` prints."""
    latest, line, signals = session.latest(at_ns), session.line, session.signals
    units: dict[str, object] = {}
    for unit in line.units:
        now = session.unit_now(unit.id, at_ns)
        values = {
            signals[i].name: {
                "value": value_of(float(latest.value[i]), Kind(int(latest.kind[i])), session.texts),
                "at": iso_utc(int(latest.effective_ns[i])),
                "quality": Quality(int(latest.quality[i])).name,
            }
            for i in signals.of_unit(unit.id)
            if i < len(latest.effective_ns) and latest.effective_ns[i] != NEVER
        }
        units[unit.id] = {"state": now.state.title if now.state is not None else None, "since": iso_utc(now.since_ns), "signals": values}
    return {"at": iso_utc(at_ns), "units": units}


def value_of(value: float, kind: Kind, texts: TextTable) -> object:
    """Return a sample's value as JSON can carry it: bytes as base64, unknown as None, big integers exact."""
    if kind is Kind.NUMBER:
        return known(value)
    if kind is Kind.BOOL:
        return bool(value)
    if kind is Kind.TEXT:
        return texts.text(int(value))
    if kind is Kind.BIG_INT:
        return int(texts.text(int(value)))
    if kind is Kind.BLOB:
        return base64.b64encode(texts.entry(int(value))).decode()
    return None
