"""Which instants the pictures of a video show. Not for what they show, nor for how they are kept: see `mp4`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

from twin_app.clock import SECOND_NS, SPEEDS
from twin_app.errors import UsageError
from twin_app.text import N_

RATES = range(1, 61)
"""Pictures a second that players show."""


@dataclass(frozen=True, slots=True)
class Film:
    """A span at a speed: picture k shows `start_ns` + k * `speed` / `rate_per_s`, whatever it took to draw the one before."""

    start_ns: int
    end_ns: int
    speed: float
    rate_per_s: int

    @property
    def count(self) -> int:
        """Return how many pictures there are; the last shows the end, or the last instant before it that is on the grid."""
        return int((self.end_ns - self.start_ns) / self._step_ns) + 1

    @property
    def lasts_s(self) -> float:
        """Return how long it plays, s."""
        return self.count / self.rate_per_s

    def at_ns(self, number: int) -> int:
        """Return the instant of a picture, UTC ns; the first has number 0. Rounded once, so that nothing adds up."""
        return self.start_ns + round(number * self._step_ns)

    @property
    def _step_ns(self) -> Fraction:
        """Return the plant's time between two pictures; 0.1 means a tenth, not the float nearest to it."""
        return Fraction(repr(self.speed)) * SECOND_NS / self.rate_per_s


def film_of(start_ns: int, end_ns: int, *, speed: float, rate_per_s: int) -> Film:
    """Return the film of [start_ns, end_ns], UTC ns.

    Raises:
        UsageError: the span is empty, or no player shows it so.
    """
    if end_ns <= start_ns:
        raise UsageError(N_("The window ends before it starts."), tip=N_("Give --from a time before --to."))
    if not isfinite(speed) or not SPEEDS[0] <= speed <= SPEEDS[-1]:
        raise UsageError(
            N_("{speed} is not a speed of a video."), tip=N_("Give one from {least} to {most}."),
            speed=f"{speed:g}", least=f"{SPEEDS[0]:g}", most=f"{SPEEDS[-1]:g}",
        )  # fmt: skip
    if rate_per_s not in RATES:
        raise UsageError(
            N_("{rate} is not a number of pictures a second."), tip=N_("Give one from {least} to {most}."),
            rate=rate_per_s, least=RATES[0], most=RATES[-1],
        )  # fmt: skip
    return Film(start_ns, end_ns, float(speed), rate_per_s)
