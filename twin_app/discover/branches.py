"""Topics sorted into branches, each to become one rule of a layout: whose dialect it is, and which level names the unit. Not for signals."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from twin_app.codec import packml_tags, umh
from twin_app.codec.meanings import Role
from twin_app.discover.arrays import ArrayShape
from twin_app.discover.fields import FieldProfile, merged
from twin_app.discover.forms import Form
from twin_app.discover.places import NOWHERE, Levels, Spoken, place
from twin_app.discover.qualities import quality_field_of
from twin_app.discover.roles import Roles, is_time_name, roles_of, time_field_of
from twin_app.discover.sparkplug import CONTROLS, NAMELESS
from twin_app.discover.speech import Speech
from twin_app.discover.survey import tag_of
from twin_app.layout import field_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from twin_app.discover.profile import TopicProfile

UnitPath: TypeAlias = Levels
"""What tells machines apart: the levels of a topic down to the one that names it."""
_UNUSABLE = re.compile(r"[+#{}\x00-\x1f\x7f]")
COMPANIONS = frozenset(
    {"quality", "q", "status", "statuscode", "unit", "uom", "units", "datatype", "dt", "type", "source", "seq", "name", "tag", "id"}
)
"""What stands beside a wrapped value without being a signal."""
_VALUES = frozenset({"value", "v", "val"})
_MOST_WRAPPED = 8
LONGEST_LEVEL = 100
"""A longer level of a topic names nothing that a layout could name."""
_SHORTEST_VEHICLE = 2


class Member(NamedTuple):
    """What one topic says of one machine: its fields by the names that the branch's dialect gives them."""

    topic: str
    unit: UnitPath
    fields: Mapping[str, FieldProfile]


@dataclass(slots=True)
class Branch:
    """A rule to be."""

    dialect: str
    topic: str
    """As a layout writes it."""
    members: list[Member] = field(default_factory=list)
    shape: ArrayShape | None = None
    time_field: str = ""
    time_unit: str = ""
    quality_field: str = ""
    quality_codes: str = ""
    suffix: Levels = ()
    """What stands behind the unit, of messages that name their signals themselves."""
    local_time: str = ""
    """A field with times that name no zone: which one must be said before they can be taken."""
    wrapped: str = ""
    """The one field with a value, where a message wraps a single value (`{"value": 3, "ts": ...}`): its topic names the signal."""
    tag_roles: Roles = field(default_factory=Roles)
    """What such topics mean, told by all of a machine's together."""

    @property
    def apart(self) -> frozenset[str]:
        """Return the fields that are no signals: they tell when the others were said, or how far they may be trusted."""
        return frozenset({self.time_field, self.local_time, self.quality_field} - {""})

    @property
    def tag(self) -> str:
        """Return what names the signal of a wrapped value."""
        return "/".join(self.suffix)

    @property
    def fields(self) -> dict[str, list[FieldProfile]]:
        """Return the fields of all members by their names."""
        found: dict[str, list[FieldProfile]] = defaultdict(list)
        for member in self.members:
            for name, one in member.fields.items():
                found[name].append(one)
        return found

    def fields_of(self, unit: UnitPath) -> dict[str, FieldProfile]:
        """Return what is said of one machine."""
        found: dict[str, list[FieldProfile]] = defaultdict(list)
        for member in self.members:
            if member.unit == unit:
                for name, one in member.fields.items():
                    found[name].append(one)
        return {name: profiles[0] if len(profiles) == 1 else merged(profiles) for name, profiles in found.items()}

    @property
    def units(self) -> tuple[UnitPath, ...]:
        """Return the machines, in the order in which they were met."""
        return tuple(dict.fromkeys(member.unit for member in self.members))


def branches(topics: Iterable[TopicProfile]) -> list[Branch]:
    """Return the branches of all topics that some dialect understands: the rules in the order in which they must stand."""
    by_speech: dict[Speech, list[TopicProfile]] = defaultdict(list)
    for profile in topics:
        if profile.is_understood and not _UNUSABLE.search(profile.topic) and max(map(len, profile.topic.split("/"))) <= LONGEST_LEVEL:
            by_speech[profile.speech].append(profile)
    return [
        *_of_sparkplug(by_speech[Speech.SPARKPLUG]), *_of_vehicles(by_speech[Speech.VEHICLE]), *_of_umh(by_speech[Speech.UMH]),
        *_of_plain(by_speech[Speech.PLAIN]),
    ]  # fmt: skip


