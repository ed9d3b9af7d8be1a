"""Which alarms the list shows and in which order: sought, filtered, sorted, folded. Values only; not for painting."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from twin_app.alarms.words import alarm_text, unit_title
from twin_app.model.alarm_rule import PRIORITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from twin_app.model.alarm import AlarmNow
    from twin_app.model.equipment import Line


class By(IntEnum):
    """What the list may be sorted by; also its columns."""

    PRIORITY = 0
    SINCE = 1
    UNIT = 2
    TEXT = 3
    STATE = 4
    VALUE = 5
    COUNT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person wants to see."""

    words: str = ""
    """All of these, in unit, text or name, without regard to case."""
    priorities: frozenset[int] = frozenset(PRIORITIES)
    unacknowledged: bool = False
    unit: str = ""
    """Only of this unit; empty: of every one."""
    by: By | None = None
    """None: the most urgent first, as the engine has them."""
    downwards: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list."""

    now: AlarmNow
    level: int = 0
    """1 stands under the one before it that is 0."""
    folded: int = 0
    """How many fold under it, shown or not."""
    unfolded: bool = False


def entries(line: Line, alarms: Iterable[AlarmNow], wanted: Wanted, unfolded: frozenset[str]) -> tuple[Entry, ...]:
    """Return the lines of the list. A folded alarm stands for itself where what it folds under is not shown."""
    shown = [now for now in alarms if _fits(line, now, wanted)]
    if wanted.by is not None:
        shown.sort(key=_sort_key(line, wanted.by), reverse=wanted.downwards)
    keys = {now.alarm.key for now in shown}
    below: dict[str, list[AlarmNow]] = {}
    for now in shown:
        if now.under in keys:
            below.setdefault(now.under, []).append(now)
    found: list[Entry] = []
    for now in shown:
        if now.under in keys:
            continue
        own = below.get(now.alarm.key, [])
        is_open = now.alarm.key in unfolded
        found.append(Entry(now, folded=len(own), unfolded=is_open))
        found += [Entry(child, level=1) for child in own] if is_open else []
    return tuple(found)


def _fits(line: Line, now: AlarmNow, wanted: Wanted) -> bool:
    """Tell whether somebody wants to see an alarm."""
    alarm = now.alarm
    if alarm.priority not in wanted.priorities or (wanted.unit and alarm.unit != wanted.unit):
        return False
    if wanted.unacknowledged and not now.state.unacknowledged:
        return False
    if not wanted.words:
        return True
    said = f"{unit_title(line, alarm.unit)} {alarm.unit} {alarm_text(line, alarm, now.detail)} {alarm.name} {alarm.group}".casefold()
    return all(word in said for word in wanted.words.casefold().split())


def _sort_key(line: Line, by: By) -> Callable[[AlarmNow], Any]:
    """Return what alarms are compared by."""
    order = {unit.id: number for number, unit in enumerate(line.units)}
    keys: dict[By, Callable[[AlarmNow], Any]] = {
        By.PRIORITY: lambda now: (now.alarm.priority, -now.since_ns),
        By.SINCE: lambda now: now.since_ns,
        By.UNIT: lambda now: (order.get(now.alarm.unit, -1), now.alarm.priority),
        By.TEXT: lambda now: alarm_text(line, now.alarm, now.detail).casefold(),
        By.STATE: lambda now: (now.state, now.alarm.priority),
        By.VALUE: lambda now: now.value if now.value == now.value else float("inf"),
        By.COUNT: lambda now: now.count,
    }
    return keys[by]


def keys_of(shown: Sequence[Entry]) -> tuple[str, ...]:
    """Return the alarms of some lines."""
    return tuple(entry.now.alarm.key for entry in shown)
