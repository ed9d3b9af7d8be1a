"""The session that a broker keeps for a source while nobody listens: under which id, and which redelivered messages were stored already.

A broker sends an unacknowledged message again, flagged as such, under its packet id (MQTT 3.1.1, sections 3.3.1.1 and
4.4). It was stored already where a message of that id, topic and payload came over an earlier link: then it is dropped and
counted. The newest identities are saved in the transaction that saves their samples, so that this holds over our own end,
too. Without the flag nothing is dropped here: a machine may say the same twice. Not for the connection itself.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
import struct
import zlib
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.errors import SourceError
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from twin_app.model.equipment import Line

REMEMBERED = 65_536
"""Messages of this run whose identity is remembered: more than any broker keeps on the way."""
SAVED_LEAST = 64
"""Identities that are saved at least; else twice what waits for its acknowledgement."""
_MAX_ID = 23
"""Bytes of a client id that every broker must take (MQTT 3.1.1, section 3.1.3.1)."""


@dataclass(frozen=True, slots=True)
class KeptSession:
    """One source's session, and the brokers that may keep it."""

    client_id: str
    brokers: tuple[str, ...] = ()


class SessionFile:
    """Where one installation keeps the id of one source's session; two installations never share an id."""

    def __init__(self, folder: Path, line: Line, source: str) -> None:
        """Name the file; nothing is read yet."""
        name = re.sub(r"[^\w.-]", "_", f"{line.site}.{line.area}.{line.id}.{source}")
        self.path = folder / f"{name}.json"
        self._source = source

    def read(self) -> KeptSession | None:
        """Return the session, None where there never was one or its file is damaged: then a new id is made."""
        try:
            found = json.loads(self.path.read_bytes())
            client_id, brokers = found["client_id"], found["brokers"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not isinstance(client_id, str) or not client_id or not isinstance(brokers, list):
            return None
        return KeptSession(client_id, tuple(str(broker) for broker in brokers))

    def at(self, broker: str) -> KeptSession:
        """Return the session for use at a broker, with a new id where there is none; noted before it is first used.

        Raises:
            SourceError: the file cannot be written.
        """
        session = self.read() or KeptSession(self._new_id())
        if broker not in session.brokers:
            session = KeptSession(session.client_id, (*session.brokers, broker))
            self._write(session)
        return session

    def forget(self, broker: str) -> None:
        """Note that a broker keeps nothing any more; without any the file goes."""
        session = self.read()
        if session is None:
            return
        left = tuple(b for b in session.brokers if b != broker)
        if left:
            self._write(KeptSession(session.client_id, left))
        else:
            self.path.unlink(missing_ok=True)

    def _new_id(self) -> str:
        """Return a client id of at most 23 letters and digits, which every broker takes."""
        tail = secrets.token_hex(4)
        return "twin" + re.sub(r"[^0-9A-Za-z]", "", self._source)[: _MAX_ID - len("twin") - len(tail)] + tail

    def _write(self, session: KeptSession) -> None:
        """Write the file at once or not at all."""
        fresh = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps({"client_id": session.client_id, "brokers": session.brokers}), encoding="utf-8")
            fresh.replace(self.path)
        except OSError as error:
            raise SourceError(
                N_("The name of the session at the broker cannot be kept in {path}: {reason}."),
                tip=N_("Free space there, or let the program write to this folder."), path=self.path, reason=error.strerror,
            ) from error  # fmt: skip


class Redelivery:
    """Which messages came before. Owned by the source's thread."""

    def __init__(self, saved: str = "") -> None:
        """Start with what the last run saved."""
        self._recent: deque[int] = deque(_unpacked(saved), REMEMBERED)
        self._before = frozenset(self._recent)

    def new_link(self) -> None:
        """Note that a link ended: what came so far may come again."""
        self._before = frozenset(self._recent)

    def came(self, topic: bytes, payload: bytes, mid: int, *, again: bool) -> bool:
        """Note a message; return whether it came over an earlier link already (`again`: the broker flags it as redelivered)."""
        identity = mid << 32 | zlib.crc32(payload, zlib.crc32(topic))
        if again and identity in self._before:
            return True
        self._recent.append(identity)
        return False

    def saved(self, waiting: int) -> str:
        """Return the newest identities as text, at least twice as many as wait for their acknowledgement."""
        count = min(len(self._recent), max(SAVED_LEAST, 2 * waiting))
        newest = [self._recent[i] for i in range(-count, 0)]
        return base64.b64encode(struct.pack(f"<{count}Q", *newest)).decode()


def _unpacked(saved: str) -> Iterable[int]:
    """Return the identities in a text; none where it is damaged: then duplicates stay, which is the lesser evil."""
    try:
        packed = base64.b64decode(saved, validate=True)
        return struct.unpack(f"<{len(packed) // 8}Q", packed)
    except (binascii.Error, ValueError, struct.error):
        return ()
