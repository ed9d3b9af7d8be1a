"""Which protocols a topic alone gives away: Sparkplug, VDA 5050, the unified namespace, the broker's own. Not for payloads."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from twin_app.codec.sparkplug.address import BIRTHS, DATA, DEATHS, Address
from twin_app.layout.sparkplug import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Mapping

VEHICLE_TOPICS = frozenset({
    "state", "visualization", "connection", "order", "instantActions", "factsheet", "responses", "zoneSet"
})  # fmt: skip
_VEHICLE_LEVELS = 5
_MAJOR = re.compile(r"v?\d{1,2}")
_HEADER = frozenset({"headerId", "timestamp", "version", "manufacturer", "serialNumber"})
_SENDER_LEVELS = 4


class Speech(StrEnum):
    """Protocols; `PLAIN` for all others. The words are the layouts' own where there is one."""

    PLAIN = ""
    SPARKPLUG = "sparkplug_b"
    VEHICLE = "vda5050"
    UMH = "umh"
    BROKER = "broker"
    """What a broker says of itself, `$SYS/...`."""


def speech_of(topic: str) -> Speech:
    """Return what a topic promises; a payload may still break it."""
    levels = topic.split("/")
    if levels[0].startswith("$"):
        return Speech.BROKER
    if NAMESPACE in levels:
        return Speech.SPARKPLUG
    if topic.startswith("umh/v1/") and any(level.startswith("_") for level in levels):
        return Speech.UMH
    named = len(levels) >= _VEHICLE_LEVELS and levels[-1] in VEHICLE_TOPICS
    return Speech.VEHICLE if named and _MAJOR.fullmatch(levels[-4]) else Speech.PLAIN


def is_vehicle_message(document: Any) -> bool:  # noqa: ANN401 - JSON may hold anything
    """Say whether a payload has the header that VDA 5050 gives to every message, or most of it."""
    found: Mapping[str, Any] = document if isinstance(document, dict) else {}
    return len(_HEADER & found.keys()) >= len(_HEADER) - 1


def address_of(topic: str) -> Address | None:
    """Return who sends on a Sparkplug topic, None where it is none of births, deaths and data."""
    levels = topic.split("/")
    start = levels.index(NAMESPACE)
    if len(levels) < start + _SENDER_LEVELS or levels[start + 2] not in BIRTHS | DEATHS | DATA:
        return None
    found = Address("/".join(levels[: start + 2]), levels[start + 2], levels[start + 3], "/".join(levels[start + 4 :]))
    return found if found.is_whole else None
