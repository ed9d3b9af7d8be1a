"""A damaged recording to a sound copy of all that can still be believed in it, and what is missing. Not for whole ones, and the file itself is never changed."""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from dataclasses import fields
from typing import TYPE_CHECKING, cast

from twin_app.errors import RecordingError
from twin_app.history import checks, ends, mending, schema
from twin_app.history.block import unseal
from twin_app.history.files import start_of
from twin_app.history.pages import Pages
from twin_app.history.rollup import LEVELS, SIGNAL_BITS, Chunk, RollupRow, place_of
from twin_app.history.rows import MOST_NAMES, Row, kind_of
from twin_app.history.slab import BlockRow, Entry, KeyframeRow, proven, unpack_keyframe
from twin_app.model.signal import Signal
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from twin_app.history.pages import Record, Value

    Values = tuple[Value, ...]

FOUND = "schema of the original"
_NOTHING = (None,) * 8
_SIGNAL, _TEXT = 7, 3
"""Columns of these tables."""
_ASIDE = {"journal": (5, 6, 7), "text": (0, 2, 1)}
"""Which columns of what cannot be believed are kept aside: number of samples (none of a text), checksum, bytes."""


class NothingLeftError(RecordingError):
    """Nothing of a file can be believed."""


def salvage(path: Path, copy: Path) -> None:
    """Write what can be believed of the file at `path`, its log included, to a new recording at `copy`; its `gap`s say what is missing.

    Raises:
        NothingLeftError: nothing of it is a recording of this program.
        RecordingError: it is of a version not known here.
        OSError: it cannot be read, or there is no room for the copy.
    """
    end = ends.read(path)
    pages = Pages(path)
    try:
        with contextlib.closing(schema.connect(copy, write=True, log=False)) as connection:
            schema.create(connection, copy)
            with schema.transaction(connection):
                for table, row in _rows(pages):
                    marks = ", ".join("?" * len(row))
                    connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)  # noqa: S608 - names of our tables
            _refuse_strangers(connection, path)
            with schema.transaction(connection):
                doubtful = bool(pages.broken) or pages.short
                mending.mend(connection, doubtful=doubtful, end=ends.own(connection, end), begins_ns=start_of(path))
    except sqlite3.Error as error:
        raise OSError(str(error)) from error
    finally:
        pages.close()


