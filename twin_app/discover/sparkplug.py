"""Sparkplug's senders while a broker is discovered: names by births, values of named metrics. Not for who is alive: see `codec.sparkplug.host`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.codec.sparkplug import datatypes, wire
from twin_app.codec.sparkplug.address import BIRTHS, DEATHS
from twin_app.errors import DecodeError
from twin_app.text import N_

if TYPE_CHECKING:
    from twin_app.codec.sparkplug.address import Address
    from twin_app.codec.sparkplug.wire import Metric
    from twin_app.discover.fields import Shown
    from twin_app.discover.profile import TopicProfile

BORN, DIED, NAMELESS = N_("births"), N_("deaths"), N_("values whose name a birth is yet to tell")
MAX_ALIASES = 50_000
"""Of all senders together; metrics of further ones have no name here."""
SESSION = "bdSeq"
CONTROLS = ("Node Control/", "Device Control/", "Properties/")
_UNIT_OF_MEASURE, _LONGEST_MEASURE = "engUnit", 40


class Senders:
    """The aliases of all senders."""

    def __init__(self) -> None:
        """Start without any."""
        self._names: dict[tuple[str, int], tuple[str, int]] = {}
        self._measures: dict[tuple[str, str], str] = {}

    def values(self, payload: bytes, address: Address, profile: TopicProfile) -> dict[str, Shown]:
        """Return the values of a message by their metrics' names, and note in the profile what it tells besides.

        Raises:
            DecodeError: not a Sparkplug payload, or too large.
        """
        found: dict[str, Shown] = {}
        if address.kind in BIRTHS | DEATHS:
            profile.note(BORN if address.kind in BIRTHS else DIED)
        for metric in wire.read(payload).metrics:
            name, datatype = self._named(address.path, metric)
            if not name:
                profile.note(NAMELESS)
            elif name != SESSION:
                self._hold(found, name, metric, datatype, profile)
        return found

    def measure(self, path: str, name: str) -> str:
        """Return the unit of measure that a birth gave to a sender's metric, empty where none did."""
        return self._measures.get((path, name), "")

    def _named(self, path: str, metric: Metric) -> tuple[str, int]:
        """Return a metric's name and datatype, by its alias where it has no name; empty where nobody told."""
        name = wire.name_of(metric)
        if not name:
            return self._names.get((path, metric.alias), ("", 0))
        if metric.HasField("alias") and len(self._names) < MAX_ALIASES:
            self._names[path, metric.alias] = (name, metric.datatype)
        if metric.HasField("properties") and len(self._measures) < MAX_ALIASES and (measure := _measure_of(metric)):
            self._measures[path, name] = measure
        return name, metric.datatype

    def _hold(self, found: dict[str, Shown], name: str, metric: Metric, datatype: int, profile: TopicProfile) -> None:
        """Add one value; one that its datatype does not hold is the trouble of the profile."""
        try:
            found[name] = datatypes.held(metric, metric.datatype or datatype)
        except DecodeError as error:
            profile.trouble = str(error.arguments.get("reason", ""))


def _measure_of(metric: Metric) -> str:
    """Return the unit of measure that a birth gives to a metric, empty where it gives none."""
    properties = metric.properties
    for key, value in zip(properties.keys, properties.values, strict=False):
        if key == _UNIT_OF_MEASURE and value.WhichOneof("value") == "string_value":
            return str(value.string_value)[:_LONGEST_MEASURE]
    return ""
