"""A journal row as it is believed, and what stands for a name or a text that is lost. Not for tables: see `schema`."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from twin_app.history.columns import MAX_ROW_SAMPLES, unpack
from twin_app.model.signal import Signal, SignalKind

if TYPE_CHECKING:
    from twin_app.model.samples import Samples


MOST_NAMES = 2**22
"""So many signals, or texts, a file has at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """One journal row: samples `seq` to `seq + n - 1` of the file, in order of arrival, with the file's own signal ids and text codes."""

    seq: int
    first_effective_ns: int
    last_effective_ns: int
    received_ns: int
    last_message: int
    n: int
    columns: bytes

    def crc(self) -> int:
        """Return the checksum of everything in the row."""
        head = f"{self.seq} {self.first_effective_ns} {self.last_effective_ns} {self.received_ns} {self.last_message} {self.n}"
        return zlib.crc32(self.columns, zlib.crc32(head.encode()))

    def samples(self) -> Samples:
        """Return the samples.

        Raises:
            ValueError: the bytes are not what the row says.
        """
        return unpack(self.columns, self.n)

    @classmethod
    def believed(cls, seq: object, *rest: object, least: int = 0) -> Self:
        """Return the row of these values, in the order of the table; it stands behind all samples numbered below `least`.

        Raises:
            ValueError: says why they cannot be what was written.
        """
        *head, crc, columns = (seq, *rest)
        if not isinstance(columns, bytes) or not all(isinstance(value, int) for value in head):
            raise ValueError("types")
        row = cls(*(*head, columns))  # type: ignore[arg-type] # the line above saw to it
        if row.crc() != crc:
            raise ValueError("checksum")
        if row.seq < least:
            raise ValueError("order")
        if not 0 < row.n <= MAX_ROW_SAMPLES:
            raise ValueError("length")
        return row


def damaged_text(code: int) -> bytes:
    """Return what stands for a text that is lost; its code keeps its place."""
    return b"(damaged text %d)" % code


def damaged_signal(sid: int) -> Signal:
    """Return what stands for a signal whose name is lost: nobody knows whose the samples under its number are."""
    name = f"(damaged signal {sid})"
    return Signal(path=name, unit="?", name=name, kind=SignalKind.MEASUREMENT)


def kind_of(word: str) -> SignalKind:
    """Return the kind of a signal; a word from nowhere is read as a measurement, which shows the bare values."""
    try:
        return SignalKind(word)
    except ValueError:
        return SignalKind.MEASUREMENT
