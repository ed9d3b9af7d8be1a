"""What ails a line at an instant, as values: causes, whom they starve or block, what they cost. `analyse` finds them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin_app.model.packml import State
    from twin_app.model.plan import BreakSpan


class CauseKind(StrEnum):
    """What about a unit is the cause."""

    FAILED = "failed"
    """Aborting, Aborted or Clearing."""
    STOPPED = "stopped"
    """Held, stopped, or on its way from one state to another."""
    SETUP = "setup"
    SILENT = "silent"
    """Nobody knows what it does."""
    SUPPLY = "supply"
    """The first of the line waits for material from outside."""
    OUTLET = "outlet"
    """The last of the line is blocked by what is outside."""
    SLOW = "slow"
    """It runs, and the line waits for it."""


class Effect(StrEnum):
    """What becomes of the line."""

    STOPPED = "stopped"
    SLOWED = "slowed"
    UNKNOWN = "unknown"
    """Nobody hears of the constraint or of whom it waits for: whether the line runs is not known."""
    BUFFERED = "buffered"
    """The constraint runs on: buffers hide the cause so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One unit that ails, and who waits because of it, in the order of the flow."""

    unit: str
    kind: CauseKind
    since_ns: int
    """When it ceased to run; of a slow one since when it has been seen to be slow."""
    state: State | None = None
    """Its state now; None while nobody knows it."""
    starved: tuple[str, ...] = ()
    """Units behind it without material because of it."""
    blocked: tuple[str, ...] = ()
    """Units before it that cannot pass material on because of it."""
    reason: str = ""
    """Why, in the words of a person, else of the machine; empty: nobody said."""

    @property
    def waiting(self) -> tuple[str, ...]:
        """Return everybody who waits for it."""
        return (*self.blocked, *self.starved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Why the line is not as it should be at an instant; no causes: nothing ails it that is known."""

    at_ns: int
    causes: tuple[Cause, ...] = ()
    """The one that matters most first."""
    effect: Effect | None = None
    """Of the first cause."""
    lost: float = nan
    """What the line has not made since the first cause, at the constraint's ideal, in base units; NaN: nobody knows."""
    planned: bool = False
    """Nothing ails it, and its constraint stands as planned: a break, no shift, cleaning."""
    pause: BreakSpan | None = None
    """The break of the calendar that it stands for."""
