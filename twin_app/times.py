"""Instants and durations as people type and scripts read them. Not for showing times to people: see `text`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from twin_app.errors import UsageError
from twin_app.text import N_

_UNIT_S = {"ms": 0.001, "s": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|min|[smhd])\s*")
_LONGEST_S = 100 * 366 * 86_400.0
"""A century: an offset beyond it has a digit too many, and leaves the years that can be written."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANGE_NS = 2**62
"""Beyond it (the years 1823 and 2116) no sample can lie, and a column of instants overflows."""


def parse_duration_ns(text: str) -> int:
    """Return a duration such as `90s`, `8h`, `1h30min` or `250ms` in ns.

    Raises:
        UsageError: it is not one, or longer than a century; a bare number has no unit and is refused.
    """
    parts = _PART.findall(text.strip())
    if not parts or _PART.sub("", text.strip()):
        raise UsageError(
            N_("“{text}” is not a duration."), tip=N_("Write a number with its unit, such as 90s, 5min, 8h or 1h30min."), text=text
        )
    seconds = sum(float(size) * _UNIT_S[unit] for size, unit in parts)
    if seconds > _LONGEST_S:
        raise UsageError(
            N_("“{text}” is longer than a century."), tip=N_("Write a number with its unit, such as 90s, 5min, 8h or 1h30min."), text=text
        )
    return round(seconds * 1e9)


def parse_instant_ns(text: str, start_ns: int) -> int:
    """Return an instant in UTC ns: ISO 8601 with a zone, or an offset from `start_ns` such as `+90s`.

    Raises:
        UsageError: it is neither, it has no zone, or no recording reaches that far.
    """
    at_ns = start_ns + parse_duration_ns(text[1:]) if text.startswith("+") else _iso_ns(text)
    if abs(at_ns) >= _RANGE_NS:
        raise UsageError(N_("“{text}” is before the year 1823 or after 2116."), tip=N_("Check its digits."), text=text)
    return at_ns


def _iso_ns(text: str) -> int:
    """Return an ISO 8601 time with a zone in UTC ns."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        tip = N_("Write ISO 8601 with a zone, such as 2026-11-23T10:16:19+08:00, or an offset from the start, such as +90s.")
        raise UsageError(N_("“{text}” is not a time."), tip=tip, text=text) from error
    if moment.tzinfo is None:
        raise UsageError(N_("“{text}” has no time zone."), tip=N_("Add one, such as Z for UTC or +08:00."), text=text)
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def iso_utc(at_ns: int) -> str:
    """Return an instant as ISO 8601 in UTC with milliseconds, and more digits only where it has more."""
    moment = _EPOCH + timedelta(seconds=at_ns // 1_000_000_000)
    fraction = f"{at_ns % 1_000_000_000:09d}"
    digits = fraction[:3] + fraction[3:].rstrip("0")
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{digits}Z"


def iso_compact(at_ns: int) -> str:
    """Return an instant as ISO 8601 in UTC to the second, as a file's name may hold it: `20261123T020304Z`."""
    return f"{_EPOCH + timedelta(seconds=at_ns // 1_000_000_000):%Y%m%dT%H%M%SZ}"
