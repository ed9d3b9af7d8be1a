"""F1: every command that has a key, by menu, and what the mouse does. Made from the registry and `gestures` alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from twin_app.text import tr
from ui.gestures import GESTURES
from ui.theme import set_role

if TYPE_CHECKING:
    from ui.commands import Commands

COLUMNS = 2
SIZE_PX = (980, 660)


class ShortcutsDialog(QDialog):
    """A table of keys and of what the mouse does, read and closed."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        """List what the registry holds now."""
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard and mouse"))
        page = QWidget(self)
        row = QHBoxLayout(page)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(40)
        columns, heights = [QVBoxLayout() for _ in range(COLUMNS)], [0] * COLUMNS
        for column in columns:
            column.setSpacing(16)
            row.addLayout(column, 1)
        for title, listed in (*_by_menu(commands).items(), *_by_place()):
            shortest = heights.index(min(heights))
            columns[shortest].addWidget(_block(title, listed, page))
            heights[shortest] += len(listed) + 2
        for column in columns:
            column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        scroll.setAccessibleName(self.windowTitle())
        buttons = QDialogButtonBox(self)
        buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll)
        layout.addWidget(buttons)
        wide = page.sizeHint().width() + scroll.verticalScrollBar().sizeHint().width() + 2 * layout.contentsMargins().left() + 4
        self.resize(min(max(SIZE_PX[0], wide), self.screen().availableSize().width() - 40), SIZE_PX[1])


def _by_menu(commands: Commands) -> dict[str, list[tuple[str, str]]]:
    """Return the commands that have keys with these as this system writes them, by the menu they stand in."""
    blocks: dict[str, list[tuple[str, str]]] = {}
    for command, _ in commands:
        if command.keys:
            keys = ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in command.keys)
            blocks.setdefault(tr(command.menu) if command.menu else tr("Everywhere"), []).append((keys, tr(command.text)))
    return blocks


def _by_place() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what the mouse does, by where."""
    return [(tr(place), [(tr(gesture), tr(effect)) for gesture, effect in listed]) for place, listed in GESTURES]


def _block(title: str, listed: list[tuple[str, str]], parent: QWidget) -> QWidget:
    """Return a table of keys or gestures and what they do."""
    block = QWidget(parent)
    grid = QGridLayout(block)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    head = QLabel(title, block)
    set_role(head, "heading")
    grid.addWidget(head, 0, 0, 1, 2)
    for row, (keys, effect) in enumerate(listed, 1):
        shown = QLabel(keys, block)
        set_role(shown, "bold")
        what = QLabel(effect, block)
        set_role(what, "dim")
        what.setWordWrap(True)
        grid.addWidget(shown, row, 0)
        grid.addWidget(what, row, 1)
    return block
