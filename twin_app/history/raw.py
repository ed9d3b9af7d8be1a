"""The newest raw messages, refused ones with their reason, bounded in bytes. Not on disk, and not for samples: see `store`."""

from __future__ import annotations

import marshal
import threading
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from twin_app.model.message import Message, RawMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

MAX_PAYLOAD_BYTES = 64 * 1024
"""A larger payload is kept cut: one hostile message must not flush all others."""
REFUSALS = 100
_OVERHEAD_BYTES = 64
"""What a kept message costs beside its topic and payload (measured: its numbers, and where each part begins)."""
_CHUNK = 512

_Packed: TypeAlias = "tuple[int, str, str, bytes, int, int, bool, str, int]"


class RawRing:
    """At most `limit_bytes` of messages; the oldest fall out, a chunk of them at a time. Safe from any thread."""

    def __init__(self, limit_bytes: int) -> None:
        """Start empty."""
        self._limit = limit_bytes
        self._lock = threading.Lock()
        self._chunks: deque[_Chunk] = deque()
        self._bytes = 0
        self.fallen_out = 0
        """Messages that had to make room for newer ones."""
        self.refusals: deque[tuple[int, str]] = deque(maxlen=REFUSALS)
        """Numbers of the newest refused messages, each with its reason."""
        self.also: Callable[[Sequence[RawMessage]], None] | None = None
        """Given all messages besides, uncut."""

    def append(self, raw: RawMessage) -> None:
        """Keep a message, cut to `MAX_PAYLOAD_BYTES` with its true size noted."""
        self.extend((raw,))

    def extend(self, messages: Iterable[RawMessage]) -> None:
        """Keep messages, each cut to `MAX_PAYLOAD_BYTES` with its true size noted."""
        messages = tuple(messages)
        if self.also is not None:
            self.also(messages)
        with self._lock:
            for raw in messages:
                self._keep(_cut(raw))
            while self._bytes > self._limit and len(self._chunks) > 1:
                gone = self._chunks.popleft()
                self._bytes -= gone.size
                self.fallen_out += len(gone)

    def newest(self, at_ns: int, count: int, where: Callable[[Message], bool] | None = None) -> list[RawMessage]:
        """Return up to `count` messages received at or before `at_ns` (UTC ns) that `where` lets pass, the newest first."""
        found: list[RawMessage] = []
        for chunk in reversed(self._kept()):
            for raw in reversed(chunk.messages()):
                if len(found) >= count:
                    return found
                if raw.message.received_ns <= at_ns and (where is None or where(raw.message)):
                    found.append(raw)
        return found

    def find(self, seq: int) -> RawMessage | None:
        """Return the message of that number, None where it fell out or never was."""
        there = (chunk for chunk in self._kept() if chunk.first_seq <= seq <= chunk.last_seq)
        return next((raw for chunk in there for raw in chunk.messages() if raw.message.seq == seq), None)

    def whole(self) -> Iterator[Message]:
        """Yield the messages that were not cut, the oldest first."""
        for chunk in self._kept():
            yield from (raw.message for raw in chunk.messages() if not raw.cut_from_bytes)

    def __len__(self) -> int:
        """Return how many messages are kept."""
        return sum(map(len, self._kept()))

    def _keep(self, raw: RawMessage) -> None:
        """Put a message behind the others."""
        if raw.refused:
            self.refusals.append((raw.message.seq, raw.refused))
        chunks = self._chunks
        if not chunks or chunks[-1].full(self._limit):
            if chunks:
                chunks[-1].pack()
            chunks.append(_Chunk())
        self._bytes += chunks[-1].add(raw)

    def _kept(self) -> list[_Chunk]:
        """Return the chunks, the oldest first, the last a copy: it still grows."""
        with self._lock:
            kept = list(self._chunks)
            return [*kept[:-1], *(chunk.copy() for chunk in kept[-1:])]


def _cut(raw: RawMessage) -> RawMessage:
    """Return a message as it is kept."""
    payload = raw.message.payload
    if len(payload) <= MAX_PAYLOAD_BYTES:
        return raw
    return replace(raw, message=replace(raw.message, payload=payload[:MAX_PAYLOAD_BYTES]), cut_from_bytes=len(payload))


class _Chunk:
    """Messages that fall out together, in one piece of bytes once there are all.

    A hundred thousand objects would take Python's collector of garbage a tenth of a second again and again, and no frame is painted then.
    """

    __slots__ = ("_count", "_growing", "_packed", "first_seq", "last_seq", "size")

    def __init__(self) -> None:
        self._growing: list[RawMessage] = []
        self._packed = b""
        self._count = self.size = 0
        self.first_seq, self.last_seq = 2**63, -1

    def __len__(self) -> int:
        return self._count

    def add(self, raw: RawMessage) -> int:
        """Put a message behind the others; return how many bytes it takes."""
        size = len(raw.message.payload) + len(raw.message.topic) + len(raw.refused) + _OVERHEAD_BYTES
        self._growing.append(raw)
        self._count += 1
        self.size += size
        self.first_seq, self.last_seq = min(self.first_seq, raw.message.seq), max(self.last_seq, raw.message.seq)
        return size

    def full(self, limit: int) -> bool:
        """Return whether the next message begins a new chunk: a sixteenth of the ring, or many small ones."""
        return self._count >= _CHUNK or self.size * 16 >= limit

    def pack(self) -> None:
        """Make one piece of bytes of the messages; none is added any more."""
        self._packed = marshal.dumps([_columns(raw) for raw in self._growing])
        self._growing = []

    def copy(self) -> _Chunk:
        """Return a chunk that stays as this one is now."""
        copy = _Chunk()
        copy._growing, copy._packed, copy._count = self._growing.copy(), self._packed, self._count
        copy.first_seq, copy.last_seq, copy.size = self.first_seq, self.last_seq, self.size
        return copy

    def messages(self) -> Sequence[RawMessage]:
        """Return the messages, the oldest first."""
        if not self._packed:
            return self._growing
        rows: list[_Packed] = marshal.loads(self._packed)  # noqa: S302 - this very process packed it
        return [RawMessage(Message(*row[:7]), *row[7:]) for row in rows]


def _columns(raw: RawMessage) -> _Packed:
    """Return a message as plain values."""
    m = raw.message
    return m.seq, m.source, m.topic, m.payload, m.received_ns, m.qos, m.retain, raw.refused, raw.cut_from_bytes
