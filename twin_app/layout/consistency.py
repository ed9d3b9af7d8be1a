"""The rules between keys: references that must lead somewhere, names that must differ, flow, limits. Not for single values: see `kinds`."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from twin_app.layout import sparkplug
from twin_app.layout.alarm_tables import contradictions
from twin_app.layout.calendar import check_shifts
from twin_app.layout.derivations import check_derivations
from twin_app.layout.findings import listed
from twin_app.layout.hall_tables import check_hall
from twin_app.layout.map_tables import DIALECT, PLACING_DIALECTS
from twin_app.layout.reason_tables import check_reasons
from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.layout.findings import At, Findings
    from twin_app.model.alarm_rule import AlarmRule
    from twin_app.model.equipment import Limits, Line, MapRule, Product, SourceSpec, Unit


def check(line: Line, findings: Findings) -> None:
    """Report what does not fit together. Blank values are skipped: they were reported where they were read."""
    top = findings.at()
    units = tuple(dict.fromkeys(unit.id for unit in line.units if unit.id))
    sources = tuple(dict.fromkeys(source.id for source in line.sources if source.id))
    _differ([unit.id for unit in line.units], top.into("unit"), "id")
    _differ([source.id for source in line.sources], top.into("source"), "id")
    _differ([product.id for product in line.products], top.into("product"), "id")
    _leads(line.constraint, units, top.into("line", "constraint"))
    _leads(line.orders_from, units, top.into("line", "orders_from"))
    for i, unit in enumerate(line.units):
        _check_unit(unit, units, sources, top.into("unit", i))
        check_derivations(line, unit, top.into("unit", i))
    for i, source in enumerate(line.sources):
        _check_source(source, units, top.into("source", i))
    for i, product in enumerate(line.products):
        _check_product(product, units, top.into("product", i))
    if line.units and not line.last_units:
        top.into("unit").report(
            tr("found that every unit feeds another; at least one must feed nobody, for what leaves it has left the line")
        )
    check_shifts(line.shifts, top.into("shift"))
    for i, rule in enumerate(line.alarms):
        _check_alarm(rule, units, sources, top.into("alarm", i))
    check_hall(line, top)
    check_reasons(line, top)


def _differ(names: Sequence[str], at: At, key: str) -> None:
    """Report every name that an element before it already has."""
    first: dict[str, int] = {}
    for i, name in enumerate(names):
        if name and name in first:
            line = at.findings.line((*at.path, first[name], key))
            at.into(i, key).report(tr('found "{name}", which line {line} already has; each must differ', name=name, line=line))
        first.setdefault(name, i)


def _leads(name: str, known: tuple[str, ...], at: At) -> None:
    """Report a reference that leads nowhere."""
    if name and name not in known:
        at.refuse(name, listed(known), near=known)


def _check_unit(unit: Unit, units: tuple[str, ...], sources: tuple[str, ...], at: At) -> None:
    """Report what is wrong between a unit and the rest."""
    if not unit.source and at.into("source").is_sound():
        at.missing("source", listed(sources))
    _leads(unit.source, sources, at.into("source"))
    for i, feed in enumerate(unit.feeds):
        to = at.into("feeds", i, "to")
        if feed.to and feed.to == unit.id:
            to.report(tr('found "{unit}", the unit itself; a unit feeds others', unit=unit.id))
        _leads(feed.to, units, to)
    _differ([feed.to for feed in unit.feeds], at.into("feeds"), "to")
    _differ([signal.name for signal in unit.signals], at.into("signal"), "name")
    for i, signal in enumerate(unit.signals):
        _check_limits(signal.limits, at.into("signal", i, "limits"))


def _check_limits(limits: Limits, at: At) -> None:
    """Report limits that do not ascend."""
    named = {"low_low": limits.low_low, "low": limits.low, "high": limits.high, "high_high": limits.high_high}
    known = [(name, value) for name, value in named.items() if value is not None and not math.isnan(value)]
    for (below, low), (above, high) in itertools.pairwise(known):
        if low >= high:
            at.into(above).report(
                tr("found {high}; allowed: more than the {low} of {below}", high=f"{high:g}", low=f"{low:g}", below=below)
            )


def _check_alarm(rule: AlarmRule, units: tuple[str, ...], sources: tuple[str, ...], at: At) -> None:
    """Report a rule for alarms of units that do not exist, or whose parts contradict each other."""
    for key, sentence in contradictions(rule) if at.is_sound() else ():
        at.into(key).report(sentence)
    known = (*units, *(f"@{source}" for source in sources))
    for i, unit in enumerate(rule.units):
        _leads(unit, known, at.into("units", i))


def _check_product(product: Product, units: tuple[str, ...], at: At) -> None:
    """Report cycles and ratios of units that do not exist."""
    for unit in product.ideal_cycle_s:
        _leads(unit, units, at.into("ideal_cycle_s", unit))
    for unit in product.base_units_per_count:
        _leads(unit, units, at.into("base_units_per_count", unit))


def _check_source(source: SourceSpec, units: tuple[str, ...], at: At) -> None:
    """Report what is wrong between a source's rules, and between them and the units."""
    _differ([rule.topic for rule in source.rules], at.into("map"), "topic")
    for i, rule in enumerate(source.rules):
        _check_rule(rule, at.into("map", i))
        _leads(rule.unit, units, at.into("map", i, "unit"))
        for name, unit in rule.units.items():
            _leads(unit, units, at.into("map", i, "units", name))


