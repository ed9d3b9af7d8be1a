"""Messages between two programs of one person: both show that they know a secret, then JSON of bounded size, never code. Not for what is said.

A socket of the file system (a named pipe on Windows), so that no port is opened. Whoever says nothing or nonsense is refused.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import socket
import struct
import sys
from multiprocessing.connection import Client
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

PATIENCE_S = 2.0
"""So long somebody may take to say what they are to say next."""
MOST_BYTES = 256 * 1024
_GREETING = b"twin-app local 1\n"
_BYTES = 32
FAMILY = "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"


class RefusedError(Exception):
    """The other side does not know the secret, or says what is no message."""


def connect(channel: str) -> Connection:
    """Return a connection to who listens somewhere; OSError where nobody does."""
    return Client(channel, FAMILY)


def make_impatient(conn: Connection) -> None:
    """Let nobody wait for long for a program that stands still, neither reading nor writing."""
    if sys.platform == "win32":  # named pipes know no such time: whoever stands still there holds one thread, and those are counted
        return
    with socket.socket(fileno=os.dup(conn.fileno())) as same:
        limit = struct.pack("ll", int(PATIENCE_S), 0)
        same.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)


def admit(conn: Connection, secret: bytes) -> None:
    """Let somebody in who knows the secret, and show that this side does.

    Raises:
        RefusedError: they do not.
        OSError, EOFError: they went away.
    """
    mine = secrets.token_bytes(_BYTES)
    conn.send_bytes(_GREETING + mine)
    answer = _bytes(conn, 2 * _BYTES)
    theirs, proof = answer[:_BYTES], answer[_BYTES:]
    if not hmac.compare_digest(proof, _proof(secret, b"reader", mine + theirs)):
        raise RefusedError("secret")
    conn.send_bytes(_proof(secret, b"writer", mine + theirs))


def enter(conn: Connection, secret: bytes) -> None:
    """Show that one knows the secret to who listens, and see that they do.

    Raises:
        RefusedError: they do not.
        OSError, EOFError: they went away, or did not believe it.
    """
    greeting = _bytes(conn, len(_GREETING) + _BYTES)
    if not greeting.startswith(_GREETING):
        raise RefusedError("greeting")
    theirs, mine = greeting[len(_GREETING) :], secrets.token_bytes(_BYTES)
    conn.send_bytes(mine + _proof(secret, b"reader", theirs + mine))
    if not hmac.compare_digest(_bytes(conn, _BYTES), _proof(secret, b"writer", theirs + mine)):
        raise RefusedError("secret")


def read(conn: Connection, *, patience_s: float = PATIENCE_S) -> dict[str, Any]:
    """Return the next message.

    Raises:
        RefusedError: it is none, or does not come.
        OSError, EOFError: the other side went away, or its message is too long.
    """
    if not conn.poll(patience_s):
        raise RefusedError("silence")
    try:
        found = json.loads(conn.recv_bytes(MOST_BYTES))
    except (ValueError, RecursionError) as error:
        raise RefusedError("JSON") from error
    if not isinstance(found, dict):
        raise RefusedError("object")
    return found


def write(conn: Connection, message: bytes) -> None:
    """Send a message, JSON already.

    Raises:
        RefusedError: it is too long.
        OSError: the other side went away, or does not read.
    """
    if len(message) > MOST_BYTES:
        raise RefusedError("size")
    conn.send_bytes(message)


def _bytes(conn: Connection, count: int) -> bytes:
    """Return exactly so many bytes that were sent as one."""
    if not conn.poll(PATIENCE_S):
        raise RefusedError("silence")
    found = conn.recv_bytes(count)
    if len(found) != count:
        raise RefusedError("length")
    return found


def _proof(secret: bytes, side: bytes, numbers: bytes) -> bytes:
    """Return what only who knows the secret can reckon, of both sides' random numbers."""
    return hmac.digest(secret, side + numbers, "sha256")


def hang_up(conn: Connection) -> None:
    """End a conversation from another thread than the one that is in it."""
    if sys.platform == "win32":
        conn.close()
        return
    with socket.socket(fileno=os.dup(conn.fileno())) as same:
        same.shutdown(socket.SHUT_RDWR)
