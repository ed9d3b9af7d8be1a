"""Writing a recording: every commit is one durable transaction. Reading is `reader`; a damaged file is `repair`'s.

WAL and synchronous=FULL: NORMAL loses committed batches at a power cut. One process writes, any number read meanwhile.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import zlib
from types import MappingProxyType
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.history import repair, schema
from twin_app.history.columns import MAX_ROW_SAMPLES, pack
from twin_app.history.lock import WriterLock
from twin_app.history.reader import SEALED, SEALED_MESSAGE, Reader, Row
from twin_app.history.schema import MARK
from twin_app.history.slab import slab_keys
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from twin_app.history.slab import Entry, KeyframeRow, SlabRows
    from twin_app.model.samples import Samples
    from twin_app.model.signal import Signal


_INSERT = "INSERT OR REPLACE INTO {} VALUES ({})"
_INSERT_ROW = _INSERT.format("journal", "?, ?, ?, ?, ?, ?, ?, ?")


class Journal:
    """The one writer of a `*.twinrec` file; made if there is none, repaired if need be. `commit` belongs to one thread at a time."""

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        """Open or make the recording at `path`; `durable=False` is for files that are deleted anyway.

        Raises:
            RecordingError: held by another writer, none of ours, of a version not known here, or damaged as a whole: then the
                file is kept as it is beside (`.damaged`), and its name is free for a new one.
        """
        self.path = path
        self._lock = WriterLock(path)
        self._writing = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        try:
            self._connection = self._open(durable=durable)
            self.damaged = repair.set_damaged_rows_aside(self._connection)
            """Rows that were set aside when the file was opened, ever."""
            repair.see_names(self._connection)
            self.reader = Reader(path)
            self.end, self.last_message = self.reader.extent()
        except sqlite3.Error as error:
            self._shut()
            code = (
                getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
            )  # Python's own errors, of words that are none, have no code
            if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} and path.suffix == schema.SUFFIX:
                raise repair.set_file_aside(path, error) from error
            if code == sqlite3.SQLITE_NOTADB:
                raise schema.not_a_recording(path) from error
            raise RecordingError(
                N_("{path} cannot be opened: {reason}."), tip=N_("Check the folder and the free space."), path=path, reason=error
            ) from error
        except RecordingError:
            self._shut()
            raise

    def commit(
        self, first: int, samples: Samples, *, texts: Iterable[tuple[int, bytes]] = (), signals: Iterable[tuple[int, Signal]] = (),
        marks: Mapping[str, str] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """Write samples numbered from `first` on, with the texts and signals they use (ids of the file), durably and as a whole.

        `marks` are words of the sources' own, by key.

        Committing the same number again replaces it: a commit that failed after all was written may be repeated.

        Raises:
            RecordingError: the disk is full or failing; nothing was written.
        """
        assert self._connection is not None, "closed"  # noqa: S101 - a slip of the caller
        rows = list(self._rows(first, samples))
        try:
            with self._writing, schema.transaction(self._connection):
                self._connection.executemany(
                    "INSERT OR REPLACE INTO signal VALUES (?, ?, ?, ?, ?, ?)",
                    ((sid, s.path, s.unit, s.name, str(s.kind), s.unit_of_measure) for sid, s in signals),
                )
                self._connection.executemany("INSERT OR REPLACE INTO text VALUES (?, ?, ?)", ((c, e, zlib.crc32(e)) for c, e in texts))
                self._connection.executemany(
                    "INSERT OR REPLACE INTO meta VALUES (?, ?)", ((MARK + key, value) for key, value in marks.items())
                )
                self._connection.executemany(_INSERT_ROW, rows)
        except sqlite3.Error as error:
            raise RecordingError(
                N_("The recording {path} cannot be written: {reason}."),
                tip=N_("Free space on its disk; until then everything is kept in memory."), path=self.path, reason=error,
            ) from error  # fmt: skip
        self.end = first + len(samples)

    def seal(self, stop: int, rest: Samples, slabs: Iterable[SlabRows], keyframes: Iterable[tuple[Entry, KeyframeRow]]) -> None:
        """Put slabs (new ones, and others in the place of older versions) and keyframes where samples numbered below `stop` lay.

        Of these, `rest` stays in the journal, under the last numbers. All of it in one transaction.

        Raises:
            sqlite3.Error: the disk is full or failing; nothing was written.
        """
        assert self._connection is not None, "closed"  # noqa: S101 - a slip of the caller
        slabs, keyframes, bad = list(slabs), list(keyframes), [(seq,) for seq in self.reader.damaged_rows if seq < stop]
        sealed, newest = self.reader.sealed()
        with self._writing, schema.transaction(self._connection):
            execute, many = self._connection.execute, self._connection.executemany
            (last,) = execute("SELECT max(last_message) FROM journal WHERE seq < ?", (stop,)).fetchone()
            many("INSERT INTO damaged SELECT seq, 'journal', 'checksum', n, crc, columns FROM journal WHERE seq = ?", bad)
            execute("DELETE FROM journal WHERE seq < ?", (stop,))
            many(_INSERT_ROW, self._rows(stop - len(rest), rest))
            many("DELETE FROM block WHERE key >= ? AND key < ?", (slab_keys(rows.entry.slab) for rows in slabs))
            entries = [rows.entry for rows in slabs] + [entry for entry, _ in keyframes]
            many(_INSERT.format("slab", _marks(9)), (entry.row() for entry in entries))
            many(_INSERT.format("block", _marks(12)), (row for rows in slabs for row in rows.blocks))
            many(_INSERT.format("message", _marks(3)), (rows.messages for rows in slabs))
            many(_INSERT.format("keyframe", _marks(11)), [rows.keyframe for rows in slabs] + [row for _, row in keyframes])
            meta = {SEALED: max(sealed, stop - len(rest)), SEALED_MESSAGE: max(newest, -1 if last is None else last)}
            many("INSERT OR REPLACE INTO meta VALUES (?, ?)", ((key, str(value)) for key, value in meta.items()))

    def marks(self) -> dict[str, str]:
        """Return the words that sources left with their samples, by key."""
        assert self._connection is not None, "closed"  # noqa: S101 - a slip of the caller
        rows = self._connection.execute("SELECT key, value FROM meta WHERE substr(key, 1, ?) = ?", (len(MARK), MARK))
        return {key[len(MARK) :]: value for key, value in rows}

    def close(self) -> None:
        """Fold the write-ahead log into one plain file to share (unless somebody still reads it) and let go; a second call does nothing."""
        if self._connection is None:
            return
        self.reader.close()
        with contextlib.suppress(sqlite3.Error):  # a reader or a full disk: the log stays beside the file, nothing is lost
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.execute("PRAGMA busy_timeout=0")
            self._connection.execute("PRAGMA journal_mode=DELETE")
        self._shut()

    def _open(self, *, durable: bool) -> sqlite3.Connection:
        """Return the writing connection to a file that is ours; a stranger's is not touched."""
        if self.path.exists() and self.path.stat().st_size:
            with contextlib.closing(schema.connect(self.path)) as looking:
                if not schema.is_new(looking):
                    schema.check(looking, self.path)
        connection = schema.connect(self.path, write=True, durable=durable)
        try:
            if schema.is_new(connection):
                schema.create(connection, self.path)
            schema.upgrade(connection)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _shut(self) -> None:
        """Close the connection and release the lock."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._lock.release()

    @classmethod
    def _rows(cls, first: int, samples: Samples) -> Iterator[tuple[int | bytes, ...]]:
        """Yield the rows of samples numbered from `first` on."""
        for i in range(0, len(samples), MAX_ROW_SAMPLES):
            yield cls._row(first + i, samples.take(slice(i, i + MAX_ROW_SAMPLES)))

    @staticmethod
    def _row(seq: int, samples: Samples) -> tuple[int | bytes, ...]:
        """Return the values of one row."""
        row = Row(
            seq, int(samples.effective_ns.min()), int(samples.effective_ns.max()), int(samples.received_ns.max()),
            int(samples.message.max()), len(samples), pack(samples),
        )  # fmt: skip
        return row.seq, row.first_effective_ns, row.last_effective_ns, row.received_ns, row.last_message, row.n, row.crc(), row.columns


def _marks(count: int) -> str:
    """Return that many question marks for a row."""
    return ", ".join("?" * count)
