"""The source's own time of a message, and whether to believe it. Not for receive time, which is fixed at intake."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS

if TYPE_CHECKING:
    from twin_app.codec.values import Value

AHEAD_NS = 300 * SECOND_NS
BEHIND_NS = 7 * 86_400 * SECOND_NS
_UNIT_NS = {"s": SECOND_NS, "ms": 1_000_000, "us": 1_000, "ns": 1}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANGE_NS = 2**62
"""Times beyond (the years 1823 and 2116) are refused before they overflow a column."""


def source_time_ns(value: Value, unit: str) -> int | None:
    """Return UTC ns of a source's time stamp, None where it cannot be understood.

    Args:
        value: ISO 8601 text with a zone, or a count since 1970 UTC (a number, or its digits).
        unit: `iso8601`, `s`, `ms`, `us` or `ns`.
    """
    if isinstance(value, bool) or value is None:
        return None
    try:
        at_ns = _from_iso(str(value)) if unit == "iso8601" else _from_count(value, _UNIT_NS[unit])
    except (ValueError, OverflowError):
        return None
    return at_ns if at_ns is not None and abs(at_ns) < _RANGE_NS else None


def believable(source_ns: int, received_ns: int) -> bool:
    """Say whether a source's time may order its samples: at most 300 s ahead of receipt and 7 days behind."""
    return received_ns - BEHIND_NS <= source_ns <= received_ns + AHEAD_NS


def _from_iso(written: str) -> int | None:
    """Return UTC ns of an ISO 8601 text; one without a zone could mean anything and is not taken."""
    moment = datetime.fromisoformat(written.strip())
    if moment.tzinfo is None:
        return None
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND_NS + since.microseconds * 1_000


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
