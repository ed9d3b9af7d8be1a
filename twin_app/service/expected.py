"""Which signals a layout expects to be sent: those that it names itself, and a state of every unit. Not for what was heard.

Expected are: signals that a unit describes (`[[unit.signal]]`), what derived signals, state rules, fault words and buffers are made of,
signals that a rule names for one unit, and `State` of each unit that does not derive it. A signal that a rule with `{unit}` names is
expected of at least one of its units. What a machine type may have besides is listed, but nobody promised it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.layout.map_tables import PLACING_DIALECTS
from twin_app.layout.signals import derived_specs
from twin_app.model.signal import STATE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from twin_app.model.equipment import Line, SourceSpec, Unit

ANY_UNIT = "*"
"""Stands for the unit of a signal that some unit of a rule should have sent."""


def expected(line: Line, sources: Collection[str], heard: Callable[[str, str], bool]) -> dict[tuple[str, str], None]:
    """Return unit and name of every expected signal, in the order of the layout.

    Args:
        line: the layout.
        sources: ids of the sources that are listened to; units of others are left out.
        heard: whether a unit sent a signal.
    """
    units = [unit for unit in line.units if unit.source in sources]
    found = {(unit.id, name): None for unit in units for name in _of_unit(unit)}
    for source in line.sources:
        if source.id in sources:
            named = {name for _, name in found}
            found |= {(unit, name): None for unit, name in _of_rules(source, units, heard) if unit != ANY_UNIT or name not in named}
    return found


def _of_unit(unit: Unit) -> Iterator[str]:
    """Give the names that a unit's own part of the layout expects to be sent."""
    derived = {spec.name for spec in derived_specs(unit)}
    wanted = [
        STATE, *(spec.name for spec in unit.signals), *(name for derive in unit.derives for name in (derive.of, *derive.operands)),
        *(rule.when for rule in unit.state_rules), *(word.of for word in unit.fault_words), *(feed.level_signal for feed in unit.feeds),
    ]  # fmt: skip
    yield from (name for name in dict.fromkeys(wanted) if name and name not in derived)


def _of_rules(source: SourceSpec, units: list[Unit], heard: Callable[[str, str], bool]) -> Iterator[tuple[str, str]]:
    """Give what the rules of a source name: for their one unit, or for any that sent it."""
    for rule in source.rules:
        for name in rule.signals.values():
            if rule.ignore or not name or "[" in name:  # a name with an index stands for as many as come
                continue
            if rule.unit:
                yield rule.unit, name
            elif "{unit}" in rule.topic or rule.dialect in PLACING_DIALECTS:
                sent = [unit.id for unit in units if heard(unit.id, name)]
                yield from ((unit, name) for unit in sent or (ANY_UNIT,))
