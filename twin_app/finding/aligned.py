"""Another shift beside the one that is looked at: what it did, told at this one's times. Not for choosing it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from twin_app.finding.comparing import window
from twin_app.finding.stops import Stop, stops, stretches
from twin_app.model.historian import Series, Span
from twin_app.model.samples import Kind, Quality

if TYPE_CHECKING:
    from twin_app.finding.comparing import Window
    from twin_app.model.kpi import Trend
    from twin_app.model.timeline import Intervals, UnitNow
    from twin_app.session.known import Known

MOST_STOPS = 12


@dataclass(frozen=True, slots=True)
class Aligned:
    """A stretch of another recording (or of another time of the same) that stands `ahead_ns` later on its own clock.

    All questions and answers are in the time of the shift it stands beside; beyond its own stretch it says nothing. Any thread may ask.
    """

    known: Known
    name: str
    start_ns: int
    end_ns: int
    """The stretch on its own clock, UTC ns."""
    ahead_ns: int
    """Its own time less the time it stands at."""

    @property
    def span(self) -> Span:
        """Return where it stands."""
        return Span(self.start_ns - self.ahead_ns, self.end_ns - self.ahead_ns)

    def at(self, ahead_ns: int) -> Aligned:
        """Return it standing somewhere else."""
        return replace(self, ahead_ns=ahead_ns)

    def timeline(self, unit: str, start_ns: int, end_ns: int) -> Intervals:
        """Return a unit's state intervals within a span, and its own stretch."""
        first, last = self._own(start_ns, end_ns)
        found = self.known.timeline(unit, first, last)
        began, over = (None if at_ns is None else at_ns - self.ahead_ns for at_ns in (found.began_ns, found.over_ns))
        return replace(found, start_ns=found.start_ns - self.ahead_ns, end_ns=found.end_ns - self.ahead_ns, began_ns=began, over_ns=over)

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        """Return a signal's samples of a span, or their envelope; `signal` is its number in `known.signals`. Behind its end it is unknown."""
        found = self.known.range(signal, *self._own(start_ns, end_ns), pixels)
        over = [self.end_ns + 1] if end_ns + self.ahead_ns > self.end_ns else []
        n = len(over)
        return Series(
            np.append(found.times_ns, np.array(over, np.int64)) - self.ahead_ns, np.append(found.value, np.full(n, np.nan)),
            np.append(found.kind, np.full(n, Kind.NULL, np.uint8)), np.append(found.quality, np.full(n, Quality.UNKNOWN, np.uint8)),
            np.full(len(found.times_ns) + n, -1, np.int64), envelope=found.envelope,
        )  # fmt: skip

    def trend(self, unit: str | None, start_ns: int, end_ns: int, points: int) -> Trend:
        """Return figures from its own start, from which they count, to the end of a span; unit None is the line."""
        _, last = self._own(start_ns, end_ns)
        found = self.known.trend(unit, self.start_ns, last, points)
        return replace(found, times_ns=[at_ns - self.ahead_ns for at_ns in found.times_ns])

    def unit_now(self, unit: str, at_ns: int) -> UnitNow | None:
        """Return a unit's state at an instant, None beyond its own stretch; `since_ns` is in the time of the shift it stands beside."""
        own_ns = at_ns + self.ahead_ns
        if not self.start_ns <= own_ns <= self.end_ns:
            return None
        now = self.known.unit_now(unit, own_ns)
        return replace(now, since_ns=now.since_ns - self.ahead_ns)

    def window(self, until_ns: int | None = None) -> Window:
        """Return all its figures, or those up to an instant of the shift it stands beside."""
        end_ns = self.end_ns if until_ns is None else min(max(until_ns + self.ahead_ns, self.start_ns), self.end_ns)
        return window(self.known, self.start_ns, end_ns, self.name)

    def longest_stops(self) -> tuple[Stop, ...]:
        """Return its longest stops, on its own clock, the longest first."""
        line, alarms = self.known.line, self.known.alarm_report(self.start_ns, self.end_ns)
        rows = {unit.id: stretches(self.known.timeline(unit.id, self.start_ns, self.end_ns)) for unit in line.flow_order}
        found = [stop for unit, own in rows.items() for stop in stops(line, unit, own, alarms)]
        return tuple(sorted(found, key=lambda stop: stop.start_ns - stop.end_ns)[:MOST_STOPS])

    def _own(self, start_ns: int, end_ns: int) -> tuple[int, int]:
        """Return a span on its own clock, within its own stretch."""
        first = min(max(start_ns + self.ahead_ns, self.start_ns), self.end_ns)
        return first, min(max(end_ns + self.ahead_ns, first), self.end_ns)
