"""The JSON that `kpi` and `state` print: stable, because scripts rely on it. Keys may be added, never changed. Not for wording."""

from __future__ import annotations

import base64
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, NotRequired, TypedDict

from twin_app.clock import SECOND_NS
from twin_app.kpi.plan_words import AgainstAnswer, against_answer
from twin_app.model.packml import CATEGORIES
from twin_app.model.samples import NEVER, Kind, Quality
from twin_app.service.source_answers import SourceAnswer, sources_answer
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.model.against import Against
    from twin_app.model.energy import Energy
    from twin_app.model.historian import Latest
    from twin_app.model.kpi import Detail, Kpi, LineFigures, UnitFigures
    from twin_app.model.samples import TextTable
    from twin_app.session import Session

Known = float | None
"""A figure, None (JSON null) where it is unknown."""


class CounterAnswer(TypedDict):
    """A counter in a window: its last value, what it counted over restarts, and how many restarts."""

    last: Known
    total: Known
    resets: int


class KpiAnswer(TypedDict):
    """ISO 22400 figures over known time: shares of one, seconds, counts."""

    availability: Known
    effectiveness: Known
    quality_ratio: Known
    oee_index: Known
    oee_low: Known
    oee_high: Known
    oee_early: bool
    """Too little time is planned yet for OEE to say much: a count more or less changes it by a tenth and more."""
    planned_busy_s: Known
    production_s: Known
    blind_s: Known


class EnergyAnswer(TypedDict):
    """Energy over metered time; null: nobody tells. `kg_co2e` is null where the layout names no factor."""

    kwh: Known
    kwh_by_category: dict[str, float]
    idle_share: Known
    coverage: Known
    """Share of the machine time in which a meter tells."""
    kwh_per_good: Known
    kwh_per_good_low: Known
    kwh_per_good_high: Known
    kg_co2e: Known
    kg_co2e_per_good: Known
    kg_co2e_per_kwh: Known
    kwh_per_good_by_category: dict[str, float]
    """By what the time went into; CO2 is it times the factor."""
    kg_co2e_per_good_by_category: dict[str, float]


class DetailAnswer(TypedDict):
    """Times of ISO 22400-2 (`_s`: seconds), ratios (shares of one), failure events, and losses that add up to the planned busy time."""

    times: dict[str, float]
    ratios: dict[str, Known]
    throughput_per_h: Known
    failures: int
    mtbf_s: Known
    mttr_s: Known
    losses_s: dict[str, Known]
    energy: NotRequired[EnergyAnswer]


class UnitAnswer(TypedDict):
    """One unit in a window; only states that were seen are listed. Counts are the unit's own."""

    state_s: dict[str, float]
    category_s: dict[str, float]
    blind_s: float
    counters: dict[str, CounterAnswer]
    produced: Known
    good: Known
    scrap: Known
    kpi: KpiAnswer
    detail: NotRequired[DetailAnswer]
    """Every further figure of ISO 22400-2, where it was asked for."""


class LineAnswer(KpiAnswer):
    """The line in a window; counts are in its base unit."""

    produced: Known
    good: Known
    scrap: Known
    """Thrown out by its last units."""
    scrapped: NotRequired[Known]
    """Thrown out by all its units."""
    detail: NotRequired[DetailAnswer]
    """Times, failures and losses of its constraint, pieces of its last units."""
    plan: NotRequired[AgainstAnswer | None]
    """Output against plan, where the window begins with a shift."""


WindowAnswer = TypedDict("WindowAnswer", {"from": str, "to": str, "simulated": bool, "units": dict[str, UnitAnswer], "line": LineAnswer})
"""What `kpi --json` prints; times are ISO 8601 in UTC."""


class ValueAnswer(TypedDict):
    """A signal's latest value at an instant, when it was said, and how far it may be trusted."""

    value: object
    at: str
    quality: str
    derived: bool
    """The layout derives it from other signals; the machine does not send it."""


class UnitStateAnswer(TypedDict):
    """A unit at an instant; its state is None where nobody knows it."""

    state: str | None
    since: str
    category: str
    derived: bool
    """The layout derives the state; the machine does not tell one."""
    inferred: bool
    """The side that starves or blocks it, in `category`, is inferred from its neighbours."""
    signals: dict[str, ValueAnswer]


class StateAnswer(TypedDict):
    """What `state --json` prints."""

    at: str
    simulated: bool
    units: dict[str, UnitStateAnswer]
    sources: dict[str, SourceAnswer]


def known(value: float | None) -> Known:
    """Return the figure, or None (JSON null) where it is unknown."""
    return None if value is None or not math.isfinite(value) else value


def kpi_answer(
    figures: LineFigures, details: Mapping[str | None, Detail] | None = None, *, plan: Against | None = None, simulated: bool = False
) -> WindowAnswer:
    """Return the object that `twin-app kpi --json` prints; `simulated` says that some of it was made by a simulation.

    `details` are by unit id, those of the line by None.
    """
    details = details or {}
    line = line_answer(figures.line)
    line["scrapped"] = known(figures.scrapped)
    if plan is not None:
        line["plan"] = against_answer(plan)
    if None in details:
        line["detail"] = detail_answer(details[None])
    return {
        "from": iso_utc(figures.start_ns),
        "to": iso_utc(figures.end_ns),
        "simulated": simulated,
        "units": {unit_id: _unit(unit, details.get(unit_id)) for unit_id, unit in figures.units.items()},
        "line": line,
    }


