"""The playhead: which instant is shown, and how it moves. The only clock of the twin; wall time enters only through `advance`."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

MILLISECOND_NS = 1_000_000
SECOND_NS = 1_000_000_000
SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 120.0, 300.0, 600.0, 1000.0, 3600.0)
"""The speeds offered by the transport; any value between the ends may be set."""
Cuts = Sequence[tuple[int, int]]
"""Stretches of time, start and end, that are passed over; ascending, apart."""


def now_ns() -> int:
    """Return UTC now, quantised to 1 ms as receive times are."""
    return time.time_ns() // MILLISECOND_NS * MILLISECOND_NS


@dataclass(slots=True)
class Clock:
    """The playhead. `following` means: stays at the live end whatever `at_ns` was."""

    at_ns: int = 0
    playing: bool = False
    speed: float = 1.0
    following: bool = False
    loop: tuple[int, int] | None = None
    """Start and end of what is played round and round, once the playhead has run into it."""
    cut: tuple[int, int] | None = None
    """The last stretch that `advance` passed over, None where it passed over none."""

    def advance(self, elapsed_ns: int, start_ns: int, end_ns: int, cuts: Cuts = ()) -> bool:
        """Move by `elapsed_ns` of wall time within [start_ns, end_ns]; stop at either end of a replay.

        Returns:
            Whether time was leapt over: round the loop, or a cut.
        """
        leapt, self.cut = False, None
        if self.following:
            self.at_ns = end_ns
        elif self.playing:
            ran_ns = round(elapsed_ns * self.speed)
            passed_ns, self.cut = passed(self.at_ns, ran_ns, cuts)
            at_ns = self._looped(passed_ns)
            leapt = at_ns != self.at_ns + ran_ns
            self.at_ns = at_ns
            if not start_ns <= self.at_ns <= end_ns:
                self.playing = False
        self.at_ns = min(max(self.at_ns, start_ns), end_ns)
        return leapt

    def _looped(self, at_ns: int) -> int:
        """Return where a move to an instant ends: whoever runs out of the loop comes in again at its other end."""
        if self.loop is None:
            return at_ns
        start_ns, end_ns = self.loop
        if self.speed > 0 and self.at_ns <= end_ns < at_ns:
            return start_ns + (at_ns - end_ns) % (end_ns - start_ns)
        if self.speed < 0 and self.at_ns >= start_ns > at_ns:
            return end_ns - (start_ns - at_ns) % (end_ns - start_ns)
        return at_ns

    def seek(self, at_ns: int) -> None:
        """Jump; playing goes on from there, following ends."""
        self.at_ns = at_ns
        self.following = False

    def follow(self) -> None:
        """Go to the live end and stay there."""
        self.following = True
        self.playing = True
        self.speed = 1.0


def passed(at_ns: int, ran_ns: int, cuts: Cuts) -> tuple[int, tuple[int, int] | None]:
    """Return where one is after running `ran_ns` (negative: backwards), cuts taking no time, and the last cut on the way.

    Costs nothing but for the cuts on the way.
    """
    cut = None
    if ran_ns > 0:
        for start, end in cuts[bisect_right(cuts, at_ns, key=_end_of) :]:
            if at_ns + ran_ns < start:
                break
            ran_ns -= max(start - at_ns, 0)
            at_ns, cut = end, (start, end)
    elif ran_ns < 0:
        for start, end in reversed(cuts[: bisect_left(cuts, at_ns, key=_start_of)]):
            if at_ns + ran_ns > end:
                break
            ran_ns += max(at_ns - end, 0)
            at_ns, cut = start, (start, end)
    return at_ns + ran_ns, cut


def _start_of(cut: tuple[int, int]) -> int:
    """Return where a cut begins."""
    return cut[0]


def _end_of(cut: tuple[int, int]) -> int:
    """Return where a cut ends."""
    return cut[1]
