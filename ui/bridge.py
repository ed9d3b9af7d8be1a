"""The one timer between the twin and the window: asks the open session for frames and emits them. Not for painting or opening.

One signal a frame, and none when nothing changed. Time runs at the frame rate while something moves and a few times a
second while nothing does, so that a paused window costs next to nothing.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from twin_app.model.frame import ALL, Changes
from ui.context import LineView
from ui.effort import Tally
from ui.query import Answers, SessionQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from twin_app.model.alarm import AlarmActions
    from twin_app.model.bookmark import Notes
    from twin_app.model.entry import WorkEntries
    from twin_app.model.equipment import Line
    from twin_app.model.frame import Frame
    from twin_app.model.instructor import Instructor
    from twin_app.model.message import SourceHealth
    from twin_app.model.recording import LayoutVersion
    from twin_app.model.samples import TextTable
    from twin_app.model.signal import SignalTable
    from twin_app.model.training import Training

LOG = logging.getLogger(__name__)
IDLE_MS = 250
CALM_FRAMES = 8
"""So many frames without a change before the timer slows down."""
LONGEST_STEP_NS = 500_000_000
"""A stall (a laptop that slept, a window being dragged) is not replayed: the playhead goes on from where it was."""


class Player(Answers, Protocol):
    """What of `twin_app.session.Session` the window needs."""

    line: Line
    texts: TextTable
    sight: int
    """Counts up whenever less is known than before: what was answered until then must be shown no more."""

    @property
    def lost(self) -> bool:
        """Tell whether the line is to be opened anew, for the program that records it has gone."""
        ...

    @property
    def recordings(self) -> Path | None:
        """Return the folder that another program records the line into, None where none does."""
        ...

    @property
    def notes(self) -> Notes:
        """Return where bookmarks are written."""
        ...

    @property
    def entries(self) -> WorkEntries:
        """Return where people say what the line works on."""
        ...

    @property
    def signals(self) -> SignalTable:
        """Return the signals that are known."""
        ...

    def layouts(self) -> Sequence[LayoutVersion]:
        """Return the layouts that a recording keeps."""
        ...

    @property
    def desk(self) -> AlarmActions:
        """Return where the line's alarms are acted on."""
        ...

    @property
    def instructor(self) -> Instructor | None:
        """Return the controls of a simulated line, None where it is none."""
        ...

    def health(self) -> Sequence[SourceHealth]:
        """Return how every source is."""
        ...

    def relay(self, line: Line) -> bool:
        """Go on with another layout; False where the line must be opened anew."""
        ...

    def start(self) -> None:
        """Let every source run."""
        ...

    def close(self) -> None:
        """Stop and let go."""
        ...

    def advance(self, elapsed_ns: int) -> Frame:
        """Fold, move and return the frame."""
        ...

    def play(self) -> None:
        """Let time run."""
        ...

    def pause(self) -> None:
        """Stop time."""
        ...

    def toggle(self) -> None:
        """Play or pause."""
        ...

    def set_speed(self, speed: float) -> None:
        """Set the speed."""
        ...

    def seek(self, at_ns: int) -> None:
        """Go to an instant."""
        ...

    def follow(self) -> None:
        """Go to the end."""
        ...

    def loop(self, start_ns: int | None, end_ns: int | None) -> None:
        """Play round and round."""
        ...

    def skip_dead_time(self, *, on: bool) -> None:
        """Pass over dead time."""
        ...

    def blindfold(self, *, on: bool, hide_notes: bool = True) -> None:
        """Hide what was not known."""
        ...

    @property
    def training(self) -> Training:
        """Return the attempts of trainees."""
        ...

    def train(self, attempt: str = "", *, trainee: str = "", hide_notes: bool = True) -> None:
        """Hide what was not known from a trainee."""
        ...


