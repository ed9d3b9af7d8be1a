"""What a suggested layout would make of each topic and field, asked of the very router that a source has. Not for suggesting."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from twin_app.codec import umh
from twin_app.codec.meanings import Role
from twin_app.codec.routes import Router
from twin_app.discover.sparkplug import CONTROLS
from twin_app.discover.speech import Speech

if TYPE_CHECKING:
    from twin_app.codec.routes import Route
    from twin_app.discover.profile import TopicProfile
    from twin_app.discover.suggestion import Suggestion


class Fate(Enum):
    """What becomes of a field."""

    SIGNAL = auto()
    TIME = auto()
    """It is the message's own time."""
    QUALITY = auto()
    """It says how far the values beside it may be trusted."""
    IGNORED = auto()
    """The dialect knows it as of no interest: a description, an order to the machine."""
    UNMAPPED = auto()


@dataclass(frozen=True, slots=True)
class Mapped:
    """What becomes of one field."""

    fate: Fate
    unit: str = ""
    signal: str = ""
    dialect: str = ""


UNMAPPED = Mapped(Fate.UNMAPPED)


class Mapping:
    """The fate of every field under one suggestion; without a suggestion nothing is mapped."""

    def __init__(self, suggestion: Suggestion | None) -> None:
        """Compile the suggestion's rules."""
        self._router = None if suggestion is None else Router(suggestion.line, suggestion.line.sources[0])
        self._known: dict[str, dict[str, Mapped]] = {}

    def fields(self, profile: TopicProfile) -> dict[str, Mapped]:
        """Return what becomes of each field of a topic, by the field's name in its profile; worked out once."""
        if profile.topic not in self._known:
            self._known[profile.topic] = self._work_out(profile)
        return self._known[profile.topic]

    def _work_out(self, profile: TopicProfile) -> dict[str, Mapped]:
        """Return what becomes of each field of a topic."""
        if self._router is None or not profile.is_understood:
            return dict.fromkeys(profile.fields, UNMAPPED)
        if profile.speech is Speech.SPARKPLUG:
            return {name: self._metric(profile.topic, name) for name in profile.fields}
        route = self._router.route(profile.topic)
        if route is None:
            return dict.fromkeys(profile.fields, UNMAPPED)
        return {name: _field(route, _named(route, name)) for name in profile.fields}

    def rule_of(self, profile: TopicProfile) -> str:
        """Return the dialect by which a topic would be read, empty where no rule takes it."""
        found = next(iter(self.fields(profile).values()), UNMAPPED)
        return found.dialect

    def _metric(self, path: str, name: str) -> Mapped:
        """Return what becomes of a Sparkplug metric."""
        route = self._router.route(f"{path}/{name}") if self._router else None
        if route is None:
            return Mapped(Fate.IGNORED, dialect="sparkplug_b") if name.startswith(CONTROLS) else UNMAPPED
        return _field(route, route.tag)


def _named(route: Route, name: str) -> str:
    """Return a field's name as the route's dialect has it."""
    if route.dialect.key == "umh":
        return umh.named(route.tag, name)
    return name or route.tag


def _field(route: Route, name: str) -> Mapped:
    """Return what becomes of a field that came by a route."""
    dialect = route.dialect.key
    if name and name == route.rule.quality_field:
        return Mapped(Fate.QUALITY, route.unit, dialect=dialect)
    if name and name == route.rule.time_field:
        return Mapped(Fate.TIME, route.unit, dialect=dialect)
    meaning = route.meaning(name)
    if meaning is None:
        return UNMAPPED
    if meaning.role is Role.IGNORED:
        return Mapped(Fate.IGNORED, route.unit, dialect=dialect)
    return Mapped(Fate.SIGNAL, route.unit, meaning.name, dialect)
