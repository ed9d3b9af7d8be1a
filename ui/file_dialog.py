"""The frame of a dialog that has a file written beside the window: where to, how far it is, a way to give up. Not for what is written."""

from __future__ import annotations

from abc import abstractmethod
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from twin_app.text import tr
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QLayout

WIDE_PX = 600


class FileDialog(QDialog):
    """A file, progress, what is said of it, and the buttons: make, cancel, close."""

    def __init__(self, title: str, parent: QWidget) -> None:
        """Open above `parent`; `lay_out` comes once there are rows to show."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDE_PX)
        self.file, self.said, self.progress = QLineEdit(self), QLabel(self), QProgressBar(self)
        self.buttons = QDialogButtonBox(self)
        self._confirmed = ""

    def lay_out(self, rows: Sequence[tuple[str, QWidget | QLayout]], make: str) -> None:
        """Put what is asked for above file, progress and buttons; `make` is the word on the button that begins."""
        self.said.setWordWrap(True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self.said, "small")
        self.progress.setTextVisible(False)
        self.browse = QPushButton(tr("Browse…"), self)
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._on_browse)
        place = QHBoxLayout()
        place.addWidget(self.file, 1)
        place.addWidget(self.browse)
        form = QFormLayout()
        for words, part in rows:
            form.addRow(words, part)
        named = QLabel(tr("File"), self)
        named.setBuddy(self.file)
        form.addRow(named, place)
        self.make = self.buttons.addButton(make, QDialogButtonBox.ButtonRole.ActionRole)
        self.cancel = self.buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.ActionRole)
        self.away = self.buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.make.setDefault(True)
        self.away.clicked.connect(self.reject)
        asked = [part for _, part in rows if isinstance(part, QWidget) and part.focusPolicy() != Qt.FocusPolicy.NoFocus]
        for before, after in pairwise((*asked, self.file, self.browse)):
            self.setTabOrder(before, after)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.progress)
        column.addWidget(self.said)
        column.addWidget(self.buttons)

    @abstractmethod
    def kind_of_file(self) -> str:
        """Return what is chosen from, in the form that Qt's file dialogs take: words and endings."""

    def target(self) -> tuple[str, bool]:
        """Return the path that is named, and whether a person agreed that a file there goes."""
        path = self.file.text().strip()
        return path, path == self._confirmed

    def begin(self, words: str) -> None:
        """Show that work has begun which has not yet told how far it is: what was agreed to holds for this once."""
        self._confirmed = ""
        self.progress.setRange(0, 0)
        self.said.setText(words)

    def show_share(self, share: float) -> None:
        """Show how much is done, 0 to 1."""
        self.progress.setRange(0, 1000)
        self.progress.setValue(round(1000 * share))

    def show_working(self, parts: Sequence[QWidget], *, working: bool, may_begin: bool) -> None:
        """Allow what makes sense: nothing that is asked for changes while it is being written."""
        for part in (*parts, self.file, self.browse):
            part.setEnabled(not working)
        self.progress.setVisible(working)
        self.cancel.setVisible(working)
        self.make.setEnabled(not working and may_begin and bool(self.target()[0]))

    def _on_browse(self) -> None:
        """Choose a file; whoever chooses one that is there was asked whether it may go."""
        path, _ = QFileDialog.getSaveFileName(self, self.windowTitle(), self.file.text(), self.kind_of_file())
        if path:
            self._confirmed = path
            self.file.setText(path)
