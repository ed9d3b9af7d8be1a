"""A source that another program of the computer listens to, as that program tells how it is. Not for hearing of it: see `local.guest`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.message import SourceHealth
    from twin_app.sources.intake import Intake


class AttachedSource:
    """One of the sources of a line that somebody else records."""

    live = True

    def __init__(
        self, intake: Intake, *, told: Callable[[str], SourceHealth], start: Callable[[], None], stop: Callable[[], None]
    ) -> None:  # fmt: skip
        """Tell of the source what `told` gives for its id; nothing comes through `intake`, which knows its topics.

        `start` and `stop` let news of it begin and end; each twice must be once.
        """
        self._intake, self._told, self._start, self._stop = intake, told, start, stop

    @property
    def id(self) -> str:
        """Return the source's id in the layout."""
        return self._intake.source.id

    def start(self) -> None:
        """Hear of it from now on."""
        self._start()

    def stop(self) -> None:
        """Hear no more of it."""
        self._stop()

    def health(self) -> SourceHealth:
        """Return how the source is; safe from any thread."""
        known = self._told(self.id)
        return replace(known, backlog=known.backlog + self._intake.keeper.waiting)

    def unit_of(self, topic: str) -> str | None:
        """Return the unit that a topic speaks of, None where no rule maps it."""
        return self._intake.unit_of(topic)
