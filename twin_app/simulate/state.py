"""All that changes while a line is simulated, by unit, buffer, stream and run: plain lists of numbers, so that one JSON text says it all. Not for how it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from twin_app.simulate.numbered import Numbered

if TYPE_CHECKING:
    from twin_app.simulate.events import Event
    from twin_app.simulate.spec import UnitSpec
    from twin_app.simulate.streams import Stream
    from twin_app.simulate.wiring import Wiring

Part: TypeAlias = list[int]
"""[serial, product, born_ns, marks, order]: orders are counted from 1, 0 is none."""
SPOILT, REWORKED, RETURNING = 1, 2, 4
"""Marks of a part: bad, whether known or not; reworked once; on its way to be."""
NEVER = 1 << 60
"""A time that never comes, ns."""
NOT_BEGUN = -1
"""Of `left_ns`: no cycle was interrupted."""


class Phase(Numbered):
    """What a unit's time goes into, by the flow of material; the parts of its ledger."""

    RUN = 0
    STARVED = 1
    BLOCKED = 2
    DOWN = 3
    """Failed, or stopped by a malfunction, until Execute is reached again."""
    HELD = 4
    """In a micro-stop, until Execute is reached again."""
    SETUP = 5
    ACTING = 6
    """On its way to Execute though it could work."""
    OFF = 7
    """Not planned to work, or without an order."""
    CHARGING = 8


class Halt(Numbered):
    """Bits of `halt`: why a unit must not begin another cycle."""

    CALENDAR = 1
    NO_ORDER = 2
    CHARGE = 4


class Buffer:
    """Places between units. Vehicles share the one they fetch from and the one they bring to."""

    FIELDS = ("queue", "queued_ns", "jam", "booked")
    __slots__ = (*FIELDS, "b", "feeder", "feeders", "places", "taker", "takers")

    def __init__(self, b: int) -> None:
        """Start empty, fed by nobody."""
        self.b = b
        self.feeders: tuple[Machine, ...] = ()
        self.feeder: Machine | None = None
        """The one unit that feeds it; None where several do."""
        self.takers: tuple[Machine, ...] = ()
        self.taker: Machine | None = None
        """The one unit that takes from it; None where vehicles do."""
        self.places = 0
        self.queue: list[Part] = []
        self.queued_ns = 0
        """Times at which parts left less those at which they came: with `now` for those inside, its level times time."""
        self.jam = 0
        """How many malfunctions block it."""
        self.booked = 0
        """Parts that vehicles on their way will fetch, at most."""


class Machine:
    """A unit in a run: what its wiring says, which never changes, and its state (`STATE`)."""

    STATE: ClassVar[dict[str, int | float]] = {
        "phase": Phase.STARVED, "phase_since": 0, "state": 0, "state_since": 0, "interlock": 0, "ticket": 0, "due": 0,
        "left_ns": NOT_BEGUN, "missing": 0, "made": 0, "last_cycle": 0, "turn_in": 0, "turn_out": 0, "setup": -1, "order": 0, "fit": -1, "tests": 0,
        "path": 0, "step": 0, "why": 0, "halt": 0, "margin": NEVER, "margin_set": NEVER, "fail_in": NEVER, "micro_in": NEVER,
        "micro_mean_ns": 0, "slower": 0.0, "slower_from": 0, "worse": 0.0, "worse_from": 0, "locked": 0, "by_fault": 0, "short": 0,
        "watts_percent": 100, "joules": 0, "worked": 0, "sampled_at": 0, "sampled_joules": 0, "sampled_worked": 0,
        "waits_from": 0, "is_watched": 0, "origin": -1, "place": 0, "battery_ns": 0, "stock": -1, "coming": 0,
    }  # fmt: skip
    """Numbers, and what each starts with. Energy is counted in hundredths of a nJ, work in ns."""
    LISTS = ("loaded", "out", "spent", "levels", "raised")
    WIRING = (
        "u", "id", "spec", "inlets", "outlets", "inlet", "outlet", "rounds_in", "rounds_out", "rework_outlet", "need", "pieces", "is_plain", "is_vehicle", "full_ns", "low_ns", "handling_ns", "reach",
        "loses", "may_spoil", "spoils", "inspects", "suspend_ns", "acting_ns", "watts", "sample_ns", "sensors", "crews", "at", "never_fails", "cycle", "times", "failure",
        "repair", "lapse", "micro_stop", "quality", "inspection", "rework", "lead", "alarms", "choice",
    )  # fmt: skip
    __slots__ = (*STATE, *LISTS, *WIRING)

    def __init__(self, u: int, unit: str, spec: UnitSpec) -> None:
        """Start idle and empty."""
        self.u, self.id, self.spec = u, unit, spec
        for name, value in self.STATE.items():
            setattr(self, name, value)
        self.place = u
        self.loaded: list[Part] = []
        """What is being worked on, or was taken for the next cycle."""
        self.out: list[Part] = []
        """What is finished and still in the unit."""
        self.spent = [0] * len(Phase.names())
        self.raised = [0, 0, 0]
        """Numbers of the alarms that stand, by what for (`alarms`); 0: none."""
        self.levels = [sensor.rest for sensor in spec.sensors]

    def set_up(self, product: int) -> None:
        """Be ready for a product."""
        self.setup, self.times = product, self.cycle[product]

    if TYPE_CHECKING:
        phase: int
        phase_since: int
        state: int
        state_since: int
        interlock: int
        ticket: int
        due: int
        left_ns: int
        missing: int
        made: int
        last_cycle: int
        turn_in: int
        turn_out: int
        setup: int
        order: int
        fit: int
        tests: int
        path: int
        step: int
        why: int
        halt: int
        margin: int
        margin_set: int
        fail_in: int
        micro_in: int
        micro_mean_ns: int
        slower: float
        slower_from: int
        worse: float
        worse_from: int
        locked: int
        by_fault: int
        short: int
        watts_percent: int
        joules: int
        worked: int
        sampled_at: int
        sampled_joules: int
        sampled_worked: int
        waits_from: int
        is_watched: int
        origin: int
        battery_ns: int
        stock: int
        coming: int
        inlets: tuple[Buffer, ...]
        outlets: tuple[Buffer, ...]
        inlet: Buffer | None
        outlet: Buffer | None
        rounds_in: tuple[tuple[Buffer, ...], ...]
        rounds_out: tuple[tuple[Buffer, ...], ...]
        rework_outlet: Buffer | None
        need: list[int]
        pieces: list[int]
        is_plain: bool
        is_vehicle: bool
        full_ns: int
        low_ns: float
        handling_ns: int
        reach: dict[int, Buffer]
        loses: bool
        may_spoil: bool
        spoils: float
        inspects: bool
        suspend_ns: int
        acting_ns: list[int]
        watts: list[int]
        sample_ns: int
        sensors: tuple[tuple[int, float, float, float, float, Stream], ...]
        crews: tuple[int, ...]
        at: tuple[float, float]
        never_fails: bool
        cycle: list[Stream]
        times: Stream
        failure: Stream
        repair: Stream
        lapse: Stream
        micro_stop: Stream
        quality: Stream
        inspection: Stream
        rework: Stream
        lead: Stream
        alarms: dict[str, tuple[int, ...]]
        choice: Stream


