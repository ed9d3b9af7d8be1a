"""What has to go: raw messages and whole files, by age and by size, the oldest first. Never the file that is written. Not for what is kept: see `limits`."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from twin_app.clock import SECOND_NS, now_ns
from twin_app.errors import RecordingError
from twin_app.history.ends import ENDING
from twin_app.history.files import files_of, start_of
from twin_app.history.journal import Journal
from twin_app.history.lock import WriterLock
from twin_app.history.reader import Reader
from twin_app.model.recording import RawKept

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from twin_app.history.limits import Limits

LOGGER = logging.getLogger(__name__)
EVERY_S = 60.0
FIRST_S = 5.0
"""After a start others come first."""
DAY_NS = 86_400 * SECOND_NS
_ENDINGS = ("-wal", "-shm", "-journal", ENDING)


class Housekeeping:
    """Of one folder, in a thread that ends with its work."""

    def __init__(self, newest: Callable[[], Journal], limits: Limits, leave: Callable[[Path], Reader | None] = lambda _path: None) -> None:
        """Keep within limits what lies beside the file that `newest` tells, which is the one that is written.

        `leave` has nobody here ask a file any more; it returns what it was read with, which is closed a round later, when nobody can
        still be at it: a file that is open keeps its room on the disk, and under Windows cannot be removed.
        """
        self._newest, self._limits, self._leave = newest, limits, leave
        self._left: list[Reader] = []
        self._folder = newest().path.parent
        self._due_s = time.monotonic() + FIRST_S
        self._thread: threading.Thread | None = None
        self._known: dict[Path, tuple[int, RawKept]] = {}
        self.files_removed = self.bytes_removed = 0
        """Whole files that had to go in this run."""
        self.raw: RawKept | None = None
        """The raw messages of all files, when somebody looked last; None before that."""

    def go_on(self) -> None:
        """Let a thread look if that is due and none is at it."""
        if time.monotonic() >= self._due_s and (self._thread is None or not self._thread.is_alive()):
            self._due_s = time.monotonic() + EVERY_S
            self._thread = threading.Thread(target=self._work, name="housekeeping", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Wait for the thread and start none any more."""
        self._due_s = float("inf")
        if self._thread is not None:
            self._thread.join()
        self._let_go()

    def told(self) -> dict[str, Any]:
        """Return what `RecordingNow` tells of it."""
        removed = {"files_removed": self.files_removed, "bytes_removed": self.bytes_removed}
        return {"raw": self.raw, "kept_within_bytes": self._limits.size, **removed}

    def run(self, at_ns: int) -> None:
        """Remove now what has to go at an instant.

        Raises:
            OSError: a file cannot be removed.
            sqlite3.Error: one cannot be written.
        """
        self._let_go()
        self._remove_files(at_ns)
        self._remove_raw(at_ns)

    def _leave_behind(self, path: Path) -> None:
        """Have nobody here ask a file any more."""
        if (reader := self._leave(path)) is not None:
            self._left.append(reader)

    def _let_go(self) -> None:
        """Close what files were read with that were left a round ago."""
        while self._left:
            self._left.pop().close()

    def _work(self) -> None:
        """Look once; what fails is tried again the next time."""
        try:
            self.run(now_ns())
        except (OSError, sqlite3.Error, RecordingError):
            LOGGER.warning("What is too old or too much could not be removed.", exc_info=True)

    def _remove_files(self, at_ns: int) -> None:
        """Remove whole files."""
        files = [(path, _size(path)) for path in files_of(self._folder)]
        starts = {path: start_of(path) for path, _ in files}
        total, current = sum(size for _, size in files), self._newest().path
        for (path, size), (after, _) in pairwise(files):
            start_ns, end_ns = starts[path], starts[after]
            if path == current or start_ns is None or end_ns is None or self._limits.spared(start_ns, end_ns):
                continue
            old = self._limits.days and end_ns <= at_ns - self._limits.days * DAY_NS
            if (old or (self._limits.size and total > self._limits.size)) and _remove(path, self._leave_behind):
                total -= size
                self.files_removed, self.bytes_removed = self.files_removed + 1, self.bytes_removed + size

    def _remove_raw(self, at_ns: int) -> None:
        """Remove raw messages: of older files all, of the newest the oldest."""
        current, total, kept = self._newest(), 0, RawKept()
        for path in reversed(files_of(self._folder)):
            found = self._raw_of(path)
            too_old = found.end_ns is not None and found.end_ns < at_ns - self._limits.raw_days * DAY_NS
            if found.count and (too_old or total + found.size > self._limits.raw_bytes):
                found = self._shorten(current, found) if path == current.path else self._clear(path, found)
            total += found.size
            kept = together(found, kept)
        self.raw = kept

    def _raw_of(self, path: Path) -> RawKept:
        """Return what a file has; one that did not change is not opened again."""
        stamp = path.stat().st_mtime_ns
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            with Reader(path, heals=False) as reader:
                self._known[path] = known = stamp, reader.raw_kept()
        return known[1]

    def _clear(self, path: Path, found: RawKept) -> RawKept:
        """Drop all raw messages of a file that is finished, and give their room back; return what it has then."""
        try:
            journal = Journal(path, going_on=False)
        except RecordingError:  # somebody is at it, or it is damaged: it stays as it is
            return found
        try:
            dropped = journal.drop_raw(journal.next_number("raw"))
        finally:
            journal.close(compact=True)
        return RawKept(dropped=dropped)

    def _shorten(self, journal: Journal, found: RawKept) -> RawKept:
        """Drop the oldest raw messages of the file that is written until the others have room."""
        with Reader(journal.path, heals=False) as reader:
            left = found.size
            until = 0
            for number, size in reader.query("SELECT id, length(messages) FROM raw ORDER BY id"):
                if left <= self._limits.raw_bytes:
                    break
                left, until = left - size, number
            journal.drop_raw(until)
            return reader.raw_kept()


def together(older: RawKept, newer: RawKept) -> RawKept:
    """Return what two files have."""
    times = [at_ns for at_ns in (older.start_ns, older.end_ns, newer.start_ns, newer.end_ns) if at_ns is not None]
    return RawKept(
        count=older.count + newer.count, size=older.size + newer.size, start_ns=min(times, default=None), end_ns=max(times, default=None),
        dropped=older.dropped + newer.dropped,
    )  # fmt: skip


def _size(path: Path) -> int:
    """Return the bytes of a file, with what lies beside it."""
    beside = [*path.parent.glob(f"{path.name}.damaged*"), *(path.with_name(path.name + ending) for ending in _ENDINGS)]
    return path.stat().st_size + sum(one.stat().st_size for one in beside if one.exists())


def _remove(path: Path, before: Callable[[Path], None] = lambda _path: None) -> bool:
    """Remove a file with what lies beside it; return whether that was done: not where somebody writes it, or (Windows) reads it."""
    try:
        lock = WriterLock(path)
    except RecordingError:
        return False
    try:
        before(path)
        for one in (path, *path.parent.glob(f"{path.name}.damaged*"), *(path.with_name(path.name + ending) for ending in _ENDINGS)):
            one.unlink(missing_ok=True)
    except PermissionError:
        return False
    finally:
        lock.release()
    return True
