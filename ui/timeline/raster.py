"""What a lane shows: the class of each state, the worst class in every pixel, shares and neighbours. Numpy only, no Qt.

A pixel shows the worst of all states in it, so that zooming out never loses a short stop.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.packml import CATEGORIES, TRANSIENT, Category, State
from twin_app.model.timeline import BLIND_STATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.model.historian import Span
    from twin_app.model.timeline import Intervals


class LaneClass(IntEnum):
    """How a state is drawn; the higher number wins a pixel."""

    NOTHING = -1
    """Outside what is known."""
    RUNNING = 0
    WAITING = 1
    TRANSITION = 2
    EXTERNAL = 3
    BLOCKED = 4
    STARVED = 5
    UNDEFINED = 6
    BLIND = 7
    STOPPED = 8
    HELD = 9
    ABORTED = 10


_BY_STATE = {
    State.EXECUTE: LaneClass.RUNNING, State.IDLE: LaneClass.WAITING, State.COMPLETE: LaneClass.WAITING,
    State.STOPPED: LaneClass.STOPPED, State.HELD: LaneClass.HELD, State.HOLDING: LaneClass.HELD,
    State.ABORTED: LaneClass.ABORTED, State.ABORTING: LaneClass.ABORTED,
    State.SUSPENDED: LaneClass.EXTERNAL, State.SUSPENDING: LaneClass.EXTERNAL, State.UNDEFINED: LaneClass.UNDEFINED,
}  # fmt: skip
_SIDES = {Category.STARVED: LaneClass.STARVED, Category.BLOCKED: LaneClass.BLOCKED}


def lane_class(state: State | None, category: Category) -> LaneClass:
    """Return the class of a state; a suspended one stands on the side it waits for, where that is known."""
    if state is None or category is Category.BLIND:
        return LaneClass.BLIND
    found = _BY_STATE.get(state, LaneClass.TRANSITION if state in TRANSIENT else LaneClass.STOPPED)
    return _SIDES.get(category, found) if found is LaneClass.EXTERNAL else found


def _table() -> NDArray[np.int8]:
    """Return the classes by [state + 1, category], state -1 being blind."""
    rows = [[lane_class(None, c) for c in CATEGORIES], *([lane_class(s, c) for c in CATEGORIES] for s in State)]
    return np.array(rows, np.int8)


_CLASSES = _table()


def classes(intervals: Intervals) -> NDArray[np.int8]:
    """Return the class of each interval, shape (k,)."""
    place = (intervals.state.astype(np.intp) - BLIND_STATE) * len(CATEGORIES) + intervals.category
    return _CLASSES.take(place, mode="clip")  # a number nobody knows is no reason to paint nothing


def ends(intervals: Intervals) -> NDArray[np.int64]:
    """Return where each interval ends, shape (k,)."""
    return np.append(intervals.start_ns[1:], np.int64(intervals.end_ns))


def bar(intervals: Intervals, index: int, known: Span) -> tuple[int, int | None]:
    """Return from when to when a bar lasts, also where it reaches beyond what was asked for; None: it goes on at the known end.

    A break of the calendar or another mode does not cut a bar, being starved after being blocked does.
    """
    kind = classes(intervals)
    differs = np.flatnonzero((intervals.state != intervals.state[index]) | (kind != kind[index]))
    place = int(differs.searchsorted(index))
    first, past = int(differs[place - 1]) + 1 if place else 0, int(differs[place]) if place < len(differs) else len(intervals)
    start_ns = int(intervals.start_ns[first])
    if not first and intervals.began_ns is not None:
        start_ns = min(max(intervals.began_ns, known.start_ns), start_ns)
    if past < len(intervals):
        return start_ns, int(intervals.start_ns[past])
    return start_ns, intervals.over_ns if intervals.over_ns is not None and intervals.over_ns < known.end_ns else None


def worst_per_pixel(intervals: Intervals, start_ns: int, end_ns: int, pixels: int) -> NDArray[np.int8]:
    """Return the worst class in each of `pixels` columns of [start_ns, end_ns), shape (pixels,); NOTHING where nothing is known.

    Column i covers [start + i w, start + (i + 1) w). An interval, however short, is in the column in which it starts.
    """
    found = np.full(pixels, LaneClass.NOTHING, np.int8)
    if not len(intervals) or pixels < 1:
        return found
    edges = _edges(start_ns, end_ns, pixels)
    known = (edges[1:] > intervals.start_ns[0]) & (edges[:-1] < intervals.end_ns)
    first = np.maximum(np.searchsorted(intervals.start_ns, edges[:-1], "right") - 1, 0)
    last = np.maximum(np.searchsorted(intervals.start_ns, edges[1:], "left"), first + 1)
    kind = np.append(classes(intervals), np.int8(LaneClass.NOTHING))  # one more, so that `last` may point behind the end
    pairs = np.stack((first, last), axis=1).ravel()
    found[known] = np.maximum.reduceat(kind, pairs)[::2][known]
    return found


@lru_cache(maxsize=2)
def _edges(start_ns: int, end_ns: int, pixels: int) -> NDArray[np.int64]:
    """Return where the columns begin and the last one ends, shape (pixels + 1,); the same for every lane of a picture."""
    return start_ns + np.arange(pixels + 1, dtype=np.int64) * (end_ns - start_ns) // pixels


RUN, EXTERNAL, STOP, BLIND = range(4)
_GROUP = {
    LaneClass.RUNNING: RUN, LaneClass.EXTERNAL: EXTERNAL, LaneClass.BLOCKED: EXTERNAL, LaneClass.STARVED: EXTERNAL,
    LaneClass.BLIND: BLIND,
}  # fmt: skip


_GROUPS = np.array([_GROUP.get(kind, STOP) for kind in LaneClass if kind is not LaneClass.NOTHING], np.intp)


def shares(intervals: Intervals, start_ns: int, end_ns: int) -> tuple[int, int, int, int] | None:
    """Return per cent running, waiting for neighbours, stopped and blind of the known part of a span; they add up to 100.

    Whole per cent by largest remainder, but what exists is at least 1 %: four seconds of blindness never read as none.
    None where nothing of the span is known.
    """
    length = np.minimum(ends(intervals), end_ns) - np.maximum(intervals.start_ns, start_ns)
    totals = np.bincount(_GROUPS[classes(intervals)], weights=np.maximum(length, 0), minlength=4).tolist()
    return _whole_percent(totals) if sum(totals) else None


def _whole_percent(totals: list[float]) -> tuple[int, int, int, int]:
    """Round to whole per cent that add up to 100, none of the existing to 0."""
    whole = sum(totals)
    exact = [100 * t / whole for t in totals]
    floors = [max(int(e), 1) if t else 0 for e, t in zip(exact, totals, strict=True)]
    order = sorted(range(4), key=lambda i: exact[i] - floors[i], reverse=True)
    for i in order[: max(100 - sum(floors), 0)]:
        floors[i] += 1
    floors[max(range(4), key=floors.__getitem__)] += 100 - sum(floors)
    return floors[0], floors[1], floors[2], floors[3]


def interval_at(intervals: Intervals, at_ns: int) -> int | None:
    """Return the index of the interval in force at an instant, None outside."""
    if not len(intervals) or not intervals.start_ns[0] <= at_ns <= intervals.end_ns:
        return None
    return int(np.searchsorted(intervals.start_ns, at_ns, "right")) - 1
