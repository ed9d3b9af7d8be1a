"""Checksums of a recording's small rows: its words, names and texts. Not for blobs, which begin with theirs: see `block`.

SQLite has none of pages, so that a bit that flips in a name would make it another signal's.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.signal import Signal


def of_row(*values: object) -> int:
    """Return the checksum of a row's values, each a number, a text, bytes or None."""
    crc = zlib.crc32(ascii([len(value) if isinstance(value, bytes) else value for value in values]).encode())
    for value in values:
        if isinstance(value, bytes):
            crc = zlib.crc32(value, crc)
    return crc


def word_row(key: str, value: object) -> tuple[str, str, int]:
    """Return a row of table `meta`."""
    return key, str(value), of_row(key, str(value))


def text_row(code: int, entry: bytes) -> tuple[int, bytes, int]:
    """Return a row of table `text`."""
    return code, entry, of_row(code, entry)


def signal_row(sid: int, signal: Signal) -> tuple[int | str, ...]:
    """Return a row of table `signal`."""
    row = (sid, signal.path, signal.unit, signal.name, str(signal.kind), signal.unit_of_measure)
    return *row, of_row(*row)


def believed(row: tuple[object, ...]) -> bool:
    """Return whether a row is what was written: its last value is the checksum of the others."""
    return of_row(*row[:-1]) == row[-1]


def shaped(row: tuple[object, ...], kinds: str) -> bool:
    """Return whether a row is what was written, and of the kinds that were: a letter a value.

    `i` a whole number, `I` one or none, `s` a text (without a NUL, which no path may have), `b` bytes. A checksum proves nothing to who made it.
    """
    return len(row) == len(kinds) and all(_KINDS[kind](value) for kind, value in zip(kinds, row, strict=True)) and believed(row)


_KINDS: dict[str, Callable[[object], bool]] = {
    "i": lambda value: isinstance(value, int), "I": lambda value: value is None or isinstance(value, int),
    "s": lambda value: isinstance(value, str) and "\0" not in value, "b": lambda value: isinstance(value, bytes),
}  # fmt: skip
