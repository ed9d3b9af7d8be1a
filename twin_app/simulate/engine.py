"""The simulation of one line: a calendar of what will happen, taken entry by entry. Not for messages, files or wall clocks."""

from __future__ import annotations

import json
from dataclasses import asdict
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from twin_app.model.packml import Mode, State
from twin_app.plant.calendar import Calendar
from twin_app.simulate import flow, malfunctions, sensing, stops, supply
from twin_app.simulate.events import LINE, Cause, Kind
from twin_app.simulate.laws import SECOND_NS
from twin_app.simulate.parts import note
from twin_app.simulate.paths import LAST, STATES, Code, Path, advance, schedule_free
from twin_app.simulate.shifts import Shifts
from twin_app.simulate.spec import Fault, FaultKind, Scenario, When
from twin_app.simulate.state import Halt, Phase, Run
from twin_app.simulate.wiring import Wiring

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.equipment import Line
    from twin_app.simulate.events import Event
    from twin_app.simulate.state import Machine

_WAITING = (Phase.STARVED, Phase.BLOCKED)
_FREE, _OF_NO_UNIT = Code.SUSPEND, Code.CALENDAR
_END, _VERY_LAST = Code.FAULT_END + 1, 2 * LAST
"""The entry at which a run is over for now: behind all others of its instant."""

_STEPS: tuple[Callable[[Run, Machine], None], ...] = (
    flow.done, stops.break_down, advance, stops.restored, flow.suspend, sensing.sample, supply.delivered, supply.shipped,
)  # fmt: skip
"""What executes an entry of a unit, by its code."""


class Simulation:
    """One run of a line. The same line, scenario, seed and start give the same events, on every platform.

    Times are ns from the start of the run; `start_ns` (UTC) is what its calendar and messages reckon from.
    """

    def __init__(self, line: Line, scenario: Scenario | None = None, *, seed: int = 1, start_ns: int = 0) -> None:
        """Lay the line out and put it to work at time 0."""
        scenario = scenario or Scenario()
        self.line = line
        self.start_ns = start_ns
        self.faults: list[Fault] = list(scenario.faults)
        """Every malfunction by number, those triggered by hand behind those of the scenario."""
        self._initial_fill = scenario.initial_fill
        self._planned_faults = len(self.faults)
        self.wiring = Wiring(line, scenario, seed)
        self.executed = 0
        """Calendar entries executed so far."""
        self._run = Run(self.wiring)
        self._on_plan = {Code.CALENDAR: self._on_calendar, Code.FAULT: self._on_fault, Code.FAULT_END: self._on_fault_end}
        self._shifts = Shifts(Calendar(line), start_ns) if scenario.use_calendar else None
        self._begin()

    @property
    def now_ns(self) -> int:
        """Return the time up to which the run has come, ns from its start."""
        return self._run.now

    def run_until(self, t_ns: int) -> list[Event]:
        """Run up to and including `t_ns` and return what happened since the last call, in order."""
        run = self._run
        heap, machines, on = run.heap, run.machines, _STEPS
        ready, landed, armed = run.ready, run.landed, run.armed
        executed = 0
        heappush(heap, (max(t_ns, run.now), _VERY_LAST, _END, 0, 0))
        while True:
            now, _, code, u, ticket = heappop(heap)
            run.now = now
            if code < _FREE:
                machine = machines[u]
                if ticket != machine.ticket:
                    continue
                on[code](run, machine)
            elif code < _OF_NO_UNIT:
                on[code](run, machines[u])
            elif code == _END:
                break
            else:
                self._on_plan[code](u)
            executed += 1
            if ready or landed:
                _settle(run)
            if armed:
                malfunctions.watch(run, self.faults)
                _settle(run)
        self.executed += executed
        return self._taken()

    def step(self) -> list[Event]:
        """Run through the next instant at which anything happens, and return what did."""
        heap, machines = self._run.heap, self._run.machines
        while heap and heap[0][2] < _FREE and heap[0][4] != machines[heap[0][3]].ticket:
            heappop(heap)
        return self.run_until(heap[0][0]) if heap else self._taken()

    def trigger(self, fault: Fault) -> int:
        """Begin a malfunction by hand, now; return its number."""
        self.faults.append(fault)
        malfunctions.begin(self._run, len(self.faults) - 1, fault)
        _settle(self._run)
        return len(self.faults) - 1

    def clear(self, number: int) -> None:
        """End a malfunction by hand, now; one that is not active stays so."""
        malfunctions.end(self._run, number, self.faults[number])
        _settle(self._run)

    @property
    def active(self) -> tuple[int, ...]:
        """Return the numbers of the malfunctions that are active now."""
        return tuple(self._run.active)

    def snapshot(self) -> str:
        """Return the state of the run as JSON, with the events not yet taken away."""
        by_hand = [asdict(fault) for fault in self.faults[self._planned_faults :]]
        return json.dumps({**self._run.state(), "by_hand": by_hand}, separators=(",", ":"))

    def restore(self, snapshot: str) -> None:
        """Go back (or forward) to a snapshot of the same line, scenario, seed and start."""
        state = json.loads(snapshot)
        self.faults[self._planned_faults :] = [_fault(**fields) for fields in state.pop("by_hand")]
        self._run.restore(state)

    def spent_ns(self) -> dict[str, dict[str, int]]:
        """Return the time of each unit by what it went into; the parts of a unit add up to the time run, to the ns."""
        now = self._run.now
        found = {}
        for m in self._run.machines:
            spent = list(m.spent)
            spent[m.phase] += now - m.phase_since
            found[m.id] = dict(zip(Phase.names().values(), spent, strict=True))
        return found

    def made(self) -> dict[str, int]:
        """Return how many parts each unit has processed, the defective included."""
        return {m.id: m.made for m in self._run.machines}

    def waiting(self, unit: str) -> int:
        """Return how many parts wait before a unit now."""
        return sum(len(buffer.queue) for buffer in self.wiring.by_id[unit].inlets)

    def mean_waiting(self, unit: str) -> float:
        """Return the mean number of parts that waited before a unit so far; NaN at time 0."""
        now = self._run.now
        level_ns = sum(buffer.queued_ns + len(buffer.queue) * now for buffer in self.wiring.by_id[unit].inlets)
        return level_ns / now if now else float("nan")

    def inside(self) -> int:
        """Return how many parts are in the line now."""
        return self._run.inside

    def mean_inside(self) -> float:
        """Return the mean number of parts in the line so far; NaN at time 0."""
        run = self._run
        return (run.inside * run.now + run.left_sum - run.born_sum) / run.now if run.now else float("nan")

    def _on_calendar(self, _line: int) -> None:
        if self._shifts:
            self._shifts.turn(self._run)

    def _on_fault(self, number: int) -> None:
        malfunctions.begin(self._run, number, self.faults[number])

    def _on_fault_end(self, number: int) -> None:
        malfunctions.end(self._run, number, self.faults[number])

    def _taken(self) -> list[Event]:
        events, self._run.log = self._run.log, []
        return events

    def _begin(self) -> None:
        """Put every unit where it stands at time 0: at work, or at home where the calendar says so."""
        run = self._run
        planned = self._shifts.planned(0)[0] if self._shifts else True
        run.planned = int(planned)
        run.log.append((0, LINE, Kind.SHIFT, run.planned, Cause.START))
        for m in run.machines:
            _place(run, m, planned=planned)
        supply.stand_about(run, self._initial_fill)
        for number, fault in enumerate(self.faults):
            malfunctions.arm(run, number, fault)
        if self._shifts:
            self._shifts.turn(run)
        _settle(run)


