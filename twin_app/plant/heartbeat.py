"""Silence that means death: a machine which must be heard so often, and is not. Not for links that tell of themselves: see `facts`.

A silence longer than the period is blind from the last sign of life on, which is known once the next sign ends it; while
it lasts it is blind from the end of the period on, because until then it was healthy. Every message is a sign, but a
retained one, whose age nobody knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.plant.reading import counts
from twin_app.plant.track import FAR_FUTURE, FAR_PAST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from twin_app.model.equipment import Line
    from twin_app.model.samples import Samples
    from twin_app.model.signal import SignalTable
    from twin_app.plant.unit import UnitPast

_NOTHING = np.empty(0, np.int64)


class Heartbeat:
    """The spans of life of one machine, or of all of one source: a way by which units are heard, as `facts.Connection` is one.

    The end of the last span moves with every sign. Whoever derives from it is told of it late: `due_ns` is what they know,
    and `reach` tells from when on they have to look again before they answer for a later instant.
    """

    def __init__(self, period_ns: int, units: tuple[str, ...]) -> None:
        """Start without a sign, which is no silence; `units` live by it."""
        self.units = units
        self.due_ns = FAR_FUTURE
        self._period_ns = period_ns
        self._starts, self._lasts = _NOTHING, _NOTHING

    @property
    def track(self) -> Heartbeat:
        """Return what turns: itself."""
        return self

    @property
    def times(self) -> NDArray[np.int64]:
        """Return when life ends and begins again, as far as it was told; ascending, UTC ns."""
        turns = np.empty(2 * len(self._starts), np.int64)
        turns[0::2], turns[1::2] = self._starts, self._lasts
        turns[-1:] = self.due_ns
        return turns[1:]

    @property
    def downs(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return when it was known that life had ended, and when it was heard again: never in hindsight; see `facts.Way`."""
        times = np.empty(2 * len(self._starts), np.int64)
        times[0::2], times[1::2] = self._starts, self._lasts + self._period_ns
        times[-1:] = self.due_ns
        return times, np.arange(len(times)) % 2 == 1

    @property
    def newest_ns(self) -> int:
        """Return when life ends, as far as it was told, `FAR_PAST` without a sign."""
        return self.due_ns if len(self._starts) else FAR_PAST

    @property
    def end_ns(self) -> int:
        """Return from when on silence is too long, `FAR_FUTURE` without a sign."""
        return int(self._lasts[-1]) + self._period_ns if len(self._lasts) else FAR_FUTURE

    def hear(self, signs: NDArray[np.int64]) -> int | None:
        """Take signs of life, k > 0 ascending UTC ns; return from when on it is known otherwise, not looking beyond `due_ns`."""
        keep = max(int(self._starts.searchsorted(signs[0], "right")) - 1, 0)
        starts = np.concatenate((self._starts[keep:], signs))
        order = starts.argsort(kind="stable")
        starts, ends = starts[order], np.maximum.accumulate(np.concatenate((self._lasts[keep:], signs))[order])
        begins = np.concatenate((np.ones(1, bool), starts[1:] - ends[:-1] > self._period_ns))
        new_starts, new_lasts = starts[begins], ends[np.append(begins[1:], True)]
        same = (
            len(self._starts) > 0
            and np.array_equal(new_starts, self._starts[keep:])
            and np.array_equal(new_lasts[:-1], self._lasts[keep:-1])
        )
        known_ns = int(self._lasts[keep]) if len(self._lasts) else FAR_FUTURE
        self._starts = np.concatenate((self._starts[:keep], new_starts))
        self._lasts = np.concatenate((self._lasts[:keep], new_lasts))
        if same:
            return None
        self.due_ns = self.end_ns
        return min(known_ns, int(signs[0]))

    def reach(self, at_ns: int) -> int | None:
        """Make sure that `due_ns` holds up to an instant; return from when on it is known otherwise, None where it held."""
        if at_ns < self.due_ns or self.due_ns == self.end_ns:
            return None
        told_ns, self.due_ns = self.due_ns, self.end_ns
        return told_ns

    def valid_from(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return, for each instant, from when on a sample must be to be known then, see `facts.Connection.valid_from`; shape (m,)."""
        if not len(self._starts):
            return np.full(len(at), np.int64(FAR_PAST))
        ends = np.append(self._lasts[:-1], self.end_ns)
        begins = np.concatenate((np.full(1, FAR_PAST), self._starts[1:]))
        rows = np.maximum(self._starts.searchsorted(at, "right") - 1, 0)
        return np.where(at < ends[rows], begins[rows], np.int64(FAR_FUTURE))

    def lost(self, start_ns: int, end_ns: int) -> list[int]:
        """Return when life ended within [start_ns, end_ns], and the last time before."""
        ends = np.append(self._lasts[:-1], self.end_ns) if len(self._lasts) else _NOTHING
        first = max(int(ends.searchsorted(start_ns, "left")) - 1, 0)
        return list(ends[first : int(ends.searchsorted(end_ns, "right"))].tolist())


class Pulse:
    """The heartbeats of a line that declares some, and who hears which."""

    def __init__(self, line: Line, signals: SignalTable, units: Mapping[str, UnitPast]) -> None:
        """Give every unit the heartbeats it lives by."""
        self._signals = signals
        self._beats: list[Heartbeat] = []
        self._heard_by: dict[str, list[int]] = {}
        self._of_signal: list[int] = []
        self._due_ns = FAR_FUTURE
        self._of_source: dict[str, Heartbeat] = {}
        for period_s, members, source in _declared(line):
            beat = Heartbeat(round(period_s * 1e9), members)
            if source:
                self._of_source[source] = beat
            for unit in members:
                units[unit].facts.links.add(beat, shared=bool(source))
                self._heard_by.setdefault(unit, []).append(len(self._beats))
            self._beats.append(beat)
        self._units = tuple(self._heard_by)
        self._unit_number = {unit: number for number, unit in enumerate(self._units)}

    def wanted_ids(self) -> frozenset[int]:
        """Return which signals of the table are signs of life."""
        return frozenset(number for number, signal in enumerate(self._signals) if signal.unit in self._unit_number)

    def hear(self, samples: Samples) -> dict[str, int]:
        """Take every sample as a sign of life; return from when on it is known otherwise which unit lived."""
        if not self._beats:
            return {}
        self._of_signal += [self._unit_number.get(signal.unit, -1) for signal in list(self._signals)[len(self._of_signal) :]]
        unit = np.array(self._of_signal, np.intp)[samples.signal]
        unit[~counts(samples.quality)] = -1
        signs: dict[int, list[NDArray[np.int64]]] = {}
        for number in np.unique(unit[unit >= 0]).tolist():
            for beat in self._heard_by[self._units[number]]:
                signs.setdefault(beat, []).append(samples.effective_ns[unit == number])
        found = [(self._beats[beat], self._beats[beat].hear(np.unique(np.concatenate(parts)))) for beat, parts in signs.items()]
        return self._told(found)

    def reach(self, at_ns: int) -> dict[str, int]:
        """Look whether anybody fell silent up to an instant; return from when on it is known otherwise which unit lived."""
        if at_ns < self._due_ns:
            return {}
        return self._told((beat, beat.reach(at_ns)) for beat in self._beats)

    def heard_until(self, unit: str, at_ns: int) -> int:
        """Return an instant, or where a unit has fallen silent before it and was not heard since, when that was known."""
        return min([at_ns, *(self._beats[number].end_ns for number in self._heard_by.get(unit, []))])

    def of_source(self, source: str) -> tuple[Heartbeat, ...]:
        """Return the heartbeat that all units of a source live by together, if there is one."""
        return (self._of_source[source],) if source in self._of_source else ()

    def _told(self, found: Iterable[tuple[Heartbeat, int | None]]) -> dict[str, int]:
        """Return the earliest instant for each unit concerned, and note when to look again."""
        from_ns: dict[str, int] = {}
        for beat, differs_ns in found:
            if differs_ns is not None:
                from_ns |= {unit: min(differs_ns, from_ns.get(unit, FAR_FUTURE)) for unit in beat.units}
        self._due_ns = min((beat.due_ns for beat in self._beats if beat.due_ns != beat.end_ns), default=FAR_FUTURE)
        return from_ns


def _declared(line: Line) -> Iterator[tuple[float, tuple[str, ...], str]]:
    """Give every declared period in seconds, with the units that live by it, and the source whose it is where it is one's."""
    for source in line.sources:
        if source.heartbeat_s is not None:
            yield source.heartbeat_s, tuple(unit.id for unit in line.units if unit.source == source.id), source.id
    yield from ((unit.heartbeat_s, (unit.id,), "") for unit in line.units if unit.heartbeat_s is not None)
