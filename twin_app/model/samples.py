"""Samples as columns: the one shape in which everything the plant said travels and is kept. Never an object per sample."""

from __future__ import annotations

import struct
import threading
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import TYPE_CHECKING, Self

import numpy as np

from twin_app.model.beyond import Beyond

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TEXTS_IN_MEMORY = 100_000
NEVER = -(2**63)
"""The effective time of a signal that was never heard; also `source_ns` where the source gave no time."""


class Kind(IntEnum):
    """What `value` holds: itself, or a code into the text table (TEXT, BLOB, BIG_INT)."""

    NUMBER = 0
    BOOL = 1
    TEXT = 2
    BLOB = 3
    BIG_INT = 4
    NULL = 5


class Quality(IntEnum):
    """How far a value may be trusted; unknown is a value, never a zero."""

    GOOD = 0
    UNCERTAIN = 1
    BAD = 2
    STALE = 3
    UNKNOWN = 4
    RETAINED = 5
    """As the broker had kept it: nobody knows how old it is."""


@dataclass(frozen=True, slots=True)
class Samples:
    """n samples, each array of shape (n,). Times in UTC ns; `message` is the sequence number of the message they came in."""

    signal: NDArray[np.int32]
    effective_ns: NDArray[np.int64]
    source_ns: NDArray[np.int64]
    received_ns: NDArray[np.int64]
    value: NDArray[np.float64]
    kind: NDArray[np.uint8]
    quality: NDArray[np.uint8]
    message: NDArray[np.int64]

    def __len__(self) -> int:
        """Return n."""
        return len(self.signal)

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Samples:
        """Return the samples that an index array, mask or slice picks."""
        return Samples(*(getattr(self, name)[index] for name in COLUMNS))

    @classmethod
    def empty(cls) -> Self:
        """Return no samples."""
        return cls(*(np.empty(0, dtype) for dtype in COLUMNS.values()))

    @classmethod
    def concatenate(cls, parts: Sequence[Samples]) -> Samples:
        """Return all parts behind each other."""
        if not parts:
            return cls.empty()
        return parts[0] if len(parts) == 1 else Samples(*(np.concatenate([getattr(p, name) for p in parts]) for name in COLUMNS))


COLUMNS: dict[str, type[np.generic]] = {
    "signal": np.int32, "effective_ns": np.int64, "source_ns": np.int64, "received_ns": np.int64,
    "value": np.float64, "kind": np.uint8, "quality": np.uint8, "message": np.int64,
}  # fmt: skip
"""Name and type of every column, in order."""
assert tuple(COLUMNS) == tuple(f.name for f in fields(Samples))  # noqa: S101 - a slip here would corrupt every file
_ROW = np.dtype(list(COLUMNS.items()))
_pack = struct.Struct("=iqqqdBBq").pack
"""A row as it lies in memory."""


class SampleColumns:
    """A growing batch that a decoder appends to. Owned by one thread until `take_all`."""

    def __init__(self) -> None:
        """Start empty."""
        self._rows = bytearray()

    def append(  # noqa: PLR0913 - one argument a column
        self, signal: int, *, effective_ns: int, received_ns: int, value: float, kind: Kind = Kind.NUMBER,
        source_ns: int = NEVER, quality: Quality = Quality.GOOD, message: int = -1,
    ) -> None:  # fmt: skip
        """Append one sample."""
        self.put(signal, effective_ns, source_ns, received_ns, value, kind, quality, message)

    def put(self, *row: float) -> None:
        """Append one sample, given as its columns in their order: in half the time, which decoders need."""
        self._rows += _pack(*row)

    def __len__(self) -> int:
        """Return how many samples wait."""
        return len(self._rows) // _ROW.itemsize

    def take_all(self) -> Samples:
        """Return everything appended so far as arrays and start anew."""
        rows, self._rows = np.frombuffer(self._rows, _ROW), bytearray()
        return Samples(*(rows[name].copy() for name in COLUMNS))


class TextTable:
    """Texts, bytes and integers beyond 2^53, interned: a sample's value is the code. Append-only; saved with the recording.

    A line may say a new text with every message. Beyond the first `TEXTS_IN_MEMORY` they lie on disk, so that memory stays as it is.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._codes: dict[bytes, int] = {}
        self._entries: list[bytes] = []
        self._beyond: Beyond | None = None
        self._adding = threading.Lock()  # every source's thread adds texts

    def code(self, text: str | bytes) -> int:
        """Return the code of a text, adding it if it is new."""
        entry = text.encode() if isinstance(text, str) else text
        code = self._codes.get(entry)
        if code is not None:
            return code
        if self._beyond is not None:
            return self._beyond.code(entry)
        with self._adding:
            return self._add(entry)

    def _add(self, entry: bytes) -> int:
        """Return the code of a text that may have been added meanwhile."""
        code = self._codes.get(entry, len(self._entries))
        if code < len(self._entries):
            return code
        if code >= TEXTS_IN_MEMORY:
            self._beyond = self._beyond or Beyond(code)
            return self._beyond.code(entry)
        self._entries.append(entry)  # the entry first: a reader may meet the code at once
        self._codes[entry] = code
        return code

    def entry(self, code: int) -> bytes:
        """Return the bytes of a code."""
        if code < len(self._entries) or self._beyond is None:
            return self._entries[code]
        return self._beyond.entry(code)

    def text(self, code: int) -> str:
        """Return the text of a code, with what is not UTF-8 replaced."""
        return self.entry(code).decode("utf-8", "replace")

    def since(self, code: int) -> list[bytes]:
        """Return the entries from `code` on, for saving."""
        return [self.entry(one) for one in range(code, len(self))]

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self._entries) + (0 if self._beyond is None else len(self._beyond))