class _Sheaf:
    """Branches by what they have in common, in the order in which they were begun."""

    def __init__(self) -> None:
        self.branches: dict[object, Branch] = {}

    def put(self, key: object, branch: Branch, member: Member) -> None:
        """Add a member to the branch of a key, which is `branch` where it is the first."""
        self.branches.setdefault(key, branch).members.append(member)


def _specific_first(sheaf: _Sheaf) -> list[Branch]:
    """Return branches with those first that tell more before the unit: the first rule that matches counts."""
    return sorted(sheaf.branches.values(), key=lambda branch: -branch.topic.split("{unit}")[0].count("/"))


def _of_sparkplug(profiles: list[TopicProfile]) -> Iterable[Branch]:
    """Return a branch for each edge node with devices, and for each node or device whose metrics speak of several machines."""
    sheaf = _Sheaf()
    for profile in profiles:
        levels = tuple(profile.topic.split("/"))
        metrics = {name: one for name, one in profile.fields.items() if not name.startswith(CONTROLS) and not _UNUSABLE.search(name)}
        units: dict[UnitPath, dict[str, FieldProfile]] = defaultdict(dict)
        for name, depth in _depths_of(levels[-1], metrics).items():
            above = tuple(name.split("/")[:depth])
            units[levels + above]["/".join(name.split("/")[depth:])] = metrics[name]
        if NAMELESS in profile.notes and not units:
            units[levels] = {}  # who joins late knows the sender, and not yet its metrics' names
        for path, fields in units.items():
            topic = "/".join((*path[:-1], "{unit}", "{tag...}"))
            sheaf.put(topic, Branch("sparkplug_b", topic), Member(profile.topic, path, fields))
    return _specific_first(sheaf)


def _depths_of(sender: str, metrics: Mapping[str, FieldProfile]) -> dict[str, int]:
    """Return for each metric how many levels of its name lead to the machine: 0 where that is the sender."""
    heads = {name: tag_of(name) for name in metrics}
    if any(_is_packml(tag) for _, tag in heads.values()):
        return {name: before.count("/") + 1 if tag and before else 0 for name, (before, tag) in heads.items()}
    places = place({name: Spoken((sender, *name.split("/"))) for name in metrics})
    return {name: max(depth, 0) for name, depth in places.items()}


def _of_vehicles(profiles: list[TopicProfile]) -> Iterable[Branch]:
    """Return a branch for each maker of vehicles."""
    sheaf = _Sheaf()
    for profile in profiles:
        levels = tuple(profile.topic.split("/"))
        topic = "/".join((*levels[:-_SHORTEST_VEHICLE], "{unit}", "+"))
        sheaf.put(topic, Branch("vda5050", topic), Member(profile.topic, levels[:-1], profile.fields))
    return sheaf.branches.values()


def _of_umh(profiles: list[TopicProfile]) -> Iterable[Branch]:
    """Return a branch for each enterprise."""
    sheaf = _Sheaf()
    for profile in profiles:
        levels = tuple(profile.topic.split("/"))
        contract = next(i for i, level in enumerate(levels) if level.startswith("_"))
        topic = "/".join((*levels[:3], "#"))
        tag = ".".join(levels[contract + 1 :])
        fields = {umh.named(tag, name): one for name, one in profile.fields.items()}
        sheaf.put(topic, Branch("umh", topic), Member(profile.topic, levels[:contract], fields))
    return sheaf.branches.values()


def _of_plain(profiles: list[TopicProfile]) -> Iterable[Branch]:
    """Return branches of PackTags, single values and JSON: those of JSON first, because their topics are told in full."""
    spoken = {profile.topic: Spoken(tuple(profile.topic.split("/")), _shape_of(profile)) for profile in profiles}
    machines = _packml_places(profiles)
    depths = {topic: _within(one, machines) for topic, one in spoken.items()}
    depths |= place({topic: spoken[topic] for topic, depth in depths.items() if depth == NOWHERE})
    tags, documents = _Sheaf(), _Sheaf()
    packml_prefixes = {machine[:-1] for machine in machines}
    for profile in profiles:
        levels, depth = spoken[profile.topic].levels, depths[profile.topic]
        if depth == NOWHERE:
            continue
        prefix, unit, behind = levels[:depth], levels[: depth + 1], levels[depth + 1 :]
        if profile.form is Form.SCALAR:
            topic = "/".join((*prefix, "{unit}", "{tag...}"))
            branch = Branch("packml_tags" if prefix in packml_prefixes else "scalar", topic)
            tags.put(topic, branch, Member(profile.topic, unit, {"/".join(behind): profile.fields[""]}))
        else:
            branch = _document_branch(profile, prefix, behind)
            key = (
                branch.topic,
                branch.dialect,
                branch.shape,
                branch.time_field,
                branch.time_unit,
                branch.quality_field,
                branch.quality_codes,
            )
            documents.put(key, branch, Member(profile.topic, unit, profile.fields))
    _understand_wrapped(documents.branches.values())
    return [*_specific_first(documents), *_specific_first(tags)]


