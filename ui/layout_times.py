"""A replay by the layouts of its time: as the playhead crosses an instant from which another one was in force, that one is. Not for files.

A recording keeps its layouts with the instants from which they were in force. Opened without a layout, or with the command of this
module ticked, it is shown by the one of the playhead; with a layout that somebody gave it stays with that, and a banner says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from twin_app.errors import LayoutError
from twin_app.model.frame import Mode
from twin_app.model.message import Status
from twin_app.service.of_time import in_force, line_of
from twin_app.text import N_, clock_time, offset_name, tr
from ui.commands import Command
from ui.notify import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twin_app.model.frame import Frame
    from twin_app.model.recording import LayoutVersion
    from ui.context import LineView
    from ui.main_window import MainWindow

COMMAND = Command(id="play.layouts", text=N_("Show by the layouts of their time"), menu=N_("Playback"), checkable=True)
_SAID = "layout:time"
_READING = frozenset({Status.IDLE, Status.LOADING, Status.CONNECTING})


class LayoutTimes(QObject):
    """Serves one window."""

    def __init__(self, window: MainWindow, reopen: Callable[[], None]) -> None:
        """Follow nothing until a recording is open that keeps layouts; `reopen` opens what the window asked for anew, at the same playhead."""
        super().__init__(window)
        self._window, self._reopen = window, reopen
        self._versions: Sequence[LayoutVersion] = ()
        self._shown = ""
        self._hides = False
        self._action = window.commands.add(COMMAND, self.toggle)
        self._action.setEnabled(False)
        window.bridge.line_opened.connect(self._on_line_opened)
        window.bridge.frame_ready.connect(self._on_frame_ready)

    @property
    def following(self) -> bool:
        """Tell whether what is shown is shown by the layouts of its time."""
        return self._window.request is not None and self._window.request.of_time is not None and bool(self._versions)

    def toggle(self) -> None:
        """Show it by the layouts of its time, or by the one that was given."""
        request, frame = self._window.request, self._window.bridge.shown
        if request is None or frame is None or not self._versions:
            return
        wanted = None if self.following else in_force(self._versions, frame.at_ns)
        if wanted is None or self._usable(wanted):
            self._window.request = replace(request, of_time=wanted)
            self._reopen()
        self._action.setChecked(self.following)

    def _on_line_opened(self, view: LineView | None) -> None:
        """Learn what a recording keeps."""
        session = self._window.bridge.session
        self._versions = session.layouts() if view is not None and session is not None else ()
        self._shown = view.line.content_hash if view is not None else ""
        self._hides = self._window.request is not None and self._window.request.blind
        self._action.setEnabled(bool(self._versions))
        self._action.setChecked(self.following)
        self._say(view)

    def _on_frame_ready(self, frame: Frame) -> None:
        """Have another layout in force where the playhead is beyond the instant from which it was; tell of none that lies ahead of a blind one."""
        if (frame.mode is Mode.BLIND) is not self._hides:
            self._hides = frame.mode is Mode.BLIND
            self._say(self._window.view)
        if not self.following or self._on_its_way(frame):
            return
        wanted = in_force(self._versions, frame.at_ns)
        if wanted is not None and wanted.content_hash != self._shown:
            self._shown = wanted.content_hash  # asked for once, whatever comes of it
            QTimer.singleShot(0, self, self._on_crossed)

    def _on_its_way(self, frame: Frame) -> bool:
        """Tell whether the playhead is not yet where it is to begin: until so much is read it stands at the start."""
        request, span = self._window.request, frame.span
        if span is None or any(health.status in _READING for health in frame.health):
            return True
        wanted_ns = request.begin_at_ns if request is not None else None
        return wanted_ns is not None and span.end_ns < wanted_ns and frame.at_ns == span.start_ns

    def _on_crossed(self) -> None:
        """Go on by the layout of the playhead."""
        frame, request = self._window.bridge.shown, self._window.request
        wanted = in_force(self._versions, frame.at_ns) if frame is not None else None
        if wanted is None or request is None or not self.following or not self._usable(wanted):
            return
        self._shown = wanted.content_hash
        self._window.request = replace(request, of_time=wanted)
        if self._window.bridge.relay(line_of(request.layout, wanted)):
            self._say(self._window.view)
        else:
            self._reopen()

    def _usable(self, version: LayoutVersion) -> bool:
        """Tell whether a kept layout can be used; where not it is said, and what is in force stays."""
        request = self._window.request
        try:
            if request is not None:
                line_of(request.layout, version)
        except LayoutError as error:
            self._window.notices.put(Notice(key=_SAID, what=error.worded(), rest=tr("The last one that could be used stays in force.")))
            return False
        return True

    def _say(self, view: LineView | None) -> None:
        """Say by which layout what is shown is shown, where there are several."""
        request = self._window.request
        version = request.of_time if request is not None and self.following else None
        known = [one for one in self._versions if not self._hides or version is None or one.at_ns <= version.at_ns]
        if version is None or view is None or len(known) == 1:
            self._window.notices.drop(_SAID)
            return
        zone = view.line.tz
        since = f"{clock_time(version.at_ns, zone, date=True)} {offset_name(version.at_ns, zone)}"
        what = tr("Shown by the layout of its time: {name}, in force from {at}.", name=version.name, at=since)
        rest = tr(
            "The recording keeps {n}. Figures of a span that reaches into the time of another are reckoned by this one.",
            n=len(known),
        )
        self._window.notices.put(Notice(key=_SAID, what=what, rest=rest, trouble=False))
