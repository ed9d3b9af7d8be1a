"""A layout suggested for what was heard: units, rules, signals, each guess marked as one. Not for writing it down: see `draft`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.codec.meanings import Role
from twin_app.discover import paces, rows
from twin_app.discover.branches import Branch, UnitPath, branches
from twin_app.discover.fields import FieldProfile
from twin_app.discover.ids import places_above, unit_ids
from twin_app.discover.rules import MAX_RULES, corrected, rule_of
from twin_app.discover.signals import Described, Reading, described, meaning_in, reading_of
from twin_app.discover.words import TYPE_RANK, machine_type_of, natural
from twin_app.machines import machine_type
from twin_app.model import signal as names
from twin_app.model.derive import StateRule
from twin_app.model.equipment import Line, Placement, Product, SourceSpec, Unit
from twin_app.model.packml import State

if TYPE_CHECKING:
    from twin_app.discover.paces import Ideal
    from twin_app.discover.survey import Survey

MAX_UNITS = 200
"""Machines of one line; whoever has more narrows the topics."""
MAX_SIGNALS = 150
"""Signals of a unit that are described; further ones appear by themselves when they come."""


@dataclass(slots=True)
class Machine:
    """A unit to be, and what is known of it."""

    path: UnitPath
    id: str
    type: str
    is_type_known: bool
    """The name, or the protocol, tells the type; else it is the one for machines of any kind."""
    drives: bool = False
    """It speaks the protocol of vehicles."""
    signals: dict[str, FieldProfile] = field(default_factory=dict)
    """All that it says, by the signal's name."""
    described: dict[str, Described] = field(default_factory=dict)
    more_signals: int = 0
    bits: dict[str, str] = field(default_factory=dict)
    """Signals that tell a state together where it names none: by the state that each gives."""
    state_rules: tuple[StateRule, ...] = ()
    ideal: Ideal | None = None

    @property
    def tells_state(self) -> bool:
        """Say whether its state can be known."""
        return bool(self.state_rules) or names.STATE in self.signals or names.STATE_NUMBER in self.signals


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A line as it could be, with what was seen behind each part."""

    line: Line
    machines: tuple[Machine, ...]
    branches: tuple[Branch, ...]
    """One a rule, in their order."""
    good_only: bool | None
    """What the counts say about `processed_includes_defective`; None: nothing."""
    unknown_words: tuple[str, ...]
    units_left: int
    """Machines that were one too many."""
    simulated: bool


def suggest(survey: Survey, *, zone: str, address: str = "", username: str = "", protocol: int = 4) -> Suggestion | None:
    """Return a layout for what was heard; None where nothing of it names a machine.

    Args:
        survey: what was heard.
        zone: IANA name of the line's time zone.
        address: of the broker, empty where a file was read.
        username: at the broker.
        protocol: MQTT's number on the wire, 4 or 5.
    """
    found = [branch for branch in branches(survey.topics.values()) if branch.members][:MAX_RULES]
    ids = unit_ids(unit for branch in found for unit in branch.units)
    if not ids:
        return None
    kept = _kept(ids, found)
    readings, machines = _read(found, kept)
    rules = corrected(found, [rule_of(branch, reading, kept) for branch, reading in zip(found, readings, strict=True)], kept)
    good_only = paces.counts_good_only(machine.signals for machine in machines)
    by_role = [reading.roles.good_only for reading in readings if names.PROCESSED in reading.signals.values()]
    source = SourceSpec(
        id="plant", title="plant", address=address, username=username, protocol=protocol, rules=tuple(rules),
        processed_includes_defective=not (good_only if good_only is not None else any(by_role)),
        state_names={word: title for reading in readings for word, title in reading.roles.state_names.items()},
        state_numbers=survey.pairs.own_numbers("state", survey.end_ns), mode_numbers=survey.pairs.own_numbers("mode", survey.end_ns),
    )  # fmt: skip
    return Suggestion(
        line=_line(machines, source, zone, found), machines=tuple(machines), branches=tuple(found), good_only=good_only,
        unknown_words=tuple(dict.fromkeys(word for reading in readings for word in reading.roles.unknown_words)),
        units_left=len(ids) - len(kept), simulated=survey.simulated,
    )  # fmt: skip


def _kept(ids: dict[UnitPath, str], found: list[Branch]) -> dict[UnitPath, str]:
    """Return the machines that there is room for, those first that say most."""
    if len(ids) <= MAX_UNITS:
        return ids
    said: dict[UnitPath, int] = defaultdict(int)
    for branch in found:
        for member in branch.members:
            said[member.unit] += 1 + len(member.fields)
    most = sorted(ids, key=lambda path: -said[path])[:MAX_UNITS]
    return {path: ids[path] for path in most}


def _read(found: list[Branch], ids: dict[UnitPath, str]) -> tuple[list[Reading], list[Machine]]:
    """Return what becomes of each branch's fields, and the machines with all that they say."""
    machines = {path: _machine(path, unit, found) for path, unit in ids.items()}
    taken: dict[UnitPath, set[str]] = defaultdict(set)
    readings: dict[int, Reading] = {}
    for i in sorted(range(len(found)), key=lambda i: -len(found[i].fields)):  # who says most keeps the plain names
        branch = found[i]
        reading = readings[i] = reading_of(branch, taken)
        for path in branch.units:
            fields = branch.fields_of(path)
            meant = {name: meaning_in(branch, reading, name) for name in fields if name not in branch.apart}
            said = {
                meaning.name: fields[name] for name, meaning in meant.items() if meaning is not None and meaning.role is not Role.IGNORED
            }
            taken[path] |= said.keys()
            if path in machines:
                _tell(machines[path], said, described(branch, reading, fields))
                _note_bits(machines[path], branch, reading)
    for machine in machines.values():
        _rule_state(machine)
        machine.ideal = paces.ideal_of(machine.signals)
    ordered = sorted(machines.values(), key=lambda machine: (TYPE_RANK[machine.type], natural(machine.id)))
    return [readings[i] for i in range(len(found))], ordered


