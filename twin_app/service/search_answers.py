"""What `find` prints: moments as JSON, stable, because scripts rely on it, and as a table. Not for finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from rich.table import Table

from twin_app.alarms.words import unit_title
from twin_app.clock import SECOND_NS
from twin_app.service.search import link_to
from twin_app.service.shift_tables import slot_name
from twin_app.service.tables import rendered
from twin_app.text import clock_span, clock_time, duration, tr
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.finding.search import Moment
    from twin_app.model.equipment import Line
    from twin_app.service.search import Search

MomentAnswer = TypedDict(
    "MomentAnswer",
    {
        "from": str,
        "to": str,
        "seconds": float,
        "open": bool,
        "unit": str,
        "what": str,
        "why": str,
        "shift": str,
        "shift_name": str,
        "link": str,
    },
)
"""One moment; `open`: it lasts beyond the span; `link` opens it."""
SearchAnswer = TypedDict(
    "SearchAnswer",
    {"line": str, "recording": str, "from": str, "to": str, "simulated": bool, "moments": list[MomentAnswer], "problems": list[str]},
)
"""What `find --json` prints."""


def search_answer(line: Line, path: Path, found: Search) -> SearchAnswer:
    """Return the object that `twin-app find --json` prints."""
    return {
        "line": line.id, "recording": str(path), "from": iso_utc(found.start_ns), "to": iso_utc(found.end_ns), "simulated": found.simulated,
        "moments": [_moment(line, path, moment) for moment in found.moments], "problems": list(found.problems),
    }  # fmt: skip


def _moment(line: Line, path: Path, moment: Moment) -> MomentAnswer:
    """Return one moment."""
    slot = moment.slot
    return {
        "from": iso_utc(moment.at_ns), "to": iso_utc(moment.end_ns), "seconds": (moment.end_ns - moment.at_ns) / SECOND_NS, "open": moment.open,
        "unit": moment.unit, "what": moment.what, "why": moment.why, "shift": slot.key if slot else "", "shift_name": slot.name if slot else "",
        "link": link_to(line, path, moment),
    }  # fmt: skip


def search_table(line: Line, path: Path, found: Search) -> str:
    """Return the moments as a table, and how many there are."""
    mark = tr("SIMULATED · ") if found.simulated else ""
    table = Table(title=f"{mark}{clock_span(found.start_ns, found.end_ns, line.tz)}")
    for heading in (tr("Time"), tr("Unit"), tr("What")):
        table.add_column(heading)
    table.add_column(tr("Duration"), justify="right")
    for heading in (tr("Why"), tr("Shift"), tr("Link")):
        table.add_column(heading, no_wrap=True)
    for moment in found.moments:
        table.add_row(*moment_cells(line, moment), link_to(line, path, moment))
    return "\n".join((rendered(table), tr("Moments found: {n}.", n=len(found.moments)), *found.problems))


def moment_cells(line: Line, moment: Moment) -> tuple[str, ...]:
    """Return a moment in words: time, unit, what, duration, why, shift."""
    slot = moment.slot
    lasted = duration((moment.end_ns - moment.at_ns) / SECOND_NS)
    return (
        clock_time(moment.at_ns, line.tz, date=True), unit_title(line, moment.unit), moment.what, f"≥ {lasted}" if moment.open else lasted,
        moment.why, f"{slot.day.isoformat()} {slot_name(line, slot)}" if slot else "",
    )  # fmt: skip
