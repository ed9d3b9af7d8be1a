"""A file of entries that people make beside a recording: appended to, never changed, readable by anybody. Not for what entries mean.

One JSON object a line, each with its own checksum. Several programs may append; each reads what the others wrote.
"""

from __future__ import annotations

import json
import os
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO

from twin_app.errors import RecordingError
from twin_app.text import N_

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = 1
MOST_BYTES = 16 * 2**20
"""Of a file that is larger only so much is read: people do not write that much."""
_CHECK = "crc"


class SideFile:
    """Entries, as JSON objects, in the order in which they were made. Belongs to one thread."""

    def __init__(self, path: Path) -> None:
        """Name the file; it is made with the first entry."""
        self.path = path
        self.unreadable = 0
        """Lines that hold no entry, or another one than was written."""
        self._read = 0

    def append(self, entry: dict[str, Any]) -> None:
        """Write an entry and have it on the disk before this returns.

        Raises:
            RecordingError: the file cannot be written.
        """
        line = {"schema": SCHEMA, **entry}
        line[_CHECK] = _check(line)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab+") as file:
                file.write(_rest_of_a_torn_line(file) + json.dumps(line, ensure_ascii=False).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            what = N_("The note could not be kept: {path} cannot be written: {reason}.")
            raise RecordingError(
                what, tip=N_("Make room, or make the folder writable."), path=self.path, reason=error.strerror or error
            ) from error

    def read_on(self) -> list[dict[str, Any]]:
        """Return the entries that were written since the last time, by whomever; a line that is not finished yet waits."""
        try:
            if self.path.stat().st_size <= self._read:
                return []
            with self.path.open("rb") as file:
                file.seek(self._read)
                text = file.read(max(MOST_BYTES - self._read, 0))
        except OSError:
            return []
        whole = text[: text.rfind(b"\n") + 1]
        self._read += len(whole)
        found = [_entry(line) for line in whole.splitlines() if line.strip()]
        self.unreadable += found.count(None)
        return [entry for entry in found if entry is not None]


def _rest_of_a_torn_line(file: BinaryIO) -> bytes:
    """Return what ends the last line, where a program that was killed left half of one."""
    if file.seek(0, os.SEEK_END) == 0:
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


def _check(line: dict[str, Any]) -> str:
    """Return the checksum of a line without its checksum."""
    rest = {key: value for key, value in line.items() if key != _CHECK}
    return f"{zlib.crc32(json.dumps(rest, ensure_ascii=True, sort_keys=True).encode()):08x}"


def _entry(line: bytes) -> dict[str, Any] | None:
    """Return a line's entry, None where it is none, of a later make, or not what was written."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    sound = isinstance(found, dict) and found.get("schema") == SCHEMA and found.get(_CHECK) == _check(found)
    return {key: value for key, value in found.items() if key not in {"schema", _CHECK}} if sound else None
