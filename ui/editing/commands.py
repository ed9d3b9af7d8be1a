"""The commands of edit mode by key and menu, enabled as far as they mean something now. Not for what they do: see `mode` and `desk`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from twin_app.editing.units import TURN_DEG
from twin_app.editing.ways import AISLE, FENCE
from twin_app.text import N_, tr
from ui.commands import Command

if TYPE_CHECKING:
    from ui.commands import Commands
    from ui.editing.desk import EditDesk

MENU = N_("Edit")
_CHOSEN = ("edit.duplicate", "edit.delete", "edit.turn_left", "edit.turn_right")


class EditCommands:
    """Undo to delete; entering and leaving belong to the window."""

    def __init__(self, desk: EditDesk, commands: Commands) -> None:
        """Register them."""
        self._desk, self._commands = desk, commands
        for command, run in (
            (Command(id="edit.undo", text=N_("Undo"), keys=("Ctrl+Z",), menu=MENU), desk.undo),
            (Command(id="edit.redo", text=N_("Redo"), keys=("Ctrl+Shift+Z", "Ctrl+Y"), menu=MENU), desk.redo),
            (Command(id="edit.save", text=N_("Save the layout"), keys=("Ctrl+S",), menu=MENU), self._save),
            (Command(id="edit.choose_all", text=N_("Choose all machines"), keys=("Ctrl+A",), menu=MENU), self._choose_all),
            (Command(id="edit.duplicate", text=N_("Duplicate"), keys=("Ctrl+D",), menu=MENU), desk.duplicate),
            (Command(id="edit.delete", text=N_("Delete"), keys=("Del",), menu=MENU), desk.delete),
            (Command(id="edit.aisle", text=N_("Draw an aisle"), keys=("Shift+A",), menu=MENU), partial(self._draw, AISLE)),
            (Command(id="edit.fence", text=N_("Draw a fence"), keys=("Shift+F",), menu=MENU), partial(self._draw, FENCE)),
            (Command(id="edit.turn_left", text=N_("Rotate to the left"), keys=("R",), menu=MENU), partial(self._turn, TURN_DEG)),
            (Command(id="edit.turn_right", text=N_("Rotate to the right"), keys=("Shift+R",), menu=MENU), partial(self._turn, -TURN_DEG)),
        ):
            commands.add(command, run)
        for signal in (desk.begun, desk.ended, desk.changed, desk.chosen_changed):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Enable what means something now, and name what would be undone."""
        draft = self._desk.draft
        on = draft is not None
        action = self._commands.action
        undoable, redoable = (draft.undoable, draft.redoable) if draft else ("", "")
        action("edit.undo").setEnabled(bool(undoable))
        action("edit.redo").setEnabled(bool(redoable))
        action("edit.undo").setText(tr("Undo: {what}", what=tr(undoable)) if undoable else tr("Undo"))
        action("edit.redo").setText(tr("Redo: {what}", what=tr(redoable)) if redoable else tr("Redo"))
        action("edit.save").setEnabled(draft is not None and draft.dirty)
        for command in ("edit.choose_all", "edit.aisle", "edit.fence"):
            action(command).setEnabled(on)
        for command in _CHOSEN:
            action(command).setEnabled(
                on
                and (
                    bool(self._desk.chosen) or command.startswith("edit.turn") or (command == "edit.delete" and self._desk.way is not None)
                )
            )

    def _save(self, *_: object) -> None:
        """Write the draft."""
        self._desk.save()

    def _turn(self, by_deg: float, *_: object) -> None:
        """Turn what is held or chosen."""
        self._desk.turned.emit(by_deg)

    def _draw(self, kind: str, *_: object) -> None:
        """Let the next clicks in the hall be points of an aisle or a fence."""
        self._desk.drawing_wanted.emit(kind)

    def _choose_all(self, *_: object) -> None:
        """Choose every machine."""
        if self._desk.outline is not None:
            self._desk.choose([unit.key for unit in self._desk.outline.units])
