"""The one registry of commands: menus, tool buttons, the palette (Ctrl+K) and F1 are all made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from typing_extensions import override

from twin_app.errors import UsageError
from twin_app.persons.access import Right
from twin_app.persons.deeds import right_of
from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ui.station import Station

LATE = 6
"""Commands of latest use that a search begins with."""


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
    repeats: bool = True
    """Whether a key that is held down does it again and again; what is switched on and off never does."""


class PermittedAction(QAction):
    """Enabled where it means something and whoever is signed on may do it; else its tip says who may.

    What is switched on may be switched off by anybody.
    """

    def __init__(self, text: str, parent: QObject) -> None:
        """Start permitted."""
        super().__init__(text, parent)
        self.refused = ""
        """Why whoever is signed on may not do it, worded; empty where they may."""
        self._wanted, self._tip = True, ""

    def refuse(self, refused: str) -> None:
        """Take why it may not be done, or (empty) that it may."""
        if refused != self.refused:
            self.refused = refused
            self.setEnabled(self._wanted)
            self.setToolTip(self._tip)

    @override
    def setEnabled(self, enabled: bool, /) -> None:
        self._wanted = enabled
        super().setEnabled(enabled and (not self.refused or self.isChecked()))

    @override
    def setToolTip(self, tip: str, /) -> None:
        self._tip = tip
        super().setToolTip(self.refused or tip)


class Commands(QObject):
    """All commands by id, each with one QAction that every menu and button shares."""

    def __init__(self, parent: QObject, station: Station | None = None) -> None:
        """Start empty; `parent` is the main window, so that keys work in all of it. What needs a right asks the station for it."""
        super().__init__(parent)
        self._commands: dict[str, tuple[Command, PermittedAction]] = {}
        self._late: list[str] = []
        self._station = station
        if station is not None:
            station.changed.connect(self._permit)
            parent.installEventFilter(self)

    def add(self, command: Command, run: Callable[[], None]) -> QAction:
        """Register a command and what it does; ValueError for an id or a key that is taken, KeyError where nobody said which right it needs."""
        if command.id in self._commands:
            raise ValueError(command.id)
        taken = {key for other, _ in self._commands.values() for key in other.keys}
        if clash := taken & set(command.keys):
            message = f"{command.id}: {clash}"
            raise ValueError(message)
        right_of(command.id)
        action = PermittedAction(tr(command.text), self)
        action.setObjectName(command.id)
        action.setCheckable(command.checkable)
        action.setAutoRepeat(command.repeats and not command.checkable)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.triggered.connect(run)
        self._commands[command.id] = (command, action)
        self._permit_one(command.id, action)
        return action

    def action(self, command_id: str) -> QAction:
        """Return the shared action of a command; KeyError where there is none."""
        return self._commands[command_id][1]

    def run(self, command_id: str) -> None:
        """Do it, if it is enabled."""
        self.action(command_id).trigger()

    def remember(self, command_id: str) -> None:
        """Take a command that was searched for as the one of latest use."""
        self._late = [command_id, *(other for other in self._late if other != command_id)][:LATE]

    def lateness(self, command: tuple[Command, QAction]) -> int:
        """Return how many commands were searched for since this one was; LATE for those that were not of late."""
        return self._late.index(command[0].id) if command[0].id in self._late else LATE

    def retranslate(self) -> None:
        """Word every command in the current language."""
        for command, action in self._commands.values():
            action.setText(tr(command.text))
        self._permit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say why keys do nothing where whoever is signed on may not do what they are for."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and (refused := self._refusal(event)) and self._station:
            self._station.tell(UsageError(refused))
            return True
        return False

    def _refusal(self, event: QKeyEvent) -> str:
        """Return why the command of some keys may not be done; empty for others."""
        keys = QKeySequence(event.keyCombination())
        found = (
            action for _, action in self._commands.values() if action.refused and not action.isEnabled() and keys in action.shortcuts()
        )
        return next((action.refused for action in found), "")

    def _permit(self) -> None:
        """Ask anew what whoever is signed on may do."""
        for command, action in self._commands.values():
            self._permit_one(command.id, action)

    def _permit_one(self, command_id: str, action: PermittedAction) -> None:
        """Permit a command, or say who may."""
        if self._station is not None and (right := right_of(command_id)) is not Right.VIEW:
            action.refuse(self._station.refusal(right))

    def __iter__(self) -> Iterator[tuple[Command, QAction]]:
        """Iterate over the commands in the order they were added."""
        return iter(tuple(self._commands.values()))
