"""Trainees and their attempts at the open recording: whose file is in force, and afterwards what was done beside what was recorded. Not for reckoning."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QTabBar, QVBoxLayout, QWidget

from twin_app.errors import TwinError
from twin_app.model.frame import Mode
from twin_app.service.training_answers import answered_cells, done_cells, seen_words, tally_words
from twin_app.text import clock_time, tr
from ui.inspector.table import Cell, Row, RowsModel, Table
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.frame import Frame
    from twin_app.model.training import Attempt, Review
    from ui.bridge import Bridge
    from ui.context import LineView
    from ui.main_window import MainWindow
    from ui.station import Station

SIZE = QSize(1080, 600)
SHARE = 0.92
LIST_PX = 330
ALARMS, DONE = range(2)
TRAINED = 4
"""The column of what the trainee did."""
TIME = "00:00:00"


class TrainingDialog(QDialog):
    """The attempts on the left, the chosen one beside the recorded shift on the right; it stays open while one goes from moment to moment."""

    def __init__(self, bridge: Bridge, view: LineView, station: Station, window: MainWindow) -> None:
        """List the attempts and compare the newest, unless what is shown is blind."""
        super().__init__(window)
        self._bridge, self._view, self._station, self._window = bridge, view, station, window
        self.attempts: Sequence[Attempt] = ()
        self.review: Review | None = None
        self._mode: tuple[Mode | None, str] = None, ""
        self.setWindowTitle(tr("Trainees and their attempts"))
        self.trainee = QLineEdit(self)
        self.begin, self.go_on, self.end = (QPushButton(self) for _ in range(3))
        self.head, self.said = QLabel(self), QLabel(self)
        self.list = RowsModel(3, self)
        self.answers, self.deeds = RowsModel(5, self), RowsModel(4, self)
        self.table = Table(self.list, window.theme, self, stretch=(0,))
        self.tabs = QTabBar(self)
        self.tabs.setExpanding(False)
        self.tables = (Table(self.answers, window.theme, self, stretch=(1, 2, 3, 4)), Table(self.deeds, window.theme, self, stretch=(1, 2)))
        self._word()
        self._lay_out()
        self._connect()
        self.resize(SIZE.boundedTo(self.screen().availableSize() * SHARE))
        self._on_frame_ready(bridge.shown)

    def _word(self) -> None:
        """Word buttons and columns."""
        self.trainee.setPlaceholderText(self._station.name_of(self._station.person) or tr("name of the trainee"))
        self.trainee.setAccessibleName(tr("Trainee"))
        self.begin.setText(tr("New attempt"))
        self.go_on.setText(tr("Go on with it"))
        self.end.setText(tr("End the blind replay"))
        for button in (self.begin, self.go_on, self.end):
            button.setAutoDefault(False)
        self.list.set_heads((tr("Trainee"), tr("Began"), tr("Deeds")))
        self.answers.set_heads((tr("Came"), tr("Unit"), tr("Alarm"), tr("In the shift"), tr("Trainee")))
        self.deeds.set_heads((tr("Time"), tr("What"), tr("Of"), tr("Clock on the wall")))
        self.table.fit_columns("", f"0000-00-00 {TIME}", tr("Deeds") + "  ")
        self.tables[ALARMS].fit_columns(TIME + "  ")
        self.tables[DONE].fit_columns(TIME + "  ", "", "", f"0000-00-00 {TIME}")
        self.table.setAccessibleName(tr("Attempts"))
        for title, table in zip((tr("Alarms"), tr("What was done")), self.tables, strict=True):
            self.tabs.addTab(title)
            table.setAccessibleName(title)

    def _lay_out(self) -> None:
        """Put everything in its place."""
        set_role(self.head, "heading")
        set_role(self.said, "dim")
        for label in (self.head, self.said):
            label.setWordWrap(True)
        new = QHBoxLayout()
        new.addWidget(self.trainee, 1)
        new.addWidget(self.begin)
        left = QVBoxLayout()
        left.addWidget(self.table, 1)
        for row in (new, self.go_on, self.end):
            left.addLayout(row) if isinstance(row, QHBoxLayout) else left.addWidget(row)
        right = QVBoxLayout()
        right.addWidget(self.head)
        right.addWidget(self.tabs)
        for table in self.tables:
            right.addWidget(table, 1)
        right.addWidget(self.said)
        beside = QWidget(self)
        beside.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        beside.setFixedWidth(LIST_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(14)
        row.addWidget(beside)
        row.addLayout(right, 1)
        for before, after in pairwise((self.table, self.trainee, self.begin, self.go_on, self.end, self.tabs)):
            self.setTabOrder(before, after)
        self.trainee.setFocus()

    def _connect(self) -> None:
        """Let the parts hear each other."""
        self.begin.clicked.connect(self._on_begin_clicked)
        self.trainee.returnPressed.connect(self._on_begin_clicked)
        self.go_on.clicked.connect(self._on_go_on_clicked)
        self.end.clicked.connect(self._on_end_clicked)
        self.table.selectionModel().currentRowChanged.connect(self._on_attempt_chosen)
        self.tabs.currentChanged.connect(self._show_table)
        for table in self.tables:
            table.activated.connect(self._on_moment_wanted)
            table.clicked.connect(self._on_moment_wanted)
        self._bridge.frame_ready.connect(self._on_frame_ready)
        self._bridge.line_opened.connect(self._on_line_opened)

    # -- what it shows ------------------------------------------------------------------------------------------

    def _on_line_opened(self, _view: object) -> None:
        """Another line is open: these are not its attempts."""
        self.close()

    def _on_frame_ready(self, frame: Frame | None) -> None:
        """Look anew where another attempt, or none, is in force."""
        mode = (frame.mode if frame else None, frame.attempt.name if frame and frame.attempt else "")
        if mode != self._mode:
            self._mode = mode
            self._look()

    def _look(self) -> None:
        """List the attempts; the newest is chosen, or the one in force."""
        training = self._view.training
        self.attempts = training.attempts() if training else ()
        self.list.show([self._row(attempt) for attempt in self.attempts])
        names = [attempt.name for attempt in self.attempts]
        chosen = names.index(self._mode[1]) if self._mode[1] in names else 0
        if names:
            self.table.selectRow(chosen)
        blind = self._mode[0] is Mode.BLIND
        self.end.setVisible(blind)
        replay = self._mode[0] is not None and not self._mode[0].grows
        self.begin.setEnabled(replay)
        self.begin.setToolTip("" if replay else tr("A live line hides nothing."))
        self._compare()

    def _row(self, attempt: Attempt) -> Row:
        """Return an attempt as a row; the one in force is bold."""
        bold = attempt.name == self._mode[1]
        name = self._station.name_of(attempt.trainee) or tr("no name")
        began = clock_time(attempt.began_ns, self._view.line.tz, date=True)
        texts = ((name, False), (began, False), (str(attempt.deeds), True))
        return Row(attempt.name, tuple(Cell(text=text, tip=attempt.name, bold=bold, right=right) for text, right in texts))

    def _chosen(self) -> Attempt | None:
        """Return the attempt of the current row."""
        row = self.table.currentIndex().row()
        return self.attempts[row] if 0 <= row < len(self.attempts) else None

    def _compare(self) -> None:
        """Show the chosen attempt beside what was recorded; in a blind replay only whose file is in force."""
        attempt, training, self.review = self._chosen(), self._view.training, None
        blind = self._mode[0] is Mode.BLIND
        if attempt is not None and training is not None and not blind:
            try:
                self.review = training.review(attempt.name)
            except TwinError as error:
                self._window.notices.error(error)
        self.go_on.setEnabled(attempt is not None and attempt.name != self._mode[1] and self.begin.isEnabled())
        self._show_review(blind=blind)

    def _show_review(self, *, blind: bool) -> None:
        """Show what was found, or why nothing is."""
        review, line = self.review, self._view.line
        if review is None:
            self.head.setText(tr("What was recorded stays hidden") if blind else tr("No attempt yet"))
            hidden = tr(
                "All that is done in this replay goes to the trainee's file. End the blind replay to see it beside what was recorded."
            )
            none = tr(
                "A new attempt replays this recording blind from the playhead on; what the trainee does is kept in a file of its own."
            )
            self.said.setText(hidden if blind else none)
            self.answers.show(())
            self.deeds.show(())
        else:
            name = self._station.name_of(review.attempt.trainee) or tr("no name")
            self.head.setText(" · ".join(part for part in (name, seen_words(line, review.attempt)) if part))
            jump = tr("A click goes to the moment.") if review.answered or review.done else ""
            self.said.setText(" ".join(part for part in (tally_words(review.answered), jump) if part))
            answered = [answered_cells(line, one) for one in review.answered]
            self.answers.show([
                Row(i, tuple(Cell(text=text, tip=text, bold=one.trained is None and n == TRAINED) for n, text in enumerate(cells)))
                for i, (one, cells) in enumerate(zip(review.answered, answered, strict=True))
            ])  # fmt: skip
            done = [done_cells(line, one) for one in review.done]
            self.deeds.show([Row(i, tuple(Cell(text=text, tip=text) for text in cells)) for i, cells in enumerate(done)])
        self._show_table()

    def _show_table(self, _tab: int = 0) -> None:
        """Show the page that is chosen."""
        for page, table in enumerate(self.tables):
            table.setVisible(page == self.tabs.currentIndex())

    # -- what a person does -------------------------------------------------------------------------------------

    def _on_attempt_chosen(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._compare()

    def _on_begin_clicked(self) -> None:
        """Begin a new attempt, of who is typed, else of who is signed on."""
        self._train("", self.trainee.text().strip() or self._station.person)

    def _on_go_on_clicked(self) -> None:
        """Let the chosen attempt be in force."""
        attempt = self._chosen()
        if attempt is not None:
            self._train(attempt.name, attempt.trainee)

    def _train(self, attempt: str, trainee: str) -> None:
        try:
            self._bridge.train(attempt, trainee=trainee, hide_notes=self._window.settings.replay.hide_notes)
        except TwinError as error:
            self._window.notices.error(error)

    def _on_end_clicked(self) -> None:
        """Show everything again."""
        self._bridge.blindfold(on=False)

    def _on_moment_wanted(self, index: QModelIndex) -> None:
        """Go to the moment of a row, and show its machine."""
        review, row = self.review, index.row()
        if review is None:
            return
        if self.tabs.currentIndex() == ALARMS:
            answered = review.answered[row]
            self._bridge.seek(answered.at_ns)
            self._window.selection.select("" if answered.alarm.unit.startswith("@") else answered.alarm.unit)
        else:
            self._bridge.seek(review.done[row].at_ns)
