"""Derived signals as they are shown: like any other signal, by id, at an instant and through a span. Not for deriving them: see `derived`."""

from __future__ import annotations

from bisect import bisect_right
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin_app.layout.signals import derived_specs, signal_path
from twin_app.model.samples import NEVER, Kind, Quality, Samples
from twin_app.model.signal import Signal
from twin_app.plant.track import FAR_PAST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from twin_app.model.equipment import Line
    from twin_app.model.historian import Latest
    from twin_app.model.signal import SignalTable
    from twin_app.plant.facts import Links
    from twin_app.plant.steps import Steps
    from twin_app.plant.unit import UnitPast


class _Shown(NamedTuple):
    """One derived signal, and the links of its unit."""

    steps: Steps
    links: Links


class Showing:
    """All derived signals of a line. They come in no message, so their number of it is -1."""

    def __init__(self, line: Line, signals: SignalTable, units: Mapping[str, UnitPast]) -> None:
        """Give every derived signal its id, where it has none."""
        self._shown: dict[int, _Shown] = {}
        for unit in line.units:
            past = units[unit.id]
            for spec in derived_specs(unit):
                path = signal_path(line, unit.id, spec.name)
                signal = Signal(path=path, unit=unit.id, name=spec.name, kind=spec.kind, unit_of_measure=spec.unit_of_measure, derived=True)
                if spec.name in past.derived.signals:
                    self._shown[signals.add(signal)] = _Shown(past.derived.signals[spec.name], past.facts.links)
        self._ids = np.array(list(self._shown), np.int64)
        self._kinds = np.array([shown.steps.kind for shown in self._shown.values()], np.uint8)

    def write(self, latest: Latest, at_ns: int, first_ns: int) -> None:
        """Write the value of every derived signal at an instant into `latest`, in place.

        What follows from assumptions alone is uncertain, and holds since anything was heard at all, `first_ns`.

        What the loss of a link made unknown keeps the value from before: it is for the caller to call it stale.
        """
        if not len(self._ids) or at_ns < first_ns:
            return
        lost: dict[tuple[Links, int], bool] = {}
        found = [_at(shown, at_ns, lost) for shown in self._shown.values()]
        times, values = np.array([time for time, _ in found]), np.array([value for _, value in found])
        heard = times > FAR_PAST
        known = ~np.isnan(values)
        latest.effective_ns[self._ids] = np.where(heard | ~known, np.where(heard, times, NEVER), first_ns)
        latest.value[self._ids] = values
        latest.kind[self._ids] = np.where(known, self._kinds, np.uint8(Kind.NULL))
        trusted = np.where(heard, np.uint8(Quality.GOOD), np.uint8(Quality.UNCERTAIN))
        latest.quality[self._ids] = np.where(known, trusted, np.uint8(Quality.UNKNOWN))
        latest.came_in_none(self._ids)

    def samples(self, signal: int, start_ns: int, end_ns: int) -> Samples | None:
        """Return a derived signal's changes of [start_ns, end_ns], before them the one in force at the start; None where it was sent."""
        if signal not in self._shown:
            return None
        steps = self._shown[signal].steps
        first = max(int(steps.times.searchsorted(start_ns, "right")) - 1, 0)
        first += int(len(steps) > 0 and steps.times[0] == FAR_PAST and not first)  # an assumption is no change
        part = slice(first, int(steps.times.searchsorted(end_ns, "right")))
        return _samples(signal, steps.kind, steps.times[part].copy(), steps.values[part].copy())


def _at(shown: _Shown, at_ns: int, lost: dict[tuple[Links, int], bool]) -> tuple[int, float]:
    """Return since when a signal has its value, and the value; `FAR_PAST` and NaN before it had one.

    `lost` remembers at which instants which links were lost, for the signals of one unit share them.
    """
    row = bisect_right(shown.steps.times.data, at_ns) - 1
    if row < 0:
        return FAR_PAST, np.nan
    since_ns, value = int(shown.steps.times[row]), float(shown.steps.values[row])
    if row == 0 or not isnan(value):
        return since_ns, value
    key = (shown.links, since_ns)
    if key not in lost:
        lost[key] = since_ns in shown.links.lost(since_ns, since_ns)
    return (int(shown.steps.times[row - 1]), float(shown.steps.values[row - 1])) if lost[key] else (since_ns, value)


def _samples(signal: int, kind: Kind, times: NDArray[np.int64], values: NDArray[np.float64]) -> Samples:
    """Return changes as samples that came at their own time."""
    known, n = ~np.isnan(values), len(times)
    return Samples(
        signal=np.full(n, signal, np.int32), effective_ns=times, source_ns=times, received_ns=times, value=values,
        kind=np.where(known, np.uint8(kind), np.uint8(Kind.NULL)),
        quality=np.where(known, np.uint8(Quality.GOOD), np.uint8(Quality.UNKNOWN)), message=np.full(n, -1, np.int64),
    )  # fmt: skip
