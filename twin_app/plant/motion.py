"""How far each unit has run, in machine cycles, as a function of time: what the 3D view moves by. Not a figure: nothing is counted from it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.packml import TRANSIENT, State
from twin_app.model.samples import Kind
from twin_app.model.signal import SPEED
from twin_app.plant.column import Column, place_of
from twin_app.plant.reading import part_of, parts
from twin_app.plant.sieve import Sieve
from twin_app.plant.spill import touched
from twin_app.plant.track import FAR_FUTURE, FAR_PAST, Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.model.equipment import Line
    from twin_app.model.samples import Samples
    from twin_app.model.signal import SignalTable
    from twin_app.model.timeline import Intervals
    from twin_app.plant.plant import Past, Plant

NS_PER_MINUTE = 60e9
DEFAULT_CYCLE_S = 2.0
"""Seconds a cycle where neither a speed nor an ideal cycle is known; only the picture depends on it."""
FASTEST_PER_MIN = 1e5
"""A faster speed is taken for this: no eye sees the difference, and a nonsense value would swallow the digits of a phase."""
_LOOK_BYTES = 3 * 4096
"""What a look for an instant reads of columns: a page of each."""
_NEAR = 1_024
_MOVES = np.array([False, *(state is State.EXECUTE or state in TRANSIENT for state in State)])
"""Whether a machine may move, by state number + 1, blind first; in every other state it stands where it stopped."""


class Motion:
    """The cycles of every unit of a line: its speed, while it may move; before it ever sent one, its ideal rate while it executes.

    One thread folds; any thread asks. The same samples give the same cycles to the bit, in whatever order and batches they came.
    """

    def __init__(self, line: Line, signals: SignalTable, plant: Plant, past: Past | None = None) -> None:
        """Know the units; nothing has moved yet. `signals` may go on growing; `past` as `Plant` has it."""
        self._signals, self._plant = signals, plant
        self._past_of, self._sieve = past, Sieve() if past is not None else None
        self._lock = Lock()
        self._runs = {unit.id: _Run(60.0 / (line.ideal_cycle_s(unit.id) or DEFAULT_CYCLE_S)) for unit in line.units}
        found = {unit.id: signals.find(unit.id, SPEED) for unit in line.units}
        self._derived_speeds = {unit: i for unit, i in found.items() if i is not None and signals[i].derived}
        self._newest_ns = FAR_PAST
        self._unit_of: list[str] = []
        self._is_speed = np.empty(0, bool)

    def fold(self, samples: Samples, changed: frozenset[str], first_ns: int = FAR_FUTURE) -> None:
        """Take in samples that the plant has folded; `changed` are the units whose states they changed, from `first_ns` on at the earliest."""
        if not len(samples):
            return
        self._newest_ns = max(self._newest_ns, int(samples.effective_ns.max()))
        heard_ns = int(samples.effective_ns.min())
        from_ns = dict.fromkeys(changed, min(heard_ns, first_ns))
        with self._lock:
            self._derive_speeds(heard_ns, from_ns)
            for unit, speed_ns in self._take_speeds(samples).items():
                from_ns[unit] = min(speed_ns, from_ns.get(unit, FAR_FUTURE))
            for unit, differs_ns in from_ns.items():
                last_ns = max(self._newest_ns, differs_ns, self._plant.last_told(unit))
                self._runs[unit].derive(self._plant.intervals(unit, differs_ns, last_ns + 1))

    def speeds(self) -> frozenset[int]:
        """Return the signals of the table that machines move by."""
        with self._lock:
            self._follow()
            return frozenset(np.flatnonzero(self._is_speed).tolist())

    def cycles(self, unit: str, at_ns: int) -> float:
        """Return cycles done by an instant, 0 before anything moved; KeyError where the line has no such unit."""
        at_ns = self._plant.heard_until(unit, at_ns)
        with self._lock:
            return self._runs[unit].at(at_ns)

    def _derive_speeds(self, heard_ns: int, from_ns: dict[str, int]) -> None:
        """Take over speeds that the layout derives, from the earliest instant at which they may differ."""
        for unit, signal in self._derived_speeds.items():
            first_ns = min(heard_ns, from_ns.get(unit, FAR_FUTURE))
            speeds = self._plant.derived(signal, first_ns, FAR_FUTURE)
            if speeds is not None:
                told = speeds.take(speeds.effective_ns >= first_ns)
                self._runs[unit].speed.rewrite(first_ns, told.effective_ns, _per_min(told.value, unknown=np.nan))
                from_ns[unit] = first_ns

    def _take_speeds(self, samples: Samples) -> dict[str, int]:
        """Keep the speeds among new samples; return from when on each unit has new ones."""
        self._follow()
        from_ns: dict[str, int] = {}
        for part in parts(samples, self._is_speed[samples.signal], self._sieve):
            said = part.say(part.trusted_kind == Kind.NUMBER)
            if len(said.times):
                self._run_of(part.signal).speed.extend(said.times, _per_min(said.values), said.messages)
                from_ns[self._unit_of[part.signal]] = int(said.times.min())
        for signal, again_ns in self._sieve.overtaken().items() if self._sieve is not None else ():
            assert self._past_of is not None  # noqa: S101 - without it there is no sieve
            part = part_of(signal, self._past_of(signal, again_ns, FAR_FUTURE, 0), again_ns)
            said = part.say(part.trusted_kind == Kind.NUMBER)
            self._run_of(signal).speed.rewrite(again_ns, said.times, _per_min(said.values), said.messages)
            from_ns[self._unit_of[signal]] = min(again_ns, from_ns.get(self._unit_of[signal], FAR_FUTURE))
        return from_ns

    def _run_of(self, signal: int) -> _Run:
        """Return the run of the unit whose speed a signal is."""
        return self._runs[self._unit_of[signal]]

    def _follow(self) -> None:
        """Find the speeds among signals that are new in the table."""
        if len(self._signals) > len(self._unit_of):
            known = tuple(self._signals)
            self._unit_of = [signal.unit for signal in known]
            self._is_speed = np.array([s.name == SPEED and s.unit in self._runs and s.unit not in self._derived_speeds for s in known])
            if self._sieve is not None:
                self._sieve.grow(self._is_speed.tolist())


def _per_min(speeds: NDArray[np.float64], *, unknown: float = 0.0) -> NDArray[np.float64]:
    """Return speeds as a picture can use them: none below zero, none too fast for any eye."""
    return np.where(np.isfinite(speeds), np.clip(speeds, 0.0, FASTEST_PER_MIN), unknown)


class _Run:
    """One unit's rate, as it changes, and the cycles done at each change."""

    def __init__(self, ideal_per_min: float) -> None:
        """Stand, since ever."""
        self.speed = Track(np.float64)
        """Counts a minute, finite, never negative."""
        self._ideal_per_min = ideal_per_min
        self._times: Column[np.int64] = Column(np.int64)
        self._per_min: Column[np.float64] = Column(np.float64)
        self._done: Column[np.float64] = Column(np.float64)
        self._looked = 0

    def derive(self, states: Intervals) -> None:
        """Follow speeds and states that changed within these intervals, which reach to the end of all that is known."""
        from_ns = int(states.start_ns[0])
        speeds_ns = self.speed.times[place_of(self.speed.times, from_ns) :]
        instants = np.unique(np.concatenate((states.start_ns, speeds_ns)))
        per_min = self._rates(instants, states)
        keep = place_of(self._times.view, from_ns)
        last = slice(max(keep - 1, 0), keep)
        before = self._per_min.view[last] if keep else np.zeros(1)
        # Only changes are kept: then the sums run over the same steps, whatever came in one batch
        changes = np.diff(per_min, prepend=before) != 0.0
        self._append(keep, instants[changes], per_min[changes])

    def _append(self, keep: int, times: NDArray[np.int64], per_min: NDArray[np.float64]) -> None:
        """Keep the first `keep` changes and put others behind them; one sum after the other gives the same bits from any start."""
        last = slice(max(keep - 1, 0), keep)
        lasted = np.diff(np.concatenate((self._times.view[last], times)))
        held = np.concatenate((self._per_min.view[last], per_min))[:-1]
        start = self._done.view[last] if keep else np.zeros(1)
        done: NDArray[np.float64] = np.cumsum(np.concatenate((start, held * lasted / NS_PER_MINUTE)))
        self._times.replace(keep, times)
        self._per_min.replace(keep, per_min)
        self._done.replace(keep, done[1:] if keep else done[: len(times)])

    def _rates(self, instants: NDArray[np.int64], states: Intervals) -> NDArray[np.float64]:
        """Return the rate from each instant on, counts a minute, shape (n,)."""
        state = states.state[states.start_ns.searchsorted(instants, "right") - 1]
        speed = self._speeds(instants)
        ideal = np.where(state == State.EXECUTE, self._ideal_per_min, 0.0)
        rates: NDArray[np.float64] = np.where(np.isnan(speed), ideal, np.where(_MOVES[state + 1], speed, 0.0))
        return rates

    def _speeds(self, instants: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the speed in force at each of some ascending instants, shape (n,), NaN before the first; of older ones nothing is read."""
        times = self.speed.times
        first = max(place_of(times, int(instants[0])) - 1, 0)
        rows = first + times[first:].searchsorted(instants, "right") - 1
        speeds: NDArray[np.float64] = np.where(rows >= 0, self.speed.values[rows], np.nan) if len(times) else np.full(len(instants), np.nan)
        return speeds

    def at(self, at_ns: int) -> float:
        """Return cycles done by an instant."""
        row = self._looked = self._row_at(at_ns)
        if row < 0:
            return 0.0
        touched(_LOOK_BYTES)
        lasted = at_ns - int(self._times.view[row])
        return float(self._done.view[row] + self._per_min.view[row] * lasted / NS_PER_MINUTE)

    def _row_at(self, at_ns: int) -> int:
        """Return the change in force at an instant, -1 before the first: near the one looked at before, where a playhead moves on."""
        times = self._times.view
        low, high = max(self._looked - _NEAR, 0), min(max(self._looked, 0) + _NEAR, len(times))
        if not (low < high and (low == 0 or times[low] <= at_ns) and (high == len(times) or at_ns < times[high])):
            low, high = 0, len(times)
        return low + int(times[low:high].searchsorted(at_ns, "right")) - 1
