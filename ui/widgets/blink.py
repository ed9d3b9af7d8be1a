"""The one rhythm of everything that blinks: half a second on, half a second off, together. Not for deciding what blinks."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

HALF_MS = 500


def still() -> bool:
    """Tell whether nothing is to blink: a picture of the window is being taken."""
    app = QCoreApplication.instance()
    return app is not None and bool(app.property("still"))


class Blink(QObject):
    """Beats while something wants to; else it rests and costs nothing.

    Signals:
        beaten(): the half of the beat has changed.
    """

    beaten = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Start at rest."""
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timed_out)
        self._wanted = False

    @property
    def dark(self) -> bool:
        """Whether it is the dark half of the beat; never at rest."""
        return self._wanted and not still() and int(time.monotonic() * 1000) // HALF_MS % 2 == 1

    def want(self, wanted: bool) -> None:  # noqa: FBT001 - as setVisible
        """Beat, or rest."""
        if wanted is not self._wanted:
            self._wanted = wanted
            if wanted:
                self._go_on()
            else:
                self._timer.stop()

    def _go_on(self) -> None:
        """Wait for the end of this half, by a clock that all who blink share."""
        self._timer.start(HALF_MS - int(time.monotonic() * 1000) % HALF_MS)

    def _on_timed_out(self) -> None:
        """Let everybody paint, and go on."""
        self.beaten.emit()
        self._go_on()
