"""Which values no longer hold because their source was away since they came. Not for silence while it is there, nor for states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.samples import Quality
from twin_app.plant.track import FAR_PAST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.model.equipment import Line
    from twin_app.model.historian import Latest
    from twin_app.model.signal import SignalTable
    from twin_app.plant.plant import Plant


class Staleness:
    """The sources of a line's signals, and the rule. Safe from any thread."""

    def __init__(self, line: Line, signals: SignalTable, plant: Plant) -> None:
        """Know which unit is fed by which source; `signals` may go on growing."""
        self._signals, self._plant = signals, plant
        self._ids = tuple(source.id for source in line.sources)
        self._number_of = {unit.id: self._ids.index(unit.source) for unit in line.units}
        self._sources = np.empty(0, np.intp)

    def mark(self, latest: Latest, at_ns: int) -> None:
        """Set, in place, what was not refreshed since its source was away to STALE; what is unknown stays unknown."""
        sources = self._sources_of(len(latest.quality))
        for number, source in enumerate(self._ids):
            from_ns = self._plant.known_from(source, at_ns)
            if from_ns > FAR_PAST:
                old = (sources == number) & (latest.effective_ns < from_ns)
                latest.quality[old] = np.maximum(latest.quality[old], Quality.STALE)

    def _sources_of(self, signals: int) -> NDArray[np.intp]:
        """Return the number of each signal's source, -1 for a source's own signals; shape (signals,)."""
        sources = self._sources
        if len(sources) < signals:
            sources = np.array([self._number_of.get(signal.unit, -1) for signal in self._signals], np.intp)
            self._sources = sources  # one assignment: another thread finds the old or the new ones
        return sources[:signals]
