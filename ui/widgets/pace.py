"""Doing something often asked for only so often, without losing the last time it was asked. Not a clock of the plant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ui.widgets.blink import still

if TYPE_CHECKING:
    from collections.abc import Callable


class Pace(QObject):
    """Runs `run` at once when asked, but at most every `every_ms`; what is asked in between runs once, afterwards. Idle it has no timer."""

    def __init__(self, run: Callable[[], None], *, every_ms: int, parent: QObject) -> None:
        """Set the pace; nothing runs yet."""
        super().__init__(parent)
        self._run = run
        self._again = False
        self._every_ms = every_ms
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_rested)

    def ask(self) -> None:
        """Run now, or as soon as the pace allows."""
        if self._timer.isActive():
            self._again = True
            return
        self._timer.start(0 if still() else self._every_ms)  # whoever takes pictures waits for all of it anyway
        self._run()

    @property
    def waiting(self) -> bool:
        """Whether it is to run once more."""
        return self._again

    def stop(self) -> None:
        """Forget what was asked."""
        self._again = False
        self._timer.stop()

    def _on_rested(self) -> None:
        """Catch up."""
        if self._again:
            self._again = False
            self.ask()
