"""A recording that is being read in a thread, with its progress, and a way to give it up. Not for what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from ui.finding.work import LongWork
from ui.notify import Notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QProgressDialog

    from twin_app.finding.reading import Pace
    from ui.main_window import MainWindow


class LongOpening(QObject):
    """A recording that is being read, with its progress."""

    def __init__(self, window: MainWindow) -> None:
        """Read nothing yet."""
        super().__init__(window)
        self._window, self._work = window, LongWork(self)
        self._progress: QProgressDialog | None = None
        self._then: Callable[[Any], None] | None = None
        self._work.progressed.connect(self._on_progressed)
        self._work.done.connect(self._on_done)
        self._work.failed.connect(self._on_failed)

    def begin(
        self, progress: QProgressDialog, work: Callable[[Pace], Any], then: Callable[[Any], None], drop: Callable[[Any], None]
    ) -> None:  # fmt: skip
        """Read; `then` is handed what came out, `drop` where nobody waits for it any more."""
        self._end()
        self._progress, self._then = progress, then
        progress.canceled.connect(self._on_cancelled)
        self._work.start(work, drop)

    def _end(self) -> None:
        """Take the progress away."""
        progress, self._progress = self._progress, None
        if progress is not None:
            progress.canceled.disconnect(self._on_cancelled)
            progress.close()
            progress.deleteLater()

    def _on_progressed(self, share: float) -> None:
        if self._progress is not None:
            self._progress.setValue(min(round(100 * share), 99))

    def _on_cancelled(self) -> None:
        self._work.give_up()
        self._end()

    def _on_done(self, found: object) -> None:
        self._end()
        if self._then is not None:
            self._then(found)

    def _on_failed(self, said: str) -> None:
        self._end()
        self._window.notices.put(Notice(key="error:opening", what=said, rest=""))
