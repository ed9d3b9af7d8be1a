"""Round local times for a time axis: where the ticks stand and what they say. Closed-form, no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from twin_app.clock import MILLISECOND_NS, SECOND_NS
from twin_app.text import clock_time

if TYPE_CHECKING:
    from datetime import tzinfo

_MINUTE, _HOUR, DAY_NS = 60 * SECOND_NS, 3600 * SECOND_NS, 86_400 * SECOND_NS
STEPS_NS = (
    *(n * MILLISECOND_NS for n in (1, 2, 5, 10, 20, 50, 100, 200, 500)),
    *(n * SECOND_NS for n in (1, 2, 5, 10, 15, 30)),
    *(n * _MINUTE for n in (1, 2, 5, 10, 15, 30)),
    *(n * _HOUR for n in (1, 2, 3, 6, 12)),
    *(n * DAY_NS for n in (1, 2, 7, 14, 28, 56)),
)  # fmt: skip
"""What a person reads as round. Steps below a day divide the day."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A round local time; `major` where a new day begins (the text is then the date)."""

    at_ns: int
    text: str
    major: bool = False


def step_for(span_ns: int, width_px: int, gap_px: int) -> int:
    """Return the shortest round step whose ticks stand at least `gap_px` apart."""
    least = span_ns * gap_px / max(width_px, 1)
    return next((step for step in STEPS_NS if step >= least), STEPS_NS[-1])


def ticks(start_ns: int, end_ns: int, step_ns: int, zone: tzinfo) -> list[Tick]:
    """Return the ticks within [start_ns, end_ns] at multiples of `step_ns` in local time, also over a change of the clocks."""
    if step_ns >= DAY_NS:
        return _days(start_ns, end_ns, step_ns // DAY_NS, zone)
    found: list[Tick] = []
    at = start_ns
    while (at := _next_multiple(at, step_ns, zone)) <= end_ns:
        found.append(_tick(at, step_ns, zone))
        at += 1
    return found


def _next_multiple(at_ns: int, step_ns: int, zone: tzinfo) -> int:
    """Return the first instant at or after `at_ns` whose local time of day is a multiple of the step."""
    offset = offset_ns(at_ns, zone)
    tick = -(-(at_ns + offset) // step_ns) * step_ns - offset
    changed = offset_ns(tick, zone)
    if changed != offset:
        tick = max(-(-(at_ns + changed) // step_ns) * step_ns - changed, at_ns)
    return tick


def _tick(at_ns: int, step_ns: int, zone: tzinfo) -> Tick:
    """Word a tick as finely as its step asks for; midnight carries the date."""
    if (at_ns + offset_ns(at_ns, zone)) % DAY_NS == 0:
        return Tick(at_ns, clock_time(at_ns, zone, date=True)[:10], major=True)
    if step_ns >= _MINUTE:
        return Tick(at_ns, clock_time(at_ns, zone)[:5])
    digits = 0 if step_ns >= SECOND_NS else 1 if step_ns >= 100 * MILLISECOND_NS else 3
    return Tick(at_ns, clock_time(at_ns, zone, digits=digits))


def _days(start_ns: int, end_ns: int, days: int, zone: tzinfo) -> list[Tick]:
    """Return local midnights, every `days` counted from 1970 so that panning does not shift them."""
    local = datetime.fromtimestamp(start_ns / SECOND_NS, zone).date()
    day = local + timedelta(days=-local.toordinal() % days)
    found: list[Tick] = []
    while (at := _midnight_ns(datetime(day.year, day.month, day.day, tzinfo=zone))) <= end_ns:
        if at >= start_ns:
            found.append(Tick(at, day.isoformat(), major=True))
        day += timedelta(days=days)
    return found


def _midnight_ns(moment: datetime) -> int:
    """Return an aware whole-second moment as UTC ns."""
    return round(moment.timestamp()) * SECOND_NS


def offset_ns(at_ns: int, zone: tzinfo) -> int:
    """Return how far the zone is ahead of UTC at an instant."""
    return _offset_of_minute(at_ns // _MINUTE, zone)


@lru_cache(maxsize=4096)
def _offset_of_minute(minute: int, zone: tzinfo) -> int:
    """Return the offset within a minute: zones change at whole minutes."""
    offset = datetime.fromtimestamp(minute * 60, UTC).astimezone(zone).utcoffset() or timedelta()
    return round(offset.total_seconds() * SECOND_NS)
