"""The pyramid of copies that damaged files are read from: what of it was lost is made anew, in a thread. Not for mending: see `salvage`."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.history.rolling import missing, roll
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from twin_app.history.sealed import Sealed

LOGGER = logging.getLogger(__name__)
PATIENCE_S = 0.3
"""Who only looks into a recording and closes it again has nothing made."""
REST_SHARE, LONGEST_REST_S = 1.0, 0.05
"""It rests as long as it computes: it shares one interpreter with whoever reads and whoever paints."""


class _StoppedError(Exception):
    """Nobody reads the copies any more."""


class Rerolling:
    """Makes what is missing, a file after the other, in a thread that ends with the work."""

    def __init__(self, made: Callable[[Path], None]) -> None:
        """Tell `made` of each recording, by its own path, whose copy has a pyramid now."""
        self._made = made
        self._lock, self._stopping = threading.Lock(), threading.Event()
        self._seen: set[Path] = set()
        self._waiting: list[tuple[Path, Path]] = []
        self._thread: threading.Thread | None = None
        self._worked_s = 0.0
        self._hurried = False

    def see(self, files: Iterable[Sealed]) -> None:
        """Take up those of the files that are read from a copy, lack something and are new here."""
        with self._lock:
            for sealed in files:
                path, copy = sealed.reader.path, sealed.reader.copy
                if copy is not None and path not in self._seen:
                    self._seen.add(path)
                    self._waiting += [(path, copy)] if missing(sealed, finished=True) is not None else []
            if self._waiting and self._thread is None and not self._stopping.is_set():
                self._thread = threading.Thread(target=self._work, name="pyramid", daemon=True)
                self._thread.start()

    def notices(self) -> tuple[str, ...]:
        """Return the sentence for what is being made."""
        with self._lock:
            waiting = [path for path, _ in self._waiting]
        what = N_("{path} is read from a copy of what can be believed in it; until that is gone through, curves of long spans take longer.")
        return tuple(tr(what, path=path) for path in waiting[:1])

    def wait(self) -> None:
        """Wait for all that is to be made, without rests."""
        self._hurried = True
        thread = self._thread
        if thread is not None:
            thread.join()

    def close(self) -> None:
        """End it; what was being made is given up."""
        self._stopping.set()
        self.wait()

    def _work(self) -> None:
        """Make what waits."""
        end = time.monotonic() + PATIENCE_S
        while not self._hurried and not self._stopping.wait(0.02) and time.monotonic() < end:
            """Perhaps it is closed again."""
        while (one := self._next()) is not None:
            path, copy = one
            try:
                self._worked_s = time.thread_time()
                if roll(copy, durable=False, rest=self._rest):
                    self._made(path)
            except _StoppedError:
                return
            except (sqlite3.Error, OSError, RecordingError) as error:  # no room, for instance: then it stays as slow as it is
                LOGGER.warning("No pyramid of the mended copy of %s: %s", path, error)
            with self._lock:
                self._waiting.remove(one)

    def _next(self) -> tuple[Path, Path] | None:
        """Return what comes next, None where that is nothing: then the thread is over."""
        with self._lock:
            if self._waiting and not self._stopping.is_set():
                return self._waiting[0]
            self._thread = None
            return None

    def _rest(self) -> None:
        """Rest for what was computed; raises _StoppedError once it is to end."""
        if self._stopping.is_set():
            raise _StoppedError
        if not self._hurried:
            self._stopping.wait(min(REST_SHARE * (time.thread_time() - self._worked_s), LONGEST_REST_S))
        self._worked_s = time.thread_time()
