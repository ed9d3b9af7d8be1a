"""Gathering a shift's sheet for the window, in a thread: eight hours take a second or two. Not for asking which shift, nor for PDF, which Qt makes."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from twin_app.errors import TwinError
from twin_app.report.handover import gather
from twin_app.text import tr
from ui.hearsay import Hearsay

if TYPE_CHECKING:
    from twin_app.session import Session

LOG = logging.getLogger(__name__)


class ReportWork(QObject):
    """One gathering at a time; a new one gives up the one before.

    Signals:
        gathered: a Handover.
        failed: what went wrong, worded.
    """

    gathered = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        """Start idle."""
        super().__init__(parent)
        self._run = 0
        self._done = Hearsay(parent, self._on_done)

    def start(self, session: Session, name: str, start_ns: int, end_ns: int) -> None:
        """Gather a window of a line."""
        self.give_up()
        threading.Thread(target=self._work, args=(self._run, session, name, start_ns, end_ns), name="report", daemon=True).start()

    def give_up(self) -> None:
        """Hear no more of what is being gathered."""
        self._run += 1

    def _work(self, run: int, session: Session, name: str, start_ns: int, end_ns: int) -> None:
        """Gather, and say how it ended."""
        sheet, error = None, ""
        try:
            sheet = gather(session, start_ns, end_ns, name=name)
        except TwinError as known:
            error = known.worded()
        except Exception:  # what breaks down in a thread would end silently; the log says why
            LOG.exception("Gathering the sheet of %s broke down", name or "a window")
            error = tr("The sheet could not be made; the log has the details.")
        self._done.tell(run, sheet, error)

    def _on_done(self, run: int, sheet: object, error: str) -> None:
        """Hand on what still counts."""
        if run != self._run:
            return
        if error:
            self.failed.emit(error)
        else:
            self.gathered.emit(sheet)
