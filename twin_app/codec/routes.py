"""What becomes of one topic: the rule that takes it and, per field, the signal it feeds. Worked out once a topic. Not for payloads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from twin_app.codec.dialects import BY_KEY
from twin_app.codec.meanings import IGNORED, meaning_of
from twin_app.codec.topics import TopicPattern
from twin_app.errors import SourceError
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.codec.desk import Desk, Host
    from twin_app.codec.dialect import Dialect, Reader
    from twin_app.codec.feeds import Feed
    from twin_app.codec.meanings import Meaning
    from twin_app.codec.topics import Match
    from twin_app.model.equipment import Line, MapRule, SourceSpec

_INDEX = re.compile(r"\[\d+\]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Route:
    """One topic's way. `feeds` fills up as fields appear; a field that feeds nothing on purpose has None."""

    unit: str
    tag: str
    rule: MapRule
    dialect: Dialect
    reader: Reader | None
    """The rule's own reader, where its dialect has one."""
    names: dict[str, str]
    """The rule's own signal names, by field in the dialect's spelling."""
    feeds: dict[str, Feed | None] = field(default_factory=dict)

    def meaning(self, field_name: str) -> Meaning | None:
        """Return what a field means here: as the rule says, else as the dialect says, None where neither knows it.

        A rule that gives a field an empty name ignores it.
        """
        own = self.names.get(self.dialect.name(field_name))
        if own is None:
            own = self._of_any_index(field_name)
        found = self.dialect.meaning(field_name) if own is None else meaning_of(own) if own else IGNORED
        measure = self.rule.units_of_measure.get(field_name)
        return found if found is None or measure is None else replace(found, unit_of_measure=measure)

    def _of_any_index(self, field_name: str) -> str | None:
        """Return the name that the rule gives to a field of any index (`motors[*].temp`), with its index behind it."""
        indices = _INDEX.findall(field_name)
        own = self.names.get(self.dialect.name(_INDEX.sub("[*]", field_name))) if indices else None
        return own + "".join(indices) if own else own


class Router:
    """Topics to routes: of several rules that match, the first counts."""

    def __init__(self, line: Line, source: SourceSpec) -> None:
        """Compile the rules.

        Raises:
            SourceError: a rule names a dialect that there is not.
        """
        self._units = frozenset(unit.id for unit in line.units)
        self._rules = [(TopicPattern(rule.topic), rule, _dialect(rule)) for rule in source.rules]
        self._names = [{dialect.name(key): value for key, value in rule.signals.items()} for _, rule, dialect in self._rules]
        self._readers = [dialect.reader(rule) if dialect.reader and not rule.ignore else None for _, rule, dialect in self._rules]

    @property
    def hosts(self) -> tuple[Callable[[SourceSpec, Desk], Host], ...]:
        """Return the makers of listeners of the dialects that need one."""
        return tuple(dict.fromkeys(dialect.host for _, rule, dialect in self._rules if dialect.host is not None and not rule.ignore))

    def route(self, topic: str) -> Route | None:
        """Return a topic's route, None where no rule maps it, or the topic names a unit that the line does not have."""
        for (pattern, rule, dialect), names, reader in zip(self._rules, self._names, self._readers, strict=True):
            match = pattern.match(topic)
            if match is not None:
                unit, tag = self._place(topic, match, rule, dialect)
                return Route(unit, tag, rule, dialect, reader, names) if rule.ignore or unit in self._units else None
        return None

    def _place(self, topic: str, match: Match, rule: MapRule, dialect: Dialect) -> tuple[str, str]:
        """Return the unit (empty where the topic names none) and the tag."""
        if dialect.place is None:
            return rule.units.get(match.unit, match.unit) or rule.unit, match.tag
        placed = dialect.place(topic, rule, self._units)
        return (placed.unit, placed.tag) if placed is not None else ("", match.tag)


def _dialect(rule: MapRule) -> Dialect:
    """Return a rule's dialect; a rule that ignores its topics needs none."""
    dialect = BY_KEY.get(rule.dialect or ("packml_tags" if rule.ignore else ""))
    if dialect is None:
        raise SourceError(
            N_("The rule for {topic} names the dialect {dialect}, which there is not."),
            tip=N_("Known dialects: {known}."), topic=rule.topic, dialect=rule.dialect, known=", ".join(BY_KEY),
        )  # fmt: skip
    return dialect
