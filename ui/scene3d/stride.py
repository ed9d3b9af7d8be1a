"""How far machines are shown to move from one picture to the next. A matter of the display alone: no figure is counted from it.

A wheel filmed at too few pictures a turn seems to stand or to run backwards. A machine that moves on by more than 0.4 of its shortest
motion between two pictures is shown to move by just that much, the way it goes; as soon as it is slower, or stands, as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LONGEST = 0.4
"""Of a motion's period, between two pictures: from a half on its direction cannot be told."""


class Stride:
    """The phases shown last."""

    def __init__(self, periods: Floats) -> None:
        """Know each unit's shortest motion in products, shape (n,)."""
        self._longest = LONGEST * periods
        self._asked: Floats | None = None
        self._shown: Floats = np.zeros_like(periods)

    def shown(self, phases: Floats, *, running: bool) -> Floats:
        """Return the phases to show for phases in products, shape (n,) both; those of a picture of its own are as they are."""
        shown = phases
        if running and self._asked is not None:
            step = phases - self._asked
            with np.errstate(invalid="ignore"):
                too_far = np.abs(step) > self._longest
            shown = np.where(too_far, self._shown + np.sign(step) * self._longest, phases)
        self._asked, self._shown = phases, shown
        return shown
