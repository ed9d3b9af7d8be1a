"""Reading a recording, from any thread or process while another writes. Every read is a short transaction. Not for writing."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
import threading
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from twin_app.errors import RecordingError
from twin_app.history import checks, ends, schema
from twin_app.history.beside import layout_of, messages_of
from twin_app.history.gaps import SELECT as GAPS
from twin_app.history.gaps import gap_of, losses_worded
from twin_app.history.pages import log_is_torn
from twin_app.history.rows import MOST_NAMES, Row, damaged_signal, damaged_text, kind_of
from twin_app.history.salvage import NothingLeftError, salvage
from twin_app.history.schema import ENDED, NAMES, RAW_DROPPED, SEALED, SEALED_MESSAGE, SLABS, UNCHECKED, check, connect, not_a_recording
from twin_app.model.recording import RawKept
from twin_app.model.signal import Signal
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin_app.model.message import Message
    from twin_app.model.recording import Gap, LayoutVersion
    from twin_app.model.samples import Samples

_ROWS_AT_ONCE = 64
EVER = 2**63 - 1
_COLUMNS = "sid, path, unit, name, kind, unit_of_measure"
_SELECT = (
    "SELECT seq, first_effective, last_effective, received, last_message, n, crc, columns FROM journal"
    " WHERE seq >= ? AND seq < ? AND last_effective >= ? AND first_effective <= ? ORDER BY seq LIMIT ?"
)


class Reader:
    """A read-only connection to one recording; safe from any thread, one read at a time.

    Where the file turns out to be damaged it is read from a copy of what can still be believed (see `salvage`), which goes with
    the reader; the file itself is not touched.
    """

    def __init__(self, path: Path, *, heals: bool = True) -> None:
        """Open the recording at `path`; `heals=False` is for who writes it, for whom a copy would be another file.

        Raises:
            RecordingError: no such file, none of ours, a version not known here, or so damaged that nothing of it is left.
        """
        self.path = path
        self._damaged: set[int] = set()
        self._lock = threading.RLock()
        self._heals = heals
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._sealed: tuple[tuple[object, ...], tuple[int, int]] | None = None
        self._losses: tuple[bool, tuple[str, ...]] | None = None
        if not path.is_file():
            raise RecordingError(N_("There is no recording {path}."), tip=N_("Check the path."), path=path)
        try:
            schema.roll_back(path)
            self._bare = schema.is_bare(path)
            self._connection = connect(path)
        except sqlite3.Error as error:
            raise unreadable(path, error) from error
        try:
            self.version = self._look()
        except sqlite3.Error as error:
            self._heal_or_refuse(error)
        except RecordingError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, once nobody reads with it any more."""
        with self._lock:
            self._connection.close()
        if self._copy is not None:
            self._copy.cleanup()

    def shrink(self) -> None:
        """Give back what memory it holds of pages read: most files are seldom asked."""
        self.query("PRAGMA shrink_memory")

    @property
    def healed(self) -> bool:
        """Tell whether it reads from a copy, because the file is damaged."""
        return self._copy is not None

    @property
    def copy(self) -> Path | None:
        """Return the copy that it reads from, None where it reads the file itself."""
        return None if self._copy is None else Path(self._copy.name) / self.path.name

    def heal(self, why: object) -> bool:
        """Read from a copy of what can be believed from now on; return whether that is news.

        Raises:
            RecordingError: there is nothing to be believed, or no room for a copy.
        """
        with self._lock:
            if self._copy is not None or not self._heals:
                return False
            copy = tempfile.TemporaryDirectory(prefix="twin-app-", ignore_cleanup_errors=True)
            try:
                salvage(self.path, Path(copy.name) / self.path.name)
                fresh = connect(Path(copy.name) / self.path.name)
            except (OSError, RecordingError) as error:
                copy.cleanup()
                raise error if isinstance(error, RecordingError) else unreadable(self.path, f"{why}; {error}") from error
            self._connection.close()
            self._connection, self._copy, self.version = fresh, copy, str(schema.SCHEMA)
            return True

    def gaps(self) -> list[Gap]:
        """Return what is known to be missing in the file, by time."""
        rows = self.query(GAPS) if self.version not in UNCHECKED else []
        return [gap for row in rows if (gap := gap_of(row)) is not None]

    def layouts(self) -> list[LayoutVersion]:
        """Return the layouts that were in force while it was written, by time."""
        rows = self.query("SELECT * FROM layout ORDER BY id") if self.version not in UNCHECKED else []
        return [layout for row in rows if (layout := layout_of(row)) is not None]

    def named(self) -> list[tuple[str, str, str]]:
        """Return layout (its hash), name and digest of each file of a model that is kept, or was not for want of room (no digest)."""
        if not self.query("SELECT 1 FROM sqlite_master WHERE name = 'named'"):
            return []
        return [row[1:4] for row in self.query("SELECT * FROM named ORDER BY id") if checks.shaped(row, "isssi")]

    def pieces(self) -> dict[str, dict[int, bytes]]:
        """Return what those files are made of: the deflated parts of each by number, by its digest."""
        found: dict[str, dict[int, bytes]] = {}
        for row in self.query("SELECT * FROM piece ORDER BY id") if self.named() else ():
            if checks.shaped(row, "isibi"):
                found.setdefault(row[1], {})[row[2]] = row[3]
        return found

    def raw_kept(self) -> RawKept:
        """Return which messages are kept as they came."""
        if self.version in UNCHECKED:
            return RawKept()
        ((count, size, start_ns, end_ns),) = self.query(
            "SELECT ifnull(sum(n), 0), ifnull(sum(length(messages)), 0), min(t0), max(t1) FROM raw"
        )
        dropped = _whole(self.words().get(RAW_DROPPED), 0)
        if not all(isinstance(value, int) for value in (count, size, start_ns or 0, end_ns or 0)):
            return RawKept(dropped=dropped)
        return RawKept(count=count, size=size, start_ns=start_ns, end_ns=end_ns, dropped=dropped)

    def raw(self) -> Iterator[list[Message]]:
        """Yield the messages that are kept as they came, some at a time, in order of arrival; damaged ones are counted and left out."""
        after = 0
        while found := self.query("SELECT * FROM raw WHERE id > ? ORDER BY id LIMIT 1", after) if self.version not in UNCHECKED else []:
            after = found[0][0]
            messages = messages_of(found[0])
            if messages is None:
                self._damaged.add(-after)
            else:
                yield messages

    def losses(self) -> tuple[str, ...]:
        """Return sentences about what is damaged and lost; read from the file once, and again when it turns out to be damaged."""
        if self._losses is None or self._losses[0] != self.healed:
            gaps = self.gaps()  # which may heal the file
            self._losses = self.healed, (*losses_worded(self.path, gaps), *self._without_log())
        return self._losses[1]

    def _without_log(self) -> tuple[str, ...]:
        """Return the sentence for a file that was copied while it was written, without the log that belongs to it; none where a word says that it had got no further."""
        if self.healed or not self._heals or not self._bare or self.extent()[0] <= _whole(self.words().get(ENDED), -1):
            return ()
        if ends.own(self._connection, ends.read(self.path)) is not None:  # it was looked whether the file gets as far
            return ()
        what = N_("{path} was not closed, and its log ({name}) is not beside it: what was said last may be missing. Copy both.")
        return (tr(what, path=self.path, name=self.path.name + schema.LOG),)

    def slabs(self) -> int | None:
        """Return how many slabs there should be, None where nobody noted that."""
        rows = self.query("SELECT value FROM meta WHERE key = ?", SLABS)
        return _whole(rows[0][0], 0) if rows else None

    def _look(self) -> str:
        """Return the version of a file that is ours, having looked through its pages."""
        end = ends.read(self.path)
        if schema.is_new(self._connection) and end is not None:  # which reads the log
            raise sqlite3.DatabaseError("nothing is left")
        if log_is_torn(self.path):
            raise sqlite3.DatabaseError("-wal: checksum")
        check(self._connection, self.path)
        found = schema.version(self._connection)
        schema.look_through(self._connection)
        ends.see(self._connection, end)
        return found

    def _heal_or_refuse(self, error: sqlite3.Error) -> None:
        """Heal a file that cannot be opened as it is: a damaged one, or one whose log SQLite cannot read where it may not write."""
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            self.close()
            raise unreadable(self.path, error) from error
        try:
            if not self.heal(error):
                raise unreadable(self.path, error) from error
        except NothingLeftError as nothing:
            self.close()
            raise nothing if self.path.suffix == schema.SUFFIX else not_a_recording(self.path) from error
        except RecordingError:
            self.close()
            raise

    @property
    def damaged(self) -> int:
        """Rows met that could not be believed and were left out (the writer sets them aside when it opens the file)."""
        return len(self._damaged)

    @property
    def damaged_rows(self) -> frozenset[int]:
        """The numbers of those rows."""
        return frozenset(self._damaged)

    def signals(self) -> list[tuple[int, Signal]]:
        """Return the file's signals with their ids in the file; what stands for one that is lost keeps its place."""
        rows = self._named(0, f"SELECT {_COLUMNS}{self._crc} FROM signal ORDER BY sid")  # noqa: S608 - names of columns
        found = {
            row[0]: Signal(path=row[1], unit=row[2], name=row[3], kind=kind_of(row[4]), unit_of_measure=row[5])
            if (checks.shaped(row, "isssssi") if self._crc else all(isinstance(value, str) for value in row[1:]))
            else damaged_signal(row[0])
            for row in rows
            if 0 <= row[0] < MOST_NAMES
        }
        return [(sid, found[sid] if sid in found else damaged_signal(sid)) for sid in range(max(found, default=-1) + 1)]

    def texts(self) -> list[tuple[int, bytes]]:
        """Return the file's texts with their codes in the file; one that does not match its checksum says so instead."""
        rows = self._named(1, "SELECT code, bytes, crc FROM text ORDER BY code")
        found = {
            code: entry if self.is_text(code, entry, crc) else damaged_text(code) for code, entry, crc in rows if 0 <= code < MOST_NAMES
        }
        return [(code, found[code] if code in found else damaged_text(code)) for code in range(max(found, default=-1) + 1)]

    def extent(self) -> tuple[int, int]:
        """Return the number after the last sample of the file and the largest message number (-1 where there is none)."""
        last = self.query("SELECT seq + max(n, 1) FROM journal ORDER BY seq DESC LIMIT 1")
        message = self.query("SELECT max(last_message) FROM journal")
        end, newest = self.sealed()
        return max(_whole(last[0][0] if last else None, 0), end), max(_whole(message[0][0], -1), newest)

    def words(self) -> dict[str, str]:
        """Return all of the table `meta`."""
        rows = self._believed(f"SELECT key, value{self._crc} FROM meta")  # noqa: S608 - names of columns
        return {str(row[0]): str(row[1]) for row in rows if not self._crc or checks.believed(row)}

    def sealed(self) -> tuple[int, int]:
        """Return the number after the last sample that lies in slabs and the largest message number there (-1 where there is none)."""
        version = (self.healed, *self.query("PRAGMA data_version"))  # another one as soon as somebody else committed
        if self._sealed is None or self._sealed[0] != version:
            asked = f"SELECT key, value{self._crc} FROM meta WHERE key IN (?, ?)"  # noqa: S608 - names of columns
            found = {row[0]: row[1] for row in self._believed(asked, SEALED, SEALED_MESSAGE)}
            self._sealed = version, (_whole(found.get(SEALED), 0), _whole(found.get(SEALED_MESSAGE), -1))
        return self._sealed[1]

    def is_text(self, code: int, entry: object, crc: object) -> bool:
        """Return whether a text is what was written."""
        return isinstance(entry, bytes) and (zlib.crc32(entry) == crc if self.version in UNCHECKED else checks.believed((code, entry, crc)))

    @property
    def _crc(self) -> str:
        """Return the column of checksums where the file has it."""
        return "" if self.version in UNCHECKED else ", crc"

    def _named(self, which: int, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of signals (0) or texts (1); where some are missing, those of a copy that was mended."""
        told = (*self.words().get(NAMES, "").split(), "", "")[which]  # before: more may come meanwhile
        rows = self._believed(sql)
        if len(rows) < _whole(told or None, 0) and self.heal("names: some are missing"):
            return self._believed(sql)
        return rows

    def _believed(self, sql: str, *arguments: object) -> list[tuple[Any, ...]]:
        """Return rows; where one of them is not what was written, those of a copy that was mended."""
        rows = self.query(sql, *arguments)
        if self._crc and sql.rstrip().find(", crc") > 0 and not all(map(checks.believed, rows)) and self.heal("checksum"):
            return self.query(sql, *arguments)
        return rows

    def samples(self, first: int = 0, stop: int = EVER, *, start_ns: int = -EVER - 1, end_ns: int = EVER) -> Iterator[tuple[int, Samples]]:
        """Yield the number of the first sample and the samples of each row that begins in [first, stop) and may touch [start_ns, end_ns].

        Damaged rows are counted and left out.
        """
        reached = 0
        while found := self.query(_SELECT, first, stop, start_ns, end_ns, _ROWS_AT_ONCE):
            for values in found:
                try:
                    row = Row.believed(*values, least=reached)  # one found twice hides another
                    samples = row.samples()
                except ValueError:
                    self._damaged.add(values[0])
                    first = max(first, values[0])
                    if self.heal("journal: checksum"):
                        break
                    continue
                reached = row.seq + row.n
                first = row.seq + 1
                yield row.seq, samples
            else:
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
        with self._lock:
            try:
                return self._connection.execute(sql, arguments).fetchall()
            except (sqlite3.DatabaseError, OverflowError) as error:
                if not is_damage(error) or not self.heal(error):
                    raise unreadable(self.path, error) from error
            with contextlib.suppress(sqlite3.Error):
                return self._connection.execute(sql, arguments).fetchall()
            raise unreadable(self.path, "SQL")


def is_damage(error: Exception) -> bool:
    """Tell whether something failed for what the file holds: a busy or missing one is not damaged, words that are none have no code."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}  # the last: a column has another name by now


def unreadable(path: Path, error: object) -> RecordingError:
    """Return the refusal of a file that SQLite cannot read."""
    return RecordingError(
        N_("{path} cannot be read: {reason}."), tip=N_("Check the disk and restore the file from a copy."), path=path, reason=error
    )


def _whole(word: object, otherwise: int) -> int:
    """Return a whole number, or the other where it is none, or none that is possible."""
    try:
        found = int(word) if isinstance(word, str | int) else otherwise
    except ValueError:
        return otherwise
    return found if abs(found) < EVER else otherwise
