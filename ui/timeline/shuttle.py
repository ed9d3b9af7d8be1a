"""J K L as on an editing desk: each press the next speed in its direction. Closed-form, no Qt."""

from __future__ import annotations

SHUTTLE_SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 120.0, 300.0, 600.0, 1000.0, 3600.0)

CREEP = 0.25
"""With K held down."""


def shuttled(speed: float, direction: int, *, playing: bool) -> float:
    """Return the speed after L (direction 1) or J (-1): 1x from rest or from the other direction, else the next faster one."""
    moving = playing and speed * direction > 0
    if not moving:
        return direction * SHUTTLE_SPEEDS[0]
    faster = next((s for s in SHUTTLE_SPEEDS if s > abs(speed)), SHUTTLE_SPEEDS[-1])
    return direction * faster
