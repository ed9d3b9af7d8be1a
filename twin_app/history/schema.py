"""The recording's tables, how a connection is opened, and what a file must be to be believed. Not for rows: see `reader`, `journal`."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIX = ".twinrec"
APPLICATION_ID = 0x5457494E
"""`TWIN`, where SQLite keeps the name of the program a file belongs to."""
MARK = "mark:"
"""What the keys in `meta` begin with under which sources leave words of their own."""
SCHEMA = 2
READABLE = frozenset({"1", "2"})
"""Versions that can be read; an older one becomes the present one as soon as somebody writes to it."""
_TABLES_1 = (
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE signal(sid INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, unit TEXT NOT NULL, name TEXT NOT NULL,
    kind TEXT NOT NULL, unit_of_measure TEXT NOT NULL)""",
    "CREATE TABLE text(code INTEGER PRIMARY KEY, bytes BLOB NOT NULL, crc INTEGER NOT NULL)",
    # seq is the number of the row's first sample in the file; the small columns stand before the blob, so that a scan skips its pages
    """CREATE TABLE journal(seq INTEGER PRIMARY KEY, first_effective INTEGER NOT NULL, last_effective INTEGER NOT NULL,
    received INTEGER NOT NULL, last_message INTEGER NOT NULL, n INTEGER NOT NULL, crc INTEGER NOT NULL, columns BLOB NOT NULL)""",
    "CREATE TABLE damaged(seq INTEGER, source TEXT NOT NULL, reason TEXT NOT NULL, n, crc, bytes)",
)
_TABLES_2 = (
    # small, so that the index of a day is read at once; the checksum is of all the numbers
    """CREATE TABLE slab(id INTEGER PRIMARY KEY, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL, n INTEGER NOT NULL, facts INTEGER NOT NULL,
    blocks INTEGER NOT NULL, ties INTEGER NOT NULL, version INTEGER NOT NULL, crc INTEGER NOT NULL)""",
    # key is slab * 65536 + number; every blob begins with its checksum, and the columns stand in the order in which readers want them
    """CREATE TABLE block(key INTEGER PRIMARY KEY, fact INTEGER NOT NULL, first_sid INTEGER NOT NULL, last_sid INTEGER NOT NULL,
    signals INTEGER NOT NULL, n INTEGER NOT NULL, codec INTEGER NOT NULL, runs BLOB NOT NULL, times BLOB NOT NULL, vals BLOB NOT NULL,
    marks BLOB NOT NULL, delays BLOB NOT NULL)""",
    """CREATE TABLE keyframe(slab INTEGER PRIMARY KEY, signals INTEGER NOT NULL, n INTEGER NOT NULL, codec INTEGER NOT NULL,
    runs BLOB NOT NULL, times BLOB NOT NULL, vals BLOB NOT NULL, marks BLOB NOT NULL, delays BLOB NOT NULL, messages BLOB NOT NULL,
    carried BLOB NOT NULL)""",
    "CREATE TABLE message(slab INTEGER PRIMARY KEY, facts BLOB NOT NULL, rest BLOB NOT NULL)",
)
_TABLES_BESIDE = (
    # a pyramid over slabs, which a reader can do without; key is chunk * 2^32 + sid, the coarsest level comes first
    """CREATE TABLE IF NOT EXISTS chunk(id INTEGER PRIMARY KEY, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL, slabs INTEGER NOT NULL,
    stamp INTEGER NOT NULL, sids BLOB NOT NULL, crc INTEGER NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS rollup(key INTEGER PRIMARY KEY, level_4 BLOB, level_3 BLOB, level_2 BLOB, level_1 BLOB, level_0 BLOB)""",
)


def connect(path: Path, *, write: bool = False, durable: bool = True, log: bool = True) -> sqlite3.Connection:
    """Return a connection in autocommit mode, for one thread at a time; a reading one cannot write. `log`: with a write-ahead log."""
    uri = path.absolute().as_uri() + ("" if write else "?mode=ro")
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=5.0)
    if write:
        try:
            connection.execute("PRAGMA page_size=4096")
            if log:
                connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
        except sqlite3.Error:
            connection.close()
            raise
    return connection


def create(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables of a new file in one transaction and make the file's name durable."""
    with transaction(connection):
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        for table in (*_TABLES_1, *_TABLES_2, *_TABLES_BESIDE):
            connection.execute(table)
        connection.execute("INSERT INTO meta VALUES ('schema', ?)", (str(SCHEMA),))
    sync_folder(path.parent)


def upgrade(connection: sqlite3.Connection) -> None:
    """Make a file of an older version one of the present version, in one transaction."""
    if version(connection) == "1":
        with transaction(connection):
            for table in _TABLES_2:
                connection.execute(table)
            connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (str(SCHEMA),))
    for table in _TABLES_BESIDE:
        connection.execute(table)


def version(connection: sqlite3.Connection) -> str:
    """Return the version of a file that is ours."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    return str(row[0]) if row else "?"


def is_new(connection: sqlite3.Connection) -> bool:
    """Return whether the file holds no table yet: new, or killed before its first transaction."""
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,))


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is none of ours or of a version not known here.

    Raises:
        RecordingError: says which.
    """
    if connection.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        raise not_a_recording(path)
    found = version(connection)
    if found not in READABLE:
        raise RecordingError(
            N_("{path} is a recording of version {found}, this program reads version {known}."),
            tip=N_("Open it with the version of the program that wrote it, or update this one."), path=path, found=found, known=SCHEMA,
        )  # fmt: skip


def not_a_recording(path: Path) -> RecordingError:
    """Return the refusal of a file that this program never wrote."""
    return RecordingError(N_("{path} is not a recording of this program."), tip=N_("Choose a .twinrec file."), path=path)


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit all of the block or none of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite rolls back by itself after some errors
            connection.execute("ROLLBACK")
        raise


def sync_folder(folder: Path) -> None:
    """Make a new name in `folder` survive a power cut; Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
