"""Bookmarks as keys and mouse make them, going from one to the next, and the link to a moment. Talks to the notes; paints nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from twin_app.errors import TwinError
from twin_app.model.event import EventKind
from twin_app.service.link import Link
from twin_app.text import clock_time, tr
from ui.timeline.stepping import Stepping

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.bookmark import Bookmark, Notes
    from twin_app.model.event import Event
    from twin_app.model.frame import Frame
    from ui.context import Context, LineView
    from ui.timeline.playback import Playback


class Marking(QObject):
    """What the timeline does with bookmarks.

    Signals:
        editing(str): the note beside the bookmark of this id is to be written.
        said(str): what a person should know; empty when it is over.
    """

    editing = Signal(str)
    said = Signal(str)

    def __init__(self, context: Context, playback: Playback, view: Callable[[], LineView | None], parent: QObject) -> None:
        """Act on whatever line is open; without one do nothing."""
        super().__init__(parent)
        self._context, self._playback, self._view = context, playback, view
        self._frame: Frame | None = None
        self._span: tuple[int, int] | None = None
        self._made = ""
        self._direction = 1
        self._stepping = Stepping(self._ask_alarm)

    def clear(self) -> None:
        """Another line was opened."""
        self._frame, self._span, self._made = None, None, ""

    def show_frame(self, frame: Frame) -> None:
        """Take over which bookmarks there are; one that was made just now is written beside."""
        self._frame = frame
        if self._made and self.find(self._made):
            made, self._made = self._made, ""
            self.editing.emit(made)

    def select_span(self, span: tuple[int, int] | None) -> None:
        """Let the next bookmark be of a stretch of time."""
        self._span = span

    @property
    def bookmarks(self) -> tuple[Bookmark, ...]:
        """Return the bookmarks that are seen, in order of time."""
        return self._frame.bookmarks if self._frame else ()

    def find(self, bookmark: str) -> Bookmark | None:
        """Return the bookmark of an id, if it is seen."""
        return next((one for one in self.bookmarks if one.id == bookmark), None)

    def refusal(self) -> str:
        """Return why whoever is signed on may not write bookmarks, worded; empty where they may."""
        return self._context.station.refuses("mark.write")

    # Making and changing

    def mark(self) -> None:
        """Bookmark the selected stretch, else the playhead; where there is one already, write beside it."""
        at, notes = self._playback.at_ns(), self._notes
        if at is None or notes is None:
            return
        start, end = self._span or (at, None)
        there = next((one for one in self.bookmarks if (one.at_ns, one.end_ns) == (start, end)), None)
        if there is not None:
            self.editing.emit(there.id)
        else:
            self._keep(lambda: self._make(notes, start, end))

    def _make(self, notes: Notes, start_ns: int, end_ns: int | None) -> None:
        """Make a bookmark; the next frame has it."""
        self._made = notes.bookmark(start_ns, end_ns=end_ns, unit=self._context.selection.unit, who=self._context.station.person)

    def reword(self, bookmark: str, text: str) -> None:
        """Write something beside a bookmark."""
        there = self.find(bookmark)
        if (notes := self._notes) is not None and there is not None and text.strip() != there.text:
            self._keep(lambda: notes.reword_bookmark(bookmark, text, who=self._context.station.person))

    def remove(self, bookmark: str) -> None:
        """Take a bookmark away."""
        if (notes := self._notes) is not None:
            self._keep(lambda: notes.remove_bookmark(bookmark, who=self._context.station.person))

    def _keep(self, what: Callable[[], None]) -> None:
        """Do something that is kept on the disk, and say where that is not possible, or whoever is signed on may not."""
        if refused := self.refusal():
            self.said.emit(refused)
            return
        try:
            what()
        except TwinError as error:
            self.said.emit(error.worded())

    @property
    def _notes(self) -> Notes | None:
        view = self._view()
        return view.notes if view else None

    # Going from one to the next

    def to_bookmark(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) bookmark."""
        found = self._nearest(direction)
        if found is None:
            self.said.emit(tr("There is no bookmark in this direction."))
        else:
            self._go(found)

    def to_alarm_or_bookmark(self, direction: int) -> None:
        """Go to the next or previous alarm of the selected unit (of any where none is selected), or a bookmark, whichever is nearer."""
        self._stepping.press(direction)

    def _ask_alarm(self, direction: int) -> bool:
        at, view = self._playback.at_ns(), self._view()
        if at is not None and view is not None:
            selected = self._context.selection.unit
            unit = selected if selected in {one.id for one in view.line.units} else None
            self._direction = direction
            self._context.query.step("time/alarm", {EventKind.ALARM}, unit, at, direction, self._on_stepped)
        return at is not None and view is not None

    def _on_stepped(self, event: Event | None) -> None:
        direction = self._direction
        found = [at for at in (self._nearest(direction), event.at_ns if event else None) if at is not None]
        if found:
            self._go(min(found, key=lambda at: at * direction))
        else:
            self.said.emit(tr("There is no alarm or bookmark in this direction."))
        self._stepping.answered(found=bool(found))

    def _nearest(self, direction: int) -> int | None:
        """Return the time of the nearest bookmark in a direction."""
        at = self._playback.at_ns()
        ahead = [one.at_ns for one in self.bookmarks if at is not None and (one.at_ns - at) * direction > 0]
        return min(ahead, key=lambda one: one * direction, default=None)

    def _go(self, at_ns: int) -> None:
        self.said.emit("")
        self._playback.seek(at_ns)
        there = next((one for one in self.bookmarks if one.at_ns == at_ns and one.text), None)
        if there is not None:
            self.said.emit(f"⚑ {there.text}")

    # A link

    def copy_link(self) -> None:
        """Put a link to the playhead's moment on the clipboard."""
        at, view = self._playback.at_ns(), self._view()
        if at is None or view is None:
            return
        sources = {health.source: health.address for health in self._frame.health} if self._frame else {}
        link = Link(layout=view.line.path, at_ns=at, unit=self._context.selection.unit, sources=sources)
        QGuiApplication.clipboard().setText(link.written())
        self.said.emit(tr("The link to {time} was copied.", time=clock_time(at, view.line.tz, digits=1)))
