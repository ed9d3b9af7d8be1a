"""How a unit puts what it says into messages: PackML tags, plain scalars, the unified namespace, flat or nested JSON. Not for vehicles.

The inverse of the dialects of `codec`: what a rule maps a field to is written in that field, in the source's own words.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

import msgspec

from twin_app.layout.sparkplug import DIALECT as SPARKPLUG
from twin_app.model import signal as names
from twin_app.model.derive import STOP_REASON
from twin_app.model.packml import State
from twin_app.simulate.counting import BEAT
from twin_app.simulate.events import Kind
from twin_app.simulate.saying import said
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from twin_app.simulate.addressing import Mouth
    from twin_app.simulate.saying import Said, Value
    from twin_app.simulate.telling import Report
    from twin_app.simulate.wiring import Wiring

TAGS = {
    names.STATE: "Status/StateCurrentStr", names.STATE_NUMBER: "Status/StateCurrent", names.MODE: "Status/UnitModeCurrentStr",
    names.MODE_NUMBER: "Status/UnitModeCurrent", "MachSpeed": "Status/MachSpeed", names.SPEED: "Status/CurMachSpeed",
    "MachDesignSpeed": "Admin/MachDesignSpeed", "Starved": "Status/EquipmentInterlock/Starved",
    "Blocked": "Status/EquipmentInterlock/Blocked", "StopReason": "Admin/StopReason", names.PRODUCT: "Status/Product/0/ProductID",
    **{name: f"Admin/Prod{name}Count/0/AccCount" for name in ("Consumed", "Processed", "Defective")},
    **{f"{name}SinceReset": f"Admin/Prod{name}Count/0/Count" for name in ("Consumed", "Processed", "Defective")},
}  # fmt: skip
"""The PackTag of each signal that PackML has one for."""
_ALARM = re.compile(r"Alarm\[(\d+)\](?:\.(\w+))?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNIT_NS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}


class Sent(NamedTuple):
    """One message. `at_ns` is the time it is received at, UTC ns."""

    at_ns: int
    topic: str
    payload: bytes


class Speaker(Protocol):
    """Words one unit's reports as messages."""

    def introduce(self, words: Said, at_ns: int) -> list[Sent]:
        """Return the messages that say, when the unit is switched on, what never changes."""
        ...

    def hear(self, reports: list[Report], at_ns: int, told_ns: int) -> Iterator[Sent]:
        """Give the messages that word some reports of one unit, told and sent together.

        Args:
            reports: of one instant.
            at_ns: when they are sent, UTC ns.
            told_ns: when they were told by the unit's clock, UTC ns.
        """
        ...

    def state(self) -> dict[str, Any]:
        """Return everything it remembers, as JSON has it."""
        ...

    def restore(self, state: dict[str, Any]) -> None:
        """Remember what it did then."""
        ...


class Words:
    """A source's own words for what the twin calls by PackML's: the maps of the layout, read backwards."""

    def __init__(self, mouth: Mouth) -> None:
        """Read the maps of a unit's source."""
        source = mouth.source
        self._states = {title.casefold(): word for word, title in source.state_names.items()}
        self._modes = {title.casefold(): word for word, title in source.mode_names.items()}
        numbers = {int(state): state.title for state in State} | dict(source.state_numbers)
        self._numbers = {int(state): next((n for n, title in numbers.items() if title == state.title), int(state)) for state in State}
        self._mode_numbers = {title.casefold(): n for n, title in source.mode_numbers.items()}
        self.fault_word = next((word.of for word in mouth.unit.fault_words), "")

    def said(self, report: Report, wiring: Wiring) -> Said:
        """Return what a report says; a unit with a fault word has its alarms in that and nowhere else, and names no reason beside."""
        if not self.fault_word:
            return said(report, wiring)
        if report.kind == Kind.ALARM:
            return ((self.fault_word, report.cause),)
        return tuple(word for word in said(report, wiring) if word[0] != STOP_REASON)

    def no_alarms(self, numbers: Iterable[int]) -> Said:
        """Return what says that none of a unit's alarms stands."""
        return ((self.fault_word, 0),) if self.fault_word else tuple((names.alarm(number), False) for number in numbers)

    def of(self, name: str, value: Value) -> Value:
        """Return a value as the source writes it."""
        if name == names.STATE:
            return self._states.get(str(value).casefold(), value)
        if name == names.STATE_NUMBER:
            return self._numbers[int(value)]
        if name == names.MODE:
            return self._modes.get(str(value).casefold(), value)
        return value


