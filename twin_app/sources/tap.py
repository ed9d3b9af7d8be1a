"""Takes published messages off a connection a read of many at a time; every other packet goes to paho. Not for what messages mean.

paho asks the socket three times for each message and builds ten objects around it, which is most of what a message costs.
So its socket is wrapped: what it reads are whole packets that are no publications (or such of quality 2, whose
handshake is paho's), in their order between the publications. Frames: MQTT 3.1.1 section 2.2 and 3.3, MQTT 5 section 3.3.
"""

from __future__ import annotations

import contextlib
import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paho.mqtt.client import SocketLike

CHUNK = 1 << 16
PUBLISH, QOS_2, QOS_1, RETAIN, DUP = 0x30, 0x04, 0x02, 0x01, 0x08
_KIND = 0xF0
_PUBACK, _PINGREQ = b"\x40\x02", b"\xc0\x00"
_MORE = 0x80
_LONGEST_LENGTH = 4
"""Bytes of a packet's length; a fifth breaks the protocol."""
_WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Tap:
    """A socket to paho, a source of publications to the link."""

    def __init__(
        self, connection: SocketLike, on_publish: Callable[[bytes, bytes, int, int], None], *, properties: bool, largest: int = 0
    ) -> None:  # fmt: skip
        """Wrap a connection.

        Args:
            connection: what paho made: plain, TLS or websocket.
            on_publish: gets topic, payload, the packet's first byte and its id (0 at quality 0). Must not raise.
            properties: whether publications carry properties, as MQTT 5's do.
            largest: bytes of a publication beyond which only its beginning is handed over, so that memory stays bounded; 0: none.
        """
        self.cut_from = 0
        """Bytes of the publication that is being handed over where it was cut; 0: it is whole."""
        self._largest, self._skip = largest, 0
        self._connection, self._on_publish, self._properties = connection, on_publish, properties
        self._parts: list[bytes] = []
        self._have = 0
        self._need = 1
        self._for_paho = b""
        self._ended: OSError | None = None
        self._closed = False
        self._unsent = bytearray()

    # What the link calls

    @property
    def ended(self) -> OSError | None:
        """Return what broke the connection, None while it is up or where it was closed."""
        return self._ended

    @property
    def for_paho(self) -> bool:
        """Say whether paho must read now: a packet of its own, or the end."""
        return bool(self._for_paho) or self._closed or self._ended is not None

    @property
    def wants_write(self) -> bool:
        """Say whether acknowledgements wait for the network."""
        return bool(self._unsent)

    def fill(self) -> int:
        """Read once from the network; return how many bytes came, 0 where it is dry or over."""
        try:
            data = self._connection.recv(max(CHUNK, self._need - self._have))
        except _WOULD_BLOCK:
            return 0
        except OSError as error:
            self._ended = error
            return 0
        self._closed = not data
        self._keep(data)
        return len(data)

    def deliver(self) -> None:
        """Hand over every whole publication that was read, up to the next packet that is paho's."""
        if self._for_paho or self._have < self._need:
            return
        buffer = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        at = 0
        self._need = 1
        while not self._for_paho:
            start, stop = _body(buffer, at)
            if stop > len(buffer):
                at, self._need = self._wait_for(buffer, at, start, stop)
                break
            head = buffer[at]
            if head & _KIND != PUBLISH or head & QOS_2 or not self._publish(buffer, head, start, stop):
                self._for_paho = buffer[at:stop]
            at = stop
        self._parts = [buffer[at:]]
        self._have = len(buffer) - at

    def acknowledge(self, ids: Sequence[int]) -> None:
        """Send an acknowledgement of quality 1 for each packet id, in one piece."""
        self._unsent += b"".join([_PUBACK + mid.to_bytes(2) for mid in ids])
        self.flush()

    def ping(self) -> None:
        """Ask the broker for a sign of life, and give it one; its answer goes to paho."""
        self._unsent += _PINGREQ
        self.flush()

    def flush(self) -> None:
        """Send what waits, as far as the network takes it; a connection that broke is noticed by reading."""
        with contextlib.suppress(OSError):
            while self._unsent:
                sent = self._connection.send(self._unsent)
                if not sent:
                    return
                del self._unsent[:sent]

    # What paho calls

    def recv(self, buffer_size: int) -> bytes:
        """Return bytes of packets that are paho's."""
        if self._for_paho:
            data, self._for_paho = self._for_paho[:buffer_size], self._for_paho[buffer_size:]
            return data
        if self._ended is not None:
            raise self._ended
        if self._closed:
            return b""
        raise BlockingIOError

    def send(self, buffer: bytes | bytearray) -> int:
        """Send paho's bytes behind the acknowledgements."""
        self.flush()
        if self._unsent:
            raise BlockingIOError
        try:
            return self._connection.send(buffer)
        except _WOULD_BLOCK:
            raise
        except OSError as error:
            self.fill()  # TLS says why it ended in what can still be read
            self._ended = self._ended or error
            raise

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def fileno(self) -> int:
        """Return the system's number of the connection."""
        return self._connection.fileno()

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001 - the socket's own signature
        """Let the connection block or not."""
        self._connection.setblocking(flag)

    def pending(self) -> int:
        """Return how many bytes wait that no select sees: decrypted ones."""
        pending: Callable[[], int] | None = getattr(self._connection, "pending", None)
        return pending() if pending is not None else 0

    def _keep(self, data: bytes) -> None:
        """Keep what was read, but for the rest of a publication that was cut."""
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        self._parts.append(data[skipped:] if skipped else data)
        self._have += len(data) - skipped

    def _wait_for(self, buffer: bytes, at: int, start: int, stop: int) -> tuple[int, int]:
        """Return up to where the buffer is done with and how much must be there to go on, with a packet that is not all there.

        Of a publication that is too large the beginning is handed over as soon as its topic must be there, and the rest skipped.
        """
        size, head = stop - start, buffer[at] if at < len(buffer) else 0
        if not self._largest or size <= max(self._largest, 2 * CHUNK) or head & _KIND != PUBLISH or head & QOS_2:
            return at, stop - at
        if len(buffer) - at < 2 * CHUNK:
            return at, 2 * CHUNK
        self.cut_from = size
        taken = self._publish(buffer, head, start, len(buffer))
        self.cut_from = 0
        if not taken:
            return at, stop - at
        self._skip = stop - len(buffer)
        return len(buffer), 1

    def _publish(self, buffer: bytes, head: int, start: int, stop: int) -> bool:
        """Hand over one publication; False where it is malformed, which paho is to judge."""
        if stop - start < 2:  # noqa: PLR2004 - the topic's length
            return False
        at = start + 2
        end = at + (buffer[start] << 8 | buffer[start + 1])
        topic = buffer[at:end]
        mid = 0
        if head & QOS_1:
            mid = int.from_bytes(buffer[end : end + 2])
            end += 2
        if self._properties:
            end = _body(buffer, end - 1)[1]
        if end > stop:
            return False
        self._on_publish(topic, buffer[end:stop], head, mid)
        return True


def _body(buffer: bytes, at: int) -> tuple[int, int]:
    """Return where the part behind a byte and a length of one to four bytes starts, and where it stops.

    Where the length itself is not all there, the stop lies behind the buffer; a length of more than four bytes is malformed and all there is of the packet.
    """
    start = at + 2
    if start > len(buffer):
        return start, len(buffer) + 1
    length = buffer[at + 1]
    if length & _MORE:
        length &= ~_MORE
        for i in range(1, _LONGEST_LENGTH):
            if start >= len(buffer):
                return start, len(buffer) + 1
            byte = buffer[start]
            start += 1
            length |= (byte & ~_MORE) << 7 * i
            if not byte & _MORE:
                break
        else:
            return start, start + 1
    return start, start + length
