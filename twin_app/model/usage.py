"""When each unit gave its last part, and what it used of energy: figures of units that are asked for now and then. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The units of a line at `at_ns`."""

    at_ns: int
    last_part_ns: Mapping[str, int | None] = field(default_factory=dict)
    """When each last counted what it makes; None: never yet."""
    energy_kwh: Mapping[str, float] = field(default_factory=dict)
    """What each used since the start of the window that was asked about; NaN where no meter says."""
