"""Energy figures in words: the same in window, command line and report. Not for reckoning: see `kpi.energy`."""

from __future__ import annotations

from math import floor, isfinite, log10
from typing import TYPE_CHECKING

from twin_app.text import number, percent, tr

if TYPE_CHECKING:
    from twin_app.model.energy import Energy

RANGE_WORTH_SAYING = 0.005
"""Share of the figure by which a range must be wide to be told."""
MOST_DIGITS = 6
WHOLE = 0.995
"""From this coverage on nothing is said of it."""


def per_good(energy: Energy | None) -> str:
    """Return energy a good piece as `3.1 Wh`, a range where some time was blind or unmetered, a dash where nobody tells."""
    if energy is None or not isfinite(energy.kwh_per_good):
        return "–"
    low, high = energy.kwh_per_good_low, energy.kwh_per_good_high
    if isfinite(low) and isfinite(high) and high - low > RANGE_WORTH_SAYING * energy.kwh_per_good:
        scale, unit = _scale(high)
        return f"{_digits(low * scale)}–{_digits(high * scale)} {unit}"
    return kwh_told(energy.kwh_per_good)


def co2_per_good(energy: Energy | None) -> str:
    """Return CO2 equivalent a good piece as `1.7 g CO2e`; that the layout names no factor is said."""
    if energy is None or energy.kg_co2e_per_kwh is None:
        return tr("no CO2 factor in the layout")
    return kg_told(energy.kg_co2e_per_good)


def kwh_told(kwh: float | None) -> str:
    """Return an energy as `3.1 Wh`, a dash where nobody knows it."""
    if kwh is None or not isfinite(kwh):
        return "–"
    scale, unit = _scale(kwh)
    return f"{_digits(kwh * scale)} {unit}"


def kg_told(kg: float | None) -> str:
    """Return a mass of CO2 equivalent as `1.7 g CO2e`, a dash where nobody knows it."""
    if kg is None or not isfinite(kg):
        return "–"
    return f"{_digits(kg)} kg CO2e" if kg >= 1.0 else f"{_digits(kg * 1e3)} g CO2e"


def coverage_told(energy: Energy | None) -> str:
    """Return how much of the machine time has a meter, where it is not all."""
    if energy is None or not energy.metered_s:
        return tr("no meter")
    return tr("{share} metered", share=percent(energy.coverage, 0)) if energy.coverage < WHOLE else ""


def _scale(kwh: float) -> tuple[float, str]:
    return (1.0, "kWh") if kwh >= 1.0 else (1e3, "Wh")


def _digits(value: float) -> str:
    """Return a figure with three digits that matter, below one with two: what is little is not nothing."""
    small = 1 - floor(log10(value)) if 0 < value < 1 else 2
    return number(value, 0 if value >= 100 else 1 if value >= 10 else min(small, MOST_DIGITS))  # noqa: PLR2004 - hundreds, tens
