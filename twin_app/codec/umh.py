"""The unified namespace of UMH: topics that mirror the enterprise, payloads of a time and one or several values.

`umh/v1/<enterprise>/<site>/<area>/<line>/<unit>/_<contract>/.../<name>`; how deep a place lies varies, the first level that
starts with `_` ends it. The unit is the deepest level that the rule's `units` or the line knows; what lies below it, and what
stands between contract and name, becomes part of the signal's name (`motor.temp`). The contract does not: map one a rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.codec import times
from twin_app.codec.dialect import Dialect, Report
from twin_app.codec.json_flat import meaning, name, parsed
from twin_app.codec.paths import leaves
from twin_app.codec.refusal import Reason, refuse
from twin_app.codec.topics import Match

if TYPE_CHECKING:
    from twin_app.codec.dialect import Reader
    from twin_app.codec.values import Value
    from twin_app.model.equipment import MapRule

TIME = "timestamp_ms"
VALUE = "value"


def place(topic: str, rule: MapRule, units: frozenset[str]) -> Match | None:
    """Return the unit and the signal's name that a topic speaks of, None where no level starts with `_`."""
    levels = topic.split("/")
    contract = next((i for i, level in enumerate(levels) if level.startswith("_")), None)
    if contract is None:
        return None
    inner = levels[contract + 1 :]
    if rule.unit:
        return Match(rule.unit, ".".join(inner))
    for end in range(contract, 0, -1):
        unit = _unit(levels[:end], rule, units)
        if unit:
            return Match(unit, ".".join(levels[end:contract] + inner))
    return Match("", ".".join(inner))


def _unit(levels: list[str], rule: MapRule, units: frozenset[str]) -> str:
    """Return the unit that a place is: by the longest ending of it that the rule names, else by its last level."""
    for start in range(len(levels)):
        unit = rule.units.get("/".join(levels[start:]))
        if unit:
            return unit
    return levels[-1] if levels[-1] in units else ""


def reader(_rule: MapRule) -> Reader:
    """Return the reader; the payload's form is the namespace's, whatever the rule."""
    return read


def read(payload: bytes, tag: str) -> list[Report]:
    """Return the values of one message at its one instant.

    Raises:
        DecodeError: not one JSON object, nested too deeply, or too large.
    """
    document = parsed(payload)
    if not isinstance(document, dict):
        raise refuse(Reason.NOT_AN_OBJECT, payload)
    at: Value = document.pop(TIME, None)
    fields = {named(tag, key): value for key, value in leaves(document).items()}
    return [Report(fields=fields, source_ns=times.source_time_ns(at, "ms") if isinstance(at, str | int | float) else None, timed=True)]


def named(tag: str, key: str) -> str:
    """Return the name of a payload's value below its topic's tag; the one called `value` is the topic's own."""
    own = key.removeprefix(VALUE).lstrip(".") if key == VALUE or key.startswith((f"{VALUE}.", f"{VALUE}[")) else key
    if not own or not tag:
        return tag or key
    return f"{tag}{own}" if own.startswith("[") else f"{tag}.{own}"


UMH = Dialect(key="umh", reader=reader, place=place, meaning=meaning, name=name, typed=True)
