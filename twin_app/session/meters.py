"""The meters of a line's machines and their readings, as energy figures ask for them. Not for the figures: see `kpi.energy`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.kpi.energy import KW, KWH, Readings, energy_of, together
from twin_app.model.energy import Energy
from twin_app.model.samples import Kind, Quality

if TYPE_CHECKING:
    from twin_app.model.kpi import Kpi, LineFigures
    from twin_app.session.known import Known

_BELIEVED = (Quality.GOOD, Quality.RETAINED)


def unit_energy(known: Known, unit: str, kpi: Kpi, start_ns: int, end_ns: int) -> Energy:
    """Return a unit's energy in a window; without a meter nothing of it is known."""
    factor = known.line.energy.kg_co2e_per_kwh if known.line.energy else None
    readings = _readings(known, unit, start_ns, end_ns)
    if readings is None or end_ns <= start_ns:
        return Energy(window_s=(end_ns - start_ns) / 1e9, good=kpi.good, produced=kpi.produced, kg_co2e_per_kwh=factor)
    return energy_of(readings, known.timeline(unit, start_ns, end_ns), kpi, factor)


def line_energy(known: Known, figures: LineFigures) -> Energy:
    """Return the energy of all machines of the line in the window of its figures, per good piece that left it."""
    window = figures.start_ns, figures.end_ns
    factor = known.line.energy.kg_co2e_per_kwh if known.line.energy else None
    parts = [unit_energy(known, unit, of.kpi, *window) for unit, of in figures.units.items()]
    return together(parts, figures.line, factor)


def _readings(known: Known, unit: str, start_ns: int, end_ns: int) -> Readings | None:
    """Return what a unit's meter read in a window and before it, None without a meter."""
    meter = _meter(known, unit)
    if meter is None:
        return None
    signal, scale, power = meter
    series = known.range(signal, start_ns, end_ns, 0)
    picked = (series.kind == Kind.NUMBER) & np.isin(series.quality, _BELIEVED) & np.isfinite(series.value)
    return Readings(series.times_ns[picked], series.value[picked] * scale, power)


def _meter(known: Known, unit: str) -> tuple[int, float, bool] | None:
    """Return the signal of a unit's meter, its scale to kWh or kW, and whether it tells power: the layout's, else a counter, else a power."""
    named = known.line.unit(unit).energy_signal
    found = [(i, known.signals[i]) for i in known.signals.of_unit(unit) if not named or known.signals[i].name == named]
    for units, power in ((KWH, False), (KW, True)):
        for i, signal in found:
            if signal.unit_of_measure in units:
                return i, units[signal.unit_of_measure], power
    return None
