"""How a rule's topic names Sparkplug's levels: the part that every message of an edge node shares. Not for other dialects.

Births and deaths of the node govern its devices, so that whatever a rule picks, all of the node's messages are wanted.
"""

from __future__ import annotations

from dataclasses import dataclass

DIALECT = "sparkplug_b"
NAMESPACE = "spBv1.0"
_DATA_KINDS = frozenset({"+", "NDATA", "DDATA"})


@dataclass(frozen=True, slots=True)
class Head:
    """A rule's topic up to and with the edge node."""

    filter: str
    """As an MQTT filter without `#`."""
    depth: int
    """How many levels it has."""


def head(topic: str) -> Head | None:
    """Return the part of a rule's topic that names edge nodes, None where it does not name group, kind, edge node and more."""
    levels = topic.split("/")
    if NAMESPACE not in levels:
        return None
    start = levels.index(NAMESPACE)
    if len(levels) < start + 5 or levels[start + 2] not in _DATA_KINDS:
        return None
    group, edge = ("+" if level == "{unit}" else level for level in (levels[start + 1], levels[start + 3]))
    if {group, edge} & {"#", "{tag...}"}:
        return None
    return Head("/".join((*levels[: start + 1], group, "+", edge)), start + 4)


def subscription(topic: str) -> str:
    """Return the MQTT filter for all messages of the edge nodes that a rule's topic names."""
    found = head(topic)
    return f"{found.filter}/#" if found else topic
