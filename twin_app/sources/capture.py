"""Recorded messages as JSON lines, plain or gzipped: `{"t": epoch seconds, "topic", "payload", "enc": "utf8"|"base64", "qos", "retain"}`.

One line at a time in bounded memory, whatever the file. Not for deciding what happens to a message or a broken line.
"""

from __future__ import annotations

import binascii
import gzip
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import msgspec

from twin_app.errors import SourceError
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

MAX_LINE_BYTES = 4 * 1024 * 1024
TRIED_LINES = 100
"""Lines that may all be broken before the file is no capture at all."""
_GZIP = b"\x1f\x8b"
_LATEST_S = 4.0e9


class _Line(msgspec.Struct):
    """One line of the file."""

    t: float
    topic: str
    payload: str
    enc: Literal["utf8", "base64"] = "utf8"
    qos: int = 0
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Captured:
    """One recorded message; `received_ns` is UTC, quantised to 1 ms as at intake."""

    topic: str
    payload: bytes
    received_ns: int
    qos: int
    retain: bool


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

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            SourceError: it is not there, empty, or may not be read.
        """
        self.path = path
        self.lines = 0
        """Lines read so far."""
        try:
            self._size = path.stat().st_size
            self._file = path.open("rb")
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
        """Return the share of the file that was read, 0 to 1."""
        return 1.0 if self._file.closed else min(1.0, self._file.tell() / self._size)

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()
        self._file.close()

    def __iter__(self) -> Iterator[Captured | Broken]:
        """Give every message and every broken line, in the file's order.

        Raises:
            SourceError: the first `TRIED_LINES` lines, or all there are, hold no message; or the file cannot be read to its end.
        """
        good = False
        first: Broken | None = None
        for line in self._lines():
            self.lines += 1
            if not line.strip():
                continue
            found = _parsed(line, self.lines)
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


def _parsed(line: bytes, number: int) -> Captured | Broken:
    """Return what a line holds."""
    if len(line) > MAX_LINE_BYTES:
        return Broken(number, line[:1000], "the line is too long")
    try:
        row = _decode(line)
        payload = binascii.a2b_base64(row.payload, strict_mode=True) if row.enc == "base64" else row.payload.encode()
    except (msgspec.MsgspecError, UnicodeError, RecursionError, binascii.Error) as error:
        return Broken(number, line, str(error))
    if not 0.0 <= row.t < _LATEST_S:
        return Broken(number, line, f"t is {row.t}")
    return Captured(row.topic, payload, round(row.t * 1e6) // 1000 * 1_000_000, row.qos, row.retain)
