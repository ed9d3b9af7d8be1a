"""The source's own time of a message, and whether to believe it. Not for receive time, which is fixed at intake."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from twin_app.clock import SECOND_NS

if TYPE_CHECKING:
    from twin_app.codec.values import Value

AHEAD_NS = 300 * SECOND_NS
BEHIND_NS = 7 * 86_400 * SECOND_NS
PATTERN = "%"
"""Stands in a `time_unit` that is a pattern."""
_MICROSECONDS_LENGTH = len("20261123T092557.123456")
_UNIT_NS = {"s": SECOND_NS, "ms": 1_000_000, "us": 1_000, "ns": 1}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANGE_NS = 2**62
"""Times beyond (the years 1823 and 2116) are refused before they overflow a column."""
_COUNT = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?", re.ASCII)
_DOT_NET = re.compile(r"\\?/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\\?/", re.ASCII)
"""`/Date(ms)/` as .NET's serialisers write it; a zone behind the count changes nothing, for it counts in UTC."""
_BEYOND_MICROSECONDS = re.compile(r"[.,]\d{6}(\d{1,3})", re.ASCII)
_WEEKDAY = re.compile(r"[A-Za-z]{3}, ", re.ASCII)
_SPELLINGS = (
    (re.compile(r"^(\d{4})/(\d\d)/(\d\d)"), r"\1-\2-\3"),  # 2026/11/23
    (re.compile(r"^(?:DT#|DTL#|LDT#)?(\d{4}-\d\d-\d\d)-(\d\d:)", re.IGNORECASE), r"\1T\2"),  # IEC 61131-3: DT#2026-11-23-09:25:57
    (re.compile(r"\[[\w/+-]{1,40}\]$"), ""),  # Java names the zone behind its offset
    (re.compile(r" ?(?:z|UTC|GMT)$", re.IGNORECASE), "Z"),
)
"""How programs spell what ISO 8601 has another way for."""
_LIMITS = ((1e11, SECOND_NS), (1e14, 1_000_000), (1e17, 1_000))


def source_time_ns(value: Value, unit: str, zone: str = "") -> int | None:
    """Return UTC ns of a source's time stamp, None where it cannot be understood.

    Args:
        value: ISO 8601 text, .NET's `/Date(...)/`, or a count since 1970 UTC (a number, or its digits).
        unit: `iso8601`, `s`, `ms`, `us`, `ns`, or `auto`: a text that is no number is a date, a number counts in the unit
            that puts it nearest to our time (seconds up to 10^11, then ms up to 10^14, us up to 10^17, ns); or a pattern of
            `datetime.strptime`, such as `%d.%m.%Y %H:%M:%S`.
        zone: IANA name of the zone of a date that names none; where it is empty such a date is not taken, for it could mean
            anything. Of an hour that occurs twice as summer ends the first is taken; a time in the hour that is skipped as it
            begins is none.
    """
    if isinstance(value, bool) or value is None:
        return None
    try:
        at_ns = _read(value, unit, zone)
    except (ValueError, OverflowError, TypeError, IndexError):  # the last two: the reader of e-mails' dates, of what is none
        return None
    return at_ns if at_ns is not None and abs(at_ns) < _RANGE_NS else None


def believable(source_ns: int, received_ns: int) -> bool:
    """Say whether a source's time may order its samples: at most 300 s ahead of receipt and 7 days behind."""
    return received_ns - BEHIND_NS <= source_ns <= received_ns + AHEAD_NS


def _read(value: str | float, unit: str, zone: str) -> int | None:
    """Return UTC ns by form and unit; ValueError where the form is no time at all."""
    if PATTERN in unit:
        return _in_utc(datetime.strptime(value.strip(), unit), zone) if isinstance(value, str) else None  # noqa: DTZ007 - the zone follows
    if isinstance(value, str):
        value = value.strip()
        if unit == "iso8601" or (unit == "auto" and not _COUNT.fullmatch(value)):
            dot_net = _DOT_NET.fullmatch(value)
            return int(dot_net[1]) * 1_000_000 if dot_net else _from_iso(value, zone)
    if unit == "iso8601":
        return None
    return _from_count(value, _nearest_unit_ns(float(value)) if unit == "auto" else _UNIT_NS[unit])


def _nearest_unit_ns(count: float) -> int:
    """Return the unit, in ns, in which a count since 1970 lies between 1973 and 5138, seconds where in none."""
    size = abs(count)
    return next((unit_ns for limit, unit_ns in _LIMITS if size < limit), 1)


def _from_iso(written: str, zone: str) -> int | None:
    """Return UTC ns of an ISO 8601 text, or of a date as e-mail has it (RFC 5322)."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        if _WEEKDAY.match(written):
            return _in_utc(parsedate_to_datetime(written), zone)
        for spelling, ours in _SPELLINGS:
            written = spelling.sub(ours, written)
        moment = datetime.fromisoformat(written)
    at_ns = _in_utc(moment, zone)
    beyond = _BEYOND_MICROSECONDS.search(written) if len(written) > _MICROSECONDS_LENGTH else None
    return at_ns + int(beyond[1].ljust(3, "0")) if beyond and at_ns is not None else at_ns


def _in_utc(moment: datetime, zone: str) -> int | None:
    """Return UTC ns of a moment, None where it names no zone and none is given."""
    if moment.tzinfo is None:
        if not zone:
            return None
        moment = moment.replace(tzinfo=ZoneInfo(zone))
        if _skipped(moment):
            return None
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND_NS + since.microseconds * 1_000


def _skipped(moment: datetime) -> bool:
    """Tell whether a zone's clocks never show a time, for they were put forward over it (PEP 495)."""
    before, after = moment.utcoffset(), moment.replace(fold=1).utcoffset()
    return before is not None and after is not None and after > before


def _from_count(value: str | float, unit_ns: int) -> int | None:
    """Return UTC ns of a count; integers stay exact, and a double of today's seconds has no more than microseconds."""
    if isinstance(value, str):
        value = int(value) if value.strip().lstrip("+-").isdigit() else float(value)
    if isinstance(value, int):
        return value * unit_ns
    if not math.isfinite(value):
        return None
    whole = int(value)  # apart from its fraction, for their product with 10^9 has no double
    return whole * unit_ns + round((value - whole) * unit_ns / 1000) * 1000
