"""A simulated line that runs while somebody watches: at a pace, frozen, in steps, put back. Not for threads, and never a wall clock.

The run's time is mapped to UTC so that it never goes back: after a back-track the line is as it was, but the clock goes on,
because what a twin has recorded is not to be undone.
"""

from __future__ import annotations

import json
from math import isfinite
from threading import RLock
from typing import TYPE_CHECKING

from twin_app.errors import UsageError
from twin_app.model.instructor import ActiveFault, RunStatus
from twin_app.model.packml import State
from twin_app.simulate.consistency import misplaced
from twin_app.simulate.emit import BEAT_NS, Emitter
from twin_app.simulate.engine import Simulation
from twin_app.simulate.spec import DATA_FAULTS, SIZES, Fault, FaultKind
from twin_app.text import N_

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.simulate.spec import Scenario
    from twin_app.simulate.speech import Sent

FASTEST = 100.0
STEP_LIMIT_NS = 60_000_000_000
"""A step ends at the latest after this long, where nothing happens."""


class LiveRun:
    """One run; an `Instructor`. `advance` belongs to the thread that publishes, the rest to any."""

    def __init__(self, line: Line, scenario: Scenario, *, seed: int, start_ns: int, speed: float = 1.0) -> None:
        """Lay the line out.

        Args:
            line: the layout.
            scenario: how it behaves.
            seed: of everything random.
            start_ns: UTC ns at which it begins, by its calendar and by the messages.
            speed: how much faster than real time it runs.

        Raises:
            SourceError: a unit cannot speak.
            UsageError: the speed is none.
        """
        self._simulation = Simulation(line, scenario, seed=seed, start_ns=start_ns)
        self._emitter = Emitter(self._simulation, beat_ns=BEAT_NS, utc=self._utc)
        self._offset_ns = start_ns
        self._lock = RLock()
        self._frozen = False
        self._speed = 1.0
        self._waiting: list[Sent] = []
        self._kept: list[tuple[int, str, str]] = []
        self.set_speed(speed)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the malfunctions there are."""
        return tuple(FaultKind)

    def units_for(self, kind: str) -> tuple[str, ...]:
        """Return the units that a malfunction can befall."""
        line = self._simulation.line
        return tuple(m.id for m in self._simulation.wiring.machines if not misplaced(FaultKind(kind), m.spec, line, m.id))

    def usual_size(self, kind: str) -> float:
        """Return how much a malfunction does where nobody says; 0: it has no size."""
        return SIZES[FaultKind(kind)]

    def now_ns(self) -> int:
        """Return the time on the line's clock, UTC ns."""
        return self._utc(self._simulation.now_ns)

    def advance(self, elapsed_ns: int) -> list[Sent]:
        """Let so much real time pass, and return what is said meanwhile, and by hand since the last call."""
        with self._lock:
            if not self._frozen:
                self._run_to(self._simulation.now_ns + round(elapsed_ns * self._speed))
            said, self._waiting = self._waiting, []
            return said

    def status(self) -> RunStatus:
        """Return how the run is."""
        with self._lock:
            simulation = self._simulation
            faults = [(number, simulation.faults[number]) for number in simulation.active]
            return RunStatus(
                frozen=self._frozen, speed=self._speed, ran_ns=simulation.now_ns, snapshots_ns=tuple(at_ns for at_ns, _, _ in self._kept),
                active=tuple(
                    ActiveFault(number=number, kind=str(fault.kind), unit=fault.unit, of_data=fault.kind in DATA_FAULTS)
                    for number, fault in faults
                ),
            )  # fmt: skip

    def freeze(self) -> None:
        """Stop time on the line."""
        self._frozen = True

    def run(self) -> None:
        """Let time run on the line."""
        self._frozen = False

    def step(self) -> None:
        """Freeze, and go on until something is said, or for a while."""
        with self._lock:
            self._frozen = True
            before, ends_ns = len(self._waiting), self._simulation.now_ns + STEP_LIMIT_NS
            while len(self._waiting) == before and self._simulation.now_ns < ends_ns:
                events = self._simulation.step()
                self._waiting += self._emitter.word(events, self._simulation.now_ns)

    def set_speed(self, speed: float) -> None:
        """Run so many times as fast as real lines.

        Raises:
            UsageError: that is no speed, or too fast for anybody to watch.
        """
        if not isfinite(speed) or not 0.0 < speed <= FASTEST:
            raise UsageError(N_("{speed} is not a speed for a simulation."), tip=N_("Give a number above 0 and up to 100."), speed=speed)
        self._speed = speed

    def snapshot(self) -> int:
        """Keep how the line is now."""
        with self._lock:
            self._kept.append((self._simulation.now_ns, self._simulation.snapshot(), json.dumps(self._emitter.state())))
            return len(self._kept) - 1

    def back_track(self, number: int) -> None:
        """Put the line back to how it was at a snapshot; every unit says at once how it is now."""
        with self._lock:
            now_ns = self.now_ns()
            at_ns, simulation, emitter = self._kept[number]
            self._simulation.restore(simulation)
            self._offset_ns = now_ns - at_ns
            self._waiting += self._emitter.restore(json.loads(emitter))

    def trigger(self, kind: str, unit: str, size: float | None = None) -> int:
        """Begin a malfunction, of its usual size where none is given."""
        with self._lock:
            fault = Fault(kind=FaultKind(kind), unit=unit, size=size, state=State.IDLE.title if kind == FaultKind.WRONG_STATE else "")
            number = self._simulation.trigger(fault)
            self._run_to(self._simulation.now_ns)
            return number

    def clear(self, number: int) -> None:
        """End a malfunction."""
        with self._lock:
            self._simulation.clear(number)
            self._run_to(self._simulation.now_ns)

    def _run_to(self, until_ns: int) -> None:
        self._waiting += self._emitter.word(self._simulation.run_until(until_ns), until_ns)

    def _utc(self, t_ns: int) -> int:
        return self._offset_ns + t_ns
