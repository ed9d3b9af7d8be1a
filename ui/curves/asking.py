"""Asking for the points of curves: samples of signals as envelopes, KPIs shift by shift. Not for drawing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from twin_app.model.kpi import Trend
from ui.curves.wanted import RATE, Wanted
from ui.plots.shapes import known_values, steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from twin_app.model.historian import Series
    from twin_app.model.plan import ShiftSpan
    from ui.context import LineView, Query

    Times = NDArray[np.int64]
    Values = NDArray[np.float64]
    Answered = Callable[[Wanted, Times, Values], None]

POINTS = 400
"""Of a KPI over the whole window, however many shifts are in it."""
MOST_KEPT = 5000
"""Shifts that are over and kept, so that the next window need not ask for them again."""


class Asking:
    """The questions that are under way, and the shifts that need no asking again."""

    def __init__(self, query: Query, answered: Answered) -> None:
        """Ask here; `answered` is told each curve's corners, times UTC ns ascending, NaN a gap."""
        self._query, self._answered = query, answered
        self._window = (0, 1)
        self._pixels = 1
        self._open: set[str] = set()
        self._takers: dict[str, Callable[[Any], None]] = {}
        self._over: dict[tuple[Wanted, int, int], Trend] = {}
        self._parts: dict[Wanted, dict[int, Trend]] = {}

    @property
    def busy(self) -> bool:
        """Whether some answer is not here yet."""
        return bool(self._open)

    def forget(self) -> None:
        """Know nothing any more: another line, or the past was told otherwise."""
        self._open.clear()
        self._over.clear()
        self._parts.clear()

    def ask(
        self,
        view: LineView,
        curves: Sequence[Wanted],
        window: tuple[int, int],
        at_ns: int,
        pixels: int,
        segments: Sequence[tuple[int, int]],
    ) -> None:
        """Ask for the points of curves in a window [start, end) of time up to the playhead; KPIs count anew from each segment's start."""
        self._window, self._pixels = (window[0], max(min(window[1], at_ns), window[0])), pixels
        for wanted in curves:
            if wanted.kpi:
                self._ask_kpi(wanted, at_ns, segments)
            elif (signal := view.signals.find(wanted.unit, wanted.name)) is not None:
                key = f"curves/{wanted.unit}/{wanted.name}"
                self._open.add(key)
                self._query.range(key, signal, *self._window, pixels, self._taker(key, self._take_series, wanted))

    def _ask_kpi(self, wanted: Wanted, at_ns: int, segments: Sequence[tuple[int, int]]) -> None:
        """Ask for a KPI in every segment that the window shows; one that is over is asked for as a whole, once."""
        start_ns, end_ns = self._window
        shown = [(a, b) for a, b in segments if a < end_ns and b > start_ns]
        points = max(POINTS // max(len(shown), 1), 2)
        self._parts[wanted] = {a: part for a, part in self._parts.get(wanted, {}).items() if a in {a for a, _ in shown}}
        for a, b in shown:
            kept = self._over.get((wanted, a, points))
            if kept is not None and b <= at_ns:
                self._parts[wanted][a] = kept
                continue
            key = f"curves/{wanted.unit}/{wanted.name}/{a}"
            self._open.add(key)
            then = self._taker(key, self._take_trend, wanted, a, points if b <= at_ns else 0)
            self._query.trend(key, wanted.unit or None, a, min(b, at_ns), points, then)
        self._join(wanted)

    def _taker(self, key: str, take: Callable[..., None], *of: object) -> Callable[[Any], None]:
        """Return who takes the answers of a key: the same one for the same question, so that answers that are slow still count."""
        before = self._takers.get(key)
        if not isinstance(before, partial) or before.args != (key, *of):
            before = self._takers[key] = partial(take, key, *of)
        return before

    def _take_series(self, key: str, wanted: Wanted, series: Series) -> None:
        """Draw samples: each holds until the next."""
        self._open.discard(key)
        start_ns, end_ns = self._window
        length = float(end_ns - start_ns)
        x, y = steps((series.times_ns - start_ns).astype(np.float64), known_values(series), 0.0, length, pixel=length / self._pixels)
        self._answered(wanted, start_ns + x.astype(np.int64), y)

    def _take_trend(self, key: str, wanted: Wanted, start_ns: int, points: int, trend: Trend) -> None:
        """Keep a segment of a KPI (`points` not 0: it is over), and draw what is there."""
        self._open.discard(key)
        if points:
            if len(self._over) >= MOST_KEPT:
                self._over.clear()
            self._over[wanted, start_ns, points] = trend
        self._parts.setdefault(wanted, {})[start_ns] = trend
        self._join(wanted)

    def _join(self, wanted: Wanted) -> None:
        """Draw the segments of a KPI one behind the other, with a gap between them."""
        times: list[Times] = [np.empty(0, np.int64)]
        values: list[Values] = [np.empty(0)]
        for _, part in sorted(self._parts.get(wanted, {}).items()):
            if len(part.times_ns):
                scale = 1.0 if wanted.name == RATE else 100.0
                at, value = np.asarray(part.times_ns, np.int64), np.asarray(getattr(part, wanted.name), np.float64) * scale
                times += [at, at[-1:]]
                values += [value, np.full(1, np.nan)]
        self._answered(wanted, np.concatenate(times), np.concatenate(values))


def segments(shifts: Sequence[ShiftSpan], since_ns: int, at_ns: int) -> list[tuple[int, int]]:
    """Return where KPIs begin anew: the calendar's shifts; without any, from the first that is known."""
    return [(shift.start_ns, shift.end_ns) for shift in shifts] or [(since_ns, max(at_ns, since_ns) + 1)]
