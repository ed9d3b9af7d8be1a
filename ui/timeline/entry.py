"""What a person types to go to a time: `14:03:10`, a date or a zone with it, `+90s` from the start, `-2min` before the end. No Qt."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.errors import UsageError
from twin_app.text import N_
from twin_app.times import parse_duration_ns, parse_instant_ns

if TYPE_CHECKING:
    from datetime import tzinfo

    from twin_app.model.historian import Span

_CLOCK = re.compile(
    r"(?:(\d{4})-(\d{1,2})-(\d{1,2})[T ]+)?(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?"
    r"(?: *(?:UTC)?([+\N{MINUS SIGN}-])(\d{1,2})(?::?(\d{2}))?)?"
)
_MINUS = ("-", "\N{MINUS SIGN}")

NOT_A_TIME = N_("“{typed}” is not a time.")
NOT_A_TIME_TIP = N_("Type 14:03:10, 2026-11-23 14:03:10, +90s (from the start) or -2min (before the end).")


class _SkippedError(UsageError):
    """The clocks went forward over it."""


def parse(typed: str, *, at_ns: int, span: Span, zone: tzinfo) -> int:
    """Return the instant meant, UTC ns. A time of day is that of the playhead's date, or of a neighbouring date if only that is known.

    Of an hour that the clocks show twice it is the time nearer to the playhead; a zone with it (`02:30 UTC+1`, `02:30+01:00`) says which.

    Raises:
        UsageError: it is no time (names what was typed and what is understood), or the clocks went forward over it.
    """
    text = typed.strip()
    try:
        if text.startswith(_MINUS):
            return span.end_ns - parse_duration_ns(text[1:])
        if match := _CLOCK.fullmatch(text):
            return _clock(match, at_ns=at_ns, span=span, zone=_zone(match) or zone)
        return parse_instant_ns(text, span.start_ns)
    except _SkippedError:
        raise
    except (UsageError, ValueError, OverflowError) as error:
        raise UsageError(NOT_A_TIME, tip=NOT_A_TIME_TIP, typed=text[:40]) from error


def _zone(match: re.Match[str]) -> tzinfo | None:
    """Return the zone that was typed, None where none was; ValueError where there is no such zone."""
    if not match[8]:
        return None
    ahead = timedelta(hours=int(match[9]), minutes=int(match[10] or 0))
    return timezone(-ahead if match[8] in _MINUS else ahead)


def _clock(match: re.Match[str], *, at_ns: int, span: Span, zone: tzinfo) -> int:
    """Return the instant of a time of day; ValueError where the calendar has no such time."""
    of_day = time(int(match[4]), int(match[5]), int(match[6] or 0))
    fraction_ns = round(float(match[7] or 0) * SECOND_NS)
    if match[1]:
        days = [date(int(match[1]), int(match[2]), int(match[3]))]
    else:
        today = datetime.fromtimestamp(at_ns // SECOND_NS, zone).date()
        days = [today + timedelta(days=more) for more in (0, -1, 1)]
    found = [[at + fraction_ns for at in _instants(day, of_day, zone)] for day in days]
    known = next((known for some in found if (known := [at for at in some if span.start_ns <= at <= span.end_ns])), found[0])
    if not known:
        raise _SkippedError(
            N_("There was no {typed} on {day}: the clocks went forward over it."), tip=N_("Type a time before or after it, or one with its zone: 03:30 UTC+2."),
            typed=of_day.isoformat(), day=days[0].isoformat(),
        )  # fmt: skip
    return min(known, key=lambda at: abs(at - at_ns))


def _instants(day: date, of_day: time, zone: tzinfo) -> list[int]:
    """Return when the clocks showed a local time, UTC ns: once, twice where they went back, never where they went forward over it."""
    moments = {round(datetime.combine(day, of_day.replace(fold=fold), tzinfo=zone).timestamp()) for fold in (0, 1)}
    return [
        at_s * SECOND_NS
        for at_s in sorted(moments)
        if datetime.fromtimestamp(at_s, zone).replace(tzinfo=None, fold=0) == datetime.combine(day, of_day)
    ]
