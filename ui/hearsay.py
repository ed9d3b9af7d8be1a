"""Word from a thread to what shows it, which may be closed and destroyed meanwhile. Not for starting threads, nor for what they do."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable


class _Door:
    """Whether anybody still listens; whoever asks keeps it from being closed meanwhile."""

    def __init__(self) -> None:
        """Start open."""
        self.lock = threading.Lock()
        self.closed = False

    def close(self, *_: object) -> None:
        """Let nobody be told any more."""
        with self.lock:
            self.closed = True


class Hearsay(QObject):
    """Hands on, in the GUI thread, what a thread tells; once its owner is being destroyed nothing any more.

    A signal must not be emitted while Qt destroys what it belongs to: that ends the program, and asking first whether it
    still lives is a race. Here the owner's end waits for a word that is being said, and whatever is said after it is dropped.
    """

    _said = Signal(object)

    def __init__(self, owner: QObject, heard: Callable[..., None]) -> None:
        """Let `heard` be told, until `owner` ends."""
        super().__init__(owner)
        self._heard = heard
        self._door = _Door()
        self._said.connect(self._on_said)
        owner.destroyed.connect(self._door.close)  # a slot of its own would be gone by then

    def tell(self, *words: object) -> None:
        """Hand something on, from any thread."""
        with self._door.lock:
            if not self._door.closed:
                self._said.emit(words)

    def _on_said(self, words: tuple[object, ...]) -> None:
        """Deliver, in the GUI thread."""
        self._heard(*words)
