"""What the mouse is told on a timeline: states with their reason, totals, bookmarks, alarms. Not for how it is shown: see `pointer`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from twin_app.clock import SECOND_NS
from twin_app.model.packml import State
from twin_app.text import clock_time, duration, percent, tr
from ui.palette import glyph
from ui.timeline.lane_alarms import alarms_told
from ui.timeline.raster import bar, ends
from ui.timeline.tips import lane_tip, moment, worst_between
from ui.words import state_word

if TYPE_CHECKING:
    from twin_app.model.bookmark import Bookmark
    from twin_app.model.timeline import Intervals
    from ui.context import Query
    from ui.timeline.canvas import TimelineCanvas
    from ui.timeline.lanes import Row

TICK_REACH_PX = 3
_KEPT = 500


class Telling(QObject):
    """Words for what lies under a pixel.

    Signals:
        more(): a reason has arrived; what is told now may say more.
    """

    more = Signal()

    def __init__(self, canvas: TimelineCanvas, query: Query) -> None:
        """Tell about one canvas."""
        super().__init__(canvas)
        self._canvas, self._query = canvas, query
        self._reasons: dict[tuple[str, int, int], str] = {}

    def __call__(self, x: float, y: float) -> str:
        """Return the words, empty where there is nothing to tell."""
        canvas = self._canvas
        if bookmark := canvas.bookmark_at(x, y):
            return self._of_bookmark(bookmark)
        if y < canvas.rows.top_px:
            return self._above(x, y)
        row = canvas.row_at(y)
        if row is None or canvas.view.known is None:
            return ""
        return self._head(row) if x < canvas.scale.left_px else self._state(row, x)

    def _above(self, x: float, y: float) -> str:
        """Tell what the columns are, or which alarm a tick is."""
        canvas = self._canvas
        if x < canvas.scale.left_px:
            return tr("Share of the visible time: running, held up by neighbours, not running, unknown.") if y < canvas.axis_px else ""
        ticks = canvas.content.beside.ticks
        if y < canvas.axis_px or ticks is None or not len(ticks.times_ns):
            return ""
        apart = np.abs(canvas.scale.left_px + (ticks.times_ns - canvas.scale.start_ns) / canvas.scale.ns_per_px - x)
        near = np.flatnonzero(apart <= TICK_REACH_PX)
        if not len(near):
            return ""
        gravest = min(near.tolist(), key=lambda i: (ticks.priority[i], apart[i]))
        at_ns, unit = int(ticks.times_ns[gravest]), ticks.units[gravest]
        said = self._reason(unit, at_ns, at_ns + SECOND_NS)
        lines = [
            f"{self._when(at_ns)}  {self._title(unit)}",
            tr("alarm of priority {n}", n=int(ticks.priority[gravest])),
            said,
        ]
        lines.append(tr("and {n} more here", n=len(near) - 1) if len(near) > 1 else "")
        return "\n".join(line for line in lines if line)

    def _title(self, unit: str) -> str:
        """Return what people call a unit."""
        units = self._canvas.content.line.units if self._canvas.content.line else ()
        return next((one.title for one in units if one.id == unit), unit)

    def _of_bookmark(self, bookmark: Bookmark) -> str:
        """Tell a bookmark's time and what is written beside it."""
        when = " – ".join(self._when(at_ns) for at_ns in (bookmark.at_ns, bookmark.end_ns) if at_ns is not None)
        return f"⚑ {when}\n{bookmark.text}".strip()

    def _when(self, at_ns: int) -> str:
        """Return an instant as it must be told within what is known."""
        known = self._canvas.view.known
        return moment(at_ns, self._canvas.zone, known, digits=1) if known else clock_time(at_ns, self._canvas.zone, date=True, digits=1)

    def _head(self, row: Row) -> str:
        """Tell how long a unit was in each state within the visible time."""
        scale, view = self._canvas.scale, self._canvas.view
        intervals = self._canvas.content.intervals(row, row.unit, view.known.end_ns) if row.unit and view.known else None
        alarms = self._alarms(row)
        if intervals is None or not len(intervals):
            return "\n".join([row.title, *alarms])
        totals = totals_by_state(intervals, scale.start_ns, scale.end_ns)
        whole = sum(totals.values())
        rows = [
            f"{glyph(state)} {state_word(state)}: {duration(ns / SECOND_NS)} ({percent(ns / whole)})"
            for state, ns in sorted(totals.items(), key=lambda one: -one[1])
        ]
        return "\n".join([row.title, *rows, *alarms])

    def _alarms(self, row: Row) -> list[str]:
        """Tell the alarms of a lane's units at the playhead."""
        content = self._canvas.content
        if content.line is None or row.other or not (row.unit or row.folded):
            return []
        return alarms_told(content.alarms, row.units, content.line, self._canvas.zone)

    def _state(self, row: Row, x: float) -> str:
        """Tell the worst state under a pixel of a lane, since when, for how long, and why."""
        canvas = self._canvas
        known = canvas.content.known(row, canvas.view.known)
        if known is None:
            return ""
        first, last = canvas.scale.at(int(x)), canvas.scale.at(int(x) + 1)
        found: list[tuple[int, str, Intervals, int]] = []
        for unit in row.units:
            intervals = canvas.content.intervals(row, unit, known.end_ns)
            index = None if intervals is None else worst_between(intervals, first, last)
            if intervals is not None and index is not None:
                found.append((_badness(intervals, index), unit, intervals, index))
        if not found:
            return ""
        _, unit, intervals, index = max(found, key=lambda one: one[0])
        start_ns, over_ns = bar(intervals, index, known)
        until_ns = known.end_ns if over_ns is None else over_ns
        asks = not row.other and int(intervals.state[index]) not in {int(State.EXECUTE), int(State.IDLE), int(State.COMPLETE)}
        why = self._reason(unit, start_ns, until_ns) if asks else ""
        line = canvas.content.line
        ahead_ns = canvas.content.ahead_ns(row)
        told = lane_tip(line.unit(unit), intervals, index, canvas.zone, known, ahead_ns=ahead_ns) if line else ""
        said = f"{row.title}\n{told}" if row.other else told
        return f"{said}\n{why}" if why else said

    def _reason(self, unit: str, start_ns: int, end_ns: int) -> str:
        """Return why, if it is known here yet; else ask."""
        key = (unit, start_ns, end_ns)
        if key not in self._reasons:
            if len(self._reasons) > _KEPT:
                self._reasons.clear()
            self._reasons[key] = ""
            self._query.reason("timeline/reason", unit, start_ns, end_ns, partial(self._on_reason, key))
        return self._reasons[key]

    def _on_reason(self, key: tuple[str, int, int], why: str) -> None:
        self._reasons[key] = why
        if why:
            self.more.emit()


def totals_by_state(intervals: Intervals, start_ns: int, end_ns: int) -> dict[State | None, int]:
    """Return ns in each state within a span, None standing for unknown; states that did not occur are left out."""
    length = np.minimum(ends(intervals), end_ns) - np.maximum(intervals.start_ns, start_ns)
    found: dict[State | None, int] = {}
    for number, ns in zip(intervals.state.tolist(), np.maximum(length, 0).tolist(), strict=True):
        if ns:
            state = State(number) if 0 <= number < len(State) else None
            found[state] = found.get(state, 0) + ns
    return found


def _badness(intervals: Intervals, index: int) -> int:
    """Return how bad an interval's class is."""
    from ui.timeline.raster import classes

    return int(classes(intervals)[index])
