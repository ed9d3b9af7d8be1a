"""One production line as the layout file describes it (ISA-95 words), typed and frozen. Not for parsing: see `layout`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from twin_app.model.reason import ORDINARY
from twin_app.model.signal import STATE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time
    from pathlib import Path

    from twin_app.model.alarm_rule import AlarmRule
    from twin_app.model.derive import Derive, FaultWord, StateRule
    from twin_app.model.premises import Aisle, Fence
    from twin_app.model.reason import Reason
    from twin_app.model.signal import SignalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Alarm limits of a measurement, in its unit of measure; None where there is none."""

    low_low: float | None = None
    low: float | None = None
    high: float | None = None
    high_high: float | None = None
    deadband: float = 0.0
    """How far back beyond a limit the value must come for its alarm to end."""
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSpec:
    """A signal that a unit is known to have beyond its machine type's own."""

    name: str
    kind: SignalKind
    unit_of_measure: str = ""
    title: str = ""
    limits: Limits = field(default_factory=Limits)
    rolls_over_at: float | None = None
    """The counter goes on at 0 where it would reach this (65536 for 16 bits); None: every fall is a restart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Material flow to another unit through a buffer of `buffer_capacity` (base units of the line; None: not known)."""

    to: str
    buffer_capacity: float | None = None
    level_signal: str = ""
    """Signal of the feeding unit that tells how much lies between the two, in the same units; empty: nobody tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where and how a unit's 3D model stands in the hall: metres, degrees counter-clockwise seen from above."""

    x_m: float = 0.0
    y_m: float = 0.0
    z_m: float = 0.0
    heading_deg: float = 0.0
    model: str = ""
    """File of the model, relative to the layout file or to `models3d/machines`; empty: the machine type's own."""
    model_scale: float = 1.0
    """Metres per unit of length in the model file (0.001 for millimetres)."""
    model_up: str = ""
    """Which axis is up in the model file, `x`, `y` or `z`; empty: what its format agrees on."""
    model_pivot: str | tuple[float, float, float] = "origin"
    """What of the model stands on the unit's place: `origin`, `floor`, or a point of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What the line or a unit should reach; None where nobody set one. Ratios are shares of one."""

    oee_index: float | None = None
    availability: float | None = None
    effectiveness: float | None = None
    quality_ratio: float | None = None
    good_per_shift: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyFactor:
    """What a kilowatt-hour stands for in CO2, and who says so."""

    kg_co2e_per_kwh: float
    source: str
    region: str
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A work unit: a machine with a state of its own."""

    id: str
    title: str
    type: str
    source: str
    placement: Placement = field(default_factory=Placement)
    group: str = ""
    """The part of the line it belongs to; empty: to none."""
    unit_of_count: str = ""
    base_units_per_count: float = 1.0
    """How many base units of the line one count of this unit is (12 for a case of twelve bottles)."""
    shape: str = ""
    """What its goods look like, a key of `machines.items`; empty: as the product or its unit of count says."""
    capacity: float | None = None
    """What it holds at most where it stores, in its own counts; None: not known."""
    feeds: tuple[Feed, ...] = ()
    signals: tuple[SignalSpec, ...] = ()
    targets: Targets = field(default_factory=Targets)
    energy_signal: str = ""
    """The signal that tells its energy (a counter) or power; empty: the first of such a unit of measure."""
    derives: tuple[Derive, ...] = ()
    """Signals that follow from others of this unit."""
    state_rules: tuple[StateRule, ...] = ()
    """State and mode of a machine that names none, the most important rule first."""
    fault_words: tuple[FaultWord, ...] = ()
    reworks: bool = True
    """Whether some of its pieces may go to rework; where none do, who is good is good the first time."""
    infer_flow: bool = False
    """Whether a wait is put down to the neighbours where the machine does not say which side it waits for."""
    heartbeat_s: float | None = None
    """Something is heard from a machine that lives at least this often; None: it may be silent and healthy."""

    @property
    def derives_state(self) -> bool:
        """Say whether its state follows from other signals, for the machine does not tell one."""
        return any(rule.state for rule in self.state_rules) or any(derive.name == STATE for derive in self.derives)


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product and its ideal cycle per unit, in seconds per count of that unit."""

    id: str
    title: str
    ideal_cycle_s: Mapping[str, float]
    base_units_per_count: Mapping[str, float] = field(default_factory=dict)
    """Per unit, where the product's ratio differs from the unit's own (a case of six instead of twelve)."""
    shape: str = ""
    """What one of it looks like in the line's base unit, a key of `machines.items`; empty: as the unit of count says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A planned stop within a shift, in local time of the line's zone."""

    name: str
    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A shift that starts on each of `days` (0 Monday .. 6 Sunday), in local time; an end at or before the start is next day's."""

    name: str
    start: time
    end: time
    days: tuple[int, ...]
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRule:
    """How the messages of matching topics become signals.

    `topic` is an MQTT filter whose levels may also be `{unit}` (names the unit) and, last, `{tag...}` (the rest is the
    tag). `dialect` names how payloads are written, see `codec.dialects`.
    """

    topic: str
    dialect: str
    unit: str = ""
    """The unit, where the topic does not name it."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Name in the topic to unit id, where they differ."""
    signals: Mapping[str, str] = field(default_factory=dict)
    """PackTag path or JSON field to signal name; adds to and overrides the dialect's own."""
    time_field: str = ""
    """JSON field with the source's time; empty: there is none and receive time counts."""
    time_unit: str = "iso8601"
    """`iso8601`, what a number counts since 1970 UTC (`s`, `ms`, `us`, `ns`), or `auto`: by its form and size."""
    time_zone: str = ""
    """IANA name of the zone of times that name none themselves; empty: such times are not taken."""
    each: str = ""
    """Path to the array in a nested JSON message whose elements hold for instants (or signals) of their own."""
    name_field: str = ""
    """The element's field that names its signal; empty: its fields are the signals."""
    value_field: str = "value"
    """The element's field with the value, where `name_field` names the signal."""
    quality_field: str = ""
    """JSON field with the quality of the values beside it; empty: there is none and they are good."""
    quality_codes: str = "opc_ua"
    """What its numbers mean: `opc_ua`, `opc_da`, or `flag` (0 is bad); words and yes or no are understood besides."""
    units_of_measure: Mapping[str, str] = field(default_factory=dict)
    """Unit of measure by field, for signals that nobody declared."""
    ignore: bool = False
    """Known and of no interest: counted, never called unmapped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpec:
    """One source of messages and how its dialect is to be read."""

    id: str
    title: str
    address: str = ""
    """`mqtt://host:port`, `mqtts://`, `ws://` or `wss://`, or a file relative to the layout; empty: given at start."""
    subscribe: tuple[str, ...] = ()
    """MQTT filters; empty: derived from the rules' topics."""
    qos: int = 0
    complete: bool = False
    """Complete recording: quality of service 1, a session that the broker keeps, acknowledged after the commit."""
    session_expiry_s: int = 86_400
    """How long the broker keeps that session while nobody listens, where MQTT 5 lets us say it."""
    protocol: int = 4
    """MQTT's number on the wire: 4 is MQTT 3.1.1, 5 is MQTT 5."""
    keepalive_s: int = 15
    heartbeat_s: float | None = None
    """Something is heard of its units together at least this often; None: silence means nothing."""
    username: str = ""
    """The password is never in a layout: it comes from the settings' keyring or the environment."""
    tls_ca: str = ""
    processed_includes_defective: bool = True
    """ISA-TR88: processed is the total. False where the machine publishes good units only."""
    state_names: Mapping[str, str] = field(default_factory=dict)
    """The source's own word, case-folded, to PackML state name."""
    state_numbers: Mapping[int, str] = field(default_factory=dict)
    """The source's own number to PackML state name; numbers not listed follow PackTags."""
    mode_names: Mapping[str, str] = field(default_factory=dict)
    mode_numbers: Mapping[int, str] = field(default_factory=dict)
    rules: tuple[MapRule, ...] = ()
    rebirth: bool = False
    """Whether Sparkplug edge nodes may be asked for births: the one thing the twin may ever publish to a plant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A production line: everything one layout file says."""

    path: Path
    content_hash: str
    """SHA-256 of the file, hexadecimal."""
    id: str
    title: str
    enterprise: str
    site: str
    area: str
    zone: str
    unit_of_count: str
    """The line's base unit of count."""
    constraint: str
    """The unit whose ideal cycle the line's OEE is measured by."""
    units: tuple[Unit, ...]
    sources: tuple[SourceSpec, ...]
    products: tuple[Product, ...]
    shifts: tuple[Shift, ...] = ()
    targets: Targets = field(default_factory=Targets)
    energy: EnergyFactor | None = None
    minor_stop_s: float = 120.0
    orders_from: str = ""
    """The unit whose product and order are those of every unit that tells none; empty: those are unknown."""
    no_order_is_planned: bool = False
    """Time without an order is outside of the planned busy time; ISO 22400-2 counts it within, as down time (ADOT)."""
    alarms: tuple[AlarmRule, ...] = ()
    reasons: tuple[Reason, ...] = ()
    aisles: tuple[Aisle, ...] = ()
    fences: tuple[Fence, ...] = ()

    @property
    def reason_tree(self) -> tuple[Reason, ...]:
        """Return the reasons that people choose from: the layout's, or the ordinary ones."""
        return self.reasons or ORDINARY

    @property
    def tz(self) -> ZoneInfo:
        """Return the line's time zone."""
        return ZoneInfo(self.zone)

    def unit(self, unit_id: str) -> Unit:
        """Return a unit by id; KeyError where there is none."""
        for unit in self.units:
            if unit.id == unit_id:
                return unit
        raise KeyError(unit_id)

    def source(self, source_id: str) -> SourceSpec:
        """Return a source by id; KeyError where there is none."""
        for source in self.sources:
            if source.id == source_id:
                return source
        raise KeyError(source_id)

    @property
    def flow_is_known(self) -> bool:
        """Say whether it is known what leaves the line: some unit feeds another, or there is only one."""
        return len(self.units) == 1 or any(unit.feeds for unit in self.units)

    @property
    def last_units(self) -> tuple[Unit, ...]:
        """Return the units that feed nobody: what leaves them has left the line."""
        return tuple(u for u in self.units if not u.feeds)

    @property
    def flow_order(self) -> tuple[Unit, ...]:
        """Return the units from first to last along the flow, those of the layout's order first where the flow does not say.

        Each stands behind all that feed it; units in a ring stand where the layout names the first of them.
        """
        left = {unit.id: {other.id for other in self.units if any(f.to == unit.id for f in other.feeds)} for unit in self.units}
        ordered: list[Unit] = []
        while left:
            name = next((name for name, feeders in left.items() if not feeders & left.keys()), next(iter(left)))
            del left[name]
            ordered.append(self.unit(name))
        return tuple(ordered)

    def ideal_cycle_s(self, unit_id: str, product_id: str | None = None) -> float | None:
        """Return the ideal seconds per count of a unit, None where the product or its cycle is unknown.

        Without a product it is known where all products agree. A plant may call a product by its title, too.
        """
        found = {p.ideal_cycle_s.get(unit_id) for p in self._called(product_id)}
        return found.pop() if len(found) == 1 else None

    def base_units(self, unit_id: str, product_id: str | None = None) -> float:
        """Return base units of the line per count of a unit, as the product says, else as the unit says."""
        own = self.unit(unit_id).base_units_per_count
        found = {p.base_units_per_count.get(unit_id, own) for p in self._called(product_id)}
        return found.pop() if len(found) == 1 else own

    def _called(self, product: str | None) -> list[Product]:
        """Return the products of an id, else of a title; None means all."""
        by_id = [p for p in self.products if product is None or p.id == product]
        return by_id or [p for p in self.products if p.title == product]