def _fault(*, kind: str, when: str | None, **rest: Any) -> Fault:  # noqa: ANN401 - numbers, texts and None, as `Fault` has them
    """Return a malfunction from its fields as JSON holds them."""
    return Fault(kind=FaultKind(kind), when=When(when) if when else None, **rest)


def _place(run: Run, m: Machine, *, planned: bool) -> None:
    """Give a unit its first state and its first calendar entries."""
    spec = m.spec
    m.state = int(State.EXECUTE if planned else State.STOPPED)
    note(run, m, Kind.MODE, int(Mode.PRODUCTION), Cause.START)
    note(run, m, Kind.STATE, m.state, Cause.START)
    m.micro_mean_ns = round(spec.micro_stop_every_s * SECOND_NS)
    stops.wind_up(m)
    if planned:
        m.phase, m.path = Phase.ACTING, Path.START
        run.landed.append(m)
    else:
        m.phase, m.path, m.halt = Phase.OFF, Path.STOP, Halt.CALENDAR
    m.step = len(STATES[m.path])
    if m.sample_ns:
        schedule_free(run, m.sample_ns * (m.u + 1) // len(run.machines), Code.SAMPLE, m.u)
    m.battery_ns = m.full_ns
    if spec.stock:
        m.stock = spec.stock.at_start
        if m.inlets and not m.outlets:
            schedule_free(run, m.lead.draw_ns(), Code.SHIPMENT, m.u)


def _settle(run: Run) -> None:
    """Let everybody go on whom the last entry made able to, until nobody is."""
    ready, landed = run.ready, run.landed
    while ready or landed:
        if landed:
            m = landed.pop()
            stops.AT_END[m.path](run, m)
            continue
        m = ready.pop()
        if m.phase in _WAITING:
            flow.proceed(run, m)
