"""How a line behaves: what its layout does not say, as typed values with defaults. Not for reading files: see `scenario`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from twin_app.model.packml import TRANSIENT
from twin_app.simulate.laws import Law, LawKind

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """A measurement that follows what the unit does: it settles at `rest` while the unit stands, at `running` while it works."""

    name: str
    rest: float = 0.0
    running: float = 1.0
    settle_s: float = 60.0
    """After this long 63 % of a step is reached."""
    noise: float = 0.0
    """Standard deviation of each sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Material before the first units, or products behind the last: what is there, and what comes or goes."""

    at_start: int = 0
    capacity: int = 1_000_000
    reorder_at: int = 0
    """Ordered anew when no more than this is left (first units)."""
    quantity: int = 100
    """Parts a delivery or a shipment."""
    lead: Law = field(default_factory=lambda: Law(mean_s=3600.0))
    """From the order to the delivery; between two shipments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A driverless vehicle: it fetches from the units that feed it and brings to the unit that it feeds."""

    load: int = 1
    """Parts it carries at most; it leaves with what is there."""
    speed_m_s: float = 1.2
    handling_s: float = 10.0
    """To load, and again to unload."""
    range_s: float = 4 * 3600.0
    """Driving time on a full battery; handling counts as driving."""
    charge_below: float = 0.2
    """Share of the battery below which it drives home to charge, after its trip."""
    charge_s: float = 1800.0
    """From empty to full."""
    routes: Mapping[str, str] = field(default_factory=dict)
    """Where it brings what it fetched from a unit, by unit id; one that feeds a single unit needs none."""


class Blocked(StrEnum):
    """What a unit does with a part for which there is no room."""

    WAIT = "wait"
    LOSE = "lose"


class AlarmOn(StrEnum):
    """What a machine raises an alarm for."""

    FAILURE = "failure"
    SHORT_STOP = "short_stop"
    STOP = "stop"
    """A malfunction stops it."""
    NO_MATERIAL = "no_material"
    """A first unit finds no raw material."""
    FULL = "full"
    """A last unit finds no room for what it made."""
    BURST = "burst"
    """Nothing: the malfunction `alarm_burst` tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm that a machine has; of several for one occasion any comes, each as often as the others."""

    number: int
    """Its index in PackML's `Admin.Alarm`; its bit in a fault word is one less."""
    text: str
    on: AlarmOn
    category: int = 2
    """1 is the gravest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSpec:
    """How one unit behaves. As it stands, nothing unexpected ever happens to it and no change of state takes time."""

    cycle: Mapping[str, Law] = field(default_factory=dict)
    """Cycle time by product id; a product left out takes the layout's ideal cycle over `pace`, spread as below."""
    pace: float = 1.0
    """Speed it is run at over its ideal speed."""
    cycle_kind: LawKind = LawKind.DETERMINISTIC
    cycle_cv: float = 0.05
    mttf_s: float = 0.0
    """Mean working time to the next failure; 0: it never fails. Only work wears: a waiting unit does not fail."""
    failure: Law = field(default_factory=lambda: Law(kind=LawKind.EXPONENTIAL))
    """The shape of the time to failure; its mean is `mttf_s`, unless it is empirical, triangular or uniform."""
    mttr_s: float = 300.0
    repair: Law = field(default_factory=lambda: Law(kind=LawKind.EXPONENTIAL))
    """The shape of the repair time; its mean is `mttr_s`, as above."""
    micro_stop_every_s: float = 0.0
    """Mean working time between two micro-stops; 0: there are none."""
    micro_stop: Law = field(default_factory=lambda: Law(kind=LawKind.LOGNORMAL, mean_s=15.0, cv=0.6))
    scrap: float = 0.0
    """Share of its parts that the unit itself spoils, notices and throws out."""
    defect: float = 0.0
    """Share of its parts that it spoils unnoticed."""
    detects: float = 0.0
    """Share of the spoilt parts that it finds (an inspection)."""
    false_reject: float = 0.0
    """Share of the good parts that it takes for bad (an inspection)."""
    rework_to: str = ""
    """One of the units it feeds: where parts found bad are sent, once each; empty: they are thrown out."""
    rework_share: float = 1.0
    """Share of the parts found bad that can be reworked at all."""
    repairs: float = 0.0
    """Share of the spoilt parts that it makes good (a rework station)."""
    setup_s: float = 0.0
    """To change over between any two products."""
    setups: Mapping[str, float] = field(default_factory=dict)
    """To change over, seconds, by `"A > B"`, where it differs."""
    repair_crew: str = ""
    stop_crew: str = ""
    setup_crew: str = ""
    """Crews that must come before a repair, the end of a micro-stop, a changeover; empty: nobody is needed."""
    when_blocked: Blocked = Blocked.WAIT
    suspend_after_s: float = 0.0
    """A wait shorter than this is not told: the unit stays in Execute."""
    acting_s: Mapping[str, float] = field(default_factory=dict)
    """How long the acting states last, by PackML name; the others take no time."""
    running_kw: float = 0.0
    waiting_kw: float = 0.0
    stopped_kw: float = 0.0
    sensors: tuple[Sensor, ...] = ()
    sample_s: float = 0.0
    """Between two samples of its measurements; 0: there are none."""
    vehicle: Vehicle | None = None
    stock: Stock | None = None
    alarms: tuple[Alarm, ...] = (
        Alarm(number=1, text="Failure", on=AlarmOn.FAILURE, category=1),
        Alarm(number=2, text="Stopped by a malfunction", on=AlarmOn.STOP, category=1),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """So many parts of one product, counted where material enters the line."""

    product: str
    quantity: int
    id: str = ""
    """What the machines call it; empty: its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """How a line behaves, and what goes wrong with it."""

    units: Mapping[str, UnitSpec] = field(default_factory=dict)
    """By unit id; a unit left out behaves as `UnitSpec()`."""
    crews: Mapping[str, int] = field(default_factory=dict)
    """How many people, by name of the crew."""
    orders: tuple[Order, ...] = ()
    """Empty: the layout's first product for ever."""
    repeat_orders: bool = True
    initial_fill: float = 0.0
    """Share of each buffer, and of what a unit collects before it can work, that is there from the shift before."""
    default_buffer: int = 10
    """Places of a buffer whose capacity the layout does not tell."""
    use_calendar: bool = True
    faults: tuple[Fault, ...] = ()


class FaultKind(StrEnum):
    """The malfunctions there are."""

    STOP = "stop"
    SHORT_STOPS = "short_stops"
    CYCLE_DRIFT = "cycle_drift"
    QUALITY_DRIFT = "quality_drift"
    BUFFER_JAM = "buffer_jam"
    SUPPLY_SHORTAGE = "supply_shortage"
    AGV_LOST = "agv_lost"
    ENERGY_RISE = "energy_rise"
    SENSOR_FREEZE = "sensor_freeze"
    SENSOR_BIAS = "sensor_bias"
    SENSOR_NOISE = "sensor_noise"
    SENSOR_DROPOUT = "sensor_dropout"
    COMMUNICATION_LOSS = "communication_loss"
    DUPLICATE = "duplicate_messages"
    LATE = "late_messages"
    OUT_OF_ORDER = "out_of_order_messages"
    CLOCK_SKEW = "clock_skew"
    WRONG_STATE = "wrong_state"
    ALARM_BURST = "alarm_burst"


DATA_FAULTS = frozenset({
    FaultKind.SENSOR_FREEZE, FaultKind.SENSOR_BIAS, FaultKind.SENSOR_NOISE, FaultKind.SENSOR_DROPOUT,
    FaultKind.COMMUNICATION_LOSS, FaultKind.DUPLICATE, FaultKind.LATE, FaultKind.OUT_OF_ORDER, FaultKind.CLOCK_SKEW,
    FaultKind.WRONG_STATE, FaultKind.ALARM_BURST,
})  # fmt: skip
"""What is only told wrongly; all others are faults of the machine, and what is told of them is true."""


class When(StrEnum):
    """On what condition a malfunction begins."""

    PARTS = "parts"
    """The unit has processed so many parts."""
    STATE = "state"
    """The unit enters the state."""
    LEVEL = "level"
    """So many parts wait before the unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A malfunction of a machine or of its data: what, where, how much, from when and for how long."""

    kind: FaultKind
    unit: str
    """The unit; of a buffer jam the one that is fed."""
    at_s: float | None = None
    """When it begins, from the start of the run; None: on its condition, or by hand."""
    when: When | None = None
    reaches: float = 0.0
    """Of `parts` and `level`: how many."""
    state: str = ""
    """Of `state`: which begins it; of `wrong_state`: which is told."""
    lasts_s: float | None = None
    """None: until somebody clears it."""
    size: float | None = None
    """How much, in the unit of its kind (see `SIZES`); None: the kind's own."""
    sensor: str = ""
    """Of a sensor's fault: its name; empty: all of the unit."""


SIZES: Mapping[FaultKind, float] = {
    FaultKind.STOP: 0.0, FaultKind.BUFFER_JAM: 0.0, FaultKind.SUPPLY_SHORTAGE: 0.0, FaultKind.AGV_LOST: 0.0,
    FaultKind.SENSOR_FREEZE: 0.0, FaultKind.SENSOR_DROPOUT: 0.0, FaultKind.COMMUNICATION_LOSS: 0.0, FaultKind.WRONG_STATE: 0.0,
    FaultKind.SHORT_STOPS: 120.0, FaultKind.CYCLE_DRIFT: 0.3, FaultKind.QUALITY_DRIFT: 0.1, FaultKind.ENERGY_RISE: 0.5,
    FaultKind.SENSOR_BIAS: 10.0, FaultKind.SENSOR_NOISE: 5.0, FaultKind.DUPLICATE: 0.2, FaultKind.LATE: 10.0,
    FaultKind.OUT_OF_ORDER: 2.0, FaultKind.CLOCK_SKEW: 30.0, FaultKind.ALARM_BURST: 12.0,
}  # fmt: skip
"""What a malfunction does where nobody says how much: mean working seconds between short stops; share by which the cycle is
longer, or more parts are scrap, an hour later; share more power; what is added to a measurement, or its noise, in its unit;
share of messages told twice; seconds late; seconds within which messages change places; seconds the clock is ahead; alarms in
a minute. Zero: there is no size."""

LIVELY_ACTING_S: Mapping[str, float] = {state.title: 0.5 for state in TRANSIENT} | {"Clearing": 3.0, "Resetting": 1.0, "Starting": 2.0}

LIVELY = {
    "pace": 0.98, "cycle_kind": LawKind.LOGNORMAL, "cycle_cv": 0.03, "mttf_s": 7200.0, "mttr_s": 240.0,
    "repair": Law(kind=LawKind.LOGNORMAL, cv=0.7), "micro_stop_every_s": 900.0, "scrap": 0.004, "setup_s": 300.0,
    "suspend_after_s": 2.0, "acting_s": LIVELY_ACTING_S, "running_kw": 3.0, "waiting_kw": 1.2, "stopped_kw": 0.3, "sample_s": 10.0,
}  # fmt: skip
"""How an ordinary machine behaves: what stands in for a scenario where only the layout is known."""
