"""What is said of a shift of a recording, in sentences. Not for painting."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.service.answers import known
from twin_app.service.shift_tables import slot_name, stop_words
from twin_app.service.tables import oee
from twin_app.text import clock_span, duration, number, percent, tr

if TYPE_CHECKING:
    from twin_app.finding.slots import Slot
    from twin_app.finding.summary import Summary
    from twin_app.model.equipment import Line


def when(line: Line, slot: Slot) -> str:
    """Return date, times, offset and length of a shift."""
    length = duration((slot.end_ns - slot.start_ns) / SECOND_NS)
    return f"{clock_span(slot.start_ns, slot.end_ns, line.tz, minutes=True)}  ·  {length}"


def facts(line: Line, summary: Summary) -> list[tuple[str, str]]:
    """Return what is known of a shift, as names and figures."""
    kpi = summary.kpi
    if not summary.recorded:
        return [(tr("Recording"), tr("not recorded"))]
    base = line.unit_of_count
    rows = [
        (tr("OEE"), oee(known(kpi.oee_index), known(kpi.oee_low), known(kpi.oee_high), early=kpi.early)),
        (tr("Availability"), percent(kpi.availability)), (tr("Effectiveness"), percent(kpi.effectiveness)), (tr("Quality"), percent(kpi.quality_ratio)),
        (tr("Good"), f"{number(kpi.good)} {base}" if isfinite(kpi.good) else "–"), (tr("Scrap"), number(kpi.scrap)),
        (tr("Longest stop"), stop_words(line, summary.stop)), (tr("Stops"), number(summary.stops)), (tr("Alarms"), number(summary.alarms)),
        (tr("Gaps"), duration(summary.gap_ns / SECOND_NS) if summary.gaps else "–"), (tr("Bookmarks"), number(summary.bookmarks)),
    ]  # fmt: skip
    return rows if summary.slot.number or not line.shifts else rows[4:]


def tip(line: Line, summary: Summary) -> str:
    """Return all of it in a few lines."""
    head = f"{slot_name(line, summary.slot)} · {when(line, summary.slot)}"
    return "\n".join((head, *(f"{name}: {figure}" for name, figure in facts(line, summary))))
