"""How far a long work is, told on the terminal's last line and nowhere else. Not for the work."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING

from twin_app.finding.reading import Pace
from twin_app.text import percent, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERY_S = 0.2
_CLEAR = "\r\x1b[2K"


@contextlib.contextmanager
def told(sentence: str) -> Iterator[Pace]:
    """Give the pace of a work that is told by a catalogue sentence with `{share}`, where somebody may look at it."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield Pace()
        return
    due_s = time.monotonic() + EVERY_S

    def tell(share: float) -> None:
        nonlocal due_s
        if time.monotonic() >= due_s:
            due_s = time.monotonic() + EVERY_S
            print(_CLEAR + tr(sentence, share=percent(share, 0)), end="", file=sys.stderr, flush=True)

    try:
        yield Pace(tell)
    finally:
        print(_CLEAR, end="", file=sys.stderr, flush=True)
