"""Told by a signal to end (Ctrl+C, `kill`, the end of a desktop's session), the window closes as by hand: kept, committed. Not for what closing does."""

from __future__ import annotations

import signal
import socket
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM) if sys.platform == "win32" else (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ending(QObject):
    """Closes every window at the first signal; the second ends the program at once, whatever it is busy with or asks.

    Python sees a signal only between two of its own steps, and Qt's loop may make none for long: a byte in a socket wakes it.
    """

    def __init__(self, parent: QObject) -> None:
        """Heed signals from now on, until `parent` goes."""
        super().__init__(parent)
        self._heard, self._said = socket.socketpair()
        self._heard.setblocking(False)
        self._said.setblocking(False)
        self._before = signal.set_wakeup_fd(self._said.fileno(), warn_on_full_buffer=False)
        notifier = QSocketNotifier(self._heard.fileno(), QSocketNotifier.Type.Read, self)
        notifier.activated.connect(self._on_signal_come)
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # such as SIGHUP under nohup
                signal.signal(number, self._next_ends)

    def _next_ends(self, _number: int, _frame: FrameType | None) -> None:
        """Let the next signal end the program."""
        for number in SIGNALS:
            if signal.getsignal(number) == self._next_ends:
                signal.signal(number, signal.SIG_DFL)

    def _on_signal_come(self) -> None:
        self._heard.recv(64)
        QApplication.closeAllWindows()
        if not any(widget.isVisible() for widget in QApplication.topLevelWidgets()):
            QApplication.quit()  # nothing was shown yet, or a window went that Qt does not count

    def close(self) -> None:
        """Heed nothing more."""
        self._next_ends(0, None)
        signal.set_wakeup_fd(self._before)
        self._heard.close()
        self._said.close()
