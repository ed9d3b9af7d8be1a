"""A broker in memory: what was said on it, and what is suggested for it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from twin_app.discover.draft import written
from twin_app.discover.mapped import Fate, Mapping
from twin_app.discover.suggestion import Suggestion, suggest
from twin_app.discover.survey import Survey
from twin_app.layout import load
from twin_app.model.equipment import Line, MapRule

NOON_NS = 1_795_425_957_000_000_000
SECOND_NS = 1_000_000_000
Said = tuple[str, Any]
"""Topic and payload; what is neither bytes nor text is sent as JSON."""


def heard(*said: Said, every_s: float = 1.0, survey: Survey | None = None, retain: bool = False) -> Survey:
    """Return a survey that heard messages, one after the other."""
    survey = survey or Survey()
    for number, (topic, payload) in enumerate(said):
        survey.take(topic, payload_of(payload), NOON_NS + round(number * every_s * SECOND_NS), retain=retain)
    return survey


def payload_of(payload: Any) -> bytes:
    if isinstance(payload, bytes):
        return payload
    return (payload if isinstance(payload, str) else json.dumps(payload)).encode()


def suggested(survey: Survey, zone: str = "UTC") -> Suggestion:
    found = suggest(survey, zone=zone)
    assert found is not None
    return found


def rules(suggestion: Suggestion) -> tuple[MapRule, ...]:
    return suggestion.line.sources[0].rules


def fates(survey: Survey, suggestion: Suggestion) -> dict[tuple[str, str], str]:
    """Return `unit.signal`, or the fate's name, by topic and field."""
    mapping = Mapping(suggestion)
    return {
        (profile.topic, name): f"{found.unit}.{found.signal}" if found.fate is Fate.SIGNAL else found.fate.name
        for profile in survey.topics.values()
        for name, found in mapping.fields(profile).items()
    }


def read_back(suggestion: Suggestion, survey: Survey, folder: Path) -> Line:
    """Write a draft, load it, and return the line without what only a file has."""
    path = folder / "draft.toml"
    path.write_text(written(suggestion, survey, heard_on="shift.jsonl"), encoding="utf-8")
    return replace(load(path), path=suggestion.line.path, content_hash="")


def each_second(topic: str, payloads: Iterable[Any]) -> list[Said]:
    return [(topic, payload) for payload in payloads]
