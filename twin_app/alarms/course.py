"""The course of one alarm through time: its condition, the logic that suppresses it and people's actions, merged into moves. Not for many alarms."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from dataclasses import replace
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from twin_app.alarms.machine import Event, Status, step
from twin_app.model.alarm import AlarmState, Why

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin_app.alarms.machine import Move
    from twin_app.alarms.switch import AnyOf, Switch
    from twin_app.model.alarm import Action, Alarm

_PROCESS, _LOGIC, _MACHINE, _PERSON = range(4)
"""The order of events at one instant: what the plant does comes before what people do."""
_LOGICAL = frozenset({Why.SUPPRESS, Why.UNSUPPRESS})
_move_at = attrgetter("event.at_ns")
_effective = attrgetter("effective_ns")


class Course:
    """One alarm's moves over all time, `moves` ascending; some may lie ahead (a delay, the end of a shelf).

    Attributes:
        alarm: which one.
        condition: whether it holds; rewritten by whoever follows the plant.
        design: whether logic suppresses it; None: no logic does.
        machine: when it was acknowledged at the machine, ascending UTC ns.
    """

    def __init__(self, alarm: Alarm, condition: Switch, design: AnyOf | None = None) -> None:
        """Start normal since ever."""
        self.alarm = alarm
        self.condition, self.design = condition, design
        self.machine: list[int] = []
        self.moves: list[Move] = []
        self._actions: list[Action] = []

    def act(self, action: Action) -> None:
        """Take in what a person did; it counts from `follow` on."""
        insort(self._actions, action, key=_effective)

    def status_at(self, at_ns: int) -> Status:
        """Return how it is at an instant."""
        row = bisect_right(self.moves, at_ns, key=_move_at)
        return self.moves[row - 1].status if row else Status()

    def row_from(self, from_ns: int) -> int:
        """Return the first move at or after an instant."""
        return bisect_left(self.moves, from_ns, key=_move_at)

    def come_by(self, at_ns: int) -> tuple[Move, Move | None]:
        """Return the last move up to an instant, of which there is one, that changed the state, and the last with which it occurred."""
        row = bisect_right(self.moves, at_ns, key=_move_at) - 1
        changed = row
        while self.moves[changed].before is self.moves[changed].status.state:
            changed -= 1
        while row >= 0 and self.moves[row].event.why is not Why.OCCURS:
            row -= 1
        return self.moves[changed], self.moves[row] if row >= 0 else None

    def follow(self, from_ns: int) -> None:
        """Move anew from an instant on."""
        row = self.row_from(from_ns)
        del self.moves[row:]
        status = self.moves[-1].status if row else Status()
        if self.design is not None:  # it may have changed without a move, while something else hid the alarm
            status = replace(status, designed=self.design.at(from_ns - 1))
        for _, event in sorted(self._events(from_ns), key=itemgetter(0)):
            status = self._take(self._until(status, event.at_ns), event)
        self._until(status, None)

    def _take(self, status: Status, event: Event) -> Status:
        """Let an event move the alarm."""
        moved = step(status, event, latching=self.alarm.latching)
        self.moves += moved
        if moved:
            return moved[-1].status
        return replace(status, designed=event.why is Why.SUPPRESS) if event.why in _LOGICAL else status

    def _until(self, status: Status, at_ns: int | None) -> Status:
        """End a shelf that ends before an instant, or at it (None: the end of time)."""
        if status.state is AlarmState.SHELVED and (at_ns is None or status.until_ns <= at_ns):
            return self._take(status, Event(status.until_ns, Why.SHELF_EXPIRES))
        return status

    def _events(self, from_ns: int) -> Iterator[tuple[tuple[int, int, int], Event]]:
        """Give every event from an instant on, each with its place in their order."""
        yield from self._of_switches(from_ns)
        yield from self._of_people(from_ns)

    def _of_switches(self, from_ns: int) -> Iterator[tuple[tuple[int, int, int], Event]]:
        """Give what the plant does."""
        whole = ((_PROCESS, self.condition, Why.OCCURS, Why.RETURNS), (_LOGIC, self.design, Why.SUPPRESS, Why.UNSUPPRESS))
        for order, switch, yes, no in whole:
            if switch is not None:
                row = bisect_left(switch.times, from_ns)
                for at_ns, value in zip(switch.times[row:], switch.values[row:], strict=True):
                    yield (at_ns, order, 0), Event(at_ns, yes if value else no)

    def _of_people(self, from_ns: int) -> Iterator[tuple[tuple[int, int, int], Event]]:
        """Give what people did, here and at the machine."""
        for at_ns in self.machine[bisect_left(self.machine, from_ns) :]:
            yield (at_ns, _MACHINE, 0), Event(at_ns, Why.ACKNOWLEDGED_AT_MACHINE)
        for action in self._actions[bisect_left(self._actions, from_ns, key=_effective) :]:
            yield (action.effective_ns, _PERSON, action.known_ns), Event(action.effective_ns, action.what, action)
