"""A video being made for a window, in a process of its own (`ui.filming`): how far it is, its end, and giving it up. Not for what is asked."""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from twin_app.text import tr

if TYPE_CHECKING:
    from ui.filming import Job

LOG = logging.getLogger(__name__)
PATIENCE_MS = 10_000
"""So long a process that was told to give up may take until it has cleared away what it began."""


class VideoWork(QObject):
    """One video at a time.

    Signals:
        progressed(float, object): how far it is, a share of one, and how many seconds are left (None: nobody knows).
        done(int, float): it is there: how many pictures, and how many seconds it plays.
        failed(str): why it is not, worded.
        given_up(): it was given up, and nothing of it is left.
    """

    progressed = Signal(float, object)
    done = Signal(int, float)
    failed = Signal(str)
    given_up = Signal()

    def __init__(self, parent: QObject) -> None:
        """Start idle."""
        super().__init__(parent)
        self.arguments: tuple[str, ...] = ("-m", "ui.filming")
        self._process: QProcess | None = None
        self._giving_up = False
        self._last: dict[str, object] = {}

    @property
    def working(self) -> bool:
        """Tell whether one is being made."""
        return self._process is not None

    def start(self, job: Job) -> None:
        """Begin; nothing while one is being made."""
        if self._process is not None:
            return
        self._giving_up, self._last = False, {}
        process = self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        paths = [str(Path(__file__).resolve().parents[1]), environment.value("PYTHONPATH")]
        environment.insert("PYTHONPATH", os.pathsep.join(filter(None, paths)))
        environment.insert("PYTHONIOENCODING", "utf-8")
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._on_said)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        process.start(sys.executable, [*self.arguments, job.written()])

    def give_up(self) -> None:
        """End it; `given_up` follows once nothing is left of it."""
        if self._process is not None and not self._giving_up:
            self._giving_up = True
            self._process.closeWriteChannel()
            QTimer.singleShot(PATIENCE_MS, self._process, self._process.kill)

    def end(self) -> None:
        """End it and wait: the window is going away."""
        if self._process is not None:
            self.give_up()
            self._process.waitForFinished(PATIENCE_MS)

    def _on_said(self) -> None:
        """Read lines of JSON."""
        process = self._process
        while process is not None and process.canReadLine():
            try:
                said = json.loads(bytes(process.readLine().data()))
            except ValueError:
                continue  # a library's own remark
            if isinstance(said, dict):
                self._last = said
            if not self._giving_up and isinstance(share := self._last.get("share"), float):
                self.progressed.emit(share, self._last.get("left_s"))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        """Say that the process could not be started; how one ends that ran is told by `finished`."""
        if error is QProcess.ProcessError.FailedToStart:
            self._on_finished()

    def _on_finished(self, *_: object) -> None:
        """Say how it ended."""
        process = self._process
        if process is None:
            return
        self._on_said()
        self._process = None
        process.deleteLater()
        if self._giving_up:
            self.given_up.emit()
        elif "pictures" in self._last:
            self.done.emit(int(str(self._last["pictures"])), float(str(self._last["lasts_s"])))
        elif "error" in self._last:
            self.failed.emit(str(self._last["error"]))
        else:
            LOG.error("Making a video broke down: %s", bytes(process.readAllStandardError().data()).decode(errors="replace")[-2000:])
            self.failed.emit(tr("This broke down; the log has the details."))
