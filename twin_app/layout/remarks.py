"""What is allowed in a layout and yet costs a figure or a picture: said by `twin-app check`, never a reason to refuse. Not for faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.assets import model_file
from twin_app.layout.map_tables import PLACING_DIALECTS
from twin_app.machines import machine_type
from twin_app.model.signal import PROCESSED
from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin_app.model.equipment import Line, MapRule, Unit


def remarks(line: Line) -> tuple[str, ...]:
    """Return what a person should know about a sound layout, a sentence each, in the order of the file."""
    return (*_of_constraint(line), *_of_flow(line), *_of_sources(line), *(remark for unit in line.units for remark in _of_unit(line, unit)))


def _of_constraint(line: Line) -> Iterator[str]:
    """Tell what keeps the line's OEE unknown."""
    without = [product.id for product in line.products if line.constraint not in product.ideal_cycle_s]
    if not line.products:
        yield tr("There is no product with an ideal cycle, so effectiveness and OEE stay unknown.")
    for product in without:
        yield tr(
            "Product {product} has no ideal cycle for {unit}, so the line's OEE is unknown while it runs.",
            product=product,
            unit=line.constraint,
        )


def _of_flow(line: Line) -> Iterator[str]:
    """Tell what is unknown where no unit feeds another."""
    if not line.flow_is_known:
        yield tr("No unit feeds another, so nobody knows what leaves the line: its output and OEE stay unknown.")


def _of_sources(line: Line) -> Iterator[str]:
    """Tell of sources that say nothing, and of files that are not there."""
    for source in line.sources:
        if not any(not rule.ignore for rule in source.rules):
            yield tr("Source {source} has no rule that maps a topic, so nothing it says is understood.", source=source.id)
        if source.address and "://" not in source.address and not (line.path.parent / source.address).is_file():
            yield tr("The file {file} of source {source} is not there.", file=source.address, source=source.id)
        if source.tls_ca and not (line.path.parent / source.tls_ca).is_file():
            yield tr("The file {file} of source {source} is not there.", file=source.tls_ca, source=source.id)


def _of_unit(line: Line, unit: Unit) -> Iterator[str]:
    """Tell what a unit lacks."""
    rules = [rule for source in line.sources for rule in source.rules]
    if any(not rule.ignore for rule in rules) and not any(_may_name(rule, unit.id) for rule in rules):
        yield tr("No rule names unit {unit}, so it stays without a state.", unit=unit.id)
    fed = any(feed.to == unit.id for other in line.units for feed in other.feeds)
    makes = any(spec.name == PROCESSED for spec in machine_type(unit.type).signals)
    if makes and line.flow_is_known and len(line.units) > 1 and not unit.feeds and not fed:
        yield tr("Unit {unit} feeds nobody and nobody feeds it, so what it makes counts as leaving the line.", unit=unit.id)
    if unit.placement.model and not model_file(line.path, unit.placement.model).is_file():
        yield tr("The 3D model {file} of unit {unit} is not there; a plain box will stand for it.", file=unit.placement.model, unit=unit.id)


def _may_name(rule: MapRule, unit: str) -> bool:
    """Return whether a rule can be about a unit: it says so, or the topic may."""
    by_topic = "{unit}" in rule.topic.split("/") or (rule.dialect in PLACING_DIALECTS and not rule.unit)
    return not rule.ignore and (rule.unit == unit or by_topic)
