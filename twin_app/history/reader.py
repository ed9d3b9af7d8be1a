"""Reading a recording, from any thread or process while another writes. Every read is a short transaction. Not for writing."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from twin_app.errors import RecordingError
from twin_app.history import schema
from twin_app.history.columns import MAX_ROW_SAMPLES, unpack
from twin_app.history.schema import check, connect, not_a_recording
from twin_app.model.samples import Samples
from twin_app.model.signal import Signal, SignalKind
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ROWS_AT_ONCE = 64
EVER = 2**63 - 1
SEALED, SEALED_MESSAGE = "sealed", "sealed_message"
"""Keys in `meta`: samples numbered below the first lie in slabs, and the largest message number there."""
_SELECT = (
    "SELECT seq, first_effective, last_effective, received, last_message, n, crc, columns FROM journal"
    " WHERE seq >= ? AND seq < ? AND last_effective >= ? AND first_effective <= ? ORDER BY seq LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One journal row: samples `seq` to `seq + n - 1` of the file, in order of arrival, with the file's own signal ids and text codes."""

    seq: int
    first_effective_ns: int
    last_effective_ns: int
    received_ns: int
    last_message: int
    n: int
    columns: bytes

    def crc(self) -> int:
        """Return the checksum of everything in the row."""
        head = f"{self.seq} {self.first_effective_ns} {self.last_effective_ns} {self.received_ns} {self.last_message} {self.n}"
        return zlib.crc32(self.columns, zlib.crc32(head.encode()))

    def samples(self) -> Samples:
        """Return the samples.

        Raises:
            ValueError: the bytes are not what the row says.
        """
        return unpack(self.columns, self.n)

    @classmethod
    def believed(cls, seq: object, *rest: object) -> Self:
        """Return the row of these values, in the order of the table.

        Raises:
            ValueError: says why they cannot be what was written.
        """
        *head, crc, columns = (seq, *rest)
        if not isinstance(columns, bytes) or not all(isinstance(value, int) for value in head):
            raise ValueError("types")
        row = cls(*(*head, columns))  # type: ignore[arg-type] # the line above saw to it
        if row.crc() != crc:
            raise ValueError("checksum")
        if not 0 < row.n <= MAX_ROW_SAMPLES:
            raise ValueError("length")
        return row


class Reader:
    """A read-only connection to one recording; safe from any thread, one read at a time."""

    def __init__(self, path: Path) -> None:
        """Open the recording at `path`.

        Raises:
            RecordingError: no such file, none of ours, or a version not known here.
        """
        self.path = path
        self._damaged: set[int] = set()
        self._lock = threading.Lock()
        if not path.is_file():
            raise RecordingError(N_("There is no recording {path}."), tip=N_("Check the path."), path=path)
        try:
            self._connection = connect(path)
        except sqlite3.Error as error:
            raise unreadable(path, error) from error
        try:
            check(self._connection, path)
            self.version = schema.version(self._connection)
        except sqlite3.Error as error:
            self.close()
            raise not_a_recording(path) from error
        except RecordingError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @property
    def damaged(self) -> int:
        """Rows met that could not be believed and were left out (the writer sets them aside when it opens the file)."""
        return len(self._damaged)

    @property
    def damaged_rows(self) -> frozenset[int]:
        """The numbers of those rows."""
        return frozenset(self._damaged)

    def signals(self) -> list[tuple[int, Signal]]:
        """Return the file's signals with their ids in the file."""
        rows = self.query("SELECT sid, path, unit, name, kind, unit_of_measure FROM signal ORDER BY sid")
        return [
            (sid, Signal(path=path, unit=unit, name=name, kind=_kind(kind), unit_of_measure=uom))
            for sid, path, unit, name, kind, uom in rows
        ]

    def texts(self) -> list[tuple[int, bytes]]:
        """Return the file's texts with their codes in the file; one that does not match its checksum says so instead."""
        rows = self.query("SELECT code, bytes, crc FROM text ORDER BY code")
        return [(code, entry if is_text(entry, crc) else damaged_text(code)) for code, entry, crc in rows]

    def extent(self) -> tuple[int, int]:
        """Return the number after the last sample of the file and the largest message number (-1 where there is none)."""
        last = self.query("SELECT seq + max(n, 1) FROM journal ORDER BY seq DESC LIMIT 1")
        message = self.query("SELECT max(last_message) FROM journal")
        end, newest = self.sealed()
        return max(int(last[0][0]) if last else 0, end), max(int(message[0][0]) if message[0][0] is not None else -1, newest)

    def words(self) -> dict[str, str]:
        """Return all of the table `meta`."""
        return {str(key): str(value) for key, value in self.query("SELECT key, value FROM meta")}

    def sealed(self) -> tuple[int, int]:
        """Return the number after the last sample that lies in slabs and the largest message number there (-1 where there is none)."""
        found = dict(self.query("SELECT key, value FROM meta WHERE key IN (?, ?)", SEALED, SEALED_MESSAGE))
        return _whole(found.get(SEALED), 0), _whole(found.get(SEALED_MESSAGE), -1)

    def samples(self, first: int = 0, stop: int = EVER, *, start_ns: int = -EVER - 1, end_ns: int = EVER) -> Iterator[tuple[int, Samples]]:
        """Yield the number of the first sample and the samples of each row that begins in [first, stop) and may touch [start_ns, end_ns].

        Damaged rows are counted and left out.
        """
        while found := self.query(_SELECT, first, stop, start_ns, end_ns, _ROWS_AT_ONCE):
            for values in found:
                try:
                    row = Row.believed(*values)
                    samples = row.samples()
                except ValueError:
                    self._damaged.add(values[0])
                else:
                    yield row.seq, samples
            first = found[-1][0] + 1

    def row_at(self, sample: int) -> int:
        """Return the seq of the row that holds sample number `sample`, or `sample` where none begins before it."""
        found = self.query("SELECT seq FROM journal WHERE seq <= ? ORDER BY seq DESC LIMIT 1", sample)
        return int(found[0][0]) if found else sample

    def query(self, sql: str, *arguments: object) -> list[tuple[Any, ...]]:
        """Return all rows of a short read.

        Raises:
            RecordingError: the file cannot be read.
        """
        try:
            with self._lock:
                return self._connection.execute(sql, arguments).fetchall()
        except (sqlite3.Error, OverflowError) as error:
            raise unreadable(self.path, error) from error


def is_text(entry: object, crc: object) -> bool:
    """Return whether a text is what was written."""
    return isinstance(entry, bytes) and zlib.crc32(entry) == crc


def damaged_text(code: int) -> bytes:
    """Return what stands for a text that is lost; its code keeps its place."""
    return b"(damaged text %d)" % code


def unreadable(path: Path, error: Exception) -> RecordingError:
    """Return the refusal of a file that SQLite cannot read."""
    return RecordingError(
        N_("{path} cannot be read: {reason}."), tip=N_("Check the disk and restore the file from a copy."), path=path, reason=error
    )


def _whole(word: str | None, otherwise: int) -> int:
    """Return a whole number, or the other where it is none."""
    try:
        return otherwise if word is None else int(word)
    except ValueError:
        return otherwise


def _kind(word: str) -> SignalKind:
    """Return the kind of a signal; a word from nowhere is read as a measurement, which shows the bare values."""
    try:
        return SignalKind(word)
    except ValueError:
        return SignalKind.MEASUREMENT
