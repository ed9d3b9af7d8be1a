"""What the window does to find what was recorded: its calendar, its search, and opening what they lead to. Not for the dialogs themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QDialog, QMessageBox, QProgressDialog

from twin_app.errors import RecordingError, TwinError, UsageError
from twin_app.finding.slots import slot_at
from twin_app.model.frame import Mode
from twin_app.service.places import recordings_folder
from twin_app.service.shift_tables import slot_name
from twin_app.service.shifts import beside
from twin_app.sources.twin import is_recording
from twin_app.text import N_, language, tr
from ui.dropping import Dropping
from ui.finding.long_opening import LongOpening
from ui.notify import Notice
from ui.opening import OpenRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twin_app.finding.aligned import Aligned
    from twin_app.finding.reading import Pace
    from twin_app.finding.search import Moment
    from twin_app.finding.slots import Slot
    from twin_app.finding.stops import Stop
    from twin_app.finding.summary import Summary
    from twin_app.model.equipment import Line
    from twin_app.service.lines import RecordedLine
    from twin_app.session import Session
    from twin_app.settings import Settings
    from ui.bridge import Player
    from ui.context import Context, LineView
    from ui.finding.calendar_dialog import CalendarDialog
    from ui.finding.compare_dialog import CompareDialog
    from ui.finding.search_dialog import SearchDialog
    from ui.importing.dialog import ImportDialog
    from ui.main_window import MainWindow

COMMANDS = ("file.find", "file.compare")
"""Enabled while a line is open."""
PATIENCE_MS = 300
"""What opens sooner shows no progress."""


class FindingDesk(QObject):
    """The finding of one window."""

    def __init__(self, window: MainWindow, context: Context) -> None:
        """Belong to a window and the context of its panels; dialogs are made when they are wanted."""
        super().__init__(window)
        self._window, self._context, self.other = window, context, context.other
        self.calendar: CalendarDialog | None = None
        self.search: SearchDialog | None = None
        self.comparison: CompareDialog | None = None
        self.importing: ImportDialog | None = None
        self.opens: Callable[..., Player] = _open_whole
        """How a recording is opened with all that its states say."""
        self._opening = LongOpening(window)
        self._language = language()
        window.bridge.line_opened.connect(self._on_line_opened)
        window.bridge.forgotten.connect(self._on_forgotten)
        dropping = Dropping(window)
        dropping.layout_dropped.connect(self._on_layout_dropped)
        dropping.recording_dropped.connect(self.open_recording)
        dropping.table_dropped.connect(self.import_table)

    def _on_line_opened(self, view: LineView | None) -> None:
        """Another line is open: what was found of the one before is closed, unless it is the same line. None may be followed by one."""
        self.other.clear()
        for command in COMMANDS:
            self._window.commands.action(command).setEnabled(view is not None)
        if view is None:
            QTimer.singleShot(0, self, self._on_nothing_opened)
            return
        if self.search is not None and self.search.line.path != view.line.path:
            self.search = self._closed(self.search)
        if self.calendar is not None and self.calendar.line.path != view.line.path:
            self.calendar = self._closed(self.calendar)
        elif self.calendar is not None:
            self.calendar.home = view.line

    def _on_layout_dropped(self, path: Path) -> None:
        self._window.open_line(OpenRequest(layout=path))

    def _on_forgotten(self, _view: LineView) -> None:
        """Less is known than before, as at the start of a blind replay: nothing that was found stays."""
        self.other.clear()
        self.close()

    def _on_nothing_opened(self) -> None:
        """Where no other line was opened behind the one before, nothing stays of that."""
        if self._window.bridge.session is None:
            self.close()

    def close(self) -> None:
        """Close what was found of a line."""
        for dialog in (self.calendar, self.search, self.comparison):
            if dialog is not None:
                self._closed(dialog)
        self.calendar = self.search = self.comparison = None

    @staticmethod
    def _closed(dialog: QDialog) -> None:
        """Close a dialog for good."""
        dialog.close()
        dialog.deleteLater()

    def _hidden(self) -> bool:
        """Tell, and say, where nothing may be told of what was recorded; dialogs in another language than the present one are made anew."""
        if language() != self._language:
            self.close()
            self._language = language()
        frame = self._window.bridge.shown
        if frame is not None and frame.mode is Mode.BLIND:
            what = tr("A blind replay tells nothing of what lies ahead, and so neither calendar nor search.")
            self._window.notices.put(Notice(key="error:blind", what=what, rest=tr("End it first: Ctrl+Shift+B.")))
            return True
        return False

    def _spoken(self) -> LineView | None:
        """Return the open line, None where nothing may be told of it."""
        return None if self._hidden() else self._window.view

    def show_calendar(self) -> None:
        """Show the shifts of the open line's recordings, and offer every other line's; without one that is open those of the first."""
        from twin_app.service.lines import recorded_lines
        from ui.finding.calendar_dialog import CalendarDialog

        if self._hidden():
            return
        window, view = self._window, self._window.view
        path = self.recording(view.line) if view else None
        lines = recorded_lines(path)
        line = view.line if view else self._first_of(lines)
        if line is None:
            return
        path = path if view else next(one.path for one in lines if one.name is not None)
        if self.calendar is None:
            self.calendar = CalendarDialog(window.theme, line, window)
            self.calendar.wanted.connect(self.open_shift)
            self.calendar.compare_wanted.connect(self.compare_with)
        self.calendar.home = view.line if view else None
        self.calendar.offer(lines, path)
        self.calendar.look(path, self._at_ns())
        self.calendar.show()
        self.calendar.raise_()

    def _first_of(self, lines: Sequence[RecordedLine]) -> Line | None:
        """Return the first line of which there are recordings; say so where there is none, or it cannot be read."""
        from twin_app.service.lines import line_of

        first = next((one.path for one in lines if one.name is not None), None)
        try:
            if first is not None:
                return line_of(first, None)
            raise RecordingError(N_("There are no recordings on this computer yet."), tip=N_("Open a line, or a recording by its file."))
        except TwinError as error:
            self._window.notices.error(error)
            return None

    def show_search(self) -> None:
        """Search the open line's recordings for moments."""
        from ui.finding.search_dialog import SearchDialog

        view = self._spoken()
        if view is None:
            return
        if self.search is None:
            self.search = SearchDialog(self._window.theme, view.line, self._window)
            self.search.wanted.connect(self.open_moment)
            self.search.holds = self.holds
        self.search.look(self.recording(view.line), self._window.selection.unit)
        self.search.show()
        self.search.raise_()

    def compare_with(self, path: Path, summary: Summary) -> None:
        """Let another shift stand beside the one at the playhead, both aligned at their start."""
        view, this = self._window.view, self._this_shift()
        if view is None or this is None:
            return
        line, slot = view.line, summary.slot
        name = f"{slot.day.isoformat()} {slot_name(line, slot)}"
        progress = self._progress(tr("Reading the other shift…"))

        def read(pace: Pace) -> tuple[Aligned, Callable[[], None], tuple[Stop, ...]]:
            aligned, release = beside(line, path, slot, slot.start_ns - this.start_ns, name=name, pace=pace)
            return aligned, release, aligned.longest_stops()

        def done(found: tuple[Aligned, Callable[[], None], tuple[Stop, ...]]) -> None:
            aligned, release, stops = found
            self.other.show(aligned, release)
            self._show_comparison(line, this, stops)

        self._opening.begin(progress, read, done, lambda found: found[1]())

    def end_comparison(self) -> None:
        """Let nothing stand beside the open line any more."""
        self.other.clear()
        if self.comparison is not None:
            self.comparison.close()

    def show_comparison(self) -> None:
        """Show the comparison there is, else the calendar to choose the other shift from."""
        if self._spoken() is not None and self.comparison is not None and self.other.aligned is not None:
            self.comparison.show()
            self.comparison.raise_()
        else:
            self.show_calendar()

    def _show_comparison(self, line: Line, this: Slot, stops: tuple[Stop, ...]) -> None:
        """Show the table of both."""
        from ui.finding.compare_dialog import CompareDialog

        window, session = self._window, self._window.bridge.session
        frame = window.bridge.shown
        if session is None or frame is None or frame.span is None:
            return
        if self.comparison is None:
            self.comparison = CompareDialog(self._context, line, window)
            self.comparison.choosing.connect(self.show_calendar)
            self.comparison.ended.connect(self.end_comparison)
        ends_ns = max(min(this.end_ns, frame.span.end_ns), this.start_ns)
        name = f"{this.day.isoformat()} {slot_name(line, this)}"
        self.comparison.compare(cast("Session", session), (this.start_ns, ends_ns), name, stops, self._at_ns)
        self.comparison.show()
        self.comparison.raise_()
        window.selection.show_span(this.start_ns, ends_ns)

    def _this_shift(self) -> Slot | None:
        """Return the shift at the playhead; without a calendar the part of the day that is known."""
        view, frame = self._window.view, self._window.bridge.shown
        if view is None or frame is None or frame.span is None:
            return None
        slot = slot_at(view.line, frame.at_ns)
        return slot if slot.number else replace(slot, start_ns=max(slot.start_ns, frame.span.start_ns))

    def recording(self, line: Line) -> Path | None:
        """Return the recording that is searched: the folder of what is open, else the line's own, None where there is none."""
        opened = [Path(address) for address in self._window.request.addresses.values()] if self._window.request else []
        found = [path.parent if path.is_file() and is_recording(path.parent) else path for path in opened if is_recording(path)]
        own = self._recorded_into(line)
        return found[0] if found else own if is_recording(own) else None

    def _recorded_into(self, line: Line) -> Path:
        """Return the folder that the line is recorded into, be it by this window or by the program that it reads along with."""
        session, request = self._window.bridge.session, self._window.request
        return (session and session.recordings) or (request and request.recordings) or recordings_folder(line)

    def open_recording(self, path: Path) -> None:
        """Open a recording or a capture that somebody picked."""
        from twin_app.service.carried import picked
        from twin_app.service.opening import requested
        from twin_app.sources.capture import look_at

        window = self._window
        line = window.view.line if window.view else None
        try:
            if not is_recording(path):
                look_at(path)
            request = picked(path, line) if is_recording(path) else requested(line.path if line else None, [str(path)], window.settings)
        except TwinError as error:
            window.notices.error(error)
            return
        if not self._records() or self._leave():
            if is_recording(path):
                self._open(request, lambda: None)
            else:
                window.open_line(request)

    def import_table(self, path: Path) -> None:
        """Let a person make a recording of a table of samples, by the layout that is open; then open that."""
        from ui.importing.dialog import ImportDialog

        view, window = self._window.view, self._window
        if view is None:
            window.notices.error(UsageError(N_("A table says nothing of its line."), tip=N_("Open the line's layout first.")))
            return
        if refused := window.station.refuses("file.import"):
            window.notices.error(UsageError(refused))
            return
        self._end_import()
        self.importing = ImportDialog(view.line, path, window.theme, window)
        self.importing.accepted.connect(self._on_imported)
        self.importing.open()  # not exec: where a file is dropped, the program it came from would wait

    def _on_imported(self) -> None:
        """Open what was imported."""
        recording = self.importing.recording if self.importing else None
        self._end_import()
        if recording is not None:
            self.open_recording(recording)

    def _end_import(self) -> None:
        """Take the dialog of the last import away."""
        dialog, self.importing = self.importing, None
        if dialog is not None:
            dialog.deleteLater()

    def _records(self) -> bool:
        """Tell whether this window records a live line."""
        return bool(getattr(self._window.bridge.session, "recorded", False))

    def open_shift(self, path: Path, summary: Summary) -> None:
        """Show a shift from its start."""
        window, slot = self._window, summary.slot
        self._go(path, slot.start_ns, lambda: window.selection.show_span(slot.start_ns, summary.end_ns))

    def open_moment(self, path: Path, moment: Moment) -> None:
        """Show a moment."""
        window = self._window
        self._go(path, moment.at_ns, lambda: window.selection.select(moment.unit))

    def holds(self, path: Path, at_ns: int) -> bool:
        """Tell whether what is open holds an instant of a recording, so that going there costs nothing."""
        frame, view = self._window.bridge.shown, self._window.view
        if (
            self._window.request is None
            or view is None
            or frame is None
            or frame.span is None
            or not frame.span.start_ns <= at_ns <= frame.span.end_ns
        ):
            return False
        return path == self._recorded_into(view.line) if frame.mode.grows else {str(path)} == set(self._window.request.addresses.values())

    def _at_ns(self) -> int:
        """Return the playhead."""
        frame = self._window.bridge.shown
        return frame.at_ns if frame else 0

    def _go(self, path: Path, at_ns: int, then: Callable[[], None]) -> None:
        """Put the playhead to an instant of a recording, of what is open if it holds that, else by opening it; then do what follows."""
        from twin_app.service.carried import of_itself

        window, view = self._window, self._window.view
        calendar = self.calendar
        other = calendar is not None and calendar.elsewhere and calendar.path == path
        if self.holds(path, at_ns) and not other:
            window.bridge.seek(at_ns)
            then()
        elif view is None or other:
            try:
                request = replace(of_itself(path), begin_at_ns=at_ns, paused=True)
            except TwinError as error:
                window.notices.error(error)
                return
            if not self._records() or self._leave():
                self._open(request, then)
        elif not self._records() or self._leave():
            addresses = {source.id: str(path) for source in view.line.sources}
            self._open(OpenRequest(layout=view.line.path, addresses=addresses, begin_at_ns=at_ns, paused=True), then)

    def _open(self, request: OpenRequest, then: Callable[[], None]) -> None:
        """Open a recording in a thread, however long it is; the window goes on meanwhile."""
        if not self._window.editing.yields_to(request.layout):
            return
        window, opens, settings = self._window, self.opens, self._window.settings
        progress = self._progress(tr("Opening the recording…"))

        def done(session: Player) -> None:
            window.take(session, request)
            then()

        self._opening.begin(progress, lambda pace: opens(request, settings, pace=pace), done, lambda session: session.close())

    def _progress(self, said: str) -> QProgressDialog:
        """Return what shows how far a long work is, and gives it up."""
        progress = QProgressDialog(said, tr("Cancel"), 0, 100, self._window)
        progress.setWindowTitle(tr("Calendar of recordings"))
        progress.setWindowModality(Qt.WindowModality.WindowModal)
        progress.setMinimumDuration(PATIENCE_MS)
        return progress

    def _leave(self) -> bool:
        """Ask whether a live line that this window records may be left."""
        what = tr("This window is recording the live line. To open the past, it leaves it, and nothing is recorded meanwhile.")
        asked = QMessageBox.question(self._window, tr("Leave the live line?"), what)
        return asked is QMessageBox.StandardButton.Yes


def _open_whole(request: OpenRequest, settings: Settings, *, pace: Pace) -> Player:
    """Open a recording, in whatever thread."""
    from twin_app.service.opening import open_whole

    session: Player = open_whole(request, settings, pace=pace)
    return session
