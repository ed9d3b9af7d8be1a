"""How far each unit has run, in machine cycles, as a function of time: what the 3D view moves by. Not a figure: nothing is counted from it."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.packml import TRANSIENT, Category, State
from twin_app.model.samples import Kind, Quality
from twin_app.model.signal import SPEED

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.model.samples import Samples
    from twin_app.model.signal import SignalTable
    from twin_app.plant.plant import Plant

NS_PER_MINUTE = 60e9
MOVING = TRANSIENT | {State.EXECUTE}
"""States in which a machine may move; in every other one it stands where it stopped."""
DEFAULT_CYCLE_S = 2.0
"""Seconds a cycle where neither a speed nor an ideal cycle is known; only the picture depends on it."""


class _Run:
    """The integral of one unit's speed: cycles done at each of its samples."""

    def __init__(self) -> None:
        """Start at standstill."""
        self.times_ns: list[int] = []
        self.per_min: list[float] = []
        self.cycles: list[float] = []

    def add(self, at_ns: int, per_min: float) -> None:
        """Take one sample of speed in counts a minute, a late one included."""
        place = bisect_right(self.times_ns, at_ns)
        self.times_ns.insert(place, at_ns)
        self.per_min.insert(place, per_min)
        del self.cycles[place:]
        for i in range(place, len(self.times_ns)):
            before = self.times_ns[i - 1] if i else self.times_ns[0]
            done = self.cycles[i - 1] + self.per_min[i - 1] * (self.times_ns[i] - before) / NS_PER_MINUTE if i else 0.0
            self.cycles.append(done)

    def at(self, at_ns: int) -> float:
        """Return cycles done by an instant."""
        i = bisect_right(self.times_ns, at_ns) - 1
        return self.cycles[i] + self.per_min[i] * (at_ns - self.times_ns[i]) / NS_PER_MINUTE if i >= 0 else 0.0


class Motion:
    """The cycles of every unit of a line: from its speed where it sends one, else from its time in production."""

    def __init__(self, line: Line, signals: SignalTable, plant: Plant) -> None:
        """Know the units; nothing has moved yet."""
        self._line, self._signals, self._plant = line, signals, plant
        self._runs: dict[str, _Run] = {}

    def fold(self, samples: Samples) -> None:
        """Take the speeds among new samples."""
        for unit in self._line.units:
            signal = self._signals.find(unit.id, SPEED)
            if signal is None:
                continue
            mine = samples.take((samples.signal == signal) & (samples.kind == Kind.NUMBER) & (samples.quality == Quality.GOOD))
            for at_ns, speed in zip(mine.effective_ns.tolist(), np.nan_to_num(mine.value).tolist(), strict=True):
                self._runs.setdefault(unit.id, _Run()).add(at_ns, max(speed, 0.0))

    def cycles(self, unit: str, at_ns: int) -> float:
        """Return cycles done by an instant; a unit that stands or is not known stays where it was when that began."""
        now = self._plant.now(unit, at_ns)
        until_ns = at_ns if now.state in MOVING and now.category is not Category.BLIND else min(now.since_ns, at_ns)
        if run := self._runs.get(unit):
            return run.at(until_ns)
        ledger = self._plant.ledger(unit, min(0, until_ns), until_ns)
        cycle_s = self._line.ideal_cycle_s(unit) or DEFAULT_CYCLE_S
        return ledger.state_ns.get(State.EXECUTE, 0) / 1e9 / cycle_s
