"""Where a vehicle is and was, from what it reported: a function of the playhead alone, the same at any speed and backwards. No widgets.

Between two reports a vehicle is shown to move evenly, `LAG_S` later than it did: so much must be known before anybody can draw the way
between. It is never ahead of its newest report, stands there after the lag, and where reports come seldom it stands until the next one
is there and then moves within the lag.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite, nan, pi
from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.samples import Kind, Quality
from ui.scene3d.scene import Pose

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.model.historian import Series

    Floats = NDArray[np.float64]
    Instants = NDArray[np.int64]

LAG_S = 1.25
"""A report a second, with some jitter, is drawn as even motion."""
LAG_NS = round(LAG_S * 1e9)
TRAIL_S = 180.0
_JUMP_M_S = 8.0
"""Nothing that drives in a hall is faster: it was carried, or it found its place anew."""
_STEP_NS = 2_000_000_000
_LEAST_M = 0.1
MOST = 256
"""A trail has no more points than this."""
_TRUSTED = (Quality.GOOD, Quality.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Place:
    """What a vehicle reported last."""

    pose: Pose
    at_ns: int
    sound: bool
    """Whether it can still be believed."""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """The reports of one vehicle in order of time, arrays of shape (n,); metres and radians, NaN where it did not say its heading."""

    times_ns: Instants
    x_m: Floats
    y_m: Floats
    heading_rad: Floats
    from_ns: int
    """From here on nothing is missing, to `until_ns`."""
    until_ns: int

    def pose(self, at_ns: int) -> Pose | None:
        """Return where the vehicle is shown at an instant; None before it was heard of."""
        known = int(np.searchsorted(self.times_ns, at_ns, side="right"))
        if known == 0:
            return None
        x, y, heading = self._delayed(at_ns - LAG_NS, known)
        return Pose(x, y, heading)

    def _delayed(self, at_ns: int, known: int) -> tuple[float, float, float]:
        """Return the place on the way between reports, of which the first `known` may be used."""
        after = min(int(np.searchsorted(self.times_ns[:known], at_ns, side="right")), known - 1)
        before = max(after - 1, 0)
        start, end = max(int(self.times_ns[before]), int(self.times_ns[after]) - LAG_NS), int(self.times_ns[after])
        share = min(max((at_ns - start) / (end - start), 0.0), 1.0) if end > start else 1.0
        if self._jumps(before, after):
            share = float(share >= 1.0)
        x, y = (float(of[before] + (of[after] - of[before]) * share) for of in (self.x_m, self.y_m))
        return x, y, _between(float(self.heading_rad[before]), float(self.heading_rad[after]), share)

    def _jumps(self, before: int, after: int) -> bool:
        """Tell whether nothing drives from one report to another in its time."""
        way = float(np.hypot(self.x_m[after] - self.x_m[before], self.y_m[after] - self.y_m[before]))
        return way > _JUMP_M_S * max(1.0, (int(self.times_ns[after]) - int(self.times_ns[before])) / 1e9)

    def trail(self, at_ns: int) -> Floats:
        """Return the way it is shown to have come, oldest first: x, y and how fresh each point is from 0 to 1, shape (m, 3), m <= `MOST`.

        A row of NaN parts ways that do not hang together.
        """
        known = int(np.searchsorted(self.times_ns, at_ns, side="right"))
        if known == 0:
            return np.empty((0, 3))
        shown_ns = at_ns - LAG_NS
        first = int(np.searchsorted(self.times_ns, at_ns - round(TRAIL_S * 1e9)))
        last = int(np.searchsorted(self.times_ns[:known], shown_ns, side="right"))
        x, y, _ = self._delayed(shown_ns, known)
        times = np.append(self.times_ns[first:last], shown_ns)
        # Trails fade in steps, so that a hall at rest need not be drawn again and again.
        steady_ns = at_ns // _STEP_NS * _STEP_NS
        fresh = np.clip(1.0 - (steady_ns - times) / 1e9 / TRAIL_S, 0.0, 1.0)
        fresh[-1] = 1.0
        return _thinned(np.column_stack([np.append(self.x_m[first:last], x), np.append(self.y_m[first:last], y), fresh]), times)

    def covers(self, at_ns: int) -> bool:
        """Tell whether everything is known that is shown at an instant."""
        return self.from_ns <= at_ns <= self.until_ns

    def heard(self, report: Place | None, *, now_ns: int) -> Track:
        """Return the track with one more report, if it is newer than those known; nothing else has come until `now_ns`."""
        if report is None or (len(self.times_ns) and report.at_ns <= self.times_ns[-1]):
            return replace(self, until_ns=max(self.until_ns, now_ns))
        pose = report.pose
        return Track(
            np.append(self.times_ns, report.at_ns), np.append(self.x_m, pose.x_m), np.append(self.y_m, pose.y_m),
            np.append(self.heading_rad, pose.heading_rad), self.from_ns, max(self.until_ns, now_ns),
        )  # fmt: skip


def track(x: Series, y: Series, heading: Series | None, from_ns: int, until_ns: int) -> Track:
    """Return the track of a span from what was reported of each coordinate; a place is one where both are known."""
    times = np.unique(np.concatenate([x.times_ns, y.times_ns, heading.times_ns if heading is not None else np.empty(0, np.int64)]))
    along, across = _in_force(x, times), _in_force(y, times)
    turned = _in_force(heading, times) if heading is not None else np.full(len(times), nan)
    placed = np.isfinite(along) & np.isfinite(across)
    return Track(times[placed], along[placed], across[placed], turned[placed], from_ns, until_ns)


def _in_force(series: Series, times: Instants) -> Floats:
    """Return the value that holds at each instant; NaN before the first, and where it is no number that can be believed."""
    if not len(series.times_ns):
        return np.full(len(times), nan)
    sound = (series.kind == Kind.NUMBER) & np.isin(series.quality, _TRUSTED)
    values = np.where(sound, series.value, nan)
    row = np.searchsorted(series.times_ns, times, side="right") - 1
    found: Floats = np.where(row >= 0, values[np.maximum(row, 0)], nan)
    return found


def _between(start_rad: float, end_rad: float, share: float) -> float:
    """Return a heading on the short way from one to another; where only one is known, that one."""
    if not (isfinite(start_rad) and isfinite(end_rad)):
        return end_rad if isfinite(end_rad) else start_rad
    return start_rad + ((end_rad - start_rad + pi) % (2 * pi) - pi) * share


def _thinned(rows: Floats, times: Instants) -> Floats:
    """Return a way without the points that add nothing to it: those where it stood, and where there are many those close together."""
    steps = np.hypot(*np.diff(rows[:, :2], axis=0).T)
    jumps = steps > _JUMP_M_S * np.maximum(1.0, np.diff(times) / 1e9)
    gone = np.concatenate([[0.0], np.cumsum(np.where(jumps, 0.0, steps))])
    least = max(_LEAST_M, float(gone[-1]) / (MOST - 2 * int(jumps.sum()) - 2)) if jumps.sum() < MOST / 4 else np.inf
    mark = np.floor(gone / least)
    # The end of each stretch is kept as it is, and the corner before a jump.
    kept = np.concatenate([mark[1:] != mark[:-1], [True]])
    kept[0] = True
    kept[:-1] |= jumps
    kept[1:] |= jumps
    parted = np.flatnonzero(np.concatenate([[False], jumps])[kept])
    found: Floats = np.insert(rows[kept], parted, np.nan, axis=0)[-MOST:]
    return found
