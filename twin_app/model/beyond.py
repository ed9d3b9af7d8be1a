"""Texts that are too many for memory, numbered and found again: in a database of SQLite's own that has no name and is gone with the program.

Not for what is kept: a recording holds its texts itself. See `samples.TextTable`.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict

NEWEST = 8_192
"""Texts that are at hand without asking the database."""
CACHE_KB = 8_192
_TABLE = "CREATE TABLE text (code INTEGER PRIMARY KEY, hash INTEGER NOT NULL, entry BLOB NOT NULL); CREATE INDEX of_hash ON text (hash)"


class Beyond:
    """Texts, bytes and long integers from a number on, each once. Safe from any thread."""

    def __init__(self, first: int) -> None:
        """Start empty; the first text will be number `first`."""
        self._first, self._count = first, 0
        self._lock = threading.Lock()
        self._codes: OrderedDict[bytes, int] = OrderedDict()
        self._entries: OrderedDict[int, bytes] = OrderedDict()
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "temp_store = FILE", f"cache_size = -{CACHE_KB}"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.executescript(_TABLE)
        self._database.execute("BEGIN")  # never ended: nothing of it shall last

    def __len__(self) -> int:
        """Return how many texts there are."""
        return self._count

    def code(self, entry: bytes) -> int:
        """Return the number of a text, giving it the next one if it is new."""
        with self._lock:
            code = self._codes.get(entry)
            if code is None:
                code = self._find(entry)
                self._remember(code, entry)
            return code

    def entry(self, code: int) -> bytes:
        """Return the text of a number; IndexError where there is none."""
        with self._lock:
            entry = self._entries.get(code)
            if entry is None:
                row = self._database.execute("SELECT entry FROM text WHERE code = ?", (code,)).fetchone()
                if row is None:
                    raise IndexError(code)
                entry = bytes(row[0])
                self._remember(code, entry)
            return entry

    def _find(self, entry: bytes) -> int:
        """Return the number that the database has for a text, or gives it."""
        digest = hash(entry)
        for code, there in self._database.execute("SELECT code, entry FROM text WHERE hash = ?", (digest,)):
            if there == entry:
                return int(code)
        code = self._first + self._count
        self._database.execute("INSERT INTO text VALUES (?, ?, ?)", (code, digest, entry))
        self._count += 1
        return code

    def _remember(self, code: int, entry: bytes) -> None:
        """Have a text at hand, and the longest unasked no more."""
        self._codes[entry], self._entries[code] = code, entry
        while len(self._codes) > NEWEST:
            self._codes.popitem(last=False)
        while len(self._entries) > NEWEST:
            self._entries.popitem(last=False)
