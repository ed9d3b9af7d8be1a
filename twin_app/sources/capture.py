"""Recorded messages as JSON lines, plain or gzipped: `{"t": epoch seconds, "topic", "payload", "enc": "utf8"|"base64", "qos", "retain"}`.

One line at a time in bounded memory, whatever the file. Not for deciding what happens to a message or a broken line.
"""

from __future__ import annotations

import binascii
import gzip
import stat
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import msgspec

from twin_app.errors import SourceError
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

_LOOK_LINES = 64
"""So often it is noted how far the file is read."""
MAX_LINE_BYTES = 4 * 1024 * 1024
TRIED_LINES = 100
"""Lines that may all be broken before the file is no capture at all."""
_GZIP = b"\x1f\x8b"
_LATEST_NS = 4_000_000_000_000_000_000


class _Line(msgspec.Struct):
    """One line of the file."""

    t: float
    topic: str
    payload: str
    enc: Literal["utf8", "base64"] = "utf8"
    qos: int = 0
    retain: bool = False
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Captured:
    """One recorded message; `received_ns` is UTC, quantised to 1 ms as at intake."""

    topic: str
    payload: bytes
    received_ns: int
    qos: int
    retain: bool
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """One line that is no message."""

    number: int
    """Counted from 1."""
    line: bytes
    reason: str
    """What the parser said."""


class Capture:
    """An open capture; iterate it once, then close it."""

    def __init__(self, path: Path, parse: Callable[[bytes, int], Captured | Broken] | None = None) -> None:
        """Open the file.

        Args:
            path: the file, plain or gzipped.
            parse: one line and its number to what it holds; None reads JSON lines.

        Raises:
            SourceError: it is not there, no file, empty, or may not be read.
        """
        self.path = path
        self._parse = parse or _parsed
        self.lines = 0
        """Lines read so far."""
        try:
            about = path.stat()
            if stat.S_ISFIFO(about.st_mode) or stat.S_ISCHR(about.st_mode):  # opening one may wait for ever for somebody to write
                raise SourceError(
                    N_("{path} is no file but a pipe or a device."), tip=N_("Save what it gives into a file first."), path=path
                )
            self._size = about.st_size
            self._file, self._at = path.open("rb"), 0
        except OSError as error:
            raise SourceError(
                N_("{path} cannot be read: {reason}."), tip=N_("Check the path."), path=path, reason=error.strerror
            ) from error
        if not self._size:
            self._file.close()
            raise SourceError(N_("{path} is empty."), tip=_SHAPE, path=path)
        zipped = self._file.read(2) == _GZIP
        self._file.seek(0)
        self._stream: BinaryIO | gzip.GzipFile = gzip.GzipFile(fileobj=self._file) if zipped else self._file

    @property
    def progress(self) -> float:
        """Return the share of the file that was read, 0 to 1, as of some lines ago; safe from any thread."""
        return min(1.0, self._at / self._size)

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()
        self._file.close()
        self._at = self._size

    def __iter__(self) -> Iterator[Captured | Broken]:
        """Give every message and every broken line, in the file's order.

        Raises:
            SourceError: the first `TRIED_LINES` lines, or all there are, hold no message; or the file cannot be read to its end.
        """
        good = False
        first: Broken | None = None
        for line in self._lines():
            self.lines += 1
            if self.lines % _LOOK_LINES == 0:
                self._at = self._file.tell()
            if not line.strip():
                continue
            found = self._found(line)
            first = first or (found if isinstance(found, Broken) else None)
            good = good or isinstance(found, Captured)
            if not good and self.lines >= TRIED_LINES:
                break
            yield found
        if not good:
            reason = first.reason if first else N_("there are only empty lines")
            raise SourceError(
                N_("{path} is no capture: line {line}: {reason}."),
                tip=_SHAPE,
                path=self.path,
                line=first.number if first else 1,
                reason=reason,
            )

    def _found(self, line: bytes) -> Captured | Broken:
        """Return what a line holds, if it is such as any capture may hold."""
        if len(line) > MAX_LINE_BYTES:
            return Broken(self.lines, line[:1000], "the line is too long")
        found = self._parse(line, self.lines)
        if isinstance(found, Captured) and not 0 <= found.received_ns < _LATEST_NS:
            return Broken(self.lines, line, "its time is before 1970 or after 2096")
        return found

    def _lines(self) -> Iterator[bytes]:
        """Give the lines, cut at `MAX_LINE_BYTES`."""
        try:
            while line := self._stream.readline(MAX_LINE_BYTES + 1):
                yield line
                while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
                    line = self._stream.readline(MAX_LINE_BYTES + 1)  # the rest of a line that was too long
        except (OSError, EOFError, zlib.error) as error:
            raise SourceError(
                N_("{path} breaks off or is damaged after line {line}: {reason}."),
                tip=N_("What came before is kept. Copy the file again from where it was recorded."),
                path=self.path, line=self.lines, reason=error,
            ) from error  # fmt: skip


_SHAPE = N_('A capture has one message a line: {{"t": seconds since 1970, "topic": "…", "payload": "…"}}.')
_decode = msgspec.json.Decoder(_Line).decode


def look_at(path: Path) -> None:
    """Look whether a file begins as a capture, before anything else is left for it.

    Raises:
        SourceError: it cannot be read, is empty, or holds no message among its first lines.
    """
    capture = Capture(path)
    try:
        next((found for found in capture if isinstance(found, Captured)), None)
    finally:
        capture.close()


def _parsed(line: bytes, number: int) -> Captured | Broken:
    """Return what a line of JSON holds."""
    try:
        row = _decode(line)
        payload = binascii.a2b_base64(row.payload, strict_mode=True) if row.enc == "base64" else row.payload.encode()
        return Captured(row.topic, payload, round(row.t * 1e6) // 1000 * 1_000_000, row.qos, row.retain, row.simulated)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, OverflowError, binascii.Error) as error:
        return Broken(number, line, str(error))
