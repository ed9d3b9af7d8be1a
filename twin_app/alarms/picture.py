"""All alarms at an instant, from the journal: what is listed, hidden, folded, and how fast they come. Not for making the journal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin_app.alarms.rates import CHATTER_NS, CHATTERS, STANDS_NS, WINDOW_NS
from twin_app.alarms.sayings import DETAIL_NS
from twin_app.model.alarm import AlarmNow, AlarmPicture, AlarmState, Form, UnitAlarms
from twin_app.plant.track import FAR_FUTURE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from twin_app.alarms.folding import FirstOut
    from twin_app.alarms.journal import Journal
    from twin_app.alarms.machine import Move
    from twin_app.alarms.rates import Floods
    from twin_app.alarms.sayings import Sayings
    from twin_app.alarms.wiring import Key, Wiring

_COUNT_NS = STANDS_NS
_NO_ROW = np.int64(-2)
_COUNTED = {state: (state.shown, state.hidden, state.stands, state.unacknowledged) for state in AlarmState}
_urgency_of = attrgetter("urgency")


@dataclass(frozen=True, slots=True)
class Dated:
    """A picture, and the instants at which it holds: from the first to before the last."""

    picture: AlarmPicture
    from_ns: int
    until_ns: int


@dataclass(slots=True)
class _Made:
    """An entry, and what it was made of: as long as that is the same, the entry is, and what it is listed and counted by."""

    move: Move
    now: AlarmNow
    from_ns: int
    until_ns: int
    key: str
    urgency: tuple[int, int, int, str]
    asks: Callable[[], str] | None
    """Asks which alarm it folds under; None where it folds under none."""
    folded: AlarmNow
    """The entry marked with what it was under when it was last listed."""
    shown: bool
    hidden: bool
    stands: bool
    waits: bool
    said: str = ""
    said_of: int = -1
    """What it folds under, and of which state of the past that was asked."""

    def under(self, version: int) -> str:
        """Return which alarm it folds under, asked anew only where the past is another; empty where under none."""
        if self.asks is None:
            return ""
        if self.said_of != version:
            self.said, self.said_of = self.asks(), version
        return self.said

    def count(self, count: int, *, rapid: bool) -> None:
        """Say otherwise how often it occurred."""
        if (count, rapid) != (self.now.count, self.now.chattering):
            self.now = self.folded = replace(self.now, count=count, chattering=rapid)

    def rooted(self, root: str) -> AlarmNow:
        """Return the entry marked with what it is under."""
        if root != self.folded.under:
            self.folded = replace(self.now, under=root)
        return self.folded


class _Of(NamedTuple):
    """What each alarm's entry was made of, and the instants at which it holds: from the first to before the last; columns of shape (courses,)."""

    row: NDArray[np.int64]
    comings: NDArray[np.intp]
    rapid: NDArray[np.bool_]
    from_ns: NDArray[np.int64]
    until_ns: NDArray[np.int64]

    @classmethod
    def nothing(cls, n: int) -> _Of:
        """Return n alarms of which there is no entry."""
        return cls(np.full(n, _NO_ROW), np.zeros(n, np.intp), np.zeros(n, bool), np.zeros(n, np.int64), np.zeros(n, np.int64))

    def otherwise(self, row: NDArray[np.int64], count: NDArray[np.intp], rapid: NDArray[np.bool_], at_ns: int) -> NDArray[np.bool_]:
        """Return of which the entry does not hold at an instant, shape (courses,)."""
        differs: NDArray[np.bool_] = (row != self.row) | (count != self.comings) | (rapid != self.rapid)
        differs |= (self.from_ns > at_ns) | (at_ns >= self.until_ns)
        return differs


