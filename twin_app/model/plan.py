"""What the calendar plans, as instants: shifts with their breaks. Values only; `plant.calendar` lays them out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BreakSpan:
    """One planned break, UTC ns."""

    name: str
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class ShiftSpan:
    """One shift of one day, UTC ns; of a change of the clocks it is as long as it really is."""

    name: str
    start_ns: int
    end_ns: int
    breaks: tuple[BreakSpan, ...]
