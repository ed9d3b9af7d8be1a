"""What a trainee did beside what was recorded, in words for the window and as `attempts` prints it. Not for finding it out: see `session.training`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from twin_app.alarms.words import alarm_text, unit_title
from twin_app.clock import SECOND_NS
from twin_app.model.alarm import WHY_WORDS, Action, Why
from twin_app.model.bookmark import Bookmark
from twin_app.model.entry import KIND_WORDS, Entry
from twin_app.model.training import Done
from twin_app.service.tables import rendered
from twin_app.text import clock_span, clock_time, duration, tr
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twin_app.model.equipment import Line
    from twin_app.model.training import Answer, Answered, Attempt, Review

ACKNOWLEDGED = frozenset({Why.ACKNOWLEDGE, Why.ACKNOWLEDGED_AT_MACHINE})


def answer_words(answer: Answer | None, came_ns: int) -> str:
    """Return how an alarm was answered: `after 12 s`, `Shelved after 5 s`, `Shelved before`, `never`."""
    if answer is None:
        return tr("never")
    if answer.at_ns < came_ns:
        return tr("{what} before", what=tr(WHY_WORDS[answer.why]))
    after = duration((answer.at_ns - came_ns) / SECOND_NS)
    if answer.why is Why.ACKNOWLEDGE:
        return tr("after {span}", span=after)
    return tr("{what} after {span}", what=tr(WHY_WORDS[answer.why]), span=after)


def answered_cells(line: Line, answered: Answered) -> tuple[str, str, str, str, str]:
    """Return one coming of an alarm in words: when it came, unit, what it says, the shift's answer, the trainee's."""
    return (
        clock_time(answered.at_ns, line.tz), unit_title(line, answered.alarm.unit), alarm_text(line, answered.alarm, answered.detail),
        answer_words(answered.recorded, answered.at_ns), answer_words(answered.trained, answered.at_ns),
    )  # fmt: skip


def done_cells(line: Line, done: Done) -> tuple[str, str, str, str]:
    """Return something that a trainee did in words: when on the playhead's clock, what, of what, when by the clock on the wall."""
    what, of, note = _said(line, done)
    wall = clock_time(done.wall_ns, line.tz, date=True) if done.wall_ns else ""
    return clock_time(done.at_ns, line.tz), what, " · ".join(part for part in (of, note) if part), wall


def _said(line: Line, done: Done) -> tuple[str, str, str]:
    """Return what was done, of what, and what was written beside it."""
    said = done.what
    if isinstance(said, Action):
        unit, _, name = said.alarm.partition("/")
        return tr(WHY_WORDS[said.what]), f"{unit_title(line, unit)}: {name}", said.note
    unit = unit_title(line, said.unit) if said.unit else ""
    if isinstance(said, Bookmark):
        at = clock_time(said.at_ns, line.tz)
        return tr("Bookmark removed") if done.removed else tr("Bookmark"), " · ".join(part for part in (at, unit) if part), said.text
    reason = next((tr(one.title) for one in line.reason_tree if one.id == said.reason), said.reason)
    about = " ".join(part for part in (said.order, said.product, reason) if part)
    kind = tr(KIND_WORDS[said.kind])
    return tr("{what}, withdrawn", what=kind) if said.undone else kind, " · ".join(part for part in (unit, about) if part), said.note


def tally(answered: Sequence[Answered]) -> tuple[int, int, int]:
    """Return how many comings of alarms there were, and how many the shift and the trainee acknowledged."""
    by = [[one.recorded for one in answered], [one.trained for one in answered]]
    here, there = (sum(answer is not None and answer.why in ACKNOWLEDGED for answer in answers) for answers in by)
    return len(answered), here, there


def seen_words(line: Line, attempt: Attempt) -> str:
    """Return which time a trainee saw, on the playhead's clock; empty where it was not kept."""
    if attempt.seen_ns is None:
        return ""
    return clock_span(*attempt.seen_ns, line.tz)


def attempts_answer(attempts: Sequence[Attempt]) -> list[dict[str, Any]]:
    """Return the attempts as `twin-app attempts --json` prints them."""
    return [_attempt(attempt) for attempt in attempts]


def _attempt(attempt: Attempt) -> dict[str, Any]:
    seen = attempt.seen_ns
    return {
        "name": attempt.name, "trainee": attempt.trainee, "began": iso_utc(attempt.began_ns), "hid": attempt.hid, "deeds": attempt.deeds,
        "seen_from": iso_utc(seen[0]) if seen else None, "seen_to": iso_utc(seen[1]) if seen else None,
    }  # fmt: skip


def review_answer(review: Review) -> dict[str, Any]:
    """Return an attempt beside what was recorded as `twin-app attempts NAME --json` prints it; null: never."""

    def answer(one: Answer | None, came_ns: int) -> dict[str, Any] | None:
        return (
            None if one is None else {"why": str(one.why), "after_s": (one.at_ns - came_ns) / SECOND_NS, "who": one.who, "note": one.note}
        )

    return {
        **_attempt(review.attempt),
        "alarms": [
            {
                "came": iso_utc(one.at_ns), "alarm": one.alarm.key, "priority": one.alarm.priority, "recorded": answer(one.recorded, one.at_ns),
                "trainee": answer(one.trained, one.at_ns),
            } for one in review.answered
        ],
        "done": [
            {"at": iso_utc(one.at_ns), "wall": iso_utc(one.wall_ns) if one.wall_ns else None, "who": one.who, **_what(one)}
            for one in review.done
        ],
    }  # fmt: skip


def _what(done: Done) -> dict[str, Any]:
    """Return what was done as a script reads it."""
    said = done.what
    if isinstance(said, Action):
        return {"what": str(said.what), "alarm": said.alarm, "note": said.note}
    if isinstance(said, Entry):
        return {"what": str(said.kind), "unit": said.unit, "reason": said.reason, "note": said.note, "withdrawn": said.undone}
    return {"what": "bookmark", "unit": said.unit, "note": said.text, "withdrawn": done.removed}


def attempts_table(line: Line, attempts: Sequence[Attempt], name_of: Callable[[str], str]) -> str:
    """Return the attempts as a table."""
    table = Table()
    for heading in (tr("Attempt"), tr("Trainee"), tr("Began"), tr("Saw")):
        table.add_column(heading)
    table.add_column(tr("Deeds"), justify="right")
    for one in attempts:
        began = clock_time(one.began_ns, line.tz, date=True)
        table.add_row(one.name, name_of(one.trainee), began, seen_words(line, one), str(one.deeds))
    return rendered(table)


def review_table(line: Line, review: Review, name_of: Callable[[str], str]) -> str:
    """Return an attempt beside what was recorded: what it was, every alarm, everything that was done."""
    alarms, done = Table(title=f"{name_of(review.attempt.trainee)} · {seen_words(line, review.attempt)}"), Table()
    for heading in (tr("Came"), tr("Unit"), tr("Alarm"), tr("In the shift"), tr("Trainee")):
        alarms.add_column(heading)
    for one in review.answered:
        alarms.add_row(*answered_cells(line, one))
    for heading in (tr("Time"), tr("What"), tr("Of"), tr("Clock on the wall")):
        done.add_column(heading)
    for deed in review.done:
        done.add_row(*done_cells(line, deed))
    return "\n".join((rendered(alarms), tally_words(review.answered), rendered(done)))


def tally_words(answered: Sequence[Answered]) -> str:
    """Return in a sentence how many alarms came and who acknowledged how many."""
    came, here, there = tally(answered)
    return tr("Alarms that came: {came}; acknowledged in the shift: {here}, by the trainee: {there}.", came=came, here=here, there=there)
