"""What a source of messages is to the session: something that starts, stops and tells how it is. Not for any one kind of source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from twin_app.model.message import SourceHealth


class Source(Protocol):
    """One source of messages. It fills the intake it was made with, from a thread of its own."""

    @property
    def id(self) -> str:
        """Return the source's id in the layout."""
        ...

    @property
    def live(self) -> bool:
        """Say whether more may come for ever (a broker), or all there is lies in a file."""
        ...

    def start(self) -> None:
        """Begin; returns at once. What goes wrong from here on is told by `health`."""
        ...

    def stop(self) -> None:
        """End, hand over and commit what came; returns when the thread has ended. Stopping twice is once."""
        ...

    def health(self) -> SourceHealth:
        """Return how the source is; safe from any thread."""
        ...

    def unit_of(self, topic: str) -> str | None:
        """Return the unit that a topic speaks of, None where no rule maps it; safe from any thread."""
        ...
