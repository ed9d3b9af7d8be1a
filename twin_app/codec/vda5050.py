"""VDA 5050, versions 2.x and 3.0: what an automated guided vehicle says of itself. Not for what it is ordered to do.

Topics are `<interface>/<major>/<manufacturer>/<serial>/<topic>`, a rule's `{unit}` stands at the serial number. The two
versions name position, power supply and emergency stop differently; whichever comes is read. The schemas are advisory: what
is missing stays unknown, what is of the wrong kind is refused field by field, what neither version knows is counted. How
PackML's states follow is told in `vda5050_words`. A vehicle that is offline, or whose link broke, is known no longer:
`presence` says so. A field that is no signal yet becomes one where the rule's `signals` name its path.
"""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, Any

from twin_app.codec import times
from twin_app.codec.dialect import Dialect, Life, Report
from twin_app.codec.json_flat import Unfit, name, parsed
from twin_app.codec.meanings import IGNORED, Meaning, Role, meaning_of
from twin_app.codec.paths import path_of, select
from twin_app.codec.refusal import Reason, refuse
from twin_app.codec.vda5050_words import errors_of, level_of, loads_of, mode_of, state_of, stop_of
from twin_app.model import signal as names

if TYPE_CHECKING:
    from twin_app.codec.dialect import Reader
    from twin_app.model.equipment import MapRule

MEANINGS = {
    meaning.name: meaning
    for meaning in (
        Meaning(names.STATE, Role.STATE_NAME),
        Meaning(names.MODE, Role.MODE_NAME),
        Meaning("X", Role.MEASUREMENT, "m"),
        Meaning("Y", Role.MEASUREMENT, "m"),
        Meaning("Heading", Role.MEASUREMENT, "rad"),
        Meaning("Map", Role.TEXT),
        Meaning("Speed", Role.MEASUREMENT, "m/s"),
        Meaning("Battery", Role.MEASUREMENT, "%"),
        Meaning("Charging", Role.FLAG),
        Meaning("Driving", Role.FLAG),
        Meaning("Paused", Role.FLAG),
        Meaning("OperatingMode", Role.TEXT),
        Meaning("EmergencyStop", Role.TEXT),
        Meaning("Errors", Role.TEXT),
        Meaning("ErrorLevel", Role.TEXT),
        Meaning("ErrorCount", Role.MEASUREMENT),
        Meaning("Load", Role.TEXT),
        Meaning("LoadCount", Role.MEASUREMENT),
        Meaning("Order", Role.TEXT),
        Meaning("LastNode", Role.TEXT),
        Meaning(names.CONNECTION_STATE, Role.TEXT),
    )
}
"""The signals of a vehicle by name."""

_LIVES = {
    "ONLINE": Life.ALIVE,
    "HIBERNATING": Life.ALIVE,
    "OFFLINE": Life.GONE,
    "DISCONNECTED": Life.GONE,
    "CONNECTIONBROKEN": Life.LOST,
}
_TO_THE_VEHICLE = frozenset({"order", "instantActions", "responses", "zoneSet"})
_OF_NO_INTEREST = frozenset({*_TO_THE_VEHICLE, "factsheet"})
_HEADER = {"headerId", "timestamp", "version", "manufacturer", "serialNumber", "referenceStateHeaderId", "connectionState"}
_ORDER = {
    "orderId", "orderUpdateId", "lastNodeId", "lastNodeSequenceId", "nodeStates", "edgeStates", "newBaseRequest", "distanceSinceLastNode",
    "actionStates", "instantActionStates", "zoneActionStates", "zoneRequests", "edgeRequests",
}  # fmt: skip
_VEHICLE = {
    "agvPosition", "mobileRobotPosition", "velocity", "plannedPath", "intermediatePath", "maps", "zoneSets", "zoneSetId", "loads", "driving",
    "paused", "batteryState", "powerSupply", "operatingMode", "errors", "information", "safetyState",
}  # fmt: skip
_KNOWN = frozenset(_HEADER | _ORDER | _VEHICLE)
"""Every member that a version's schema gives to the three topics that are read."""


