"""What an alarm says, in the reader's language: the layout's or the machine's words, else worded from what it is made of. Not for layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.alarms.define import LIMIT_WORDS
from twin_app.model.alarm import Form
from twin_app.model.packml import STATE_BY_NAME, STATE_WORDS
from twin_app.text import N_, number, tr

if TYPE_CHECKING:
    from twin_app.model.alarm import Alarm
    from twin_app.model.equipment import Line

_SIDES = {"above": N_("{signal} above {limit}"), "below": N_("{signal} below {limit}")}
_QUALITIES = {"bad": N_("{signal}: bad quality"), "silent_s": N_("{signal}: nothing heard")}


def unit_title(line: Line, unit: str) -> str:
    """Return what people call an alarm's unit, or its source where it is of one."""
    if unit.startswith("@"):
        return next((source.title for source in line.sources if source.id == unit[1:]), unit)
    return next((found.title for found in line.units if found.id == unit), unit)


def alarm_text(line: Line, alarm: Alarm, detail: str = "") -> str:
    """Return what an alarm says; `detail` is what the machine said when it occurred."""
    if alarm.form is Form.PACKML:
        return alarm.text or detail or tr("Machine alarm {number}", number=alarm.name[len("Alarm[") : -1])
    text = alarm.text or _worded(line, alarm)
    return f"{text}: {detail}" if detail and detail != text else text


def _worded(line: Line, alarm: Alarm) -> str:
    """Word an alarm from what it is made of."""
    if alarm.form is Form.LINK:
        return tr("No connection")
    if alarm.form is Form.STATE:
        words = (STATE_BY_NAME.get(part.casefold()) for part in alarm.name.split("+"))
        return " + ".join(tr(STATE_WORDS[state]) for state in words if state is not None) or alarm.name
    signal, (_, _, part) = signal_title(line, alarm), alarm.name.rpartition(".")
    template = LIMIT_WORDS.get(part) or _SIDES.get(part) or _QUALITIES.get(part)
    return tr(template, signal=signal, limit=with_unit(line, alarm, alarm.limit)) if template else signal


def signal_title(line: Line, alarm: Alarm) -> str:
    """Return what people call the signal of an alarm."""
    titles = (spec.title for unit in line.units if unit.id == alarm.unit for spec in unit.signals if spec.name == alarm.signal)
    return next(titles, "") or alarm.signal


def with_unit(line: Line, alarm: Alarm, value: float) -> str:
    """Return a value of an alarm's signal with its unit of measure, `82.4 °C`; a dash where it is unknown."""
    measures = (s.unit_of_measure for unit in line.units if unit.id == alarm.unit for s in unit.signals if s.name == alarm.signal)
    return f"{number(value, _digits(value))} {next(measures, '')}".strip()


def _digits(value: float) -> int:
    """Return how many digits behind the point a value is worth: three in all, where it has them."""
    return 0 if value == round(value) else 1 if abs(value) >= 10 else 2  # noqa: PLR2004 - three digits in all
