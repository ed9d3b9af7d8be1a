"""A slow walk along the line for a screen on the wall: past every machine, and to those that need somebody. Pure; time is told.

It begins with the whole line, walks from machine to machine along the way they stand, stays a while at each that is abnormal, and
begins anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ui.scene3d.camera import Camera

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WALK_M_S = 0.8
OVERVIEW_S, STAY_S, TURN_S = 8.0, 7.0, 3.0
"""How long the whole line is shown, how long an abnormal machine, and how long it takes from one to the other."""
_ELEVATION_DEG, _DISTANCE_M, _HEIGHT_M = 20.0, 14.0, 1.0
_CORNER_M = 3.0
"""Over such a length the way is rounded: nobody walks round sharp corners."""


def walk_order(places: Floats) -> list[int]:
    """Return the rows of places on a floor, shape (n, 2), each followed by the nearest not yet passed, from the first on."""
    left = np.ones(len(places), dtype=bool)
    order: list[int] = []
    row = 0
    for _ in range(len(places)):
        order.append(row)
        left[row] = False
        away = np.linalg.norm(places - places[row], axis=1)
        row = int(np.where(left, away, np.inf).argmin())
    return order


class Tour:
    """Where the eye is on its walk; `step` moves it on."""

    def __init__(self, places: Floats, overview: Camera, close: Callable[[int], Camera], *, start: Camera) -> None:
        """Plan a walk.

        Args:
            places: Where the machines stand, metres, shape (n, 3), at least one.
            overview: The eye that sees the whole line.
            close: Gives the eye that looks at the machine of a row.
            start: Where the eye is now.
        """
        self._order = walk_order(places[:, :2])
        self._way = places[self._order]
        self._marks = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(self._way, axis=0), axis=1))])
        self._overview, self._close = overview, close
        self._rests_s, self._next = OVERVIEW_S, 0
        self._walked_m, self._ended = 0.0, False
        self._from, self._to, self._turning_s = start, overview, 0.0

    def step(self, elapsed_s: float, abnormal: Collection[int], *, jump: bool = False) -> Camera:
        """Return the eye so much later; `abnormal` are the rows to stay at, `jump` goes from place to place without walking."""
        self._turning_s += elapsed_s
        if self._turning_s < TURN_S and not jump:
            return self._from.towards(self._to, self._turning_s / TURN_S)
        if self._rests_s > 0:
            self._rests_s -= elapsed_s
            if self._rests_s > 0:
                return self._to
            self._go_on()
            if not jump:
                return self._from
        return self._walk(elapsed_s, abnormal, jump=jump)

    def _walk(self, elapsed_s: float, abnormal: Collection[int], *, jump: bool) -> Camera:
        """Walk on to the next machine that needs somebody, at most as far as time allows."""
        length = float(self._marks[-1])
        self._walked_m = length if jump else min(self._walked_m + WALK_M_S * elapsed_s, length)
        while self._next < len(self._order) and self._marks[self._next] <= self._walked_m:
            row, at = self._order[self._next], float(self._marks[self._next])
            self._next += 1
            if row in abnormal:
                self._walked_m = at
                self._turn_to(self._close(row), STAY_S, at=self._beside(at))
                return self._to if jump else self._from
        if self._walked_m >= length:
            here, self._ended = self._beside(length), True
            self._turn_to(self._overview, OVERVIEW_S, at=here)
            return self._to if jump else here
        return self._beside(self._walked_m)

    def _turn_to(self, goal: Camera, rests_s: float, *, at: Camera) -> None:
        self._from, self._to, self._turning_s, self._rests_s = at, goal, 0.0, rests_s

    def _go_on(self) -> None:
        """Turn from where the eye rested back to the way."""
        if self._ended:
            self._walked_m, self._next, self._ended = 0.0, 0, False
        self._turn_to(self._beside(self._walked_m), 0.0, at=self._to)

    def _beside(self, walked_m: float) -> Camera:
        """Return the eye of somebody who has walked so far, looking at the line from the side of the overview."""
        steps = walked_m + np.linspace(-_CORNER_M, _CORNER_M, 9)
        seen = np.array([np.interp(steps, self._marks, self._way[:, axis]) for axis in range(3)]).mean(axis=1)
        focus = (float(seen[0]), float(seen[1]), float(seen[2]) + _HEIGHT_M)
        return replace(self._overview, focus=focus, elevation_deg=_ELEVATION_DEG, distance_m=_DISTANCE_M)
