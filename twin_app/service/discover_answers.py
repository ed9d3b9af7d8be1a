"""The JSON that `discover` prints: stable, because scripts rely on it. Keys may be added, never changed. Not for wording."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypedDict

from twin_app.discover.mapped import Fate, Mapping
from twin_app.discover.remarks import remarks
from twin_app.discover.tree import shown_topic

if TYPE_CHECKING:
    from twin_app.discover.fields import FieldProfile
    from twin_app.discover.mapped import Mapped
    from twin_app.discover.profile import TopicProfile
    from twin_app.discover.suggestion import Suggestion
    from twin_app.service.discover import Heard

Known = float | None


class FilterAnswer(TypedDict):
    """What the broker said to a filter; code and words are those of the SUBACK."""

    filter: str
    granted: bool
    code: int
    words: str


class FieldAnswer(TypedDict):
    """A field of a topic; `name` is empty where the payload is one value. `becomes` is signal, time, ignored or unmapped."""

    name: str
    type: str
    seen: int
    min: Known
    max: Known
    words: list[str]
    example: str
    unit_of_measure: str
    becomes: str
    unit: str
    signal: str


class TopicAnswer(TypedDict):
    """A topic; `dialect` is the one that would read it, empty for none; `why` tells why none understands it."""

    topic: str
    dialect: str
    understood: bool
    why: str
    messages: int
    per_second: Known
    looked_into: int
    retained: int
    bytes_largest: int
    example: str
    fields: list[FieldAnswer]


class UnitAnswer(TypedDict):
    """A unit of the suggested layout."""

    id: str
    type: str
    type_guessed: bool
    tells_state: bool
    signals: list[str]
    ideal_cycle_s: Known


class DiscoverAnswer(TypedDict):
    """What `discover --json` prints."""

    where: str
    live: bool
    simulated: bool
    seconds: float
    messages: int
    bytes: int
    looked_into: int
    beyond_limit: int
    beyond_topics: int
    further_topics: int
    connection_lost: int
    filters: list[FilterAnswer]
    topics: list[TopicAnswer]
    units: list[UnitAnswer]
    remarks: list[str]
    warnings: list[str]
    trouble: str


def answer(heard: Heard, suggestion: Suggestion | None) -> DiscoverAnswer:
    """Return the object that `twin-app discover --json` prints."""
    survey, mapping = heard.survey, Mapping(suggestion)
    return {
        "where": heard.where, "live": heard.live, "simulated": survey.simulated, "seconds": heard.listened_s, "messages": survey.messages,
        "bytes": survey.size, "looked_into": survey.looked, "beyond_limit": survey.beyond_limit, "beyond_topics": survey.beyond_topics,
        "further_topics": survey.further_topics, "connection_lost": heard.lost,
        "filters": [{"filter": a.filter, "granted": not a.refused, "code": a.code, "words": a.words} for a in heard.answers],
        "topics": [_topic(profile, mapping, heard.listened_s) for profile in survey.topics.values()],
        "units": _units(suggestion), "remarks": list(remarks(suggestion, survey)), "warnings": list(heard.warnings), "trouble": heard.trouble,
    }  # fmt: skip


def _topic(profile: TopicProfile, mapping: Mapping, seconds: float) -> TopicAnswer:
    """Return one topic."""
    fates = mapping.fields(profile)
    return {
        "topic": shown_topic(profile), "dialect": mapping.rule_of(profile), "understood": profile.is_understood,
        "why": profile.trouble if not profile.is_understood else "", "messages": profile.messages,
        "per_second": profile.messages / seconds if seconds > 0 else None, "looked_into": profile.looked, "retained": profile.retained,
        "bytes_largest": profile.largest, "example": profile.example,
        "fields": [_field(name, one, fates[name]) for name, one in profile.fields.items()],
    }  # fmt: skip


def _field(name: str, one: FieldProfile, fate: Mapped) -> FieldAnswer:
    """Return one field."""
    becomes = {Fate.SIGNAL: "signal", Fate.TIME: "time", Fate.QUALITY: "quality", Fate.IGNORED: "ignored", Fate.UNMAPPED: "unmapped"}
    return {
        "name": name, "type": one.kind, "seen": one.count, "min": _known(one.low), "max": _known(one.high),
        "words": list(one.words) if one.texts else [], "example": one.example, "unit_of_measure": one.unit_of_measure,
        "becomes": becomes[fate.fate], "unit": fate.unit, "signal": fate.signal,
    }  # fmt: skip


def _units(suggestion: Suggestion | None) -> list[UnitAnswer]:
    """Return the units of the suggested layout."""
    if suggestion is None:
        return []
    return [
        {
            "id": machine.id, "type": machine.type, "type_guessed": not machine.drives, "tells_state": machine.tells_state,
            "signals": sorted(machine.signals), "ideal_cycle_s": machine.ideal.seconds if machine.ideal is not None else None,
        }
        for machine in suggestion.machines
    ]  # fmt: skip


def _known(value: float) -> Known:
    """Return a figure, None (JSON null) where it is unknown."""
    return value if math.isfinite(value) else None
