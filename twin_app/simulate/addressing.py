"""Where a simulated unit speaks: the rules of a layout, read backwards from unit to topic. Not for payloads: see `dialects`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.codec.routes import Router
from twin_app.errors import SourceError
from twin_app.layout.sparkplug import DIALECT as SPARKPLUG
from twin_app.layout.sparkplug import head
from twin_app.text import N_

if TYPE_CHECKING:
    from twin_app.model.equipment import Line, MapRule, SourceSpec, Unit

SPOKEN = ("packml_tags", "json_flat", "json", "scalar", "umh", "sparkplug_b", "vda5050")
"""The dialects that simulated units speak."""
TAG = "\x00"
"""Stands in a topic for the tag, where a message's topic names its signal."""
_ANY = "sim"
"""What stands where a rule allows any one level."""
_TRIAL = {"packml_tags": "Status/StateCurrentStr", "vda5050": "state"}


@dataclass(frozen=True, slots=True)
class Mouth:
    """Where and how one unit speaks."""

    unit: Unit
    source: SourceSpec
    rule: MapRule
    topic: str
    """Holds `TAG` where each signal has a topic of its own."""
    name: str
    """What the unit is called in its topic."""

    def topic_of(self, tag: str) -> str:
        """Return the topic of a tag."""
        return self.topic.replace(TAG, tag)


def mouths(line: Line) -> tuple[Mouth, ...]:
    """Return how each unit of a line speaks, in the line's order.

    Raises:
        SourceError: no rule of a unit's source lets it speak in a dialect that the simulator can.
    """
    routers = {source.id: Router(line, source) for source in line.sources}
    return tuple(_mouth(line, unit, routers) for unit in line.units)


def _mouth(line: Line, unit: Unit, routers: dict[str, Router]) -> Mouth:
    """Return the first way for a unit to speak that the twin would understand, the most particular first."""
    source = line.source(unit.source)
    for rule in sorted(source.rules, key=lambda rule: _strangeness(rule, unit)):
        if rule.ignore or rule.dialect not in SPOKEN or rule.each:
            continue
        name = next((called for called, meant in rule.units.items() if meant == unit.id), unit.id)
        mouth = Mouth(unit, source, rule, _topic(rule, name), name)
        if rule.dialect == SPARKPLUG and TAG not in mouth.topic:
            continue
        route = routers[source.id].route(mouth.topic_of(_TRIAL.get(rule.dialect, "State")))
        if route is not None and route.unit == unit.id and route.rule is rule:
            return mouth
    raise SourceError(
        N_("Unit {unit} cannot be simulated: no rule of its source {source} maps it in a dialect that the simulator speaks."),
        tip=N_("Give it a [[source.map]] in one of {known}."), unit=unit.id, source=source.id, known=", ".join(SPOKEN),
    )  # fmt: skip


def _strangeness(rule: MapRule, unit: Unit) -> int:
    """Return how little a rule is made for a unit: least where it names it, most where it names others or is for vehicles alone."""
    if rule.unit == unit.id or unit.id in rule.units.values():
        return 0
    is_vehicle, for_vehicles = unit.type == "agv", rule.dialect == "vda5050"
    return (1 if is_vehicle and for_vehicles else 2) + 2 * bool(rule.units) + 4 * (for_vehicles and not is_vehicle)


def _topic(rule: MapRule, name: str) -> str:
    """Return a topic that a rule's filter lets in."""
    levels = rule.topic.split("/")
    if rule.dialect == "umh":
        return _umh_topic(levels, name)
    if rule.dialect == "vda5050":
        levels[-1] = TAG
    found = head(rule.topic) if rule.dialect == SPARKPLUG else None
    if found:
        kind = found.depth - 2
        levels[kind] = "DDATA" if levels[kind] != "NDATA" and len(levels) > found.depth + 1 else "NDATA"
    if rule.dialect == "scalar" and "{tag...}" not in levels and levels[-1] in {"+", "#"}:
        levels[-1] = TAG
    return "/".join({"{unit}": name, "{tag...}": TAG, "+": _ANY, "#": _ANY}.get(level, level) for level in levels)


def _umh_topic(levels: list[str], name: str) -> str:
    """Return a topic of the unified namespace: the unit stands before the contract, where its filter does not say it."""
    contract = next((i for i, level in enumerate(levels) if level.startswith("_")), len(levels))
    place = levels[:contract] or [_ANY]
    if name not in place and not any(level in {"{unit}", "#"} for level in place[-1:]):
        place = [*place[:-1], name] if place[-1] == "+" else place
    place = [{"{unit}": name, "#": name, "+": _ANY}.get(level, level) for level in place]
    return "/".join([*place, levels[contract] if contract < len(levels) else "_historian", TAG])
