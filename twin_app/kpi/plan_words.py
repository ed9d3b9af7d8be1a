"""Output against plan in words, and as JSON: the same in window, command line and report. Not for reckoning: see `kpi.against`."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, TypedDict

from twin_app.text import clock_time, number, tr
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from twin_app.model.against import Against

    Known = float | None

RANGE_WORTH_SAYING = 0.5
"""Pieces by which a projection's range must differ to be told."""


class AgainstAnswer(TypedDict):
    """A shift against its plan; null: no plan, or not known. `projected` is the run rate of the shift so far, carried on to its end."""

    shift_start: str
    shift_end: str
    target: float | None
    due: float | None
    good: float | None
    ahead: float | None
    left_s: float
    projected: float | None
    projected_low: float | None
    projected_high: float | None
    oee_target: float | None


def against_answer(found: Against) -> AgainstAnswer:
    """Return what `kpi --json` prints."""
    return {
        "shift_start": iso_utc(found.start_ns), "shift_end": iso_utc(found.end_ns), "target": found.target, "due": _known(found.due),
        "good": _known(found.good), "ahead": _known(found.ahead), "left_s": found.left_s, "projected": _known(found.projected),
        "projected_low": _known(found.projected_low), "projected_high": _known(found.projected_high), "oee_target": found.oee_target,
    }  # fmt: skip


def _known(value: float) -> float | None:
    return value if isfinite(value) else None


def ahead_told(found: Against) -> str:
    """Return how the output stands to the plan: `1 240 behind plan`."""
    if found.target is None:
        return tr("no plan")
    if not isfinite(found.ahead):
        return tr("output unknown")
    size = number(abs(found.ahead))
    return tr("{n} ahead of plan", n=size) if found.ahead >= 0 else tr("{n} behind plan", n=size)


def projection_told(found: Against, zone: ZoneInfo) -> str:
    """Return where the run rate leads: `≈ 43 900 by 14:00 at this rate`, a range where some time was blind; empty once the shift is over."""
    if not found.left_s:
        return ""
    end = clock_time(found.end_ns, zone)[: len("14:00")]
    if not isfinite(found.projected):
        return tr("too early for a projection")
    low, high = found.projected_low, found.projected_high
    if isfinite(low) and isfinite(high) and high - low > RANGE_WORTH_SAYING:
        return tr("projected {low}–{high} by {time}", low=number(low), high=number(high), time=end)
    return tr("projected {n} by {time}", n=number(found.projected), time=end)
