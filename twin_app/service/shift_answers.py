"""The JSON that `shifts` prints: stable, because scripts rely on it. Keys may be added, never changed. Not for wording."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from twin_app.clock import SECOND_NS
from twin_app.service.answers import Known, KpiAnswer, known, ratios
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.finding.catalogue import Catalogue
    from twin_app.finding.stops import Stop
    from twin_app.finding.summary import Summary
    from twin_app.model.equipment import Line

Span = TypedDict("Span", {"from": str, "to": str})
"""A stretch of time, ISO 8601 in UTC."""
StopAnswer = TypedDict("StopAnswer", {"unit": str, "from": str, "seconds": float, "state": str | None, "why": str})
"""A stop: whose, when, how long, the gravest state, and what the unit's first alarm said."""
ShiftAnswer = TypedDict(
    "ShiftAnswer",
    {
        "shift": str, "day": str, "number": int, "name": str, "from": str, "to": str, "recorded": bool, "recorded_to": str, "kpi": KpiAnswer,
        "good": Known, "produced": Known, "scrap": Known, "biggest_stop": StopAnswer | None, "stops": int, "alarms": int, "gaps": list[Span],
        "gap_s": float, "bookmarks": int,
    },
)  # fmt: skip
"""One shift: `shift` is what `--shift` takes, local day and number (0: outside of all shifts); counts are the line's."""


class CatalogueAnswer(TypedDict):
    """What `shifts --json` prints."""

    line: str
    zone: str
    recording: str
    simulated: bool
    shifts: list[ShiftAnswer]
    problems: list[str]


def catalogue_answer(line: Line, path: Path, found: Catalogue) -> CatalogueAnswer:
    """Return the object that `twin-app shifts --json` prints."""
    return {
        "line": line.id, "zone": line.zone, "recording": str(path), "simulated": found.simulated,
        "shifts": [shift_answer(summary) for summary in found.summaries], "problems": list(found.problems),
    }  # fmt: skip


def shift_answer(summary: Summary) -> ShiftAnswer:
    """Return one shift."""
    slot, kpi = summary.slot, summary.kpi
    return {
        "shift": slot.key, "day": slot.day.isoformat(), "number": slot.number, "name": slot.name, "from": iso_utc(slot.start_ns),
        "to": iso_utc(slot.end_ns), "recorded": summary.recorded, "recorded_to": iso_utc(summary.end_ns), "kpi": ratios(kpi),
        "good": known(kpi.good), "produced": known(kpi.produced), "scrap": known(kpi.scrap),
        "biggest_stop": _stop(summary.stop) if summary.stop else None, "stops": summary.stops, "alarms": summary.alarms,
        "gaps": [{"from": iso_utc(start_ns), "to": iso_utc(end_ns)} for start_ns, end_ns in summary.gaps],
        "gap_s": summary.gap_ns / SECOND_NS, "bookmarks": summary.bookmarks,
    }  # fmt: skip


def _stop(stop: Stop) -> StopAnswer:
    """Return one stop."""
    state = None if stop.state is None else stop.state.title
    seconds = (stop.end_ns - stop.start_ns) / SECOND_NS
    return {"unit": stop.unit, "from": iso_utc(stop.start_ns), "seconds": seconds, "state": state, "why": stop.alarm}
