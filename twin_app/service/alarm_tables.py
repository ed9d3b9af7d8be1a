"""Alarms of a window as tables for the terminal: the same figures as the JSON, worded. Not for the journal, which is CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from twin_app.alarms.rates import FLOOD_BEGINS
from twin_app.alarms.words import alarm_text, unit_title
from twin_app.clock import SECOND_NS
from twin_app.service.tables import rendered
from twin_app.text import clock_span, clock_time, duration, number, percent, tr

if TYPE_CHECKING:
    from twin_app.model.alarm import AlarmReport
    from twin_app.model.equipment import Line

MOST = 20
"""So many of the most frequent alarms are listed."""


def report_table(line: Line, report: AlarmReport, *, simulated: bool) -> str:
    """Return what is counted of a window's alarms."""
    mark = tr("SIMULATED · ") if simulated else ""
    head = f"{mark}{clock_span(report.start_ns, report.end_ns, line.tz)}"
    return "\n".join((_most_frequent(line, report, head), *_sentences(line, report)))


def _most_frequent(line: Line, report: AlarmReport, head: str) -> str:
    """Return the most frequent alarms as a table."""
    table = Table(title=head)
    for heading in (tr("Priority"), tr("Unit"), tr("Alarm")):
        table.add_column(heading)
    table.add_column(tr("Activations"), justify="right")
    for found in report.by_alarm[:MOST]:
        alarm, count = found.alarm, number(found.count)
        table.add_row(str(alarm.priority), unit_title(line, alarm.unit), alarm_text(line, alarm, found.detail), count)
    return rendered(table)


def _sentences(line: Line, report: AlarmReport) -> list[str]:
    """Return what else is to be said, a sentence each."""
    minutes = (report.end_ns - report.start_ns) / (60 * SECOND_NS)
    said = [
        tr(
            "{count} activations of {kinds} alarms; per 10 min {mean} on average and {peak} at most; priority 1 to 4: {priorities}.",
            count=number(report.activations), kinds=number(len(report.by_alarm)),
            mean=number(report.activations * 10 / minutes if minutes else 0.0, 1),
            peak=number(max((count for _, count in report.bins), default=0)), priorities=" · ".join(number(n) for n in report.by_priority),
        )
    ]  # fmt: skip
    for start_ns, end_ns in report.floods:
        said.append(
            tr(
                "Flood from {start} for {span} ({begins} or more in 10 min).", start=clock_time(start_ns, line.tz),
                span=duration((end_ns - start_ns) / SECOND_NS), begins=FLOOD_BEGINS,
            )
        )  # fmt: skip
    if report.floods:
        said.append(tr("In flood {share} of the time.", share=percent(report.flood_share)))
    for alarms, template in ((report.chattering, tr("Chattering: {alarms}.")), (report.standing, tr("Standing for over a day: {alarms}."))):
        if alarms:
            said.append(template.format(alarms=", ".join(f"{unit_title(line, a.unit)} {alarm_text(line, a)}" for a in alarms)))
    return said
