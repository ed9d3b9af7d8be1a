"""What differs in a plant since somebody last looked, and functions of time as rows. For rooms that follow the plant; not for what follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin_app.plant.track import FAR_FUTURE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from twin_app.plant.facts import Way


class Turns(NamedTuple):
    """A function of time: n instants at which it may change, ascending UTC ns, and its value from each on."""

    times: NDArray[np.int64]
    values: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Changes:
    """From when on (UTC ns) something differs."""

    units: Mapping[str, int] = field(default_factory=dict)
    """State, mode or link of a unit."""
    derived: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """A derived signal, by unit and name."""


class Noted:
    """Collects changes until they are taken."""

    def __init__(self) -> None:
        """Start with nothing changed."""
        self._units: dict[str, int] = {}
        self._derived: dict[tuple[str, str], int] = {}

    def units(self, from_ns: Mapping[str, int]) -> None:
        """Note from when on units differ."""
        for unit, instant in from_ns.items():
            self._units[unit] = min(instant, self._units.get(unit, FAR_FUTURE))

    def derived(self, unit: str, from_ns: Mapping[str, int]) -> None:
        """Note from when on a unit's derived signals differ."""
        for name, instant in from_ns.items():
            self._derived[unit, name] = min(instant, self._derived.get((unit, name), FAR_FUTURE))

    def take(self) -> Changes:
        """Return what was noted, and begin anew."""
        taken = Changes(self._units, self._derived)
        self._units, self._derived = {}, {}
        return taken


def way_turns(ways: Sequence[Way], from_ns: int) -> Turns:
    """Return whether some of these ways is down, from an instant on."""
    downs = [way.downs for way in ways]
    at = np.unique(np.concatenate([times[times.searchsorted(from_ns, "left") :] for times, _ in downs] or [np.empty(0, np.int64)]))
    down = np.zeros(len(at), bool)
    for times, is_down in downs:
        rows = times.searchsorted(at, "right") - 1
        down |= (rows >= 0) & is_down[np.maximum(rows, 0)] if len(times) else False
    return Turns(at, down)
