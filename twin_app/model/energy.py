"""Energy of a unit or a line in a window, by what its time went into. Values only; `kpi.energy` reckons them. NaN unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan
from typing import TYPE_CHECKING

from twin_app.model.packml import Category

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Energy:
    """What meters say. Per good piece in the unit's own count, for the line in base units, with the energy of all its machines."""

    kwh: float = nan
    """All that was metered, blind time and planned stops included."""
    by_category: Mapping[Category, float] = field(default_factory=dict)
    """The same by category of the time ledger, kWh; between two readings it is spread evenly."""
    metered_s: float = 0.0
    """Machine time in which a meter tells, seconds."""
    window_s: float = 0.0
    """Machine time in all: of a line the window times its machines."""
    good: float = nan
    produced: float = nan
    blind_ideal: float = 0.0
    """Pieces that the blind time would have made at the ideal rate."""
    kg_co2e_per_kwh: float | None = None
    """The layout's factor; None: it has none."""

    @property
    def coverage(self) -> float:
        """Return the share of the machine time in which a meter tells."""
        return self.metered_s / self.window_s if self.window_s else nan

    @property
    def known_kwh(self) -> float:
        """Return what was metered while the state was known: what the good pieces of known time took."""
        return self.kwh - self.by_category.get(Category.BLIND, 0.0)

    @property
    def idle_share(self) -> float:
        """Return the share of the energy of known time that went into anything but production."""
        known = self.known_kwh
        return (known - self.by_category.get(Category.PRODUCTION, 0.0)) / known if known else nan

    @property
    def kwh_per_good(self) -> float:
        """Return kilowatt-hours a good piece, over known time."""
        return self.known_kwh / self.good if self.good else nan

    @property
    def kwh_per_good_low(self) -> float:
        """Return the same if the blind time had made as much as is ideal with no energy at all."""
        return self.known_kwh / (self.good + self.blind_ideal) if self.good + self.blind_ideal else nan

    @property
    def kwh_per_good_high(self) -> float:
        """Return the same if nothing was made in blind time, and machines without a meter's word took what the metered time took."""
        unmetered = self.kwh / self.metered_s * (self.window_s - self.metered_s) if self.metered_s else nan
        return (self.kwh + unmetered) / self.good if self.good else nan

    @property
    def kwh_per_good_by_category(self) -> Mapping[Category, float]:
        """Return kilowatt-hours a good piece by what the time went into; without blind time they add up to `kwh_per_good`. Empty without good pieces, or where nobody counts them."""
        return {category: kwh / self.good for category, kwh in self.by_category.items()} if self.good > 0 else {}

    @property
    def kg_co2e(self) -> float:
        """Return kilograms of CO2 equivalent of all that was metered, NaN without a factor."""
        return nan if self.kg_co2e_per_kwh is None else self.kwh * self.kg_co2e_per_kwh

    @property
    def kg_co2e_per_good(self) -> float:
        """Return kilograms of CO2 equivalent a good piece, over known time."""
        return nan if self.kg_co2e_per_kwh is None else self.kwh_per_good * self.kg_co2e_per_kwh

    @property
    def kg_co2e_per_produced(self) -> float:
        """Return kilograms of CO2 equivalent a piece made, good or not, over known time."""
        return nan if self.kg_co2e_per_kwh is None or not self.produced else self.known_kwh / self.produced * self.kg_co2e_per_kwh
