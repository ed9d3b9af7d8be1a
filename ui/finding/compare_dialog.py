"""Two shifts beside each other: every figure of both, and where the other one stands. It stays open while both are played. Not for reckoning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.alarms.words import unit_title
from twin_app.clock import SECOND_NS
from twin_app.finding.comparing import differences, window
from twin_app.service.compare_answers import change, figure, side_name
from twin_app.text import clock_time, duration, tr
from ui.finding.work import LongWork
from ui.inspector.table import Cell, Row, RowsModel, Table
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QCloseEvent

    from twin_app.finding.comparing import Asked, Difference, Window
    from twin_app.finding.stops import Stop
    from twin_app.model.equipment import Line
    from ui.context import Context

SIZE = QSize(820, 640)
SHARE = 0.92
EVERY_MS = 500
"""While time runs the figures up to the playhead are reckoned this often."""
COLUMNS = 5
_BY_START = -1


class CompareDialog(QDialog):
    """The table of differences.

    Signals:
        choosing(): the person wants to compare with another shift.
        ended(): the person wants to compare no longer.
    """

    choosing = Signal()
    ended = Signal()

    def __init__(self, context: Context, line: Line, parent: QWidget) -> None:
        """Compare nothing yet."""
        super().__init__(parent)
        self._context, self._line = context, line
        self._this: Asked | None = None
        self._window = 0, 0
        self._name = ""
        self._playhead: Callable[[], int] = int
        self._stops: Sequence[Stop] = ()
        self._shown_ns = -1
        self.differences: tuple[Difference, ...] = ()
        self.setWindowTitle(tr("Two shifts compared"))
        self.head, self.hint = QLabel(self), QLabel(self)
        self.align, self.until = QComboBox(self), QCheckBox(tr("Only up to the playhead"), self)
        self.choose, self.end = QPushButton(tr("Another shift…"), self), QPushButton(tr("End the comparison"), self)
        self.model = RowsModel(COLUMNS, self)
        self.table = Table(self.model, context.theme, self, stretch=(0, 1))
        self.work = LongWork(self)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._lay_out()
        self.align.activated.connect(self._on_align_chosen)
        self.until.toggled.connect(self._on_until_toggled)
        self.choose.clicked.connect(self.choosing)
        self.end.clicked.connect(self.ended)
        self.work.done.connect(self._on_done)
        self.work.failed.connect(self.hint.setText)
        self._timer.timeout.connect(self._on_time)
        context.other.changed.connect(self.reckon)
        self.resize(SIZE.boundedTo(self.screen().availableSize() * SHARE))

    def _lay_out(self) -> None:
        """Put everything in its place."""
        set_role(self.head, "heading")
        set_role(self.hint, "dim")
        self.hint.setWordWrap(True)
        self.head.setWordWrap(True)
        aligned = QLabel(tr("Aligned"), self)
        aligned.setBuddy(self.align)
        set_role(aligned, "dim")
        row = QHBoxLayout()
        row.addWidget(aligned)
        row.addWidget(self.align, 1)
        row.addWidget(self.until)
        below = QHBoxLayout()
        below.addWidget(self.hint, 1)
        for button in (self.choose, self.end):
            button.setAutoDefault(False)
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.addWidget(self.head)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addLayout(below)
        self.table.setAccessibleName(self.windowTitle())
        self.setTabOrder(self.until, self.table)

    def compare(self, this: Asked, span: tuple[int, int], name: str, stops: Sequence[Stop], playhead: Callable[[], int]) -> None:
        """Compare a stretch of the open line (UTC ns) with the other shift, whose stops these are; `playhead` tells the playhead."""
        self._this, self._window, self._name, self._stops, self._playhead = this, span, name, stops, playhead
        self.align.clear()
        self.align.addItem(tr("at the start of both"), _BY_START)
        for number, stop in enumerate(stops):
            when = clock_time(stop.start_ns, self._line.tz)
            lasted = duration((stop.end_ns - stop.start_ns) / SECOND_NS)
            words = tr(
                "its stop of {unit} at {time} ({length}) at the playhead", unit=unit_title(self._line, stop.unit), time=when, length=lasted
            )
            self.align.addItem(words, number)
        self.hint.setText(tr("The other shift stands pale below each lane and dashed in the plots, and goes along with the playhead."))
        self.head.setText(tr("Reckoning the figures of both…"))
        self.model.show([])
        self.reckon()
        self._timer.start()

    def reckon(self) -> None:
        """Reckon the figures of both anew."""
        aligned, this = self._context.other.aligned, self._this
        if aligned is None or this is None:
            self._timer.stop()
            return
        until_ns = self._playhead() if self.until.isChecked() else None
        self._shown_ns = -1 if until_ns is None else until_ns
        start_ns, end_ns = self._window
        own_end_ns = end_ns if until_ns is None else min(max(until_ns, start_ns), end_ns)
        name, units = self._name, [unit.id for unit in self._line.flow_order]

        def both(_pace: object) -> tuple[Window, Window, tuple[Difference, ...]]:
            own, other = window(this, start_ns, own_end_ns, name), aligned.window(until_ns)
            return own, other, differences(units, own, other)

        self.work.start(both)

    def _on_done(self, found: tuple[Window, Window, tuple[Difference, ...]]) -> None:
        """Show the figures."""
        this, other, self.differences = found
        names = side_name(self._line, this), side_name(self._line, other)
        self.head.setText(tr("{this} beside {other}", this=names[0], other=names[1]))
        self.model.set_heads((tr("Unit"), tr("Figure"), *names, tr("Difference")))
        self.table.fit_columns(
            "", "", *(max(name, "00 min 00 s", key=len) for name in names), max(tr("Difference"), "−00 min 00 s0", key=len)
        )
        told = [row for row in self.differences if row.this != 0 or row.other != 0]
        self.model.show([self._row(row, first=i == 0 or told[i - 1].unit != row.unit) for i, row in enumerate(told)])

    def _row(self, row: Difference, *, first: bool) -> Row:
        """Return one figure as a row."""
        unit = (unit_title(self._line, row.unit) if row.unit else tr("Line")) if first else ""
        figures = (figure(row.kind, row.this), figure(row.kind, row.other), change(row.kind, row.difference))
        cells = (
            Cell(text=unit, bold=True),
            Cell(text=tr(row.words)),
            *(Cell(text=text, right=True, bold=i == len(figures) - 1) for i, text in enumerate(figures)),
        )
        return Row((row.unit, row.measure), cells)

    def _on_align_chosen(self, _index: int) -> None:
        """Let the other shift stand elsewhere."""
        chosen, other = int(self.align.currentData()), self._context.other
        if other.aligned is not None:
            by_start = other.aligned.start_ns - self._window[0]
            other.align(by_start if chosen == _BY_START else self._stops[chosen].start_ns - self._playhead())

    def _on_until_toggled(self, _on: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.reckon()

    def _on_time(self) -> None:
        """Follow the playhead while only what lies before it counts."""
        if self.until.isChecked() and self.isVisible() and not self.work.working and self._playhead() != self._shown_ns:
            self.reckon()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        self.work.give_up()
        super().closeEvent(event)
