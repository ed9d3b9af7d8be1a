"""Lets Python's collector of garbage pass over what lasts as long as the open line. Not for what comes and goes.

Again and again the collector looks at every object there is, and nothing else runs meanwhile: with a line open those are some 200,000,
and three frames are late. All but a few of them stay until another line is opened; only then are they looked at again.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

SETTLED_MS = 3_000
"""So long after a line was opened everything that stays is there: panels, libraries, its first samples."""


class LastingObjects(QObject):
    """Sets aside what is there once a line is open, and takes it back for the collector when the next one comes."""

    def __init__(self, parent: QObject) -> None:
        """Set nothing aside yet."""
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLED_MS)
        self._timer.timeout.connect(self._on_settled)

    def on_line_opened(self, view: object) -> None:
        """Let go of the line before, and wait until the new one (None: there is none) has settled."""
        if gc.get_freeze_count():
            gc.unfreeze()
            gc.collect()
        if view is not None:
            self._timer.start()

    def _on_settled(self) -> None:
        gc.freeze()
