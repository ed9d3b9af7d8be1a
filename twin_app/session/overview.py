"""The overview of a recording and the ticks of its alarms, reckoned from what is known. Not for painting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.overview import AlarmTicks, Overview
from twin_app.model.packml import State
from twin_app.model.timeline import BLIND_STATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.model.timeline import Intervals
    from twin_app.session.known import Known

STATES = len(State) + 1
_NONE = np.iinfo(np.uint8).max


def overview(known: Known, start_ns: int, end_ns: int, pixels: int) -> Overview:
    """Return `pixels` columns over a span; what may not be told of is blank."""
    edges = start_ns + np.arange(pixels + 1, dtype=np.int64) * (end_ns - start_ns) // pixels
    total = np.zeros((pixels, STATES), np.float32)
    constraint = np.zeros_like(total)
    for unit in known.line.units:
        shares = _shares(known.timeline(unit.id, start_ns, end_ns), edges)
        total += shares
        if unit.id == known.line.constraint:
            constraint = shares
    total /= max(len(known.line.units), 1)
    return Overview(start_ns, end_ns, total, constraint, _gravest(alarm_ticks(known, start_ns, end_ns), edges))


def alarm_ticks(known: Known, start_ns: int, end_ns: int) -> AlarmTicks:
    """Return when alarms occurred that somebody was shown."""
    rows = [row for row in known.alarms.transitions(min(start_ns, known.until_ns), min(end_ns, known.until_ns)) if row.shown]
    return AlarmTicks(
        np.array([row.at_ns for row in rows], np.int64), np.array([row.alarm.priority for row in rows], np.uint8),
        tuple(row.alarm.unit for row in rows),
    )  # fmt: skip


def _shares(intervals: Intervals, edges: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the share of each column spent in each state, shape (n, 1 + states): differences of running sums."""
    if not len(intervals):
        return np.zeros((len(edges) - 1, STATES), np.float32)
    ends = np.append(intervals.start_ns[1:], np.int64(intervals.end_ns))
    sums = np.zeros((len(intervals) + 1, STATES))
    column = intervals.state.astype(np.intp) - BLIND_STATE
    sums[np.arange(1, len(intervals) + 1), column] = ends - intervals.start_ns
    sums = np.cumsum(sums, axis=0)
    at = np.clip(edges, intervals.start_ns[0], intervals.end_ns)
    row = np.clip(intervals.start_ns.searchsorted(at, "right") - 1, 0, len(intervals) - 1)
    spent = sums[row]
    spent[np.arange(len(at)), column[row]] += at - intervals.start_ns[row]
    return (np.diff(spent, axis=0) / np.diff(edges)[:, None]).astype(np.float32)


def _gravest(ticks: AlarmTicks, edges: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the gravest priority of each column, 0 where there is none; shape (n,)."""
    found = np.full(len(edges) - 1, _NONE, np.uint8)
    columns = np.clip(edges.searchsorted(ticks.times_ns, "right") - 1, 0, len(found) - 1)
    np.minimum.at(found, columns, ticks.priority)
    found[found == _NONE] = 0
    return found
