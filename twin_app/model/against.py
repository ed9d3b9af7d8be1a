"""Actual output against plan, and where it leads. Values only; `kpi.against` reckons them."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """A shift up to an instant: good pieces in base units for the line, in the unit's own count for a unit. NaN unknown."""

    start_ns: int
    end_ns: int
    """Of the whole shift."""
    at_ns: int
    target: float | None
    """Good pieces that are planned of the whole shift; None: no plan."""
    due: float = nan
    """What the plan has made by now: the target's share of the planned busy time gone by; NaN without a plan."""
    good: float = nan
    gone_s: float = nan
    """Planned busy time of the shift so far, blind time included."""
    left_s: float = nan
    """Planned busy time that is left, by the calendar."""
    projected: float = nan
    """Good pieces at the end of the shift at the rate of the shift so far: a projection. NaN while it is too early to tell."""
    projected_low: float = nan
    """The same if nothing was made while nobody knew."""
    projected_high: float = nan
    """The same if as much as is ideal was made then."""
    oee_target: float | None = None

    @property
    def ahead(self) -> float:
        """Return by how many good pieces the output is before the plan, below 0 behind it; NaN without a plan."""
        return self.good - self.due
