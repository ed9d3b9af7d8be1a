"""What a lane's head says of alarms: the mark of its unit, how many wait to be acknowledged, and in words which. No Qt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.alarms.words import alarm_text
from twin_app.model.alarm import ALARM_STATE_WORDS
from twin_app.model.frame import NO_ALARMS
from twin_app.text import clock_time, number, tr

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import tzinfo

    from twin_app.model.alarm import AlarmPicture, UnitAlarms
    from twin_app.model.equipment import Line

NAMED = 4
"""Alarms that are told by name."""


@dataclass(frozen=True, slots=True)
class LaneAlarms:
    """The mark as every view shows it, that of the gravest unit where a lane stands for several; None: nothing stands."""

    mark: UnitAlarms | None = None
    waiting: int = 0
    """How many wait to be acknowledged, those that are over included."""


class Heads:
    """What the heads of all lanes show of one picture of alarms, which is gone through once: there may be a thousand."""

    def __init__(self, picture: AlarmPicture = NO_ALARMS) -> None:
        """Count by unit."""
        self._marks = picture.units
        self._waiting = Counter(now.alarm.unit for now in picture.listed if now.state.unacknowledged)

    def of(self, units: Collection[str]) -> LaneAlarms:
        """Return what the head of a lane of some units shows."""
        marks = [self._marks[unit] for unit in units if unit in self._marks]
        gravest = min(marks, key=lambda mark: (mark.priority, not mark.unacknowledged), default=None)
        return LaneAlarms(gravest, sum(self._waiting[unit] for unit in units))


def alarms_told(picture: AlarmPicture, units: Collection[str], line: Line, zone: tzinfo) -> list[str]:
    """Return the same in lines: how many wait, then the gravest by time, words and state; nothing where there is no alarm."""
    listed = [now for now in picture.listed if now.alarm.unit in units]
    waiting = sum(now.state.unacknowledged for now in listed)
    lines = [tr("{count} wait to be acknowledged.", count=number(waiting))] if waiting else []
    for now in listed[:NAMED]:
        words = alarm_text(line, now.alarm, now.detail)
        lines.append(f"{now.alarm.priority}  {clock_time(now.since_ns, zone)}  {words} · {tr(ALARM_STATE_WORDS[now.state])}")
    if len(listed) > NAMED:
        lines.append(tr("and {n} more here", n=number(len(listed) - NAMED)))
    return lines
