"""The signals that a line is expected to have, before anything was heard. Not for those that appear at run time: `SignalTable.add`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.layout.map_tables import PLACING_DIALECTS
from twin_app.machines import machine_type
from twin_app.model import signal as names
from twin_app.model.derive import ACTIVE_FAULTS, STOP_REASON, graver_first
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import Signal, SignalKind, SignalTable, source_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin_app.model.equipment import Line, Unit

ENGINE_KINDS = {
    names.STATE: SignalKind.STATE,
    names.STATE_NUMBER: SignalKind.MEASUREMENT,
    names.MODE: SignalKind.TEXT,
    names.MODE_NUMBER: SignalKind.MEASUREMENT,
    names.CONSUMED: SignalKind.COUNTER,
    names.PROCESSED: SignalKind.COUNTER,
    names.DEFECTIVE: SignalKind.COUNTER,
    "ConsumedSinceReset": SignalKind.COUNTER,
    "ProcessedSinceReset": SignalKind.COUNTER,
    "DefectiveSinceReset": SignalKind.COUNTER,
    names.SPEED: SignalKind.MEASUREMENT,
    "MachSpeed": SignalKind.MEASUREMENT,
    "MachDesignSpeed": SignalKind.MEASUREMENT,
}
"""Signals whose kind the engine knows by name."""


def signal_path(line: Line, unit: str, name: str) -> str:
    """Return the path of a signal: `site/area/line/unit/name`."""
    return f"{line.site}/{line.area}/{line.id}/{unit}/{name}"


def signal_table(line: Line) -> SignalTable:
    """Return the signals of the sources, then of each unit in the order of the line.

    A unit has the signals of its machine type, those of the engine that its mapping names, and its own; where several
    describe the same signal, the unit's own description counts. A mapped signal that nobody describes appears when it is
    first heard, for only its value tells what it is.
    """
    table = SignalTable()
    for source in line.sources:
        _add(table, line, source_unit(source.id), SignalSpec(name=names.CONNECTED, kind=SignalKind.STATE))
    for unit in line.units:
        specs = {spec.name: spec for spec in _unit_specs(line, unit)}
        derived = {spec.name for spec in derived_specs(unit)}
        for spec in specs.values():
            _add(table, line, unit.id, spec, derived=spec.name in derived)
    return table


def derived_specs(unit: Unit) -> Iterator[SignalSpec]:
    """Give what describes the signals that a unit's are derived to: by faults, by operations, by rules."""
    faults = [fault for _, fault in graver_first(unit.fault_words)]
    yield from (SignalSpec(name=fault.name, kind=SignalKind.MEASUREMENT, title=fault.text) for fault in faults)
    if faults:
        yield SignalSpec(name=ACTIVE_FAULTS, kind=SignalKind.MEASUREMENT, title="Active faults")
        yield SignalSpec(name=STOP_REASON, kind=SignalKind.TEXT, title="Reason of the stop")
    for derive in unit.derives:
        kind = ENGINE_KINDS.get(derive.name, derive.kind)
        yield SignalSpec(name=derive.name, kind=kind, unit_of_measure=derive.unit_of_measure, title=derive.title)
    for name, given in ((names.STATE, "state"), (names.MODE, "mode")):
        if any(getattr(rule, given) for rule in unit.state_rules):
            yield SignalSpec(name=name, kind=ENGINE_KINDS[name])


def _unit_specs(line: Line, unit: Unit) -> Iterator[SignalSpec]:
    """Give what describes a unit's signals, the most general first."""
    for source in line.sources:
        for rule in source.rules:
            if "{unit}" in rule.topic or rule.unit == unit.id or (rule.dialect in PLACING_DIALECTS and not rule.unit):
                yield from (SignalSpec(name=name, kind=ENGINE_KINDS[name]) for name in rule.signals.values() if name in ENGINE_KINDS)
    yield from machine_type(unit.type).signals
    yield from derived_specs(unit)
    yield from unit.signals


def _add(table: SignalTable, line: Line, unit: str, spec: SignalSpec, *, derived: bool = False) -> None:
    """Give a signal its id."""
    path = signal_path(line, unit, spec.name)
    table.add(Signal(path=path, unit=unit, name=spec.name, kind=spec.kind, unit_of_measure=spec.unit_of_measure, derived=derived))
