"""File > Import a table: how it is written, what its columns are, what will be left out, and the import. Not for reading tables: see `twin_app.tables`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
)
from typing_extensions import override

from twin_app.errors import TwinError
from twin_app.history.schema import SUFFIX
from twin_app.layout.signals import signal_table
from twin_app.service import importing, mappings
from twin_app.service.looking import NOBODY, Look, look
from twin_app.tables import Given
from twin_app.text import N_, number, tr
from ui.finding.work import LongWork
from ui.importing.columns import EXAMPLE, NAME, TARGET, ColumnsModel, SignalDelegate
from ui.importing.form import Form
from ui.importing.preview import OWN, PreviewModel
from ui.theme import set_role

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel

    from twin_app.finding.reading import Pace
    from twin_app.model.equipment import Line
    from ui.context import Theme
    from ui.main_window import MainWindow

SIZE = QSize(1120, 760)
SHARE = 0.94
"""Of the screen at most."""
CELL_PX = 132
MANY = 60
"""Columns; fitting so many to what stands in them takes long."""
EDITED_PX = 16
"""Rows that are edited are so much higher than a line."""


class ImportDialog(QDialog):
    """Looks at the table anew after each choice; `recording` is what was written, once a person wants it opened."""

    def __init__(self, line: Line, table: Path, theme: Theme, parent: MainWindow | None = None) -> None:
        """Look at a table by what was said of such a one before, else by what it says itself."""
        super().__init__(parent)
        self.setWindowTitle(tr("Import the table {name}", name=table.name))
        self.resize(SIZE.boundedTo(self.screen().availableSize() * SHARE))
        self._line, self._table = line, table
        self._mapped: dict[str, str] = {}
        self._look: Look | None = None
        self._readable = False
        """Whether it ever was: then something else can be said of it."""
        self._written: Path | None = None
        self.recording: Path | None = None
        self.form, self.note, self.said, self.progress = Form(self), QLabel(self), QLabel(self), QProgressBar(self)
        self.preview, self.columns = PreviewModel(theme, line.tz, self), ColumnsModel(theme, self)
        self.rows, self.mapping = QTableView(self), QTableView(self)
        self.file, self.browse = QLineEdit(str(free(table)), self), QPushButton(tr("Browse…"), self)
        self.looking, self.importing = LongWork(self), LongWork(self)
        self._lay_out()
        self._dress()
        self._connect()
        self._look_at(None)

    # -- building -----------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """Put the parts in their places."""
        place = QHBoxLayout()
        self._file_label = QLabel(tr("File"), self)
        self._file_label.setBuddy(self.file)
        for part in (self._file_label, self.file, self.browse):
            place.addWidget(part)
        self.buttons = QDialogButtonBox(self)
        roles = QDialogButtonBox.ButtonRole
        self.make = self.buttons.addButton(tr("Import"), roles.ActionRole)
        self.opens = self.buttons.addButton(tr("Open the recording"), roles.ActionRole)
        self.cancel = self.buttons.addButton(tr("Cancel"), roles.ActionRole)
        self.away = self.buttons.addButton(tr("Close"), roles.RejectRole)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.rows)
        split.addWidget(self.mapping)
        split.setSizes([300, 260])
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addWidget(self.form)
        column.addWidget(self.note)
        column.addWidget(split, 1)
        column.addLayout(place)
        column.addWidget(self.progress)
        column.addWidget(self.said)
        column.addWidget(self.buttons)

    def _dress(self) -> None:
        """Say how the parts look."""
        for label in (self.note, self.said):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note.hide()
        self.progress.setTextVisible(False)
        self.browse.setAutoDefault(False)
        for view, model, name in ((self.rows, self.preview, tr("First rows")), (self.mapping, self.columns, tr("Columns and signals"))):
            self._dress_table(view, model)
            view.setAccessibleName(name)
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.rows.horizontalHeader().setDefaultSectionSize(CELL_PX)
        self.mapping.verticalHeader().hide()
        self.mapping.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.mapping.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.mapping.setItemDelegateForColumn(TARGET, SignalDelegate(_names(self._line), self))
        self.mapping.verticalHeader().setDefaultSectionSize(self.mapping.fontMetrics().height() + EDITED_PX)
        header = self.mapping.horizontalHeader()
        for section in (NAME, EXAMPLE, TARGET):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.Stretch)

    @staticmethod
    def _dress_table(view: QTableView, model: QAbstractItemModel) -> None:
        """Show a model calmly."""
        view.setModel(model)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setMinimumHeight(90)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + 10)
        view.horizontalHeader().setHighlightSections(False)

    def _connect(self) -> None:
        """Let the parts be heard."""
        self.form.said_otherwise.connect(self._on_said)
        self.columns.chosen.connect(self._on_chosen)
        self.file.textChanged.connect(self._enable)
        self.browse.clicked.connect(self._on_browse)
        self.make.clicked.connect(self._on_make)
        self.opens.clicked.connect(self._on_open)
        self.cancel.clicked.connect(self._on_cancelled)
        self.away.clicked.connect(self.reject)
        self.looking.done.connect(self._on_looked)
        self.looking.failed.connect(self._on_unreadable)
        self.importing.progressed.connect(self._on_progressed)
        self.importing.done.connect(self._on_done)
        self.importing.failed.connect(self._on_failed)

    # -- looking ------------------------------------------------------------------------------------------------

    def given(self) -> Given:
        """Return what a person says of the table."""
        return replace(self.form.given(), mapped=self._mapped)

    def _meant(self) -> dict[str, str]:
        """Return what each column is, said or guessed."""
        guessed = {one.name: one.target for one in (self._look.named if self._look else ()) if one.target}
        return {**guessed, **self._mapped}

    def _look_at(self, given: Given | None) -> None:
        """Look at the table anew, in a thread; of several wishes the newest counts."""
        self._written = None
        self.looking.start(partial(_look, self._line, self._table, given))
        self._enable()

    def _on_said(self) -> None:
        self._look_at(self.given())

    def _on_chosen(self, name: str, target: str) -> None:
        """Take what a person says a column is."""
        self._mapped = {**self._mapped, name: target} if target else {k: v for k, v in self._mapped.items() if k != name}
        self._look_at(self.given())

    def _on_looked(self, seen: Look) -> None:
        """Show how the table is read so."""
        first = self._look is None
        if seen.remembered:
            self._mapped = dict(seen.given.mapped)
            self._note(tr("Read as such a table was the last time: {path}", path=mappings.path_of(self._line, seen.headings)))
        elif not first:
            self._note("")
        self._look, self._readable = seen, True
        self.form.show_look(seen)
        self.preview.show(seen)
        self.columns.show(seen.named, long=seen.long, counted=seen.problem is None)
        if len(seen.headings) < MANY:
            self.rows.resizeColumnsToContents()
        else:
            for place in {0, OWN + seen.time, OWN + seen.clock}:
                self.rows.resizeColumnToContents(place)
        self._tell(self._outlook(seen), bad=seen.problem is not None)
        self._enable()

    def _outlook(self, seen: Look) -> str:
        """Return what would be imported, worded."""
        if len(seen.forms) > 1 and not seen.counts.samples:
            return tr("The day may be the month in these times: choose their form, {forms}.", forms=tr(" or ").join(seen.forms[:3]))
        if seen.problem is not None:
            return seen.problem.worded()
        counts = seen.counts
        rows = N_("All {rows} rows: {samples} samples.") if seen.whole else N_("First {rows} rows: {samples} samples.")
        said = tr(rows, rows=number(counts.rows), samples=number(counts.samples))
        nobody = [] if seen.long else [one.name for one in seen.named if one.is_a == NOBODY]
        return " ".join([said, *importing.left_out(nobody, counts)])

    def _on_unreadable(self, said: str) -> None:
        """The table cannot be read so."""
        self.preview.show(None)
        self.columns.show((), long=False, counted=False)
        self._look = None
        self._tell(said, bad=True)
        self._enable()

    # -- importing ----------------------------------------------------------------------------------------------

    def _on_browse(self) -> None:
        """Choose where the recording goes."""
        path, _ = QFileDialog.getSaveFileName(self, tr("Recording"), self.file.text(), f"{tr('Recording')} (*{SUFFIX})")
        if path:
            self.file.setText(path if path.endswith(SUFFIX) else f"{path}{SUFFIX}")

    def _on_make(self) -> None:
        """Begin."""
        out, given = Path(self.file.text().strip()), self.given()
        self.progress.setRange(0, 1000)
        self.progress.setValue(0)
        self._tell(tr("Reading the table…"))
        self.importing.start(partial(_bring, self._line.path, self._table, out, given))
        self._enable()

    def _on_progressed(self, share: float) -> None:
        self.progress.setValue(round(1000 * share))

    def _on_done(self, brought: importing.Brought) -> None:
        """Say what was imported and what was not, and keep what a person said for the next such table."""
        self._written = Path(self.file.text().strip())
        said = importing.told(brought, self._written)
        try:
            kept = mappings.keep(self._line, brought.table.headings, replace(self.given(), mapped=self._meant()))
            self._note(tr("What the columns are is kept for the next such table: {path}", path=kept))
        except TwinError as error:
            said.append(error.worded())
        self._tell(" ".join(said))
        self._enable()
        self.opens.setFocus()

    def _on_failed(self, said: str) -> None:
        self._tell(said, bad=True)
        self._enable()

    def _on_cancelled(self) -> None:
        self.importing.give_up()
        self._tell(tr("Given up: no recording was written."))
        self._enable()

    def _on_open(self) -> None:
        self.recording = self._written
        self.accept()

    # -- showing ------------------------------------------------------------------------------------------------

    def _tell(self, said: str, *, bad: bool = False) -> None:
        """Say how it stands."""
        self.said.setText(said)
        set_role(self.said, "alarm1" if bad else "")

    def _note(self, said: str) -> None:
        """Say what is kept of such tables."""
        self.note.setText(said)
        self.note.setVisible(bool(said))
        set_role(self.note, "small")

    def _enable(self, *_: object) -> None:
        """Offer what makes sense."""
        works = self.importing.working
        for part in (self.form, self.mapping, self.file, self.browse):
            part.setEnabled(not works and self._readable)
        self.progress.setVisible(works)
        self.cancel.setVisible(works)
        self.opens.setVisible(self._written is not None)
        fit = self._look is not None and self._look.problem is None and not self.looking.working
        self.make.setVisible(self._written is None)
        self.make.setEnabled(fit and not works and bool(self.file.text().strip()))
        (self.opens if self._written is not None else self.make).setDefault(True)

    @override
    def done(self, result: int) -> None:
        for work in (self.looking, self.importing):
            work.give_up()
        super().done(result)


def _look(line: Line, table: Path, given: Given | None, _pace: Pace) -> Look:
    return look(line, table, given)


def _bring(layout: Path, table: Path, out: Path, given: Given, pace: Pace) -> importing.Brought:
    return importing.bring_in(layout, table, out, given, progress=lambda _rows, share: pace.at(share))


def _names(line: Line) -> tuple[str, ...]:
    """Return the signals of a line that a table may hold, as they are written."""
    signals = signal_table(line)
    told = [signals[i] for unit in line.flow_order for i in signals.of_unit(unit.id)]
    return tuple(f"{one.unit}/{one.name}" for one in told if not one.derived)


def free(table: Path) -> Path:
    """Return a name for the recording of a table, beside it, that nothing has yet."""
    stem = table.name.removesuffix(".gz").rpartition(".")[0] or table.name
    names = (f"{stem}{more}{SUFFIX}" for more in ("", *(f" {n}" for n in range(2, 1000))))
    return next(path for name in names if not (path := table.with_name(name)).exists())
