"""Every key a layout file may hold: the one description that reads the files and writes the page `docs/layout.md`. Not for rules between keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from twin_app.layout.addresses import Address, FileName, TopicFilter
from twin_app.layout.alarm_tables import ALARM
from twin_app.layout.derive_tables import DERIVE, FAULT, FAULT_WORD, MODES, STATE_RULE, STATES
from twin_app.layout.hall_tables import AISLE, FENCE, GATE
from twin_app.layout.kinds import (
    DAY,
    Choice,
    Digits,
    Flag,
    Integer,
    Listed,
    Mapped,
    Name,
    Number,
    Text,
    TimeOfDay,
    WordOrPoint,
    Zone,
)
from twin_app.layout.map_tables import RULE
from twin_app.layout.reason_tables import REASON
from twin_app.layout.table import Key, Table, Tables
from twin_app.layout.target_tables import ENERGY, TARGETS
from twin_app.machines import MACHINE_TYPES
from twin_app.machines.items import SHAPES
from twin_app.model.equipment import Break, Feed, Limits, Line, Placement, Product, Shift, SignalSpec, SourceSpec, Unit
from twin_app.model.signal import SignalKind
from twin_app.shapes.fit import PIVOTS, UP_AXES
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = 1
"""The version of the file format that this twin reads."""

_ID = Name()
_COUNT = Number(0)
_POSITIVE = Number(0, above=True)
_PERIOD = Number(0, 86_400, above=True)
_SHAPE = Choice(SHAPES)
_METRES = Number(-100_000, 100_000)

LIMITS = Table(
    "unit.signal.limits",
    "Alarm limits of a measurement, in its unit of measure, in ascending order; leave out what there is not.",
    Limits,
    (
        Key("low_low", Number(), "Below this: the lower alarm of high priority."),
        Key("low", Number(), "Below this: the lower alarm."),
        Key("high", Number(), "Above this: the upper alarm."),
        Key("high_high", Number(), "Above this: the upper alarm of high priority."),
        Key("deadband", Number(0), "How far back beyond a limit the value must come for its alarm to end."),
        Key("on_delay_s", Number(0, 86_400), "Beyond the limit for so long before it alarms."),
        Key("off_delay_s", Number(0, 86_400), "Back for so long before the alarm ends."),
    ),
)

SIGNAL = Table(
    "unit.signal",
    "A signal of the unit beyond those of its machine type, or one of those described anew.",
    SignalSpec,
    (
        Key("name", _ID, "Name of the signal, as the rules of `[[source.map]]` give it."),
        Key("kind", Choice(tuple(SignalKind), blank=SignalKind.TEXT, meaning=SignalKind), "How its values are to be read."),
        Key("unit_of_measure", Text(), "Unit of measure, as it is to be shown: `°C`, `bar`, `1/min`."),
        Key("title", Text(), "What people call it.", instead="the name"),
        Key("limits", LIMITS, "Alarm limits."),
        Key(
            "rolls_over_at",
            _POSITIVE,
            "Of a counter: it goes on at 0 where it would reach this, 65536 for 16 bits. A fall that counts at most a tenth of this is such a "
            "roll-over, any other a restart.",
        ),
    ),
    make=lambda **read: SignalSpec(**_titled(read, "name")),
)

FEED = Table(
    "unit.feeds",
    "Material flow to another unit.",
    Feed,
    (
        Key("to", _ID, "Id of the unit that is fed."),
        Key("buffer_capacity", _COUNT, "What fits between the two, in base units of the line; leave out where it is not known."),
        Key("level_signal", _ID, "Signal of the feeding unit that tells how much lies between the two, in the same units."),
    ),
)

UNIT = Table(
    "unit",
    "A machine with a state of its own, and where it stands in the hall.",
    Unit,
    (
        Key("id", _ID, "Stable id: part of every signal's path, and the name in every answer of the command line."),
        Key("title", Text(), "What people call it.", instead="the id"),
        Key("type", Choice(tuple(kind.key for kind in MACHINE_TYPES)), "Machine type: its signals, its 3D model and how it moves."),
        Key("source", _ID, "Id of the source that tells its state.", instead="the only source"),
        Key("x_m", _METRES, "Position along the hall, metres.", of=Placement),
        Key("y_m", _METRES, "Position across the hall, metres.", of=Placement),
        Key("z_m", _METRES, "Height of its floor, metres.", of=Placement),
        Key("heading_deg", Number(-360, 360), "Turned by this angle, degrees counter-clockwise seen from above.", of=Placement),
        Key(
            "model",
            FileName(),
            "A 3D model of your own (GLB, glTF, OBJ, STL, PLY, URDF, STEP); empty: the machine type's. It may refer only to files in its own folder or below.",
            of=Placement,
        ),
        Key(
            "model_scale",
            Number(0, 1e6, above=True),
            "Metres per unit of length in that model: 0.001 where it is drawn in millimetres.",
            of=Placement,
        ),
        Key("model_up", Choice(UP_AXES), "Which axis is up in that model.", of=Placement, instead="`y` for glTF, `z` for the others"),
        Key(
            "model_pivot",
            WordOrPoint(PIVOTS),
            "What of that model stands on the unit's place: the file's `origin`, the middle of its `floor`, or a point of the file in its own unit of length.",
            of=Placement,
        ),
        Key(
            "group", Text(), "The part of the line it belongs to: units of one group stand together on the timeline and fold into one lane."
        ),
        Key("unit_of_count", Text(), "What it counts: bottle, case, pallet."),
        Key("base_units_per_count", _POSITIVE, "Base units of the line in one count: 12 for a case of twelve bottles."),
        Key("shape", _SHAPE, "What its goods look like in the hall.", instead="as the product says, else `unit_of_count`"),
        Key(
            "capacity",
            _POSITIVE,
            "What it holds at most where it stores (a rack, a table), in its own counts; leave out where it is not known.",
        ),
        Key("feeds", Tables(FEED), "The units that it feeds; the line ends where a unit feeds nobody."),
        Key("signal", Tables(SIGNAL), "Signals of its own.", field="signals"),
        Key("derive", Tables(DERIVE), "Signals that follow from others, for machines without PackML.", field="derives"),
        Key("state_rule", Tables(STATE_RULE, most=100), "Rules that give state and mode, the most important first.", field="state_rules"),
        Key("fault_word", Tables(FAULT_WORD, most=20), "Words whose bits are faults.", field="fault_words"),
        Key(
            "reworks",
            Flag(),
            "Whether pieces of it may go to rework. Where `false`, what is good is good the first time; else its first pass yield needs a counter `Reworked`.",
        ),
        Key(
            "infer_flow",
            Flag(),
            "Whether a machine that waits and does not say for whom is called starved or blocked by what its neighbours do; marked as inferred.",
        ),
        Key(
            "heartbeat_s",
            _PERIOD,
            "Something is heard from it at least this often while it lives; silence for longer is blind from its last sign of life on.",
        ),
        Key("energy_signal", _ID, "Signal with its energy or power, by its unit of measure.", instead="the first of such a unit"),
        Key("targets", TARGETS, "What it should reach."),
    ),
    make=lambda **read: _unit(read),
)

PRODUCT = Table(
    "product",
    "A product and how fast each unit can make it at best.",
    Product,
    (
        Key("id", _ID, "Stable id."),
        Key("title", Text(), "What people call it.", instead="the id"),
        Key("ideal_cycle_s", Mapped(_ID, _POSITIVE), "Ideal seconds per count, by unit id; a unit left out has no effectiveness."),
        Key("base_units_per_count", Mapped(_ID, _POSITIVE), "By unit id, where this product's ratio differs from the unit's own."),
        Key("shape", _SHAPE, "What one of it looks like where the line's base unit is counted.", instead="as `unit_of_count` says"),
    ),
    make=lambda **read: Product(**_titled(read, "id")),
)

BREAK = Table(
    "shift.breaks",
    "A planned stop within a shift, in local time.",
    Break,
    (
        Key("name", Text(), "What people call it."),
        Key("start", TimeOfDay(), "When it starts."),
        Key("end", TimeOfDay(), "When it ends."),
    ),
)

SHIFT = Table(
    "shift",
    "Planned time, in local time of the line's zone. Without any shift all time is planned.",
    Shift,
    (
        Key("name", Text(), "What people call it."),
        Key("start", TimeOfDay(), "When it starts."),
        Key("end", TimeOfDay(), "When it ends; at or before its start means on the next day."),
        Key("days", Listed(DAY, least=1, most=7), "The days on which it starts."),
        Key("breaks", Tables(BREAK, most=50), "Planned stops within it."),
    ),
)

SOURCE = Table(
    "source",
    "Where messages come from, and how this source's words and numbers are to be read.",
    SourceSpec,
    (
        Key("id", _ID, "Stable id; `--source id=...` on the command line replaces the address."),
        Key("title", Text(), "What people call it.", instead="the id"),
        Key(
            "address",
            Address(),
            "`mqtt://host:port`, `mqtts://` (TLS), `ws://` or `wss://` (websocket), or a recorded file beside the layout; empty: given at start.",
        ),
        Key("subscribe", Listed(TopicFilter()), "MQTT filters; empty: derived from the rules."),
        Key("qos", Integer(0, 2), "MQTT quality of service: 0 at most once, 1 at least once, 2 exactly once."),
        Key(
            "complete",
            Flag(),
            "Complete recording: the broker keeps what comes while the twin is away, and each message until it is on disk. "
            "Quality of service is then 1. See the README for the broker's settings.",
        ),
        Key(
            "session_expiry_s",
            Integer(60, 30 * 86_400),
            "`complete`: seconds for which the broker keeps the session while the twin is away; MQTT 3.1.1 leaves it to the broker.",
        ),
        Key("protocol", Integer(4, 5), "Version of MQTT by its number on the wire: 4 is 3.1.1, 5 is 5."),
        Key("keepalive_s", Integer(1, 3600), "Seconds of silence after which the link is probed; a dead one is noticed within twice that."),
        Key("heartbeat_s", _PERIOD, "Something is heard of its units together at least this often; silence for longer blinds all of them."),
        Key("username", Text(), "User at the broker. The password is never in a layout: the settings keep it."),
        Key("tls_ca", FileName(), "Certificate authority of an `mqtts` broker (PEM), beside the layout; empty: the system's own."),
        Key(
            "processed_includes_defective",
            Flag(),
            "Whether the processed count is the total (ISA-TR88); `false` where the machine counts good ones only.",
        ),
        Key("state_names", Mapped(Text(), STATES, fold=True), "The source's word for a state to PackML's, without regard to case."),
        Key("state_numbers", Mapped(Digits(), STATES), "The source's number for a state to PackML's name; the others follow PackTags."),
        Key("mode_names", Mapped(Text(), MODES, fold=True), "The source's word for a mode to PackML's, without regard to case."),
        Key("mode_numbers", Mapped(Digits(), MODES), "The source's number for a mode to PackML's name; the others follow PackTags."),
        Key(
            "rebirth",
            Flag(),
            "Whether Sparkplug edge nodes are asked for their births (`NCMD`, Node Control/Rebirth) when values cannot be told without. "
            "This is the only thing that is ever published; otherwise the twin waits for the next birth.",
        ),
        Key("map", Tables(RULE), "Rules that map topics to signals.", field="rules"),
    ),
    make=lambda **read: SourceSpec(**_titled(read, "id")),
    cures={"password": N_("a password never stands in a layout: the settings keep it")},
)

LINE = Table(
    "line",
    "The production line and its place in the enterprise (ISA-95).",
    Line,
    (
        Key("id", _ID, "Stable id: part of every signal's path."),
        Key("title", Text(), "What people call it.", instead="the id"),
        Key("enterprise", Text(), "The enterprise.", instead="empty"),
        Key("site", _ID, "The site; part of every signal's path."),
        Key("area", _ID, "The area; part of every signal's path."),
        Key("zone", Zone(), "Time zone of the line; its calendar and every time on the screen follow it."),
        Key("unit_of_count", Text(), "The line's base unit of count: bottle.", instead="empty"),
        Key("constraint", _ID, "Id of the unit whose ideal cycle the line's OEE is measured by."),
        Key("minor_stop_s", Number(0, 86_400), "A stop shorter than this many seconds is a minor one."),
        Key(
            "orders_from",
            _ID,
            "Id of the unit that tells product, order and planned quantity for all units that tell none themselves.",
        ),
        Key(
            "no_order_is_planned",
            Flag(),
            "Whether time without an order is no planned busy time, so that it costs no availability. ISO 22400-2 counts it within, as down time (ADOT).",
        ),
    ),
    make=lambda **read: {"enterprise": "", "unit_of_count": "", **_titled(read, "id")},
)

ROOT = Table(
    "",
    "The file as a whole.",
    Line,
    (
        Key("schema", Integer(SCHEMA, SCHEMA), "Version of this format."),
        Key("line", LINE, "The line."),
        Key("targets", TARGETS, "What the line should reach."),
        Key("energy", ENERGY, "What a kilowatt-hour stands for in CO2.", instead="none, hence no kg of CO2"),
        Key("source", Tables(SOURCE, least=1, most=100), "Where messages come from.", field="sources"),
        Key("unit", Tables(UNIT, least=1), "The machines, in the order of the tree.", field="units"),
        Key("product", Tables(PRODUCT), "The products.", field="products", instead="no product, hence no effectiveness and no OEE"),
        Key("shift", Tables(SHIFT, most=100), "The calendar.", field="shifts"),
        Key(
            "alarm", Tables(ALARM, most=10_000), "Alarms beyond those that follow by themselves, and what is said of those.", field="alarms"
        ),
        Key("reason", Tables(REASON, most=500), "Why units may stand: the tree that people choose from.", field="reasons"),
        Key("aisle", Tables(AISLE, most=200), "Ways for people and vehicles.", field="aisles"),
        Key("fence", Tables(FENCE, most=200), "Guard fences.", field="fences"),
    ),
    make=lambda **read: _whole(read),
)

TABLES = (
    ROOT,
    LINE,
    SOURCE,
    RULE,
    UNIT,
    FEED,
    SIGNAL,
    LIMITS,
    DERIVE,
    STATE_RULE,
    FAULT_WORD,
    FAULT,
    PRODUCT,
    SHIFT,
    BREAK,
    ALARM,
    REASON,
    AISLE,
    FENCE,
    GATE,
    TARGETS,
    ENERGY,
)
"""In the order of the page."""


def _whole(read: dict[str, Any]) -> dict[str, Any]:
    """Complete what the file may leave out: products, and the source of units where there is only one."""
    sources, units = read["sources"], read["units"]
    if len(sources) == 1:
        units = tuple(unit if unit.source else replace(unit, source=sources[0].id) for unit in units)
    return {"products": (), **read, "units": units}


def _titled(read: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the keys with a title: what people read where nobody wrote one is the name."""
    return {"title": read.get(name, ""), **read}


def _unit(read: Mapping[str, Any]) -> Unit:
    """Build a unit; where it stands is flat in the file and a value of its own in the model."""
    placed = {key.name for key in UNIT.keys if key.of is Placement}
    placement = Placement(**{name: value for name, value in read.items() if name in placed})
    rest = {"source": "", **{name: value for name, value in read.items() if name not in placed}}
    return Unit(placement=placement, **_titled(rest, "id"))
