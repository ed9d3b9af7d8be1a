"""The shifts of a recording as a table for the terminal: the same figures as the JSON, worded. Not for reckoning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from twin_app.alarms.words import unit_title
from twin_app.clock import SECOND_NS
from twin_app.service.answers import known
from twin_app.service.tables import oee, rendered
from twin_app.text import N_, clock_time, duration, number, offset_name, tr

if TYPE_CHECKING:
    from twin_app.finding.catalogue import Catalogue
    from twin_app.finding.slots import Slot
    from twin_app.finding.stops import Stop
    from twin_app.finding.summary import Summary
    from twin_app.model.equipment import Line

OUTSIDE = N_("No shift")
WHOLE_DAY = N_("Day")


def slot_name(line: Line, slot: Slot) -> str:
    """Return what people call a slot: the shift's name, or that there is none."""
    return slot.name or tr(OUTSIDE if line.shifts else WHOLE_DAY)


def catalogue_table(line: Line, found: Catalogue) -> str:
    """Return the shifts as a table, and what is wrong with files, a sentence each."""
    mark = tr("SIMULATED · ") if found.simulated else ""
    table = Table(title=f"{mark}{line.title}")
    for heading in (tr("Date and number"), tr("Shift"), tr("Start")):
        table.add_column(heading)
    for heading in (tr("OEE"), tr("Good"), tr("Alarms"), tr("Gaps"), tr("Bookmarks")):
        table.add_column(heading, justify="right")
    table.add_column(tr("Longest stop"))
    for summary in found.summaries:
        table.add_row(*_cells(line, summary))
    return "\n".join((rendered(table), *found.problems))


def _cells(line: Line, summary: Summary) -> tuple[str, ...]:
    """Return one row."""
    slot, kpi = summary.slot, summary.kpi
    start = f"{clock_time(slot.start_ns, line.tz)} {offset_name(slot.start_ns, line.tz)}"
    head = (slot.key, slot_name(line, slot), start)
    if not summary.recorded:
        return (*head, tr("not recorded"), "", "", duration(summary.gap_ns / SECOND_NS), "", "")
    return (
        *head, oee(known(kpi.oee_index), known(kpi.oee_low), known(kpi.oee_high), early=kpi.early), number(kpi.good), number(summary.alarms),
        duration(summary.gap_ns / SECOND_NS) if summary.gaps else "–", number(summary.bookmarks), stop_words(line, summary.stop),
    )  # fmt: skip


def stop_words(line: Line, stop: Stop | None) -> str:
    """Return a stop in a line: how long, whose, why; a dash for none."""
    if stop is None:
        return "–"
    words = (duration((stop.end_ns - stop.start_ns) / SECOND_NS), unit_title(line, stop.unit), stop.alarm)
    return " · ".join(word for word in words if word)
