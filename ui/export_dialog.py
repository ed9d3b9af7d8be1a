"""Which span, of which machines, in which form and file: the samples for other programs, written in a thread. Not for how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QComboBox
from typing_extensions import override

from twin_app.errors import RecordingError, TwinError
from twin_app.export import FORMS, WIDE, Choice, Tally, chosen, finished_or_gone, mcap, parquet
from twin_app.export.unfinished import check_free
from twin_app.text import N_, number, tr
from ui.file_dialog import FileDialog
from ui.finding.work import LongWork
from ui.spans import file_for, offered, span_told

if TYPE_CHECKING:
    from twin_app.export import Form
    from twin_app.finding.reading import Pace
    from twin_app.session import Session
    from ui.main_window import MainWindow
    from ui.report_dialog import Window


@dataclass(frozen=True, slots=True)
class Kind:
    """A form of file: its words, how it is written, its ending."""

    words: str
    form: Form
    ending: str


KINDS = (
    Kind(N_("CSV, a row a sample"), FORMS["csv"], ".csv"),
    Kind(N_("CSV, a column a signal"), WIDE, ".csv"),
    Kind(N_("JSON lines"), FORMS["jsonl"], ".jsonl"),
    Kind("Parquet", FORMS["parquet"], ".parquet"),
    Kind("MCAP", FORMS["mcap"], ".mcap"),
    Kind(N_("Recording of its own"), FORMS["twinrec"], ".twinrec"),
)
_LIBRARIES = {".parquet": parquet.library, ".mcap": mcap.library}


def write(session: Session, choice: Choice, form: Form, path: Path, pace: Pace) -> Tally:
    """Write the samples into a file that is there whole or not at all.

    Raises:
        RecordingError: it cannot be read or written.
        GivenUpError: somebody gave up.
    """
    tally, long_ns = Tally(), max(1, choice.end_ns - choice.start_ns)
    pace.at(0.0)
    try:
        with finished_or_gone(path, force=True) as out:
            form(out, session, choice, tally, lambda at_ns: pace.at((at_ns - choice.start_ns) / long_ns))
    except OSError as error:
        raise RecordingError(N_("{path} cannot be written: {reason}."), path=path, reason=error.strerror or error) from error
    return tally


class ExportDialog(FileDialog):
    """A span, machines, a form and a file."""

    def __init__(self, session: Session, window: MainWindow) -> None:
        """Offer what is known of an open line, first what is marked on the timeline and the selected machine."""
        super().__init__(tr("Export samples"), window)
        self._session = session
        frame = window.bridge.shown
        self.which, self.whom, self.form = (QComboBox(self) for _ in range(3))
        for span in offered(session, window.selection.span, frame.at_ns if frame else 0):
            self.which.addItem(span_told(span, session.line.tz), span)
        self.whom.addItem(tr("All machines and sources"), "")
        for unit in session.line.flow_order:
            self.whom.addItem(unit.title, unit.id)
        self.whom.setCurrentIndex(max(0, self.whom.findData(window.selection.unit)))
        for kind in KINDS:
            self.form.addItem(tr(kind.words), kind)
        self.work = LongWork(self)
        self.lay_out(((tr("Span"), self.which), (tr("Samples of"), self.whom), (tr("Form"), self.form)), tr("Export"))
        self._connect()
        self._name_file()
        self._show_working()

    def _connect(self) -> None:
        """Let the parts be heard."""
        for part in (self.which, self.whom, self.form):
            part.currentIndexChanged.connect(self._name_file)
        self.file.textChanged.connect(self._show_working)
        self.make.clicked.connect(self._on_make)
        self.cancel.clicked.connect(self._on_cancelled)
        self.finished.connect(self.work.give_up)  # nobody would see how it ends
        self.work.progressed.connect(self.show_share)
        self.work.done.connect(self._on_done)
        self.work.failed.connect(self._on_ended)

    @override
    def kind_of_file(self) -> str:
        kind: Kind = self.form.currentData()
        return f"{tr(kind.words)} (*{kind.ending})"

    def _name_file(self, *_: object) -> None:
        """Name the file after line, machine and span, where the last one was put."""
        span: Window | None = self.which.currentData()
        if span is not None:
            documents, words = QStandardPaths.StandardLocation.DocumentsLocation, (self._session.line.id, self.whom.currentData())
            path = file_for(self.file.text(), documents, words, span, self._session.line.tz)
            self.file.setText(path + self.form.currentData().ending)

    def _show_working(self, *_: object) -> None:
        """Allow what makes sense."""
        self.show_working((self.which, self.whom, self.form), working=self.work.working, may_begin=self.which.count() > 0)
        if not self.which.count():
            self.said.setText(tr("Nothing is known yet."))
        elif self._session.share < 1.0 and not self.said.text():
            self.said.setText(tr("The recording is still being read: what is offered ends where reading is."))

    def _on_make(self) -> None:
        """Begin, or say why not."""
        span, kind, (path, agreed) = self.which.currentData(), self.form.currentData(), self.target()
        try:
            check_free(Path(path), force=agreed)
            _LIBRARIES.get(kind.ending, lambda: None)()
            whom = self.whom.currentData()
            choice = Choice(chosen(self._session.signals, [whom] if whom else []), span.start_ns, span.end_ns)
        except TwinError as error:
            self.said.setText(error.worded())
            return
        self.begin(tr("The samples are being written …"))
        self.work.start(partial(write, self._session, choice, kind.form, Path(path)))
        self._show_working()

    def _on_done(self, tally: Tally) -> None:
        self._on_ended(tr("Samples written to {path}: {n}.", path=self.target()[0], n=number(tally.samples)))

    def _on_cancelled(self) -> None:
        self.work.give_up()
        self._on_ended(tr("Given up: no file was written."))

    def _on_ended(self, words: str) -> None:
        self.said.setText(words)
        self._show_working()
