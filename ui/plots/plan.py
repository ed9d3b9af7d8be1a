"""Plan and projection as corners of lines through a shift: they rise while the plan is busy and stand in its breaks. Pure, no Qt."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from twin_app.model.against import Against
    from twin_app.model.plan import BreakSpan

    Corners = tuple[NDArray[np.int64], NDArray[np.float64]]


def plan_line(against: Against, times_ns: Sequence[int], gone_s: Sequence[float], breaks: Sequence[BreakSpan]) -> Corners:
    """Return what the plan has made by each instant of the shift, in good pieces; empty without a plan.

    Up to the playhead it follows the planned busy time `gone_s` that was really there by `times_ns` (exceptions of the calendar included),
    from there the calendar's breaks, so that it ends in the target.
    """
    whole_s = against.gone_s + against.left_s
    if against.target is None or not isfinite(against.due) or whole_s <= 0:
        return np.empty(0, np.int64), np.empty(0)
    past = [(t, against.target * gone / whole_s) for t, gone in zip(times_ns, gone_s, strict=True) if t < against.at_ns]
    return _joined([(against.start_ns, 0.0), *past], _ahead(against, against.due, against.target, breaks))


def projection_line(against: Against, projected: float, breaks: Sequence[BreakSpan]) -> Corners:
    """Return the way from the good pieces at the playhead to what is projected for the shift's end; empty where that is not known."""
    if not (isfinite(projected) and isfinite(against.good)) or against.at_ns >= against.end_ns:
        return np.empty(0, np.int64), np.empty(0)
    return _joined([], _ahead(against, against.good, projected, breaks))


def _ahead(against: Against, begin: float, end: float, breaks: Sequence[BreakSpan]) -> list[tuple[int, float]]:
    """Return the corners from the playhead to the shift's end, rising evenly but in breaks."""
    stands = [(max(b.start_ns, against.at_ns), min(b.end_ns, against.end_ns)) for b in sorted(breaks, key=lambda one: one.start_ns)]
    stands = [(a, b) for a, b in stands if a < b]
    left_ns = against.end_ns - against.at_ns - sum(b - a for a, b in stands)
    found, before_ns, busy_ns = [(against.at_ns, begin)], against.at_ns, 0
    for a, b in stands:
        busy_ns += a - before_ns
        value = begin + (end - begin) * (busy_ns / left_ns if left_ns > 0 else 1.0)
        found += [(a, value), (b, value)]
        before_ns = b
    return [*found, (against.end_ns, end)]


def _joined(*parts: Sequence[tuple[int, float]]) -> Corners:
    """Return corners as columns."""
    corners = [corner for part in parts for corner in part]
    return np.array([t for t, _ in corners], np.int64), np.array([value for _, value in corners])
