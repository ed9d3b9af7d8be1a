"""Figures and rates at a moving playhead: all at once, or a few units at a time while time runs. Not for what they are: see `figures`."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.kpi.against import against
from twin_app.kpi.figures import line_figures, unit_figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.model.against import Against
    from twin_app.model.equipment import Line
    from twin_app.model.kpi import LineFigures, UnitFigures
    from twin_app.plant.plant import Plant

MOST_STEPS = 30
"""However long the line, the whole is there after so many steps: a second of frames."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Figures of a window, and each unit's rate at its end in counts a minute, NaN unknown."""

    figures: LineFigures
    rates_per_min: Mapping[str, float]
    against: Against | None = None


class Turn:
    """One window's figures in the making: each unit has its turn, so that no frame waits for a line of hundreds."""

    def __init__(self, line: Line, plant: Plant, start_ns: int, end_ns: int) -> None:
        """Begin with no unit reckoned of the window [start_ns, end_ns], UTC ns."""
        self._line, self._plant = line, plant
        self._start_ns, self._end_ns = start_ns, end_ns
        self._units: dict[str, UnitFigures] = {}
        self._rates: dict[str, float] = {}

    def go_on(self, budget_s: float) -> Reckoned | None:
        """Reckon units for about `budget_s`, and at least one in `MOST_STEPS`; return the whole once every unit had its turn."""
        ends_s = time.perf_counter() + budget_s
        due = len(self._units) + -(-len(self._line.units) // MOST_STEPS)
        for unit in self._line.units[len(self._units) :]:
            self._units[unit.id] = unit_figures(self._line, self._plant, unit.id, self._start_ns, self._end_ns)
            self._rates[unit.id] = self._plant.rate_per_min(unit.id, self._end_ns)
            if len(self._units) >= due and time.perf_counter() >= ends_s:
                break
        if len(self._units) < len(self._line.units):
            return None
        window = self._start_ns, self._end_ns
        found = line_figures(self._line, self._plant, self._units, *window)
        return Reckoned(found, self._rates, against(self._line, self._plant, None, found.line, *window))
