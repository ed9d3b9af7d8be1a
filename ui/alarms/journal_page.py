"""The journal's page: which span, the table, what is counted, the export. Not for the table: see `journal`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from twin_app.clock import SECOND_NS
from twin_app.errors import RecordingError
from twin_app.service.alarm_answers import journal_csv
from twin_app.text import N_, clock_span, number, percent, tr
from ui.alarms.entries import Wanted
from ui.alarms.journal import MOST_ROWS, JournalTable, wanted_rows
from ui.theme import set_role
from ui.widgets.pace import Pace

if TYPE_CHECKING:
    from twin_app.model.alarm import AlarmReport, Transition
    from twin_app.model.frame import Frame
    from ui.context import Context, LineView

SPANS = (("shift", N_("This shift")), ("hour", N_("Last hour")), ("day", N_("Last 24 h")), ("all", N_("All")))
PINNED = "pinned"
"""A stretch of time that a link named."""
ASK_EVERY_MS = 500
FILE = "alarms.csv"


class JournalPage(QWidget):
    """Asks for the journal while somebody looks at it."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        """Start without rows."""
        super().__init__(parent)
        self._context = context
        self._view: LineView | None = None
        self._frame: Frame | None = None
        self._report: AlarmReport | None = None
        self._wanted = Wanted()
        self._pinned = (0, 0)
        self._paced = Pace(self._ask, every_ms=ASK_EVERY_MS, parent=self)
        self.span = QComboBox(self)
        self.export = QToolButton(self)
        self.said = QLabel(self)
        self.table = JournalTable(context.theme, self)
        self.table.rows.person = context.station.name_of
        set_role(self.said, "small")
        self.said.setWordWrap(True)
        row = QHBoxLayout()
        row.setContentsMargins(6, 2, 6, 4)
        row.addWidget(self.span)
        row.addWidget(self.said, 1)
        row.addWidget(self.export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.table, 1)
        for key, title in SPANS:
            self.span.addItem(tr(title), key)
        self.span.currentIndexChanged.connect(self._on_span_changed)
        self.export.clicked.connect(self.save)
        context.station.changed.connect(self._allow)
        self.table.jump_wanted.connect(self._on_jump_wanted)

    def open_line(self, view: LineView | None) -> None:
        """Take another line."""
        self._view, self._report, self._frame = view, None, None
        self.span.removeItem(self.span.findData(PINNED))
        self._paced.stop()
        self.table.rows.show(())
        self.table.rows.line = view.line if view else None
        self.said.setText("")

    def outdate(self, frame: Frame) -> None:
        """Ask anew while somebody looks, as often as the pace allows."""
        self._frame = frame
        if self.isVisible():
            self._paced.ask()

    def ask(self, frame: Frame) -> None:
        """Ask for the journal up to a frame's instant."""
        self._frame = frame
        self._ask()

    def pin(self, span: tuple[int, int]) -> None:
        """Offer a stretch of time that somebody asked for, and choose it."""
        self._pinned = span
        if self.span.findData(PINNED) < 0:
            self.span.addItem("", PINNED)
        self._word_pinned()
        self.span.setCurrentIndex(self.span.findData(PINNED))
        self._ask()

    def _word_pinned(self) -> None:
        """Say from when to when the stretch is that somebody asked for."""
        if (at := self.span.findData(PINNED)) >= 0 and self._view is not None:
            self.span.setItemText(at, clock_span(*self._pinned, self._view.line.tz, minutes=True, short=True))

    def set_wanted(self, wanted: Wanted) -> None:
        """Show other rows of what is known."""
        self._wanted = wanted
        self._show()

    def retranslate(self) -> None:
        """Word everything in the current language."""
        for number_, (_, title) in enumerate(SPANS):
            self.span.setItemText(number_, tr(title))
        self._word_pinned()
        self.export.setText(tr("Export…"))
        self._allow()
        self.table.fit()
        self._show()

    def _allow(self) -> None:
        """Allow the export to who may, and say why others may not."""
        refused = self._context.station.refuses("alarms.export")
        self.export.setEnabled(not refused)
        self.export.setToolTip(refused or tr("Save these rows as CSV; persons are written as ids, unless the settings say otherwise"))

    def save(self) -> None:
        """Save the rows that are wanted as CSV; says where that failed."""
        if self._report is None or self._view is None or self._context.station.refuses("alarms.export"):
            return
        path, _ = QFileDialog.getSaveFileName(self, tr("Export the journal of alarms"), FILE, tr("Comma-separated values (*.csv)"))
        if not path:
            return
        rows = list(reversed(wanted_rows(self._view.line, self._report.transitions, self._wanted)))
        try:
            named = self._context.settings.privacy.names_in_exports
            text = journal_csv(self._view.line, rows, person=self._context.station.name_of if named else str)
            Path(path).write_text(text, encoding="utf-8-sig")
        except OSError as error:
            self._context.station.tell(
                RecordingError(
                    N_("{path} cannot be written: {reason}."), tip=N_("Choose a folder you may write to."), path=path,
                    reason=error.strerror or error,
                )
            )  # fmt: skip

    def _ask(self) -> None:
        """Ask for the span that is chosen, up to the playhead."""
        frame = self._frame
        if self.span.currentData() == PINNED:
            self._context.query.alarm_report("alarm journal", *self._pinned, self._take)
            return
        if frame is None or frame.span is None:
            return
        first = {
            "shift": frame.shift_start_ns, "hour": frame.at_ns - 3600 * SECOND_NS, "day": frame.at_ns - 86_400 * SECOND_NS,
            "all": frame.span.start_ns,
        }[str(self.span.currentData())]  # fmt: skip
        self._context.query.alarm_report("alarm journal", min(first, frame.at_ns), frame.at_ns, self._take)

    def _take(self, report: AlarmReport) -> None:
        """Show what was answered."""
        self._report = report
        self._show()

    def _show(self) -> None:
        """Show the rows that are wanted, and what is counted of all."""
        report = self._report
        if report is None or self._view is None:
            return
        rows = wanted_rows(self._view.line, report.transitions, self._wanted)
        self.table.rows.show(rows[:MOST_ROWS])
        said = tr("{count} activations, {flood} of the time in flood", count=number(report.activations), flood=percent(report.flood_share))
        if len(rows) > MOST_ROWS:
            said += " · " + tr("the newest {most} of {count} rows", most=number(MOST_ROWS), count=number(len(rows)))
        self.said.setText(said)

    def _on_span_changed(self) -> None:
        """Another span is wanted."""
        self._ask()

    def _on_jump_wanted(self, row: Transition) -> None:
        """Go to the moment of a row."""
        self._context.transport.seek(row.at_ns)
        if not row.alarm.unit.startswith("@"):
            self._context.selection.select(row.alarm.unit)