def _machine(path: UnitPath, unit: str, found: list[Branch]) -> Machine:
    """Return a machine that has said nothing yet."""
    drives = any(branch.dialect == "vda5050" and path in branch.units for branch in found)
    key = "agv" if drives else machine_type_of(path[-1])
    return Machine(path, unit, key or "machine", is_type_known=bool(key), drives=drives)


def _tell(machine: Machine, said: dict[str, FieldProfile], told: dict[str, Described]) -> None:
    """Add what a branch says of a machine; what its type describes is described already."""
    machine.signals |= said
    own = {spec.name for spec in machine_type(machine.type).signals}
    for name, one in told.items():
        if name in own:
            continue
        if len(machine.described) < MAX_SIGNALS:
            machine.described[name] = one
        else:
            machine.more_signals += 1


def _note_bits(machine: Machine, branch: Branch, reading: Reading) -> None:
    """Note the signals that say whether a machine runs, and whether it has a fault."""
    for name, state in ((reading.roles.fault, State.ABORTED), (reading.roles.run, State.EXECUTE)):
        meaning = meaning_in(branch, reading, name) if name else None
        if meaning is not None and meaning.name in machine.signals:
            machine.bits.setdefault(state.title, meaning.name)


def _rule_state(machine: Machine) -> None:
    """Give a machine that names no state the rules by which one follows: from its fault, and from its running bit."""
    if machine.tells_state or State.EXECUTE.title not in machine.bits:
        return
    order = (State.ABORTED.title, State.EXECUTE.title)
    rules = [StateRule(when=machine.bits[state], state=state) for state in order if state in machine.bits]
    machine.state_rules = (*rules, StateRule(state=State.STOPPED.title))


def _line(machines: list[Machine], source: SourceSpec, zone: str, found: list[Branch]) -> Line:
    """Return the line: its name by the levels above most machines, its units in rows."""
    enterprise, site, area, line = _names(found)
    places = rows.lay_out([machine.type for machine in machines])
    units = tuple(
        Unit(
            id=machine.id, title=_title(machine), type=machine.type, source=source.id, placement=Placement(x_m=x_m, y_m=y_m),
            signals=tuple(one.spec for one in machine.described.values()), state_rules=machine.state_rules,
        )
        for machine, (x_m, y_m) in zip(machines, places, strict=True)
    )  # fmt: skip
    ideal = {machine.id: machine.ideal.seconds for machine in machines if machine.ideal is not None}
    products = (Product(id="product", title="product", ideal_cycle_s=ideal),) if ideal else ()
    return Line(
        path=Path("draft.toml"), content_hash="", id=line, title=line, enterprise=enterprise, site=site, area=area, zone=zone, unit_of_count="",
        constraint=_constraint(machines).id, units=units, sources=(source,), products=products,
    )  # fmt: skip


def _constraint(machines: list[Machine]) -> Machine:
    """Return the machine that most likely sets the pace: a filler, else the slowest, else one that counts at all."""
    filler = next((machine for machine in machines if machine.type == "filler" and machine.ideal), None)
    return filler or max(
        machines, key=lambda machine: (machine.ideal.seconds if machine.ideal else 0.0, names.PROCESSED in machine.signals)
    )


def _title(machine: Machine) -> str:
    """Return what people call a machine: its id, but for vehicles, whose ids are bare numbers."""
    return f"AGV {machine.id}" if machine.type == "agv" and machine.id.isdecimal() else machine.id


def _names(found: list[Branch]) -> tuple[str, str, str, str]:
    """Return enterprise, site, area and line as the topics of most machines name them."""
    rank = {dialect: i for i, dialect in enumerate(("vda5050", "scalar", "json_flat", "json", "sparkplug_b", "packml_tags", "umh"))}
    widest = max(found, key=lambda branch: (rank[branch.dialect], len(branch.units)))
    above = places_above(widest.units[0]) if widest.dialect != "vda5050" else []  # a vehicle's topics name its maker, not its place
    match above:
        case [enterprise, site, area, *_, line]:
            return enterprise, site, area, line
        case [site, area, line]:
            return "", site, area, line
        case [site, area]:
            return "", site, area, area
        case [site]:
            return "", site, "area", site
        case _:
            return "", "site", "area", "line"
