"""The alarms of one line: follows the plant and people's actions, answers for every instant. Not for where actions are kept: see `actions`.

Runs once, in effective-time order, into a journal of moves; what is alarmed at an instant is a look-up. Late samples move
alarms anew from their instant on. Pictures are the same live, looked back at and replayed.
"""

from __future__ import annotations

from collections import Counter
from math import nan
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from twin_app.alarms import rates
from twin_app.alarms.answers import both_answers
from twin_app.alarms.define import ERRORS, PACKML, Definitions
from twin_app.alarms.ears import Ears
from twin_app.alarms.feeds import LEVELS
from twin_app.alarms.folding import FirstOut
from twin_app.alarms.journal import Journal
from twin_app.alarms.picture import Dated, Painter
from twin_app.alarms.rates import Floods
from twin_app.alarms.sayings import Sayings
from twin_app.alarms.wiring import Wiring
from twin_app.model.alarm import AlarmReport, AlarmState, Frequent, Transition, Why
from twin_app.model.signal import source_unit
from twin_app.model.training import Answered
from twin_app.plant.track import FAR_FUTURE, FAR_PAST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from twin_app.alarms.course import Course
    from twin_app.alarms.define import Definition
    from twin_app.alarms.journal import Row
    from twin_app.alarms.wiring import Key
    from twin_app.model.alarm import Action, Alarm, AlarmPicture
    from twin_app.model.equipment import Line
    from twin_app.model.samples import Samples, TextTable
    from twin_app.model.signal import SignalTable
    from twin_app.plant.plant import Plant


AT_ONCE = 200
"""So many rows of a journal are worded before others get their turn."""


