"""Samples to points of a curve: steps, gaps, ranges. Numpy only, no Qt and no pyqtgraph."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from twin_app.clock import SECOND_NS
from twin_app.model.samples import Kind, Quality
from twin_app.model.timeline import BLIND_STATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from twin_app.model.historian import Series
    from twin_app.model.timeline import Intervals

LENGTHS_NS = tuple(
    n * SECOND_NS for n in (30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 172_800, 604_800, 2_419_200)
)  # fmt: skip
"""Lengths of a time axis that grows in steps, so that a curve that grows does not squeeze with every sample."""


def seconds(times_ns: Sequence[int] | NDArray[np.int64], origin_ns: int) -> NDArray[np.float64]:
    """Return instants as seconds after an origin, shape (n,); float64 keeps nanoseconds over a hundred days."""
    return (np.asarray(times_ns, np.int64) - origin_ns) / SECOND_NS


def known_values(series: Series) -> NDArray[np.float64]:
    """Return a series' numbers, shape (n,), NaN where nothing is known: no number, or bad, stale or unknown quality."""
    numeric = (series.kind == Kind.NUMBER) | (series.kind == Kind.BOOL)
    trusted = (series.quality <= Quality.UNCERTAIN) | (series.quality == Quality.RETAINED)
    return np.where(numeric & trusted, series.value, np.nan)


def steps(
    x: NDArray[np.float64], y: NDArray[np.float64], start: float, end: float, *, pixel: float = 0.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Return the corners of a line that holds each value until the next, from `start` to `end`; empty for no samples.

    A value in force before `start` is drawn from `start` on; samples behind `end` are left out; NaN stays NaN, a gap. Samples
    that are nearer than a `pixel` have a corner each: nobody could see the other.
    """
    kept = x <= end
    x, y = np.maximum(x[kept], start), y[kept]
    if not len(x):
        return x, y
    edges = np.append(x, end)
    corners = 1 + (np.diff(edges) > pixel)
    corners[-1] = 2
    ends = np.cumsum(corners) - 1
    at = np.repeat(x, corners)
    held = corners > 1
    at[ends[held]] = edges[1:][held]
    return at, np.repeat(y, corners)


def axis_end(start_ns: int, at_ns: int, final_ns: int | None) -> int:
    """Return where a time axis from `start_ns` ends: the next round length behind the playhead, but not behind a replay's end.

    `final_ns` is None while the end still grows. A function of the instant alone, so that the picture is the same after any seek.
    """
    length = next((n for n in LENGTHS_NS if n >= at_ns - start_ns), at_ns - start_ns)
    end = start_ns + length if final_ns is None else min(start_ns + length, max(final_ns, at_ns))
    return max(end, start_ns + SECOND_NS)


def top_of(curves: Iterable[NDArray[np.float64]], least: float) -> float:
    """Return the upper end of an axis that starts at 0: five per cent above the highest value, at least `least`."""
    highest = least
    for values in curves:
        finite = values[np.isfinite(values)]
        if len(finite):
            highest = max(highest, float(finite.max()) * 1.05)
    return highest


def value_at(times_ns: Sequence[int] | NDArray[np.int64], values: Sequence[float] | NDArray[np.float64], at_ns: int) -> float:
    """Return the value in force at an instant: the last one at or before it, NaN before the first."""
    index = int(np.searchsorted(np.asarray(times_ns, np.int64), at_ns, "right")) - 1
    return float(values[index]) if index >= 0 and isfinite(values[index]) else float("nan")


def blind_spans(intervals: Intervals) -> list[tuple[int, int]]:
    """Return where nobody knew the state, as (start, end) in ns; neighbours are joined."""
    spans: list[tuple[int, int]] = []
    ends = np.append(intervals.start_ns[1:], intervals.end_ns)[: len(intervals)]
    for start, end, state in zip(intervals.start_ns, ends, intervals.state, strict=True):
        if state != BLIND_STATE:
            continue
        if spans and spans[-1][1] == start:
            spans[-1] = spans[-1][0], int(end)
        else:
            spans.append((int(start), int(end)))
    return spans


def spread(levels: Sequence[tuple[float, float]], room: tuple[float, float], name_height: float) -> list[tuple[float, bool]]:
    """Return where the names of levels stand so that none covers another: the right edge in pixels, and whether below the line.

    A level is its line's height in pixels from above and its name's width; `room` is the plot's width and height. A name stands above its line
    at the right if there is room, else below it, else further left; where there is none anywhere, at the right all the same.
    """
    width, height = room
    taken: list[tuple[float, float, float, float]] = []
    found: list[tuple[float, bool]] = [(width, False)] * len(levels)
    for number in sorted(range(len(levels)), key=lambda one: levels[one][0]):
        y, wide = levels[number]
        for right, below in _stands(width, wide):
            top = y if below else y - name_height
            box = right - wide, top, right, top + name_height
            if (
                top >= 0
                and box[3] <= height
                and all(box[2] <= other[0] or other[2] <= box[0] or box[3] <= other[1] or other[3] <= box[1] for other in taken)
            ):
                taken.append(box)
                found[number] = right, below
                break
    return found


def _stands(width: float, wide: float) -> list[tuple[float, bool]]:
    """Return where a name may stand, the best first: its right edge, and whether below the line."""
    columns = max(1, int(width // max(wide, 1.0)))
    return [(width - column * wide, below) for column in range(columns) for below in (False, True)]
