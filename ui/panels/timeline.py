"""The timeline: transport, time axis and a lane of states a unit. Joins the parts of `ui.timeline`; paints nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from twin_app.text import N_
from ui.panels.base import Panel
from ui.timeline import keyboard
from ui.timeline.canvas import TimelineCanvas
from ui.timeline.playback import Playback
from ui.timeline.raster import ends, interval_at
from ui.timeline.transport_bar import TransportBar

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from twin_app.model.frame import Frame
    from ui.context import Context, LineView


class TimelinePanel(Panel):
    """Transport bar over the lanes."""

    key = "timeline"
    title = N_("Timeline")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Build the parts and register the commands."""
        super().__init__(context, parent)
        self.playback = Playback(context, self._newest, self._units, self)
        self.canvas = TimelineCanvas(context, self)
        keyboard.register(context.commands, self.playback, self.canvas, enter=self._enter_time, frame=self._frame_selection)
        self.bar = TransportBar(context, self.playback, self)
        self._guard = keyboard.KeyGuard(self)
        self._lay_out()
        self.canvas.scrub_begun.connect(self.playback.begin_scrub)
        self.canvas.sought.connect(self.playback.seek)
        self.canvas.returned.connect(self.playback.undo_scrub)
        self.canvas.selected.connect(context.selection.select)
        self.playback.sought.connect(self.canvas.reveal)
        self.playback.marks_changed.connect(self._on_marks_changed)
        self.bar.time_typed.connect(self.playback.seek)
        self._enable()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.canvas, 1)

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        self.playback.clear()
        self.canvas.open_line(view.line if view else None)
        self.bar.open_line(view.line if view else None)
        self._enable()

    @override
    def show_frame(self, frame: Frame) -> None:
        self.canvas.show_frame(frame, live=frame.mode.grows)
        self.bar.show_frame(frame)
        self.playback.show_frame(frame)
        self._enable()

    @override
    def retranslate(self) -> None:
        self.bar.retranslate()
        self.canvas.retranslate()

    def _newest(self) -> Frame | None:
        """Return the newest frame, whether it was painted or not."""
        return self.frame

    def _units(self) -> tuple[str, ...]:
        """Return the ids of the line's units."""
        return tuple(unit.id for unit in self.view.line.units) if self.view else ()

    def _enable(self) -> None:
        """Allow the commands while there is time to move in."""
        known = self.frame is not None and self.frame.span is not None
        for command in keyboard.IDS:
            action = self.context.commands.action(command)
            if action.isEnabled() != known:
                action.setEnabled(known)

    def _on_marks_changed(self) -> None:
        self.canvas.set_marks(self.playback.marks)

    def _enter_time(self) -> None:
        self.bar.time.enter()

    def _frame_selection(self) -> None:
        """Show the selection's present state from its start to its end; without a selection the loop, or everything."""
        span = self._selected_interval() or self.playback.marks.both
        if span is None:
            self.canvas.fit()
        else:
            self.canvas.frame_span(*span)

    def _selected_interval(self) -> tuple[int, int] | None:
        """Return the state interval of the selected unit at the playhead."""
        frame, unit = self.frame, self.context.selection.unit
        if frame is None or frame.span is None:
            return None
        intervals = self.canvas.lanes.intervals(unit, frame.span.end_ns)
        index = None if intervals is None else interval_at(intervals, frame.at_ns)
        if intervals is None or index is None:
            return None
        return int(intervals.start_ns[index]), int(ends(intervals)[index])
