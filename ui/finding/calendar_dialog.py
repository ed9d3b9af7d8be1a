"""The calendar of recordings: a month of shifts beside what is known of the selected one. Opens nothing itself: it says what is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from twin_app.service.carried import full_name
from twin_app.service.lines import line_of
from twin_app.service.shift_tables import slot_name
from twin_app.service.shifts import shifts
from twin_app.text import language, tr
from ui.finding.grid import MonthGrid
from ui.finding.month import Month, near
from ui.finding.wording import facts, tip, when
from ui.finding.work import LongWork
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QCloseEvent

    from twin_app.finding.catalogue import Catalogue
    from twin_app.finding.reading import Pace
    from twin_app.finding.summary import Summary
    from twin_app.model.equipment import Line
    from twin_app.service.lines import RecordedLine
    from ui.context import Theme

SIZE = QSize(1120, 660)
SHARE = 0.92
"""Of the screen at most."""
DETAIL_PX = 290
FACTS = 11


class CalendarDialog(QDialog):
    """Shifts by local date, read in a thread.

    Signals:
        wanted(object, object): a recording's `Path` and the `Summary` of the shift to be seen.
        compare_wanted(object, object): the same, to stand beside what is open.
    """

    wanted = Signal(object, object)
    compare_wanted = Signal(object, object)

    def __init__(self, theme: Theme, line: Line, parent: QWidget, *, reads: Callable[..., Catalogue] = shifts) -> None:
        """Show nothing yet; `reads` is how the shifts of a recording are read."""
        super().__init__(parent)
        self.line, self._reads, self._at_ns = line, reads, 0
        self.home: Line | None = line
        """The line that is open in the window; None: none is."""
        self.path: Path | None = None
        """The recording that is looked at."""
        self.lines = QComboBox(self)
        self.setWindowTitle(tr("Calendar of recordings"))
        self.grid = MonthGrid(theme, self, tip=self._tip)
        self.work = LongWork(self)
        self.head, self.name, self.when, self.said, self.folder = (QLabel(self) for _ in range(5))
        self.before, self.after = QToolButton(self), QToolButton(self)
        self.choose_folder, self.choose_file, self.show_it, self.compare, self.cancel = (QPushButton(self) for _ in range(5))
        self.progress = QProgressBar(self)
        self._facts = [(QLabel(self), QLabel(self)) for _ in range(FACTS)]
        self._lay_out()
        self._connect()
        self.resize(SIZE.boundedTo(self.screen().availableSize() * SHARE))
        self.grid.setFocus()
        self.show_nothing()

    def _lay_out(self) -> None:
        """Put everything in its place."""
        for label, role in ((self.head, "heading"), (self.name, "heading"), (self.when, "dim"), (self.said, "dim"), (self.folder, "dim")):
            set_role(label, role)
        self.when.setWordWrap(True)
        self.said.setWordWrap(True)
        self.head.setMinimumWidth(self.fontMetrics().horizontalAdvance("September 0000") + 40)
        self.head.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.before.setText("◂")
        self.after.setText("▸")
        self.before.setToolTip(tr("Earlier month (Page up)"))
        self.after.setToolTip(tr("Later month (Page down)"))
        self.choose_folder.setText(tr("Folder…"))
        self.choose_file.setText(tr("File…"))
        self.show_it.setText(tr("Open"))
        self.show_it.setDefault(True)
        self.compare.setText(tr("Compare with what is open"))
        self.cancel.setText(tr("Cancel"))
        for button in (self.choose_folder, self.choose_file, self.compare, self.cancel):
            button.setAutoDefault(False)
        self.progress.setTextVisible(False)
        self.lines.setAccessibleName(tr("Line"))
        self.lines.setToolTip(tr("Every line of which there are recordings on this computer, or beside what is open"))
        self.lines.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.lines.setMinimumContentsLength(26)
        top = QHBoxLayout()
        top.addWidget(self.lines)
        top.addSpacing(10)
        for widget in (self.before, self.head, self.after):
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self.folder)
        top.addWidget(self.choose_folder)
        top.addWidget(self.choose_file)
        bottom = QHBoxLayout()
        bottom.addWidget(self.said, 1)
        bottom.addWidget(self.progress)
        bottom.addWidget(self.cancel)
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(self.grid, 1)
        middle.addLayout(self._detail())
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.addLayout(top)
        column.addLayout(middle, 1)
        column.addLayout(bottom)

    def _detail(self) -> QVBoxLayout:
        """Return what stands beside the month."""
        column = QVBoxLayout()
        self.name.setFixedWidth(DETAIL_PX)
        column.addWidget(self.name)
        column.addWidget(self.when)
        column.addSpacing(8)
        rows = QGridLayout()
        rows.setHorizontalSpacing(12)
        rows.setColumnStretch(1, 1)
        for number, (name, figure) in enumerate(self._facts):
            set_role(name, "dim")
            figure.setWordWrap(True)
            figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            rows.addWidget(name, number, 0, Qt.AlignmentFlag.AlignTop)
            rows.addWidget(figure, number, 1)
        column.addLayout(rows)
        column.addStretch(1)
        column.addWidget(self.show_it)
        column.addWidget(self.compare)
        return column

    def _connect(self) -> None:
        """Let the parts hear each other."""
        self.lines.activated.connect(self._on_line_chosen)
        self.before.clicked.connect(self._on_before_clicked)
        self.after.clicked.connect(self._on_after_clicked)
        self.grid.chosen.connect(self._on_chosen)
        self.grid.opened.connect(self._on_opened)
        self.grid.turned.connect(self._word_month)
        self.choose_folder.clicked.connect(self._on_folder_clicked)
        self.choose_file.clicked.connect(self._on_file_clicked)
        self.show_it.clicked.connect(self._on_open_clicked)
        self.compare.clicked.connect(self._on_compare_clicked)
        self.cancel.clicked.connect(self._on_cancelled)
        self.work.progressed.connect(self._on_progressed)
        self.work.done.connect(self._on_done)
        self.work.failed.connect(self._on_failed)

    # -- what it shows ------------------------------------------------------------------------------------------

    @property
    def elsewhere(self) -> bool:
        """Tell whether the shifts are another line's than the one that is open."""
        return self.home is None or full_name(self.line) != full_name(self.home)

    def offer(self, lines: Sequence[RecordedLine], path: Path | None) -> None:
        """Offer the lines there are recordings of; `path` is the open line's, which need not be among them."""
        self.lines.clear()
        if self.home is not None:
            self.lines.addItem(self.home.title, path)
        for one in (one for one in lines if self.home is None or one.path != path):
            self.lines.addItem(one.words, one.path)
            self.lines.setItemData(self.lines.count() - 1, str(one.path), Qt.ItemDataRole.ToolTipRole)
        self.lines.setCurrentIndex(max(self.lines.findData(path), 0))
        self.lines.setVisible(self.lines.count() > 1)

    def _on_line_chosen(self, _index: int) -> None:
        """Look at another line's shifts."""
        self.look(self.lines.currentData(), self._at_ns)

    def look(self, path: Path | None, at_ns: int) -> None:
        """Read a recording anew, of whatever line, and select the shift of an instant, UTC ns; without one ask for a folder."""
        self.path, self._at_ns = path, at_ns
        self.lines.setCurrentIndex(self.lines.findData(path))
        self.folder.setText(self.fontMetrics().elidedText(str(path or ""), Qt.TextElideMode.ElideMiddle, 300))
        self.folder.setToolTip(str(path or ""))
        if path is None:
            self.show_nothing(tr("There is no recording of this line on this computer yet. Choose a folder that holds .twinrec files."))
            return
        self.said.setText(tr("Reading the shifts…"))
        self._show_working(on=True)
        home, reads = self.home, self._reads

        def read(pace: Pace) -> tuple[Line, Catalogue]:
            line = line_of(path, home)
            return line, reads(line, path, pace=pace)

        self.work.start(read)

    def show_nothing(self, said: str = "") -> None:
        """Show an empty month and a sentence."""
        self.said.setText(said)
        self._show_working(on=False)
        self.grid.show_month(self.line, Month.of(self.grid.month.first))
        self.grid.choose(None)
        self._word_month()

    def _on_done(self, read: tuple[Line, Catalogue]) -> None:
        """Show what was read."""
        self.line, found = read
        self._show_working(on=False)
        self.grid.show_month(self.line, Month.of(self.grid.month.first, found.summaries))
        self.grid.choose(near(found.summaries, self._at_ns))
        self._word_month()
        simulated = (tr("SIMULATED"),) if found.simulated else ()
        keys = tr("Arrows choose, Page up and down turn the month, Enter opens. Hatched: nobody knows. The mark on a bar is the target.")
        self.said.setText(" · ".join((*simulated, *found.problems, keys)) if found.summaries else tr("The recording holds nothing."))

    def _on_failed(self, said: str) -> None:
        """Say what went wrong."""
        self.show_nothing(said)

    def _on_progressed(self, share: float) -> None:
        """Show how far it is."""
        self.progress.setValue(round(100 * share))

    def _show_working(self, *, on: bool) -> None:
        """Show that something is under way, and how to end it."""
        self.progress.setValue(0)
        self.progress.setVisible(on)
        self.cancel.setVisible(on)

    def _word_month(self) -> None:
        """Say which month it is."""
        first = self.grid.month.first
        name = QLocale(language()).standaloneMonthName(first.month)
        self.head.setText(tr("{month} {year}", month=name, year=first.year))

    def _tip(self, summary: Summary) -> str:
        """Word a shift."""
        return tip(self.line, summary)

    def _on_chosen(self, summary: Summary | None) -> None:
        """Show what is known of the selected shift."""
        rows = facts(self.line, summary) if summary else []
        self.name.setText(slot_name(self.line, summary.slot) if summary else "")
        self.when.setText(when(self.line, summary.slot) if summary else "")
        for number, (name, figure) in enumerate(self._facts):
            name.setText(rows[number][0] if number < len(rows) else "")
            figure.setText(rows[number][1] if number < len(rows) else "")
        recorded = summary is not None and summary.recorded
        self.show_it.setEnabled(recorded)
        self.compare.setEnabled(recorded and not self.elsewhere)

    # -- what a person does -------------------------------------------------------------------------------------

    def _on_before_clicked(self) -> None:
        self.grid.turn(-1)

    def _on_after_clicked(self) -> None:
        self.grid.turn(1)

    def _on_folder_clicked(self) -> None:
        """Let a person choose another folder."""
        found = QFileDialog.getExistingDirectory(self, tr("Folder of recordings"), str(self.path or Path.home()))
        if found:
            self.look(Path(found), self._at_ns)

    def _on_file_clicked(self) -> None:
        """Let a person choose one file."""
        found, _ = QFileDialog.getOpenFileName(self, tr("Recording"), str(self.path or Path.home()), tr("Recordings (*.twinrec)"))
        if found:
            self.look(Path(found), self._at_ns)

    def _on_cancelled(self) -> None:
        """Give up reading."""
        self.work.give_up()
        self.show_nothing(tr("Given up; what was reckoned by then is kept."))

    def _on_open_clicked(self) -> None:
        self._on_opened(self.grid.selected)

    def _on_opened(self, summary: Summary | None) -> None:
        """Say which shift is wanted."""
        if summary is not None and summary.recorded:
            self.wanted.emit(self.path, summary)

    def _on_compare_clicked(self) -> None:
        """Say which shift is to stand beside what is open."""
        summary = self.grid.selected
        if summary is not None and summary.recorded:
            self.compare_wanted.emit(self.path, summary)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.work.give_up()
        super().closeEvent(event)

    @override
    def reject(self) -> None:
        self.work.give_up()
        super().reject()
