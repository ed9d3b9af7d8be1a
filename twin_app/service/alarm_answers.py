"""What `twin-app alarms` prints, as JSON and as rows: stable, because scripts rely on it. Keys may be added, never changed. Not for wording tables."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, TypedDict

from twin_app.alarms.words import alarm_text
from twin_app.clock import SECOND_NS
from twin_app.service.answers import Known, known
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twin_app.model.alarm import AlarmReport, Frequent, Transition
    from twin_app.model.equipment import Line


class RowAnswer(TypedDict):
    """One row of the journal; states are the standard's letters, A to I."""

    at: str
    alarm: str
    unit: str
    name: str
    priority: int
    before: str
    after: str
    why: str
    text: str
    value: Known
    limit: Known
    shown: bool
    who: str
    note: str
    until: str
    known: str


class CountAnswer(TypedDict):
    """How often one alarm was shown."""

    alarm: str
    unit: str
    priority: int
    text: str
    activations: int


class BinAnswer(TypedDict):
    """Activations shown in ten minutes of the clock."""

    at: str
    activations: int


SpanAnswer = TypedDict("SpanAnswer", {"from": str, "to": str})
ReportAnswer = TypedDict(
    "ReportAnswer",
    {
        "from": str, "to": str, "simulated": bool, "activations": int, "by_priority": dict[str, int], "by_alarm": list[CountAnswer],
        "per_10_min": list[BinAnswer], "peak_per_10_min": int, "mean_per_10_min": Known, "floods": list[SpanAnswer], "flood_share": Known,
        "chattering": list[str], "standing": list[str], "journal": list[RowAnswer],
    },
)  # fmt: skip
"""What `alarms --json` prints; times are ISO 8601 in UTC."""


def report_answer(line: Line, report: AlarmReport, *, simulated: bool = False) -> ReportAnswer:
    """Return the object that `twin-app alarms --json` prints; `simulated` says that some of it was made by a simulation."""
    minutes = (report.end_ns - report.start_ns) / (60 * SECOND_NS)
    return {
        "from": iso_utc(report.start_ns), "to": iso_utc(report.end_ns), "simulated": simulated, "activations": report.activations,
        "by_priority": {str(priority): count for priority, count in enumerate(report.by_priority, 1)},
        "by_alarm": [_count(line, found) for found in report.by_alarm],
        "per_10_min": [{"at": iso_utc(at_ns), "activations": count} for at_ns, count in report.bins],
        "peak_per_10_min": max((count for _, count in report.bins), default=0),
        "mean_per_10_min": report.activations * 10 / minutes if minutes else None,
        "floods": [{"from": iso_utc(start_ns), "to": iso_utc(end_ns)} for start_ns, end_ns in report.floods],
        "flood_share": known(report.flood_share), "chattering": [alarm.key for alarm in report.chattering],
        "standing": [alarm.key for alarm in report.standing], "journal": [row_answer(line, row) for row in report.transitions],
    }  # fmt: skip


def _count(line: Line, found: Frequent) -> CountAnswer:
    """Return how often one alarm was shown."""
    alarm = found.alarm
    return {
        "alarm": alarm.key,
        "unit": alarm.unit,
        "priority": alarm.priority,
        "text": alarm_text(line, alarm, found.detail),
        "activations": found.count,
    }


def row_answer(line: Line, row: Transition) -> RowAnswer:
    """Return one row of the journal; persons are ids."""
    alarm, action = row.alarm, row.action
    return {
        "at": iso_utc(row.at_ns), "alarm": alarm.key, "unit": alarm.unit, "name": alarm.name, "priority": alarm.priority,
        "before": row.before.letter, "after": row.after.letter, "why": str(row.why), "text": alarm_text(line, alarm, row.detail),
        "value": known(row.value), "limit": known(alarm.limit), "shown": row.shown, "who": action.who if action else "",
        "note": action.note if action else "", "until": iso_utc(action.until_ns) if action and action.until_ns else "",
        "known": iso_utc(action.known_ns) if action else "",
    }  # fmt: skip


def journal_csv(line: Line, rows: Sequence[Transition], *, person: Callable[[str], str] = str) -> str:
    """Return journal rows as CSV with a head; what a spreadsheet would take for a formula is made plain text.

    `person` words the ids of persons; without it they stay ids.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(RowAnswer.__annotations__)
    for row in rows:
        answer = row_answer(line, row)
        answer["who"] = person(answer["who"]) if answer["who"] else ""
        writer.writerow(["" if value is None else _plain(value) for value in answer.values()])
    return out.getvalue()


def _plain(value: object) -> object:
    """Return a cell that no spreadsheet calculates."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
