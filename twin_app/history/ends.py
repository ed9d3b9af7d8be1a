"""How far a recording had got that is being written, in a small file beside it (`NAME-end`): so that a damaged end is told from one that a kill left. Not for what stands there: see `sound`.

It is written after each commit and waited for by nobody: behind a kill it speaks of the last commit or of the one before,
behind a power cut perhaps of an older one; of a newer one than the file only where that has lost what was durable.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import zlib
from typing import TYPE_CHECKING, NamedTuple

from twin_app.history import checks, schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from pathlib import Path

ENDING = "-end"
COMMITS = "commits"
"""The key in `meta` under which a file counts its transactions: which file it is, how many there were, and how many brought something new."""
_MAKE = "twinrec-end-1"
_BYTES = 128
"""Of the file, always the same, so that writing it again needs no room on a disk."""
_MOST = 2**62
"""No number is as large; SQLite keeps none that is larger by far."""


class End(NamedTuple):
    """How far a file had got."""

    file: str
    """Which file it is: a word of its own."""
    commits: int
    """Transactions so far ..."""
    news: int
    """... and those of them that brought something new; the others moved what was there."""
    samples: int = 0
    """The number after the last sample."""
    at_ns: int = 0
    """When the newest sample was received, UTC ns; 0: nobody knows."""

    def word(self) -> str:
        """Return what the file itself says of it."""
        return f"{self.file} {self.commits} {self.news}"

    def content(self) -> bytes:
        """Return what stands beside the file."""
        said = f"{_MAKE} {self.word()} {self.samples} {self.at_ns}"
        return f"{said} {zlib.crc32(said.encode())}\n".encode().ljust(_BYTES)


def beside(path: Path) -> Path:
    """Return where it stands."""
    return schema.real(path).with_name(schema.real(path).name + ENDING)


def read(path: Path) -> End | None:
    """Return how far the recording at `path` had got, None where nobody says or what is said cannot be believed.

    Whoever compares it with the file reads this first: the other may grow meanwhile.
    """
    try:
        if not beside(path).is_file():  # a pipe, for instance, which would be waited for
            return None
        with beside(path).open("rb") as there:
            said, _, crc = there.read(_BYTES).decode().strip().rpartition(" ")
        make, file, *numbers = said.split(" ")
        sound = make == _MAKE and zlib.crc32(said.encode()) == int(crc) and all(0 <= int(number) < _MOST for number in numbers)
        return End(file, *map(int, numbers)) if sound else None
    except (OSError, ValueError, TypeError):
        return None


def forget(path: Path) -> None:
    """Remove it: the recording was closed and says so itself, or is no more."""
    with contextlib.suppress(OSError):
        beside(path).unlink()


def reached(connection: sqlite3.Connection) -> End | None:
    """Return what a file itself says of its transactions, None where it says nothing (that can be believed)."""
    try:
        row = connection.execute("SELECT key, value, crc FROM meta WHERE key = ?", (COMMITS,)).fetchone()
        file, commits, news = row[1].split(" ") if row is not None and checks.believed(row) else ("", "", "")
        return End(file, int(commits), int(news))
    except (sqlite3.OperationalError, ValueError):  # of an older make, without the column
        return None


def own(connection: sqlite3.Connection, end: End | None) -> End | None:
    """Return `end` where it speaks of this file, as far as can be told, and not of one that had its name before."""
    here = reached(connection)
    return end if end is None or here is None or here.file == end.file else None


def see(connection: sqlite3.Connection, end: End | None) -> None:
    """Look whether a file reaches `end`.

    Raises:
        sqlite3.DatabaseError: it does not.
    """
    end, here = own(connection, end), reached(connection)
    if end is not None and (here is None or here.commits < end.commits):
        raise sqlite3.DatabaseError("its end is missing")


def _not_through_links(path: str, flags: int) -> int:
    """Open a file, but not what a link of its name leads to: what stands there is another's."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


class Ends:
    """Counts the transactions of a file that is written, in it and beside it."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, samples: int, told: bool) -> None:
        """Go on counting behind `samples`; without `told` nothing is written beside the file."""
        before, here = read(path), reached(connection)
        self._connection, self._path, self._told = connection, path, told
        self._now = here or End(secrets.token_hex(8), 0, 0)
        at_ns = before.at_ns if before is not None and before.file == self._now.file else 0
        self._now = self._now._replace(samples=samples, at_ns=at_ns)
        self._file: FileIO | None = None

    @contextlib.contextmanager
    def transaction(self, *, news: bool = True, samples: int = 0, at_ns: int = 0) -> Iterator[None]:
        """Commit all of the block or none of it, and say how far that is: up to number `samples`, the newest of them received at `at_ns`."""
        now = self._now
        after = End(now.file, now.commits + 1, now.news + news, max(now.samples, samples), max(now.at_ns, at_ns))
        with schema.transaction(self._connection):
            yield
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", checks.word_row(COMMITS, after.word()))
        self._now = after
        if self._told:
            self._write()

    def _write(self) -> None:
        """Write it over what stood there; a disk that will not have it leaves an older word, which is true, too."""
        with contextlib.suppress(OSError):
            if self._file is None:
                if not beside(self._path).is_file():  # a pipe would be waited for
                    beside(self._path).touch(exist_ok=False)
                self._file = open(beside(self._path), "r+b", buffering=0, opener=_not_through_links)  # noqa: SIM115 - held as long as the file is written; Path.open has no opener
            self._file.seek(0)
            self._file.write(self._now.content())

    def close(self, *, whole: bool) -> None:
        """Let go; with `whole` the file itself says that it was closed, and nothing stands beside it any more."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if whole:
            forget(self._path)
