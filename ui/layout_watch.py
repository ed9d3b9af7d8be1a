"""Watches the open line's layout file: what somebody else saves there is in force within a second. Not for editing it: see `ui.editing`.

A file that is wrong, half-written or gone is said in a banner, and the last good layout stays. The system tells of most changes at
once; editors that put a new file in the old one's place, and network drives, are found by looking a few times a second.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from twin_app import layout
from twin_app.errors import LayoutError
from twin_app.model.frame import Mode
from twin_app.text import tr
from ui.layout_times import LayoutTimes
from ui.notify import Notice

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.layout import Finding
    from ui.context import LineView
    from ui.main_window import MainWindow
    from ui.opening import OpenRequest

LOOK_EVERY_MS = 250
SETTLED_MS = 120
"""A file that was just touched may be half-written: so long it must stay as it is."""
_SAID = "layout:file"
_LISTED = 3
_Stamp = tuple[int, int, int]


class LayoutWatch(QObject):
    """Serves one window.

    Signals:
        changed(): the file of the open line is another than before, sound or not.
    """

    changed = Signal()

    def __init__(self, window: MainWindow) -> None:
        """Watch nothing until a line is open."""
        super().__init__(window)
        self._window = window
        self.times = LayoutTimes(window, partial(reopen, window))
        self._path: Path | None = None
        self._stamp: _Stamp | None = None
        self._judged = ""
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self.look)
        self._looking, self._settling = QTimer(self), QTimer(self)
        self._looking.setInterval(LOOK_EVERY_MS)
        self._looking.timeout.connect(self.look)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLED_MS)
        self._settling.timeout.connect(self._read)
        window.bridge.line_opened.connect(self._on_line_opened)

    def _on_line_opened(self, view: LineView | None) -> None:
        """Watch another file, or none."""
        self.stop()
        self._window.notices.drop(_SAID)
        if view is not None and view.line.path.is_file():
            self._path, self._judged = view.line.path, view.line.content_hash
            self._stamp = _stamp(self._path)
            self._watcher.addPath(str(self._path))
            self._looking.start()

    def stop(self) -> None:
        """Watch nothing any more."""
        self._looking.stop()
        self._settling.stop()
        if files := self._watcher.files():
            self._watcher.removePaths(files)
        self._path = None

    def look(self) -> None:
        """Look whether the file was touched; what was is read once it stays as it is."""
        if self._path is None:
            return
        stamp = _stamp(self._path)
        if stamp != self._stamp:
            self._stamp = stamp
            self._settling.start()
        if str(self._path) not in self._watcher.files():  # another file in its place: the system watches the old one
            self._watcher.addPath(str(self._path)) if stamp else None

    def _read(self) -> None:
        """Take the file as it is now, if it is another than was taken or refused last."""
        if self._path is None or _stamp(self._path) != self._stamp:
            self.look()
            return
        try:
            data = layout.read_bytes(self._path)
        except LayoutError as error:
            self._judged = ""
            self._say(error.worded())
            self.changed.emit()
            return
        digest = hashlib.sha256(data).hexdigest()
        if digest != self._judged:
            self._judged = digest
            self._judge(self._path, data)
            self.changed.emit()

    def _judge(self, path: Path, data: bytes) -> None:
        """Put a sound layout in force, or say what is wrong with it."""
        line, findings = layout.judge(path, data)
        if line is None:
            self._say(_listed(findings))
            return
        self._window.notices.drop(_SAID)
        session = self._window.bridge.session
        if self.times.following:
            what = tr("The layout {file} was changed; what is shown follows the layouts that the recording keeps.", file=path.name)
            self._window.notices.put(Notice(key=_SAID, what=what, rest=""))
        elif session is not None and line.content_hash != session.line.content_hash and not self._window.bridge.relay(line):
            reopen(self._window)

    def _say(self, why: str) -> None:
        """Say that the file is not taken, and why."""
        name = self._path.name if self._path else ""
        what = tr("The layout {file} was changed and cannot be used; the last good one stays in force.", file=name)
        self._window.notices.put(Notice(key=_SAID, what=what, rest=why))


def reopen(window: MainWindow) -> None:
    """Open the same line anew, at the same playhead, for what was heard is to be read in another way."""
    request, frame = as_it_stands(window), window.kpi_strip.frame
    if request is None:
        return
    window.bridge.close()  # first: a recording is written by one alone
    if window.open_line(request) and frame is not None:
        window.bridge.set_speed(frame.speed)


def as_it_stands(window: MainWindow) -> OpenRequest | None:
    """Return the request for the line that is open as it is looked at now; None where none is."""
    request, frame = window.request, window.kpi_strip.frame
    if request is not None and frame is not None and frame.span is not None:
        at_end = frame.mode in {Mode.LIVE, Mode.SIMULATION}
        begin_at_ns = None if at_end else frame.at_ns
        request = replace(request, begin_at_ns=begin_at_ns, paused=not frame.playing and not at_end, blind=frame.mode is Mode.BLIND)
        if frame.attempt is not None:
            request = replace(request, attempt=frame.attempt.name, trainee=frame.attempt.trainee)
    return None if request is None else replace(request, unit=window.selection.unit)


def _listed(findings: tuple[Finding, ...]) -> str:
    """Return the first findings and how many more there are."""
    rows = [finding.sentence for finding in findings[:_LISTED]]
    more = len(findings) - len(rows)
    return "\n".join([*rows, tr("{n} more: twin-app check names them all.", n=more)] if more else rows)


def _stamp(path: Path) -> _Stamp | None:
    """Return what tells that a file was touched; None where there is none."""
    with suppress(OSError):
        found = path.stat()
        return found.st_mtime_ns, found.st_size, found.st_ino
    return None
