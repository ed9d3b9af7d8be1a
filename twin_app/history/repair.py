"""What happens to a damaged recording: bad rows are set aside one by one, a bad file as a whole. Nothing is ever deleted."""

from __future__ import annotations

import itertools
import zlib
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.history.reader import Row, damaged_text, is_text
from twin_app.history.schema import sync_folder, transaction
from twin_app.text import N_

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


def set_damaged_rows_aside(connection: sqlite3.Connection) -> int:
    """Move the rows and texts that cannot be believed into the table `damaged`; return how many were ever moved."""
    bad = [(row, reason) for row in connection.execute("SELECT * FROM journal ORDER BY seq") if (reason := _why_not(row))]
    bad_texts = [row for row in connection.execute("SELECT code, bytes, crc FROM text") if not is_text(*row[1:])]
    if bad or bad_texts:
        with transaction(connection):
            for row, reason in bad:
                connection.execute("INSERT INTO damaged VALUES (?, 'journal', ?, ?, ?, ?)", (row[0], reason, row[5], row[6], row[7]))
                connection.execute("DELETE FROM journal WHERE seq = ?", (row[0],))
            for code, entry, crc in bad_texts:
                connection.execute("INSERT INTO damaged VALUES (?, 'text', 'checksum', NULL, ?, ?)", (code, crc, entry))
                said = damaged_text(code)
                connection.execute("UPDATE text SET bytes = ?, crc = ? WHERE code = ?", (said, zlib.crc32(said), code))
    return int(connection.execute("SELECT count(*) FROM damaged").fetchone()[0])


def see_names(connection: sqlite3.Connection) -> None:
    """Read what every later sample needs: signals and marks. Without them no row means anything.

    Raises:
        sqlite3.Error: they cannot be read, or are no words any more.
    """
    connection.execute("SELECT * FROM signal").fetchall()
    connection.execute("SELECT * FROM meta").fetchall()


def set_file_aside(path: Path, error: Exception) -> RecordingError:
    """Rename a file that SQLite cannot read, with its log, and return the error that says so."""
    aside = next(name for i in itertools.count(1) if not (name := path.with_name(f"{path.name}.damaged{i if i > 1 else ''}")).exists())
    path.rename(aside)
    log = path.with_name(path.name + "-wal")
    if log.exists():
        log.rename(aside.with_name(aside.name + "-wal"))
    path.with_name(path.name + "-shm").unlink(missing_ok=True)  # an index of the log, made anew by whoever opens it
    sync_folder(path.parent)
    return RecordingError(
        N_("The recording {path} is damaged ({reason}) and was kept untouched as {aside}."),
        tip=N_("Start again to record into a new file; restore the old one from a copy."), path=path, aside=aside.name, reason=error,
    )  # fmt: skip


def _why_not(values: tuple[object, ...]) -> str:
    """Return why a journal row cannot be believed, empty where it can."""
    try:
        Row.believed(*values)
    except ValueError as error:
        return str(error)
    return ""