def _understand_wrapped(documents: Iterable[Branch]) -> None:
    """Tell what topics with wrapped values mean, from all those of the same machines together."""
    groups: dict[str, list[Branch]] = defaultdict(list)
    for branch in documents:
        if branch.wrapped:
            groups[branch.topic.split("{unit}")[0]].append(branch)
    for group in groups.values():
        roles = roles_of({branch.tag: merged(branch.fields[branch.wrapped]) for branch in group})
        for branch in group:
            branch.tag_roles = roles


def wrapped_value(profile: TopicProfile) -> str:
    """Return the one field with a value, where everything beside it is its time, its quality or its unit; empty where there is none."""
    if profile.form is not Form.OBJECT or not 0 < len(profile.fields) <= _MOST_WRAPPED:
        return ""
    values = [name for name in profile.fields if name.casefold() in _VALUES]
    rest = [name for name in profile.fields if name not in values and name.casefold() not in COMPANIONS and not is_time_name(name)]
    return values[0] if len(values) == 1 and not rest else ""


def _document_branch(profile: TopicProfile, prefix: Levels, behind: Levels) -> Branch:
    """Return a branch for one topic's JSON."""
    shape = profile.shape
    time_field, time_unit = (shape.time_field, shape.time_unit) if shape and shape.time_field else time_field_of(profile.fields)
    if not _is_path(time_field):
        time_field = time_unit = ""
    local = time_field if time_unit == "local" else ""
    quality_field, codes = (shape.quality_field, shape.quality_codes) if shape and shape.quality_field else quality_field_of(profile.fields)
    quality_field = quality_field if _is_path(quality_field) else ""
    return Branch(
        "json" if Form.ARRAYS in profile.forms else "json_flat", "/".join((*prefix, "{unit}", *behind)), shape=shape, suffix=behind,
        time_field="" if local else time_field, time_unit="" if local else time_unit, local_time=local,
        quality_field=quality_field, quality_codes=codes if quality_field else "",
        wrapped=wrapped_value(profile) if behind else "",
    )  # fmt: skip


def _is_path(name: str) -> bool:
    """Say whether a layout can name a field that tells the time."""
    try:
        field_paths.path(name)
    except ValueError:
        return False
    return name.isprintable() and len(name) <= field_paths.LONGEST


def _packml_places(profiles: list[TopicProfile]) -> frozenset[Levels]:
    """Return the places whose topics are PackTags: some of them mean something to the engine."""
    found = set()
    for profile in profiles:
        above, tag = tag_of(profile.topic)
        if above and (profile.form is Form.SCALAR or wrapped_value(profile)) and _is_packml(tag):
            found.add(tuple(above.split("/")))
    return frozenset(found)


def _is_packml(tag: str) -> bool:
    """Say whether a tag is a PackTag that means something to the engine."""
    meaning = packml_tags.meaning(tag) if tag else None
    return meaning is not None and meaning.role is not Role.IGNORED


def _within(spoken: Spoken, machines: frozenset[Levels]) -> int:
    """Return the level of the machine at or below which a topic stands, `NOWHERE` where none is known."""
    levels = spoken.levels if spoken.shape is not None else spoken.levels[:-1]
    return next((depth for depth in range(len(levels)) if levels[: depth + 1] in machines), NOWHERE)


def _shape_of(profile: TopicProfile) -> object:
    """Return what a payload is like where it names its signals itself: its fields; None of a single value."""
    return None if profile.form is Form.SCALAR or wrapped_value(profile) else frozenset(list(profile.fields)[:8])
