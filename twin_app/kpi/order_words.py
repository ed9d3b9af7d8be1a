"""How an order went in words, and as JSON: the same in window, command line and sheet. Not for reckoning: see `kpi.course`."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, TypedDict

from twin_app.text import clock_time, duration, number, tr
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from twin_app.model.kpi import Course, Part

TEN_MIN_S, HOUR_S = 600.0, 3570.0
WORTH_SAYING = 0.5
"""Pieces below which nothing is said of them."""


class CourseAnswer(TypedDict):
    """How an order went; null: unknown, without a plan or target, or (`ended`) that it is open. `_s`: seconds of planned busy time."""

    began: str
    began_earlier: bool
    ended: str | None
    good: float | None
    ahead_s: float | None
    to_go: float | None
    to_go_s: float | None


def course_answer(course: Course | None) -> CourseAnswer | None:
    """Return what `kpi --by order --json` prints of it."""
    if course is None:
        return None
    return {
        "began": iso_utc(course.began_ns), "began_earlier": course.began_earlier,
        "ended": None if course.ended_ns is None else iso_utc(course.ended_ns), "good": _known(course.good), "ahead_s": _known(course.ahead_s),
        "to_go": _known(course.to_go), "to_go_s": _known(course.to_go_s),
    }  # fmt: skip


def _known(value: float) -> float | None:
    return value if isfinite(value) else None


def began_told(course: Course | None, zone: ZoneInfo, start_ns: int) -> str:
    """Return when it was taken up, with the date where that was before the window; `≤` where it may have begun earlier."""
    if course is None:
        return "–"
    early = course.began_ns < start_ns
    when = clock_time(course.began_ns, zone, date=early)[: len("2026-11-23 06:00" if early else "06:00")]
    return f"≤\N{NO-BREAK SPACE}{when}" if course.began_earlier else when


def ended_told(course: Course | None, zone: ZoneInfo) -> str:
    """Return when it ended; that it is open."""
    if course is None:
        return "–"
    return tr("open") if course.ended_ns is None else clock_time(course.ended_ns, zone)[: len("14:00")]


def pace_told(course: Course | None) -> str:
    """Return how it stands to the target of OEE: `12 min behind`."""
    if course is None or not isfinite(course.ahead_s):
        return tr("no target")
    time = _about(abs(course.ahead_s))
    return tr("{time} ahead", time=time) if course.ahead_s >= 0 else tr("{time} behind", time=time)


def _about(seconds: float) -> str:
    """Return a time that is no more exact than a person needs: whole minutes from ten of them on."""
    return tr("{m} min", m=round(seconds / 60)) if TEN_MIN_S <= seconds < HOUR_S else duration(seconds)


def remarks(part: Part, *, in_parts: bool = True) -> str:
    """Return what else there is to say of an order: what it lacks, what of it was begun before, what is on its way, what all shifts made of it."""
    course, said = part.course, []
    if course is not None and isfinite(course.to_go):
        said.append(_to_go(course))
    if in_parts and course is not None and isfinite(course.good) and abs(course.good - part.kpi.good) > WORTH_SAYING:
        said.append(tr("{n} good in all", n=number(course.good)))
    if isfinite(part.begun_before) and part.begun_before > WORTH_SAYING:
        said.append(tr("{n} of its pieces were begun before", n=number(part.begun_before)))
    if isfinite(part.in_process) and part.in_process > WORTH_SAYING:
        said.append(tr("{n} on their way", n=number(part.in_process)))
    return " · ".join(said)


def _to_go(course: Course) -> str:
    """Return how much is still to be made, or lacks."""
    if course.to_go <= WORTH_SAYING:
        return tr("planned quantity reached")
    if not course.open:
        return tr("{n} short of the plan", n=number(course.to_go))
    if not isfinite(course.to_go_s):
        return tr("{n} to go", n=number(course.to_go))
    return tr("{n} to go, about {time} at its rate so far", n=number(course.to_go), time=_about(course.to_go_s))
