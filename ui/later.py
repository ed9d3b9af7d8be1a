"""A heavy library imported in a thread of its own, so that no frame waits for it. Not for running anything else there."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

if TYPE_CHECKING:
    from collections.abc import Callable


class Import(QObject):
    """Imports a module, once, and tells when it is there.

    Signals:
        _finished(): the thread is done; comes from there and arrives in the GUI thread.
    """

    _finished = Signal()

    def __init__(self, module: str, then: Callable[[], None], parent: QObject) -> None:
        """Import nothing yet; `then` runs in the GUI thread."""
        super().__init__(parent)
        self._module, self._then = module, then
        self._thread: Thread | None = None
        self.done = module in sys.modules
        """Whether importing it will not make a frame wait (any more)."""
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begin; a second time changes nothing."""
        if self._thread is None and not self.done:
            self._thread = Thread(target=self._run, name=f"import {self._module}")
            self._thread.start()

    def _run(self) -> None:
        # Who uses the module meets the same error where it can be shown.
        with suppress(ImportError):
            import_module(self._module)
        if isValid(self):
            self._finished.emit()

    def _on_finished(self) -> None:
        self.done = True
        self._then()
