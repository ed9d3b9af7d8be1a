"""The rules between a scenario's keys, and between it and its layout. Not for single values: see `schema`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin_app.layout.findings import listed
from twin_app.simulate.laws import Law, LawKind
from twin_app.simulate.spec import FaultKind, When
from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from twin_app.layout.findings import At, Findings
    from twin_app.model.equipment import Line
    from twin_app.simulate.spec import Fault, Scenario, UnitSpec

_LAWS = ("failure", "repair", "micro_stop")
_OF_SENSORS = frozenset({FaultKind.SENSOR_FREEZE, FaultKind.SENSOR_BIAS, FaultKind.SENSOR_NOISE, FaultKind.SENSOR_DROPOUT})
_CREWS = ("repair_crew", "stop_crew", "setup_crew")


def check(scenario: Scenario, read: Mapping[str, Any], line: Line, findings: Findings) -> None:
    """Report what does not fit together; what was wrong in itself was reported where it was read."""
    top = findings.at()
    units = tuple(unit.id for unit in line.units)
    products = tuple(product.id for product in line.products)
    _check_unit(read.get("defaults", {}), scenario, products, top.into("defaults"))
    for name, own in read.get("units", {}).items():
        at = top.into("unit", name)
        _leads(name, units, at)
        _check_unit(own, scenario, products, at)
        if name in units:
            _check_flow(scenario.units[name], [feed.to for feed in line.unit(name).feeds], at)
    for i, order in enumerate(scenario.orders):
        _leads(order.product, products, top.into("order", i, "product"))
    for i, fault in enumerate(scenario.faults):
        at = top.into("malfunction", i)
        _leads(fault.unit, units, at.into("unit"))
        if fault.unit in units:
            _check_fault(fault, scenario.units[fault.unit], line, at)


def _leads(name: str, known: Collection[str], at: At) -> None:
    """Report a name that nobody has."""
    if name and name not in known:
        at.refuse(name, listed(known), near=known)


def _check_unit(own: Mapping[str, Any], scenario: Scenario, products: tuple[str, ...], at: At) -> None:
    """Report crews and products that there are not, and laws that contradict themselves."""
    for key in _CREWS:
        _leads(own.get(key, ""), tuple(scenario.crews), at.into(key))
    for product, law in own.get("cycle", {}).items():
        _leads(product, products, at.into("cycle", product))
        _check_law(law, at.into("cycle", product))
    for key in _LAWS:
        if key in own:
            _check_law(own[key], at.into(key))
    if "stock" in own:
        _check_law(own["stock"].lead, at.into("stock", "lead"))


def _check_law(law: Law, at: At) -> None:
    """Report a law without what its family needs."""
    if not at.is_sound():
        return
    if law.kind is LawKind.EMPIRICAL and not law.values_s:
        at.missing("values_s", tr("the times of which each is as likely as any other"))
    if law.kind is LawKind.TRIANGULAR and not law.low_s <= law.mode_s <= law.high_s:
        at.report(tr("found low_s, mode_s and high_s out of order; each must be at least the one before"))
    if law.kind is LawKind.UNIFORM and law.low_s > law.high_s:
        at.report(tr("found low_s above high_s"))
    if law.kind is LawKind.NORMAL and law.low_s > law.mean_s * (1 + 5 * law.cv):
        at.report(tr("found low_s so far above the mean that nothing is left of the distribution"))


def _check_flow(spec: UnitSpec, fed: list[str], at: At) -> None:
    """Report units named as fed that are not."""
    _leads(spec.rework_to, fed, at.into("rework_to"))
    if spec.rework_to and len(fed) == 1:
        at.into("rework_to").report(tr("found the only unit that is fed; good parts need another one"))
    if spec.vehicle:
        for origin, to in spec.vehicle.routes.items():
            _leads(to, fed, at.into("vehicle", "routes", origin))


def _check_fault(fault: Fault, spec: UnitSpec, line: Line, at: At) -> None:
    """Report a malfunction that cannot begin, or not there."""
    if fault.at_s is not None and fault.when is not None:
        at.into("when").report(tr("stands beside at_s; allowed: one of the two"))
    if (fault.when is When.STATE or fault.kind is FaultKind.WRONG_STATE) and not fault.state and at.into("state").is_sound():
        at.missing("state", tr("the name of a PackML state"))
    _leads(fault.sensor, [sensor.name for sensor in spec.sensors], at.into("sensor"))
    if why := misplaced(fault.kind, spec, line, fault.unit):
        at.into("unit").report(why)


def misplaced(kind: FaultKind, spec: UnitSpec, line: Line, unit: str) -> str:
    """Return why a malfunction cannot befall a unit, worded; empty where it can."""
    is_fed = any(feed.to == unit for one in line.units for feed in one.feeds)
    if kind is FaultKind.AGV_LOST and spec.vehicle is None:
        return tr("found a unit that is no vehicle")
    if kind is FaultKind.BUFFER_JAM and not is_fed:
        return tr("found a unit that nobody feeds")
    if kind is FaultKind.SUPPLY_SHORTAGE and is_fed:
        return tr("found a unit that others feed; material comes from outside to first units alone")
    return tr("found a unit without sensors") if kind in _OF_SENSORS and not spec.sensors else ""
