"""The recording's tables, how a connection is opened, and what a file must be to be believed. Not for rows: see `reader`, `journal`."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.history import checks
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIX = ".twinrec"
APPLICATION_ID = 0x5457494E
"""`TWIN`, where SQLite keeps the name of the program a file belongs to."""
MARK = "mark:"
"""What the keys in `meta` begin with under which sources leave words of their own."""
SEALED, SEALED_MESSAGE = "sealed", "sealed_message"
"""Keys in `meta`: samples numbered below the first lie in slabs, and the largest message number there."""
RAW_DROPPED = "raw_dropped"
"""How many raw messages had to go."""
NAMES = "names"
"""How many signals and texts there are."""
SLABS, ENDED, GIVEN = "slabs", "ended", "given"
"""How many slabs there are, the number after the last sample when the file was closed (what is lost at the end shows by that), and
after the last one that was ever given where that one is lost."""
LOG = "-wal"
"""What SQLite puts behind a file's name for its log."""
_HEAD_BYTES, _WRITTEN_WITH, _LOGGED = 100, 18, b"\x02"
"""Of a file's head, where it says how it is written, and that it is with a log."""
SCHEMA = 3
READABLE = frozenset({"1", "2", "3"})
UNCHECKED = frozenset({"1", "2"})
"""Versions whose words, names and texts have no checksums of their own, or lesser ones."""
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
    # a layout's own 3D models: which file it calls what (digest empty: there was no room for it), and each file once, deflated, in pieces
    """CREATE TABLE IF NOT EXISTS named(id INTEGER PRIMARY KEY, layout TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL,
    crc INTEGER NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS piece(id INTEGER PRIMARY KEY, digest TEXT NOT NULL, number INTEGER NOT NULL, content BLOB NOT NULL,
    crc INTEGER NOT NULL)""",
)
_TABLES_3 = (
    # what nobody knows: the recorder was down, a source away, samples lost; t1 is null while it lasts, n where nobody counted
    """CREATE TABLE gap(id INTEGER PRIMARY KEY, t0 INTEGER NOT NULL, t1 INTEGER, reason TEXT NOT NULL, source TEXT NOT NULL, n INTEGER,
    signals TEXT NOT NULL, crc INTEGER NOT NULL)""",
    # the layout with its mapping, from an instant on
    """CREATE TABLE layout(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, hash TEXT NOT NULL, name TEXT NOT NULL, content BLOB NOT NULL,
    crc INTEGER NOT NULL)""",
    # messages as they came, some at a time
    """CREATE TABLE raw(id INTEGER PRIMARY KEY, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL, n INTEGER NOT NULL, size INTEGER NOT NULL,
    messages BLOB NOT NULL, crc INTEGER NOT NULL)""",
)
_CHECKED_3 = tuple(f"ALTER TABLE {table} ADD COLUMN crc INTEGER NOT NULL DEFAULT 0" for table in ("meta", "signal"))
"""Columns that an older file gets besides; texts have theirs, which is computed anew."""


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


def real(path: Path) -> Path:
    """Return the file itself where a link leads to it: its log and what else belongs to it lies beside that one."""
    return path.resolve() if path.is_symlink() else path


def is_bare(path: Path) -> bool:
    """Tell whether a file says that it is written with a log beside it, and has none."""
    path = real(path)
    log = path.with_name(path.name + LOG)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        return head[_WRITTEN_WITH : _WRITTEN_WITH + 1] == _LOGGED and not (log.exists() and log.stat().st_size)
    except OSError:
        return False


def roll_back(path: Path) -> None:
    """Let SQLite undo what a power cut left half done in a finished file: who only reads may not."""
    path = real(path)
    if path.with_name(path.name + "-journal").exists():
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path, timeout=5.0)) as connection:
            is_new(connection)


def create(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables of a new file in one transaction and make the file's name durable."""
    with transaction(connection):
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        for statement in (*_TABLES_1, *_TABLES_2, *_TABLES_3, *_CHECKED_3, *_TABLES_BESIDE):
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES (?, ?, ?)", checks.word_row("schema", SCHEMA))
    sync_folder(path.parent)


def upgrade(connection: sqlite3.Connection) -> None:
    """Make a file of an older version one of the present version, in one transaction."""
    found = version(connection)
    for table in _TABLES_BESIDE:
        connection.execute(table)
    if found not in UNCHECKED:
        return
    with transaction(connection):
        for statement in (*(_TABLES_2 if found == "1" else ()), *_TABLES_3, *_CHECKED_3):
            connection.execute(statement)
        for table, key in (("meta", "key"), ("signal", "sid")):
            rows = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - names of our tables
            fresh = [(checks.of_row(*row[:-1]), row[0]) for row in rows]
            connection.executemany(f"UPDATE {table} SET crc = ? WHERE {key} = ?", fresh)  # noqa: S608 - names of our tables
        texts = connection.execute("SELECT code, bytes, crc FROM text").fetchall()
        sound = [(checks.of_row(code, entry), code) for code, entry, crc in texts if isinstance(entry, bytes) and zlib.crc32(entry) == crc]
        connection.executemany("UPDATE text SET crc = ? WHERE code = ?", sound)  # a damaged one stays one
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", checks.word_row("schema", SCHEMA))


def version(connection: sqlite3.Connection) -> str:
    """Return the version of a file that is ours.

    Raises:
        sqlite3.Error: it cannot be read, or is not what was written.
    """
    names = [row[1] for row in connection.execute("PRAGMA table_info(meta)")]
    row = connection.execute("SELECT * FROM meta WHERE key = 'schema'").fetchone()
    if row is None or ("crc" in names and not checks.believed(row)):
        raise sqlite3.DatabaseError("schema: checksum")
    return str(row[1])


def is_new(connection: sqlite3.Connection) -> bool:
    """Return whether the file holds no table yet: new, or killed before its first transaction."""
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,))


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is none of ours or of a version not known here.

    Raises:
        RecordingError: says which.
        sqlite3.DatabaseError: it was one of ours, and is damaged.
    """
    if is_new(connection) and path.suffix == SUFFIX:
        raise RecordingError(N_("{path} is empty: nothing was recorded into it."), tip=N_("Choose another recording."), path=path)
    if connection.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        if {"meta", "signal", "journal"} <= {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}:
            raise sqlite3.DatabaseError("header")
        raise not_a_recording(path)
    found = version(connection)
    if found not in READABLE:
        raise another_version(path, found)


def look_through(connection: sqlite3.Connection) -> None:
    """Look at the pages of the large tables, and at the names of all columns; what those lead to is seen when it is read.

    Raises:
        sqlite3.Error: a page is none, or a table another.
    """
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if version(connection) not in UNCHECKED:
        for table, columns in _columns().items():
            if table in there and _names(connection, table) != columns:
                raise sqlite3.DatabaseError(f"sqlite_master: {table}")
    for table in ("journal", "slab", "block", "keyframe", "message"):
        if table in there:
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - names of our tables


@lru_cache(1)
def _columns() -> dict[str, tuple[str, ...]]:
    """Return the columns of every table."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for statement in (*_TABLES_1, *_TABLES_2, *_TABLES_3, *_CHECKED_3, *_TABLES_BESIDE):
            connection.execute(statement)
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: _names(connection, table) for table in tables}


def _names(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """Return the names of a table's columns."""
    return tuple(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))


def another_version(path: Path, found: str) -> RecordingError:
    """Return the refusal of a file that this version of the program does not know."""
    return RecordingError(
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