class Painter:
    """Makes pictures; the same instant of the same past gives an equal one."""

    def __init__(self, wiring: Wiring, journal: Journal, floods: Floods, *, sayings: Sayings, first_out: FirstOut) -> None:
        """Look at these."""
        self._wiring, self._journal, self._floods = wiring, journal, floods
        self._sayings, self._first_out = sayings, first_out
        self._made: dict[int, _Made] = {}
        self._of = _Of.nothing(0)
        self._version = -1

    def forget(self, said: Collection[Key]) -> bool:
        """Make entries of units anew that said more about their alarms; tell whether there was any."""
        units = {key[1] for key in said}
        outdated = [number for number, made in self._made.items() if made.now.alarm.unit in units]
        for number in outdated:
            del self._made[number]
        self._of.row[outdated] = _NO_ROW
        return bool(outdated)

    def picture(self, at_ns: int) -> Dated:
        """Return everything at an instant."""
        rows = self._journal.row_after(at_ns)
        made, until_ns = self._entries(at_ns, rows)
        return Dated(self._composed(made, at_ns), at_ns, min(self._until(at_ns, rows), until_ns))

    def _entries(self, at_ns: int, rows: int) -> tuple[list[_Made], int]:
        """Return the alarms that are not normal at an instant, those made anew of which something is otherwise, and until when they hold."""
        journal, n = self._journal, len(self._wiring.courses)
        if self._version != journal.version or len(self._of.row) != n:  # rows have other numbers
            self._version, self._of = journal.version, _Of.nothing(n)
        last, before = journal.last_rows(rows, n), self._of
        count = journal.activated(at_ns - _COUNT_NS, at_ns, n)
        often = journal.activated(at_ns - CHATTER_NS, at_ns, n) >= CHATTERS
        listed = np.flatnonzero(journal.after(last) != AlarmState.NORMAL)
        otherwise = listed[before.otherwise(last, count, often, at_ns)[listed]]
        for number in otherwise.tolist():
            made = self._entry(number, journal[int(last[number])].move, at_ns, (int(count[number]), bool(often[number])))
            before.from_ns[number], before.until_ns[number] = made.from_ns, made.until_ns
        for known, now in zip(before[:3], (last, count, often), strict=True):
            known[otherwise] = now[otherwise]
        return list(map(self._made.__getitem__, listed.tolist())), int(before.until_ns[listed].min(initial=FAR_FUTURE))

    def _composed(self, found: Sequence[_Made], at_ns: int) -> AlarmPicture:
        """Return the picture of some entries."""
        by_urgency = sorted(found, key=_urgency_of)
        shown = [made for made in by_urgency if made.shown]
        listed = _folded(shown, self._first_out.version)
        every, waiting = [0] * 5, [0] * 5
        for made in shown:
            every[made.now.alarm.priority] += made.stands
            waiting[made.now.alarm.priority] += made.waits
        return AlarmPicture(
            listed=tuple(listed), hidden=tuple([made.now for made in by_urgency if made.hidden]), counts=_four(every),
            unacknowledged=_four(waiting), units=_units(shown, listed), rate=len(self._journal.activations(at_ns - WINDOW_NS, at_ns)),
            flood_since_ns=self._floods.since(at_ns),
        )  # fmt: skip

    def _until(self, at_ns: int, rows: int) -> int:
        """Return the next instant at which a move is made, or something is counted no longer."""
        windows = (CHATTER_NS, WINDOW_NS, _COUNT_NS)
        ends = [first + window for window in windows if (first := self._journal.first_activation(at_ns - window)) is not None]
        return min([self._journal.time(rows) or FAR_FUTURE, *ends])

    def _entry(self, number: int, last: Move, at_ns: int, of: tuple[int, bool]) -> _Made:
        """Return one alarm at an instant, as it was made before where nothing about it is otherwise."""
        made = self._made.get(number)
        if made is None or made.move is not last or not made.from_ns <= at_ns < made.until_ns:
            made = self._made[number] = self._new(number, last, at_ns, of)
        made.count(of[0], rapid=of[1])
        return made

    def _new(self, number: int, last: Move, at_ns: int, of: tuple[int, bool]) -> _Made:
        """Return one alarm at an instant."""
        course, definition = self._wiring.courses[number], self._wiring.defined[number]
        status, (changed, occurred) = last.status, course.come_by(at_ns)
        since_ns = (occurred or last).event.at_ns
        alarm = self._sayings.graded(definition, since_ns, at_ns)
        standing = status.active and at_ns - since_ns > STANDS_NS
        now = AlarmNow(
            alarm=alarm, state=status.state, since_ns=since_ns, changed_ns=changed.event.at_ns,
            detail=self._sayings.detail(definition, since_ns, at_ns), value=self._sayings.value(definition, since_ns),
            count=of[0], chattering=of[1], standing=standing, active=status.active,
            why=changed.event.why, action=changed.event.action, until_ns=status.until_ns, one_shot=status.one_shot,
        )  # fmt: skip
        until_ns = since_ns + STANDS_NS + 1 if status.active and not standing else FAR_FUTURE
        may_say_more = bool(definition.detail) and at_ns < since_ns + DETAIL_NS
        delay_ns = round((definition.rule.on_delay_s or 0.0) * 1e9)
        folds = alarm.consequence or alarm.form is Form.STATE
        return _Made(
            last, now, at_ns, at_ns + 1 if may_say_more else until_ns, alarm.key, _urgency(now),
            partial(self._first_out.under, course, since_ns, delay_ns) if folds else None, now, *_COUNTED[status.state],
        )  # fmt: skip


def _folded(listed: Sequence[_Made], version: int) -> list[AlarmNow]:
    """Return the entries, those that follow from another one in the list marked with its key."""
    under = {made.key: key for made in listed if (key := made.under(version))}
    if not under:
        return [made.now for made in listed]
    keys = {made.key for made in listed}
    return [made.rooted(_root(made.key, under, keys)) if made.asks else made.now for made in listed]


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


def _four(counts: Sequence[int]) -> tuple[int, int, int, int]:
    """Return a count for each priority."""
    return counts[1], counts[2], counts[3], counts[4]


def _units(shown: Iterable[_Made], listed: Iterable[AlarmNow]) -> dict[str, UnitAlarms]:
    """Return what each unit with an alarm that stands shows: that of the highest priority."""
    found: dict[str, list[int]] = {}  # priority, count, whether one of it waits, whether one of it stands for itself
    for made, now in zip(shown, listed, strict=True):
        if not made.stands:
            continue
        unit, priority = now.alarm.unit, now.alarm.priority
        marked = found.setdefault(unit, [priority, 0, 0, 0])
        marked[1] += 1
        if priority < marked[0]:
            marked[0], marked[2], marked[3] = priority, 0, 0
        if priority == marked[0]:
            marked[2] |= made.waits
            marked[3] |= not now.under or _unit(now.under) == unit
    return {
        unit: UnitAlarms(priority=priority, count=count, unacknowledged=bool(waits), consequence=not own)
        for unit, (priority, count, waits, own) in found.items()
    }


def _unit(key: str) -> str:
    """Return the unit of an alarm's key."""
    return key.partition("/")[0]
