"""What is painted or stands in the hall beside the machines: aisles and fences. Values only; metres."""

from __future__ import annotations

from dataclasses import dataclass

Ways = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aisle:
    """A way for people and vehicles, painted on the floor: along a line of a width, or a rectangle."""

    name: str
    line: Ways = ()
    """Points along its middle; empty: it is the rectangle."""
    rectangle: Ways = ()
    """Two opposite corners; empty: it is along the line."""
    width_m: float = 3.0
    """Of an aisle along a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """An opening in a fence."""

    at_m: float
    """Where its middle is, along the fence from its first point."""
    width_m: float = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A guard fence along points on the floor."""

    line: Ways
    closed: bool = False
    """Whether it goes on from the last point to the first."""
    gates: tuple[Gate, ...] = ()

    @property
    def corners(self) -> Ways:
        """The points from its beginning to its end."""
        return (*self.line, self.line[0]) if self.closed and self.line else self.line
