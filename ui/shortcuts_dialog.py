"""F1: every command that has a key, by menu. Made from the registry alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from twin_app.text import tr
from ui.theme import set_role

if TYPE_CHECKING:
    from ui.commands import Command, Commands

COLUMNS = 2
SIZE_PX = (820, 660)


class ShortcutsDialog(QDialog):
    """A table of keys, read and closed."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        """List what the registry holds now."""
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.resize(*SIZE_PX)
        page = QWidget(self)
        row = QHBoxLayout(page)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(40)
        columns, heights = [QVBoxLayout() for _ in range(COLUMNS)], [0] * COLUMNS
        for column in columns:
            column.setSpacing(16)
            row.addLayout(column, 1)
        for title, listed in _by_menu(commands).items():
            shortest = heights.index(min(heights))
            columns[shortest].addWidget(_block(title, listed, page))
            heights[shortest] += len(listed) + 2
        for column in columns:
            column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setAccessibleName(self.windowTitle())
        buttons = QDialogButtonBox(self)
        buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll)
        layout.addWidget(buttons)


def _by_menu(commands: Commands) -> dict[str, list[Command]]:
    """Return the commands that have keys, by the menu they stand in."""
    blocks: dict[str, list[Command]] = {}
    for command, _ in commands:
        if command.keys:
            blocks.setdefault(command.menu, []).append(command)
    return blocks


def _block(title: str, listed: list[Command], parent: QWidget) -> QWidget:
    """Return one menu's commands with their keys as this system writes them."""
    block = QWidget(parent)
    grid = QGridLayout(block)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    head = QLabel(tr(title) if title else tr("Everywhere"), block)
    set_role(head, "heading")
    grid.addWidget(head, 0, 0, 1, 2)
    for row, command in enumerate(listed, 1):
        keys = ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in command.keys)
        shown = QLabel(keys, block)
        set_role(shown, "bold")
        what = QLabel(tr(command.text), block)
        set_role(what, "dim")
        grid.addWidget(shown, row, 0)
        grid.addWidget(what, row, 1)
    return block
