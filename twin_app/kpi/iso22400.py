"""The formulas of ISO 22400-2, one function each, over plain numbers. Not for finding those numbers: see `figures`.

Times are seconds (any one unit of time will do), counts are pieces of one unit of count. NaN is unknown: it comes out where
it goes in, and where a formula divides by nothing. No result is capped: an effectiveness above 1 says that the ideal is wrong.
Source of names and formulas: ISO 22400-2 as published in its ontology and in IDTA 02066; TEEP is not ISO.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, nan


def _ratio(part: float, whole: float) -> float:
    """Return part / whole, NaN where there is no whole."""
    return part / whole if whole else nan


def availability(production_s: float, planned_busy_s: float) -> float:
    """Share of the planned busy time that was production: A = APT / PBT."""
    return _ratio(production_s, planned_busy_s)


def effectiveness(produced: float, planned_run_time_s: float, production_s: float) -> float:
    """Share of the ideal rate reached while producing: E = PRU * PQ / APT, with PRU in seconds per piece."""
    return _ratio(planned_run_time_s * produced, production_s)


def quality_ratio(good: float, produced: float) -> float:
    """Share of the produced pieces that are good: Q = GQ / PQ."""
    return _ratio(good, produced)


def oee_index(good: float, planned_run_time_s: float, planned_busy_s: float) -> float:
    """Share of the planned busy time that ideal production of the good pieces takes: A * E * Q = PRU * GQ / PBT."""
    return _ratio(planned_run_time_s * good, planned_busy_s)


def ideal_time_s(counts: Sequence[float], planned_run_times_s: Sequence[float]) -> float:
    """Time that several products take at their ideal rates: sum of PRU * count, seconds. Both sequences by product."""
    return fsum(p * n for p, n in zip(planned_run_times_s, counts, strict=True))


def effectiveness_of_mix(produced: Sequence[float], planned_run_times_s: Sequence[float], production_s: float) -> float:
    """Effectiveness over several products, each weighted by its ideal time: E = sum(PRU * PQ) / APT."""
    return _ratio(ideal_time_s(produced, planned_run_times_s), production_s)


def quality_ratio_of_mix(good: Sequence[float], produced: Sequence[float], planned_run_times_s: Sequence[float]) -> float:
    """Quality ratio over several products, each weighted by its ideal time: Q = sum(PRU * GQ) / sum(PRU * PQ)."""
    return _ratio(ideal_time_s(good, planned_run_times_s), ideal_time_s(produced, planned_run_times_s))


def oee_index_of_mix(good: Sequence[float], planned_run_times_s: Sequence[float], planned_busy_s: float) -> float:
    """OEE index over several products: sum(PRU * GQ) / PBT."""
    return _ratio(ideal_time_s(good, planned_run_times_s), planned_busy_s)


def unit_processing_time_s(production_s: float, setup_s: float) -> float:
    """Actual unit processing time: AUPT = APT + AUST, seconds."""
    return production_s + setup_s


def unit_busy_time_s(production_s: float, setup_s: float, delay_s: float) -> float:
    """Actual unit busy time: AUBT = AUPT + ADET, seconds."""
    return unit_processing_time_s(production_s, setup_s) + delay_s


def nee_index(
    good: float, produced: float, planned_run_time_s: float, *, production_s: float, setup_s: float, planned_busy_s: float
) -> float:
    """Net equipment effectiveness, which does not blame set-up: AUPT / PBT * E * Q."""
    e, q = effectiveness(produced, planned_run_time_s, production_s), quality_ratio(good, produced)
    return nee_index_of(e, q, processing_s=unit_processing_time_s(production_s, setup_s), planned_busy_s=planned_busy_s)


def nee_index_of(e: float, q: float, *, processing_s: float, planned_busy_s: float) -> float:
    """Net equipment effectiveness from effectiveness and quality ratio: AUPT / PBT * E * Q, with AUPT in seconds."""
    return _ratio(processing_s, planned_busy_s) * e * q


def utilization_efficiency(production_s: float, busy_s: float) -> float:
    """Share of the busy time that was production: APT / AUBT."""
    return _ratio(production_s, busy_s)


def allocation_efficiency(busy_s: float, planned_busy_s: float) -> float:
    """Share of the planned busy time that the unit was really busy: AUBT / PBT."""
    return _ratio(busy_s, planned_busy_s)


def technical_efficiency(production_s: float, delay_s: float) -> float:
    """Production against production with its delays: APT / (APT + ADET)."""
    return _ratio(production_s, production_s + delay_s)


def setup_ratio(setup_s: float, processing_s: float) -> float:
    """Share of the processing time that was set-up: AUST / AUPT."""
    return _ratio(setup_s, processing_s)


def scrap_ratio(scrap: float, produced: float) -> float:
    """Share of the produced pieces that are scrap: SQ / PQ."""
    return _ratio(scrap, produced)


def rework_ratio(rework: float, produced: float) -> float:
    """Share of the produced pieces that need rework: RQ / PQ."""
    return _ratio(rework, produced)


def throughput_rate(produced: float, order_execution_s: float) -> float:
    """Pieces per second of the order's execution: PQ / AOET."""
    return _ratio(produced, order_execution_s)


def teep(good: float, planned_run_time_s: float, calendar_s: float) -> float:
    """Total effective equipment performance, over all the time there is: PRU * GQ / calendar time. Not ISO."""
    return _ratio(planned_run_time_s * good, calendar_s)
