"""PackML plain tags: one scalar payload a topic, the tag is a PackTag's path (ISA-TR88.00.02). Not for JSON payloads.

Paths may use `/` or `.`, and `[0]` or `/0/` for an index; letters' case does not matter. Index 0 is the unit's own count,
further ones are kept as `Processed[1]`. Descriptions (Unit, Name, ID) and commands to the machine are ignored on purpose:
the twin mirrors what the machine says.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from twin_app.codec.dialect import Dialect
from twin_app.codec.json_flat import bare_of
from twin_app.codec.meanings import COUNTS, IGNORED, PER_MINUTE, SINCE_RESET, Meaning, Role
from twin_app.codec.refusal import Reason, refuse
from twin_app.model import signal as names

if TYPE_CHECKING:
    from twin_app.codec.dialect import Fields

MAX_SCALAR_BYTES = 64 * 1024
"""Longer than any scalar: a text has its own, smaller limit."""

_PLAIN = {
    "status/statecurrentstr": Meaning(names.STATE, Role.STATE_NAME),
    "status/statecurrentname": Meaning(names.STATE, Role.STATE_NAME),
    "status/statecurrent": Meaning(names.STATE_NUMBER, Role.STATE_NUMBER),
    "status/unitmodecurrentstr": Meaning(names.MODE, Role.MODE_NAME),
    "status/unitmodecurrentname": Meaning(names.MODE, Role.MODE_NAME),
    "status/unitmodecurrent": Meaning(names.MODE_NUMBER, Role.MODE_NUMBER),
    "status/machspeed": Meaning("MachSpeed", Role.MEASUREMENT, PER_MINUTE),
    "status/curmachspeed": Meaning(names.SPEED, Role.MEASUREMENT, PER_MINUTE),
    "admin/machdesignspeed": Meaning("MachDesignSpeed", Role.MEASUREMENT, PER_MINUTE),
    "status/equipmentinterlock/starved": Meaning("Starved", Role.FLAG),
    "status/equipmentinterlock/blocked": Meaning("Blocked", Role.FLAG),
    "status/product/0/productid": Meaning(names.PRODUCT, Role.TEXT),
    "admin/stopreason": Meaning("StopReason", Role.TEXT),
    "admin/stopreason/id": Meaning("StopReason", Role.TEXT),
    "admin/stopreason/0/id": Meaning("StopReason", Role.TEXT),
    "admin/stopreason/value": Meaning("StopReasonValue", Role.TEXT),
    "admin/stopreason/0/value": Meaning("StopReasonValue", Role.TEXT),
}
_COUNT = re.compile(r"admin/prod(consumed|processed|defective)count/(\d{1,4})/(count|acccount|unit|name|id)", re.ASCII)
_PARAMETER = re.compile(r"status/(parameter|remoteparameter)/(\d{1,4})/(value|unit|name|id)", re.ASCII)
_ALARM = re.compile(r"admin/alarm/(\d{1,4})/(trigger|id|value|message|category|datetime|ackdatetime)", re.ASCII)
_OF_ALARM = {
    "id": ("ID", Role.MEASUREMENT), "value": ("Value", Role.MEASUREMENT), "message": ("Message", Role.TEXT),
    "category": ("Category", Role.MEASUREMENT), "datetime": ("DateTime", Role.TEXT), "ackdatetime": ("AckDateTime", Role.TEXT),
}  # fmt: skip
_INDEX = re.compile(r"\[(\d+)\]", re.ASCII)
_TITLES = {"parameter": "Parameter", "remoteparameter": "RemoteParameter"}


def read(payload: bytes, tag: str) -> Fields:
    """Return the one value of a scalar payload as text.

    Raises:
        DecodeError: empty, larger than `MAX_SCALAR_BYTES`, or not UTF-8.
    """
    if len(payload) > MAX_SCALAR_BYTES:
        raise refuse(Reason.TOO_LARGE, payload)
    try:
        text = bare_of(payload).decode()
    except UnicodeDecodeError:
        raise refuse(Reason.NOT_UTF8, payload) from None
    if not text or text.isspace():
        raise refuse(Reason.EMPTY, payload)
    return {tag: text.strip()}


@lru_cache(maxsize=4096)
def meaning(tag: str) -> Meaning | None:
    """Return what a PackTag's path means, None where this dialect does not know it."""
    path = name(tag)
    if path.startswith("command/"):
        return IGNORED
    return _PLAIN.get(path) or _count(path) or _parameter(path) or _alarm(path)


def name(tag: str) -> str:
    """Return a tag's path as the tables spell it: lower case, `/` between the parts, the index a part of its own."""
    return _INDEX.sub(r"/\1", tag).replace(".", "/").strip("/").lower()


def _count(path: str) -> Meaning | None:
    """Return the meaning of a counter's tag."""
    found = _COUNT.fullmatch(path)
    if found is None:
        return None
    which, index, part = found.groups()
    if part not in {"count", "acccount"}:
        return IGNORED
    title = COUNTS[which.capitalize()] + (SINCE_RESET if part == "count" else "")
    return Meaning(title if int(index) == 0 else f"{title}[{int(index)}]", Role.COUNTER)


def _parameter(path: str) -> Meaning | None:
    """Return the meaning of a process parameter's tag."""
    found = _PARAMETER.fullmatch(path)
    if found is None:
        return None
    which, index, part = found.groups()
    return Meaning(f"{_TITLES[which]}[{int(index)}]", Role.FOUND) if part == "value" else IGNORED


def _alarm(path: str) -> Meaning | None:
    """Return the meaning of an alarm's tag."""
    found = _ALARM.fullmatch(path)
    if found is None:
        return None
    alarm = names.alarm(int(found[1]))
    if found[2] == "trigger":
        return Meaning(alarm, Role.FLAG)
    part, role = _OF_ALARM[found[2]]
    return Meaning(f"{alarm}.{part}", role)


PACKML_TAGS = Dialect(key="packml_tags", read=read, meaning=meaning, name=name, typed=False)
