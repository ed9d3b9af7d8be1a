"""The one registry of commands: menus, tool buttons, the palette (Ctrl+K) and F1 are all made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something a person can make the window do. `text` and `menu` are catalogue sentences, translated when shown."""

    id: str
    """Stable, `room.verb`: `play.toggle`."""
    text: str
    keys: tuple[str, ...] = ()
    menu: str = ""
    """Title of the menu it stands in; empty: palette and keys only."""
    checkable: bool = False


class Commands(QObject):
    """All commands by id, each with one QAction that every menu and button shares."""

    def __init__(self, parent: QObject) -> None:
        """Start empty; `parent` is the main window, so that keys work in all of it."""
        super().__init__(parent)
        self._commands: dict[str, tuple[Command, QAction]] = {}

    def add(self, command: Command, run: Callable[[], None]) -> QAction:
        """Register a command and what it does; ValueError for an id or a key that is taken."""
        if command.id in self._commands:
            raise ValueError(command.id)
        taken = {key for other, _ in self._commands.values() for key in other.keys}
        if clash := taken & set(command.keys):
            message = f"{command.id}: {clash}"
            raise ValueError(message)
        action = QAction(tr(command.text), self)
        action.setObjectName(command.id)
        action.setCheckable(command.checkable)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.triggered.connect(run)
        self._commands[command.id] = (command, action)
        return action

    def action(self, command_id: str) -> QAction:
        """Return the shared action of a command; KeyError where there is none."""
        return self._commands[command_id][1]

    def run(self, command_id: str) -> None:
        """Do it, if it is enabled."""
        self.action(command_id).trigger()

    def retranslate(self) -> None:
        """Word every command in the current language."""
        for command, action in self._commands.values():
            action.setText(tr(command.text))

    def __iter__(self) -> Iterator[tuple[Command, QAction]]:
        """Iterate over the commands in the order they were added."""
        return iter(tuple(self._commands.values()))
