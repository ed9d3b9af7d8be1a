"""Searching recordings for moments: plain fields, a list, and a jump. Not for finding them: see `twin_app.finding.search`."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QSize, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from twin_app.clock import SECOND_NS
from twin_app.errors import TwinError
from twin_app.finding.sentence import Query, understood
from twin_app.finding.wanted import Wanted, value_of
from twin_app.model.packml import STATE_WORDS, State
from twin_app.service.search import Search, find, link_to
from twin_app.service.search_answers import moment_cells
from twin_app.text import N_, duration, tr
from twin_app.times import parse_duration_ns
from ui.finding.work import LongWork
from ui.inspector.table import Cell, Row, RowsModel, Table
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent

    from twin_app.finding.search import Moment
    from twin_app.model.equipment import Line
    from ui.context import Theme

SIZE = QSize(1040, 620)
SHARE = 0.92
ANY, STOP, DARK = "any", "stop", "dark"
PERIODS = ((N_("Last 24 hours"), "24h"), (N_("Last 7 days"), "7d"), (N_("Last 30 days"), "30d"), (N_("Everything"), ""))
HEADS = (N_("Time"), N_("Unit"), N_("What"), N_("Duration"), N_("Why"), N_("Shift"))
DURATION = 3
LONGER = "3min"
"""At first; what is typed there is no sentence."""
SAMPLES = ("2026-00-00 00:00:00", "", "", "≥ 00 min 00 s", "", "")
"""The widest texts of the columns that do not share what room is left."""


class SearchDialog(QDialog):
    """Fields above, moments below.

    Signals:
        wanted(object, object): a recording's `Path` and a `Moment` to be seen.
    """

    wanted = Signal(object, object)

    def __init__(self, theme: Theme, line: Line, parent: QWidget, *, finds: Callable[..., Search] = find) -> None:
        """Search nothing yet; `finds` is how."""
        super().__init__(parent)
        self.line, self._finds = line, finds
        self._path: Path | None = None
        self._taken = ""
        """The sentence that the fields say already."""
        self.moments: tuple[Moment, ...] = ()
        self.holds: Callable[[Path, int], bool] = _never
        """Tells whether what is open holds an instant: then choosing a moment is enough to go there."""
        self.setWindowTitle(tr("Search recordings"))
        self.unit, self.state, self.period = QComboBox(self), QComboBox(self), QComboBox(self)
        self.sentence, self.longer, self.alarm, self.reason, self.value = (QLineEdit(self) for _ in range(5))
        self.search, self.cancel, self.show_it, self.copy = (QPushButton(self) for _ in range(4))
        self.said, self.progress = QLabel(self), QProgressBar(self)
        self.model = RowsModel(len(HEADS), self)
        self.table = Table(self.model, theme, self, stretch=(1, 2, 4, 5))
        self.work = LongWork(self)
        self._fill()
        self._lay_out()
        self._connect()
        self.resize(SIZE.boundedTo(self.screen().availableSize() * SHARE))
        self.sentence.setFocus()

    def _fill(self) -> None:
        """Word the fields."""
        self.unit.addItem(tr("Any"), "")
        for unit in self.line.flow_order:
            self.unit.addItem(unit.title, unit.id)
        self.state.addItem(tr("Any stop"), STOP)
        for state in (State.ABORTED, State.HELD, State.STOPPED, State.SUSPENDED, State.IDLE, State.EXECUTE):
            self.state.addItem(tr(STATE_WORDS[state]), state)
        self.state.addItem(tr("No data"), DARK)
        self.state.addItem(tr("No matter"), ANY)
        for words, length in PERIODS:
            self.period.addItem(tr(words), length)
        self.period.setCurrentIndex(2)
        self.longer.setText(LONGER)
        for field, hint in (
            (self.sentence, tr("Say it: M7 aborted > 3 min, last 30 days – or fill in the fields")),
            (self.longer, "90s, 3min, 1h"),
            (self.alarm, tr("a part of its text")),
            (self.reason, tr("a part of its text")),
            (self.value, "Temperature > 75"),
        ):
            field.setPlaceholderText(hint)
        self.search.setText(tr("Search"))
        self.search.setDefault(True)
        self.cancel.setText(tr("Cancel"))
        self.show_it.setText(tr("Show"))
        self.copy.setText(tr("Copy link"))
        for button in (self.cancel, self.show_it, self.copy):
            button.setAutoDefault(False)
        self.model.set_heads(tuple(tr(head) for head in HEADS))
        self.table.fit_columns(*SAMPLES)
        self.progress.setTextVisible(False)
        set_role(self.said, "dim")
        self.said.setWordWrap(True)

    def _lay_out(self) -> None:
        """Put everything in its place."""
        fields = QGridLayout()
        fields.setHorizontalSpacing(10)
        named = (
            (tr("Unit"), self.unit), (tr("State"), self.state), (tr("At least as long as"), self.longer), (tr("Alarm"), self.alarm),
            (tr("Why it stood"), self.reason), (tr("Value"), self.value), (tr("Period"), self.period),
        )  # fmt: skip
        for number, (name, field) in enumerate(named):
            row, column = divmod(number, 4)
            label = QLabel(name, self)
            label.setBuddy(field)
            set_role(label, "dim")
            fields.addWidget(label, 2 * row, column)
            fields.addWidget(field, 2 * row + 1, column)
            fields.setColumnStretch(column, 1)
            field.setAccessibleName(name)
        fields.addWidget(self.search, 3, 3)
        below = QHBoxLayout()
        below.addWidget(self.said, 1)
        for widget in (self.progress, self.cancel, self.copy, self.show_it):
            below.addWidget(widget)
        column_of = QVBoxLayout(self)
        column_of.setContentsMargins(14, 12, 14, 12)
        column_of.addWidget(self.sentence)
        column_of.addLayout(fields)
        column_of.addSpacing(6)
        column_of.addWidget(self.table, 1)
        column_of.addLayout(below)
        self.table.setAccessibleName(tr("What was found"))
        named_fields = [field for _, field in named]
        for before, after in pairwise((self.sentence, *named_fields, self.search, self.table, self.cancel, self.copy, self.show_it)):
            self.setTabOrder(before, after)

    def _connect(self) -> None:
        """Let the parts hear each other."""
        self.search.clicked.connect(self.start)
        self.sentence.editingFinished.connect(self._on_sentence_typed)
        self.sentence.setAccessibleName(tr("Search in a sentence"))
        self.cancel.clicked.connect(self._on_cancelled)
        self.show_it.clicked.connect(self._on_show_clicked)
        self.copy.clicked.connect(self._on_copy_clicked)
        self.table.activated.connect(self._on_activated)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.work.progressed.connect(self._on_progressed)
        self.work.done.connect(self._on_done)
        self.work.failed.connect(self._on_failed)

    def look(self, path: Path | None, unit: str) -> None:
        """Search a recording from now on, at first for the selected unit."""
        if path != self._path:
            self._show(())
        self._path = path
        if not self.moments:
            self.unit.setCurrentIndex(max(self.unit.findData(unit), 0))
        self._say(tr("There is no recording of this line on this computer yet.") if path is None else str(path))
        self.search.setEnabled(path is not None)

    def start(self) -> None:
        """Search for what the sentence says, where one was typed, else for what the fields say."""
        try:
            self._take_sentence()
            query = self.asked()
        except TwinError as error:
            self._say(error.worded())
            return
        line, finds, path = self.line, self._finds, self._path
        self._say(tr("Searching…"), working=True)
        self.work.start(lambda pace: finds(line, path, query.wanted, last_ns=query.last_ns, pace=pace))

    def _on_sentence_typed(self) -> None:
        """Let the fields follow the sentence; what is not understood is said."""
        try:
            self._take_sentence()
        except TwinError as error:
            self._say(error.worded())

    def _take_sentence(self) -> None:
        """Put what a sentence asks for into the fields, once: they may be changed after it.

        Raises:
            UsageError: it is not understood.
        """
        said = self.sentence.text().strip()
        if not said or said == self._taken:
            return
        query = understood(said, self.line)
        self._taken = said
        wanted = query.wanted
        chosen = STOP if wanted.any_stop else DARK if wanted.no_data else ANY if wanted.state is None else wanted.state
        if self.state.findData(chosen) < 0 and wanted.state is not None:
            self.state.addItem(tr(STATE_WORDS[wanted.state]), wanted.state)
        if wanted.state is None and wanted.by_state and chosen is ANY:
            chosen = STOP  # nothing but a unit or a length: what stood
        self.state.setCurrentIndex(self.state.findData(chosen))
        self.unit.setCurrentIndex(max(self.unit.findData(wanted.unit), 0))
        self.longer.setText(_typed(wanted.longer_ns))
        self.alarm.setText(wanted.alarm)
        self.reason.setText(wanted.reason)
        self.value.setText(f"{wanted.value.signal} {wanted.value.sign} {wanted.value.number:g}" if wanted.value else "")
        last = _typed(query.last_ns or 0)
        lengths = [parse_duration_ns(str(self.period.itemData(i))) if self.period.itemData(i) else 0 for i in range(self.period.count())]
        if (query.last_ns or 0) not in lengths:
            self.period.insertItem(0, tr("Last {span}", span=duration((query.last_ns or 0) / SECOND_NS)), last)
            lengths.insert(0, query.last_ns or 0)
        self.period.setCurrentIndex(lengths.index(query.last_ns or 0))

    def asked(self) -> Query:
        """Return what the fields ask for.

        Raises:
            UsageError: one of them cannot be understood.
        """
        chosen: Any = self.state.currentData()
        value = self.value.text().strip()
        _, bound = value_of(value) if value else ("", None)
        longer = self.longer.text().strip()
        states: dict[str, Any] = {STOP: {"any_stop": True}, DARK: {"no_data": True}, ANY: {}}.get(
            chosen, {"state": State(chosen)} if isinstance(chosen, int) else {}
        )
        last = str(self.period.currentData())
        wanted = Wanted(
            unit=str(self.unit.currentData()), longer_ns=parse_duration_ns(longer) if longer else 0, alarm=self.alarm.text().strip(),
            reason=self.reason.text().strip(), value=bound, **states,
        )  # fmt: skip
        return Query(wanted=wanted, last_ns=parse_duration_ns(last) if last else None)

    # -- what comes of it ---------------------------------------------------------------------------------------

    def _on_done(self, found: Search) -> None:
        """List the moments."""
        self._show(found.moments)
        said = tr("Moments found: {n}.", n=len(found.moments))
        keys = tr("Choosing one goes there; Enter opens what is not open.") if found.moments else ""
        mark = tr("SIMULATED") if found.simulated else ""
        self._say(" · ".join(part for part in (mark, said, keys, *found.problems) if part))
        if found.moments:
            self.table.setFocus()

    def _on_failed(self, said: str) -> None:
        self._show(())
        self._say(said)

    def _on_progressed(self, share: float) -> None:
        self.progress.setValue(round(100 * share))

    def _on_cancelled(self) -> None:
        self.work.give_up()
        self._say(tr("Given up."))

    def _show(self, moments: tuple[Moment, ...]) -> None:
        """List other moments."""
        self.moments = moments
        words = [moment_cells(self.line, moment) for moment in moments]
        self.model.show(
            [
                Row(number, tuple(Cell(text=text, tip=text, right=column == DURATION) for column, text in enumerate(row)))
                for number, row in enumerate(words)
            ]
        )
        for button in (self.show_it, self.copy):
            button.setEnabled(bool(moments))

    def _say(self, said: str, *, working: bool = False) -> None:
        """Say how it stands."""
        self.said.setText(said)
        self.progress.setValue(0)
        self.progress.setVisible(working)
        self.cancel.setVisible(working)

    def _chosen(self) -> Moment | None:
        """Return the moment of the current row."""
        row = self.table.currentIndex().row()
        return self.moments[row] if 0 <= row < len(self.moments) else None

    def _on_row_changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        """Go along where that costs nothing."""
        moment = self._chosen()
        if moment is not None and self._path is not None and self.holds(self._path, moment.at_ns):
            self.wanted.emit(self._path, moment)

    def _on_activated(self, _index: QModelIndex) -> None:
        self._on_show_clicked()

    def _on_show_clicked(self) -> None:
        """Say which moment is wanted."""
        moment = self._chosen() or next(iter(self.moments), None)
        if moment is not None:
            self.wanted.emit(self._path, moment)

    def _on_copy_clicked(self) -> None:
        """Put a link to the moment onto the clipboard."""
        moment = self._chosen() or next(iter(self.moments), None)
        if moment is not None and self._path is not None:
            QGuiApplication.clipboard().setText(link_to(self.line, self._path, moment))
            self._say(tr("The link is on the clipboard."))

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.work.give_up()
        super().closeEvent(event)

    @override
    def reject(self) -> None:
        self.work.give_up()
        super().reject()


def _typed(ns: int) -> str:
    """Return a length as it is typed, empty for none: `90s`, `3min`, `30d`."""
    for unit, of in (("d", 86_400), ("h", 3600), ("min", 60)):
        if ns and ns % (of * SECOND_NS) == 0:
            return f"{ns // (of * SECOND_NS)}{unit}"
    return f"{ns / SECOND_NS:g}s" if ns else ""


def _never(_path: Path, _at_ns: int) -> bool:
    """Hold nothing."""
    return False
