"""Fields of a branch to signals: what the dialect knows by itself, what a rule must say, and how the rest is described. Not for units."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from twin_app.codec import packml_tags
from twin_app.codec.dialects import BY_KEY
from twin_app.codec.meanings import IGNORED, Role, meaning_of
from twin_app.discover.branches import COMPANIONS, Branch
from twin_app.discover.fields import FieldProfile, Kind, cut, merged
from twin_app.discover.ids import usable
from twin_app.discover.measures import measure_of, spelled
from twin_app.discover.profile import VEHICLE_EXTRAS
from twin_app.discover.roles import Roles, is_count_name, is_time_name, roles_of
from twin_app.discover.words import words_of
from twin_app.model import signal as names
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.codec.meanings import Meaning

LONGEST_KEY = 200
"""A layout takes no longer text as a key."""
_PARAMETER = re.compile(r"(status/(?:remote)?parameter/\d+)/(value|name|unit)", re.ASCII)
_HEAD = re.compile(r"(?:status|admin)[/.]", re.IGNORECASE)
_INDEX = re.compile(r"/(\d+)(?=/|$)")
_COUNTING = frozenset({"count", "counter", "total", "kwh", "wh", "cycles", "pieces"})


@dataclass(slots=True)
class Reading:
    """What becomes of the fields of a branch."""

    roles: Roles
    signals: dict[str, str] = field(default_factory=dict)
    """Field to signal, where the rule has to say it; nothing for a field that is ignored."""
    measures: dict[str, str] = field(default_factory=dict)
    """Field to the unit of measure that another topic told."""


def reading_of(branch: Branch, taken: Mapping[tuple[str, ...], set[str]]) -> Reading:
    """Return what becomes of a branch's fields; `taken` are the signals that its units have by other branches already."""
    if branch.wrapped:
        return _of_wrapped(branch)
    fields = {name: merged(profiles) for name, profiles in branch.fields.items()}
    unknown = {name: one for name, one in fields.items() if _is_unknown(branch, name)}
    made = Reading(roles_of(unknown) if branch.dialect != "vda5050" else Roles())
    if branch.dialect == "packml_tags":
        made.signals |= {tag: name for tag in fields if packml_tags.meaning(tag) is None and (name := _of_tag(tag))}
        _take_parameters(made, branch)
    elif branch.dialect == "vda5050":
        made.signals |= {path: name for path, name in VEHICLE_EXTRAS.items() if path in fields}
    if branch.shape and branch.time_field:  # each element bears its time: the message's own says nothing more
        made.signals |= {name: "" for name, one in fields.items() if is_time_name(name) and one.clock()}
    used = set().union(*(taken.get(unit, set()) for unit in branch.units))
    made.signals |= {name: signal for name, signal in made.roles.signals.items() if signal not in used}
    made.signals |= _told_apart(branch, fields, made.signals, used)
    made.signals = {
        name: signal for name, signal in made.signals.items() if name != signal and name.isprintable() and len(name) <= LONGEST_KEY
    }
    return made


def _of_wrapped(branch: Branch) -> Reading:
    """Return what becomes of a message that wraps one value: the signal is named by its topic, what stands beside it is of no interest."""
    tag, roles = branch.tag, branch.tag_roles
    known = packml_tags.meaning(tag)
    own = (
        ""
        if known is not None and known.role is Role.IGNORED
        else known.name
        if known is not None
        else roles.signals.get(tag) or _of_tag(tag)
    )
    made = Reading(
        Roles(
            state_names=roles.state_names if own == names.STATE else {}, unknown_words=roles.unknown_words if own == names.STATE else (),
            good_only=roles.good_only, run=branch.wrapped if roles.run == tag else "", fault=branch.wrapped if roles.fault == tag else "",
        )
    )  # fmt: skip
    made.signals[branch.wrapped] = own
    made.signals |= {name: "" for name in branch.fields if name.casefold() in COMPANIONS and name not in branch.apart}
    return made


def meaning_in(branch: Branch, reading: Reading, name: str) -> Meaning | None:
    """Return what a field of a branch means once the rule says what it has to."""
    own = reading.signals.get(name)
    if own is None:
        return BY_KEY[branch.dialect].meaning(name)
    return meaning_of(own) if own else IGNORED


