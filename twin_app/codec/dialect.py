"""What a dialect is: a name and a few pure functions. Not for the dialects themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeAlias

from twin_app.codec.desk import Desk, Host
from twin_app.codec.meanings import Meaning
from twin_app.codec.topics import Match
from twin_app.codec.values import Value
from twin_app.model.equipment import MapRule, SourceSpec
from twin_app.model.samples import Quality

Fields: TypeAlias = Mapping[str, Value]
"""One message's values by the name that the dialect gives them."""


class Life(Enum):
    """What a message tells about whether its sender is there (see `presence`)."""

    UNSAID = auto()
    """The dialect has no word for it."""
    ALIVE = auto()
    """It is there: it says so, or says anything at all."""
    GONE = auto()
    """It took its leave."""
    LOST = auto()
    """Its link broke, nobody knows when: it was last known to be there when it spoke last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a message says of one instant; one message may hold many."""

    fields: Fields = field(default_factory=dict)
    source_ns: int | None = None
    """The instant as the source gives it, UTC ns; None where it gives none that can be understood."""
    timed: bool = False
    """The source was to give an instant: if it did not, that is counted."""
    quality: Quality | None = Quality.GOOD
    """The quality of its values as the source gives it; None where it gives one that nobody knows."""
    by_arrival: bool = False
    """What the source gives is kept, but the time of receipt orders (a last will bears the time it was made)."""
    life: Life = Life.UNSAID


Reader: TypeAlias = Callable[[bytes, str], Sequence[Report]]
"""Payload and tag to reports; raises DecodeError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One way of writing payloads, with either `read` or `reader`."""

    key: str
    """As layouts name it."""
    read: Callable[[bytes, str], Fields] | None = None
    """Payload and tag (from the topic) to fields of one instant; raises DecodeError."""
    reader: Callable[[MapRule], Reader] | None = None
    """Makes a rule's own reader, where messages hold several instants or are read as the rule says."""
    place: Callable[[str, MapRule, frozenset[str]], Match | None] | None = None
    """Topic, rule and the line's units to unit and tag, where the rule's filter alone cannot tell."""
    host: Callable[[SourceSpec, Desk], Host] | None = None
    """Makes a source's own listener, where messages mean something only after others; it takes them before any rule does."""
    meaning: Callable[[str], Meaning | None]
    """A field's name to what it means by itself; None where the dialect does not know it."""
    name: Callable[[str], str]
    """A field's name in the spelling that layouts' `signals` are compared in."""
    typed: bool
    """Values carry their type (JSON). False: everything is text, and a number is what looks like one."""
