"""The playhead: which instant is shown, and how it moves. The only clock of the twin; wall time enters only through `advance`."""

from __future__ import annotations

import time
from dataclasses import dataclass

MILLISECOND_NS = 1_000_000
SECOND_NS = 1_000_000_000
SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0)
"""The speeds offered by the transport; any value between the ends may be set."""


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

    def advance(self, elapsed_ns: int, start_ns: int, end_ns: int) -> None:
        """Move by `elapsed_ns` of wall time within [start_ns, end_ns]; stop at either end of a replay."""
        if self.following:
            self.at_ns = end_ns
        elif self.playing:
            self.at_ns += round(elapsed_ns * self.speed)
            if not start_ns <= self.at_ns <= end_ns:
                self.playing = False
        self.at_ns = min(max(self.at_ns, start_ns), end_ns)

    def seek(self, at_ns: int) -> None:
        """Jump; playing goes on from there, following ends."""
        self.at_ns = at_ns
        self.following = False

    def follow(self) -> None:
        """Go to the live end and stay there."""
        self.following = True
        self.playing = True
        self.speed = 1.0
