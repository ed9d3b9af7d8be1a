"""How the comings of one alarm were answered, by those in the shift and by whoever does otherwise with the same plant. Not for many alarms."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from twin_app.alarms.course import Course
from twin_app.model.alarm import AlarmState, Why
from twin_app.model.training import Answer
from twin_app.plant.track import FAR_FUTURE, FAR_PAST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from twin_app.alarms.machine import Move
    from twin_app.model.alarm import Action

_WAITS = frozenset({AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED_UNACKNOWLEDGED, AlarmState.LATCHED_UNACKNOWLEDGED})


class _Coming(NamedTuple):
    """One coming of an alarm: whether somebody was shown it, what ended its waiting, and when it came again."""

    shown: bool
    answer: Answer | None
    again_ns: int


def both_answers(
    course: Course, actions: Sequence[Action], start_ns: int, end_ns: int
) -> Iterator[tuple[int, Answer | None, Answer | None]]:
    """Give each coming that was seen in [start_ns, end_ns] with its answer as the course is, and as it were by other actions; None: never.

    One that came before and still waited then is seen, too. The plant is the same in both: a condition that comes is a move of both,
    hidden or not. Suppressed by design in both, nobody was shown it.
    """
    other = Course(course.alarm, course.condition, course.design)
    other.machine = course.machine
    for action in actions:
        other.act(action)
    other.follow(FAR_PAST)
    there = dict(_comings(other.moves))
    for at_ns, here in _comings(course.moves):
        if at_ns <= end_ns and (here.shown or there[at_ns].shown) and (at_ns >= start_ns or _waited(there[at_ns], start_ns)):
            yield at_ns, here.answer, there[at_ns].answer


def _waited(coming: _Coming, at_ns: int) -> bool:
    """Tell whether one that came before an instant still waited then."""
    return coming.shown and coming.again_ns > at_ns and (coming.answer is None or coming.answer.at_ns >= at_ns)


def _comings(moves: Sequence[Move]) -> Iterator[tuple[int, _Coming]]:
    """Give when the alarm came, and what came of it."""
    rows = [row for row, move in enumerate(moves) if move.event.why is Why.OCCURS]
    for row, following in zip_longest(rows, rows[1:]):
        move, later = moves[row], moves[row + 1 : following]
        answer = _ended(later) if move.status.state in _WAITS else _kept_from(moves[:row])
        yield move.event.at_ns, _Coming(move.activation, answer, FAR_FUTURE if following is None else moves[following].event.at_ns)


def _ended(later: Sequence[Move]) -> Answer | None:
    """Return what let the alarm wait no longer before it came again, None where nothing did."""
    return next((_answer(move) for move in later if move.status.state not in _WAITS), None)


def _kept_from(before: Sequence[Move]) -> Answer | None:
    """Return what had kept the alarm from waiting: that it was hidden, or acknowledged while it was latched."""
    return next((_answer(move) for move in reversed(before) if move.event.why not in {Why.OCCURS, Why.RETURNS}), None)


def _answer(move: Move) -> Answer:
    """Return a move as an answer."""
    action = move.event.action
    return Answer(why=move.event.why, at_ns=move.event.at_ns, who=action.who if action else "", note=action.note if action else "")