class TagSpeaker:
    """One scalar a message; the topic names the signal. What has no tag in the layout is not said."""

    def __init__(self, mouth: Mouth, wiring: Wiring) -> None:
        """Find the tag of every signal that the rule names."""
        self._mouth, self._wiring = mouth, wiring
        self._words = Words(mouth)
        self._own = {name: tag for tag, name in mouth.rule.signals.items() if name}
        self._write: Callable[[Value, int], bytes] = _with_time if mouth.rule.dialect == "umh" else _bare
        self._topics: dict[str, str | None] = {}

    def introduce(self, words: Said, at_ns: int) -> list[Sent]:
        """Return a message for every signal."""
        return list(self._say(words, at_ns, at_ns))

    def hear(self, reports: list[Report], at_ns: int, told_ns: int) -> Iterator[Sent]:
        """Give a message for every signal."""
        for report in reports:
            yield from self._say(self._words.said(report, self._wiring), at_ns, told_ns)

    def state(self) -> dict[str, Any]:
        """Return nothing: each message stands for itself."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Remember nothing."""

    def _say(self, words: Said, at_ns: int, told_ns: int) -> Iterator[Sent]:
        """Give the messages of some signals, of those that have a topic."""
        for name, value in words:
            topic = self._topics[name] if name in self._topics else self._topic(name)
            if topic is not None:
                yield Sent(at_ns, topic, self._write(self._words.of(name, value), told_ns))

    def _topic(self, name: str) -> str | None:
        """Return the topic of a signal, None where there is none, and remember it."""
        tag = self._tag_of(name)
        found = self._topics[name] = None if tag is None else self._mouth.topic_of(tag)
        return found

    def _tag_of(self, name: str) -> str | None:
        """Return the tag of a signal, None where it is not said."""
        tag = self._own.get(name)
        if tag is None:
            tag = _packml_tag(name) if self._mouth.rule.dialect == "packml_tags" else name
            if self._mouth.rule.dialect == SPARKPLUG:
                tag = _packml_tag(name) or name
        return None if tag is not None and self._mouth.rule.signals.get(tag) == "" else tag


class ObjectSpeaker:
    """One JSON object a message: everything on a beat and whenever something happens; measurements and counters wait for that."""

    def __init__(self, mouth: Mouth, wiring: Wiring) -> None:
        """Find the field of every signal that the rule names."""
        self.known: dict[str, Value] = {}
        self._mouth, self._wiring = mouth, wiring
        self._words = Words(mouth)
        self._topic = mouth.topic_of("State")
        self._fields = {name: field for field, name in mouth.rule.signals.items() if name}
        self._ignored = frozenset(field for field, name in mouth.rule.signals.items() if not name)
        self._nested = mouth.rule.dialect == "json"

    def introduce(self, words: Said, at_ns: int) -> list[Sent]:  # noqa: ARG002 - it goes with the next message
        """Say it with everything else that will be said."""
        self.known |= dict(words)
        return []

    def state(self) -> dict[str, Any]:
        """Return what was told last."""
        return {"known": self.known}

    def restore(self, state: dict[str, Any]) -> None:
        """Know what was told last then."""
        self.known = dict(state["known"])

    def hear(self, reports: list[Report], at_ns: int, told_ns: int) -> Iterator[Sent]:
        """Give one message with all that the unit knows, where there is something to send it for."""
        for report in reports:
            self.known.update(self._words.said(report, self._wiring))
        if any(report.kind in _LOUD for report in reports):
            yield Sent(at_ns, self._topic, self._written(self.known, told_ns))

    def _written(self, said_now: dict[str, Value], told_ns: int) -> bytes:
        """Return the payload."""
        rule = self._mouth.rule
        found: dict[str, object] = {rule.time_field: time_as(told_ns, rule.time_unit, rule.time_zone)} if rule.time_field else {}
        for name, value in said_now.items():
            field = self._fields.get(name, "" if name in _ON_REQUEST or "]." in name else name)
            if field and field not in self._ignored:
                _put(found, field, self._words.of(name, value), nested=self._nested)
        return msgspec.json.encode(found)


_LOUD = frozenset({BEAT, Kind.STATE, Kind.MODE, Kind.INTERLOCK, Kind.PRODUCT, Kind.ALARM, Kind.CREW, Kind.ORDER})
"""What a message is sent for; what else has changed goes with it."""
_ON_REQUEST = frozenset({
    names.STATE_NUMBER, names.MODE_NUMBER, "MachDesignSpeed", "MachSpeed", "ConsumedSinceReset", "ProcessedSinceReset", "DefectiveSinceReset",
})  # fmt: skip
"""What objects hold only where the rule names a field for it: the rest says it already."""


def _packml_tag(name: str) -> str | None:
    """Return the PackTag of a signal, None where there is none."""
    alarm = _ALARM.fullmatch(name)
    return f"Admin/Alarm/{alarm[1]}/{alarm[2] or 'Trigger'}" if alarm else TAGS.get(name)


def _put(found: dict[str, object], field: str, value: Value, *, nested: bool) -> None:
    """Write a field, below others where its name is a path of plain members."""
    head, dot, rest = field.partition(".")
    if not nested or not dot:
        found[field] = value
        return
    below = found.setdefault(head, {})
    if isinstance(below, dict):
        _put(below, rest, value, nested=True)


def time_as(at_ns: int, unit: str, zone: str = "") -> str | int | float:
    """Return UTC ns as a layout's `time_unit` says, a pattern in the `zone` given, else in UTC; a count of seconds has six decimals."""
    if "%" in unit:
        return (_EPOCH + timedelta(microseconds=at_ns // 1000)).astimezone(ZoneInfo(zone or "UTC")).strftime(unit)
    if unit in {"iso8601", "auto"}:
        return iso_utc(at_ns // 1000 * 1000)
    return at_ns // 1000 / 1_000_000 if unit == "s" else at_ns // _UNIT_NS[unit]


def scalar(value: Value) -> str:
    """Return a value as text: whole numbers without a point, yes and no as `true` and `false`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _bare(value: Value, _told_ns: int) -> bytes:
    return scalar(value).encode()


def _with_time(value: Value, told_ns: int) -> bytes:
    return msgspec.json.encode({"timestamp_ms": told_ns // 1_000_000, "value": value})