@dataclass(frozen=True, slots=True)
class Described:
    """A signal that neither the engine nor a machine type describes."""

    spec: SignalSpec
    seen: FieldProfile
    is_guess: bool
    """Whether its unit of measure is only the usual one for such a name."""


def described(branch: Branch, reading: Reading, fields: Mapping[str, FieldProfile]) -> dict[str, Described]:
    """Return the signals of one unit, by name, that have to be described; `fields` are what the branch says of that unit."""
    found: dict[str, Described] = {}
    for name, one in fields.items():
        meaning = None if name in branch.apart else meaning_in(branch, reading, name)
        if meaning is None or meaning.role is not Role.FOUND or usable(meaning.name) != meaning.name:
            continue
        kind = kind_of(meaning.name, one)
        if kind is not None:
            measure, is_guess = _measure(meaning.name, one, reading.measures.get(name, "")) if kind is not SignalKind.TEXT else ("", False)
            title = _title(fields, name) or meaning.name
            found[meaning.name] = Described(SignalSpec(name=meaning.name, kind=kind, unit_of_measure=measure, title=title), one, is_guess)
    return found


def kind_of(name: str, one: FieldProfile) -> SignalKind | None:
    """Return how a signal is to be read; None where it never had a value that a signal can hold."""
    if one.texts:
        return SignalKind.TEXT
    if one.kind not in {Kind.NUMBER, Kind.FLAG}:
        return None
    counts = one.counts and one.rises and not one.flags and (is_count_name(name) or _COUNTING & set(words_of(name)))
    return SignalKind.COUNTER if counts else SignalKind.MEASUREMENT


def _measure(name: str, one: FieldProfile, told: str) -> tuple[str, bool]:
    """Return a signal's unit of measure, and whether it is a guess."""
    said = spelled(cut(one.unit_of_measure or told))
    if said:
        return said, False
    found = measure_of(name, one.low, one.high) if one.numbers else None
    return (found.unit, found.is_guess) if found is not None else ("", False)


def _title(fields: Mapping[str, FieldProfile], name: str) -> str:
    """Return what the machine itself calls a process parameter, empty where it says nothing."""
    found = _PARAMETER.fullmatch(packml_tags.name(name))
    if found is None:
        return ""
    wanted = f"{found[1]}/name"
    return next((one.example for tag, one in fields.items() if packml_tags.name(tag) == wanted), "")


def _is_unknown(branch: Branch, name: str) -> bool:
    """Say whether a field means nothing to the engine by its own name."""
    if name in branch.apart or name.casefold().startswith("command/"):
        return False
    meaning = BY_KEY[branch.dialect].meaning(name)
    return meaning is None or meaning.role is Role.FOUND


def _of_tag(tag: str) -> str:
    """Return a name for a PackTag that the engine does not know: `Admin/Alarm/100/Trigger` is `Alarm[100].Trigger`."""
    return usable(_INDEX.sub(r"[\1]", _HEAD.sub("", tag, count=1)).replace("/", "."))


def _take_parameters(made: Reading, branch: Branch) -> None:
    """Name process parameters as the machines name them, where all of them agree, and take the units of measure they give."""
    names: dict[str, set[str]] = {}
    units: dict[str, set[str]] = {}
    values: dict[str, str] = {}
    for tag, profiles in branch.fields.items():
        found = _PARAMETER.fullmatch(packml_tags.name(tag))
        if found is not None and found[2] == "value":
            values[found[1]] = tag
        elif found is not None:
            (names if found[2] == "name" else units).setdefault(found[1], set()).update(one.example for one in profiles)
    for key, tag in values.items():
        called, measured = names.get(key, set()), units.get(key, set())
        name = usable("".join(word[:1].upper() + word[1:] for word in next(iter(called)).split())) if len(called) == 1 else ""
        if name and name not in made.signals.values():
            made.signals[tag] = name
        if len(measured) == 1:
            made.measures[tag] = next(iter(measured))


def _told_apart(branch: Branch, fields: Mapping[str, FieldProfile], own: Mapping[str, str], used: set[str]) -> dict[str, str]:
    """Return new names for fields whose own names other messages of the same machines have already."""
    if not branch.suffix:
        return {}
    behind = ".".join(branch.suffix)
    twice = [name for name in fields if name not in own and name.replace("/", ".") in used and name not in branch.apart]
    return {name: usable(f"{behind}.{name.replace('/', '.')}") for name in twice}
