"""Reading a long file beside a window that starts: in haste as far as its first frames need, then at leisure. Arithmetic, not for resting itself.

Whoever reads and whoever paints take turns at one interpreter. A reader in haste makes each of the window's thousand small steps
wait, so that a second of its work takes three.
"""

from __future__ import annotations

REST_EVERY_S = 0.005
REST_SHARE = 2.0
"""A reader at leisure rests so many times as long as it has read."""
LASTS_S = 6.0
"""After so long the window stands, and the reader goes on in haste: a long file shall not take three times as long."""


class Leisure:
    """When to rest, and for how long."""

    def __init__(self, haste_ns: int) -> None:
        """Read in haste up to `haste_ns` into the file."""
        self._haste_ns = haste_ns
        self._first_ns: int | None = None
        self._ends_s = float("inf")
        self._since_s: float | None = None

    def rest_s(self, received_ns: int, now_s: float) -> float:
        """Return how long to rest after a message, 0 where no rest is due; `now_s` is of a monotonic clock."""
        if self._first_ns is None:
            self._first_ns = received_ns
        if received_ns < self._first_ns + self._haste_ns or now_s > self._ends_s:
            return 0.0
        if self._since_s is None:
            self._since_s, self._ends_s = now_s, now_s + LASTS_S
        read_s = now_s - self._since_s
        if read_s < REST_EVERY_S:
            return 0.0
        self._since_s += read_s * (1.0 + REST_SHARE)
        return read_s * REST_SHARE
