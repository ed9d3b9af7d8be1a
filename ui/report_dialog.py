"""Which shift is handed over, and where its sheet goes: one click makes HTML and PDF. Not for what stands on it: see `twin_app.report`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from twin_app.errors import TwinError
from twin_app.report.page import html, save_html
from twin_app.service.link import linker
from twin_app.text import clock_span, clock_time, tr
from ui.report_work import ReportWork
from ui.sheet_pdf import write_pdf
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from twin_app.report.handover import Handover
    from twin_app.report.leads import LinkTo
    from twin_app.session import Session

WIDE_PX = 560
MOST_SHIFTS = 60
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


@dataclass(frozen=True, slots=True)
class Window:
    """A window that can be handed over."""

    name: str
    """Of its shift; empty: all that is known."""
    start_ns: int
    end_ns: int


def windows(session: Session) -> Sequence[Window]:
    """Return what can be handed over, the newest first: each shift as far as it is known, then everything."""
    span = session.span()
    if span is None or span.end_ns <= span.start_ns:
        return ()
    at_ns = span.end_ns
    shifts = [
        Window(shift.name, shift.start_ns, min(shift.end_ns, at_ns))
        for shift in session.shifts(span.start_ns, at_ns) if shift.start_ns < at_ns
    ]  # fmt: skip
    return (*reversed(shifts[-MOST_SHIFTS:]), Window("", span.start_ns, at_ns))


class ReportDialog(QDialog):
    """A window of time, a folder, and what is written into it."""

    def __init__(self, session: Session, folder: str, parent: QWidget) -> None:
        """Offer the shifts that are known: of a live line until now, of a blind replay up to its playhead. `folder` was chosen last time."""
        super().__init__(parent)
        self.setWindowTitle(tr("Shift handover"))
        self.setMinimumWidth(WIDE_PX)
        self._session = session
        self._written: list[Path] = []
        self.which = QComboBox(self)
        for window in windows(session):
            self.which.addItem(self._words(window), window)
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.folder = QLineEdit(folder or documents or str(Path.home()), self)
        self.as_html, self.as_pdf = QCheckBox(tr("HTML, every time a link into the replay"), self), QCheckBox(tr("PDF, for paper"), self)
        for tick in (self.as_html, self.as_pdf):
            tick.setChecked(True)
            tick.toggled.connect(self._allow)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        set_role(self.said, "small")
        self.work = ReportWork(self)
        self.work.gathered.connect(self._on_gathered)
        self.work.failed.connect(self._on_failed)
        self._lay_out()
        self.finished.connect(self.work.give_up)
        self.folder.textChanged.connect(self._allow)
        if session.share < 1.0:
            self.said.setText(tr("The recording is still being read: what is offered ends where reading is."))
        self._allow()

    def _lay_out(self) -> None:
        """Put the parts in their places."""
        browse = QPushButton(tr("Browse…"), self)
        browse.setAutoDefault(False)
        browse.clicked.connect(self._on_browse)
        place = QHBoxLayout()
        place.addWidget(self.folder, 1)
        place.addWidget(browse)
        form = QFormLayout()
        form.addRow(tr("Shift"), self.which)
        named = QLabel(tr("Folder"), self)
        named.setBuddy(self.folder)
        form.addRow(named, place)
        form.addRow(tr("Write"), self.as_html)
        form.addRow("", self.as_pdf)
        buttons = QDialogButtonBox(self)
        self.make = buttons.addButton(tr("Make the sheet"), QDialogButtonBox.ButtonRole.ActionRole)
        self.show_it = buttons.addButton(tr("Open it"), QDialogButtonBox.ButtonRole.ActionRole)
        self.show_it.setVisible(False)
        buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.make.setDefault(True)
        self.make.clicked.connect(self._on_make)
        self.show_it.clicked.connect(self._on_open)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.said)
        column.addWidget(buttons)

    def _words(self, window: Window) -> str:
        """Return a window in words."""
        when = clock_span(window.start_ns, window.end_ns, self._session.line.tz, minutes=True, short=True)
        return f"{window.name or tr('All that is known')} · {when}"

    def path(self, window: Window, ending: str) -> Path:
        """Return the file of a window: line, local day and shift are its name."""
        line = self._session.line
        parts = (line.id, clock_time(window.start_ns, line.tz, date=True)[:10], window.name)
        return Path(self.folder.text()) / (_NOT_IN_NAMES.sub("-", "-".join(filter(None, parts))) + ending)

    def _allow(self, *_: object) -> None:
        """Allow what makes sense."""
        self.make.setEnabled(
            self.which.count() > 0 and bool(self.folder.text().strip()) and (self.as_html.isChecked() or self.as_pdf.isChecked())
        )
        if not self.which.count():
            self.said.setText(tr("Nothing is known yet."))

    def _on_browse(self) -> None:
        """Choose a folder."""
        if folder := QFileDialog.getExistingDirectory(self, tr("Folder"), self.folder.text()):
            self.folder.setText(folder)

    def _on_make(self) -> None:
        """Gather; what is written follows."""
        window: Window = self.which.currentData()
        self.make.setEnabled(False)
        self.said.setText(tr("The sheet is being made …"))
        self.work.start(self._session, window.name, window.start_ns, window.end_ns)

    def _on_gathered(self, sheet: Handover) -> None:
        """Write what was gathered."""
        try:
            self._written = self._write(sheet)
        except TwinError as error:
            self._on_failed(error.worded())
            return
        self.said.setText(tr("Written: {files}", files=", ".join(map(str, self._written))))
        self.make.setEnabled(True)
        self.show_it.setVisible(True)
        self.show_it.setFocus()

    def _write(self, sheet: Handover) -> list[Path]:
        """Write the files that are wanted, and return them."""
        window = Window(sheet.name, sheet.start_ns, sheet.end_ns)
        written: list[Path] = []
        if self.as_html.isChecked():
            save_html(html(sheet, self._link), self.path(window, ".html"))
            written.append(self.path(window, ".html"))
        if self.as_pdf.isChecked():
            write_pdf(sheet, self._link, self.path(window, ".pdf"))
            written.append(self.path(window, ".pdf"))
        return written

    @property
    def _link(self) -> LinkTo:
        """Return what gives the addresses of moments."""
        return linker(self._session.line.path, {health.source: health.address for health in self._session.health()})

    def _on_failed(self, error: str) -> None:
        """Say why there is no sheet."""
        self.said.setText(error)
        self.make.setEnabled(True)

    def _on_open(self) -> None:
        """Show the first file in the program that the desktop has for it."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written[0])))
