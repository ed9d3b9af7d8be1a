"""How many of the screen's pixels a picture gets while the eye moves and a processor draws: as many as keep it smooth. Pure."""

from __future__ import annotations

from math import sqrt

GOAL_MS = 45.0
"""A picture while the eye moves may take so long."""
STEPS = (1.0, 0.75, 0.5)


class Sharpness:
    """Learns from the pictures what a pixel costs; one share holds for a whole move, so that a picture does not flicker."""

    def __init__(self) -> None:
        """Know nothing yet: every pixel is drawn."""
        self._whole_ms = 0.0
        self._share = 1.0
        self._moving = False

    def learn(self, took_ms: float, share: float) -> None:
        """Take note of a picture drawn while the eye moved, with such a share of the screen's lines."""
        whole = took_ms / share**2
        self._whole_ms = whole if self._whole_ms <= 0 else 0.5 * (self._whole_ms + whole)

    def share(self, *, moving: bool) -> float:
        """Return what share of the screen's lines and columns the next picture has; all where the eye rests."""
        if moving and not self._moving:
            wanted = sqrt(GOAL_MS / self._whole_ms) if self._whole_ms > 0 else 1.0
            self._share = next((step for step in STEPS if step <= wanted), STEPS[-1])
        self._moving = moving
        return self._share if moving else 1.0
