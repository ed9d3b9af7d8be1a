"""What an instructor may do with a simulated line, and what there is to be seen of it. Not for doing it: see `simulate.live`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveFault:
    """A malfunction that is active now."""

    number: int
    kind: str
    unit: str
    of_data: bool
    """Only what is told is wrong; the machine itself is well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStatus:
    """A simulated run at this moment."""

    frozen: bool
    speed: float
    ran_ns: int
    """How far the line has run."""
    snapshots_ns: tuple[int, ...]
    """Where the line stood, on the clock of its run, when each snapshot was taken."""
    active: tuple[ActiveFault, ...]


class Instructor(Protocol):
    """Controls of one run; safe from any thread."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the malfunctions there are."""
        ...

    def units_for(self, kind: str) -> tuple[str, ...]:
        """Return the units that a malfunction can befall: a jam one that is fed, a lost vehicle only a vehicle."""
        ...

    def usual_size(self, kind: str) -> float:
        """Return how much a malfunction does where nobody says, in the unit of its kind; 0: it has no size."""
        ...

    def status(self) -> RunStatus:
        """Return how the run is."""
        ...

    def freeze(self) -> None:
        """Stop time on the simulated line."""
        ...

    def run(self) -> None:
        """Let time run on the simulated line."""
        ...

    def step(self) -> None:
        """Freeze, and go on to the next thing that happens."""
        ...

    def set_speed(self, speed: float) -> None:
        """Let the line run so many times as fast as real ones; raises UsageError where that is no speed."""
        ...

    def snapshot(self) -> int:
        """Keep how the line is now; return the snapshot's number."""
        ...

    def back_track(self, number: int) -> None:
        """Put the line back to how it was then. The clock goes on, and what the twin recorded stays; IndexError: no such snapshot."""
        ...

    def trigger(self, kind: str, unit: str, size: float | None = None) -> int:
        """Begin a malfunction, of its usual size where none is given, until it is cleared; return its number.

        Raises:
            ValueError: there is none of the kind.
            KeyError: there is no such unit.
        """
        ...

    def clear(self, number: int) -> None:
        """End a malfunction."""
        ...
