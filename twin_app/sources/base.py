"""What a source of messages is to the session: something that starts, stops and tells how it is. Not for any one kind of source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from twin_app.model.message import SourceHealth
    from twin_app.sources.intake import Intake


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How to get into one source. The password lives in memory only."""

    username: str = ""
    password: str = field(default="", repr=False)
    tls_ca: str = ""
    tls_cert: str = ""
    """File with the client's own certificate; empty: the environment's, else none."""
    tls_key: str = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKind:
    """One kind of source: which addresses are its own, and how a source is made of one."""

    key: str
    example: str
    """An address as people type it."""
    live: bool = False
    """More may come for ever. False: the address is a file, beside the layout where that names it."""
    recorded: bool = True
    """What comes live is recorded; not so what is simulated, which must never lie among what a plant said."""
    simulated: bool = False
    """None of it comes from a plant: it never stands in one line with what does."""
    accepts: Callable[[str], bool]
    """Whether an address is of this kind; the first kind of the tuple that accepts it counts."""
    check: Callable[[str], object] = str
    """Looks at a typed address; raises SourceError where it is wrong."""
    make: Callable[[Intake, str, Login], Source]
    """Intake, address and login to a source that is not started; raises SourceError."""
