"""What is remembered of windows: how their panels stood, and on which screen they stood. Part of the tree of settings, which writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """Where the docks of one preset stand: Qt's own state as base 64, and what each panel wants remembered."""

    docks: str = ""
    panels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """A further window: the screen it stood on, its place there (x, y, width, height in pixels), and what it showed."""

    screen: str = ""
    place: tuple[int, int, int, int] = (0, 0, 0, 0)
    full: bool = False
    strips: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    """The panels that stood there, by key."""
    arrangement: Arrangement = field(default_factory=Arrangement)
