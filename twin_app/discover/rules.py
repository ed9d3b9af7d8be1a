"""Branches to rules of a layout, and what makes sure that each topic finds its own: the very router that will read them. Not for signals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.codec.routes import Router
from twin_app.model.equipment import Line, MapRule, SourceSpec, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from twin_app.discover.branches import Branch, Member, UnitPath
    from twin_app.discover.signals import Reading

MAX_RULES = 800
TAGGED = frozenset({"packml_tags", "scalar", "sparkplug_b"})
"""Dialects whose rules end in `{tag...}`: a topic or a metric a signal."""
_ORDER = {"sparkplug_b": 0, "vda5050": 0, "umh": 0, "json": 1, "json_flat": 1, "packml_tags": 2, "scalar": 2}


def rule_of(branch: Branch, reading: Reading, ids: Mapping[UnitPath, str]) -> MapRule:
    """Return a branch's rule; `ids` are the units of the layout by what names them in topics."""
    shape = branch.shape
    own = {_key(branch, path): ids[path] for path in branch.units if path in ids and ids[path] != path[-1]}
    return MapRule(
        topic=branch.topic, dialect=branch.dialect, units=own, signals=dict(reading.signals),
        time_field=branch.time_field, time_unit=branch.time_unit or "iso8601",
        quality_field=branch.quality_field, quality_codes=branch.quality_codes or "opc_ua", each=shape.each if shape else "",
        name_field=shape.name_field if shape else "", value_field=(shape.value_field if shape else "") or "value",
    )  # fmt: skip


def corrected(branches: Sequence[Branch], rules: Sequence[MapRule], ids: Mapping[UnitPath, str]) -> list[MapRule]:
    """Return the rules in their order, with rules of their own before them for machines that another branch's rule would take."""
    needed = {
        rule.topic: rule for branch, rule in reversed(list(zip(branches, rules, strict=True))) if any(path in ids for path in branch.units)
    }
    standing = [rule for rule in rules if needed.get(rule.topic) is rule]
    router = _router(standing, ids)
    own: dict[str, MapRule] = {}
    for branch, rule in zip(branches, rules, strict=True):
        for member in branch.members:
            if member.unit in ids and not _finds(router, branch, member, rule, ids[member.unit]):
                topic = "/".join((*member.unit, "{tag...}")) if branch.dialect in TAGGED else member.topic
                own[topic] = replace(rule, topic=topic, unit=ids[member.unit], units={})
    final = [*list(own.values())[:MAX_RULES], *standing]
    return sorted(final, key=lambda rule: _ORDER[rule.dialect])


def paths_of(branch: Branch, member: Member) -> Iterator[tuple[str, str]]:
    """Give what a member's fields are routed by, a topic or the path of a metric, each with the field's name."""
    if branch.dialect == "sparkplug_b":
        above = "/".join(member.unit)
        yield from ((f"{above}/{name}", name) for name in member.fields)
    else:
        yield from ((member.topic, name) for name in member.fields)


def line_with(rules: Iterable[MapRule], units: Iterable[str]) -> Line:
    """Return a line of nothing but rules and units, for routing."""
    source = SourceSpec(id="plant", title="", rules=tuple(rules))
    made = tuple(Unit(id=unit, title="", type="machine", source="plant") for unit in units)
    return Line(
        path=Path("draft.toml"), content_hash="", id="", title="", enterprise="", site="", area="", zone="UTC", unit_of_count="", constraint="", units=made,
        sources=(source,), products=(),
    )  # fmt: skip


def _router(rules: Iterable[MapRule], ids: Mapping[UnitPath, str]) -> Router:
    """Return the router that a source with these rules has."""
    line = line_with(rules, ids.values())
    return Router(line, line.sources[0])


def _finds(router: Router, branch: Branch, member: Member, rule: MapRule, unit: str) -> bool:
    """Say whether all that a member says comes to its own rule and unit."""
    routes = [router.route(path) for path, _ in paths_of(branch, member)]
    return all(route is not None and route.rule is rule and route.unit == unit for route in routes)


def _key(branch: Branch, path: UnitPath) -> str:
    """Return how a rule's `units` names a machine: by its level, in the unified namespace by the shortest ending that no other has."""
    if branch.dialect != "umh":
        return path[-1]
    others = [unit for unit in branch.units if unit != path]
    length = next(n for n in range(1, len(path) + 1) if not any(unit[-n:] == path[-n:] for unit in others))
    return "/".join(path[-length:])