def _refuse_strangers(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file in which nothing of ours stands, or something of a later make."""
    found = connection.execute("SELECT value FROM meta WHERE key = ?", (FOUND,)).fetchone()
    if found and found[0] not in schema.READABLE:
        raise schema.another_version(path, found[0])
    (rows,) = connection.execute(
        "SELECT (SELECT count(*) FROM signal) + (SELECT count(*) FROM block) + (SELECT count(*) FROM journal)"
    ).fetchone()
    if not found and not rows:
        raise NothingLeftError(
            N_("Nothing can be read of {path}: it is damaged as a whole, or no recording of this program."),
            tip=N_("Restore the file from a copy."),
            path=path,
        )
    connection.execute("DELETE FROM meta WHERE key = ?", (FOUND,))


def _rows(pages: Pages) -> Iterator[tuple[str, Values]]:
    """Yield what can be believed, by table: first what the file's own index leads to, then what it has lost."""
    roots = pages.tables()
    for table, read in _TABLES.items():
        if table in roots:
            for record in pages.walk(roots[table]):
                row = read(record)
                if row is not None:
                    yield table, row
                elif table in _ASIDE:
                    values = (*record.values, *_NOTHING)
                    yield "damaged", (record.number, table, "checksum", *(values[i] if i else None for i in _ASIDE[table]))
    yield from _pyramid(pages, roots)
    pages.free()
    for number in pages.lost():
        for record in pages.records(number):
            found = ((table, row) for table, read in _TABLES.items() if (row := read(record)) is not None)
            yield from list(found)[:1]


def _pyramid(pages: Pages, roots: dict[str, int]) -> Iterator[tuple[str, Values]]:
    """Yield the rows of the pyramid, of those that the file's own index leads to: what it had given up may be of slabs as they were.

    What is broken there is no reason to doubt the rest, from which all of it follows.
    """
    broken = set(pages.broken)
    for table, read in _ROLLED.items():
        for record in pages.walk(roots[table]) if table in roots else ():
            row = read(record)
            if row is not None:
                yield table, row
            else:  # a way that leads astray
                yield from [(other, found) for other, read in _TABLES.items() if (found := read(record)) is not None][:1]
    pages.broken = broken


def _word(record: Record) -> Values | None:
    """Return a row of `meta`; the version goes under another key, for the copy has its own."""
    key, value, *crc = (*record.values, None, None)
    if record.number is not None or not isinstance(key, str) or not isinstance(value, str):
        return None
    if crc[0] is not None and not checks.believed(record.values):
        return None
    return checks.word_row(FOUND if key == "schema" else key, value)


def _signal(record: Record) -> Values | None:
    """Return a row of `signal`, of an older version without a checksum."""
    checked, bare = _numbered(record, _SIGNAL), _numbered(record, _SIGNAL - 1)
    if checked is not None:
        return checked if checks.believed(checked) and _is_possible(checked[0]) else None
    if bare is None or not all(isinstance(value, str) for value in bare[1:]):
        return None
    path, unit, name, kind, unit_of_measure = (str(value) for value in bare[1:])
    signal = Signal(path=path, unit=unit, name=name, kind=kind_of(kind), unit_of_measure=unit_of_measure)
    return checks.signal_row(cast("int", bare[0]), signal)


def _is_possible(number: Value) -> bool:
    """Tell whether a signal or a text may have a number."""
    return isinstance(number, int) and 0 <= number < MOST_NAMES


def _text(record: Record) -> Values | None:
    """Return a row of `text`."""
    row = _numbered(record, _TEXT)
    if row is None or not isinstance(row[1], bytes):
        return None
    sound = _is_possible(row[0]) and (checks.believed(row) or zlib.crc32(row[1]) == row[2])
    return checks.text_row(cast("int", row[0]), row[1]) if sound else None


def _journal(record: Record) -> Values | None:
    """Return a row of `journal`."""
    row = _numbered(record, len(fields(Row)) + 1)
    try:
        if row is not None:
            Row.believed(*row).samples()
    except ValueError:
        return None
    return row


def _slab(record: Record) -> Values | None:
    """Return a row of `slab`."""
    row = _numbered(record, len(fields(Entry)) + 1)
    return row if row is not None and Entry.believed(row) is not None else None


def _block(record: Record) -> Values | None:
    """Return a row of `block` of which one blob at least shows that the numbers are right; what is missing of others is empty."""
    row = _numbered(record, len(BlockRow._fields))
    numbers = BlockRow._fields.index("runs")
    if row is None or not all(isinstance(value, int) for value in row[:numbers]):
        return None
    whole = BlockRow._make(row[:numbers] + tuple(blob if isinstance(blob, bytes) else b"" for blob in row[numbers:]))
    return whole if proven(whole) else None


def _keyframe(record: Record) -> Values | None:
    """Return a row of `keyframe`."""
    row = _numbered(record, len(KeyframeRow._fields))
    if row is None or not all(isinstance(value, int) for value in row[: KeyframeRow._fields.index("runs")]):
        return None
    try:
        unpack_keyframe(KeyframeRow._make(row))
    except ValueError:
        return None
    return row


def _message(record: Record) -> Values | None:
    """Return a row of `message`."""
    row = _numbered(record, _TEXT)
    return row if row is not None and all(_sound(blob, f"messages {record.number} {i}") for i, blob in enumerate(row[1:])) else None


def _chunk(record: Record) -> Values | None:
    """Return a row of `chunk`."""
    row = _numbered(record, len(fields(Chunk)) + 1)
    return row if row is not None and Chunk.believed(row) is not None else None


def _rollup(record: Record) -> Values | None:
    """Return a row of `rollup` with those of its levels that are what was written."""
    row = _numbered(record, len(RollupRow._fields))
    if row is None:
        return None
    chunk, sid = divmod(cast("int", row[0]), 1 << SIGNAL_BITS)
    levels = [blob if _sound(blob, place_of(chunk, sid, LEVELS - i)) else None for i, blob in enumerate(row[1:], 1)]
    return (row[0], *levels) if any(levels) else None


def _checked(columns: int) -> Callable[[Record], Values | None]:
    """Return what reads rows of so many columns, the last of which is their checksum."""

    def read(record: Record) -> Values | None:
        row = _numbered(record, columns)
        return row if row is not None and checks.believed(row) else None

    return read


def _named(record: Record) -> Values | None:
    """Return a row of `named`."""
    row = _checked(5)(record)
    return row if row is not None and isinstance(row[2], str) else None


def _piece(record: Record) -> Values | None:
    """Return a row of `piece`."""
    row = _checked(5)(record)
    return row if row is not None and isinstance(row[2], int) and isinstance(row[3], bytes) else None


def _numbered(record: Record, columns: int) -> Values | None:
    """Return the values of a row with its number in front, None where it has another number of them or none of its own."""
    if record.number is None or len(record.values) != columns or record.values[0] is not None:
        return None
    return record.number, *record.values[1:]


def _sound(blob: Value, place: str) -> bool:
    """Tell whether a blob is what was written there."""
    try:
        unseal(blob, place)
    except ValueError:
        return False
    return True


_TABLES: dict[str, Callable[[Record], Values | None]] = {
    "meta": _word, "signal": _signal, "text": _text, "journal": _journal, "slab": _slab, "block": _block, "keyframe": _keyframe,
    "message": _message, "gap": _checked(8), "layout": _checked(6), "raw": _checked(7), "named": _named, "piece": _piece,
}  # fmt: skip
"""What reads a row of each table: None where it is not what was written. No row is taken for one of another table, for each proves itself."""
_ROLLED: dict[str, Callable[[Record], Values | None]] = {"chunk": _chunk, "rollup": _rollup}
"""The same of what follows from slabs."""
