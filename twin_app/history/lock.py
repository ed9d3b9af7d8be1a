"""One writer a recording: an advisory lock of the operating system beside the file, released even by a kill. Readers need none.

It is a file of its own: locking the recording itself would undo SQLite's own locks when the second handle is closed.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.text import N_

if TYPE_CHECKING:
    from pathlib import Path

_BEYOND_TEXT = 1 << 20
"""Windows forbids others to read a locked byte: lock one far behind the text."""


class HeldError(RecordingError):
    """Another writer holds it."""


class WriterLock:
    """Held from `WriterLock(path)` until `release`."""

    def __init__(self, path: Path) -> None:
        """Take the lock of the recording at `path`.

        Raises:
            HeldError: another writer holds it (names process and host).
            RecordingError: the folder cannot be written.
        """
        self._lock_path = path.with_name(path.name + ".lock")
        try:
            self._file = self._take(path)
        except OSError as error:
            raise RecordingError(
                N_("{path} cannot be written: {reason}."),
                tip=N_("Choose a folder you may write to."),
                path=path,
                reason=error.strerror or error,
            ) from error
        self.since = datetime.now(UTC).isoformat(timespec="seconds")
        """From when on it is held."""
        self.tell("")

    def tell(self, more: str) -> None:
        """Say who holds it in the file, and `more` in further lines."""
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, f"{os.getpid()} {platform.node() or '?'} {self.since}\n{more}".encode())

    def release(self) -> None:
        """Give the lock back; a second call does nothing."""
        if self._file < 0:
            return
        if sys.platform != "win32":  # while it is held: nobody can have taken it in between
            self._lock_path.unlink(missing_ok=True)
        os.close(self._file)
        self._file = -1
        if sys.platform == "win32":
            with contextlib.suppress(OSError):  # the next writer may have opened it already
                self._lock_path.unlink()

    def _take(self, path: Path) -> int:
        """Return the locked file's handle; it must still be the file of that name once locked."""
        while True:
            file = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                _lock(file)
            except OSError:
                os.close(file)
                raise _held(path, self._lock_path) from None
            with contextlib.suppress(FileNotFoundError):
                if sys.platform == "win32" or os.fstat(file).st_ino == self._lock_path.stat().st_ino:
                    return file
            os.close(file)


def _lock(file: int) -> None:
    """Lock or raise OSError at once."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        os.lseek(file, _BEYOND_TEXT, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - exists everywhere else

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _held(path: Path, lock_path: Path) -> HeldError:
    """Say who holds the recording."""
    pid, host, since = "?", "?", "?"
    with contextlib.suppress(OSError, ValueError):
        pid, host, since = lock_path.read_text().partition("\n")[0].split(" ")
    return HeldError(
        N_("{path} is being written by process {pid} on {host} since {since}."),
        tip=N_("Close that program, or record into another file."), path=path, pid=pid, host=host, since=since,
    )  # fmt: skip
