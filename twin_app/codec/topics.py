"""Topic filters of a layout: matching a topic, naming its unit and tag, and what to subscribe to. Not for payloads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.layout import sparkplug

if TYPE_CHECKING:
    from twin_app.model.equipment import SourceSpec

_LEVELS = {"+": "[^/]*", "{unit}": "(?P<unit>[^/]+)", "{tag...}": "(?P<tag>.+)"}


@dataclass(frozen=True, slots=True)
class Match:
    """What a topic names: the unit (empty where the filter has no `{unit}`) and the tag."""

    unit: str
    tag: str


class TopicPattern:
    """A compiled filter: MQTT's `+` and `#`, `{unit}` for one level, `{tag...}` for the rest.

    Without `{tag...}` the tag is what `#` matched, else the topic's last level.
    """

    def __init__(self, topic: str) -> None:
        """Compile the filter."""
        levels = topic.split("/")
        anything_below = levels[-1] == "#"
        body = "/".join(_LEVELS.get(level, re.escape(level)) for level in (levels[:-1] if anything_below else levels))
        if anything_below:  # MQTT: `a/#` matches `a` itself, too
            body += "(?:/(?P<rest>.*))?" if len(levels) > 1 else "(?P<rest>.*)"
        self._regex = re.compile(body, re.DOTALL)
        # MQTT: a filter that starts with a wildcard does not match the broker's own topics.
        self._hides_system_topics = levels[0] in {"+", "#", *_LEVELS}

    def match(self, topic: str) -> Match | None:
        """Return what a topic names, None where it does not match."""
        if self._hides_system_topics and topic.startswith("$"):
            return None
        found = self._regex.fullmatch(topic)
        if found is None:
            return None
        groups = found.groupdict()
        return Match(unit=groups.get("unit") or "", tag=groups.get("tag") or groups.get("rest") or topic.rpartition("/")[2])


def subscription(topic: str) -> str:
    """Return the MQTT filter that lets in every topic of a layout's filter."""
    return "/".join({"{unit}": "+", "{tag...}": "#"}.get(level, level) for level in topic.split("/"))


def covers(wide: str, narrow: str) -> bool:
    """Say whether every topic of the MQTT filter `narrow` is let in by `wide`."""
    wides, narrows = wide.split("/"), narrow.split("/")
    for i, level in enumerate(wides):
        if level == "#":
            return True
        if i >= len(narrows) or narrows[i] == "#" or (level not in {"+", narrows[i]}):
            return False
    return len(wides) == len(narrows)


def subscriptions(source: SourceSpec) -> tuple[str, ...]:
    """Return the filters to subscribe to: the source's own, else those of its rules.

    Filters that another one covers are left out, because a broker may deliver a message once a filter.
    """
    wanted = source.subscribe or tuple(
        sparkplug.subscription(rule.topic) if rule.dialect == sparkplug.DIALECT else subscription(rule.topic)
        for rule in source.rules
        if not rule.ignore
    )
    unique = list(dict.fromkeys(wanted))
    return tuple(f for f in unique if not any(other != f and covers(other, f) for other in unique))
