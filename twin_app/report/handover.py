"""What a shift hands over: output, OEE, losses, the longest stops with what caused them, alarms, gaps, notes. Values only; `page` words them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from twin_app.analyse.wording import sentence
from twin_app.clock import SECOND_NS
from twin_app.errors import UsageError
from twin_app.model.kpi import By
from twin_app.plant.calendar import Calendar
from twin_app.session.stops import runs
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from twin_app.model.against import Against
    from twin_app.model.alarm import AlarmNow, AlarmPicture, AlarmReport
    from twin_app.model.bookmark import Bookmark
    from twin_app.model.equipment import Line
    from twin_app.model.kpi import Detail, LineFigures, Part, Spent, Trend
    from twin_app.model.reason import Stop
    from twin_app.session import Session

MOST_STOPS = 10
MOST_GAPS = 20
LEAST_GAP_S = 5.0
POINTS = 96
HOUR_NS = 3600 * SECOND_NS


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which nobody knew what some units did."""

    units: tuple[str, ...]
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """All that is handed over of a window."""

    line: Line
    name: str
    """Of the shift; empty: it is a window somebody chose."""
    start_ns: int
    end_ns: int
    simulated: bool
    figures: LineFigures
    against: Against | None
    """Output against the plan of the shift; None: the window is none that begins with one."""
    details: Mapping[str, Detail]
    line_detail: Detail
    spent: Mapping[str, Sequence[Spent]]
    trend: Trend
    orders: Sequence[Part]
    """What the line worked on, by order, in the order in which it was taken up; nothing where nobody tells orders."""
    hours: Sequence[tuple[int, float]]
    """Start of each hour and good base units that left the line in it; NaN unknown."""
    stops: Sequence[Stop]
    """The longest first."""
    stops_in_all: int
    reasons: Sequence[tuple[str, float, int, Stop]]
    """Id of a reason (empty: nobody gave one), how long units stood for it in seconds, how often, and the longest stop; the most time first."""
    gaps: Sequence[Gap]
    """The longest first, those that units have alike together."""
    gaps_in_all: int
    alarms: AlarmReport
    left: Sequence[AlarmNow]
    """The alarms that stand or are hidden at the end, the gravest first."""
    notes: Sequence[Bookmark]
    sentence: str
    """What ails the line at the end; empty: nothing does."""


def window_of(line: Line, day: date, number: int) -> tuple[str, int, int]:
    """Return name, start and end (UTC ns) of a shift by its local day and its number from 1.

    Raises:
        UsageError: the layout has no such shift.
    """
    found = Calendar(line).named(day, number)
    if found is None:
        raise UsageError(
            N_("{line} has no shift {number} on {day}."), tip=N_("Give day and number of one of the layout's shifts, or --from and --to."),
            line=line.title, number=number, day=day.isoformat(),
        )  # fmt: skip
    return found


def gather(session: Session, start_ns: int, end_ns: int, *, name: str = "") -> Handover:
    """Return what a window hands over; the same figures as everywhere, because the session is asked for them."""
    line = session.line
    spent = {unit.id: session.spent(unit.id, start_ns, end_ns) for unit in line.flow_order}
    alarms = session.alarm_report(start_ns, end_ns)
    stops, gaps = session.stops(start_ns, end_ns), together(spent)
    story = session.story(end_ns)
    return Handover(
        line=line, name=name, start_ns=start_ns, end_ns=end_ns, simulated=session.simulated,
        figures=session.figures(start_ns, end_ns),
        against=session.against(None, start_ns, end_ns),
        details={unit.id: session.detail(unit.id, start_ns, end_ns) for unit in line.flow_order},
        line_detail=session.detail(None, start_ns, end_ns),
        spent=spent,
        trend=session.trend(None, start_ns, end_ns, POINTS),
        orders=[part for part in session.parts(None, By.ORDER, start_ns, end_ns) if part.name is not None],
        hours=_hours(session, start_ns, end_ns),
        stops=sorted(stops, key=lambda stop: stop.start_ns - stop.end_ns)[:MOST_STOPS], stops_in_all=len(stops), reasons=by_reason(stops),
        gaps=gaps[:MOST_GAPS], gaps_in_all=len(gaps),
        alarms=alarms,
        left=_left(session.alarms(end_ns)),
        notes=[note for note in session.notes.seen(end_ns) if start_ns <= note.at_ns <= end_ns],
        sentence=sentence(line, story),
    )  # fmt: skip


def _left(picture: AlarmPicture) -> list[AlarmNow]:
    """Return the alarms that the next shift takes over: those that stand, then those that are shelved, suppressed or out of service."""
    standing = sorted((now for now in picture.listed if now.state.stands), key=lambda now: (now.alarm.priority, -now.since_ns))
    return [*standing, *picture.hidden]


def _hours(session: Session, start_ns: int, end_ns: int) -> list[tuple[int, float]]:
    """Return the good base units of each hour of the window, the last one as long as it is."""
    edges = [*range(start_ns, end_ns, HOUR_NS), end_ns]
    return [(a, session.figures(a, b).line.good) for a, b in pairwise(edges)]


def by_reason(stops: Iterable[Stop]) -> list[tuple[str, float, int, Stop]]:
    """Return for each reason how long units stood, in seconds, how often, and the longest stop; the most time first."""
    for_it: dict[str, list[Stop]] = {}
    for stop in stops:
        for_it.setdefault(stop.reason, []).append(stop)
    rows = [(reason, sum(map(_lasted_ns, some)) / SECOND_NS, len(some), max(some, key=_lasted_ns)) for reason, some in for_it.items()]
    return sorted(rows, key=lambda row: -row[1])


def _lasted_ns(stop: Stop) -> int:
    """Return how long a stop lasted."""
    return stop.end_ns - stop.start_ns


def together(spent: Mapping[str, Sequence[Spent]]) -> list[Gap]:
    """Return the stretches in which nobody knew what units did, the longest first; units of the same stretch stand together."""
    found: dict[tuple[int, int], list[str]] = {}
    for unit, rows in spent.items():
        for stretch in runs(rows, lambda row: row.state is None):
            if stretch[-1].end_ns - stretch[0].start_ns >= LEAST_GAP_S * SECOND_NS:
                found.setdefault((stretch[0].start_ns, stretch[-1].end_ns), []).append(unit)
    return sorted((Gap(tuple(units), *span) for span, units in found.items()), key=lambda gap: (gap.start_ns - gap.end_ns, gap.start_ns))
