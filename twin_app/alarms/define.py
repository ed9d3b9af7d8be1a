"""Which alarms a line has: those that follow from its limits, faults, states and links, and those of the layout. Not for judging them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import nan
from typing import TYPE_CHECKING, Any

from twin_app.layout.signals import derived_specs
from twin_app.model.alarm import Alarm, Form
from twin_app.model.alarm_rule import SHELVE_S, AlarmRule
from twin_app.model.derive import STOP_REASON, graver_first
from twin_app.model.signal import source_unit
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from twin_app.model.equipment import Line, Unit
    from twin_app.model.signal import Signal

LIMITS = (("high_high", 2), ("high", 3), ("low", 3), ("low_low", 2))
"""The limits of a measurement, and the priority of their alarms where the layout gives none."""
LIMIT_WORDS: Mapping[str, str] = {
    "high_high": N_("{signal} very high"), "high": N_("{signal} high"), "low": N_("{signal} low"), "low_low": N_("{signal} very low"),
}  # fmt: skip
HELD_S = 30.0
ERRORS = "Errors"
"""The signal in which a vehicle tells of its errors."""
LINK = "Offline"
PACKML = re.compile(r"Alarm\[\d+\]")
"""The signals in which a machine says that one of its alarms stands (PackTags Admin.Alarm[#].Trigger)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """An alarm, and what it is judged by: `rule` holds condition, delays and suppression, all that it may leave open filled in."""

    alarm: Alarm
    rule: AlarmRule
    detail: str = ""
    """The unit's signal whose text says more when it occurs."""
    graded: str = ""
    """The unit's signal that says how grave it is when it occurs, 1 to 4; any other value leaves the alarm's own."""
    error: tuple[str, str] = field(default=("", ""))
    """Type and level of a vehicle's error."""


class Definitions:
    """Every alarm that a line may have, as its signals appear. The same alarm is given once."""

    def __init__(self, line: Line) -> None:
        """Take the rules of a layout, in their order."""
        self._line = line
        self._units = {unit.id: unit for unit in line.units}
        self._derived = {unit.id: {spec.name for spec in derived_specs(unit)} for unit in line.units}
        self._makes = [rule for rule in line.alarms if rule.makes]
        self._describes = [rule for rule in line.alarms if not rule.makes]

    def is_derived(self, unit: str, name: str) -> bool:
        """Tell whether a signal follows from others."""
        return name in self._derived.get(unit, ())

    def awaited(self) -> Iterator[tuple[str, str]]:
        """Give the signals, by unit and name, that must be listened to before any alarm that asks for them appears."""
        names = {name for rule in self._line.alarms for name in (rule.ack_signal, rule.suppressed_by) if name}
        yield from ((unit.id, name) for unit in self._line.units for name in sorted(names))

    def standing(self) -> Iterator[Definition]:
        """Give the alarms that need no signal to appear: of links and states."""
        for source in self._line.sources:
            alarm = _named(source_unit(source.id), LINK, Form.LINK, priority=2)
            yield from self._finished(alarm, AlarmRule())
        for unit in self._line.units:
            yield from self._finished(_named(unit.id, LINK, Form.LINK, priority=2), AlarmRule())
            for rule in (*self._makes, *_of_states(self._line)):
                if rule.states and _concerns(rule, unit.id):
                    alarm = _named(unit.id, rule.name or "+".join(rule.states), Form.STATE, consequence=rule.states == ("Suspended",))
                    yield from self._finished(alarm, rule, detail=STOP_REASON)

    def of_signal(self, signal: Signal) -> Iterator[Definition]:
        """Give the alarms of a signal that has appeared."""
        unit = self._units.get(signal.unit)
        if unit is None:
            return
        yield from self._of_rules(signal)
        yield from self._of_limits(unit, signal)
        yield from self._of_fault(unit, signal)
        if PACKML.fullmatch(signal.name):
            alarm = _named(unit.id, signal.name, Form.PACKML, priority=2, signal=signal.name)
            rule = AlarmRule(signal=signal.name, ack_signal=f"{signal.name}.AckDateTime")
            for found in self._finished(alarm, rule, detail=f"{signal.name}.Message"):
                given = any(r.priority for r in self._describes if _concerns(r, unit.id) and matches(r.name, signal.name))
                yield found if given else replace(found, graded=f"{signal.name}.Category")

    def of_error(self, unit: str, error: tuple[str, str], priority: int) -> Iterator[Definition]:
        """Give the alarm of an error that a vehicle has told of, by type and level."""
        alarm = _named(unit, f"{error[0]} {error[1]}", Form.ERROR, priority=priority, text=error[0], signal=ERRORS)
        for found in self._finished(alarm, AlarmRule(signal=ERRORS)):
            yield replace(found, error=error)

    def _of_rules(self, signal: Signal) -> Iterator[Definition]:
        """Give the alarms that the layout makes of a signal."""
        for rule in self._makes:
            if rule.signal and _concerns(rule, signal.unit) and matches(rule.signal, signal.name):
                condition = next(iter(rule.conditions), "")
                form = Form.QUALITY if condition in {"bad", "silent_s"} else Form.LIMIT if condition in {"above", "below"} else Form.SIGNAL
                limit = rule.above if rule.above is not None else rule.below
                name = rule.name if rule.name and "*" not in rule.name else f"{signal.name}.{condition}".rstrip(".")
                alarm = _named(signal.unit, name, form, signal=signal.name, limit=nan if limit is None else limit)
                yield from self._finished(alarm, replace(rule, signal=signal.name))

    def _of_limits(self, unit: Unit, signal: Signal) -> Iterator[Definition]:
        """Give the alarms of a measurement's limits."""
        spec = next((spec for spec in unit.signals if spec.name == signal.name), None)
        for key, priority in LIMITS if spec else ():
            limit = getattr(spec.limits, key) if spec else None
            if spec and limit is not None:
                alarm = _named(unit.id, f"{signal.name}.{key}", Form.LIMIT, priority=priority, signal=signal.name, limit=limit)
                upper = key.startswith("high")
                yield from self._finished(alarm, AlarmRule(
                    signal=signal.name, above=limit if upper else None, below=None if upper else limit, deadband=spec.limits.deadband,
                    on_delay_s=spec.limits.on_delay_s, off_delay_s=spec.limits.off_delay_s,
                ))  # fmt: skip

    def _of_fault(self, unit: Unit, signal: Signal) -> Iterator[Definition]:
        """Give the alarm of a bit of a fault word."""
        for _, fault in graver_first(unit.fault_words):
            if fault.name == signal.name:
                alarm = _named(unit.id, fault.name, Form.FAULT, priority=fault.priority, text=fault.text, signal=signal.name)
                yield from self._finished(replace(alarm, guidance=fault.guidance), AlarmRule(signal=signal.name))
                return

    def _finished(self, alarm: Alarm, rule: AlarmRule, detail: str = "") -> Iterator[Definition]:
        """Give an alarm as the rules that describe it, then the one that makes it, say; nothing where it is switched off."""
        alarm = _with(alarm, rule)
        for said in reversed(self._describes):
            if _concerns(said, alarm.unit) and matches(said.name, alarm.name):
                alarm, rule = _with(alarm, said), _over(rule, said)
        if rule.enabled:
            shelve_max_s = SHELVE_S if rule.shelve_max_s is None else rule.shelve_max_s
            yield Definition(alarm=replace(alarm, shelve_max_s=shelve_max_s), rule=rule, detail=detail)


def _named(unit: str, name: str, form: Form, **more: object) -> Alarm:
    """Return an alarm of a unit."""
    return Alarm(key=f"{unit}/{name}", unit=unit, name=name, form=form, **more)  # type: ignore[arg-type] # fields of an alarm


_DESCRIBED = ("priority", "text", "guidance", "group", "latching", "consequence")
_JUDGED = (
    "deadband", "on_delay_s", "off_delay_s", "suppressed_by", "suppressed_in_states", "suppressed_in_modes", "shelve_max_s", "ack_signal",
)  # fmt: skip


def _with(alarm: Alarm, rule: AlarmRule) -> Alarm:
    """Return an alarm with what a rule says of it."""
    return replace(alarm, **_given(rule, _DESCRIBED))


def _over(rule: AlarmRule, said: AlarmRule) -> AlarmRule:
    """Return a rule with what another says over it."""
    return replace(rule, enabled=rule.enabled and said.enabled, **_given(said, _JUDGED))


def _given(rule: AlarmRule, keys: tuple[str, ...]) -> dict[str, Any]:
    """Return those of some fields that a rule gives."""
    return {key: value for key in keys if (value := getattr(rule, key)) not in (None, "", ())}


def _of_states(line: Line) -> tuple[AlarmRule, ...]:
    """Return the alarms of states that every line has."""
    return (
        AlarmRule(states=("Aborted",), priority=1),
        AlarmRule(states=("Held",), priority=2, on_delay_s=HELD_S),
        AlarmRule(states=("Suspended",), priority=3, on_delay_s=line.minor_stop_s),
    )


def _concerns(rule: AlarmRule, unit: str) -> bool:
    """Tell whether a rule is about a unit (or a source, as `@source`)."""
    return not rule.units or unit in rule.units


def matches(pattern: str, name: str) -> bool:
    """Tell whether a name fits a pattern, in which `*` stands for any text."""
    return _compiled(pattern).fullmatch(name) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern as a regular expression."""
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")))
