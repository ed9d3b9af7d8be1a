"""Writing a recording: every commit is one durable transaction. Reading is `reader`; a damaged file is `repair`'s.

WAL and synchronous=FULL: NORMAL loses committed batches at a power cut. One process writes, any number read meanwhile.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.history import checks, ends, repair, schema, sound
from twin_app.history.columns import MAX_ROW_SAMPLES, pack
from twin_app.history.lock import WriterLock
from twin_app.history.models import numbered
from twin_app.history.reader import Reader, is_damage
from twin_app.history.rollup import key_of
from twin_app.history.rows import Row
from twin_app.history.schema import ENDED, GIVEN, MARK, NAMES, RAW_DROPPED, SEALED, SEALED_MESSAGE, SLABS
from twin_app.history.slab import slab_keys
from twin_app.model.samples import Samples
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from twin_app.history.models import Step
    from twin_app.history.rollup import Chunk, RollupRow
    from twin_app.history.slab import Entry, KeyframeRow, SlabRows
    from twin_app.model.signal import Signal

_LOOKED_THROUGH_BYTES = 512 * 2**20
"""A file is looked through as a whole when it is opened again (0.2 s at most), where it is not larger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one transaction of sealing writes, in the numbers of the file."""

    stop: int = 0
    """Journal rows of samples numbered below are gone ..."""
    rest: Samples = field(default_factory=Samples.empty)
    """... but for these, which stay under the last of those numbers."""
    slabs: Sequence[SlabRows] = ()
    """New slabs, and others in the place of older versions."""
    entries: Sequence[Entry] = ()
    """Slabs of which only the keyframe is another."""
    keyframes: Sequence[KeyframeRow] = ()
    signals: Sequence[tuple[int, Signal]] = ()
    texts: Sequence[tuple[int, bytes]] = ()
    meta: Mapping[str, object] = field(default_factory=dict)


class Journal:
    """The one writer of a `*.twinrec` file; made if there is none, repaired if need be. `commit` belongs to one thread at a time."""

    def __init__(self, path: Path, *, durable: bool = True, going_on: bool = True) -> None:
        """Open or make the recording at `path`; `durable=False` is for files that are deleted anyway.

        `going_on=False` is for a file that is as good as finished: it is changed in place, without a log beside it.

        Raises:
            RecordingError: held by another writer, none of ours, of a version not known here, or so damaged that nothing of it
                is left: then the file is kept as it is beside (`.damaged`), and its name is free for a new one.
        """
        self.path = path = schema.real(path)  # so that a link and what it leads to have one lock
        self._lock = WriterLock(path)
        self._writing = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        try:
            repair.finish(path)
            self._begin(durable=durable, going_on=going_on)
        except (sqlite3.Error, OSError, RecordingError) as error:
            self._let_go()
            if going_on and path.suffix == schema.SUFFIX and isinstance(error, sqlite3.Error) and is_damage(error):
                self._mend(error, durable=durable)
                return
            self._lock.release()
            raise self._refusal(error) from error

    def _mend(self, error: sqlite3.Error, *, durable: bool) -> None:
        """Go on with what can be believed of the file.

        Raises:
            RecordingError: nothing can.
        """
        try:
            repair.mend(self.path, error)
            self._begin(durable=durable, going_on=True)
        except (sqlite3.Error, OSError, RecordingError) as again:
            self._shut()
            raise self._refusal(again) from again

    def _refusal(self, error: Exception) -> RecordingError:
        """Return the sentence for what kept the file from being opened."""
        if isinstance(error, RecordingError):
            return error
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_NOTADB:
            return schema.not_a_recording(self.path)
        return RecordingError(
            N_("{path} cannot be opened: {reason}."), tip=N_("Check the folder and the free space."), path=self.path, reason=error
        )

    def _begin(self, *, durable: bool, going_on: bool) -> None:
        """Open the file and see how far it reaches.

        Raises:
            sqlite3.Error: it is damaged as a whole, or cannot be opened.
            RecordingError: none of ours, or of a version not known here.
        """
        self._connection = self._open(durable=durable, going_on=going_on)
        self.reader = Reader(self.path, heals=False)
        self.damaged = int(self._connection.execute("SELECT count(*) FROM damaged").fetchone()[0])
        """Rows that were set aside, ever."""
        self.losses = self.reader.losses()
        """Sentences about what is damaged and lost of the file."""
        reached, self.last_message = self.reader.extent()
        self.end = max(reached, int(self.reader.words().get(GIVEN, 0)))
        self._ends = ends.Ends(self.path, self._connection, samples=self.end, told=durable and going_on)

    def commit(
        self, first: int, samples: Samples, *, texts: Sequence[tuple[int, bytes]] = (), signals: Sequence[tuple[int, Signal]] = (),
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
            received_ns = int(samples.received_ns.max()) if rows else 0
            with self._writing, self._ends.transaction(samples=first + len(samples), at_ns=received_ns):
                self._name(signals, texts)
                self._put("meta", 3, (checks.word_row(MARK + key, value) for key, value in marks.items()))
                self._put("journal", 8, rows)
        except sqlite3.Error as error:
            raise self._not_written(error) from error
        self.end = first + len(samples)

    def seal(self, done: Done) -> None:
        """Put slabs and keyframes where journal rows lay, in one transaction.

        Raises:
            sqlite3.Error: the disk is full or failing; nothing was written.
        """
        assert self._connection is not None, "closed"  # noqa: S101 - a slip of the caller
        bad = [(seq,) for seq in self.reader.damaged_rows if seq < done.stop]
        sealed, newest = self.reader.sealed()
        with self._writing, self._ends.transaction(news=False):
            execute, many = self._connection.execute, self._connection.executemany
            (last,) = execute("SELECT max(last_message) FROM journal WHERE seq < ?", (done.stop,)).fetchone()
            many("INSERT INTO damaged SELECT seq, 'journal', 'checksum', n, crc, columns FROM journal WHERE seq = ?", bad)
            execute("DELETE FROM journal WHERE seq < ?", (done.stop,))
            self._put("journal", 8, self._rows(done.stop - len(done.rest), done.rest))
            self._name(done.signals, done.texts)
            many("DELETE FROM block WHERE key >= ? AND key < ?", (slab_keys(rows.entry.slab) for rows in done.slabs))
            self._put("slab", 9, (entry.row() for entry in (*(rows.entry for rows in done.slabs), *done.entries)))
            self._put("block", 12, (row for rows in done.slabs for row in rows.blocks))
            self._put("message", 3, (rows.messages for rows in done.slabs))
            self._put("keyframe", 11, (*(rows.keyframe for rows in done.slabs), *done.keyframes))
            (slabs,) = execute("SELECT ifnull(max(id), 0) FROM slab").fetchone()
            meta = {
                SLABS: slabs,
                SEALED: max(sealed, done.stop - len(done.rest)),
                SEALED_MESSAGE: max(newest, -1 if last is None else last),
                **done.meta,
            }
            self._put("meta", 3, (checks.word_row(key, value) for key, value in meta.items()))

    def put_rolled(self, rows: Iterable[RollupRow]) -> None:
        """Write rows of a chunk that nobody sees yet; raises sqlite3.Error, here and below, where the disk is full or failing."""
        assert self._connection is not None, "closed"  # noqa: S101 - a slip of the caller
        with self._writing, self._ends.transaction(news=False):
            self._put("rollup", 6, rows)

    def put_chunk(self, chunk: Chunk) -> None:
        """Show a chunk in the place of all that lie within it."""
        assert self._connection is not None, "closed"  # noqa: S101 - a slip of the caller
        execute = self._connection.execute
        with self._writing, self._ends.transaction(news=False):
            within = (chunk.start_ns, chunk.end_ns, chunk.number)
            old = execute("SELECT id FROM chunk WHERE t1 > ? AND t0 < ? AND id < ?", within).fetchall()
            for (number,) in old:
                execute("DELETE FROM rollup WHERE key >= ? AND key < ?", (key_of(number, 0), key_of(number + 1, 0)))
                execute("DELETE FROM chunk WHERE id = ?", (number,))
            self._put("chunk", 7, [chunk.row()])

    def forget_rolled(self, number: int) -> None:
        """Drop the rows of a chunk that was not finished when somebody was cut short, and of all after it."""
        assert self._connection is not None, "closed"  # noqa: S101 - a slip of the caller
        with self._writing, self._ends.transaction(news=False):
            self._connection.execute("DELETE FROM rollup WHERE key >= ?", (key_of(number, 0),))

    def next_number(self, table: str) -> int:
        """Return the number of the next row of one of the tables beside samples."""
        assert self._connection is not None, "closed"  # noqa: S101 - a slip of the caller
        return int(self._connection.execute(f"SELECT ifnull(max(id), 0) + 1 FROM {table}").fetchone()[0])  # noqa: S608 - names of our tables

    def put_beside(
        self, *, raw: Iterable[tuple[object, ...]] = (), gaps: Iterable[tuple[object, ...]] = (),
        layouts: Iterable[tuple[object, ...]] = (), models: Iterable[Step] = (),
    ) -> None:  # fmt: skip
        """Write what is kept beside samples, in one transaction.

        Raises:
            RecordingError: the disk is full or failing; nothing was written.
        """
        assert self._connection is not None, "closed"  # noqa: S101 - a slip of the caller
        try:
            with self._writing, self._ends.transaction():
                self._put("raw", 7, raw)
                self._put("gap", 8, gaps)
                self._put("layout", 6, layouts)
                for table, row in models:
                    self._put(table, len(row) + 2, [numbered(self.next_number(table), row)])
        except sqlite3.Error as error:
            raise self._not_written(error) from error

    def named(self) -> list[tuple[str, str, str]]:
        """Return layout, name and digest of each model file that is kept here."""
        return self.reader.named()

    def drop_raw(self, until: int) -> int:
        """Drop raw messages of rows up to number `until`; return how many messages were dropped of this file, ever.

        Raises:
            sqlite3.Error: the disk is full or failing; nothing was dropped.
        """
        assert self._connection is not None, "closed"  # noqa: S101 - a slip of the caller
        with self._writing, self._ends.transaction(news=False):
            (count,) = self._connection.execute("SELECT ifnull(sum(n), 0) FROM raw WHERE id <= ?", (until,)).fetchone()
            self._connection.execute("DELETE FROM raw WHERE id <= ?", (until,))
            dropped = int(self.reader.words().get(RAW_DROPPED, 0)) + int(count)
            self._put("meta", 3, [checks.word_row(RAW_DROPPED, dropped)])
        return dropped

    def _not_written(self, error: sqlite3.Error) -> RecordingError:
        """Return what is said of a disk that is full or failing."""
        return RecordingError(
            N_("The recording {path} cannot be written: {reason}."),
            tip=N_("Free space on its disk; until then everything is kept in memory."), path=self.path, reason=error,
        )  # fmt: skip

    def _name(self, signals: Sequence[tuple[int, Signal]], texts: Sequence[tuple[int, bytes]]) -> None:
        """Write signals and texts with their numbers in the file, and how many there are."""
        assert self._connection is not None, "closed"  # noqa: S101 - a slip of the caller
        self._put("signal", 7, (checks.signal_row(sid, signal) for sid, signal in signals))
        self._put("text", 3, (checks.text_row(code, entry) for code, entry in texts))
        if signals or texts:
            self._put("meta", 3, [checks.word_row(NAMES, " ".join(str(n) for n in self._connection.execute(sound.COUNT_NAMES).fetchone()))])

    def _put(self, table: str, columns: int, rows: Iterable[tuple[object, ...]]) -> None:
        """Write rows in the place of those with the same key."""
        assert self._connection is not None, "closed"  # noqa: S101 - a slip of the caller
        marks = ", ".join("?" * columns)
        self._connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", rows)  # noqa: S608 - names of our tables

    def marks(self) -> dict[str, str]:
        """Return the words that sources left with their samples, by key."""
        return {key[len(MARK) :]: value for key, value in self.reader.words().items() if key.startswith(MARK)}

    def close(self, *, compact: bool = False) -> None:
        """Fold the write-ahead log into one plain file to share (unless somebody still reads it) and let go; a second call does nothing.

        `compact` gives the room of what was sealed back to the disk.
        """
        if self._connection is None:
            return
        self.reader.close()
        whole = False
        with contextlib.suppress(sqlite3.Error):  # a reader or a full disk: the log stays beside the file, nothing is lost
            self._put("meta", 3, [checks.word_row(ENDED, self.end)])
            if compact:
                self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.execute("PRAGMA busy_timeout=0")
            whole = self._connection.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",)
        self._ends.close(whole=whole)
        self._shut()

    def _open(self, *, durable: bool, going_on: bool) -> sqlite3.Connection:
        """Return the writing connection to a file that is ours; a stranger's is not touched, nor is one that must be mended."""
        if not self.path.exists():
            ends.forget(self.path)
        elif self.path.stat().st_size or ends.read(self.path):
            with contextlib.closing(schema.connect(self.path)) as looking:
                sound.see(looking, self.path, closely=self.path.stat().st_size <= _LOOKED_THROUGH_BYTES)
        connection = schema.connect(self.path, write=True, durable=durable, log=going_on)
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
        self._let_go()
        self._lock.release()

    def _let_go(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

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
