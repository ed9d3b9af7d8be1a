"""Steps whose goal must be asked for: keys come faster than answers, and each counts. Not for what is stepped by, nor for moving."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 4
"""So many steps wait at most: a key that is held down does not go on for long after it was let go."""
PATIENCE_S = 2.0
"""An answer that did not come by then never does: the line was closed, or less is known."""


class Stepping:
    """One question at a time; what was pressed meanwhile follows from where the answer led."""

    def __init__(self, ask: Callable[[int], bool], now: Callable[[], float] = monotonic) -> None:
        """`ask` asks for the neighbour in a direction (1 or -1) and tells whether it could; `answered` is to be told the end of it."""
        self._ask, self._now = ask, now
        self._due = 0
        self._since_s: float | None = None

    def press(self, direction: int) -> None:
        """Go a step in a direction, now or when the step before is done."""
        if self._since_s is not None and self._now() - self._since_s < PATIENCE_S:
            self._due = min(max(self._due + direction, -MOST), MOST)
            return
        self._due = 0
        self._begin(direction)

    def answered(self, *, found: bool) -> None:
        """The step is done; without a goal there is no further one in its direction."""
        self._since_s = None
        due, self._due = self._due, 0
        if found and due:
            direction = 1 if due > 0 else -1
            self._begin(direction)
            self._due = due - direction

    def _begin(self, direction: int) -> None:
        self._since_s = self._now()
        if not self._ask(direction):
            self._since_s = None
