"""Whether the horn sounds, and for which priority: until what waits is acknowledged, or silenced here. Not for making a sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin_app.model.alarm import AlarmPicture

Occurrence = tuple[str, int]
"""An alarm's key, and when it occurred."""


class Horn:
    """The horn of one station. Silence is of the sound alone: nothing is acknowledged by it, and what comes afterwards sounds."""

    def __init__(self) -> None:
        """Start with nothing silenced."""
        self._silenced: set[Occurrence] = set()

    def sounds(self, picture: AlarmPicture, least: int) -> int:
        """Return the gravest priority that sounds, 0 where none does; `least` is the last priority that sounds at all."""
        waiting = dict(_waiting(picture, least))
        self._silenced &= waiting.keys()
        return min((priority for occurrence, priority in waiting.items() if occurrence not in self._silenced), default=0)

    def silence(self, picture: AlarmPicture) -> None:
        """Sound no more for what waits now."""
        self._silenced |= {occurrence for occurrence, _ in _waiting(picture, 4)}


def _waiting(picture: AlarmPicture, least: int) -> Iterator[tuple[Occurrence, int]]:
    """Give what waits to be acknowledged, with its priority."""
    for now in picture.listed:
        if now.state.unacknowledged and now.alarm.priority <= least:
            yield (now.alarm.key, now.since_ns), now.alarm.priority
