"""What a broker speaks of while nothing comes on a source's own topics: when to look round, once, and what was seen. Not for listening itself.

Whoever mistypes a topic is connected, and hears nothing for ever. So a source that has heard nothing for a while listens to
everything for a moment, and names what it saw; that is no part of the line, so it is neither decoded nor counted.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from twin_app.codec.topics import TopicPattern

if TYPE_CHECKING:
    from collections.abc import Iterable

QUIET_S = 8.0
"""After so long a silence it is worth looking."""
LASTS_S = 2.0
ENOUGH = 20
"""So many topics say enough: a plant has thousands, and each costs it something."""


class Step(Enum):
    """What is to be done now."""

    NOTHING = auto()
    BEGIN = auto()
    END = auto()


class LookRound:
    """One look, never a second: not every broker likes to be asked for everything."""

    def __init__(self, filters: Iterable[str]) -> None:
        """Know the source's own MQTT filters."""
        self._own = [TopicPattern(f) for f in filters]
        self._seen: dict[str, None] = {}
        self._quiet_from_s: float | None = None
        self._ends_s: float | None = None
        self._over = False

    @property
    def looking(self) -> bool:
        """Whether everything is listened to just now."""
        return self._ends_s is not None and not self._over

    @property
    def topics(self) -> tuple[str, ...]:
        """Return what was seen, in the order of its coming; empty once something of our own came."""
        return tuple(self._seen) if self._over else ()

    def step(self, now_s: float) -> Step:
        """Say what to do at `now_s` (monotonic), while the link is up and subscribed."""
        if self._over:
            return Step.NOTHING
        if self._quiet_from_s is None:
            self._quiet_from_s = now_s
        if self._ends_s is None:
            if now_s < self._quiet_from_s + QUIET_S:
                return Step.NOTHING
            self._ends_s = now_s + LASTS_S
            return Step.BEGIN
        if now_s < self._ends_s and len(self._seen) < ENOUGH:
            return Step.NOTHING
        self._over = True
        return Step.END

    def takes(self, topic: str) -> bool:
        """Tell whether a topic that came is none of ours, and note it; one of ours ends the silence."""
        if self.looking and not any(own.match(topic) for own in self._own):
            if len(self._seen) < ENOUGH:
                self._seen[topic] = None
            return True
        return False

    def heard(self) -> None:
        """Something of our own came: there is no silence to explain."""
        self._seen.clear()
        if self._ends_s is None:
            self._over = True
