"""What a person types to go to a time: `14:03:10`, a date with it, `+90s` from the start, `-2min` before the end. No Qt."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.errors import UsageError
from twin_app.service import link as links
from twin_app.text import N_
from twin_app.times import parse_duration_ns, parse_instant_ns

if TYPE_CHECKING:
    from datetime import tzinfo

    from twin_app.model.historian import Span

_CLOCK = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})[T ]+)?(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?")
_MINUS = ("-", "\N{MINUS SIGN}")

NOT_A_TIME = N_("“{typed}” is not a time.")
NOT_A_TIME_TIP = N_("Type 14:03:10, 2026-11-23 14:03:10, +90s (from the start) or -2min (before the end).")


def parse(typed: str, *, at_ns: int, span: Span, zone: tzinfo) -> int:
    """Return the instant meant, UTC ns. A time of day is that of the playhead's date, or of a neighbouring date if only that is known.

    Raises:
        UsageError: it is neither a time nor a link to one (names what was typed and what is understood).
    """
    text = typed.strip()
    if links.is_link(text):
        return links.read(text).at_ns
    try:
        if text.startswith(_MINUS):
            return span.end_ns - parse_duration_ns(text[1:])
        if match := _CLOCK.fullmatch(text):
            return _clock(match, at_ns=at_ns, span=span, zone=zone)
        return parse_instant_ns(text, span.start_ns)
    except (UsageError, ValueError, OverflowError) as error:
        raise UsageError(NOT_A_TIME, tip=NOT_A_TIME_TIP, typed=text[:40]) from error


def _clock(match: re.Match[str], *, at_ns: int, span: Span, zone: tzinfo) -> int:
    """Return the instant of a time of day; ValueError where the calendar has no such time."""
    of_day = time(int(match[4]), int(match[5]), int(match[6] or 0))
    fraction_ns = round(float(match[7] or 0) * SECOND_NS)
    if match[1]:
        return _instant(date(int(match[1]), int(match[2]), int(match[3])), of_day, zone) + fraction_ns
    today = datetime.fromtimestamp(at_ns // SECOND_NS, zone).date()
    candidates = [_instant(today + timedelta(days=days), of_day, zone) + fraction_ns for days in (0, -1, 1)]
    return next((c for c in candidates if span.start_ns <= c <= span.end_ns), candidates[0])


def _instant(day: date, of_day: time, zone: tzinfo) -> int:
    """Return a local time as UTC ns; of an hour that the clocks show twice the first, so that nothing is skipped."""
    return round(datetime.combine(day, of_day, tzinfo=zone).timestamp()) * SECOND_NS
