"""Whether a file is sound enough to be written on: what later samples need, and that nothing is missing at its end. Not for mending: see `repair`."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from twin_app.history import checks, ends, schema
from twin_app.history.pages import log_is_torn
from twin_app.history.rows import Row
from twin_app.history.slab import Entry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COUNT_NAMES = "SELECT (SELECT ifnull(max(sid), -1) + 1 FROM signal), (SELECT ifnull(max(code), -1) + 1 FROM text)"
_REACHES = """SELECT max(ifnull((SELECT seq + max(n, 1) FROM journal ORDER BY seq DESC LIMIT 1), 0),
    ifnull((SELECT max(CAST(value AS INTEGER)) FROM meta WHERE key IN ('sealed', 'given')), 0))"""


def see(connection: sqlite3.Connection, path: Path, *, closely: bool) -> None:
    """Look at names, words, the index of slabs and what is not sealed; with `closely` at all pages.

    Raises:
        sqlite3.Error: something is not what was written, or is missing.
        RecordingError: the file is none of ours, or of a version not known here.
    """
    end = ends.read(path)
    new = schema.is_new(connection)
    if log_is_torn(path):
        raise sqlite3.DatabaseError("-wal: checksum")
    if new:
        if end is not None:
            raise sqlite3.DatabaseError("nothing is left")
        return
    schema.check(connection, path)
    schema.look_through(connection)
    ends.see(connection, end)
    if closely:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)
    if schema.version(connection) not in schema.UNCHECKED:
        _see_rows(connection)
        _see_ends(connection)


def _see_rows(connection: sqlite3.Connection) -> None:
    """Look at the rows of small tables and of the journal."""
    tables: dict[str, Callable[[tuple[Any, ...]], bool]] = {
        "meta": checks.believed, "signal": checks.believed, "text": checks.believed, "slab": _is_entry, "journal": _is_row,
    }  # fmt: skip
    for table, is_sound in tables.items():
        if not all(map(is_sound, connection.execute(f"SELECT * FROM {table}"))):  # noqa: S608 - names of our tables
            raise sqlite3.DatabaseError(f"{table}: checksum")


def _see_ends(connection: sqlite3.Connection) -> None:
    """Look whether there is as much as the file says."""
    words = dict(connection.execute("SELECT key, value FROM meta"))
    slabs = connection.execute("SELECT count(*), ifnull(max(id), 0) FROM slab").fetchone()
    if schema.SLABS in words and slabs != (int(words[schema.SLABS]),) * 2:
        raise sqlite3.DatabaseError("slab: some are missing")
    if schema.NAMES in words and words[schema.NAMES].split() != [str(n) for n in connection.execute(COUNT_NAMES).fetchone()]:
        raise sqlite3.DatabaseError("names: some are missing")
    if connection.execute(_REACHES).fetchone()[0] < int(words.get(schema.ENDED, 0)):
        raise sqlite3.DatabaseError("journal: its end is missing")


def _is_entry(row: tuple[Any, ...]) -> bool:
    """Tell whether a row of table `slab` is what was written."""
    return Entry.believed(row) is not None


def _is_row(row: tuple[Any, ...]) -> bool:
    """Tell whether a row of table `journal` is what was written."""
    try:
        Row.believed(*row)
    except ValueError:
        return False
    return True
