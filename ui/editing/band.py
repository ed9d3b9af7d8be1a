"""The band over the hall while it is edited: which file, how many findings, undo, redo, save and leave. Not for the commands themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget
from typing_extensions import override

from twin_app.text import tr
from ui.theme import set_role
from ui.widgets.labels import ElidedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from ui.commands import Commands
    from ui.context import Theme
    from ui.editing.desk import EditDesk

_BUTTONS = ("edit.aisle", "edit.fence", "edit.undo", "edit.redo", "edit.save", "edit.hall")
_BAR_PX = 6


class EditBand(QFrame):
    """One row with a striped bar: nobody takes the hall as it is edited for the hall as it is."""

    def __init__(self, desk: EditDesk, commands: Commands, theme: Theme, parent: QWidget) -> None:
        """Serve a desk; the buttons run commands of the registry."""
        super().__init__(parent)
        self.setObjectName("notice")
        self._desk, self._commands, self._theme = desk, commands, theme
        self._what, self._rest, self.found = QLabel(self), ElidedLabel(self, role="dim"), QToolButton(self)
        self.found.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.found.clicked.connect(self._on_found_clicked)
        set_role(self._what, "heading")
        self._buttons = {command: QToolButton(self) for command in _BUTTONS}
        row = QHBoxLayout(self)
        row.setContentsMargins(_BAR_PX + 12, 4, 8, 4)
        row.setSpacing(10)
        row.addWidget(self._what)
        row.addWidget(self._rest, 1)
        row.addWidget(self.found)
        for command, button in self._buttons.items():
            button.setProperty("framed", "true")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setObjectName(command)
            button.clicked.connect(self._on_button_clicked)
            commands.action(command).changed.connect(self.refresh)
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        desk.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say how it stands."""
        draft = self._desk.draft
        self._what.setText(tr("Editing the hall"))
        words = {
            "edit.aisle": tr("Aisle"),
            "edit.fence": tr("Fence"),
            "edit.undo": tr("Undo"),
            "edit.redo": tr("Redo"),
            "edit.save": tr("Save"),
            "edit.hall": tr("Leave"),
        }
        for command, button in self._buttons.items():
            action = self._commands.action(command)
            button.setText(words[command])
            button.setToolTip(f"{action.text()} ({action.shortcut().toString()})")
            button.setEnabled(action.isEnabled())
        if draft is None:
            return
        unsaved = tr("not saved yet") if draft.dirty else tr("saved")
        self._rest.show_text(f"{draft.path.name} · {unsaved}")
        self.found.setText(draft.told() or tr("no findings"))
        set_role(self.found, "alarm1" if draft.findings else "dim")
        self.found.setEnabled(bool(draft.findings))
        self.found.setToolTip("\n".join(finding.sentence for finding in draft.findings[:20]))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        accent = QColor(self._theme.palette.selection)
        painter.fillRect(0, 0, _BAR_PX, self.height(), accent)
        painter.fillRect(0, self.height() - 2, self.width(), 2, accent)

    def _on_found_clicked(self) -> None:
        """Show all findings: they stand below the fields of the line."""
        self._desk.choose(())

    def _on_button_clicked(self) -> None:
        """Run the button's command."""
        if (button := self.sender()) is not None:
            self._commands.run(button.objectName())