class Alarms:
    """Every alarm of a line. One thread folds and acts; any thread asks."""

    def __init__(self, line: Line, signals: SignalTable, texts: TextTable, plant: Plant) -> None:
        """Follow a plant that nothing was folded into yet; `signals` and `texts` may go on growing."""
        self._lock = Lock()
        self._plant, self._signals = plant, signals
        self._definitions = Definitions(line)
        self._ears = Ears(signals)
        self._wiring = Wiring(plant, texts, ears=self._ears, definitions=self._definitions)
        self._journal, self._floods = Journal(), Floods()
        self._first_out = FirstOut(line, plant, self._wiring.of_unit, self._priority)
        self._sayings = Sayings(plant, texts, ears=self._ears, definitions=self._definitions, wiring=self._wiring)
        self._painter = Painter(self._wiring, self._journal, self._floods, sayings=self._sayings, first_out=self._first_out)
        self._source_of = {unit.id: source_unit(unit.source) for unit in line.units}
        self._appeared = 0
        self._waiting: dict[str, list[Action]] = {}
        self._shown: dict[str, Dated] = {}
        self._last: dict[str, AlarmPicture] = {}
        for unit, name in self._definitions.awaited():
            self._ears.of(unit, name)
        for definition in self._definitions.standing():
            self._wiring.add(definition)

    def needed(self) -> frozenset[int]:
        """Return the signals of the table whose samples it must be given."""
        with self._lock:
            self._appear()
            return self._ears.wanted_ids()

    # -- what the folding thread does ---------------------------------------------------------------------------

    def fold(self, samples: Samples) -> None:
        """Take in samples that the plant has folded."""
        with self._lock:
            self._appear()
            heard = self._ears.hear(samples)
            self._tell_errors(heard)
            changed: dict[Key, int] = {("heard", *signal): from_ns for signal, from_ns in heard.items()}
            self._follow(changed, FAR_PAST)

    def act(self, actions: Iterable[Action]) -> None:
        """Take in what people did; of an alarm that has not appeared yet it waits for that."""
        with self._lock:
            from_ns: dict[int, int] = {}
            for action in actions:
                number = self._wiring.of_key.get(action.alarm)
                if number is None:
                    self._waiting.setdefault(action.alarm, []).append(action)
                else:
                    self._wiring.courses[number].act(action)
                    from_ns[number] = min(action.effective_ns, from_ns.get(number, FAR_FUTURE))
            self._move(from_ns)

    # -- what anybody asks --------------------------------------------------------------------------------------

    def picture(self, at_ns: int, view: str = "playhead") -> AlarmPicture:
        """Return all alarms at an instant that moves on; of each view the same object while nothing about it is otherwise."""
        with self._lock:
            self._follow({}, at_ns)
            shown, before = self._shown.get(view), self._last.get(view)
            if shown is not None and shown.from_ns <= at_ns < shown.until_ns:
                return shown.picture
            fresh = self._painter.picture(at_ns)
            picture = before if before is not None and before == fresh.picture else fresh.picture
            self._shown[view], self._last[view] = Dated(picture, fresh.from_ns, fresh.until_ns), picture
            return picture

    def at(self, at_ns: int) -> AlarmPicture:
        """Return all alarms at any instant."""
        with self._lock:
            self._follow({}, at_ns)
            return self._painter.picture(at_ns).picture

    def state(self, key: str, at_ns: int) -> AlarmState:
        """Return the state of an alarm at an instant; what there is none of is normal."""
        with self._lock:
            self._follow({}, at_ns)
            number = self._wiring.of_key.get(key)
            return AlarmState.NORMAL if number is None else self._wiring.courses[number].status_at(at_ns).state

    def known(self, key: str) -> Alarm | None:
        """Return an alarm by its key, None where there is none."""
        with self._lock:
            number = self._wiring.of_key.get(key)
            return None if number is None else self._wiring.courses[number].alarm

    def transitions(self, start_ns: int, end_ns: int, *, shown: bool = False) -> tuple[Transition, ...]:
        """Return the journal of [start_ns, end_ns]; `shown`: only activations that somebody was shown."""
        return self._worded(start_ns, end_ns, lambda row: row.move.activation or not shown)

    def occurred(self, unit: str, start_ns: int, end_ns: int) -> tuple[Transition, ...]:
        """Return when alarms of a unit occurred in [start_ns, end_ns]; of a flood no more than these are looked at closely."""
        courses = self._wiring.courses
        return self._worded(start_ns, end_ns, lambda row: row.move.event.why is Why.OCCURS and courses[row.course].alarm.unit == unit)

    def _worded(self, start_ns: int, end_ns: int, picks: Callable[[Row], bool]) -> tuple[Transition, ...]:
        """Return the picked rows of the journal of [start_ns, end_ns]."""
        with self._lock:
            self._follow({}, end_ns)
            rows = [row for row in self._journal.rows(start_ns, end_ns) if picks(row)]
        found: list[Transition] = []
        for first in range(0, len(rows), AT_ONCE):  # whoever paints frames must not wait for a long answer
            with self._lock:
                found += [self._transition(row, end_ns) for row in rows[first : first + AT_ONCE]]
        return tuple(found)

    def report(self, start_ns: int, end_ns: int) -> AlarmReport:
        """Return journal, counts and rates of [start_ns, end_ns]."""
        transitions = self.transitions(start_ns, end_ns)
        shown: dict[str, list[Transition]] = {}
        for row in transitions:
            if row.shown:
                shown.setdefault(row.alarm.key, []).append(row)
        by_alarm = sorted(
            (Frequent(alarm=rows[-1].alarm, count=len(rows), detail=rows[-1].detail) for rows in shown.values()),
            key=lambda found: (-found.count, found.alarm.key),
        )
        rapid = tuple(f.alarm for f in by_alarm if rates.chatters(np.array([row.at_ns for row in shown[f.alarm.key]])))
        graded = Counter(row.alarm.priority for rows in shown.values() for row in rows)
        with self._lock:
            activations = self._journal.activations(start_ns - 1, end_ns)
            floods = self._floods.within(start_ns, end_ns)
        standing = tuple(now.alarm for now in self.picture(end_ns).listed if now.standing)
        return AlarmReport(
            start_ns=start_ns, end_ns=end_ns, transitions=transitions, activations=len(activations),
            by_priority=(graded[1], graded[2], graded[3], graded[4]), by_alarm=tuple(by_alarm),
            bins=rates.bins(activations, start_ns, end_ns), floods=floods, chattering=rapid, standing=standing,
        )  # fmt: skip

    def answered(self, actions: Sequence[Action], start_ns: int, end_ns: int) -> tuple[Answered, ...]:
        """Return how every coming of an alarm in [start_ns, end_ns] was answered, and how it would have been by other actions than those taken.

        Of a coming that nobody was shown, by neither of them, nothing is told.
        """
        by_alarm: dict[str, list[Action]] = {}
        for action in actions:
            by_alarm.setdefault(action.alarm, []).append(action)
        found: list[Answered] = []
        for number in range(len(self._wiring.courses)):
            with self._lock:  # whoever paints frames must not wait for all of them
                self._follow({}, end_ns)
                course, definition = self._wiring.courses[number], self._wiring.defined[number]
                for at_ns, here, there in both_answers(course, by_alarm.get(course.alarm.key, ()), start_ns, end_ns):
                    alarm, detail = self._sayings.graded(definition, at_ns, FAR_FUTURE), self._sayings.detail(definition, at_ns, FAR_FUTURE)
                    found.append(Answered(at_ns=at_ns, alarm=alarm, detail=detail, recorded=here, trained=there))
        return tuple(sorted(found, key=lambda one: (one.at_ns, one.alarm.key)))

    # -- following ----------------------------------------------------------------------------------------------

    def _appear(self) -> None:
        """Make the alarms of signals that have appeared."""
        found = len(self._signals)
        for number in range(self._appeared, found):
            signal = self._signals[number]
            if PACKML.match(signal.name):  # its message may come before it does
                self._ears.of(signal.unit, signal.name)
            if signal.name == ERRORS:
                self._wiring.errors(signal.unit)
            for definition in self._definitions.of_signal(signal):
                self._add(definition)
        self._appeared = found

    def _tell_errors(self, heard: dict[tuple[str, str], int]) -> None:
        """Make the alarms of errors that vehicles told of for the first time."""
        for (unit, name), from_ns in heard.items():
            if name == ERRORS:
                for error in sorted(self._wiring.errors(unit).named_from(from_ns)):
                    for definition in self._definitions.of_error(unit, error, LEVELS.get(error[1], 3)):
                        self._add(definition)

    def _add(self, definition: Definition) -> None:
        """Make an alarm, unless there is one of its key."""
        number = self._wiring.add(definition)
        if number is not None:
            for action in self._waiting.pop(definition.alarm.key, ()):
                self._wiring.courses[number].act(action)
            self._move({number: FAR_PAST})

    def _follow(self, changed: dict[Key, int], at_ns: int) -> None:
        """Follow what changed, and what silence up to an instant means."""
        plant = self._plant.changes(at_ns)
        changed |= {("unit", unit): from_ns for unit, from_ns in plant.units.items()}
        changed |= {("derived", *signal): from_ns for signal, from_ns in plant.derived.items()}
        for unit, from_ns in plant.units.items():
            source = ("unit", self._source_of[unit])
            changed[source] = min(from_ns, changed.get(source, FAR_FUTURE))
        if plant.units:
            self._outdate(self._first_out.forget(min(plant.units.values())))
        said = self._wiring.details & changed.keys()
        if said:
            self._outdate(self._first_out.forget(min(changed[key] for key in said)))
            self._outdate(self._painter.forget(said))
        self._move(self._moved(changed))

    def _outdate(self, outdated: bool) -> None:  # noqa: FBT001 - the answer of who forgot something
        """Look at the playhead anew where something of it was forgotten."""
        if outdated:
            self._shown.clear()

    def _transition(self, row: Row, at_ns: int) -> Transition:
        """Return a row of the journal as it is known at an instant."""
        move, definition = row.move, self._wiring.defined[row.course]
        occurs = move.event.why is Why.OCCURS
        return Transition(
            at_ns=move.event.at_ns, alarm=self._sayings.graded(definition, self._occurred(row), at_ns), before=move.before, after=move.status.state, why=move.event.why,
            shown=move.activation, action=move.event.action,
            detail=self._sayings.detail(definition, move.event.at_ns, at_ns) if occurs else "",
            value=self._sayings.value(definition, move.event.at_ns) if occurs else nan,
        )  # fmt: skip

    def _priority(self, course: Course, occurred_ns: int) -> int:
        """Return how grave an alarm was when it had occurred."""
        definition = self._wiring.defined[self._wiring.of_key[course.alarm.key]]
        return self._sayings.graded(definition, occurred_ns, FAR_FUTURE).priority

    def _occurred(self, row: Row) -> int:
        """Return when the alarm of a row had occurred."""
        moves = self._wiring.courses[row.course].moves
        first = self._wiring.courses[row.course].row_from(row.move.event.at_ns + 1)
        return next((m.event.at_ns for m in reversed(moves[:first]) if m.event.why is Why.OCCURS), row.move.event.at_ns)

    def _moved(self, changed: Mapping[Key, int]) -> dict[int, int]:
        """Return the alarms that something changed, each from when on."""
        moved: dict[int, int] = {}
        for key, from_ns in changed.items():
            for number, rewrite in self._wiring.listeners.get(key, ()):
                differs_ns = rewrite(from_ns)
                if differs_ns is not None:
                    moved[number] = min(differs_ns, moved.get(number, FAR_FUTURE))
        return moved

    def _move(self, from_ns: dict[int, int]) -> None:
        """Move alarms anew, each from an instant on, and all that is counted from that."""
        if not from_ns:
            return
        for number, instant in from_ns.items():
            self._wiring.courses[number].follow(instant)
        first_ns = min(from_ns.values())
        self._journal.replace(from_ns, self._wiring.courses)
        self._floods.rewrite(first_ns, self._journal.activations(max(first_ns - rates.WINDOW_NS, FAR_PAST), FAR_FUTURE))
        self._first_out.forget(first_ns)
        self._shown.clear()
