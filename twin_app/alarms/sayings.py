"""What machines said about an alarm when it occurred: the message, the reason of the stop, the value. Not for wording alarms: see `words`."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, nan
from typing import TYPE_CHECKING

from twin_app.model.alarm import Form
from twin_app.model.alarm_rule import PRIORITIES
from twin_app.plant.track import FAR_PAST

if TYPE_CHECKING:
    from twin_app.alarms.define import Definition, Definitions
    from twin_app.alarms.ears import Ears
    from twin_app.alarms.wiring import Wiring
    from twin_app.model.alarm import Alarm
    from twin_app.model.samples import TextTable
    from twin_app.plant.plant import Plant

DETAIL_NS = 2_000_000_000
"""A machine may say why so long after it says that."""


class Sayings:
    """Looks them up in what was heard and derived."""

    def __init__(self, plant: Plant, texts: TextTable, *, ears: Ears, definitions: Definitions, wiring: Wiring) -> None:
        """Look into these."""
        self._plant, self._texts, self._ears, self._definitions, self._wiring = plant, texts, ears, definitions, wiring

    def detail(self, definition: Definition, occurred_ns: int, at_ns: int) -> str:
        """Return what was said when an alarm occurred, as known at an instant; empty where nothing was."""
        alarm = definition.alarm
        if alarm.form is Form.ERROR:
            return self._wiring.errors(alarm.unit).description(definition.error, occurred_ns)
        if not definition.detail:
            return ""
        onset_ns = occurred_ns - round((definition.rule.on_delay_s or 0.0) * 1e9)
        return self._text(alarm.unit, definition.detail, min(at_ns, onset_ns + DETAIL_NS)) or self._text(
            alarm.unit, definition.detail, onset_ns
        )

    def graded(self, definition: Definition, occurred_ns: int, at_ns: int) -> Alarm:
        """Return an alarm as grave as the machine said it was when it occurred, where it says that."""
        alarm = definition.alarm
        if not definition.graded:
            return alarm
        said = self._ears.of(alarm.unit, definition.graded).number_at(min(at_ns, occurred_ns + DETAIL_NS))
        return replace(alarm, priority=int(said)) if said in PRIORITIES else alarm

    def value(self, definition: Definition, at_ns: int) -> float:
        """Return the value of a limit's signal at an instant; NaN where it was never heard, and for what is no limit."""
        alarm = definition.alarm
        if alarm.form is not Form.LIMIT:
            return nan
        derived = self._definitions.is_derived(alarm.unit, alarm.signal)
        value = self._derived(alarm.unit, alarm.signal, at_ns) if derived else self._ears.of(alarm.unit, alarm.signal).number_at(at_ns)
        return nan if isnan(value) else value  # always the same NaN, so that equal entries are equal

    def _text(self, unit: str, name: str, at_ns: int) -> str:
        """Return a text signal of a unit at an instant, empty where it has none."""
        derived = self._definitions.is_derived(unit, name)
        code = self._derived(unit, name, at_ns) if derived else self._ears.of(unit, name).word_at(at_ns)
        return "" if isnan(code) else self._texts.text(int(code)).strip()

    def _derived(self, unit: str, name: str, at_ns: int) -> float:
        """Return a derived signal's value at an instant."""
        turns = self._plant.derived_from(unit, name, FAR_PAST)
        row = int(turns.times.searchsorted(at_ns, "right")) - 1
        return float(turns.values[row]) if row >= 0 else nan
