"""What is told of what happens: the truth, or less or something else where a malfunction of data says so. Not for wording or sending it.

The simulation knows no lies; every one is made here, between its events and whoever words them as messages.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, NamedTuple

from twin_app.simulate.events import Cause, Kind
from twin_app.simulate.laws import SECOND_NS
from twin_app.simulate.malfunctions import size_of
from twin_app.simulate.spec import DATA_FAULTS, AlarmOn, FaultKind
from twin_app.simulate.streams import NOISE, Stream
from twin_app.simulate.wiring import state_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from twin_app.simulate.engine import Simulation
    from twin_app.simulate.events import Event
    from twin_app.simulate.spec import Fault

ALARM_LASTS_NS = 3 * SECOND_NS
WORD_BITS = 52
"""What a fault word holds: a number that every program can read."""
FIRST_BURST_ALARM = 100
"""Alarms of a burst have numbers from here on, where the machine has none for it."""
LASTING = (Kind.MODE, Kind.STATE, Kind.INTERLOCK, Kind.ORDER, Kind.PRODUCT)
"""What holds until something else is told: it is told again after a loss of communication."""


class Report(NamedTuple):
    """One thing told. Times are ns from the start of the run; the rest is as in an event."""

    t_ns: int
    """When it happens."""
    told_ns: int
    """When that is by the clock of the unit."""
    unit: int
    kind: int
    value: float
    cause: int
    """Of an alarm the fault word: which alarms stand from now on, number n as bit n - 1."""
    wrong: tuple[int, ...] = ()
    """Numbers of the malfunctions of data that the unit has."""


class Teller:
    """Turns the events of one simulation into reports, in the order of time."""

    def __init__(self, simulation: Simulation) -> None:
        """Start with nothing told and nothing wrong."""
        self._simulation = simulation
        self._sensors = [tuple(s.name for s in m.spec.sensors) for m in simulation.wiring.machines]
        names = simulation.wiring.units
        self._noise = [Stream(simulation.wiring.seed, unit, "false noise", NOISE) for unit in names]
        self._told: list[Report] = []
        self._bursts: list[tuple[int, int, int]] = []
        """(t_ns, unit, n or -n): alarms that will come and go with nothing behind them."""
        self._wrong: list[list[int]] = [[] for _ in names]
        """Numbers of the malfunctions of data that are active, by unit."""
        self._lasting: list[list[float]] = [[-1] * len(LASTING) for _ in names]
        """The true value of each kind in `LASTING`, by unit."""
        self._standing: list[list[int]] = [[] for _ in names]
        """Numbers of the alarms that truly stand, by unit."""
        self.shown_alarms: list[list[int]] = [[] for _ in names]
        """Numbers of the alarms that were told to stand, by unit."""
        self._frozen: list[list[float | None]] = [[None] * len(sensors) for sensors in self._sensors]
        """What each sensor showed last before it froze, by unit."""

    def tell(self, events: Iterable[Event], until_ns: int) -> list[Report]:
        """Return what is told up to and including `until_ns`, given all events up to then."""
        for event in events:
            self._tell_bursts(event[0])
            if event[2] == Kind.FAULT:
                self._turn(event)
            elif event[1] < 0:
                self._send(event[0], event)
            else:
                self._pass(event)
        self._tell_bursts(until_ns)
        told, self._told = self._told, []
        return told

    def state(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        return {
            "bursts": self._bursts, "wrong": self._wrong, "lasting": self._lasting, "standing": self._standing, "alarms": self.shown_alarms,
            "frozen": self._frozen, "drawn": [stream.drawn for stream in self._noise],
        }  # fmt: skip

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a state of the same simulation."""
        self._bursts = [(at, unit, number) for at, unit, number in state["bursts"]]
        self._wrong = [list(numbers) for numbers in state["wrong"]]
        self._lasting = [list(values) for values in state["lasting"]]
        self._standing, self.shown_alarms = ([list(numbers) for numbers in state[name]] for name in ("standing", "alarms"))
        self._frozen = [list(values) for values in state["frozen"]]
        for stream, drawn in zip(self._noise, state["drawn"], strict=True):
            stream.drawn = drawn

    def unsettled_alarms(self, unit: int) -> list[int]:
        """Return what is to be told of the alarms of a unit so that those told to stand are those that do: n comes, -n goes."""
        standing, told = self._standing[unit], self.shown_alarms[unit]
        return [number for number in standing if number not in told] + [-number for number in told if number not in standing]

    def _active(self, unit: int, *kinds: FaultKind) -> list[Fault]:
        faults = (self._simulation.faults[number] for number in self._wrong[unit])
        return [fault for fault in faults if fault.kind in kinds]

    def _turn(self, event: Event) -> None:
        """Begin or end a malfunction of data; those of machines speak for themselves."""
        t_ns, unit, _, value, _ = event
        number = int(abs(value)) - 1
        fault = self._simulation.faults[number]
        if fault.kind not in DATA_FAULTS:
            return
        begins = value > 0
        if begins:
            self._wrong[unit].append(number)
        elif number in self._wrong[unit]:
            self._wrong[unit].remove(number)
        if fault.kind is FaultKind.ALARM_BURST and begins:
            self._burst(t_ns, unit, fault)
        if fault.kind is FaultKind.SENSOR_FREEZE and not begins:
            self._frozen[unit] = [None] * len(self._frozen[unit])
        if fault.kind is FaultKind.WRONG_STATE or (fault.kind is FaultKind.COMMUNICATION_LOSS and not begins):
            self._tell_again(t_ns, unit, Cause.FAULT + number)

    def _tell_again(self, t_ns: int, unit: int, cause: int) -> None:
        """Tell what lasts, as a unit does that has just come back."""
        for kind, lasting in zip(LASTING, self._lasting[unit], strict=True):
            if lasting >= 0:
                self._pass((t_ns, unit, kind, lasting, cause))
        for number in self.unsettled_alarms(unit):
            self._pass((t_ns, unit, Kind.ALARM, number, cause))

    def _burst(self, t_ns: int, unit: int, fault: Fault) -> None:
        """Tell alarms that nothing has caused, evenly over a minute."""
        count = int(size_of(fault))
        own = self._simulation.wiring.machines[unit].alarms.get(AlarmOn.BURST)
        for i in range(count):
            at, number = t_ns + 60 * SECOND_NS * i // count, own[i % len(own)] if own else FIRST_BURST_ALARM + i
            heappush(self._bursts, (at, unit, number))
            heappush(self._bursts, (at + ALARM_LASTS_NS, unit, -number))

    def _tell_bursts(self, until_ns: int) -> None:
        """Tell the alarms of bursts up to and including an instant."""
        while self._bursts and self._bursts[0][0] <= until_ns:
            at, unit, number = heappop(self._bursts)
            self._tell((at, unit, Kind.ALARM, number, Cause.NONE))

    def _pass(self, event: Event) -> None:
        """Tell one true event of a unit as its malfunctions let it be told."""
        _, unit, kind, value, _ = event
        if kind in LASTING:
            self._lasting[unit][LASTING.index(kind)] = value
        elif kind == Kind.ALARM:
            _turn_alarm(self._standing[unit], int(value))
        self._tell(event)

    def _tell(self, event: Event) -> None:
        """Tell an event as its unit's malfunctions let it be told."""
        t_ns, unit, kind, value, cause = event
        if not self._wrong[unit]:
            self._send(t_ns, event)
            return
        shown = self._shown(unit, kind, value, cause)
        if shown is None or self._active(unit, FaultKind.COMMUNICATION_LOSS):
            return
        by_clock = t_ns + sum(round(size_of(fault) * SECOND_NS) for fault in self._active(unit, FaultKind.CLOCK_SKEW))
        self._send(by_clock, (t_ns, unit, kind, shown, cause))

    def _shown(self, unit: int, kind: int, value: float, cause: int) -> float | None:
        """Return the value that is told; None: nothing is."""
        if kind == Kind.STATE:
            wrong = self._active(unit, FaultKind.WRONG_STATE)
            return state_of(wrong[-1].state) if wrong else value
        return self._measured(unit, cause, value) if kind == Kind.SAMPLE else value

    def _measured(self, unit: int, sensor: int, value: float) -> float | None:
        """Return what a sensor shows of a measurement; None where it is silent."""
        name = self._sensors[unit][sensor]
        kinds = (FaultKind.SENSOR_DROPOUT, FaultKind.SENSOR_FREEZE, FaultKind.SENSOR_BIAS, FaultKind.SENSOR_NOISE)
        shown: float | None = value
        for fault in self._active(unit, *kinds):
            if shown is None or fault.sensor not in ("", name):
                continue
            if fault.kind is FaultKind.SENSOR_DROPOUT:
                shown = None
            elif fault.kind is FaultKind.SENSOR_FREEZE:
                kept = self._frozen[unit][sensor]
                shown = self._frozen[unit][sensor] = shown if kept is None else kept
            elif fault.kind is FaultKind.SENSOR_BIAS:
                shown += size_of(fault)
            else:
                shown += self._noise[unit].draw() * size_of(fault)
        return None if shown is None else round(shown, 3)

    def _send(self, told_ns: int, event: Event) -> None:
        t_ns, unit, kind, value, cause = event
        if kind == Kind.ALARM:
            _turn_alarm(self.shown_alarms[unit], int(value))
            cause = sum(1 << (number - 1) for number in self.shown_alarms[unit] if number <= WORD_BITS)
        wrong = tuple(self._wrong[unit]) if unit >= 0 and self._wrong[unit] else ()
        self._told.append(Report(t_ns, told_ns, unit, kind, value, cause, wrong))


def _turn_alarm(standing: list[int], number: int) -> None:
    """Keep which alarms stand: n comes, -n goes."""
    if number > 0 and number not in standing:
        standing.append(number)
    elif -number in standing:
        standing.remove(-number)
