"""All alarms at an instant, from the journal: what is listed, hidden, folded, and how fast they come. Not for making the journal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from twin_app.alarms.rates import CHATTER_NS, CHATTERS, STANDS_NS, WINDOW_NS
from twin_app.alarms.sayings import DETAIL_NS
from twin_app.model.alarm import AlarmNow, AlarmPicture, AlarmState, Form, UnitAlarms, Why
from twin_app.plant.track import FAR_FUTURE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from twin_app.alarms.folding import FirstOut
    from twin_app.alarms.journal import Journal
    from twin_app.alarms.machine import Move
    from twin_app.alarms.rates import Floods
    from twin_app.alarms.sayings import Sayings
    from twin_app.alarms.wiring import Key, Wiring

_COUNT_NS = STANDS_NS


@dataclass(frozen=True, slots=True)
class Dated:
    """A picture, and the instants at which it holds: from the first to before the last."""

    picture: AlarmPicture
    from_ns: int
    until_ns: int


@dataclass(frozen=True, slots=True)
class _Made:
    """An entry, and what it was made of: as long as that is the same, the entry is."""

    move: Move
    of: tuple[int, bool]
    now: AlarmNow
    from_ns: int
    until_ns: int


class Painter:
    """Makes pictures; the same instant of the same past gives an equal one."""

    def __init__(self, wiring: Wiring, journal: Journal, floods: Floods, *, sayings: Sayings, first_out: FirstOut) -> None:
        """Look at these."""
        self._wiring, self._journal, self._floods = wiring, journal, floods
        self._sayings, self._first_out = sayings, first_out
        self._made: dict[int, _Made] = {}

    def forget(self, said: Collection[Key]) -> bool:
        """Make entries of units anew that said more about their alarms; tell whether there was any."""
        units = {key[1] for key in said}
        outdated = [number for number, made in self._made.items() if made.now.alarm.unit in units]
        for number in outdated:
            del self._made[number]
        return bool(outdated)

    def picture(self, at_ns: int) -> Dated:
        """Return everything at an instant."""
        journal, n = self._journal, len(self._wiring.courses)
        rows = journal.row_after(at_ns)
        last = journal.last_rows(rows, n)
        numbers = np.flatnonzero(journal.after(last) != AlarmState.NORMAL).tolist()
        rapid = journal.activated(at_ns - CHATTER_NS, at_ns, n) >= CHATTERS
        counts = journal.activated(at_ns - _COUNT_NS, at_ns, n)
        made = [self._entry(number, journal[last[number]].move, at_ns, (int(counts[number]), bool(rapid[number]))) for number in numbers]
        until_ns = min((self._until(at_ns, rows), *(entry.until_ns for entry in made)))
        return Dated(self._composed([entry.now for entry in made], at_ns), at_ns, until_ns)

    def _composed(self, found: Sequence[AlarmNow], at_ns: int) -> AlarmPicture:
        """Return the picture of some entries."""
        listed = self._folded(sorted((now for now in found if now.state.shown), key=_urgency))
        hidden = sorted((now for now in found if now.state.hidden), key=_urgency)
        every = Counter(now.alarm.priority for now in listed if now.state.stands)
        waiting = Counter(now.alarm.priority for now in listed if now.state.unacknowledged)
        rate = len(self._journal.activations(at_ns - WINDOW_NS, at_ns))
        return AlarmPicture(
            listed=tuple(listed), hidden=tuple(hidden), counts=_four(every), unacknowledged=_four(waiting), units=_units(listed),
            rate=rate, flood_since_ns=self._floods.since(at_ns),
        )  # fmt: skip

    def _until(self, at_ns: int, rows: int) -> int:
        """Return the next instant at which a move is made, or something is counted no longer."""
        windows = (CHATTER_NS, WINDOW_NS, _COUNT_NS)
        ends = [first + window for window in windows if (first := self._journal.first_activation(at_ns - window)) is not None]
        return min([self._journal.time(rows) or FAR_FUTURE, *ends])

    def _entry(self, number: int, last: Move, at_ns: int, of: tuple[int, bool]) -> _Made:
        """Return one alarm at an instant, as it was made before where nothing about it is otherwise."""
        made = self._made.get(number)
        if made is None or made.move is not last or made.of != of or not made.from_ns <= at_ns < made.until_ns:
            made = self._made[number] = self._new(number, last, at_ns, of)
        return made

    def _new(self, number: int, last: Move, at_ns: int, of: tuple[int, bool]) -> _Made:
        """Return one alarm at an instant."""
        course, definition = self._wiring.courses[number], self._wiring.defined[number]
        moves = course.moves[: course.row_from(at_ns + 1)]
        since_ns = next((m for m in reversed(moves) if m.event.why is Why.OCCURS), last).event.at_ns
        changed = next(m for m in reversed(moves) if m.before is not m.status.state)
        status = last.status
        now = AlarmNow(
            alarm=self._sayings.graded(definition, since_ns, at_ns), state=status.state, since_ns=since_ns, changed_ns=changed.event.at_ns,
            detail=self._sayings.detail(definition, since_ns, at_ns), value=self._sayings.value(definition, since_ns),
            count=of[0], chattering=of[1], standing=status.active and at_ns - since_ns > STANDS_NS, active=status.active,
            why=changed.event.why, action=changed.event.action, until_ns=status.until_ns, one_shot=status.one_shot,
        )  # fmt: skip
        until_ns = since_ns + STANDS_NS + 1 if status.active and not now.standing else FAR_FUTURE
        may_say_more = bool(definition.detail) and at_ns < since_ns + DETAIL_NS
        return _Made(last, of, now, at_ns, at_ns + 1 if may_say_more else until_ns)

    def _folded(self, listed: list[AlarmNow]) -> list[AlarmNow]:
        """Return the entries, those that follow from another one in the list marked with its key."""
        under = {
            now.alarm.key: key for now in listed if (now.alarm.consequence or now.alarm.form is Form.STATE) and (key := self._under(now))
        }
        if not under:
            return listed
        keys = {now.alarm.key for now in listed}
        return [replace(now, under=root) if (root := _root(now.alarm.key, under, keys)) else now for now in listed]

    def _under(self, now: AlarmNow) -> str:
        """Return the key of the alarm that one folds under."""
        number = self._wiring.of_key[now.alarm.key]
        delay_ns = round((self._wiring.defined[number].rule.on_delay_s or 0.0) * 1e9)
        return self._first_out.under(self._wiring.courses[number], now.since_ns, delay_ns)


def _root(key: str, under: Mapping[str, str], listed: Collection[str]) -> str:
    """Return the last of those that one folds under, each in its turn, empty where it stands for itself; what is not listed ends the way."""
    root, seen = key, {key}
    while (above := under.get(root, "")) in listed and above not in seen:
        seen.add(above)
        root = above
    return root if root != key else ""


_RANK = {
    AlarmState.UNACKNOWLEDGED: 0, AlarmState.ACKNOWLEDGED: 1, AlarmState.LATCHED_UNACKNOWLEDGED: 2, AlarmState.LATCHED_ACKNOWLEDGED: 2,
    AlarmState.RETURNED_UNACKNOWLEDGED: 3,
}  # fmt: skip
"""What stands and waits comes first, then what stands, then what is over."""


def _urgency(now: AlarmNow) -> tuple[int, int, int, str]:
    """Return by what entries are in order: what stands and waits, then the gravest, then the newest."""
    return _RANK.get(now.state, 4), now.alarm.priority, -now.since_ns, now.alarm.key


def _four(counts: Mapping[int, int]) -> tuple[int, int, int, int]:
    """Return a count for each priority."""
    return counts.get(1, 0), counts.get(2, 0), counts.get(3, 0), counts.get(4, 0)


def _units(listed: Iterable[AlarmNow]) -> dict[str, UnitAlarms]:
    """Return what each unit with an alarm that stands shows: that of the highest priority."""
    found: dict[str, list[int]] = {}  # priority, count, whether one of it waits, whether one of it stands for itself
    for now in listed:
        if not now.state.stands:
            continue
        unit, priority = now.alarm.unit, now.alarm.priority
        shown = found.setdefault(unit, [priority, 0, 0, 0])
        shown[1] += 1
        if priority < shown[0]:
            shown[0], shown[2], shown[3] = priority, 0, 0
        if priority == shown[0]:
            shown[2] |= now.state.unacknowledged
            shown[3] |= not now.under or _unit(now.under) == unit
    return {
        unit: UnitAlarms(priority=priority, count=count, unacknowledged=bool(waits), consequence=not own)
        for unit, (priority, count, waits, own) in found.items()
    }


def _unit(key: str) -> str:
    """Return the unit of an alarm's key."""
    return key.partition("/")[0]