def reader(rule: MapRule) -> Reader:
    """Return the reader of a rule's messages; raises SourceError where its `signals` hold what is no path."""
    own = [(key, path_of(rule, key)) for key in rule.signals if key not in MEANINGS]
    zone = rule.time_zone

    def read(payload: bytes, tag: str) -> list[Report]:
        """Return the one report of a message; raises DecodeError where it is not one JSON object."""
        topic = tag.rpartition("/")[2]
        if topic in _OF_NO_INTEREST:
            return [Report(fields={topic: None}, life=Life.UNSAID if topic in _TO_THE_VEHICLE else Life.ALIVE)]
        document = parsed(payload)
        if not isinstance(document, dict):
            raise refuse(Reason.NOT_AN_OBJECT, payload)
        at_ns = times.source_time_ns(_plain(document.get("timestamp")), "iso8601", zone)
        if topic == "connection":
            return [_connection(document, at_ns)]
        if topic not in {"state", "visualization"}:
            return [Report(fields={topic: Unfit("…")})]
        fields = _position(document) | (_state(document) if topic == "state" else {})
        fields |= {key: Unfit("…") for key in document.keys() - _KNOWN}
        fields |= {key: _plain(value) for key, steps in own for _, value in select(document, steps)}
        return [Report(fields=fields, source_ns=at_ns, timed=True, life=Life.ALIVE)]

    return read


def meaning(field: str) -> Meaning | None:
    """Return what one of the vehicle's signals means; orders to it are ignored."""
    return IGNORED if field in _OF_NO_INTEREST else MEANINGS.get(field) or meaning_of(field)


def _connection(document: dict[str, Any], at_ns: int | None) -> Report:
    """Return what the vehicle, or its last will, says of its link: its time is that of the will, so arrival counts."""
    said = document.get("connectionState")
    life = _LIVES.get(said.replace("_", "").upper()) if isinstance(said, str) else None
    if life is None:
        raise refuse(Reason.NOT_A_STATE, _plain(said))
    return Report(fields={names.CONNECTION_STATE: said}, source_ns=at_ns, by_arrival=True, life=life)


def _position(document: dict[str, Any]) -> dict[str, Any]:
    """Return where the vehicle is and how fast it moves; a vehicle that has lost its bearings is nowhere."""
    position = _part(document, "mobileRobotPosition", "agvPosition")
    known = position.get("localized", position.get("positionInitialized", True)) is not False
    ways = (("x", "X"), ("y", "Y"), ("theta", "Heading"), ("mapId", "Map"))
    fields = {ours: _plain(position[theirs]) if known else None for theirs, ours in ways if theirs in position}
    velocity = _part(document, "velocity")
    parts = [velocity.get(way, 0.0) for way in ("vx", "vy")]
    if velocity and all(isinstance(part, int | float) for part in parts):
        fields["Speed"] = hypot(*parts)
    return fields


def _state(document: dict[str, Any]) -> dict[str, Any]:
    """Return what else a state message says."""
    power = _part(document, "powerSupply", "batteryState")
    ways = (
        ("Battery", power, ("stateOfCharge", "batteryCharge")), ("Charging", power, ("charging",)),
        ("Driving", document, ("driving",)), ("Paused", document, ("paused",)), ("OperatingMode", document, ("operatingMode",)),
        ("Order", document, ("orderId",)), ("LastNode", document, ("lastNodeId",)),
    )  # fmt: skip
    fields = {ours: _plain(part[key]) for ours, part, keys in ways for key in keys if key in part}
    derived = {
        names.STATE: state_of(document), names.MODE: mode_of(document.get("operatingMode")), "EmergencyStop": stop_of(document),
        "ErrorLevel": level_of(document),
    }  # fmt: skip
    return fields | {key: value for key, value in derived.items() if value is not None} | errors_of(document) | loads_of(document)


def _part(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Return the first of some members that is an object, an empty one where none is."""
    return next((part for key in keys if isinstance(part := document.get(key), dict)), {})


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON may hold anything
    """Return a scalar as it is; what is none fits no signal."""
    return Unfit("…") if isinstance(value, dict | list) else value


VDA5050 = Dialect(key="vda5050", reader=reader, meaning=meaning, name=name, typed=True)