def _check_rule(rule: MapRule, at: At) -> None:
    """Report a rule whose parts contradict each other."""
    if rule.ignore:
        return
    if not rule.dialect and at.into("dialect").is_sound():
        at.missing("dialect", DIALECT.allowed())
    if at.into("topic").is_sound():
        for key, wrong, sentence in _contradictions(rule):
            if wrong and at.into(key).is_sound():
                at.into(key).report(sentence)


def _contradictions(rule: MapRule) -> tuple[tuple[str, bool, str], ...]:
    """Return where a rule may contradict itself, whether it does, and the sentence that says so."""
    by_topic, scalars = "{unit}" in rule.topic.split("/"), rule.dialect in {"packml_tags", "scalar"}
    placed = by_topic or rule.dialect in PLACING_DIALECTS
    unit, dialect = {"unit": "{unit}"}, rule.dialect
    levels = {**unit, "tag": "{tag...}"}
    fits = dialect != sparkplug.DIALECT or sparkplug.head(rule.topic) is not None
    return (
        (
            "topic",
            not fits,
            tr("is no path of Sparkplug metrics; allowed: spBv1.0/group/+/edge node/, then device and metric, {unit} or {tag}", **levels),
        ),
        ("topic", not placed and not rule.unit, tr("names no unit; allowed: a level {unit} in it, or the key unit beside it", **unit)),
        ("unit", by_topic and bool(rule.unit), tr("stands beside a topic with {unit}; allowed: one of the two", **unit)),
        ("units", not placed and bool(rule.units), tr("stands beside a topic without {unit}, so there is no name to translate", **unit)),
        (
            "time_field",
            scalars and bool(rule.time_field),
            tr("stands beside {dialect}, whose messages are single values without fields", dialect=dialect),
        ),
        (
            "time_field",
            dialect == sparkplug.DIALECT and bool(rule.time_field),
            tr("stands beside sparkplug_b, whose metrics bear their own times"),
        ),
        (
            "quality_field",
            dialect not in {"json", "json_flat"} and bool(rule.quality_field),
            tr("belongs to the dialects json and json_flat, not to {dialect}", dialect=dialect),
        ),
        (
            "quality_field",
            rule.quality_codes != "opc_ua" and not rule.quality_field,
            tr("is missing; quality_codes beside it says what it means"),
        ),
        ("time_field", rule.time_unit != "iso8601" and not rule.time_field, tr("is missing; time_unit beside it says what it counts in")),
        *(
            (key, bool(value) and dialect != "json", tr("belongs to the dialect json, not to {dialect}", dialect=dialect))
            for key, value in _of_json(rule)
        ),
    )


def _of_json(rule: MapRule) -> tuple[tuple[str, str], ...]:
    """Return the keys that only nested JSON has a use for, with what stands there."""
    return ("each", rule.each), ("name_field", rule.name_field)
