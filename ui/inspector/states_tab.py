"""The latest states of a machine, newest first; a click goes to where one began."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from twin_app.clock import SECOND_NS
from twin_app.model.packml import CATEGORIES, State
from twin_app.text import clock_time, duration, tr
from ui.inspector.table import Cell, Row, RowsModel, Table
from ui.palette import glyph, state_color
from ui.words import GUESSED, state_notes, state_word

if TYPE_CHECKING:
    from twin_app.model.equipment import Unit
    from twin_app.model.frame import Frame
    from twin_app.model.timeline import Intervals
    from ui.context import Context, LineView
    from ui.palette import Palette

BACK_NS = 12 * 3600 * SECOND_NS
MOST_ROWS = 300


class StatesTab(QWidget):
    """State intervals up to the playhead.

    Signals:
        sought(object): the person points at an instant (int ns).
    """

    sought = Signal(object)

    def __init__(self, context: Context, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._context = context
        self._zone = ZoneInfo("UTC")
        self._unit, self._derived = "", False
        self._at_ns = 0
        self._intervals: Intervals | None = None
        self.model = RowsModel(4, self)
        self.table = Table(self.model, context.theme, self, stretch=(1,))
        self.table.clicked.connect(self._on_clicked)
        self.table.activated.connect(self._on_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.table)
        context.theme.changed.connect(self._write)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.model.set_heads(("", tr("State"), tr("Start"), tr("Duration")))
        self.table.setAccessibleName(tr("States of the selected machine, newest first"))
        self.table.fit_columns("▶", "", "0000-00-00 00:00:00", "00 min 00 s")
        self._write()

    def forget(self) -> None:
        """Show nothing until it is asked for anew."""
        self._intervals = None
        self._write()

    def show_frame(self, frame: Frame, view: LineView, unit: Unit) -> None:
        """Ask anew where a state may have begun; meanwhile let the newest one grow."""
        self._zone, self._at_ns = ZoneInfo(view.line.zone), frame.at_ns
        if unit.id != self._unit:
            self._unit, self._derived, self._intervals = unit.id, unit.derives_state, None
            self._write()
        if frame.span is not None and self._is_outdated(frame):
            start = max(frame.span.start_ns, frame.at_ns - BACK_NS)
            self._context.query.timeline("inspector/states", unit.id, start, frame.at_ns, self._on_answered)
        else:
            self._write()

    def _is_outdated(self, frame: Frame) -> bool:
        """Tell whether the newest interval shown is another than the one the playhead is in."""
        now = frame.units.get(self._unit)
        if self._intervals is None or not len(self._intervals) or now is None or frame.changes.all or self._unit in frame.changes.units:
            return True
        state = -1 if now.state is None else int(now.state)
        return int(self._intervals.state[-1]) != state or frame.at_ns < int(self._intervals.start_ns[-1])

    def _on_answered(self, intervals: Intervals) -> None:
        self._intervals = intervals
        self._write()

    def _write(self) -> None:
        """Show the intervals, newest first."""
        if self._intervals is None:
            self.model.show([])
            return
        ends = [*self._intervals.start_ns[1:].tolist(), max(self._at_ns, self._intervals.end_ns)]
        first = max(len(self._intervals) - MOST_ROWS, 0)
        self.model.show([self._row(i, int(ends[i])) for i in reversed(range(first, len(self._intervals)))])

    def _row(self, index: int, end_ns: int) -> Row:
        """Return one interval's row."""
        assert self._intervals is not None  # noqa: S101 - only called where there are some
        start, number = int(self._intervals.start_ns[index]), int(self._intervals.state[index])
        state = State(number) if 0 <= number < len(State) else None
        inferred = self._intervals.inferred is not None and bool(self._intervals.inferred[index])
        guessed = state is not None and (inferred or self._derived)
        notes = state_notes(
            CATEGORIES[int(self._intervals.category[index])], inferred=inferred, derived=self._derived and state is not None
        )
        color = _mark(self._context.theme.palette, state, int(self._intervals.category[index]))
        return Row(
            start,
            (
                Cell(text=glyph(state), color=color, bold=True),
                Cell(
                    text=f"{GUESSED} {state_word(state)}" if guessed else state_word(state),
                    tip="\n".join(notes),
                    color="" if state is not None else "dim",
                    hatched=state is None,
                ),
                Cell(text=self._time(start), right=True, tip=clock_time(start, self._zone, date=True, digits=3)),
                Cell(text=duration((end_ns - start) / SECOND_NS), right=True),
            ),
        )

    def _time(self, at_ns: int) -> str:
        """Return a time, with its date where that is not the playhead's."""
        other_day = clock_time(at_ns, self._zone, date=True)[:10] != clock_time(self._at_ns, self._zone, date=True)[:10]
        return clock_time(at_ns, self._zone, date=other_day)

    def _on_clicked(self, index: QModelIndex) -> None:
        key = self.model.rows[index.row()].key
        if isinstance(key, int):
            self.sought.emit(key)


def _mark(palette: Palette, state: State | None, category: int) -> str:
    """Return the colour of a state's glyph; dim where nobody knows it."""
    color = state_color(palette, state, CATEGORIES[category])
    return palette.dim if color == palette.line else color
