"""Being told to give up a long work: by Ctrl+C, by the signal a program is ended with, by the end of standard input. Not for the work."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_NUMBERS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """Whether somebody wants it to end.

    Attributes:
        asked: somebody does.
        at_once: KeyboardInterrupt is raised wherever the main thread is; else the work looks itself, where nothing is half done.
    """

    def __init__(self) -> None:
        """Nobody wants it yet."""
        self.asked, self.at_once = False, True

    def heed(self) -> None:
        """Raise KeyboardInterrupt if somebody wants it."""
        if self.asked:
            raise KeyboardInterrupt

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """Take note of a signal."""
        self.asked = True
        if self.at_once:
            raise KeyboardInterrupt


@contextmanager
def stopping(*, at_end_of_input: bool = False) -> Iterator[Stop]:
    """Heed signals meanwhile; with `at_end_of_input` the end of standard input, too: whoever started this has gone, or wants no more."""
    stop = Stop()
    before = [signal.signal(number, stop) for number in _NUMBERS]
    over = threading.Event()
    if at_end_of_input and sys.stdin is not None:
        threading.Thread(target=_wait, args=(sys.stdin.fileno(), over), name="stopping", daemon=True).start()
    try:
        yield stop
    finally:
        over.set()
        for number, handler in zip(_NUMBERS, before, strict=True):
            signal.signal(number, handler)


def _wait(file: int, over: threading.Event) -> None:
    """Wait for the end of a file, and interrupt the main thread as Ctrl+C would, unless all is over."""
    while os.read(file, 1024):
        """What is said does not matter."""
    if not over.is_set():
        _thread.interrupt_main()
