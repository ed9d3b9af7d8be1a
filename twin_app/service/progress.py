"""How far a long command is, told to whoever waits for it: a terminal's last line, or a program a line of JSON at a time. Not for answers."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

from twin_app.text import duration, tr

if TYPE_CHECKING:
    from collections.abc import Callable

_EVERY_S = 0.2
_CLEAR = "\r\x1b[2K"
_WORTH_GUESSING_S = 2.0
"""Before that nobody knows how long the rest takes."""


def on_terminal() -> bool:
    """Tell whether somebody may look at what is said meanwhile."""
    return sys.stderr is not None and sys.stderr.isatty()


def show(words: str) -> None:
    """Put words in place of those on the terminal's last line."""
    print(f"{_CLEAR}{words}", end="", file=sys.stderr, flush=True)


class Progress:
    """Told a share of one as often as one likes; tells a few times a second."""

    def __init__(self, worded: Callable[[float], str], *, steps: bool = False, now: Callable[[], float] = time.monotonic) -> None:
        """Word a share for a terminal, if there is one; with `steps` write lines of JSON on standard output for a program instead."""
        self._worded, self._steps, self._now = worded, steps, now
        self._due_s = now()
        self._began: tuple[float, float] | None = None

    def __call__(self, share: float) -> None:
        """Say how far it is."""
        now_s = self._now()
        self._began = self._began or (now_s, share)  # what came before the first of it goes otherwise
        if now_s < self._due_s and share < 1.0:
            return
        self._due_s = now_s + _EVERY_S
        left_s = self.left_s(share, now_s)
        if self._steps:
            print(json.dumps({"share": round(share, 6), "left_s": None if left_s is None else round(left_s, 1)}), flush=True)
        elif on_terminal():
            words = self._worded(share)
            show(words if left_s is None else tr("{words}, {left} left", words=words, left=duration(left_s)))

    def left_s(self, share: float, now_s: float) -> float | None:
        """Return how long the rest takes if it goes on as since it was first told, s; None while nobody knows."""
        began_s, began = self._began or (now_s, share)
        took_s, done = now_s - began_s, share - began
        return took_s * (1.0 - share) / done if done > 0 and took_s >= _WORTH_GUESSING_S else None

    @staticmethod
    def end() -> None:
        """Leave the terminal's last line to what comes."""
        if on_terminal():
            show("")
