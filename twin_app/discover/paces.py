"""How fast machines can be, as far as it was seen, and what their counts of good and bad pieces add up to. Observations, never defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.discover.fields import Kind
from twin_app.model import signal as names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from twin_app.discover.fields import FieldProfile

DESIGN_SPEED = "MachDesignSpeed"
_PER_MIN = 60.0
_TOLERANCE = 0.02
_LEAST = 1.5


@dataclass(frozen=True, slots=True)
class Ideal:
    """An ideal cycle and where it comes from."""

    seconds: float
    per_min: float
    is_design: bool
    """The machine itself gives its design speed; else it is the fastest that was seen."""


def ideal_of(signals: Mapping[str, FieldProfile]) -> Ideal | None:
    """Return a unit's ideal cycle from what its signals, by the engine's names, said; None where nothing tells it."""
    design = signals.get(DESIGN_SPEED)
    if design is not None and design.kind == Kind.NUMBER and design.high > 0:
        return Ideal(_rounded(_PER_MIN / design.high), design.high, is_design=True)
    made = signals.get(names.PROCESSED)
    if made is not None and made.pace_per_s > 0:
        return Ideal(_rounded(1 / made.pace_per_s), made.pace_per_s * _PER_MIN, is_design=False)
    return None


def counts_good_only(units: Iterable[Mapping[str, FieldProfile]]) -> bool | None:
    """Return whether `Processed` leaves out bad pieces, because only together with them it makes what was consumed.

    None where nothing tells: no bad piece was seen, or counts do not add up either way.
    """
    votes = [vote for signals in units if (vote := _vote(signals)) is not None]
    return None if not votes else 2 * sum(votes) > len(votes)


def _vote(signals: Mapping[str, FieldProfile]) -> bool | None:
    """Return what one unit's counts say."""
    found = [signals.get(name) for name in (names.CONSUMED, names.PROCESSED, names.DEFECTIVE)]
    if any(one is None for one in found):
        return None
    consumed, processed, defective = (one.risen for one in found if one is not None)
    tolerance = max(_LEAST, _TOLERANCE * consumed)
    if defective <= tolerance:
        return None
    apart, together = abs(consumed - processed - defective), abs(consumed - processed)
    if min(apart, together) > tolerance:
        return None
    return apart < together


def _rounded(seconds: float) -> float:
    """Return a cycle with as many digits as it is known to."""
    return float(f"{seconds:.4g}")
