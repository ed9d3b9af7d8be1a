"""When to hand over and when to commit: the rhythm of a live source. Pure arithmetic on seconds, not for doing it.

QoS 1 is acknowledged after the commit, and a broker has only so many unacknowledged messages on the way (20 by default
in Mosquitto): waiting longer than it takes to fill that window makes the broker drop. So a commit is due when the window is
full, when the socket has run dry, or when the oldest message has waited long enough. Without unacknowledged messages a dry
socket is no reason: each commit costs a synchronous write.
"""

from __future__ import annotations

FLUSH_S = 0.005
"""A frame is shown every 33 ms: what waits longer than a part of that is seen one later."""
DRY_S = 0.005
LONGEST_S = 0.25
RETRY_S = 1.0
WINDOW = 20


class Pace:
    """What waits since when. All times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        """Start with nothing waiting and the smallest window that brokers are known to use."""
        self.window = WINDOW
        self._oldest_s: float | None = None
        self._newest_s = 0.0
        self._unacknowledged = 0
        self._flush_from_s: float | None = None
        self._not_before_s = 0.0

    def took(self, now_s: float, *, count: int, unacknowledged: int) -> None:
        """Note messages just read, and how many wait for their acknowledgement in all.

        A broker that sends more than the window without an acknowledgement proves that its window is larger.
        """
        if count:
            self._oldest_s = now_s if self._oldest_s is None else self._oldest_s
            self._flush_from_s = now_s if self._flush_from_s is None else self._flush_from_s
            self._newest_s = now_s
        self._unacknowledged = unacknowledged
        self.window = max(self.window, unacknowledged)

    def flush_due(self, now_s: float) -> bool:
        """Say whether samples have waited `FLUSH_S` for being handed over."""
        return self._flush_from_s is not None and now_s >= self._flush_from_s + FLUSH_S

    def flushed(self) -> None:
        """Note that everything was handed over."""
        self._flush_from_s = None

    def commit_due(self, now_s: float) -> bool:
        """Say whether to commit (and then to acknowledge)."""
        if self._oldest_s is None or now_s < self._not_before_s:
            return False
        if self._unacknowledged >= self.window or now_s >= self._oldest_s + LONGEST_S:
            return True
        return self._unacknowledged > 0 and now_s >= self._newest_s + DRY_S

    def committed(self, now_s: float, *, durable: bool) -> None:
        """Note a commit; one that failed is tried again after `RETRY_S`."""
        if durable:
            self._oldest_s = None
            self._unacknowledged = 0
        self._not_before_s = 0.0 if durable else now_s + RETRY_S
        self._flush_from_s = None

    def wait_s(self, now_s: float, longest_s: float) -> float:
        """Return how long a source may sleep on its socket before something is due."""
        due = [now_s + longest_s]
        if self._flush_from_s is not None:
            due.append(self._flush_from_s + FLUSH_S)
        if self._oldest_s is not None:
            commit_s = self._newest_s + DRY_S if self._unacknowledged else self._oldest_s + LONGEST_S
            due.append(max(commit_s, self._not_before_s))
        return max(0.0, min(due) - now_s)
