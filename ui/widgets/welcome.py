"""What stands in the window while no line is open: one sentence and the ways on. Not for the first start: then the sample plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from twin_app.text import tr
from ui.theme import set_role

if TYPE_CHECKING:
    from ui.commands import Commands

WAYS = ("file.open", "file.connect", "file.discover", "file.sample")


class Welcome(QWidget):
    """A sentence and a button a way."""

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        """Build it; the buttons run commands of the registry."""
        super().__init__(parent)
        self._commands = commands
        self._sentence = QLabel(self)
        set_role(self._sentence, "heading")
        self._buttons = {command: QPushButton(self) for command in WAYS}
        row = QHBoxLayout()
        row.addStretch()
        for command, button in self._buttons.items():
            button.setObjectName(command)
            button.clicked.connect(self._on_way_clicked)
            row.addWidget(button)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(self._sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(12)
        layout.addLayout(row)
        layout.addStretch(3)

    def retranslate(self) -> None:
        """Word it in the current language."""
        self._sentence.setText(tr("No line is open."))
        for command, button in self._buttons.items():
            action = self._commands.action(command)
            button.setText(action.text())
            button.setVisible(action.isVisible())

    def _on_way_clicked(self) -> None:
        """Go the chosen way."""
        button = self.sender()
        if button is not None:
            self._commands.run(button.objectName())
