"""What a decoder lends to a dialect that must remember what came before (a host). Not for dialects that read each message alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.codec.feeds import Feed
    from twin_app.codec.meanings import Meaning
    from twin_app.codec.routes import Route
    from twin_app.codec.tally import Tally
    from twin_app.codec.values import Value
    from twin_app.model.message import Message
    from twin_app.model.samples import SampleColumns, TextTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The decoder's own tools, for one source and its thread."""

    tally: Tally
    texts: TextTable
    route: Callable[[str], Route | None]
    """Path to route, by the source's rules."""
    feed: Callable[[Route, Meaning, Value], Feed | None]
    """A new feed for a meaning, judged by a value like those to come; None where no more signals may appear."""
    link: Callable[[str], int]
    """Id of the source's own signal of a name."""
    wait_until: Callable[[int], None]
    """Ask for `settle` once receive time passes an instant, UTC ns."""
    ask: Callable[[str, bytes], bool]
    """Publish to the plant; False where nobody allowed it, or nothing listens."""


class Host(Protocol):
    """A dialect with a memory, for one source."""

    def take(self, message: Message, into: SampleColumns) -> bool:
        """Take a message and append its samples; return False where it is none of this dialect's.

        Raises:
            DecodeError: the payload, or some value of it, cannot be understood; all others are taken.
        """
        ...

    def settle(self, now_ns: int, into: SampleColumns) -> None:
        """Let receive time pass."""
        ...

    def resume(self, into: SampleColumns) -> None:
        """Know that messages may have been missed, because the source was away."""
        ...

    def unit_of(self, topic: str) -> str | None:
        """Return the unit that a topic speaks of, None where nobody knows or several are meant; safe from any thread."""
        ...
