"""A link that is opened while a window shows its line already goes to that window, through a socket of the account. Not for following it: see `linked`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from twin_app import settings
from twin_app.errors import TwinError
from twin_app.service import link as links

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.service.link import Link

SLOTS = 8
"""So many windows of one account can be handed links."""
REACH_MS, ANSWER_MS = 200, 3000
YES, NO = b"yes\n", b"no\n"


def handed_over(text: str) -> bool:
    """Return whether a window that shows what a link names took it."""
    line = text.strip().encode() + b"\n"
    if b"\n" in line[:-1]:
        return False
    return any(_asked(name, line) == YES for name in _names())


def _asked(name: str, line: bytes) -> bytes:
    """Return what the window of a name says to a link, nothing where there is none or it is busy."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(REACH_MS):
        return b""
    socket.write(line)
    socket.waitForBytesWritten(REACH_MS)
    while not socket.canReadLine() and socket.waitForReadyRead(ANSWER_MS):
        pass
    answer = bytes(socket.readLine().data())
    socket.abort()
    return answer


def _names() -> list[str]:
    """Return the names under which windows of this account listen; those of another home are others."""
    home = hashlib.sha256(str(settings.data_dir().absolute()).encode()).hexdigest()[:16]
    return [f"twin-app-{home}-{slot}" for slot in range(SLOTS)]


class Receiving(QObject):
    """Listens for links while the window is open; only the account's own programs can reach it."""

    def __init__(self, shows: Callable[[Link], bool], follow: Callable[[Link], None], parent: QObject) -> None:
        """Listen under the first free name; where none is free nobody hands links to this window."""
        super().__init__(parent)
        self._shows, self._follow = shows, follow
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connected)
        for name in _names():
            if not _taken(name) and self._server.listen(name):
                break

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()

    def _on_connected(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.setReadBufferSize(links.LONGEST + 1)
        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(self._on_ready)
        if socket.canReadLine():
            self._answer(socket)

    def _on_ready(self) -> None:
        for socket in self._server.findChildren(QLocalSocket):
            if socket.canReadLine():
                self._answer(socket)
            elif socket.bytesAvailable() > links.LONGEST:
                socket.abort()

    def _answer(self, socket: QLocalSocket) -> None:
        """Say whether this window shows what the link names, and follow it if so."""
        text = bytes(socket.readLine().data()).decode(errors="replace")
        try:
            link = links.read(text)
        except TwinError:
            link = None
        mine = link is not None and self._shows(link)
        socket.write(YES if mine else NO)
        socket.flush()
        QTimer.singleShot(ANSWER_MS, socket, socket.abort)  # whoever asked goes first; one that stays is sent away
        if mine and link is not None:
            self._follow(link)


def _taken(name: str) -> bool:
    """Tell whether a window listens under a name; the file that a killed one left is put away."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if socket.waitForConnected(REACH_MS):
        socket.abort()
        return True
    QLocalServer.removeServer(name)
    return False