def line_answer(kpi: Kpi) -> LineAnswer:
    """Return KPIs with counts."""
    return {**ratios(kpi), "good": known(kpi.good), "produced": known(kpi.produced), "scrap": known(kpi.scrap)}  # type: ignore[typeddict-item] # mypy misses the key that is not required


def _unit(unit: UnitFigures, detail: Detail | None) -> UnitAnswer:
    """Return one unit's part of the answer."""
    ledger, kpi = unit.ledger, unit.kpi
    answer: UnitAnswer = {
        "state_s": {state.title: ns / SECOND_NS for state, ns in sorted(ledger.state_ns.items()) if ns},
        "category_s": {str(c): ledger.category_ns.get(c, 0) / SECOND_NS for c in CATEGORIES},
        "blind_s": ledger.blind_ns / SECOND_NS,
        "counters": {
            name: {"last": known(reading.last), "total": known(reading.total), "resets": reading.resets}
            for name, reading in unit.counters.items()
        },
        "produced": known(kpi.produced),
        "good": known(kpi.good),
        "scrap": known(kpi.scrap),
        "kpi": ratios(kpi),
    }
    if detail is not None:
        answer["detail"] = detail_answer(detail)
    return answer


def detail_answer(detail: Detail) -> DetailAnswer:
    """Return the further figures of one unit."""
    ratios = {
        name: known(getattr(detail, name))
        for name in (
            "nee_index", "utilization_efficiency", "allocation_efficiency", "technical_efficiency",
            "setup_ratio", "scrap_ratio", "rework_ratio", "first_pass_yield", "teep",
        )
    }  # fmt: skip
    answer: DetailAnswer = {
        "times": asdict(detail.times),
        "ratios": ratios,
        "throughput_per_h": known(detail.throughput_per_h),
        "failures": detail.failures,
        "mtbf_s": known(detail.mtbf_s),
        "mttr_s": known(detail.mttr_s),
        "losses_s": {str(loss): known(seconds) for loss, seconds in detail.losses_s.items()},
    }
    if detail.energy is not None:
        answer["energy"] = _energy(detail.energy)
    return answer


def _energy(energy: Energy) -> EnergyAnswer:
    """Return the energy of a unit or of the line."""
    factor = energy.kg_co2e_per_kwh
    each = {str(category): kwh for category, kwh in energy.kwh_per_good_by_category.items()}
    return {
        "kwh": known(energy.kwh), "kwh_by_category": {str(category): kwh for category, kwh in energy.by_category.items()},
        "idle_share": known(energy.idle_share), "coverage": known(energy.coverage), "kwh_per_good": known(energy.kwh_per_good),
        "kwh_per_good_low": known(energy.kwh_per_good_low), "kwh_per_good_high": known(energy.kwh_per_good_high), "kg_co2e": known(energy.kg_co2e),
        "kg_co2e_per_good": known(energy.kg_co2e_per_good), "kg_co2e_per_kwh": known(factor), "kwh_per_good_by_category": each,
        "kg_co2e_per_good_by_category": {name: kwh * factor for name, kwh in each.items()} if factor is not None else {},
    }  # fmt: skip


def ratios(kpi: Kpi) -> KpiAnswer:
    """Return the figures of one KPI value."""
    return {
        "availability": known(kpi.availability),
        "effectiveness": known(kpi.effectiveness),
        "quality_ratio": known(kpi.quality_ratio),
        "oee_index": known(kpi.oee_index),
        "oee_low": known(kpi.oee_low),
        "oee_high": known(kpi.oee_high),
        "oee_early": kpi.early,
        "planned_busy_s": known(kpi.planned_busy_s),
        "production_s": known(kpi.production_s),
        "blind_s": known(kpi.blind_s),
    }


def state_answer(session: Session, at_ns: int) -> StateAnswer:
    """Return the object that `twin-app state --json` prints, for an instant in UTC ns."""
    latest = session.latest(at_ns)
    units: dict[str, UnitStateAnswer] = {}
    for unit in session.line.units:
        now = session.unit_now(unit.id, at_ns)
        title = None if now.state is None else now.state.title
        units[unit.id] = {
            "state": title, "since": iso_utc(now.since_ns), "category": str(now.category), "derived": now.derived, "inferred": now.inferred,
            "signals": _values(session, unit.id, latest),
        }  # fmt: skip
    return {"at": iso_utc(at_ns), "simulated": session.simulated, "units": units, "sources": sources_answer(session.health())}


def _values(session: Session, unit: str, latest: Latest) -> dict[str, ValueAnswer]:
    """Return the latest value of every signal of a unit that was ever heard."""
    ids = [i for i in session.signals.of_unit(unit) if i < len(latest.effective_ns) and latest.effective_ns[i] != NEVER]
    return {
        session.signals[i].name: {
            "value": value_of(float(latest.value[i]), Kind(latest.kind[i]), session.texts),
            "at": iso_utc(int(latest.effective_ns[i])),
            "quality": Quality(latest.quality[i]).name,
            "derived": session.signals[i].derived,
        }
        for i in ids
    }


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