class Bridge(QObject):
    """Owns the open session and its timer; is the window's `Transport`.

    Signals:
        line_opened(object): a `LineView` is open, or None: none is.
        relaid(object, bool): another layout of the line is in force: a `LineView` of it, and whether only places differ.
        forgotten(object): less is known than before; a `LineView` of what still is. What was shown must be shown no more.
        frame_ready(object): a `Frame` that differs from the one before.
        lost(): the program that records the line has gone, or too much of it was missed: the line is to be opened anew. Said once.
        failed(str): the session broke down; time stands until a line is opened again.
    """

    line_opened = Signal(object)
    relaid = Signal(object, bool)
    forgotten = Signal(object)
    frame_ready = Signal(object)
    lost = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None, *, frames_per_s: int = 30) -> None:
        """Start without a line."""
        super().__init__(parent)
        self.query = SessionQuery(self)
        self._session: Player | None = None
        self._line: Line | None = None
        self._shown: Frame | None = None
        self.advanced = Tally()
        """What making frames took."""
        self._calm = 0
        self._lost = False
        self._sight = 0
        self._last_ns = 0
        self._frame_ms = 1000 // frames_per_s
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)

    @property
    def interval_ms(self) -> int:
        """How often the session is asked at the moment."""
        return self._timer.interval()

    @property
    def session(self) -> Player | None:
        """The open session."""
        return self._session

    @property
    def shown(self) -> Frame | None:
        """The newest frame of the open session, None before the first."""
        return self._shown

    def set_frames_per_s(self, frames_per_s: int) -> None:
        """Change the most frames a second."""
        self._frame_ms = 1000 // frames_per_s
        self._wake()

    def open(self, session: Player) -> None:
        """Close what is open, take over a session and let it run."""
        self.close()
        self._session = session
        self.query.open(session)
        self._sight, self._line, self._lost = session.sight, session.line, False
        self.line_opened.emit(self._view(session))
        session.start()
        self._last_ns = time.perf_counter_ns()
        self._wake()

    def close(self) -> None:
        """Close the open session, if any; views get nothing more of it."""
        self._timer.stop()
        session, self._session, self._shown = self._session, None, None
        self.query.open(None)
        if session is not None:
            session.close()
            self.line_opened.emit(None)

    def shut_down(self) -> None:
        """Close and end the worker: the window is going away."""
        self.close()
        self.query.stop()

    def show_again(self) -> None:
        """Emit the newest frame as if everything in it were new: words or colours have changed, and time may stand."""
        if self._shown is not None:
            self.frame_ready.emit(replace(self._shown, changes=ALL))

    def show_now(self) -> None:
        """Make a frame at once, for who moves time himself."""
        self._on_tick()

    def relay(self, line: Line) -> bool:
        """Go on with another layout of the open line; False where it must be opened anew, or none is open."""
        told: list[bool] = []
        self._tell(lambda session: told.append(session.relay(line)))
        return told == [True]

    # -- Transport ----------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Let time run."""
        self._tell(lambda session: session.play())

    def pause(self) -> None:
        """Stop time."""
        self._tell(lambda session: session.pause())

    def toggle(self) -> None:
        """Play or pause."""
        self._tell(lambda session: session.toggle())

    def set_speed(self, speed: float) -> None:
        """Set the speed, negative for backwards."""
        self._tell(lambda session: session.set_speed(speed))

    def seek(self, at_ns: int) -> None:
        """Go to an instant, clipped to what is known."""
        self._tell(lambda session: session.seek(at_ns))

    def follow(self) -> None:
        """Go to the live end, or to the end of a replay."""
        self._tell(lambda session: session.follow())

    def loop(self, start_ns: int | None, end_ns: int | None) -> None:
        """Play round and round between two instants; None: no longer."""
        self._tell(lambda session: session.loop(start_ns, end_ns))

    def skip_dead_time(self, *, on: bool) -> None:
        """Pass over time in which nothing happens, or no longer."""
        self._tell(lambda session: session.skip_dead_time(on=on))

    def blindfold(self, *, on: bool, hide_notes: bool = True) -> None:
        """Tell only what was known at the playhead, or everything again."""
        self._tell(lambda session: session.blindfold(on=on, hide_notes=hide_notes))

    def train(self, attempt: str = "", *, trainee: str = "", hide_notes: bool = True) -> None:
        """Tell a trainee only what was known at the playhead."""
        self._tell(lambda session: session.train(attempt, trainee=trainee, hide_notes=hide_notes))

    # -- Notes --------------------------------------------------------------------------------------------------

    def bookmark(self, at_ns: int, text: str = "", *, end_ns: int | None = None, unit: str = "", who: str = "") -> str:
        """Mark a moment or a stretch."""
        made: list[str] = []
        self._tell(lambda session: made.append(session.notes.bookmark(at_ns, text, end_ns=end_ns, unit=unit, who=who)))
        return made[0] if made else ""

    def reword_bookmark(self, bookmark: str, text: str, *, who: str = "") -> None:
        """Write something else beside a bookmark."""
        self._tell(lambda session: session.notes.reword_bookmark(bookmark, text, who=who))

    def remove_bookmark(self, bookmark: str, *, who: str = "") -> None:
        """Take a bookmark away."""
        self._tell(lambda session: session.notes.remove_bookmark(bookmark, who=who))

    def _tell(self, what: Callable[[Player], None]) -> None:
        """Tell the open session something, and let it be seen soon."""
        if self._session:
            what(self._session)
            self._look(self._session)
            self._wake()

    def _look(self, session: Player) -> None:
        """Where less is known than before, or the line is laid out otherwise, let every view forget what it was told."""
        if session.line is not self._line:
            self._line, places = session.line, session.sight == self._sight
            self._sight = session.sight
            if not places:
                self._shown = None
                self.query.open(session)
            self.relaid.emit(self._view(session), places)
        if session.sight != self._sight:
            self._sight = session.sight
            self._shown = None
            self.query.open(session)
            self.forgotten.emit(self._view(session))

    def _view(self, session: Player) -> LineView:
        """Return what views see of a session."""
        return LineView(
            session.line, session.signals, session.texts, session.instructor, session.desk, self, session.entries, session.training
        )

    # -- the timer ----------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        """Ask at the frame rate again."""
        self._calm = 0
        if self._session and (not self._timer.isActive() or self._timer.interval() != self._frame_ms):
            self._timer.start(self._frame_ms)

    def _on_tick(self) -> None:
        """Make one frame and emit it if anything in it differs."""
        session = self._session
        if session is None:
            return
        now = time.perf_counter_ns()
        elapsed_ns, self._last_ns = min(now - self._last_ns, LONGEST_STEP_NS), now
        began_ns = time.perf_counter_ns()
        try:
            frame = session.advance(elapsed_ns)
        except Exception as error:  # the border: a frame that fails would fail again 30 times a second
            self._timer.stop()
            LOG.exception("No frame could be made")
            self.failed.emit(str(error) or type(error).__name__)
            return
        self.advanced.add(time.perf_counter_ns() - began_ns)
        self._look(session)
        before, self._shown = self._shown, frame
        self._pace(frame)
        if differs(before, frame):
            self.frame_ready.emit(frame)
        if session is self._session and session.lost and not self._lost:
            self._lost = True
            self.lost.emit()

    def _pace(self, frame: Frame) -> None:
        """Slow down after some calm frames, and be quick again at once."""
        changes = frame.changes
        if frame.playing or changes.all or changes.units or changes.signals:
            self._wake()
            return
        self._calm += 1
        if self._calm >= CALM_FRAMES and self._timer.interval() != IDLE_MS:
            self._timer.start(IDLE_MS)


def differs(before: Frame | None, after: Frame) -> bool:
    """Tell whether anything that can be seen has changed between two frames."""
    if before is None:
        return True
    if after.changes != Changes():
        return True
    return (before.at_ns, before.mode, before.playing, before.speed, before.behind_s) != (
        after.at_ns, after.mode, after.playing, after.speed, after.behind_s,
    )  # fmt: skip
