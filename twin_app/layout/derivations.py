"""The rules between what is derived: one operation each, no circle, names that differ, state rules that can be reached. Not for single values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.model.derive import ACTIVE_FAULTS, STOP_REASON, graver_first
from twin_app.model.signal import MODE, STATE
from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from twin_app.layout.findings import At
    from twin_app.model.derive import Derive
    from twin_app.model.equipment import Line, Unit

_LONGEST_S = 86_400


def check_derivations(line: Line, unit: Unit, at: At) -> None:
    """Report what does not fit together in what a unit's signals are made of. Blank values were reported where they were read."""
    _check_names(unit, at)
    for i, spec in enumerate(unit.derives):
        here = at.into("derive", i)
        if here.is_sound():
            for key, sentence in (*_of_operation(spec), *_of_modifiers(spec), *_of_cycle(line, unit, spec)):
                here.into(key).report(sentence)
    _check_circles(unit, at)
    _check_rules(unit, at)


def _check_names(unit: Unit, at: At) -> None:
    """Report names that are given twice: by faults, by operations, by state rules."""
    taken: dict[str, str] = {}
    for _, fault in graver_first(unit.fault_words):
        if fault.name in taken or fault.name in {ACTIVE_FAULTS, STOP_REASON}:
            at.into("fault_word").report(tr('gives two signals the name "{name}"; each must differ', name=fault.name))
        taken[fault.name] = tr("a fault")
    if taken:
        taken |= dict.fromkeys((ACTIVE_FAULTS, STOP_REASON), tr("the faults"))
    for name, given in ((STATE, "state"), (MODE, "mode")):
        if any(getattr(rule, given) for rule in unit.state_rules):
            taken[name] = tr("the state rules")
    for i, spec in enumerate(unit.derives):
        if spec.name and spec.name in taken:
            at.into("derive", i, "name").report(
                tr('found "{name}", which {other} already has; each must differ', name=spec.name, other=taken[spec.name])
            )
        taken.setdefault(spec.name, tr("a signal before it"))


def _of_operation(spec: Derive) -> Iterator[tuple[str, str]]:
    """Give what is wrong with a signal's operation: the key, and the sentence."""
    found = spec.operations
    if len(found) > 1:
        yield found[1], tr("stands beside {other}; allowed: one operation for each signal", other=found[0])
    if spec.operands and spec.of:
        yield "from", tr("stands beside all_of, any_of or none_of, which name their signals themselves")
    if not spec.operands and not spec.of:
        yield "from", tr("is missing; allowed: the name of a signal, or all_of, any_of or none_of instead")
    if spec.name in {STATE, MODE} and not spec.values:
        yield "values", tr("is missing; {name} is a word", name=spec.name)


def _of_modifiers(spec: Derive) -> Iterator[tuple[str, str]]:
    """Give keys that have no use beside the operation."""
    found = (spec.operations or ("",))[0]
    delayed = next((key for key in ("on_delay_s", "off_delay_s") if getattr(spec, key)), "")
    scaled = next((key for key, none in (("scale", 1.0), ("offset", 0.0)) if getattr(spec, key) != none), "")
    if spec.bits > 1 and spec.bit is None:
        yield "bits", tr("stands without bit, the lowest of them")
    if spec.hysteresis and found not in {"above", "below"}:
        yield "hysteresis", tr("stands without above or below")
    if delayed and not spec.is_flag:
        yield delayed, tr("stands beside what is no yes or no")
    if scaled and found:
        yield scaled, tr("stands beside {other}; allowed: one operation for each signal", other=found)


def _of_cycle(line: Line, unit: Unit, spec: Derive) -> Iterator[tuple[str, str]]:
    """Give a number of cycles of which nobody knows how long they take, or that takes for ever."""
    cycle_s = line.ideal_cycle_s(unit.id)
    if spec.no_part_cycles is None:
        return
    if cycle_s is None:
        yield "no_part_cycles", tr("needs one product with an ideal cycle for {unit}; no_part_s takes seconds instead", unit=unit.id)
    elif spec.no_part_cycles * cycle_s > _LONGEST_S:
        yield "no_part_cycles", tr("comes to {seconds} s; allowed: up to a day", seconds=f"{spec.no_part_cycles * cycle_s:.0f}")


def _check_circles(unit: Unit, at: At) -> None:
    """Report signals that follow from themselves."""
    needs = {spec.name: [name for name in (spec.of, *spec.operands) if name] for spec in unit.derives}
    for i, spec in enumerate(unit.derives):
        circle = _circle(spec.name, needs)
        if circle:
            at.into("derive", i).report(tr("follows from itself: {circle}", circle=" < ".join(circle)))


def _circle(name: str, needs: dict[str, list[str]]) -> Sequence[str]:
    """Return the way from a signal back to itself, empty where there is none."""
    seen: set[str] = set()
    ways = [[name]]
    while ways:
        way = ways.pop()
        for other in needs.get(way[-1], []):
            if other == name:
                return [*way, other]
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return ()


def _check_rules(unit: Unit, at: At) -> None:
    """Report rules that say nothing, cannot be reached, or hold whatever is heard."""
    last = len(unit.state_rules) - 1
    for i, rule in enumerate(unit.state_rules):
        here = at.into("state_rule", i)
        if not rule.state and not rule.mode and here.is_sound():
            here.report(tr("gives neither state nor mode"))
        if not rule.when and i < last and here.is_sound():
            here.report(tr("always holds, so that those behind it never count; allowed: as the last one"))
    if unit.state_rules and not any(rule.when for rule in unit.state_rules) and at.into("state_rule").is_sound():
        at.into("state_rule").report(tr("has no rule with when; a state that holds whatever is heard is none"))
