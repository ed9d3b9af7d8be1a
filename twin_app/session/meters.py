"""The meters of a line's machines and their readings, as energy figures ask for them. Not for the figures: see `kpi.energy`."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from twin_app.kpi.energy import KW, KWH, Readings, energy_of, together
from twin_app.kpi.parts import spans_of
from twin_app.model.energy import Energy
from twin_app.model.samples import Kind, Quality

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.kpi import By, Kpi, LineFigures, Part
    from twin_app.session.known import Known

_BELIEVED = (Quality.GOOD, Quality.RETAINED)


def unit_energy(known: Known, unit: str, kpi: Kpi, start_ns: int, end_ns: int) -> Energy:
    """Return a unit's energy in a window; without a meter nothing of it is known."""
    factor = known.line.energy.kg_co2e_per_kwh if known.line.energy else None
    return _energy(known, unit, _readings(known, unit, start_ns, end_ns), kpi, (start_ns, end_ns), factor)


def line_energy(known: Known, figures: LineFigures) -> Energy:
    """Return the energy of all machines of the line in the window of its figures, per good piece that left it."""
    window = figures.start_ns, figures.end_ns
    factor = known.line.energy.kg_co2e_per_kwh if known.line.energy else None
    parts = [unit_energy(known, unit, of.kpi, *window) for unit, of in figures.units.items()]
    return together(parts, figures.line, factor)


def with_energy(known: Known, unit: str | None, by: By, parts: Sequence[Part], window: tuple[int, int]) -> list[Part]:
    """Return the parts of a window with their energy: of the line that of each machine while it worked on the part itself.

    An order's energy is that of its own pieces: a good one is one that was made of it, not one of the order before that left under its name.
    Readings are those of the whole window, so that parts by time add up to it: what lies between two of them is cut where a part ends.
    """
    factor = known.line.energy.kg_co2e_per_kwh if known.line.energy else None
    units = [unit] if unit is not None else [one.id for one in known.line.units]
    read = {name: _readings(known, name, *window) for name in units}
    found = []
    for part in parts:
        kpi = replace(part.kpi, good=part.made_good) if isfinite(part.made_good) else part.kpi
        energies = [
            _energy(known, name, read[name], kpi, span, factor)
            for name in units for span in spans_of(known.plant, name, by, part, *window)
        ]  # fmt: skip
        found.append(replace(part, detail=replace(part.detail, energy=together(energies, kpi, factor))))
    return found


def _energy(known: Known, unit: str, readings: Readings | None, kpi: Kpi, span: tuple[int, int], factor: float | None) -> Energy:
    """Return a unit's energy in a span from readings that may reach further; without a meter nothing of it is known."""
    if readings is None or span[1] <= span[0]:
        return Energy(window_s=(span[1] - span[0]) / 1e9, good=kpi.good, produced=kpi.produced, kg_co2e_per_kwh=factor)
    return energy_of(readings, known.timeline(unit, *span), kpi, factor)


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
