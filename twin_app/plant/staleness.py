"""Which values no longer hold because source, way or heartbeat of their unit was away since they came. Not for states: see `facts`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.samples import Quality
from twin_app.model.signal import CONNECTION_STATE, linked_unit, source_unit
from twin_app.plant.track import FAR_PAST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.model.equipment import Line
    from twin_app.model.historian import Latest
    from twin_app.model.signal import SignalTable
    from twin_app.plant.plant import Plant


@dataclass(frozen=True, slots=True)
class _Fed:
    """Who feeds the first n signals of the table."""

    sources: NDArray[np.intp]
    """The number of each signal's source, -1 for a source's own signals; shape (n,)."""
    units: NDArray[np.intp]
    """The number of each signal's unit, -1 likewise; shape (n,)."""
    links: tuple[tuple[int, int], ...]
    """The signals that tell of the way to one unit, each with its unit's number."""


class Staleness:
    """The sources of a line's signals, and the rule. Safe from any thread."""

    def __init__(self, line: Line, signals: SignalTable, plant: Plant) -> None:
        """Know which unit is fed by which source; `signals` may go on growing."""
        self._signals, self._plant = signals, plant
        self._ids = tuple(source.id for source in line.sources)
        self._units = tuple(unit.id for unit in line.units)
        self._unit_number = {unit: number for number, unit in enumerate(self._units)}
        self._source_number = {unit.id: self._ids.index(unit.source) for unit in line.units}
        self._pseudo_units = frozenset(source_unit(source) for source in self._ids)
        self._beating = {i for i, u in enumerate(line.units) if u.heartbeat_s is not None or line.source(u.source).heartbeat_s is not None}
        self._fed = _Fed(np.empty(0, np.intp), np.empty(0, np.intp), ())

    def mark(self, latest: Latest, at_ns: int) -> None:
        """Set, in place, what was not refreshed since its source, or the way to its unit, was away to STALE.

        What came before something was missed on that way becomes UNCERTAIN. What is unknown stays unknown.
        """
        fed = self._fed_by(len(latest.quality))
        for number, source in enumerate(self._ids):
            _age(latest, fed.sources == number, self._plant.known_from(source, at_ns), Quality.STALE)
        for signal, number in fed.links:
            if latest.quality[signal] == Quality.UNCERTAIN:
                _age(latest, fed.units == number, int(latest.effective_ns[signal]), Quality.UNCERTAIN)
        for number in self._beating.union(number for _, number in fed.links):
            _age(latest, fed.units == number, self._plant.unit_known_from(self._units[number], at_ns), Quality.STALE)

    def _fed_by(self, signals: int) -> _Fed:
        """Return who feeds the first signals of the table."""
        fed = self._fed
        if len(fed.sources) < signals:
            table = tuple(self._signals)
            sources = np.array([self._source_number.get(signal.unit, -1) for signal in table], np.intp)
            # What a unit says of its own link holds while the link is down.
            units = np.array([-1 if s.name == CONNECTION_STATE else self._unit_number.get(s.unit, -1) for s in table], np.intp)
            ways = ((i, linked_unit(signal.name)) for i, signal in enumerate(table) if signal.unit in self._pseudo_units)
            links = tuple((i, self._unit_number[unit]) for i, unit in ways if unit in self._unit_number)
            fed = self._fed = _Fed(sources, units, links)  # one assignment: another thread finds the old or the new ones
        links = tuple(link for link in fed.links if link[0] < signals)
        return _Fed(fed.sources[:signals], fed.units[:signals], links)


def _age(latest: Latest, concerned: NDArray[np.bool_], from_ns: int, quality: Quality) -> None:
    """Lower the quality of what was said before `from_ns`."""
    if from_ns > FAR_PAST:
        old = concerned & (latest.effective_ns < from_ns)
        now = latest.quality[old]
        latest.quality[old] = np.where((now < quality) | ((now == Quality.RETAINED) & (quality == Quality.STALE)), np.uint8(quality), now)
