"""Energy by what a machine's time went into, from the readings of its meter. Not for finding meters or their readings: see `session.meters`."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, isnan, nan
from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.energy import Energy
from twin_app.model.packml import CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from twin_app.model.kpi import Kpi
    from twin_app.model.timeline import Intervals

KWH = {"kWh": 1.0, "Wh": 1e-3, "MWh": 1e3, "MJ": 1 / 3.6, "GJ": 1e3 / 3.6}
"""Units of measure of energy, in kilowatt-hours."""
KW = {"kW": 1.0, "W": 1e-3, "MW": 1e3}
"""Units of measure of power, in kilowatts."""
LONGEST_GAP_NS = 900 * 10**9
"""Between two readings of power that lie further apart nobody knows the energy; a counter tells it however far they do."""
_HOUR_NS = 3.6e12


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings of one meter, ascending in time, both arrays of shape (n,): kWh of a counter, or kW of a power."""

    times_ns: NDArray[np.int64]
    values: NDArray[np.float64]
    power: bool = False


def energy_of(readings: Readings, intervals: Intervals, kpi: Kpi, kg_co2e_per_kwh: float | None = None) -> Energy:
    """Return a unit's energy in the span of its intervals, by category.

    Only readings within the span and the one in force at its start count; between two of them energy is spread evenly, so that
    what lies behind the last one is not metered yet. Where a counter falls it began anew, and nobody knows what it told before.
    """
    edges = np.append(intervals.start_ns, intervals.end_ns).astype(np.int64)
    used, known = _steps(readings)
    kwh = np.diff(_through(readings.times_ns, used, edges))
    metered_s = np.diff(_through(readings.times_ns, np.where(known, np.diff(readings.times_ns), 0).astype(np.float64), edges)) / 1e9
    by_category = {
        category: float(kwh[picked].sum()) for code, category in enumerate(CATEGORIES) if (picked := intervals.category == code).any()
    }
    told = float(metered_s.sum())
    return Energy(
        kwh=fsum(by_category.values()) if told else nan, by_category=by_category if told else {}, metered_s=told,
        window_s=(int(edges[-1]) - int(edges[0])) / 1e9, good=kpi.good, produced=kpi.produced, blind_ideal=kpi.blind_ideal,
        kg_co2e_per_kwh=kg_co2e_per_kwh,
    )  # fmt: skip


def together(parts: Sequence[Energy], kpi: Kpi, kg_co2e_per_kwh: float | None = None) -> Energy:
    """Return the energy of a line from that of all its machines; those without a meter lower the coverage."""
    metered = [part for part in parts if not isnan(part.kwh)]
    categories = {category for part in metered for category in part.by_category}
    return Energy(
        kwh=fsum(part.kwh for part in metered) if metered else nan,
        by_category={category: fsum(part.by_category.get(category, 0.0) for part in metered) for category in CATEGORIES if category in categories},
        metered_s=fsum(part.metered_s for part in metered), window_s=fsum(part.window_s for part in parts), good=kpi.good, produced=kpi.produced,
        blind_ideal=kpi.blind_ideal, kg_co2e_per_kwh=kg_co2e_per_kwh,
    )  # fmt: skip


def _steps(readings: Readings) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return what was used between each reading and the next, kWh, and whether that is known; shape (n - 1,) each."""
    if readings.power:
        apart = np.diff(readings.times_ns)
        known = apart <= LONGEST_GAP_NS
        return np.where(known, (readings.values[1:] + readings.values[:-1]) / 2 * apart / _HOUR_NS, 0.0), known
    steps = np.diff(readings.values)
    return np.where(steps >= 0.0, steps, 0.0), steps >= 0.0


def _through(times_ns: NDArray[np.int64], steps: NDArray[np.float64], at_ns: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the running sum of steps at each instant, shape (m,), 0 before the first reading; a step is spread over its time."""
    if len(times_ns) < 2:  # noqa: PLR2004 - one reading tells nothing
        return np.zeros(len(at_ns))
    sums = np.concatenate((np.zeros(1), np.cumsum(steps)))
    origin = int(times_ns[0])
    return np.interp((at_ns - origin).astype(np.float64), (times_ns - origin).astype(np.float64), sums)
