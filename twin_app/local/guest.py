"""A program that reads a line, towards the one that writes it: hears its news in a thread, and sends what people do. Not for what that means."""

from __future__ import annotations

import json
import threading
import time
from multiprocessing.connection import Client
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin_app.errors import RecordingError
from twin_app.local import wire
from twin_app.local.hub import here
from twin_app.local.wire import RefusedError
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from twin_app.local.claim import Holder

LOOK_S = 0.2
_TURN_S = 0.01
OPENS_S = 5.0
"""So long who writes may take to open the recording, from when it has the line."""
SILENT_S = 3.0
"""Who writes and was not heard for so long stands still."""


class Guest:
    """Attached to who writes a line, from `Guest(holder)` until `close`.

    Attributes:
        holder: who that is.
        heard: given each piece of news, in the thread that listens; returns up to which sample was read.
        lost: whether who writes has gone, by itself or killed.
        heard_s: when it was heard last, by the processor's clock.
    """

    def __init__(self, holder: Holder) -> None:
        """Say who one is to who writes.

        Raises:
            RecordingError: it does not answer.
        """
        self.holder = holder
        self.heard: Callable[[dict[str, Any]], int] = lambda _news: -1
        self.lost = self._closing = False
        self.heard_s = time.monotonic()
        self._conn = self._connected({"wish": "news"})
        self._thread = threading.Thread(target=self._listen, name="attached", daemon=True)

    def first(self) -> dict[str, Any]:
        """Return the first news that there is anything in.

        Raises:
            RecordingError: none comes.
        """
        ends_s = time.monotonic() + OPENS_S
        try:
            while time.monotonic() < ends_s:
                if news := wire.read(self._conn):
                    return news
        except (RefusedError, EOFError, OSError):
            pass
        raise self._silent()

    def start(self) -> None:
        """Listen from now on; starting twice is once."""
        if not self._thread.is_alive() and not self._closing:
            self._thread.start()

    def close(self) -> None:
        """Go away."""
        self._closing = True
        if self._thread.is_alive():
            self._thread.join()
        self._conn.close()

    @property
    def silent_s(self) -> float:
        """Return for how many seconds who writes was not heard; 0 while that is usual."""
        passed_s = time.monotonic() - self.heard_s
        return passed_s if passed_s > SILENT_S else 0.0

    def send(self, deed: dict[str, Any]) -> dict[str, Any]:
        """Let who writes do something; return its answer.

        Raises:
            RecordingError: it could not be delivered, or nobody answered.
        """
        until_s = time.monotonic() + wire.PATIENCE_S
        conn = self._connected({"wish": "deed", "deed": deed, "until_s": until_s})
        own = here(self.holder.channel)
        try:
            while own is not None and time.monotonic() < until_s and not conn.poll(_TURN_S):
                own.attend_here()
            return wire.read(conn)
        except (RefusedError, EOFError, OSError) as error:
            raise RecordingError(
                N_("{who}, which records the line, has not answered."),
                tip=N_("Look whether it counts before you do it again."),
                who=self.holder.worded(),
            ) from error
        finally:
            conn.close()

    def _connected(self, wish: dict[str, Any]) -> Connection:
        """Return a connection on which one is known, and has said what one wants."""
        try:
            conn = Client(self.holder.channel, wire.FAMILY)
        except OSError as error:
            raise self._silent() from error
        try:
            wire.make_impatient(conn)
            wire.enter(conn, Path(self.holder.secret).read_bytes())
            wire.write(conn, json.dumps(wish).encode())
        except (RefusedError, EOFError, OSError) as error:
            conn.close()
            raise self._silent() from error
        return conn

    def _silent(self) -> RecordingError:
        """Return the refusal of who writes and does not answer."""
        return RecordingError(
            N_("The line is recorded by {who}, which does not answer."), tip=N_("End that program if it stands still."),
            who=self.holder.worded(),
        )  # fmt: skip

    def _listen(self) -> None:
        """Hear news until one goes away, or who writes does."""
        try:
            while not self._closing:
                if self._conn.poll(LOOK_S):
                    news = wire.read(self._conn)
                    self.heard_s = time.monotonic()
                    read = self.heard(news)
                    wire.write(self._conn, json.dumps({"read": read}).encode())
        except (RefusedError, EOFError, OSError):
            self.lost = not self._closing


def answers(holder: Holder) -> bool:
    """Tell whether who says to write a line runs, and answers."""
    try:
        Guest(holder).close()
    except RecordingError:
        return False
    return True
