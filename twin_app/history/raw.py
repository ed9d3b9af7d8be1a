"""The newest raw messages, refused ones with their reason, bounded in bytes. Not on disk, and not for samples: see `store`."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from twin_app.model.message import Message, RawMessage

MAX_PAYLOAD_BYTES = 64 * 1024
"""A larger payload is kept cut: one hostile message must not flush all others."""
_OVERHEAD_BYTES = 400
"""What a kept message costs beside its topic and payload (measured: two objects, their texts and numbers)."""
_CHUNK = 512


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

    def append(self, raw: RawMessage) -> None:
        """Keep a message, cut to `MAX_PAYLOAD_BYTES` with its true size noted."""
        self.extend((raw,))

    def extend(self, messages: Iterable[RawMessage]) -> None:
        """Keep messages, each cut to `MAX_PAYLOAD_BYTES` with its true size noted."""
        with self._lock:
            for raw in messages:
                self._keep(_cut(raw))
            while self._bytes > self._limit and len(self._chunks) > 1:
                gone = self._chunks.popleft()
                self._bytes -= gone.size
                self.fallen_out += len(gone.messages)

    def newest(self, at_ns: int, count: int, where: Callable[[Message], bool] | None = None) -> list[RawMessage]:
        """Return up to `count` messages received at or before `at_ns` (UTC ns) that `where` lets pass, the newest first."""
        found: list[RawMessage] = []
        for messages in reversed(self._kept()):
            for raw in reversed(messages):
                if len(found) >= count:
                    return found
                if raw.message.received_ns <= at_ns and (where is None or where(raw.message)):
                    found.append(raw)
        return found

    def find(self, seq: int) -> RawMessage | None:
        """Return the message of that number, None where it fell out or never was."""
        return next((raw for messages in reversed(self._kept()) for raw in messages if raw.message.seq == seq), None)

    def __len__(self) -> int:
        """Return how many messages are kept."""
        return sum(map(len, self._kept()))

    def _keep(self, raw: RawMessage) -> None:
        """Put a message behind the others."""
        chunks = self._chunks
        if not chunks or chunks[-1].full(self._limit):
            chunks.append(_Chunk())
        size = len(raw.message.payload) + len(raw.message.topic) + _OVERHEAD_BYTES
        chunks[-1].messages.append(raw)
        chunks[-1].size += size
        self._bytes += size

    def _kept(self) -> list[list[RawMessage]]:
        """Return copies of the chunks, the oldest first."""
        with self._lock:
            return [chunk.messages.copy() for chunk in self._chunks]


def _cut(raw: RawMessage) -> RawMessage:
    """Return a message as it is kept."""
    payload = raw.message.payload
    if len(payload) <= MAX_PAYLOAD_BYTES:
        return raw
    return replace(raw, message=replace(raw.message, payload=payload[:MAX_PAYLOAD_BYTES]), cut_from_bytes=len(payload))


class _Chunk:
    """Messages that fall out together."""

    __slots__ = ("messages", "size")

    def __init__(self) -> None:
        self.messages: list[RawMessage] = []
        self.size = 0

    def full(self, limit: int) -> bool:
        """Return whether the next message begins a new chunk: a sixteenth of the ring, or many small ones."""
        return len(self.messages) >= _CHUNK or self.size * 16 >= limit
