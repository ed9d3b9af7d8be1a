"""The timeline: transport, the whole recording, time axis and a lane of states a unit. Joins the parts of `ui.timeline`; paints nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from twin_app.errors import TwinError
from twin_app.model.frame import Mode
from twin_app.text import N_, tr
from ui.panels.base import Panel
from ui.timeline import keyboard
from ui.timeline.canvas import TimelineCanvas
from ui.timeline.content import OtherLanes
from ui.timeline.marking import Marking
from ui.timeline.memory import Memory, played
from ui.timeline.note_editor import NoteEditor
from ui.timeline.overview import OverviewStrip
from ui.timeline.playback import Playback
from ui.timeline.raster import bar, interval_at
from ui.timeline.span_table import SpanTable
from ui.timeline.transport_bar import TransportBar

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from twin_app.model.frame import Frame
    from ui.context import Context, LineView

OVERVIEW_FROM_PX = 168
"""In a lower panel the lanes come first."""


class TimelinePanel(Panel):
    """Transport bar over the whole recording over the lanes."""

    key = "timeline"
    title = N_("Timeline")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Build the parts and register the commands."""
        super().__init__(context, parent)
        self.playback = Playback(context, self._newest, self._units, self)
        self.memory = Memory(context, self.playback)
        self.marking = Marking(context, self.playback, self._open_view, self)
        self.canvas = TimelineCanvas(context, self)
        self.overview = OverviewStrip(context, self.canvas, self)
        acts = keyboard.Acts(
            enter=self._enter_time, frame=self._frame_selection, blind=self._toggle_blind, table=self._show_table, let_go=self._let_go
        )  # fmt: skip
        keyboard.register(context.commands, self.playback, self.marking, self.canvas, acts)
        self.bar = TransportBar(context, self.playback, self)
        self.editor = NoteEditor(self)
        self.table = SpanTable(context, self, loop=self._loop_span, frame=self._frame_span)
        self._guard = keyboard.KeyGuard(self)
        self.playback.slowly = self._guard.holds_k
        self._guard.released.connect(self.playback.let_go)
        self._lay_out()
        self._connect()
        self._enable()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.overview)
        column.addWidget(self.canvas, 1)

    def _connect(self) -> None:
        """Let the parts hear each other."""
        self.canvas.scrub_begun.connect(self.playback.begin_scrub)
        self.canvas.sought.connect(self.playback.seek)
        self.canvas.returned.connect(self.playback.undo_scrub)
        self.canvas.selected.connect(self.context.selection.select)
        self.canvas.span_selected.connect(self._on_span_selected)
        self.canvas.bookmark_pointed.connect(self._on_bookmark_pointed)
        self.context.selection.span_wanted.connect(self.canvas.frame_span)
        self.context.other.changed.connect(self._on_other_changed)
        self.overview.sought.connect(self.playback.seek)
        self.playback.sought.connect(self._on_sought)
        self.playback.marks_changed.connect(self._on_marks_changed)
        self.marking.editing.connect(self._on_editing)
        self.marking.said.connect(self.bar.say)
        self.editor.written.connect(self.marking.reword)
        self.editor.removed.connect(self.marking.remove)
        self.bar.time_typed.connect(self.playback.seek)

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        self.editor.leave()
        self.table.forget()
        self.playback.clear()
        self.marking.clear()
        self.marking.select_span(None)
        self.canvas.open_line(view.line if view else None)
        self.overview.forget()
        self.bar.open_line(view.line if view else None)
        self._enable()

    @override
    def forget(self, view: LineView) -> None:
        """Show nothing of what was known, but the same time at the same size."""
        self.view, self.frame = view, None
        self.table.forget()
        self.canvas.forget()
        self.overview.forget()

    @override
    def show_frame(self, frame: Frame) -> None:
        self.canvas.show_frame(frame, live=frame.mode.grows)
        self.overview.show_frame(frame)
        self.bar.show_frame(frame)
        self.playback.show_frame(frame)
        if self.view is not None:
            self.memory.show_frame(frame, self.view)
        self.marking.show_frame(frame)
        self._enable()

    @override
    def settled(self) -> bool:
        return self.overview.settled()

    @override
    def save(self) -> dict[str, object]:
        return {"playing": played(self.frame, self.view, self.playback)}

    @override
    def restore(self, saved: dict[str, object]) -> None:
        self.memory.remember(saved.get("playing"))

    @override
    def retranslate(self) -> None:
        for part in (self.bar, self.canvas, self.overview, self.editor, self.table):
            part.retranslate()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.overview.setVisible(self.height() >= OVERVIEW_FROM_PX)

    def _on_sought(self, at_ns: int) -> None:
        """Show where a person went; what was said of the place before is over."""
        self.bar.say("")
        self.canvas.reveal(at_ns)

    def _on_other_changed(self) -> None:
        """Show the other shift's states below the lanes, or no longer."""
        other = self.context.other
        one = other.aligned
        self.canvas.content.stand_beside(OtherLanes() if one is None else OtherLanes(other.query, one.span, one.name, one.ahead_ns))

    def _newest(self) -> Frame | None:
        """Return the newest frame, whether it was painted or not."""
        return self.frame

    def _open_view(self) -> LineView | None:
        """Return the line that is open."""
        return self.view

    def _units(self) -> tuple[str, ...]:
        """Return the ids of the line's units."""
        return tuple(unit.id for unit in self.view.line.units) if self.view else ()

    def _enable(self) -> None:
        """Allow the commands while there is time to move in."""
        frame = self.frame
        known = frame is not None and frame.span is not None
        replay = frame is not None and not frame.mode.grows
        spans = self.canvas.content.beside.span is not None
        self.context.selection.span = self.canvas.content.beside.span or self.playback.marks.both
        allowed = {
            "play.blind": known and replay,
            "span.clear": spans,
            "play.skip": known and frame is not None and frame.mode is not Mode.BLIND,
        }
        for command in (*keyboard.IDS, "span.clear"):
            action = self.context.commands.action(command)
            if action.isEnabled() != allowed.get(command, known):
                action.setEnabled(allowed.get(command, known))
        self.context.commands.action("play.blind").setChecked(frame is not None and frame.mode is Mode.BLIND)

    def _on_marks_changed(self) -> None:
        self.canvas.set_marks(self.playback.marks)
        self.canvas.content.skip(skipping=self.playback.skipping)
        self.canvas.refresh()

    def _enter_time(self) -> None:
        self.bar.time.enter()

    def _frame_selection(self) -> None:
        """Show the selected stretch, else the selected unit's present state from end to end, else the loop, else everything."""
        span = self.canvas.content.beside.span or self._selected_interval() or self.playback.marks.both
        if span is None:
            self.canvas.fit()
        else:
            self.canvas.frame_span(*span)

    def _selected_interval(self) -> tuple[int, int] | None:
        """Return the state interval of the selected unit at the playhead."""
        frame, unit = self.frame, self.context.selection.unit
        if frame is None or frame.span is None:
            return None
        intervals = self.canvas.content.lanes.intervals(unit, frame.span.end_ns)
        index = None if intervals is None else interval_at(intervals, frame.at_ns)
        if intervals is None or index is None:
            return None
        start_ns, over_ns = bar(intervals, index, frame.span)
        return start_ns, frame.span.end_ns if over_ns is None else over_ns

    # Bookmarks

    def _on_bookmark_pointed(self, bookmark: str, change: bool) -> None:  # noqa: FBT001 - a signal's argument
        """Go to a bookmark, or write beside it."""
        there = self.marking.find(bookmark)
        if change:
            self._on_editing(bookmark)
        elif there is not None:
            self.playback.seek(there.at_ns)
            self.bar.say(f"⚑ {there.text}" if there.text else "")

    def _on_editing(self, bookmark: str) -> None:
        """Let a note be written where the bookmark stands."""
        there = self.marking.find(bookmark)
        if there is not None:
            self.canvas.reveal(there.at_ns)
            below = QPoint(round(self.canvas.scale.x(there.at_ns)), self.canvas.rows.top_px + 2)
            self.editor.edit(there, self.canvas.zone, self.canvas.mapTo(self, below), refused=self.marking.refusal())

    # A selected stretch

    def _on_span_selected(self, span: tuple[int, int] | None) -> None:
        """Show the table of a stretch, or let go of it."""
        self.canvas.content.select_span(span)
        self.marking.select_span(span)
        if span is not None and self.view is not None:
            self.table.show_span(self.view, span)
        else:
            self.table.hide()
        self._enable()

    def _show_table(self) -> None:
        """Show the table of the selected stretch, else of the loop, else of what is seen."""
        seen, known = self.canvas.scale, self.canvas.view.known
        span = self.canvas.content.beside.span or self.playback.marks.both
        if span is None and known is not None:
            span = max(seen.start_ns, known.start_ns), min(seen.end_ns, known.end_ns)
        if span is not None and span[1] > span[0]:
            self._on_span_selected(span)

    def _let_go(self) -> None:
        self._on_span_selected(None)

    def _loop_span(self) -> None:
        """Play the selected stretch round and round."""
        span = self.canvas.content.beside.span
        if span is not None:
            self.playback.mark_span(*span)
            if not self.playback.looping:
                self.playback.toggle_loop()
            self.playback.seek(span[0])
            self.context.transport.play()

    def _frame_span(self) -> None:
        span = self.canvas.content.beside.span
        if span is not None:
            self.canvas.frame_span(*span)

    # Blind replay

    def _toggle_blind(self) -> None:
        """Hide what was not known at the playhead, or show it again."""
        frame = self.frame
        if frame is None:
            return
        on = frame.mode is not Mode.BLIND
        try:
            if on:
                self.context.transport.train(trainee=self.context.station.person, hide_notes=self.context.settings.replay.hide_notes)
            else:
                self.context.transport.blindfold(on=False)
        except TwinError as error:
            self.bar.say(error.worded())
            return
        self.bar.say(tr("From here on nothing is shown that was not known at the playhead.") if on else "")
