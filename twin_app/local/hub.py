"""Who writes a line, towards the programs that read it: it tells them news, and takes what people do there. Not for what that means.

Each of them has a thread here that may wait for it; nobody else ever does. What people do is done by the owner, in `attend`.
"""

from __future__ import annotations

import logging
import queue
import sys
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Client, Listener
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from twin_app.local import wire
from twin_app.local.wire import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from twin_app.local.claim import Claim

LOGGER = logging.getLogger(__name__)
BEAT_S = 0.5
"""So often at least a reader hears something."""
WHOLE_S = 0.25
"""So often at most it hears the whole of it."""
LEAST_S = 0.03
"""So long at least between two news to one reader."""
MOST_GUESTS = 64
MOST_WAITING = 256
"""Deeds that may wait for the owner."""


_HERE: WeakValueDictionary[str, Hub] = WeakValueDictionary()
"""Those of this very process, by where they listen."""


def here(channel: str) -> Hub | None:
    """Return who listens somewhere, where that is in this process: a program may have a line open in several windows."""
    return _HERE.get(channel)


class Hub:
    """Listens until `close`. `attend` belongs to the owner's thread, everything else to any.

    Attributes:
        news: gives what readers are told, JSON: the whole of it, or what changes by the moment; empty while there is nothing yet.
            Asked in threads of their own.
        refused: how many were turned away, for not knowing the secret, or for saying nothing or nonsense.
    """

    def __init__(self, claim: Claim, *, news: Callable[[bool], bytes] = lambda _whole: b"") -> None:
        """Listen where the claim says.

        Raises:
            OSError: there is no room for that.
        """
        self.news = news
        self.refused = 0
        self._claim = claim
        self._listener = Listener(claim.channel, wire.FAMILY, backlog=16)
        if sys.platform != "win32":
            Path(claim.channel).chmod(0o600)
        self._changed = threading.Condition()
        self._version = 0
        self._closing = False
        self._guests: set[Connection] = set()
        self._read: dict[Connection, int] = {}
        self._deeds: queue.Queue[_Deed] = queue.Queue(MOST_WAITING)
        self._do: Callable[[dict[str, Any]], bytes] | None = None
        self._owner = threading.get_ident()
        _HERE[claim.channel] = self
        self._thread = threading.Thread(target=self._listen, name="local channel", daemon=True)
        self._thread.start()

    @property
    def readers(self) -> int:
        """Return how many programs read the line."""
        return len(self._read)

    @property
    def read(self) -> list[int]:
        """Return up to which sample each of them has read; -1 for one that did not say yet."""
        return list(self._read.copy().values())

    def nudge(self) -> None:
        """Let readers know soon that there is something new."""
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def attend(self, do: Callable[[dict[str, Any]], bytes]) -> None:
        """Let what people did elsewhere be done by `do`, which returns the answer; what nobody waits for any more is left."""
        self._do, self._owner = do, threading.get_ident()
        while True:
            try:
                deed = self._deeds.get_nowait()
            except queue.Empty:
                return
            if time.monotonic() < deed.until_s and not deed.answered.is_set():
                deed.answer = do(deed.asked)
            deed.answered.set()

    def attend_here(self) -> None:
        """Let it be done where the owner's own thread waits for it; elsewhere the owner will."""
        if self._do is not None and threading.get_ident() == self._owner:
            self.attend(self._do)

    def close(self) -> None:
        """Listen no more, and let the readers go."""
        self._closing = True
        self.nudge()
        with suppress(OSError), Client(self._claim.channel, wire.FAMILY):  # wakes who waits for somebody to come
            pass
        self._thread.join(wire.PATIENCE_S)
        for conn in self._guests.copy():
            with suppress(OSError):
                wire.hang_up(conn)
        self._listener.close()
        if (folder := Path(self._claim.channel).parent).name.startswith("twin-app-run-"):
            with suppress(OSError):
                folder.rmdir()

    def _listen(self) -> None:
        """Take in whoever comes; each gets a thread."""
        while not self._closing:
            try:
                conn = self._listener.accept()
            except OSError:  # it went away again
                continue
            if len(self._guests) >= MOST_GUESTS:
                self._refuse(RefusedError("crowd"))
                conn.close()
                continue
            self._guests.add(conn)
            threading.Thread(target=self._serve, args=(conn,), name="local reader", daemon=True).start()

    def _serve(self, conn: Connection) -> None:
        """Serve somebody as long as they make sense."""
        try:
            wire.make_impatient(conn)
            wire.admit(conn, self._claim.secret)
            asked = wire.read(conn)
        except (RefusedError, EOFError, OSError) as error:
            self._refuse(error)
        else:
            self._answer(conn, asked)
        finally:
            self._guests.discard(conn)
            self._read.pop(conn, None)
            conn.close()

    def _answer(self, conn: Connection, asked: dict[str, Any]) -> None:
        """Tell news, or pass on what somebody did."""
        deed = asked.get("deed")
        until_s = asked.get("until_s")
        try:
            if asked == {"wish": "news"}:
                self._read[conn] = -1
                self._tell(conn)
            elif len(asked) == len(("wish", "deed", "until_s")) and isinstance(deed, dict) and isinstance(until_s, float):
                self._pass_on(conn, _Deed(deed, min(until_s, time.monotonic() + wire.PATIENCE_S)))
            else:
                self._refuse(RefusedError("wish"))
        except RefusedError as error:
            self._refuse(error)
        except (EOFError, OSError):  # they went away
            pass

    def _tell(self, conn: Connection) -> None:
        """Tell a reader what is new, as soon as it is, until they go away."""
        seen, whole_s = -1, float("-inf")
        while not self._closing:
            with self._changed:
                if self._version == seen:
                    self._changed.wait(BEAT_S)
                seen = self._version
            whole = time.monotonic() >= whole_s
            wire.write(conn, self.news(whole) or b"{}")
            whole_s = time.monotonic() + WHOLE_S if whole else whole_s
            while conn.poll(0):
                said = wire.read(conn)
                if said.keys() != {"read"} or not isinstance(said["read"], int):
                    raise RefusedError("read")
                self._read[conn] = said["read"]
            time.sleep(LEAST_S)

    def _pass_on(self, conn: Connection, deed: _Deed) -> None:
        """Let the owner do what somebody asks for, and answer."""
        try:
            self._deeds.put_nowait(deed)
        except queue.Full:
            raise RefusedError("crowd") from None
        deed.answered.wait(wire.PATIENCE_S)
        deed.answered.set()
        if deed.answer:
            wire.write(conn, deed.answer)

    def _refuse(self, error: Exception) -> None:
        """Count somebody who was turned away."""
        if not self._closing:
            self.refused += 1
            LOGGER.info("A program was turned away at the line's channel: %s", error)


class _Deed:
    """What somebody asks for."""

    def __init__(self, asked: dict[str, Any], until_s: float) -> None:
        self.asked, self.until_s = asked, until_s
        self.answer = b""
        self.answered = threading.Event()
