"""The window with the table of a selected stretch of time. It stays open while other stretches are selected. Not for reckoning."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.clock import SECOND_NS
from twin_app.text import clock_span, duration, tr
from ui.inspector.table import Cell, Row, RowsModel, Table
from ui.theme import set_role
from ui.timeline.span_rows import cells, csv_text, heads, span_rows, states_of, time_tips

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from twin_app.model.kpi import LineFigures
    from twin_app.model.packml import State
    from ui.context import Context, LineView
    from ui.timeline.span_rows import SpanRow

SIZE_PX = (1080, 420)
LEAST_PX = 260
AROUND_PX = 130
"""Height of what stands above and below the rows."""
NAME_PX = 130


class SpanTable(QDialog):
    """Seconds per state, output and OEE of every unit and of the line, and what can be done with the stretch."""

    def __init__(self, context: Context, parent: QWidget, *, loop: Callable[[], None], frame: Callable[[], None]) -> None:
        """Start empty; `loop` plays the stretch round and round, `frame` shows it from end to end."""
        super().__init__(parent)
        self._context, self._panel = context, parent
        self._view: LineView | None = None
        self._figures: LineFigures | None = None
        self._head = QLabel(self)
        set_role(self._head, "heading")
        self.copied = QLabel(self)
        set_role(self.copied, "dim")
        self.table = self._made(1)
        self.copy, self._loop, self._frame, self._close = (QPushButton(self) for _ in range(4))
        self.copy.clicked.connect(self.copy_csv)
        self._loop.clicked.connect(loop)
        self._frame.clicked.connect(frame)
        self._close.clicked.connect(self.hide)
        buttons = QHBoxLayout()
        for button in (self.copy, self._loop, self._frame):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        self._close.setAutoDefault(False)
        buttons.addWidget(self.copied, 1)
        buttons.addWidget(self._close)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._head)
        self._column.addWidget(self.table, 1)
        self._column.addLayout(buttons)
        self.resize(*SIZE_PX)
        context.station.changed.connect(self._allow)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.setWindowTitle(tr("Selected stretch of time"))
        self.copy.setText(tr("Copy as CSV"))
        self._allow()
        self._loop.setText(tr("Loop"))
        self._frame.setText(tr("Show it whole"))
        self._close.setText(tr("Close"))
        self.table.setAccessibleName(tr("Time in each state, output and OEE of the selected stretch"))
        self._write()

    def _allow(self) -> None:
        """Allow the copy to who may, and say why others may not."""
        refused = self._context.station.refuses("span.copy")
        self.copy.setEnabled(not refused)
        self.copy.setToolTip(refused or QKeySequence(QKeySequence.StandardKey.Copy).toString(QKeySequence.SequenceFormat.NativeText))

    def show_span(self, view: LineView, span: tuple[int, int]) -> None:
        """Ask for the figures of a stretch; the table comes with the answer."""
        self._view = view
        self.copied.clear()
        self._context.query.figures("timeline/span", *span, self._on_answered)

    def forget(self) -> None:
        """Show nothing: another line is open, or less is known."""
        self._view = self._figures = None
        self.hide()

    def _on_answered(self, figures: LineFigures) -> None:
        if self._view is None:
            return
        self._figures = figures
        self._write()
        if not self.isVisible():
            self._stand_above()
            self.show()

    def _stand_above(self) -> None:
        """Stand above the timeline, not over it, within the window."""
        window = self._panel.window().frameGeometry()
        panel = self._panel.mapToGlobal(self._panel.rect().topLeft())
        rows = (self.table.model().rowCount() + 1) * self.table.verticalHeader().defaultSectionSize()
        self.resize(min(SIZE_PX[0], window.width() - 40), min(max(rows + AROUND_PX, LEAST_PX), window.height() - 120))
        left = window.left() + (window.width() - self.width()) // 2
        self.move(left, max(panel.y() - self.height() - 40, window.top() + 40))

    def _write(self) -> None:
        """Fill the table, and say of which stretch it is: an answer may be cut to what may be told, or still be the one before."""
        if self._view is None or self._figures is None:
            return
        start_ns, end_ns = self._figures.start_ns, self._figures.end_ns
        when = clock_span(start_ns, end_ns, self._view.line.tz, digits=1)
        self._head.setText(f"{when}  ·  {duration((end_ns - start_ns) / SECOND_NS)}")
        rows = span_rows(self._view.line, self._figures)
        states = states_of(rows)
        if len(heads(states)) != self.table.model().columnCount():
            before, self.table = self.table, self._made(len(heads(states)))
            self._column.replaceWidget(before, self.table)
            before.deleteLater()
        model = self.table.model()
        assert isinstance(model, RowsModel)  # noqa: S101 - made so
        model.set_heads(heads(states))
        model.show([Row(row.key, self._cells(row, states)) for row in rows])
        self.table.fit_rows()
        self.table.resizeColumnsToContents()
        self.table.setColumnWidth(0, max(self.table.columnWidth(0), NAME_PX))

    @staticmethod
    def _cells(row: SpanRow, states: list[State | None]) -> tuple[Cell, ...]:
        """Return a row's cells; the tips of times tell them to the digit."""
        texts, tips = cells(row, states), ("", *time_tips(row, states))
        return tuple(
            Cell(text=text, right=column > 0, bold=not row.key or column in {0, len(texts) - 1}, tip=tip)
            for column, (text, tip) in enumerate(zip_longest(texts, tips, fillvalue=""))
        )

    def _made(self, columns: int) -> Table:
        """Return a table of so many columns."""
        table = Table(RowsModel(columns, self), self._context.theme, self, stretch=())
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.setAccessibleName(tr("Time in each state, output and OEE of the selected stretch"))
        return table

    def copy_csv(self) -> None:
        """Put the table on the clipboard."""
        if self._view is not None and self._figures is not None and not self._context.station.refuses("span.copy"):
            QGuiApplication.clipboard().setText(csv_text(span_rows(self._view.line, self._figures), self._figures))
            self.copied.setText(tr("The table was copied."))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_csv()
            return
        super().keyPressEvent(event)