class Run:
    """The state of one run, and the events since they were last taken away."""

    NUMBERS = ("now", "serial", "sequence", "order", "order_left", "born_sum", "left_sum", "lived_ns", "inside", "planned")
    LISTS = ("crew_free", "crew_queue", "armed", "active")
    __slots__ = (*NUMBERS, *LISTS, "buffers", "heap", "landed", "log", "machines", "ready", "streams", "wiring")

    def __init__(self, wiring: Wiring) -> None:
        """Start at time 0."""
        self.wiring = wiring
        self.machines = wiring.machines
        self.buffers = wiring.buffers
        self.streams = wiring.streams
        self.log: list[Event] = []
        self.ready: list[Machine] = []
        """Units that may be able to go on at this very instant; empty between two instants."""
        self.landed: list[Machine] = []
        """Units that have just reached the end of their path; as above."""
        self.heap: list[tuple[int, int, int, int, int]] = []
        """(t_ns, sequence, code, unit, ticket): what will happen, unless the ticket is no longer valid."""
        self.now = self.serial = self.sequence = 0
        self.order = self.order_left = 0
        self.born_sum = self.left_sum = self.inside = 0
        """Sums of the times at which parts came into being and ceased to be; with `inside` the parts' number times time."""
        self.lived_ns = 0
        """Sum of the times that the parts which have left were there."""
        self.planned = 1
        self.crew_free = list(wiring.crew_sizes)
        self.crew_queue: list[list[list[int]]] = [[] for _ in wiring.crew_sizes]
        self.armed: list[int] = []
        self.active: list[int] = []

    def state(self) -> dict[str, Any]:
        """Return everything as plain lists of numbers."""
        own = (*self.NUMBERS, *self.LISTS, "heap", "log")
        return {
            "run": [getattr(self, name) for name in own],
            "machines": [[getattr(m, name) for name in (*m.STATE, *m.LISTS)] for m in self.machines],
            "buffers": [[getattr(b, name) for name in b.FIELDS] for b in self.buffers],
            "drawn": [stream.drawn for stream in self.streams],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to the `state` of a run of the same wiring."""
        _put(self, (*self.NUMBERS, *self.LISTS, "heap", "log"), state["run"])
        self.heap = [(a, b, c, d, e) for a, b, c, d, e in self.heap]
        self.log = [(a, b, c, d, e) for a, b, c, d, e in self.log]
        for machine, values in zip(self.machines, state["machines"], strict=True):
            _put(machine, (*machine.STATE, *machine.LISTS), values)
            if machine.setup >= 0:
                machine.set_up(machine.setup)
        for buffer, values in zip(self.buffers, state["buffers"], strict=True):
            _put(buffer, buffer.FIELDS, values)
        for stream, drawn in zip(self.streams, state["drawn"], strict=True):
            stream.drawn = drawn
        self.ready, self.landed = [], []


def _put(target: object, names: tuple[str, ...], values: list[Any]) -> None:
    for name, value in zip(names, values, strict=True):
        setattr(target, name, value)
